"""The 33 landmarks of a person, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from posture.camera.frame import Frame


class Landmark(IntEnum):
    """Rows of the landmark arrays (BlazePose order; left and right are the person's own)."""

    NOSE = 0
    LEFT_EYE = 2
    RIGHT_EYE = 5
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28


@dataclass(frozen=True, eq=False)
class Pose:
    """One person in one frame.

    Attributes
    ----------
    landmarks : ndarray of float64, shape (33, 4)
        x px, y px (down), z px (from the depth of the hips), visibility 0 to 1, in the un-mirrored frame.
    world : ndarray of float64, shape (33, 3)
        x, y, z in metres from the middle of the hips, as the model estimates them.
    frame_w_px, frame_h_px : int
        Size of the frame that the landmarks lie in.
    """

    landmarks: NDArray[np.float64]
    world: NDArray[np.float64]
    frame_w_px: int
    frame_h_px: int


class PoseModel(Protocol):
    """Finds one person in a frame."""

    def find(self, frame: Frame) -> Pose | None:
        """Find the landmarks of a person; None if nobody is found."""

    def close(self) -> None:
        """Free the model; safe to call twice."""
