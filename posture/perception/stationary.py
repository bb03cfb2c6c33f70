"""People who never move (posters, photographs, screens), and a user who sits on although the model lost them. Pure.

A model that looks at one picture cannot know that the face on a poster is not a person. But the poster was there while
the user sat elsewhere, and it never moves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from posture.perception.cells import Cells, Luma, covered_cells
from posture.perception.change import change
from posture.pose.landmarks import Pose

STILL_S = 120.0
"""No living person is still for so long: within two to four seconds a sitter of the clips, rendered or filmed, differs
from before in some cell of head and shoulders by more than `change.NOISE_LUMA`, within 30 s by 46 and more [measured];
the time is a design choice."""
MOVED_SHARE = 0.003
"""Share of the cells of head and shoulders that must change for a movement; one in three hundred [design choice]."""
SAME_SHARE = 0.05
"""Share of the cells that may change in a place that is still the same after the user beside it has left and taken
their shadow along [design choice]."""
THERE_SHARE = 0.1
"""Share of the cells of head and shoulders that may change where nobody has left. When somebody leaves, over 0.4 do, in
the dim clip 0.28, made darker and noisy 0.19; where the model loses one who sits still far away, 0.04 to 0.13
[measured]."""
THERE_CONTRAST_LUMA = 20.0
"""Standard deviation below which places are not compared: in the dark they all look alike [design choice]."""
ELSEWHERE_SHARE = 0.5
"""A place of which the user covered less than this was visible beside them [design choice]."""
LEAST_CONTRAST_LUMA = 10.0
"""Standard deviation below which stillness cannot be distinguished from darkness [design choice]."""
MOST_KNOWN = 8


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Somebody in a picture."""

    t_s: float
    luma: Luma
    """The small grey picture, (rows, columns)."""
    cells: Cells
    """Head and shoulders, in the same shape."""
    whole: Cells
    """Head and shoulders, and the body below them down to the lower edge."""


@dataclass(frozen=True, eq=False)
class StationaryPeople:
    """What is remembered of the people who were found."""

    known: tuple[Snapshot, ...] = ()
    """People who turned out to be stationary."""
    user: Snapshot | None = None
    """The user when last seen."""
    still: Snapshot | None = None
    """Head and shoulders when they were last seen to move."""
    alive: bool = False
    """Somebody has moved. Until then stillness means nothing: in a film of a single picture everything is still."""


def is_stationary(state: StationaryPeople, t_s: float, luma: Luma, pose: Pose) -> tuple[StationaryPeople, bool]:
    """Whether a person who was found is part of the room: a poster, a photograph, a frozen screen.

    Parameters
    ----------
    state : StationaryPeople
        Begin with ``StationaryPeople()``.
    t_s : float
        Time of the look, seconds.
    luma : ndarray of uint8, shape (rows, columns)
        The small grey picture of the look.
    """
    cells = covered_cells(pose, luma.shape, below=False)
    if luma[cells].size == 0 or float(luma[cells].std()) < LEAST_CONTRAST_LUMA:
        return state, False
    if any(_overlap(cells, poster.cells) and _changed(poster, luma) <= SAME_SHARE for poster in state.known):
        return state, True
    here = Snapshot(t_s, luma, cells, covered_cells(pose, luma.shape, below=True))
    if state.user is not None and state.user.luma.shape == luma.shape:
        beside = cells & ~state.user.whole
        was_there = replace(state.user, cells=beside)
        if beside.sum() > (1.0 - ELSEWHERE_SHARE) * cells.sum() and _changed(was_there, luma) <= SAME_SHARE:
            return _with_known(state, here), True
    still = state.still
    if still is None or not _overlap(cells, still.cells):
        state = replace(state, still=here)
    elif _changed(still, luma) > MOVED_SHARE:
        state = replace(state, still=here, alive=True)
    elif state.alive and t_s - still.t_s >= STILL_S and not np.array_equal(still.luma, luma):
        return _with_known(state, here), True
    return replace(state, user=here), False


def is_still_there(state: StationaryPeople, luma: Luma) -> bool:
    """Whether the user, whom the model no longer finds, has not left: their place looks as it did.

    Far away, in grey light or behind a hand, the model loses people who are still there.
    """
    user = state.user
    if user is None or float(user.luma[user.cells].std()) < THERE_CONTRAST_LUMA:
        return False
    return _changed(user, luma) <= THERE_SHARE


def _with_known(state: StationaryPeople, poster: Snapshot) -> StationaryPeople:
    return replace(state, known=(*state.known, poster)[-MOST_KNOWN:], still=None, user=None)


def _changed(before: Snapshot, luma: Luma) -> float:
    """Share of the cells that are no longer what they were, apart from brightness."""
    if before.luma.shape != luma.shape:
        return 1.0
    return change(before.luma[before.cells], luma[before.cells])


def _overlap(cells: Cells, others: Cells) -> bool:
    if cells.shape != others.shape:
        return False
    return bool((cells & others).sum() > 0.5 * max(cells.sum(), others.sum()))
