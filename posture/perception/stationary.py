"""What the rest of the picture tells: a person who is part of the wall, a camera that was turned. Pure but for numpy.

A model that looks at one picture cannot know that a face on a poster is none, nor that a lid half closed shows a
keyboard instead of an empty chair. Both show in what stays: a poster was there while the user sat elsewhere, and never
moves; a camera that was turned takes the whole room along.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posture.measure.observation import Presence
from posture.perception.gate import change
from posture.perception.viewpoint import Edges, Likeness, edges, is_telling, likeness
from posture.pose.landmarks import Landmark, Pose

__all__ = ["StationaryPeople", "Viewpoint", "is_stationary", "is_still_there", "watch_viewpoint"]

Luma = NDArray[np.uint8]
Cells = NDArray[np.bool_]

STILL_S = 120.0
"""Nobody alive is still for so long: within two seconds to four a sitter of the clips, rendered or filmed, differs
from before in some cell of head and shoulders by more than `gate.NOISE_LUMA`, within 30 s by 46 and more [measured];
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
_SHOULDERS = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
_UPPER = [Landmark.NOSE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR, *_SHOULDERS]
_ARMS = [Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW, Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]

DISPLACED, CLEARLY = 0.65, 0.25
"""A shift is believed where the views are this alike after it, and by this more than before it. Turned by 3 to 20 deg,
the sweep's rooms are at 0.67 to 0.94, and better than unshifted by 0.34 and more [measured]."""
STRANGE = 0.35
"""Views less alike than this, at no shift, have nothing in common: turned by 30 deg the sweep's are below 0.2."""
MOST_SHIFT = 0.045
"""Part of the picture's width (2.8 deg of a usual webcam) that is put up with: a laptop on a lap, a bumped desk. A
tilt of 5 deg makes half a slump [measured]."""
SETTLED_S = 60.0
"""Sitting for so long before a new view makes it the view [design choice]."""


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
    cells = _cells(pose, luma.shape, below=False)
    if luma[cells].size == 0 or float(luma[cells].std()) < LEAST_CONTRAST_LUMA:
        return state, False
    if any(_overlap(cells, known.cells) and _changed(known, luma) <= SAME_SHARE for known in state.pictures):
        return state, True
    here = Snapshot(t_s, luma, cells, _cells(pose, luma.shape, below=True))
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


def _cells(pose: Pose, shape: tuple[int, ...], *, below: bool) -> Cells:
    """Cells of head and shoulders, with a margin; with `below` also those under them, as wide as the arms reach."""
    scale = shape[1] / pose.frame_w_px
    x, y = pose.landmarks[:, 0] * scale, pose.landmarks[:, 1] * scale
    shoulders_y = float(y[_SHOULDERS].mean())
    margin = (0.25 if below else 0.15) * max(float(np.ptp(x[_SHOULDERS])), float(np.ptp(y[_UPPER])))
    cells = np.zeros(shape, dtype=np.bool_)

    def mark(of: list[Landmark], top: float, bottom: float) -> None:
        left, right = float(x[of].min()) - margin, float(x[of].max()) + margin
        cells[max(0, int(top)) : max(0, int(bottom) + 1), max(0, int(left)) : max(0, int(right) + 1)] = True

    mark(_UPPER, float(y[_UPPER].min()) - 2 * margin, shoulders_y + margin)
    if below:
        mark([*_UPPER, *_ARMS], shoulders_y - margin, shape[0])
    return cells


@dataclass(frozen=True, eq=False)
class Viewpoint:
    """Where the camera looks, against the look at which it was settled.

    Attributes
    ----------
    known : Edges or None
        The view that was settled last, kept up to date with the light while nothing is displaced.
    free : ndarray of bool or None
        Where nobody hid it.
    offset : tuple of float
        How far that view is from the first: content down and right, in parts of the picture's width.
    changed : bool
        The camera looks elsewhere than where the user was seen last: nothing says that a chair is empty.
    sitting_s : float or None
        Since when somebody has been sitting before the new view.
    """

    known: Edges | None = None
    free: Cells | None = None
    offset: tuple[float, float] = (0.0, 0.0)
    changed: bool = False
    sitting_s: float | None = None

    @property
    def turned(self) -> bool:
        """The camera was turned by more than posture can be told with."""
        return max(map(abs, self.offset)) > MOST_SHIFT


def watch_viewpoint(state: Viewpoint, t_s: float, luma: Luma, pose: Pose | None, presence: Presence) -> Viewpoint:
    """Take one look.

    Parameters
    ----------
    state : Viewpoint
        Begin with ``Viewpoint()``, and again after a calibration.
    t_s : float
        Time of the look, seconds.
    luma : ndarray of uint8, shape (rows, columns)
        The small grey picture of the look.
    pose : Pose or None
        Who was found.
    presence : {"sitting", "standing", "away", "unknown"}
        What the look says so far.
    """
    now = edges(luma)
    free = np.ones(now.shape, np.bool_) if pose is None else ~_cells(pose, now.shape, below=True)
    if state.known is None or state.free is None or not is_telling(state.known, state.free):
        return replace(state, known=now, free=free)
    found = likeness(state.known, state.free, now, free)
    if found is None:
        return state
    shift = _shift(found)
    offset = state.offset if shift is None else (state.offset[0] + shift[0], state.offset[1] + shift[1])
    if shift == (0.0, 0.0):
        return Viewpoint(now, free, offset)
    if shift is not None and max(map(abs, shift)) <= MOST_SHIFT:
        # Held against the same view each time, so that a wobble does not add up.
        return replace(state, changed=False, sitting_s=None)
    turned_back = shift is not None and max(map(abs, offset)) <= MOST_SHIFT
    sitting_s = (t_s if state.sitting_s is None else state.sitting_s) if presence == "sitting" else None
    if turned_back or (sitting_s is not None and t_s - sitting_s >= SETTLED_S):
        return Viewpoint(now, free, offset)
    return replace(state, changed=True, sitting_s=sitting_s)


def _shift(found: Likeness) -> tuple[float, float] | None:
    """By how much the view has moved; None where it has nothing in common with the one before."""
    if found.best >= DISPLACED and found.best - found.here >= CLEARLY:
        return found.down, found.right
    return (0.0, 0.0) if found.here >= STRANGE else None
