"""Whether an arm is raised over the head: judged from where elbow and wrist are, not from how sure the model is. Pure.

How sure the model is of a raised wrist says little: of a hand that is plainly up it may be 0.4, and of a hanging one
0.9. So a wrist that is not seen well counts where the elbow agrees with it, and an arm that was up at the look before
stays up a little longer than it takes to get there.

Lengths are in shoulder widths along the trunk, so that a bent trunk takes its arm with it. On rendered people of
tests/data/arms.npz, an arm over the head has its wrist 0.7 to 1.3 above the ears, and an arc over the head 0.5 to 1.0;
a hand on the head, the ear or the nape is lower or its elbow is bent by more than 75 degrees, and an arm to the side or
towards the camera is at most 0.3 above the ears [measured].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posture.coach.exercise import Side
from posture.pose.landmarks import Landmark, Pose

Points = NDArray[np.float64]

STAY_VISIBILITY = 0.2
"""What was seen at the look before may be this much less visible [design choice]."""
FORESHORTENED_SW = 0.35
"""An upper arm shorter than this points at the camera or away, and its elbow's bend is not seen [design choice]."""


@dataclass(frozen=True)
class Limits:
    """What an arm must reach to be up."""

    wrist_sw: float
    across_sw: float
    """Height of the wrist above the ears, and of one that is across the head; shoulder widths."""
    bent_deg: float
    """How far the elbow may be bent; a hand on the head bends it further."""
    elbow_sw: float
    """Height of the elbow above the shoulder, shoulder widths."""
    aside_deg: float
    """How far the upper arm may point away from the trunk's line."""


GETS_UP = Limits(0.4, 0.15, 74.0, 0.4, 40.0)
STAYS_UP = Limits(0.2, 0.0, 80.0, 0.25, 55.0)
"""Limits of an arm that was down, between what is up and what is not, and of one that was up [measured]."""

_ARMS: dict[Side, tuple[Landmark, Landmark, Landmark]] = {
    "left": (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    "right": (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
}


def arm_up(pose: Pose, side: Side, min_visibility: float, *, was_up: bool = False) -> bool:
    """Whether the arm of this side is raised over the head; `was_up` at the look before.

    A wrist that is above the picture, or hardly visible, counts where the elbow points up.
    """
    points = pose.landmarks
    limits = STAYS_UP if was_up else GETS_UP
    if was_up:
        min_visibility -= STAY_VISIBILITY
    shoulder, elbow, wrist = (points[joint] for joint in _ARMS[side])
    up = _up(points, min_visibility)
    width_px = max(float(np.hypot(*(points[Landmark.LEFT_SHOULDER] - points[Landmark.RIGHT_SHOULDER])[:2])), 1e-6)
    upper, fore = (elbow - shoulder)[:2] / width_px, (wrist - elbow)[:2] / width_px
    ears = (points[Landmark.LEFT_EAR] + points[Landmark.RIGHT_EAR])[:2] / 2.0
    if wrist[3] >= min_visibility and _inside(pose, wrist):
        bent_deg = 0.0 if np.hypot(*upper) < FORESHORTENED_SW else _between_deg(upper, fore)
        from_ears = (wrist[:2] - ears) / width_px
        # The person's left is at the right of the picture; across the head is towards the other side.
        aside_sw = float(from_ears @ np.array([-up[1], up[0]])) * (1.0 if side == "left" else -1.0)
        least_sw = limits.across_sw if aside_sw < 0 else limits.wrist_sw
        return bool(from_ears @ up >= least_sw and bent_deg <= limits.bent_deg)
    if elbow[3] < min_visibility or not _inside(pose, elbow):
        return False
    points_up = upper @ up >= limits.elbow_sw and _between_deg(upper, up) <= limits.aside_deg
    return bool(points_up and fore @ up > 0 and _between_deg(upper, fore) <= limits.bent_deg)


def _up(points: Points, min_visibility: float) -> Points:
    """The line of the trunk, from hips to shoulders; the picture's own up where the hips are not seen."""
    hips = points[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
    shoulders = points[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]]
    trunk: Points = (shoulders.mean(axis=0) - hips.mean(axis=0))[:2]
    long = float(np.hypot(*trunk))
    if float(hips[:, 3].min()) < min_visibility or long < 1e-6:
        return np.array([0.0, -1.0])
    return trunk / long


def _inside(pose: Pose, point: Points) -> bool:
    return bool(0 <= point[0] < pose.frame_w_px and 0 <= point[1] < pose.frame_h_px)


def _between_deg(a: Points, b: Points) -> float:
    long = float(np.hypot(*a) * np.hypot(*b))
    return float(np.degrees(np.arccos(np.clip(a @ b / long, -1.0, 1.0)))) if long > 0 else 180.0
