"""How large each deviation is, in parts of its threshold: the language the timeline understands."""

from __future__ import annotations

from posture.measure.measures import Measures
from posture.measure.observation import DEVIATIONS, Deviation
from posture.settings import Measure

__all__ = ["deviations_of", "levels"]


def levels(measures: Measures, settings: Measure) -> dict[Deviation, float | None]:
    """Size of each deviation in parts of its threshold; None where it is not known.

    Parameters
    ----------
    measures : Measures
        Smoothed, or of a single picture.
    settings : posture.settings.Measure
        The thresholds.

    Returns
    -------
    dict of deviation to float or None
        1.0 is at the threshold.
    """
    found: dict[Deviation, float | None] = dict.fromkeys(DEVIATIONS, None)
    lean_deg, shift_sw = measures.lateral_lean_deg, measures.lateral_shift_sw
    if lean_deg is not None:
        size = abs(lean_deg) / settings.lateral_lean_deg
        found["lean_left"] = size if lean_deg > 0 else 0.0
        found["lean_right"] = size if lean_deg < 0 else 0.0
        if measures.shoulder_tilt_deg is not None and shift_sw is not None:
            # The part of the shoulder line that the lean does not explain.
            found["shoulder_tilt"] = abs(measures.shoulder_tilt_deg + lean_deg) / settings.shoulder_tilt_deg
    if measures.head_tilt_deg is not None:
        found["head_tilt"] = abs(measures.head_tilt_deg) / settings.head_tilt_deg
    if measures.head_drop_sw is not None and measures.shoulder_drop_sw is not None:
        found["slump"] = max(0.0, measures.head_drop_sw) / settings.head_drop_sw
    if measures.neck_ratio is not None and measures.head_pitch_deg is not None:
        found["forward_head"] = max(0.0, -measures.neck_ratio) / settings.forward_head_ratio
    if measures.distance_cm is not None:
        found["too_close"] = settings.too_close_cm / measures.distance_cm
    return found


def deviations_of(measures: Measures, settings: Measure) -> list[Deviation]:
    """Deviations at or above their thresholds in a single picture."""
    return [kind for kind, level in levels(measures, settings).items() if level is not None and level >= 1.0]
