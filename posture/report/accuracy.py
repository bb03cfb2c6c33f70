"""How accurate the measures are: values measured on frames with known truth, against that truth. Pure.

The truth of each measure is the person's own angle in space (not its projection), as a change from the neutral frame
of the same person before the same camera:

==================  =============================================================================
measure             truth
==================  =============================================================================
shoulder_tilt_deg   `shoulder_line_deg`: line through the shoulder joints, a lean included
lateral_lean_deg    `trunk_lat_deg`: line from mid-hip to mid-shoulder
head_tilt_deg       `head_roll`
head_pitch_deg      `head_pitch`
head_yaw_deg        `head_yaw`
slump_deg           `slouch`
forward_head_deg    `head_fwd`
hip_hinge_deg       `trunk_fwd`
distance_cm         `eye_to_cam_m`, absolute
==================  =============================================================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

TRUTHS: Mapping[str, str] = {
    "shoulder_tilt_deg": "shoulder_line_deg",
    "lateral_lean_deg": "trunk_lat_deg",
    "head_tilt_deg": "head_roll",
    "head_pitch_deg": "head_pitch",
    "head_yaw_deg": "head_yaw",
    "slump_deg": "slouch",
    "forward_head_deg": "head_fwd",
    "hip_hinge_deg": "trunk_fwd",
    "distance_cm": "eye_to_cam_m",
}

OWN: Mapping[str, str] = {
    "shoulder_tilt_deg": "shoulder_tilt",
    "lateral_lean_deg": "lat_lean",
    "head_tilt_deg": "head_roll",
    "head_pitch_deg": "head_pitch",
    "head_yaw_deg": "head_yaw",
    "slump_deg": "slouch",
    "forward_head_deg": "head_fwd",
    "hip_hinge_deg": "trunk_fwd",
    "distance_cm": "seat_y",
}
"""The parameter of a frame that each measure is meant to measure."""

SIGN_FROM = 5.0
"""From this many degrees on, a true angle has a sign that a measure must not get wrong."""

EXPECTED: Mapping[str, Callable[[float], str]] = {
    "slouch": lambda size: "slump",
    "head_fwd": lambda size: "forward_head",
    "lat_lean": lambda size: "lean_left" if size > 0 else "lean_right",
    "shoulder_tilt": lambda size: "shoulder_tilt",
    "head_roll": lambda size: "head_tilt",
}
"""The deviation that a parameter causes, by its size."""


@dataclass(frozen=True)
class Case:
    """One frame: what was varied in it, what is true, what was measured."""

    name: str
    person: str
    placement: str
    varied: Mapping[str, float]
    """How much each parameter differs from the neutral frame; one that is a word (such as where the arms are) is 0."""
    truth: Mapping[str, float]
    """By measure, as a change from neutral."""
    measured: Mapping[str, float | None]
    """By measure."""
    deviations: tuple[str, ...]
    not_observable: tuple[str, ...] = ()
    """Deviations that this camera placement cannot show."""
    sd: Mapping[str, float] = field(default_factory=dict)
    """The standard deviation that the measure itself states."""
    found: bool = True
    """Whether a person was found at all."""


@dataclass(frozen=True)
class Score:
    """Agreement of one measure with its truth over some frames; angles in degrees, distance in cm."""

    measure: str
    placement: str
    frames: int
    """With a value."""
    unknown: int
    """Frames without a value although a person was found."""
    bias: float
    """Mean error, measured less true."""
    mae: float
    """Mean absolute error."""
    slope: float | None
    """Slope of the line through measured against true; None where the truth does not vary."""
    rho: float | None
    """Spearman's rho; None where the truth does not vary."""
    worst: float
    """The largest error, measured less true."""
    worst_name: str
    wrong_signs: int
    """Frames whose true angle is `SIGN_FROM` or more and whose measured one goes the other way."""
    covered: float | None
    """How often the truth lies within 1.645 stated standard deviations: 0.9 if these are right."""


def truth_of(measure: str, params: Mapping[str, Any], derived: Mapping[str, float]) -> float | None:
    """The truth of a measure of `TRUTHS`, not yet relative to the neutral frame; None if it is missing.

    `params` and `derived` are `params` and `truth` of the frame's truth file.
    """
    name = TRUTHS[measure]
    value = derived.get(name, params.get(name))
    if value is None:
        return None
    return float(value) * (100.0 if measure == "distance_cm" else 1.0)


def scores(cases: Iterable[Case]) -> list[Score]:
    """Score every measure for each camera placement, over all frames in which a person was found."""
    return _grouped((measure, case) for case in cases for measure in case.truth)


def sweeps(cases: Iterable[Case]) -> list[Score]:
    """Score every measure where only its own parameter was varied, which is where slope and rho say most."""
    return _grouped((measure, case) for case in cases for measure in case.truth if set(case.varied) == {OWN[measure]})


def _grouped(pairs: Iterable[tuple[str, Case]]) -> list[Score]:
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for measure, case in pairs:
        if case.found:
            groups[measure, case.placement].append(case)
    order = list(TRUTHS)
    keys = sorted(groups, key=lambda key: (order.index(key[0]), key[1] != "default", key[1]))
    return [score for key in keys if (score := _score(*key, groups[key])) is not None]


def _score(measure: str, placement: str, cases: Sequence[Case]) -> Score | None:
    pairs = [(case, value, case.truth[measure]) for case in cases if (value := case.measured.get(measure)) is not None]
    if not pairs:
        return None
    measured, true = np.array([p[1] for p in pairs]), np.array([p[2] for p in pairs])
    errors = measured - true
    worst = int(np.argmax(np.abs(errors)))
    spread = [(abs(e), case.sd[measure]) for e, (case, _, _) in zip(errors, pairs, strict=True) if measure in case.sd]
    varies = float(np.ptp(true)) > 1.0
    return Score(
        measure=measure,
        placement=placement,
        frames=len(pairs),
        unknown=len(cases) - len(pairs),
        bias=float(errors.mean()),
        mae=float(np.abs(errors).mean()),
        slope=float(np.polyfit(true, measured, 1)[0]) if varies else None,
        rho=_spearman(true, measured) if varies else None,
        worst=float(errors[worst]),
        worst_name=pairs[worst][0].name,
        wrong_signs=int(((np.abs(true) >= SIGN_FROM) & (measured * true < 0)).sum()),
        covered=float(np.mean([e <= 1.645 * sd for e, sd in spread])) if spread else None,
    )


def _spearman(true: Any, measured: Any) -> float | None:
    """Spearman's rho; None where either does not vary, because it then has no order."""
    if not np.ptp(true) or not np.ptp(measured):
        return None
    return float(np.corrcoef(_ranks(true), _ranks(measured))[0, 1])


def _ranks(values: Any) -> Any:
    """Ranks from 1; equal values share the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2.0)[inverse]


def detections(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """How often the expected deviation is found, by parameter, size and placement, where only that was varied."""
    groups: dict[tuple[str, float, str, str], list[Case]] = defaultdict(list)
    for case in cases:
        if len(case.varied) == 1 and case.found:
            ((name, size),) = case.varied.items()
            if name in EXPECTED:
                groups[name, round(size, 3), case.placement, EXPECTED[name](size)].append(case)
    return [
        {
            "varied": name,
            "by": size,
            "placement": placement,
            "deviation": kind,
            "frames": len(group),
            "found": sum(kind in case.deviations for case in group),
            "not_observable": sum(kind in case.not_observable for case in group),
        }
        for (name, size, placement, kind), group in sorted(groups.items())
    ]


def alarms(cases: Iterable[Case]) -> list[dict[str, Any]]:
    """Deviations raised that the varied parameter does not cause, by parameter, size and placement."""
    groups: dict[tuple[str, float, str], list[Case]] = defaultdict(list)
    for case in cases:
        if len(case.varied) <= 1 and case.found:
            name, size = next(iter(case.varied.items()), ("nothing", 0.0))
            groups[name, round(size, 3), case.placement].append(case)
    found = []
    for (name, size, placement), group in sorted(groups.items()):
        expected = EXPECTED[name](size) if name in EXPECTED else None
        raised = [kind for case in group for kind in case.deviations if kind != expected]
        found.append(
            {
                "varied": name,
                "by": size,
                "placement": placement,
                "frames": len(group),
                "raised": {kind: raised.count(kind) for kind in sorted(set(raised))},
            }
        )
    return found


def accuracy_json(cases: Sequence[Case], model: str) -> dict[str, Any]:
    """All scores, detections and false alarms as one JSON object."""
    return {
        "model": model,
        "frames": len(cases),
        "nobody_found": [case.name for case in cases if not case.found],
        "measures": [score.__dict__ for score in scores(cases)],
        "sweeps": [score.__dict__ for score in sweeps(cases)],
        "detections": detections(cases),
        "alarms": alarms(cases),
    }
