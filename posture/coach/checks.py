"""What a pose says about an exercise: which side is worked, by how much, and what is missing. Pure.

With the hips in the picture, the lean is not corrected for the model's compression of tilts (evidence, section 8).
That compression halves the line of the shoulders but leaves their middle where it is. On the rendered side-bends
(tests/data/stretch_a, hips seen, one arm up) the trunk truly leans 24.4 degrees; the lite model shows 21.7 to the left
and 22.6 to the right when it sees each frame alone, and 21.2 and 21.6 when it follows the person. This is nine tenths,
inside the camera's error of 5 to 10 degrees, so the band of the evidence is used unchanged. The upright lean is not
subtracted either (the evidence does that for the shoulder line only): the model shows 1.9 degrees for a straight trunk
but no such offset for a bent one, so subtracting it would make two equal sides differ by 5 degrees.

With one arm up the line of the shoulders is not compressed: it shows 29 degrees for 30, since the raised arm lifts its
shoulder. The seated check therefore uses the line unchanged, and requires that the shoulders have shifted to the same
side as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

from posture.coach.arms import STAY_VISIBILITY, arm_up
from posture.coach.exercise import BOTH_SIDES, Check, Side, other_side
from posture.language import mark, tr
from posture.measure.geometry import head_yaw_deg, lateral_lean_deg, shoulder_line_deg
from posture.measure.smoothing import Smoother, smooth
from posture.pose.landmarks import Landmark, Pose

SETTLE_S = 3.0
"""The person is upright this long before it begins, which gives the upright measures [design choice]."""
LEAST_SETTLE_LOOKS = 5
UPRIGHT_DEG = 10.0
"""A larger lean is not upright [design choice]."""
CUTOFF_HZ = 1.0
"""Cut-off of the One-Euro filter in exercise checks (evidence, section 1)."""
LEAST_SHIFT_SW = 0.1
"""A seated bend moves the shoulders at least this far, in shoulder widths. A lean of 10 degrees from the hips would be
0.23 (evidence, section 1), but here the hips stay heavy [design choice]."""

Points = NDArray[np.float64]
_SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
_HIPS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
_FACE = (Landmark.NOSE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR)
_KNEES = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)
_ANKLES = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
_NEEDS: Mapping[Check, tuple[Landmark, ...]] = {
    "side_bend": (*_SHOULDERS, *_HIPS, *_FACE[1:]),
    "side_bend_seated": (*_SHOULDERS, *_FACE[1:]),
    "ankle_on_knee": (*_SHOULDERS, *_KNEES),
    "hip_swing": (*_SHOULDERS, *_KNEES, *_ANKLES),
    "turn": (*_SHOULDERS, Landmark.NOSE),
}
_MISSING: Mapping[Check, str] = {
    "side_bend": mark("Step back until your hips are in the picture."),
    "side_bend_seated": mark("Sit so that head and both shoulders are in the picture."),
    "ankle_on_knee": mark("Move back until both knees are in the picture."),
    "hip_swing": mark("Move back until knees and feet are in the picture."),
    "turn": mark("Sit so that head and both shoulders are in the picture."),
}


@dataclass(frozen=True)
class CheckedLook:
    """What one look says about the exercise."""

    t_s: float
    seen: bool
    """Everything that the check needs is in the picture."""
    settle_s: float = 0.0
    """Seconds to stay upright until it begins; 0 from then on."""
    side: Side | None = None
    """The side that is lengthened or worked."""
    value: float | None = None
    """The measure, in the unit of the exercise's band."""
    ready: bool = True
    """The other conditions are met, such as the raised arm."""
    says: str = ""
    """What is missing, as a sentence; empty if nothing is."""
    way: str = ""
    """Where a repetition goes more than one way: which of them is seen."""


@dataclass(frozen=True)
class Rest:
    """The person upright: lean and line of the shoulders in degrees, their width and position in pixels."""

    lean_deg: float
    line_deg: float
    width_px: float
    x_px: float


@dataclass(frozen=True)
class Checker:
    """The state of one check."""

    check: Check
    min_visibility: float = 0.6
    """Landmarks below this are not used."""
    rest: Rest | None = None
    """None until the person has been upright for `SETTLE_S`."""
    settling: tuple[tuple[float, Rest], ...] = ()
    """Time and measures of the upright looks so far."""
    side: Side | None = None
    way: str = ""
    """Side and way of the last look; the filter starts again when they change."""
    up: frozenset[Side] = frozenset()
    """The arms that were up at the last look."""
    smoother: Smoother = field(default_factory=Smoother)


def see(checker: Checker, t_s: float, pose: Pose | None) -> tuple[Checker, CheckedLook]:
    """Check one look at the person, in the un-mirrored frame; `pose` is None if nobody was found.

    `t_s` counts on the source's clock.
    """
    left_s = SETTLE_S if checker.rest is None else 0.0
    if pose is None:
        return replace(checker, settling=()), CheckedLook(t_s, False, left_s, says=tr("Nobody is in the picture."))
    if not visible(pose, *_needed(checker)):
        return replace(checker, settling=()), CheckedLook(t_s, False, left_s, says=tr(_MISSING[checker.check]))
    if checker.rest is None:
        return _settle(checker, t_s, pose)
    up = frozenset(side for side in BOTH_SIDES if arm_up(pose, side, checker.min_visibility, was_up=side in checker.up))
    side, value, ready, says = _CHECKS[checker.check](pose, checker.rest, checker.min_visibility, up)
    way = _way(pose, side) if checker.check == "hip_swing" and side is not None else ""
    smoother = checker.smoother if (side, way) == (checker.side, checker.way) else Smoother()
    smoother, value = smooth(smoother, t_s, value, CUTOFF_HZ)
    checker = replace(checker, side=side, way=way, up=up, smoother=smoother)
    return checker, CheckedLook(t_s, True, 0.0, side, value, ready, says, way)


def visible(pose: Pose, which: tuple[Landmark, ...], min_visibility: float) -> bool:
    """Whether all these points are visible enough and inside the picture: outside it the model may still say 0.9."""
    points = pose.landmarks[list(which)]
    inside = (points[:, :2] >= 0) & (points[:, :2] < (pose.frame_w_px, pose.frame_h_px))
    return bool(inside.all() and (points[:, 3] >= min_visibility).all())


def foot_swing_deg(points: Points, side: Side) -> float:
    """Measure how far the foot has swung out, seated facing the camera (evidence, section 6); negative is inward.

    Swinging out is internal rotation of the hip.
    """
    knee, ankle = _pair(points, _KNEES, side), _pair(points, _ANKLES, side)
    phi_deg = float(np.degrees(np.arctan2(ankle[0] - knee[0], ankle[1] - knee[1])))
    return phi_deg if side == "left" else -phi_deg


def _needed(checker: Checker) -> tuple[tuple[Landmark, ...], float]:
    """What must be visible, and how well. Once it has begun, a raised arm may hide the face, and sight may waver."""
    needs = _NEEDS[checker.check]
    if checker.rest is None:
        return needs, checker.min_visibility
    if checker.check in ("side_bend", "side_bend_seated"):
        needs = tuple(landmark for landmark in needs if landmark not in _FACE)
    return needs, checker.min_visibility - STAY_VISIBILITY


def _way(pose: Pose, side: Side) -> str:
    return "out" if foot_swing_deg(pose.landmarks, side) > 0 else "in"


def _settle(checker: Checker, t_s: float, pose: Pose) -> tuple[Checker, CheckedLook]:
    now = _rest_of(pose)
    wanted = _not_upright(checker, pose, now)
    if wanted:
        return replace(checker, settling=()), CheckedLook(t_s, True, SETTLE_S, says=wanted)
    settling = (*checker.settling, (t_s, now))
    left_s = SETTLE_S - (t_s - settling[0][0])
    if left_s > 0 or len(settling) < LEAST_SETTLE_LOOKS:
        return replace(checker, settling=settling), CheckedLook(t_s, True, max(left_s, 0.1), says=tr("Stay upright."))
    parts = [rest for _, rest in settling]
    rest = Rest(
        median(part.lean_deg for part in parts),
        median(part.line_deg for part in parts),
        median(part.width_px for part in parts),
        median(part.x_px for part in parts),
    )
    return replace(checker, rest=rest, settling=()), CheckedLook(t_s, True)


def _rest_of(pose: Pose) -> Rest:
    points = pose.landmarks
    left, right = points[Landmark.LEFT_SHOULDER, :2], points[Landmark.RIGHT_SHOULDER, :2]
    return Rest(
        lateral_lean_deg(points),
        shoulder_line_deg(points),
        max(float(np.hypot(*(left - right))), 1e-6),
        float((left[0] + right[0]) / 2.0),
    )


def _not_upright(checker: Checker, pose: Pose, now: Rest) -> str:
    """What to change to be upright, as a sentence; empty if nothing."""
    leant_deg = now.lean_deg if checker.check == "side_bend" else now.line_deg
    if abs(leant_deg) > UPRIGHT_DEG:
        return tr("Come upright, facing the camera.")
    if any(arm_up(pose, side, checker.min_visibility) for side in BOTH_SIDES):
        return tr("Let the arms hang for a moment.")
    return ""


def _pair(points: Points, pair: tuple[Landmark, Landmark], side: Side) -> Points:
    which: Points = points[pair[0] if side == "left" else pair[1]]
    return which


_Judged = tuple[Side | None, float | None, bool, str]


def _side_bend(pose: Pose, _: Rest, min_visibility: float, up: frozenset[Side]) -> _Judged:
    """Leaning to one side with the other arm up lengthens the side of that arm."""
    lean_deg = lateral_lean_deg(pose.landmarks)
    side: Side = "right" if lean_deg > 0 else "left"
    ready = side in up
    return side, abs(lean_deg), ready, "" if ready else tr("Raise the {side} arm over your head.", side=side)


def _side_bend_seated(pose: Pose, rest: Rest, min_visibility: float, up: frozenset[Side]) -> _Judged:
    now = _rest_of(pose)
    # The left shoulder is lower when leaning left.
    lean_deg, shift_sw = rest.line_deg - now.line_deg, (now.x_px - rest.x_px) / rest.width_px
    side: Side = "right" if lean_deg > 0 else "left"
    ready = side in up
    if not ready:
        return side, abs(lean_deg), False, tr("Raise the {side} arm over your head.", side=side)
    if abs(shift_sw) < LEAST_SHIFT_SW or (shift_sw > 0) != (lean_deg > 0):
        return side, abs(lean_deg), False, tr("Let the ribs go to the {side} with the arm.", side=other_side(side))
    return side, abs(lean_deg), True, ""


def _ankle_on_knee(pose: Pose, rest: Rest, min_visibility: float, up: frozenset[Side]) -> _Judged:
    points = pose.landmarks
    apart: dict[Side, float] = {}
    for side in BOTH_SIDES:
        ankle, knee = _pair(points, _ANKLES, side), _pair(points, _KNEES, other_side(side))
        if ankle[3] >= min_visibility:
            apart[side] = float(np.hypot(*(ankle[:2] - knee[:2]))) / rest.width_px
    if not apart:
        return None, None, False, tr("Lay one ankle on the other knee.")
    nearest = min(apart, key=lambda side: apart[side])
    return nearest, apart[nearest], True, tr("Lay the {side} ankle on the other knee.", side=nearest)


def _hip_swing(pose: Pose, rest: Rest, min_visibility: float, up: frozenset[Side]) -> _Judged:
    swings = {side: abs(foot_swing_deg(pose.landmarks, side)) for side in BOTH_SIDES}
    larger = max(swings, key=lambda side: swings[side])
    return larger, swings[larger], True, ""


def _turn(pose: Pose, rest: Rest, min_visibility: float, up: frozenset[Side]) -> _Judged:
    ratio = _rest_of(pose).width_px / rest.width_px
    side: Side = "left" if head_yaw_deg(pose.landmarks) > 0 else "right"
    return side, ratio, True, ""


_CHECKS: Mapping[Check, Callable[[Pose, Rest, float, frozenset[Side]], _Judged]] = {
    "side_bend": _side_bend,
    "side_bend_seated": _side_bend_seated,
    "ankle_on_knee": _ankle_on_knee,
    "hip_swing": _hip_swing,
    "turn": _turn,
}
