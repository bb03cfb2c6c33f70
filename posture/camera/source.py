"""Opening what a user names as a source, whatever kind it is."""

from __future__ import annotations

from posture.camera.boxed import BoxedVideo, open_video
from posture.camera.source_kind import kind_of_source
from posture.camera.video import VideoFile
from posture.camera.webcam import Webcam
from posture.settings import CameraSettings


def open_source(source: str, settings: CameraSettings) -> Webcam | BoxedVideo | VideoFile:
    """Open a camera, asking for the size and rate of `settings`, a video file or a stream; see `kind_of_source`.

    A PostureError says why it cannot be used.
    """
    return Webcam(source, settings) if kind_of_source(source) == "camera" else open_video(source)
