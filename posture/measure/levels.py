"""How large each deviation is, in parts of its threshold: the language the timeline understands."""

from __future__ import annotations

from dataclasses import dataclass

from posture.measure.angles import (
    FORWARD_HEAD_MAX_LEAN_DEG,
    FORWARD_HEAD_MAX_PITCH_DEG,
    FORWARD_HEAD_MAX_YAW_DEG,
)
from posture.measure.measures import Measures
from posture.measure.observation import DEVIATIONS, Deviation
from posture.settings import MeasureSettings

__all__ = ["MEASURE_OF", "deviations_of", "levels", "not_observable"]


@dataclass(frozen=True)
class Certainty:
    """How much of a value must be left when `sds` standard deviations are taken off: `left_deg`."""

    sds: float
    left_deg: float


CERTAINTY: dict[str, Certainty] = {
    # 1.645 standard deviations from zero is not zero, nineteen times of twenty.
    "shoulder_tilt_deg": Certainty(1.645, 0.0),
    "lateral_lean_deg": Certainty(1.645, 0.0),
    "head_tilt_deg": Certainty(1.645, 0.0),
    # Chosen on left-out people of the landmark set (docs/accuracy.md): false alarms 2.1 % and 4.6 %.
    "slump_deg": Certainty(0.5, 4.0),
    "forward_head_deg": Certainty(1.0, 2.0),
}
HIDDEN = Certainty(1.0, 5.0)
"""Where the camera's placement hides a deviation, its absence is never known, but a large one still stands out: so much
that on left-out people it is a false alarm in 1.5 % of looks (docs/accuracy.md)."""
LINE_PER_LEAN = 1.16
"""Degrees by which a lean of one degree tips the shoulder line the other way (regression on the rendered people)."""
MEASURE_OF: dict[Deviation, str] = {
    "slump": "slump_deg",
    "forward_head": "forward_head_deg",
    "lean_left": "lateral_lean_deg",
    "lean_right": "lateral_lean_deg",
    "shoulder_tilt": "shoulder_tilt_deg",
    "head_tilt": "head_tilt_deg",
    "too_close": "distance_cm",
}
LINE_SUPPORT = 1.5
"""A lean may be half as large again as the shoulder line that goes with it says, and no larger [design choice]."""
SLUMP_NEARER = 1.2
"""How much larger a slump of 20 degrees makes the face (evidence, section 8: 19 to 22 % at the usual placements)."""
DISTANCE_POWER = 3.0
"""Sizes change little with distance: at the power of three, 0.7 of the level is 13 % farther away [design choice]."""
NEARER = 1.15
"""A face this much larger than at the baseline has come nearer (evidence, section 1: lean-in)."""


def levels(measures: Measures, settings: MeasureSettings) -> dict[Deviation, float | None]:
    """Size of each deviation in parts of its threshold; None where it is not known.

    Parameters
    ----------
    measures : Measures
        Smoothed, or of a single picture.
    settings : posture.settings.MeasureSettings
        The thresholds.

    Returns
    -------
    dict of deviation to float or None
        1.0 is at the threshold.
    """
    found: dict[Deviation, float | None] = dict.fromkeys(DEVIATIONS, None)
    lean_deg, line_deg, size_deg = measures.lateral_lean_deg, measures.shoulder_tilt_deg, 0.0
    if lean_deg is not None and line_deg is not None:
        # Leaning to a side lowers that shoulder. A chair rolled sideways shifts and does not tilt: no lean.
        leaning = lean_deg * line_deg < 0
        size_deg = min(abs(lean_deg), LINE_SUPPORT * abs(line_deg) / LINE_PER_LEAN) if leaning else 0.0
        lean = _level(measures, "lateral_lean_deg", size_deg, settings.lateral_lean_deg)
        found["lean_left"] = lean if lean_deg > 0 else 0.0
        found["lean_right"] = lean if lean_deg < 0 else 0.0
        # The part of the shoulder line that the lean does not explain.
        own_deg = max(0.0, abs(line_deg) - (LINE_PER_LEAN * abs(lean_deg) if leaning else 0.0))
        found["shoulder_tilt"] = _level(measures, "shoulder_tilt_deg", own_deg, settings.shoulder_tilt_deg)
    if measures.head_tilt_deg is not None:
        found["head_tilt"] = _level(measures, "head_tilt_deg", measures.head_tilt_deg, settings.head_tilt_deg)
    if measures.slump_deg is not None:
        found["slump"] = _level(measures, "slump_deg", measures.slump_deg, settings.slump_deg, signed=True)
    if measures.forward_head_deg is not None and _tells_forward_head(measures, found["slump"] or 0.0, size_deg):
        found["forward_head"] = _level(
            measures, "forward_head_deg", measures.forward_head_deg, settings.forward_head_deg, signed=True
        )
    if measures.distance_cm is not None and measures.lean_in_ratio is not None:
        # A slump brings the face nearer by itself; that is not said twice.
        by_slump = SLUMP_NEARER if (found["slump"] or 0.0) >= 1.0 else 1.0
        larger = (1.0 + measures.lean_in_ratio) / by_slump
        found["too_close"] = _too_close(measures.distance_cm * by_slump, larger, settings)
    return found


def _tells_forward_head(measures: Measures, slump: float, lean_deg: float) -> bool:
    """Looking down or aside imitates one, a slump brings one along, a lean hides it: then it is not known."""
    pitch_deg, yaw_deg = measures.head_pitch_deg, measures.head_yaw_deg
    return (
        pitch_deg is not None
        and yaw_deg is not None
        and abs(pitch_deg) <= FORWARD_HEAD_MAX_PITCH_DEG
        and abs(yaw_deg) <= FORWARD_HEAD_MAX_YAW_DEG
        and lean_deg <= FORWARD_HEAD_MAX_LEAN_DEG
        and slump < 1.0
    )


def _level(measures: Measures, name: str, value: float, threshold: float, *, signed: bool = False) -> float:
    """Size in parts of the threshold; what is not larger than its own uncertainty does not reach it."""
    size = max(0.0, value) if signed else abs(value)
    certainty = HIDDEN if name in measures.not_observable else CERTAINTY[name]
    return size / max(threshold, certainty.sds * measures.sd.get(name, 0.0) + certainty.left_deg)


def _too_close(distance_cm: float, larger: float, settings: MeasureSettings) -> float:
    """The absolute distance hangs on a field of view nobody knows, so the face has to have come nearer as well."""
    near = min(settings.too_close_cm / distance_cm, larger / NEARER)
    return float(max(near, larger / (1.0 + settings.lean_in_ratio)) ** DISTANCE_POWER)


def not_observable(measures: Measures) -> list[Deviation]:
    """Deviations that this camera placement cannot show: not absent, not known."""
    return [kind for kind, name in MEASURE_OF.items() if name in measures.not_observable]


def deviations_of(measures: Measures, settings: MeasureSettings) -> list[Deviation]:
    """Deviations at or above their thresholds in a single picture."""
    return [kind for kind, level in levels(measures, settings).items() if level is not None and level >= 1.0]
