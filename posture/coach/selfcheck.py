"""Self-checks: the best of three attempts each way. Pure.

The camera errs by 5 to 10 degrees: a result is part of a trend, never a verdict.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Literal

import numpy as np

from posture.coach.checks import CUTOFF_HZ, foot_swing_deg, visible
from posture.coach.exercise import BOTH_SIDES, Side
from posture.measure.geometry import lateral_lean_deg
from posture.measure.smoothing import Smoother, smooth
from posture.pose.landmarks import Landmark, Pose

Kind = Literal["hip-rotation", "hip-extension", "side-bend"]

ATTEMPTS = 3
"""Evidence, section 6."""
CAMERA_ERROR = "The camera errs by 5 to 10 degrees: look at the trend over weeks, not at one number."
HELD_S = 1.0
"""An attempt counts with the angle that was held this long, so that a jerk does not count [design choice]."""
BEGIN_DEG, END_DEG = 10.0, 6.0
"""An attempt begins and ends at these angles, above and within the camera's error [design choice]."""
LONGEST_GAP_S = 0.6
"""An attempt starts its second again after a longer gap between two looks [design choice]."""


@dataclass(frozen=True)
class SelfCheck:
    """A self-check: what the user is asked to do, and how attempts are counted."""

    kind: Kind
    ways: tuple[str, ...]
    """The directions that are measured, each with three attempts."""
    steps: tuple[str, ...]
    usual: str
    """The usual range, as the evidence gives it."""
    begin_deg: float = BEGIN_DEG
    end_deg: float = END_DEG
    """The angles at which an attempt begins and ends."""


CHECKS: Mapping[str, SelfCheck] = {
    "side-bend": SelfCheck(
        "side-bend",
        ("left", "right"),
        (
            "Stand facing the camera, hips in the picture, feet hip-wide.",
            "Bend to one side as far as is comfortable and stay for two seconds.",
            "Come upright between two bends; three to each side.",
        ),
        "20 to 45 degrees is common; a difference of more than 20 % is worth watching.",
    ),
    "hip-rotation": SelfCheck(
        "hip-rotation",
        ("left_in", "left_out", "right_in", "right_out"),
        (
            "Sit facing the camera, knees and feet in the picture.",
            "Keep the thigh still and swing one foot out, stay for two seconds, then in.",
            "Three each way with each leg.",
        ),
        "All four are usually about equal; a difference of more than 10 degrees on two days is worth watching.",
    ),
    "hip-extension": SelfCheck(
        "hip-extension",
        ("left", "right"),
        (
            "Stand side-on to the camera, a hand on a chair.",
            "Bring the leg nearer to the camera straight back and stay for two seconds, the trunk still.",
            "Three times, then turn around for the other leg.",
        ),
        "10 to 20 degrees is common; it does not count while the trunk moves more than 5 degrees.",
        begin_deg=5.0,
        end_deg=3.0,
    ),
}


@dataclass(frozen=True)
class SelfCheckState:
    """The attempts so far."""

    best: Mapping[str, float] = field(default_factory=dict)
    """Degrees of the best attempt."""
    tries: Mapping[str, int] = field(default_factory=dict)
    """Number of attempts."""
    way: str | None = None
    """The way of the attempt that is going on."""
    seen: tuple[tuple[float, float], ...] = ()
    """Its looks of the last second: time and degrees."""
    kept_deg: float = 0.0
    """The largest angle of it that was held for a second."""


@dataclass(frozen=True)
class Tried:
    """An attempt is over: its way, the angle that was held for a second, and its number."""

    t_s: float
    way: str
    deg: float
    number: int


def advance(
    state: SelfCheckState, check: SelfCheck, t_s: float, angles: Mapping[str, float] | None
) -> tuple[SelfCheckState, list[Tried]]:
    """Take one look, with the degrees each way; None if the person is not seen well enough.

    The list has the attempt that has just ended; it is empty if none has.
    """
    if not angles:
        return state, []
    way = state.way
    if way is None:
        way = max(angles, key=lambda way: angles[way])
        if angles[way] < check.begin_deg:
            return state, []
        state = replace(state, way=way, kept_deg=0.0)
    deg = angles.get(way, -math.inf)
    if deg >= check.end_deg:
        seen = (*state.seen, (t_s, deg))
        if len(seen) > 1 and seen[-1][0] - seen[-2][0] > LONGEST_GAP_S:
            seen = seen[-1:]
        before = [look for look in seen if t_s - look[0] >= HELD_S]
        seen = (*before[-1:], *seen[len(before) :])
        if before:
            state = replace(state, kept_deg=max(state.kept_deg, min(value for _, value in seen)))
        return replace(state, seen=seen), []
    if state.kept_deg < check.begin_deg:
        return replace(state, way=None, seen=()), []
    number = state.tries.get(way, 0) + 1
    tried = Tried(t_s, way, state.kept_deg, number)
    best = {**state.best, way: max(state.best.get(way, state.kept_deg), state.kept_deg)}
    return replace(state, best=best, tries={**state.tries, way: number}, way=None, seen=()), [tried]


def finished(state: SelfCheckState, check: SelfCheck) -> bool:
    """Whether every way has had its three attempts."""
    return all(state.tries.get(way, 0) >= ATTEMPTS for way in check.ways)


def note(kind: Kind, results: Sequence[Mapping[str, float]]) -> str:
    """Point out what is worth watching in the results of several days; empty if nothing is.

    The results are degrees of the best attempts by way, one mapping a day, newest last.
    """
    if not results:
        return ""
    last = results[-1]
    if kind == "side-bend" and {"left", "right"} <= set(last):
        left, right = last["left"], last["right"]
        if max(left, right) > 0 and abs(left - right) / max(left, right) > 0.2:
            return f"Left and right differed by {abs(left - right):.0f} degrees: watch how it goes over the weeks."
    if kind == "hip-rotation" and len(results) >= 2:
        for way in ("in", "out"):
            pairs = [(result.get(f"left_{way}"), result.get(f"right_{way}")) for result in results[-2:]]
            apart = [a - b for a, b in pairs if a is not None and b is not None]
            if len(apart) == 2 and (min(apart) > 10 or max(apart) < -10):
                return f"Swinging {way}, left and right differed by more than 10 degrees on two days: watch the trend."
    return ""


@dataclass(frozen=True)
class Tracker:
    """What turns poses into the angles of a self-check."""

    kind: Kind
    min_visibility: float = 0.6
    """Landmarks below this are not used."""
    rest: float | None = None
    """Lean of the upright trunk seen from the side, degrees; None until it is known."""
    settling: tuple[float, ...] = ()
    """Leans of the upright looks so far."""
    smoothers: Mapping[str, Smoother] = field(default_factory=dict)
    says: str = ""
    """What is missing, as a sentence; empty if nothing is."""


SETTLE_LOOKS = 16
"""So many upright looks, two seconds of them, give the upright lean [design choice]."""
STILL_DEG = 5.0
"""The trunk may move by this much in a hip extension (evidence, section 6)."""


def angles_of(tracker: Tracker, t_s: float, pose: Pose | None) -> tuple[Tracker, dict[str, float] | None]:
    """Measure the angles each way at one look, in the un-mirrored frame; None if the person is not seen well enough."""
    if pose is None:
        return replace(tracker, says="Nobody is in the picture."), None
    if tracker.kind == "side-bend":
        tracker, raw = _side_bend(tracker, pose)
    elif tracker.kind == "hip-rotation":
        tracker, raw = _hip_rotation(tracker, pose)
    else:
        tracker, raw = _hip_extension(tracker, pose)
    if raw is None:
        return tracker, None
    smoothers, angles = dict(tracker.smoothers), {}
    for way, deg in raw.items():
        smoothers[way], smoothed = smooth(smoothers.get(way, Smoother()), t_s, deg, CUTOFF_HZ)
        if smoothed is not None:
            angles[way] = smoothed
    return replace(tracker, smoothers=smoothers, says=""), angles


_Raw = dict[str, float] | None


def _side_bend(tracker: Tracker, pose: Pose) -> tuple[Tracker, _Raw]:
    needed = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
    if not visible(pose, needed, tracker.min_visibility):
        return replace(tracker, says="Step back until your hips are in the picture."), None
    lean_deg = lateral_lean_deg(pose.landmarks)
    return tracker, {"left": lean_deg, "right": -lean_deg}


def _settled(tracker: Tracker, deg: float) -> Tracker:
    if tracker.rest is not None:
        return tracker
    settling = (*tracker.settling, deg) if abs(deg) < BEGIN_DEG else ()
    if len(settling) < SETTLE_LOOKS:
        return replace(tracker, settling=settling)
    return replace(tracker, rest=median(settling), settling=())


def _hip_rotation(tracker: Tracker, pose: Pose) -> tuple[Tracker, _Raw]:
    needed = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE, Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
    if not visible(pose, needed, tracker.min_visibility):
        return replace(tracker, says="Move back until knees and feet are in the picture."), None
    found: dict[str, float] = {}
    for side in BOTH_SIDES:
        out_deg = foot_swing_deg(pose.landmarks, side)
        found[f"{side}_out"], found[f"{side}_in"] = out_deg, -out_deg
    return tracker, found


def _hip_extension(tracker: Tracker, pose: Pose) -> tuple[Tracker, _Raw]:
    """Seen from the side: angle of the nearer thigh behind the trunk, while the trunk keeps its lean."""
    points = pose.landmarks
    # The nearer shoulder has the smaller z.
    near: Side = "left" if points[Landmark.LEFT_SHOULDER, 2] < points[Landmark.RIGHT_SHOULDER, 2] else "right"
    names = (
        (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, Landmark.LEFT_KNEE)
        if near == "left"
        else (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE)
    )
    if not visible(pose, names, tracker.min_visibility):
        return replace(tracker, says="Step back until shoulder, hip and knee are in the picture."), None
    shoulder, hip, knee = (points[name] for name in names)
    # If the left side is nearer to the camera, the person faces the left of the image.
    ahead = -1.0 if near == "left" else 1.0
    trunk_deg = float(np.degrees(np.arctan2(ahead * (shoulder[0] - hip[0]), hip[1] - shoulder[1])))
    thigh_deg = float(np.degrees(np.arctan2(ahead * (hip[0] - knee[0]), knee[1] - hip[1])))
    tracker = _settled(tracker, trunk_deg)
    if tracker.rest is None:
        return replace(tracker, says="Stand upright for a moment."), None
    if abs(trunk_deg - tracker.rest) > STILL_DEG:
        return replace(tracker, says="Keep the trunk still."), None
    # Against the line of the trunk, as it is at rest.
    return tracker, {near: thigh_deg - trunk_deg + tracker.rest}
