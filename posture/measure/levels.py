"""How large each deviation is in parts of its threshold, as the timeline needs it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from posture.measure.angles import FORWARD_HEAD_MAX_LEAN_DEG, FORWARD_HEAD_MAX_PITCH_DEG, FORWARD_HEAD_MAX_YAW_DEG
from posture.measure.measures import Measures
from posture.measure.observation import DEVIATIONS, Deviation
from posture.settings import MeasureSettings


@dataclass(frozen=True)
class Certainty:
    """A value counts as certain if more than `left_deg` of it is left after taking off `sds` standard deviations."""

    sds: float
    left_deg: float


CERTAINTY: dict[str, Certainty] = {
    # A value 1.645 standard deviations from zero is not zero in nineteen cases of twenty.
    "shoulder_tilt_deg": Certainty(1.645, 0.0),
    "lateral_lean_deg": Certainty(1.645, 0.0),
    "head_tilt_deg": Certainty(1.645, 0.0),
    # Chosen on people left out of the fit (docs/accuracy.md): false alarms 2.1 % and 4.6 %.
    "slump_deg": Certainty(0.5, 4.0),
    "forward_head_deg": Certainty(1.0, 2.0),
}
HIDDEN = Certainty(1.0, 5.0)
"""A placement that hides a deviation never shows its absence, but a large one still stands out. With this limit it is a
false alarm in 1.5 % of looks at people left out of the fit (docs/accuracy.md)."""
NECK_SHORT_SW = 0.08
NECK_SDS = 1.645
NECK_MAX_LEAN_DEG = 5.0
NECK_MAX_TILT_DEG = 8.0
"""A neck shorter by this, where trunk and head are about level, is a slump or a forward head: labelled bad sitting is
found in 0.90 of looks of one person, at 0.000 to 0.002 of straight looks of others; of the rendered people with several
things off it is found in half, at 0.010 [measured]."""
LINE_PER_LEAN = 1.16
"""By how many degrees a lean of one degree tips the shoulder line the other way (regression on rendered people)."""
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
"""A lean counts for at most half as much again as the shoulder line that goes with it suggests [design choice]."""
SLUMP_NEARER = 1.2
"""By what factor a slump of 20 degrees enlarges the face (evidence, section 8: 19 to 22 % at usual placements)."""
DISTANCE_POWER = 3.0
"""Size changes little with distance: with the third power, a level of 0.7 is 13 % farther away [design choice]."""
NEARER = 1.15
"""A face larger than at the baseline by this factor has come nearer (evidence, section 1: lean-in)."""


def levels(measures: Measures, settings: MeasureSettings) -> dict[Deviation, float | None]:
    """Give the size of each deviation in parts of its threshold: 1.0 is at the threshold, None if it is not known.

    The measures may be smoothed, or of a single look.
    """
    found: dict[Deviation, float | None] = dict.fromkeys(DEVIATIONS)
    lean_deg, line_deg, size_deg = measures.lateral_lean_deg, measures.shoulder_tilt_deg, 0.0
    if lean_deg is not None and line_deg is not None:
        # A lean lowers the shoulder on that side. A chair rolled aside shifts the person without tilting: no lean.
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
    if measures.forward_head_deg is not None and (found["slump"] or 0.0) < 1.0:
        certainty = CERTAINTY["forward_head_deg"] if _faces_the_screen(measures, size_deg) else HIDDEN
        found["forward_head"] = _level(
            measures, "forward_head_deg", measures.forward_head_deg, settings.forward_head_deg, certainty, signed=True
        )
    _add_short_neck(found, measures, size_deg)
    if measures.distance_cm is not None and measures.lean_in_ratio is not None:
        # A slump brings the face nearer by itself, which is not reported twice.
        by_slump = SLUMP_NEARER if (found["slump"] or 0.0) >= 1.0 else 1.0
        larger = (1.0 + measures.lean_in_ratio) / by_slump
        found["too_close"] = _too_close(measures.distance_cm * by_slump, larger, settings)
    return found


def _faces_the_screen(measures: Measures, lean_deg: float) -> bool:
    """Whether the head is about straight: looking down or aside imitates a forward head, a lean hides it."""
    pitch_deg, yaw_deg = measures.head_pitch_deg, measures.head_yaw_deg
    return (
        pitch_deg is not None
        and yaw_deg is not None
        and abs(pitch_deg) <= FORWARD_HEAD_MAX_PITCH_DEG
        and abs(yaw_deg) <= FORWARD_HEAD_MAX_YAW_DEG
        and lean_deg <= FORWARD_HEAD_MAX_LEAN_DEG
    )


def _add_short_neck(found: dict[Deviation, float | None], measures: Measures, lean_deg: float) -> None:
    """Count a neck that has become shorter for whichever of slump and forward head is the nearer to its threshold."""
    short_sw, tilt_deg = measures.neck_short_sw, measures.head_tilt_deg
    if short_sw is None or tilt_deg is None or lean_deg >= NECK_MAX_LEAN_DEG or abs(tilt_deg) >= NECK_MAX_TILT_DEG:
        return
    level = max(0.0, short_sw) / max(NECK_SHORT_SW, NECK_SDS * measures.sd.get("neck_short_sw", 0.0))
    kind: Deviation = "slump" if (found["slump"] or 0.0) >= (found["forward_head"] or 0.0) else "forward_head"
    if found[kind] is not None:
        found[kind] = max(found[kind] or 0.0, level)


def _level(
    measures: Measures,
    name: str,
    value: float,
    threshold: float,
    certainty: Certainty | None = None,
    *,
    signed: bool = False,
) -> float:
    """Size in parts of the threshold, or of what the uncertainty demands where that is more."""
    size = max(0.0, value) if signed else abs(value)
    certainty = HIDDEN if name in measures.not_observable else certainty or CERTAINTY[name]
    return size / max(threshold, certainty.sds * measures.sd.get(name, 0.0) + certainty.left_deg)


def _too_close(distance_cm: float, larger: float, settings: MeasureSettings) -> float:
    """Level of sitting too close: the distance depends on an unknown field of view, so the face must be larger too."""
    near = min(settings.too_close_cm / distance_cm, larger / NEARER)
    return float(max(near, larger / (1.0 + settings.lean_in_ratio)) ** DISTANCE_POWER)


def not_observable(measures: Measures) -> list[Deviation]:
    """List the deviations that this placement cannot show: they are unknown, not absent."""
    return [kind for kind, name in MEASURE_OF.items() if name in measures.not_observable]


def deviations_of(measures: Measures, settings: MeasureSettings) -> list[Deviation]:
    """List the deviations at or above their thresholds in a single look."""
    return [kind for kind, level in levels(measures, settings).items() if level is not None and level >= 1.0]
