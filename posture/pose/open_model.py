"""Loading the pose model that the settings ask for, on the engine that they ask for."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Literal, cast

from posture.errors import PostureError
from posture.language import tr
from posture.pose.landmarks import PoseModel
from posture.pose.upright import UprightModel
from posture.settings import Settings

Engine = Literal["litert", "mediapipe"]
MODULES: dict[Engine, str] = {"litert": "ai_edge_litert", "mediapipe": "mediapipe"}
"""What has to be installed for each engine; the lighter one first."""


def installed() -> list[Engine]:
    """Give the engines that are installed, the lightest first; none is imported."""
    return [engine for engine, module in MODULES.items() if find_spec(module) is not None]


def engine_of(settings: Settings) -> Engine:
    """Give the engine that `pose.engine` names; for `auto` the lightest that is installed.

    A PostureError says that none is installed.
    """
    if settings.pose.engine != "auto":
        return cast(Engine, settings.pose.engine)
    if not (there := installed()):
        raise PostureError(
            tr(
                "Neither LiteRT nor mediapipe is installed, and one of them has to find you in the picture: see the "
                "README."
            )
        )
    return there[0]


def open_pose_model(settings: Settings, model: str | None = None) -> UprightModel:
    """Load `model`, by default the one that `pose.model` names for judging; pictures are turned by `camera.rotate`.

    See `load_model`.
    """
    return UprightModel(load_model(model or settings.pose.judge, settings), settings.camera.rotate)


def load_model(name: str, settings: Settings) -> PoseModel:
    """Load a model on the engine that the settings ask for; a PostureError says that one of them cannot be used."""
    if engine_of(settings) == "litert":
        from posture.pose.litert_model import LiteRTPose

        return LiteRTPose(name)
    from posture.pose.mediapipe_model import MediaPipePose

    return MediaPipePose(name, allow_telemetry=settings.privacy.allow_telemetry)
