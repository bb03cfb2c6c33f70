"""How right the measures are on real people: looks that somebody labelled, against what was measured in them. Pure.

The labels are `straight`, `lean_left`, `lean_right`, `head_left` and `head_right`, by the person's own sides. True head
and shoulder tilts are the lines of eyes and shoulders through points that people marked, as a change from the straight
looks of the same recording.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

LEANS = ("lean_left", "lean_right")
HEADS = ("head_left", "head_right")
SIZES_DEG = ((0, 10), (10, 20), (20, 30), (30, 60))
"""Sizes of true head tilts, degrees, for which the error is given."""
ALARMS = ("slump", "forward_head", *LEANS, "shoulder_tilt", "head_tilt", "too_close")
"""What may be raised by mistake in a straight look."""


@dataclass(frozen=True)
class Look:
    """One look: its label, what is true, what was measured and raised."""

    label: str
    person: str
    sitting: bool
    """Whether the person was taken to be sitting."""
    raised: frozenset[str]
    """Deviations."""
    lean_deg: float | None
    head_tilt_deg: float | None
    shoulder_tilt_deg: float | None
    """These three as measured."""
    true_head_tilt_deg: float
    true_shoulder_tilt_deg: float
    """These two as labelled, NaN where they were not."""
    nose_low: bool
    neck_short: bool
    """What two plain rules say of the look, as yardsticks: the nose lower than straight by 0.03 of the picture's
    height; nose above shoulders by 0.08 shoulder widths less."""


def labelled_json(name: str, looks: Sequence[Look], refused: Mapping[str, str]) -> dict[str, Any]:
    """Give all figures of a set of looks as one JSON object; shares are 0 to 1, None where there is nothing to count.

    The looks are of the recordings that calibrated; `refused` has the reason by recording that did not.
    """
    by = {label: [look for look in looks if look.label == label] for label in sorted({look.label for look in looks})}
    straight = by.get("straight", [])
    tilted = [look for label in HEADS for look in by.get(label, [])]

    def leans(label: str) -> list[float]:
        return [look.lean_deg for look in by.get(label, []) if look.lean_deg is not None]

    def raising(kind: str) -> list[Look]:
        return [look for look in looks if kind in look.raised]

    return {
        "set": name,
        "looks": len(looks),
        "people": sorted({look.person for look in looks}),
        "calibration_refused": dict(refused),
        "not_sitting": _share(not look.sitting for look in looks),
        **{
            kind: {
                "recall": _share(kind in look.raised for look in by.get(kind, [])),
                "precision": _share(look.label == kind for look in raising(kind)),
                "not_known": _share(look.lean_deg is None for look in by.get(kind, [])),
            }
            for kind in LEANS
        },
        "head_tilt": {
            "recall": _share("head_tilt" in look.raised for look in tilted),
            "precision_any_tilted": _share(look.label in (*LEANS, *HEADS) for look in raising("head_tilt")),
        },
        "lean_auc": {
            "left_vs_straight": _auc(leans("lean_left"), leans("straight")),
            "right_vs_straight": _auc(leans("straight"), leans("lean_right")),
            "left_vs_head_left": _auc(leans("lean_left"), leans("head_left")),
        },
        "raised_on_straight": {kind: _share(kind in look.raised for look in straight) for kind in ALARMS},
        "head_tilt_mae_deg": {
            f"{low}-{high}": _mae(
                [(look.head_tilt_deg, look.true_head_tilt_deg) for look in (*straight, *tilted)], low, high, digits=1
            )
            for low, high in SIZES_DEG
        },
        "shoulder_tilt_mae_deg": _mae([(look.shoulder_tilt_deg, look.true_shoulder_tilt_deg) for look in looks]),
        "peer_nose_rule_flags": {label: _share(look.nose_low for look in group) for label, group in by.items()},
        "peer_neck_rule_flags": {label: _share(look.neck_short for look in group) for label, group in by.items()},
    }


def _share(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return round(sum(counted) / len(counted), 3) if counted else None


def _auc(more: Sequence[float], less: Sequence[float]) -> float | None:
    """Probability that a value of the first is larger than one of the second; equal ones count half."""
    if not more or not less:
        return None
    apart = np.array(more)[:, None] - np.array(less)
    return round(float((apart > 0).mean() + (apart == 0).mean() / 2), 3)


def _mae(
    pairs: Iterable[tuple[float | None, float]], low: float = 0.0, high: float = math.inf, *, digits: int = 2
) -> float | None:
    """Mean absolute error of what is known, over the true sizes from `low` up to `high`, degrees."""
    errors = [abs(value - true) for value, true in pairs if value is not None and low <= abs(true) < high]
    return round(sum(errors) / len(errors), digits) if errors else None
