"""Which picture that the model has seen a new one is like, and how much has changed since. Pure but for numpy.

Whoever sits at a desk moves to and fro, and is not new at each turn: a picture like one of the last minutes says what
that one said, as long as that is what is said now.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posture.measure.baseline import Baseline
from posture.measure.observation import Observation
from posture.perception.change import Outline, change, nearest, outline
from posture.perception.gate import Demand

MOST_SEEN = 64
SEEN_S = 600.0
"""So many pictures are remembered, and none longer than this: all that are inferred in ten lively minutes [design
choices]. Of the looks at the three clips and a filmed person at the steady pace, 30 saved a third to two fifths of the
inferences, and no change was found later. The one whose outline is nearest does as well as the nearest of all
[measured]."""

Said = tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Seen:
    """A picture of an inference, and what came of it."""

    t_s: float
    luma: NDArray[np.uint8]
    """Small and grey, (rows, columns)."""
    observation: Observation
    outline: Outline
    said: Said
    """See `said_by`."""
    baseline: Baseline | None
    """By which it was judged."""


def said_by(observation: Observation) -> Said:
    """Give what counts of an observation: of two that agree in it, the second begins nothing new."""
    raised = {kind: None if level is None else level >= 1.0 for kind, level in observation.levels.items()}
    return observation.presence, observation.view_fits, raised


def remembered(
    before: tuple[Seen, ...],
    luma: NDArray[np.uint8],
    observation: Observation,
    baseline: Baseline | None,
) -> tuple[Seen, ...]:
    """Add the picture of an inference, the last; the oldest are forgotten."""
    new = Seen(observation.t_s, luma, observation, outline(luma), said_by(observation), baseline)
    return (*(one for one in before if new.t_s - one.t_s <= SEEN_S), new)[-MOST_SEEN:]


def most_like(seen: tuple[Seen, ...], luma: NDArray[np.uint8], t_s: float, demand: Demand) -> tuple[Seen, float]:
    """Find what a new picture is most like: the last of `seen`, or another that said the same by the same baseline.

    Returns
    -------
    Seen
        What was found; its observation stands if the model does not run.
    float
        The share of the picture that differs from it, see `posture.perception.change`.
    """
    last = seen[-1]
    found, changed = last, change(last.luma, luma)
    if changed < demand.still or t_s - last.t_s >= demand.verify_s:
        return found, changed  # it is decided already whether the model runs
    # An empty chair is compared with the last picture only: whom the model has missed, it finds when they move.
    if last.observation.presence not in ("sitting", "standing"):
        return found, changed
    same = [one for one in seen[:-1] if one.said == last.said and one.baseline is last.baseline]
    index = nearest([one.outline for one in same], outline(luma))
    if index is not None and (by := change(same[index].luma, luma)) < changed:
        found, changed = same[index], by
    return found, changed
