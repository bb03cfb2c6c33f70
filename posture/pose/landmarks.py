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
    """One person in one frame."""

    landmarks: NDArray[np.float64]
    """(33, 4): x px, y px (down), z px (from the depth of the hips), visibility 0 to 1, in the un-mirrored frame."""
    world: NDArray[np.float64]
    """(33, 3): x, y, z in metres from the middle of the hips, as the model estimates them."""
    frame_w_px: int
    frame_h_px: int
    """Width and height of the frame that the landmarks lie in."""


SURE_DEG = 35.0
"""How far the face and the neck may be from upright, or from on their side, to tell which of them it is
[design choice]."""


def quarter_turns(landmarks: NDArray[np.float64]) -> int:
    """Count the quarter turns, counterclockwise, after which a person would be upright, 0 to 3.

    It is 0 as well where face and neck do not agree. Landmarks are (33, 4): x px, y px, z px, visibility.
    """

    def middle(left: Landmark, right: Landmark) -> NDArray[np.float64]:
        between: NDArray[np.float64] = (landmarks[left, :2] + landmarks[right, :2]) / 2.0
        return between

    face = middle(Landmark.LEFT_EYE, Landmark.RIGHT_EYE) - middle(Landmark.MOUTH_LEFT, Landmark.MOUTH_RIGHT)
    neck = middle(Landmark.LEFT_EAR, Landmark.RIGHT_EAR) - middle(Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
    turns = set()
    for x, y in (face, neck):
        angle_deg = float(np.degrees(np.arctan2(x, -y)))  # 0: up in the picture; 90: to its right
        turn = round(angle_deg / 90.0)
        if abs(angle_deg - 90.0 * turn) > SURE_DEG:
            return 0
        turns.add(turn % 4)
    return turns.pop() if len(turns) == 1 else 0


class PoseModel(Protocol):
    """Finds one person in a frame."""

    def find(self, frame: Frame) -> Pose | None:
        """Find the landmarks of a person; None if nobody is found."""

    def close(self) -> None:
        """Free the model; safe to call twice."""
