"""Loading the pose model that the settings ask for."""

from __future__ import annotations

from typing import Literal

from posture.pose.mediapipe_model import MediaPipePose
from posture.pose.upright import UprightModel
from posture.settings import Settings


def open_pose_model(
    settings: Settings, running: Literal["video", "image"] = "image", model: str | None = None
) -> UprightModel:
    """Load `model`, by default the one that `pose.model` names for judging; pictures are turned by `camera.rotate`."""
    loaded = MediaPipePose(model or settings.pose.judge, running, allow_telemetry=settings.privacy.allow_telemetry)
    return UprightModel(loaded, settings.camera.rotate)
