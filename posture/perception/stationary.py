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

__all__ = ["Snapshot", "StationaryPeople", "is_stationary", "is_still_there"]

STILL_S = 120.0
"""Nobody alive is still for so long: within two seconds to four a sitter of the clips, rendered or filmed, differs
from before in some cell of head and shoulders by more than `change.NOISE_LUMA`, within 30 s by 46 and more [measured];
the time is a design choice."""
MOVED_SHARE = 0.003
"""Share of the cells of head and shoulders; one in three hundred [design choice]."""
SAME_SHARE = 0.05
"""Share of the cells in which a place is still the same when the user has left beside it: shadows go
[design choice]."""
THERE_SHARE = 0.1
"""Share of the cells of head and shoulders that may change where nobody has left. When somebody leaves, over 0.4 do, in
the dim clip 0.28, made darker and noisy 0.19; where the model loses one who sits still far away, 0.04 to 0.13
[measured]."""
THERE_CONTRAST_LUMA = 20.0
"""Standard deviation below which that is not asked: in the dark all places are alike [design choice]."""
ELSEWHERE_SHARE = 0.5
"""A place that the user covered by less than this was to be seen beside them [design choice]."""
LEAST_CONTRAST_LUMA = 10.0
"""Standard deviation below which stillness cannot be told from darkness [design choice]."""
MOST_PICTURES = 8


@dataclass(frozen=True, eq=False)
class Snapshot:
    """Somebody in a picture: cells of head and shoulders, and down to the lower edge."""

    t_s: float
    luma: Luma
    cells: Cells
    whole: Cells


@dataclass(frozen=True, eq=False)
class StationaryPeople:
    """What is remembered of those who were found.

    Attributes
    ----------
    pictures : tuple
        Places with a person who is none.
    user : Snapshot or None
        The user when seen last.
    still : Snapshot or None
        Head and shoulders since they were last seen to move.
    alive : bool
        Somebody has moved. Before that, stillness says nothing: a film of one picture is all still.
    """

    pictures: tuple[Snapshot, ...] = ()
    user: Snapshot | None = None
    still: Snapshot | None = None
    alive: bool = False


def is_stationary(state: StationaryPeople, t_s: float, luma: Luma, pose: Pose) -> tuple[StationaryPeople, bool]:
    """Whether a person who was found is one of the wall: a poster, a photograph, a screen that stands still.

    Parameters
    ----------
    state : StationaryPeople
        Begin with ``StationaryPeople()``.
    t_s : float
        Time of the look, seconds.
    luma : ndarray of uint8, shape (rows, columns)
        The small grey picture of the look.
    pose : Pose

    Returns
    -------
    StationaryPeople, bool
    """
    cells = covered_cells(pose, luma.shape, below=False)
    if luma[cells].size == 0 or float(luma[cells].std()) < LEAST_CONTRAST_LUMA:
        return state, False
    if any(_overlap(cells, known.cells) and _changed(known, luma) <= SAME_SHARE for known in state.pictures):
        return state, True
    here = Snapshot(t_s, luma, cells, covered_cells(pose, luma.shape, below=True))
    if state.user is not None and state.user.luma.shape == luma.shape:
        beside = cells & ~state.user.whole
        was_there = replace(state.user, cells=beside)
        if beside.sum() > (1.0 - ELSEWHERE_SHARE) * cells.sum() and _changed(was_there, luma) <= SAME_SHARE:
            return _with_picture(state, here), True
    still = state.still
    if still is None or not _overlap(cells, still.cells):
        state = replace(state, still=here)
    elif _changed(still, luma) > MOVED_SHARE:
        state = replace(state, still=here, alive=True)
    elif state.alive and t_s - still.t_s >= STILL_S and not np.array_equal(still.luma, luma):
        return _with_picture(state, here), True
    return replace(state, user=here), False


def is_still_there(state: StationaryPeople, luma: Luma) -> bool:
    """Whether the user, whom the model does not find, is where they were: they are seen to leave before they are away.

    Far away, in grey light, behind a hand, the model loses who is there; but their place looks as it did.
    """
    one = state.user
    if one is None or float(one.luma[one.cells].std()) < THERE_CONTRAST_LUMA:
        return False
    return _changed(one, luma) <= THERE_SHARE


def _with_picture(state: StationaryPeople, one: Snapshot) -> StationaryPeople:
    return replace(state, pictures=(*state.pictures, one)[-MOST_PICTURES:], still=None, user=None)


def _changed(before: Snapshot, luma: Luma) -> float:
    """Share of the cells that are no longer what they were, brightness aside."""
    if before.luma.shape != luma.shape:
        return 1.0
    return change(before.luma[before.cells], luma[before.cells])


def _overlap(one: Cells, other: Cells) -> bool:
    if one.shape != other.shape:
        return False
    return bool((one & other).sum() > 0.5 * max(one.sum(), other.sum()))
