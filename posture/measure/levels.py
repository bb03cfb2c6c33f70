"""How large each deviation is in parts of its threshold, as the timeline needs it. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from posture.language import mark
from posture.measure.angles import FORWARD_HEAD_MAX_LEAN_DEG, FORWARD_HEAD_MAX_PITCH_DEG, FORWARD_HEAD_MAX_YAW_DEG
from posture.measure.measures import LINE_PER_LEAN, Measures
from posture.measure.observation import BY_SLUMP, DEVIATIONS, Deviation, Judged
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
"""A neck shorter by this than everything else explains is a slump or a forward head: labelled bad sitting is found in
0.90 of looks of one person, at 0.000 to 0.002 of straight looks of others; of the rendered people with several things
off it finds 0.46, at 0.005 [measured]."""
MEASURE_OF: dict[Deviation, str] = {
    "slump": "slump_deg",
    "forward_head": "forward_head_deg",
    "lean_left": "lateral_lean_deg",
    "lean_right": "lateral_lean_deg",
    "shoulder_tilt": "shoulder_tilt_deg",
    "head_tilt": "head_tilt_deg",
    "too_close": "distance_cm",
}
OF_SHOULDERS = ("lean_left", "lean_right", "shoulder_tilt", "forward_head")
"""Deviations that are not judged without the shoulders; a slump is told from the face as well."""
NO_BASELINE = mark("there is no calibration yet")
NO_FACE = mark("your face is not in the picture")
NO_SHOULDERS = mark("your shoulders are not in the picture")
NO_SENSE = mark("what the camera shows makes no sense")
FROM_THERE = mark("from where the camera stands only a large one shows")
"""Why a deviation is not judged, or only roughly."""
LINE_SUPPORT = 1.5
LINE_SLACK_SDS = 0.5
"""A lean counts for at most half as much again as the shoulder line that goes with it suggests, taken half a standard
deviation larger: at the edge of the picture it is the less certain of the two [design choices]."""
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
    return judge(measures, settings)[0]


def judge(
    measures: Measures, settings: MeasureSettings
) -> tuple[dict[Deviation, float | None], dict[Deviation, Judged]]:
    """Give the levels, see `levels`, and how each of them came about."""
    judged: dict[Deviation, Judged] = {kind: Judged(why=_why_not(measures, kind)) for kind in DEVIATIONS}
    found: dict[Deviation, float | None] = dict.fromkeys(DEVIATIONS)

    def size(kind: Deviation, value: float, threshold: float, certainty: Certainty | None = None) -> None:
        name = MEASURE_OF[kind]
        hidden, sd = name in measures.not_observable, measures.sd.get(name)
        certainty = HIDDEN if hidden else certainty or CERTAINTY[name]
        # The threshold, or what the uncertainty demands where that is more.
        at = max(threshold, certainty.sds * (sd or 0.0) + certainty.left_deg)
        found[kind] = max(0.0, value) / at
        judged[kind] = Judged(value, sd, at, coarse=FROM_THERE if hidden else "")

    lean_deg, line_deg, size_deg = measures.lateral_lean_deg, measures.shoulder_tilt_deg, 0.0
    if lean_deg is not None and line_deg is None:
        # By the face alone: only a head that shifts and rolls to the same side says a lean.
        size("lean_left", lean_deg, settings.lateral_lean_deg)
        size("lean_right", -lean_deg, settings.lateral_lean_deg)
    elif lean_deg is not None and line_deg is not None:
        # A lean lowers the shoulder on that side. A chair rolled aside shifts the person without tilting: no lean.
        leaning = lean_deg * line_deg < 0
        line_sd_deg = measures.sd.get("shoulder_tilt_deg", 0.0)
        support_deg = LINE_SUPPORT * (abs(line_deg) + LINE_SLACK_SDS * line_sd_deg) / LINE_PER_LEAN
        size_deg = min(abs(lean_deg), support_deg) if leaning else 0.0
        size("lean_left", math.copysign(size_deg, lean_deg), settings.lateral_lean_deg)
        size("lean_right", math.copysign(size_deg, -lean_deg), settings.lateral_lean_deg)
        # The part of the shoulder line that the lean does not explain.
        own_deg = max(0.0, abs(line_deg) - (LINE_PER_LEAN * abs(lean_deg) if leaning else 0.0))
        size("shoulder_tilt", own_deg, settings.shoulder_tilt_deg)
    if measures.head_tilt_deg is not None:
        size("head_tilt", abs(measures.head_tilt_deg), settings.head_tilt_deg)
    if measures.slump_deg is not None:
        size("slump", measures.slump_deg, settings.slump_deg)
    if measures.forward_head_deg is not None:
        if (found["slump"] or 0.0) >= 1.0:
            judged["forward_head"] = Judged(why=BY_SLUMP)
        else:
            certainty = CERTAINTY["forward_head_deg"] if _faces_the_screen(measures, size_deg) else HIDDEN
            size("forward_head", measures.forward_head_deg, settings.forward_head_deg, certainty)
    _add_short_neck(found, judged, measures)
    if measures.distance_cm is not None and measures.lean_in_ratio is not None:
        # A slump brings the face nearer by itself, which is not reported twice.
        by_slump = SLUMP_NEARER if (found["slump"] or 0.0) >= 1.0 else 1.0
        larger = (1.0 + measures.lean_in_ratio) / by_slump
        level = found["too_close"] = _too_close(measures.distance_cm * by_slump, larger, settings)
        # The distance at which the level is 1: the face is larger in proportion to its nearness.
        at_cm = measures.distance_cm * level ** (1.0 / DISTANCE_POWER)
        judged["too_close"] = Judged(measures.distance_cm, None, at_cm, "cm")
    return found, judged


def _why_not(measures: Measures, kind: Deviation) -> str:
    """Say why a deviation is not judged, if it is not."""
    if measures.lean_in_ratio is None:
        return NO_FACE
    if kind in OF_SHOULDERS and measures.shoulder_drop_sw is None:
        return NO_SHOULDERS
    return NO_SENSE


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


def _add_short_neck(found: dict[Deviation, float | None], judged: dict[Deviation, Judged], measures: Measures) -> None:
    """Count a neck that has become shorter for whichever of slump and forward head is the nearer to its threshold."""
    short_sw = measures.neck_short_sw
    if short_sw is None:
        return
    sd_sw = measures.sd.get("neck_short_sw", 0.0)
    at_sw = max(NECK_SHORT_SW, NECK_SDS * sd_sw)
    level = max(0.0, short_sw) / at_sw
    kind: Deviation = "slump" if (found["slump"] or 0.0) >= (found["forward_head"] or 0.0) else "forward_head"
    by_angle = found[kind]
    if by_angle is not None and level > by_angle:
        found[kind], judged[kind] = level, Judged(short_sw, sd_sw, at_sw, "sw", coarse=judged[kind].coarse)


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
