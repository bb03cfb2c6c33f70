"""Smoothing of one measure over irregular looks: a running median, then a One-Euro filter. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

MEDIAN_OF = 5
"""How many looks the median takes (evidence, section 1: a design choice)."""
MEDIAN_WINDOW_S = 3.0
"""Older looks do not count in the median, so that rare looks are not delayed [design choice]."""
MIN_CUTOFF_HZ = 0.3
BETA = 0.02
D_CUTOFF_HZ = 1.0
"""One-Euro settings for measures in degrees (evidence, section 1)."""


@dataclass(frozen=True)
class Smoother:
    """What the filter remembers of one measure: recent raw values with their times, the last output, its rate."""

    recent: tuple[tuple[float, float], ...] = ()
    t_s: float = 0.0
    value: float | None = None
    rate: float = 0.0


def smooth(
    state: Smoother, t_s: float, value: float | None, min_cutoff_hz: float = MIN_CUTOFF_HZ
) -> tuple[Smoother, float | None]:
    """Take one value; return the state after it, and the smoothed value.

    Parameters
    ----------
    t_s : float
        Seconds, not before the last value's.
    value : float or None
        None if the measure is not known: None comes out, and the state stays as it is.
    min_cutoff_hz : float
        Cut-off for a measure at rest: lower is steadier, higher is quicker.
    """
    if value is None or not math.isfinite(value):
        return state, None
    recent = (*(pair for pair in state.recent if t_s - pair[0] <= MEDIAN_WINDOW_S), (t_s, value))[-MEDIAN_OF:]
    middle = float(median(pair[1] for pair in recent))
    step_s = t_s - state.t_s
    if state.value is None or step_s <= 0 or step_s > MEDIAN_WINDOW_S:
        return Smoother(recent, t_s, middle), middle
    rate = _towards(state.rate, (middle - state.value) / step_s, D_CUTOFF_HZ, step_s)
    out = _towards(state.value, middle, min_cutoff_hz + BETA * abs(rate), step_s)
    return Smoother(recent, t_s, out, rate), out


def _towards(old: float, new: float, cutoff_hz: float, step_s: float) -> float:
    """First-order low-pass with the given cut-off over one step."""
    alpha = 1.0 / (1.0 + 1.0 / (2.0 * math.pi * cutoff_hz * step_s))
    return old + alpha * (new - old)
