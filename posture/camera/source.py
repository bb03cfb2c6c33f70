"""Opening what a user names as a source, whatever kind it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posture.camera.source_kind import kind_of_source

if TYPE_CHECKING:
    from posture.camera.video import VideoFile
    from posture.camera.webcam import Webcam
    from posture.settings import CameraSettings


def open_source(source: str, settings: CameraSettings) -> Webcam | VideoFile:
    """Open a camera, asking for the size and rate of `settings`, a video file or a stream; see `kind_of_source`.

    Raises
    ------
    posture.errors.PostureError
        It cannot be used; the sentence says why.
    """
    if kind_of_source(source) == "camera":
        from posture.camera.webcam import Webcam

        return Webcam(source, settings)
    from posture.camera.video import VideoFile

    return VideoFile(source)
