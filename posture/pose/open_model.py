"""Loading the pose model that the settings ask for."""

from __future__ import annotations

from typing import Literal

from posture.pose.mediapipe_model import MediaPipePose
from posture.settings import Settings


def open_pose_model(
    settings: Settings, running: Literal["video", "image"] = "image", model: str | None = None
) -> MediaPipePose:
    """Load `model`, by default the one that `pose.model` names for judging; otherwise as `MediaPipePose` does."""
    return MediaPipePose(model or settings.pose.judge, running, allow_telemetry=settings.privacy.allow_telemetry)
