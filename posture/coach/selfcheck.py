"""Self-checks: the best of three attempts each way. Pure.

An attempt is a movement away from the person's own rest that is held and comes back: still, move, hold, return. How
large it has to be follows from how still the person was, so that somebody who bends by 4 degrees has a result, too.
Whether it is larger than the camera may be wrong by is said with it. A result is part of a trend, never a verdict.

What moves along, such as a trunk that leans in a hip rotation, is said with the attempt. The best attempt is one
without it, where there is one.

On rendered people with known angles (tests/data/self_checks.npz) the light model errs in side-bends by up to 4
degrees, in hip extensions by up to 8 and in swings of the foot by up to 9, mostly towards too little; of angles up to
10 degrees by up to 5.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median, pstdev

import numpy as np

from posture.coach.checks import CUTOFF_HZ, foot_swing_deg, visible
from posture.coach.exercise import BOTH_SIDES, Side, other_side
from posture.coach.findings import SMALL_ERROR_DEG, Kind
from posture.language import mark, tr
from posture.measure.geometry import lateral_lean_deg
from posture.measure.smoothing import Smoother, smooth
from posture.pose.landmarks import Landmark, Pose

ATTEMPTS = 3
"""Evidence, section 6."""
HELD_S = 1.0
"""An attempt counts with the angle that was held this long, so that a jerk does not count [design choice]."""
LONGEST_GAP_S = 1.0
"""An attempt starts its second again after a longer gap between two looks [design choice]."""
REST_S = 1.5
"""So long without moving is rest [design choice]."""
LEAST_REST_LOOKS = 5
STILL_DEG, MOST_NOISE_DEG = 1.5, 2.0
"""At rest the two halves of this time differ by no more, and what is measured wavers by no more: a standard deviation
[design choice]."""
NOISES = 4.0
"""An attempt goes this many times as far from rest as the angle wavers there [design choice]."""
MOST_BEGIN_DEG = 6.0
"""But at most so far [design choice]; at least, see `SelfCheck.least_begin_deg`."""
RETURN_PART = 0.3
"""It is over when this part of it is left [design choice]."""
NO_ATTEMPT_S, LONGEST_S = 20.0, 60.0
"""Who stays as long as this at less than the camera can tell has moved to another place of rest; the longer time is for
larger angles [design choice]."""
REST_DRIFT_S = 30.0
"""Time constant with which rest follows small changes [design choice]."""
VISIBILITY = 0.4
"""Points of the legs in trousers, and of people seen from the side, are seldom seen better [measured]."""


@dataclass(frozen=True)
class SelfCheck:
    """A self-check: what the user is asked to do, and how attempts are counted."""

    kind: Kind
    ways: Mapping[str, tuple[str, int]]
    """The directions that are measured, each with three attempts: which angle it is, and its sign."""
    steps: tuple[str, ...]
    rest_most_deg: float
    """A person at rest is no further from the vertical than this."""
    come_back: str
    """What to do otherwise, as a sentence; in English, as the steps are."""
    least_begin_deg: float
    """An attempt goes at least so far from rest: rendered people who only fidget stay below [measured]."""


LIKE: Mapping[Kind, str] = {"side-bend": "ql_stand", "hip-rotation": "hip_rot", "hip-extension": "hf_split"}
"""The exercise that moves alike: what takes it out until a clinician has agreed takes the self-check out."""

CHECKS: Mapping[str, SelfCheck] = {
    "side-bend": SelfCheck(
        "side-bend",
        {"left": ("lean", 1), "right": ("lean", -1)},
        (
            mark("Stand facing the camera, hips in the picture, feet hip-wide, and stay still for two seconds."),
            mark(
                "Bend to one side as far as is comfortable, chest to the front, hips over the feet. Stay two seconds."
            ),
            mark("Come upright between two bends; three to each side."),
        ),
        rest_most_deg=12.0,
        come_back=mark("Come upright and stay still for a moment."),
        least_begin_deg=1.5,
    ),
    "hip-rotation": SelfCheck(
        "hip-rotation",
        {f"{side}_{way}": (side, sign) for side in BOTH_SIDES for way, sign in (("in", -1), ("out", 1))},
        (
            mark(
                "Sit on a chair that does not roll, facing the camera, knees and feet in the picture, feet below the "
                "knees. Stay still for two seconds."
            ),
            mark(
                "Swing one foot out, the knee in its place, both sit bones heavy. Stay two seconds, come back. Then in."
            ),
            mark("Three each way with each leg. Foot out turns the hip inward, foot in turns it outward."),
        ),
        rest_most_deg=20.0,
        come_back=mark("Put your feet below your knees and stay still for a moment."),
        least_begin_deg=3.5,
    ),
    "hip-extension": SelfCheck(
        "hip-extension",
        {"left": ("left", 1), "right": ("right", 1)},
        (
            mark(
                "Stand side-on to the camera, a hand on the desk or on a chair that does not roll. Stay still two "
                "seconds."
            ),
            mark(
                "Bring the leg nearer to the camera straight back and stay for two seconds, the trunk still. Come back."
            ),
            mark("Three times, then turn around for the other leg."),
        ),
        rest_most_deg=15.0,
        come_back=mark("Stand upright, both feet side by side, and stay still for a moment."),
        least_begin_deg=1.5,
    ),
}


@dataclass(frozen=True)
class Measured:
    """What one look measures, in the un-mirrored frame."""

    angles: Mapping[str, float]
    """Degrees by the names that `SelfCheck.ways` gives."""
    company: Mapping[str, float] = field(default_factory=dict)
    """What may move along, by name and in a unit of its own, see `COMPANY`; only what is seen."""


@dataclass(frozen=True)
class Attempt:
    """An attempt that is going on."""

    began_s: float
    seen: tuple[tuple[float, Mapping[str, float], Mapping[str, float]], ...] = ()
    """Its looks of the last second: time, degrees from rest each way, and what moved along."""
    kept: Mapping[str, float] = field(default_factory=dict)
    """The largest angle of each way that was held for a second."""
    along: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """What moved along in that second."""
    most: Mapping[str, float] = field(default_factory=dict)
    """The furthest of each way."""

    @property
    def way(self) -> str:
        """The way that it goes."""
        return max(self.most, key=lambda way: self.most[way])


@dataclass(frozen=True)
class SelfCheckState:
    """The attempts so far."""

    best: Mapping[str, float] = field(default_factory=dict)
    """Degrees of the best attempt."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """What moved along in the best attempt, see `ALONG`, where no attempt was without it."""
    tries: Mapping[str, int] = field(default_factory=dict)
    """Number of attempts."""
    rest: Mapping[str, float] = field(default_factory=dict)
    """The angles at rest, degrees; an angle is missing until it is known."""
    noise: Mapping[str, float] = field(default_factory=dict)
    """How much each wavers there, as a standard deviation, degrees."""
    alone: Mapping[str, float] = field(default_factory=dict)
    """What may move along, as it is at rest."""
    window: tuple[tuple[float, Measured], ...] = ()
    """The looks of the last `REST_S`."""
    attempt: Attempt | None = None
    left: tuple[str, float] | None = None
    """The way of the last attempt and how far it is still from rest, until the person is at rest again."""


@dataclass(frozen=True)
class Tried:
    """An attempt is over: its way, the angle that was held for a second, its number, and what moved along."""

    t_s: float
    way: str
    deg: float
    number: int
    along: str = ""
    """A key of `ALONG`; empty if nothing did."""


@dataclass(frozen=True)
class Companion:
    """What may move along in an attempt."""

    mark: str
    """What is said to have happened: a key of `ALONG`."""
    least: float
    most: float
    """It may differ from rest by this much, each way."""
    with_sign: bool = False
    """It is counted along the way of the attempt: a knee that goes with the foot is +."""


ALONG: Mapping[str, str] = {
    "turned": mark("the chest turned along: keep it to the front"),
    "drifted": mark("the hips drifted aside: keep them over the feet"),
    "leaned": mark("the trunk moved along: keep it still"),
    "hiked": mark("the hip came up: keep both sit bones heavy"),
    "knee": mark("the knee left its place: let only the foot swing"),
}
"""What may have moved along, and what is said about it."""
COMPANY: Mapping[Kind, Mapping[str, Companion]] = {
    "side-bend": {
        "drift": Companion("drifted", -0.18, 0.18),
        "turn": Companion("turned", -12.0, 12.0),
        "width": Companion("turned", -0.1, math.inf),
    },
    "hip-rotation": {
        "lean": Companion("leaned", -5.0, 5.0),
        "hike": Companion("hiked", -math.inf, 4.0),
        "knee": Companion("knee", -0.1, 0.6, with_sign=True),
    },
    "hip-extension": {"lean": Companion("leaned", -5.0, 5.0)},
}
"""By kind, what is said first where several moved. Drift in shoulder widths; turn, lean and hike in degrees; width of
the shoulders in lengths of the trunk; knee in lengths of the shank. 5 degrees of the trunk are the evidence's (section
6). The others lie between what rendered people show who did it and who did not [measured]: hips that drift by 10 cm,
hips that come up by 10 degrees and a chest that turns by 35 are mostly seen, one that turns by 20 seldom."""


def advance(
    state: SelfCheckState, check: SelfCheck, t_s: float, look: Measured | None
) -> tuple[SelfCheckState, list[Tried]]:
    """Take one look; None if the person is not seen well enough. Times never go back.

    The list has the attempt that has just ended; it is empty if none has.
    """
    if look is None or not look.angles:
        return state, []
    state = replace(state, window=_window(state.window, t_s, look))
    resting = _rest(state.window, check)
    if any(angle not in state.rest for angle in look.angles):
        # A hip extension begins again when the person turns around.
        state, tried = _over(state, check, t_s) if state.attempt else (state, [])
        return (_rested(state, *resting) if resting else state), tried
    degrees = {
        way: sign * (look.angles[angle] - state.rest[angle])
        for way, (angle, sign) in check.ways.items()
        if angle in look.angles
    }
    if state.attempt is not None:
        return _attempt(state, check, t_s, look, degrees, resting)
    if resting is not None and state.left is not None:
        return _rested(state, *resting), []
    way = max(degrees, key=lambda way: degrees[way])
    begin_deg = _begin_deg(state, check, way)
    if state.left is not None:
        last, low_deg = state.left
        low_deg = min(low_deg, max(degrees.get(last, 0.0), 0.0))
        state = replace(state, left=(last, low_deg))
        if way == last and degrees[way] - low_deg < max(begin_deg, low_deg):
            return state, []
    if degrees[way] < begin_deg:
        moved = resting is not None and max(map(abs, degrees.values())) >= begin_deg
        return (_rested(state, *resting) if resting and moved else _followed(state, look)), []
    attempt = Attempt(t_s)
    return replace(state, attempt=_watched(state, attempt, t_s, look, degrees), left=None), []


def ended(state: SelfCheckState, check: SelfCheck, t_s: float) -> tuple[SelfCheckState, list[Tried]]:
    """Count an attempt that is going on at the end, if it is more than the camera may be wrong by."""
    attempt = state.attempt
    if attempt is None or attempt.kept.get(attempt.way, 0.0) <= SMALL_ERROR_DEG:
        return state, []
    return _over(state, check, t_s)


def _begin_deg(state: SelfCheckState, check: SelfCheck, way: str) -> float:
    noise_deg = state.noise.get(check.ways[way][0], 0.0)
    return min(max(NOISES * noise_deg, check.least_begin_deg), MOST_BEGIN_DEG)


def _window(window: Sequence[tuple[float, Measured]], t_s: float, look: Measured) -> tuple[tuple[float, Measured], ...]:
    """Add a look, and keep one that is `REST_S` old; a gap or other angles begin again."""
    if window and (t_s - window[-1][0] > LONGEST_GAP_S or window[-1][1].angles.keys() != look.angles.keys()):
        window = ()
    before = [each for each in window if t_s - each[0] >= REST_S]
    return (*before[-1:], *window[len(before) :], (t_s, look))


_Rest = tuple[Mapping[str, float], Mapping[str, float], Mapping[str, float]]


def _rest(window: Sequence[tuple[float, Measured]], check: SelfCheck) -> _Rest | None:
    """Rest, noise and company of a person who does not move; None of one who does, or is not upright."""
    if window[-1][0] - window[0][0] < REST_S or len(window) < LEAST_REST_LOOKS:
        return None
    rest: dict[str, float] = {}
    noise: dict[str, float] = {}
    for angle in window[-1][1].angles:
        values = [look.angles[angle] for _, look in window]
        middle = median(values)
        half = len(values) // 2
        moved_deg, noise_deg = abs(median(values[:half]) - median(values[half:])), pstdev(values)
        if moved_deg > STILL_DEG or noise_deg > MOST_NOISE_DEG or abs(middle) > check.rest_most_deg:
            return None
        rest[angle], noise[angle] = middle, noise_deg
    return rest, noise, _middles([look.company for _, look in window])


def _middles(looks: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = {name for look in looks for name in look}
    return {name: median(look[name] for look in looks if name in look) for name in sorted(names)}


def _rested(
    state: SelfCheckState, rest: Mapping[str, float], noise: Mapping[str, float], alone: Mapping[str, float]
) -> SelfCheckState:
    # Rest that follows a movement still has the end of it, so it does not say alone how much the person wavers.
    noise = {angle: (deg + state.noise.get(angle, deg)) / 2.0 for angle, deg in noise.items()}
    return replace(
        state,
        rest={**state.rest, **rest},
        noise={**state.noise, **noise},
        alone={**state.alone, **alone},
        attempt=None,
        left=None,
    )


def _followed(state: SelfCheckState, look: Measured) -> SelfCheckState:
    """Let rest follow what is too small and too slow to be a movement."""
    if len(state.window) < 2:
        return state
    part = min((state.window[-1][0] - state.window[-2][0]) / REST_DRIFT_S, 1.0)
    rest = {angle: state.rest[angle] + part * (deg - state.rest[angle]) for angle, deg in look.angles.items()}
    return replace(state, rest={**state.rest, **rest})


def _watched(
    state: SelfCheckState, attempt: Attempt, t_s: float, look: Measured, degrees: Mapping[str, float]
) -> Attempt:
    """Add one look to an attempt."""
    along = {name: value - state.alone[name] for name, value in look.company.items() if name in state.alone}
    seen = (*attempt.seen, (t_s, degrees, along))
    if len(seen) > 1 and seen[-1][0] - seen[-2][0] > LONGEST_GAP_S:
        seen = seen[-1:]
    before = [each for each in seen if t_s - each[0] >= HELD_S]
    seen = (*before[-1:], *seen[len(before) :])
    kept, alongs = dict(attempt.kept), dict(attempt.along)
    if before:
        for way in degrees:
            least = min(each[1].get(way, -math.inf) for each in seen)
            if least > kept.get(way, 0.0):
                kept[way], alongs[way] = least, _middles([each[2] for each in seen])
    most = {way: max(attempt.most.get(way, -math.inf), deg) for way, deg in degrees.items()}
    return Attempt(attempt.began_s, seen, kept, alongs, most)


def _attempt(
    state: SelfCheckState,
    check: SelfCheck,
    t_s: float,
    look: Measured,
    degrees: Mapping[str, float],
    resting: _Rest | None,
) -> tuple[SelfCheckState, list[Tried]]:
    """Take one look of an attempt that is going on."""
    assert state.attempt is not None
    attempt = _watched(state, state.attempt, t_s, look, degrees)
    state = replace(state, attempt=attempt)
    kept_deg = attempt.kept.get(attempt.way, 0.0)
    longest_s = NO_ATTEMPT_S if kept_deg <= SMALL_ERROR_DEG else LONGEST_S
    if t_s - attempt.began_s > longest_s and resting is not None:
        return _rested(state, *resting), []
    back_deg = max(RETURN_PART * attempt.most[attempt.way], 0.5 * _begin_deg(state, check, attempt.way))
    if degrees[attempt.way] > back_deg:
        return state, []
    return _over(state, check, t_s)


def _over(state: SelfCheckState, check: SelfCheck, t_s: float) -> tuple[SelfCheckState, list[Tried]]:
    """End the attempt, and count it if anything was held."""
    attempt = state.attempt
    assert attempt is not None
    way = attempt.way
    deg = attempt.kept.get(way, 0.0)
    # Rest is what comes after the return: a small movement itself may pass for rest.
    state = replace(state, attempt=None, left=(way, max(RETURN_PART * attempt.most[way], 0.0)), window=())
    if deg < _begin_deg(state, check, way):
        return state, []
    along = _companion(check, way, attempt.along[way])
    number = state.tries.get(way, 0) + 1
    state = _with_best(replace(state, tries={**state.tries, way: number}), way, deg, along)
    return state, [Tried(t_s, way, deg, number, along)]


def _companion(check: SelfCheck, way: str, along: Mapping[str, float]) -> str:
    """What moved along, the first of `COMPANY`; empty if nothing did."""
    side, sign = way.split("_", maxsplit=1)[0], check.ways[way][1]
    for name, companion in COMPANY[check.kind].items():
        value = along.get(f"{side}_{name}", along.get(name, 0.0)) * (sign if companion.with_sign else 1)
        if not companion.least <= value <= companion.most:
            return companion.mark
    return ""


def _with_best(state: SelfCheckState, way: str, deg: float, along: str) -> SelfCheckState:
    """Take an attempt that is better; one in which something moved along only where no other is known."""
    clean = way in state.best and way not in state.marks
    if along and clean:
        return state
    if bool(along) == (way in state.marks) and deg <= state.best.get(way, -math.inf):
        return state
    marks = {other: mark for other, mark in state.marks.items() if other != way}
    return replace(state, best={**state.best, way: deg}, marks={**marks, way: along} if along else marks)


def finished(state: SelfCheckState, check: SelfCheck) -> bool:
    """Whether every way has had its three attempts."""
    return all(state.tries.get(way, 0) >= ATTEMPTS for way in check.ways)


def unseen(state: SelfCheckState, check: SelfCheck) -> tuple[str, ...]:
    """Return the ways in which the person was seen at rest, and in which no attempt was seen."""
    return tuple(way for way, (angle, _) in check.ways.items() if angle in state.rest and not state.tries.get(way, 0))


def least_seen_deg(state: SelfCheckState, check: SelfCheck, way: str) -> float:
    """How large a movement would have been an attempt, degrees."""
    return _begin_deg(state, check, way)


@dataclass(frozen=True)
class Tracker:
    """What turns poses into the angles of a self-check."""

    kind: Kind
    min_visibility: float = VISIBILITY
    """Landmarks below this are not used."""
    near: Side | None = None
    """The side that is nearer to the camera in a hip extension; None until it is known."""
    turned: int = 0
    """How many looks in a row have shown the other side nearer."""
    smoothers: Mapping[str, Smoother] = field(default_factory=dict)
    says: str = ""
    """What is missing, as a sentence; empty if nothing is."""


TURNED_LOOKS = 6
"""So many looks in a row with the other side nearer are a turn [design choice]."""
PROFILE = 0.35
"""Seen from the side, the nose is this part of the neck's height ahead of the ears, or more [design choice]."""


def measured(tracker: Tracker, t_s: float, pose: Pose | None) -> tuple[Tracker, Measured | None]:
    """Measure one look at the person, in the un-mirrored frame; None if the person is not seen well enough."""
    if pose is None:
        return replace(tracker, says=tr("Nobody is in the picture.")), None
    if tracker.kind == "hip-extension":
        tracker = _facing(tracker, pose)
    look, missing = _MEASURES[tracker.kind](tracker, pose)
    if look is None:
        return replace(tracker, says=missing), None
    smoothers: dict[str, Smoother] = {}
    angles: dict[str, float] = {}
    for name, deg in look.angles.items():
        smoothers[name], smoothed = smooth(tracker.smoothers.get(name, Smoother()), t_s, deg, CUTOFF_HZ)
        if smoothed is not None:
            angles[name] = smoothed
    return replace(tracker, smoothers=smoothers, says=""), replace(look, angles=angles)


_Look = tuple[Measured | None, str]
_SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
_ELBOWS = (Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW)
_HIPS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
_KNEES = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)
_ANKLES = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)


def _middle_px(pose: Pose, pair: tuple[Landmark, Landmark]) -> tuple[float, float]:
    x_px, y_px = (pose.landmarks[pair[0], :2] + pose.landmarks[pair[1], :2]) / 2.0
    return float(x_px), float(y_px)


def _apart_px(pose: Pose, one: Landmark, other: Landmark) -> float:
    return max(float(np.hypot(*(pose.landmarks[one, :2] - pose.landmarks[other, :2]))), 1.0)


def _side_bend(tracker: Tracker, pose: Pose) -> _Look:
    if not visible(pose, (*_SHOULDERS, *_HIPS), tracker.min_visibility):
        return None, tr("Step back until your hips are in the picture.")
    trunk_px = max(math.dist(_middle_px(pose, _SHOULDERS), _middle_px(pose, _HIPS)), 1.0)
    company: dict[str, float] = {}
    # A raised arm moves its shoulder: then the chest's turn cannot be told.
    if all(
        pose.landmarks[arm, 1] > pose.landmarks[shoulder, 1] for arm, shoulder in zip(_ELBOWS, _SHOULDERS, strict=True)
    ):
        left, right = (pose.world[shoulder] for shoulder in _SHOULDERS)
        company["turn"] = float(np.degrees(np.arctan2(left[2] - right[2], left[0] - right[0])))
        company["width"] = _apart_px(pose, *_SHOULDERS) / trunk_px
    if visible(pose, _ANKLES, tracker.min_visibility):
        aside_px = _middle_px(pose, _HIPS)[0] - _middle_px(pose, _ANKLES)[0]
        company["drift"] = aside_px / _apart_px(pose, *_SHOULDERS)
    return Measured({"lean": lateral_lean_deg(pose.landmarks)}, company), ""


def _hip_rotation(tracker: Tracker, pose: Pose) -> _Look:
    if not visible(pose, (*_KNEES, *_ANKLES), tracker.min_visibility):
        return None, tr("Move back until knees and feet are in the picture.")
    company: dict[str, float] = {}
    for side, knee, ankle in zip(BOTH_SIDES, _KNEES, _ANKLES, strict=True):
        outward = 1.0 if side == "left" else -1.0
        middle_px = _middle_px(pose, _HIPS)[0]
        company[f"{side}_knee"] = outward * (pose.landmarks[knee, 0] - middle_px) / _apart_px(pose, knee, ankle)
    if visible(pose, _HIPS, tracker.min_visibility):
        left, right = (pose.landmarks[hip] for hip in _HIPS)
        if visible(pose, _SHOULDERS, tracker.min_visibility):
            lean_deg = lateral_lean_deg(pose.landmarks)
            hips_deg = float(np.degrees(np.arctan2(right[1] - left[1], left[0] - right[0])))
            # The line of the hips against the trunk: each alone says too little.
            company.update(lean=lean_deg, left_hike=hips_deg - lean_deg, right_hike=lean_deg - hips_deg)
    return Measured({side: foot_swing_deg(pose.landmarks, side) for side in BOTH_SIDES}, company), ""


def _facing(tracker: Tracker, pose: Pose) -> Tracker:
    """Which side is nearer to the camera: in profile the one that the nose tells, otherwise the nearer shoulder."""
    points = pose.landmarks
    ears = _middle_px(pose, (Landmark.LEFT_EAR, Landmark.RIGHT_EAR))
    ahead_px = float(points[Landmark.NOSE, 0]) - ears[0]
    if abs(ahead_px) > PROFILE * abs(_middle_px(pose, _SHOULDERS)[1] - ears[1]):
        # Facing the left of the picture shows the left side.
        near: Side = "left" if ahead_px < 0 else "right"
    else:
        near = "left" if points[_SHOULDERS[0], 2] < points[_SHOULDERS[1], 2] else "right"
    if tracker.near is None or near == tracker.near:
        return replace(tracker, near=near, turned=0)
    if tracker.turned + 1 < TURNED_LOOKS:
        return replace(tracker, turned=tracker.turned + 1)
    return replace(tracker, near=other_side(tracker.near), turned=0)


def _hip_extension(tracker: Tracker, pose: Pose) -> _Look:
    """Seen from the side: how far the nearer thigh is behind the vertical, and how far the trunk leans forward.

    The thigh is measured against the line of the trunk as it is at rest: a trunk that moves is said, and subtracting it
    would add its error, too.
    """
    near = tracker.near or "left"
    places = tuple(pair[0] if near == "left" else pair[1] for pair in (_SHOULDERS, _HIPS, _KNEES))
    if not visible(pose, places, tracker.min_visibility):
        return None, tr("Step back until shoulder, hip and knee are in the picture.")
    shoulder, hip, knee = (pose.landmarks[place] for place in places)
    ahead = -1.0 if near == "left" else 1.0
    trunk_deg = float(np.degrees(np.arctan2(ahead * (shoulder[0] - hip[0]), hip[1] - shoulder[1])))
    thigh_deg = float(np.degrees(np.arctan2(ahead * (hip[0] - knee[0]), knee[1] - hip[1])))
    return Measured({near: thigh_deg}, {"lean": trunk_deg}), ""


_MEASURES: Mapping[Kind, Callable[[Tracker, Pose], _Look]] = {
    "side-bend": _side_bend,
    "hip-rotation": _hip_rotation,
    "hip-extension": _hip_extension,
}
