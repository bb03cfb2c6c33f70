"""Loading the pose model that the settings ask for."""

from __future__ import annotations

from typing import Literal

from posture.pose.mediapipe_model import MediaPipePose
from posture.settings import Settings

__all__ = ["open_pose_model"]


def open_pose_model(
    settings: Settings, running: Literal["video", "image"] = "image", model: str | None = None
) -> MediaPipePose:
    """Load a model; it is a context manager that lets it go.

    Parameters
    ----------
    settings : Settings
    running : {"video", "image"}
        See `MediaPipePose`.
    model : str, optional
        A model of models/manifest.toml; by default the one that `pose.model` names for judging.

    Raises
    ------
    posture.errors.PostureError
        The model is missing or damaged, or mediapipe cannot be used.
    """
    return MediaPipePose(model or settings.pose.judge, running, allow_telemetry=settings.privacy.allow_telemetry)
