"""The gauge of a guided exercise: the pass band, and where the measure is. Values alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from posture.language import number as written

if TYPE_CHECKING:
    from posture.coach import hold
    from posture.coach.exercise import Exercise
    from posture.guided.lead import Lead


def band_shown(lead: Lead) -> tuple[float, float]:
    """Give the pass band of the side that is seen, otherwise of the side that is asked for."""
    bands: Mapping[hold.Worked, tuple[float, float]] = lead.open_plan.bands or lead.plan.bands
    for side in (lead.look.side if lead.look else None, lead.state.asked):
        if side is not None and side in bands:
            return bands[side]
    return next(iter(bands.values()))


def gauge_top(high: float) -> float:
    """Give the upper end of the gauge: a third beyond the band."""
    return high * 4.0 / 3.0


def number(value: float, exercise: Exercise) -> str:
    """Format a measure with its unit."""
    return f"{written(value)}°" if exercise.camera.unit == "deg" else written(value, 2)
