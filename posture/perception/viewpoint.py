"""Does the camera look where it looked before? Told by the edges in the background. Pure but for numpy and OpenCV.

Edges stay in place when a lamp is lit or a cloud passes, and all move together when the camera is turned. A lid half
closed shows a keyboard, which must not be taken for an empty chair. What a person covers, before or now, is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posture.camera.opencv import opencv
from posture.measure.observation import Presence
from posture.perception.cells import Cells, Luma, covered_cells
from posture.pose.landmarks import Pose

ALIKE = 0.6
"""Two views at least this alike are the same, see `Likeness.here`."""

COLUMNS = 80
"""Width to which a picture is reduced first: one cell is then 0.8 deg of a usual webcam's view."""
WEAK_LUMA = 4.0
"""A brightness step of this size between two cells counts half; much stronger ones all count about the same, so that a
single window frame does not outweigh a room [design choice]."""
LEAST_AREA = 0.08
"""Share of the picture that must be free of people in both views to compare them [design choice]."""
LEAST_TEXTURE = 0.12
"""Mean strength of the edges (0 to 1) below which a wall is too bare to compare: the rendered rooms have 0.3 and more
[measured]."""

DISPLACED, CLEARLY = 0.65, 0.25
"""A shift is believed if the views are this alike after it, and by this much more alike than before it. Turned by 3 to
20 deg, the sweep's rooms are at 0.67 to 0.94, and better than unshifted by 0.34 and more [measured]."""
STRANGE = 0.35
"""Unshifted views less alike than this have nothing in common: turned by 30 deg the sweep's are below 0.2."""
MOST_SHIFT = 0.045
"""The largest shift that is tolerated (a laptop on a lap, a bumped desk), in parts of the picture's width: 2.8 deg of a
usual webcam. A tilt of 5 deg looks like half a slump [measured]."""
SETTLED_S = 60.0
"""Once somebody has sat in a new view for so long, it becomes the known one [design choice]."""

Edges = NDArray[np.complex64]


@dataclass(frozen=True)
class Likeness:
    """How one view matches another."""

    here: float
    """How alike they are cell by cell, -1 to 1. The sweep's rooms stay above 0.9 with another posture, without the
    person and in dim light; turned by 3 deg they are at 0.2 to 0.56 [measured]."""
    best: float
    """The same at the shift that fits best."""
    down: float
    right: float
    """That shift of the picture's content, down and right, in parts of its width."""


def edges(luma: Luma) -> Edges:
    """Find strength and direction of the brightness steps in a small grey picture, (rows, columns).

    One complex number a cell, in the shape (rows * 80 // columns, 80).
    """
    rows = max(2, round(luma.shape[0] * COLUMNS / luma.shape[1]))
    small = opencv().resize(luma, (COLUMNS, rows), interpolation=opencv().INTER_AREA).astype(np.float32)
    down, right = np.gradient(small)
    step = right + 1j * down
    found: Edges = (step / (np.abs(step) + WEAK_LUMA)).astype(np.complex64)
    return found


def is_telling(seen: Edges, free: Cells) -> bool:
    """Whether enough background is visible, with enough edges, to compare it."""
    return bool(free.mean() >= LEAST_AREA and np.abs(seen[free]).mean() >= LEAST_TEXTURE)


def likeness(before: Edges, free_before: Cells, now: Edges, free_now: Cells) -> Likeness | None:
    """Compare two views; None if too little of the background is visible, or it is too bare.

    A shift is only searched for if they are not alike as they are. Pictures of different shapes are not alike.

    Parameters
    ----------
    before, now : ndarray of complex64, shape (rows, 80)
    free_before, free_now : ndarray of bool, shape (rows, 80)
        Where nobody hides the background.
    """
    if before.shape != now.shape:
        return Likeness(0.0, 0.0, 0.0, 0.0)
    both = free_before & free_now
    if not (is_telling(before, both) and is_telling(now, both)):
        return None
    here = _alike(before[both], now[both])
    if here >= ALIKE:
        return Likeness(here, here, 0.0, 0.0)
    match = _matches(before * free_before, free_before, now * free_now, free_now)
    down, right = np.unravel_index(int(match.argmax()), match.shape)
    rows, columns = before.shape
    return Likeness(
        here, float(match.max()), float(down - (rows - 1)) / columns, float(right - (columns - 1)) / columns
    )


def _alike(before: Edges, now: Edges) -> float:
    product = (before * now.conj()).real.sum()
    return float(product / np.sqrt((np.abs(before) ** 2).sum() * (np.abs(now) ** 2).sum()))


def _matches(before: Edges, free_before: Cells, now: Edges, free_now: Cells) -> NDArray[np.float64]:
    """Correlate what is free in both views at every shift, normalised; no shift is in the middle."""
    rows, columns = before.shape
    size = (2 * rows, 2 * columns)

    def spectrum(values: NDArray[np.generic]) -> NDArray[np.complex128]:
        return np.fft.fft2(values, size)

    def at_each_shift(fixed: NDArray[np.complex128], shifted: NDArray[np.complex128]) -> NDArray[np.float64]:
        product = np.fft.ifft2(np.conj(fixed) * shifted).real
        return np.roll(product, (rows - 1, columns - 1), axis=(0, 1))[: 2 * rows - 1, : 2 * columns - 1]

    mask_before, mask_now = spectrum(free_before), spectrum(free_now)
    overlap = at_each_shift(mask_before, mask_now)
    energy_before = at_each_shift(spectrum(np.abs(before) ** 2), mask_now)
    energy_now = at_each_shift(mask_before, spectrum(np.abs(now) ** 2))
    # Multiplying by the conjugate leaves in the real part what points the same way in both.
    product = at_each_shift(spectrum(before), spectrum(now))
    energy = np.sqrt(np.maximum(energy_before, 0.0) * np.maximum(energy_now, 0.0))
    enough = (overlap >= LEAST_AREA * rows * columns) & (energy > 1.0)
    match: NDArray[np.float64] = np.where(enough, product / np.maximum(energy, 1.0), -1.0)
    return match


@dataclass(frozen=True, eq=False)
class Viewpoint:
    """Where the camera looks, compared with the view it had settled on."""

    known: Edges | None = None
    """The settled view; refreshed as the light changes, as long as nothing is displaced."""
    free: Cells | None = None
    """Where nobody hides it."""
    offset: tuple[float, float] = (0.0, 0.0)
    """How far it is from the first view: content down and right, in parts of the picture's width."""
    changed: bool = False
    """The camera does not look where the user was last seen, so an empty picture does not mean an empty chair."""
    sitting_s: float | None = None
    """Since when somebody has been sitting in the new view."""

    @property
    def turned(self) -> bool:
        """Whether the camera has been turned too far to judge posture."""
        return max(map(abs, self.offset)) > MOST_SHIFT


def watch_viewpoint(state: Viewpoint, t_s: float, luma: Luma, pose: Pose | None, presence: Presence) -> Viewpoint:
    """Take one look; the state is ``Viewpoint()`` at first and after each calibration.

    Parameters
    ----------
    t_s : float
        Time of the look, seconds.
    luma : ndarray of uint8, shape (rows, columns)
        The small grey picture of the look.
    pose : Pose or None
        The user, if found.
    presence : {"sitting", "standing", "away", "unknown"}
        What the look says so far.
    """
    now = edges(luma)
    free = np.ones(now.shape, np.bool_) if pose is None else ~covered_cells(pose, now.shape, below=True)
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
        # Compared with the same view each time, so that small shifts do not add up unnoticed.
        return replace(state, changed=False, sitting_s=None)
    turned_back = shift is not None and max(map(abs, offset)) <= MOST_SHIFT
    sitting_s = (t_s if state.sitting_s is None else state.sitting_s) if presence == "sitting" else None
    if turned_back or (sitting_s is not None and t_s - sitting_s >= SETTLED_S):
        return Viewpoint(now, free, offset)
    return replace(state, changed=True, sitting_s=sitting_s)


def _shift(found: Likeness) -> tuple[float, float] | None:
    """How far the view has moved, down and right; None if it has nothing in common with the one before."""
    if found.best >= DISPLACED and found.best - found.here >= CLEARLY:
        return found.down, found.right
    return (0.0, 0.0) if found.here >= STRANGE else None
