"""Frame -> landmarks. Imports mediapipe only when a model is loaded."""

from posture.pose.landmarks import Landmark, Pose, PoseModel

__all__ = ["Landmark", "Pose", "PoseModel"]
