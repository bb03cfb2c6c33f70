"""How much of a small grey picture differs from an earlier one, apart from its brightness. Pure but for numpy.

A cloud or a step of the camera's exposure changes all cells alike, so a gain and an offset are fitted and taken out
first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Outline = NDArray[np.float32]

NOISE_LUMA = 12.0
"""Luma, 0 to 255, by which a cell must differ beyond brightness: sensor noise, averaged over a cell of 8x8 px, stays
below 3 even in dim light [design choice]."""
MAX_GAIN = 2.0
"""A brightness step larger than this is a change in itself [design choice]."""
BLOCK = 4
"""Rows and columns of cells that are one in an outline, where the picture has as many."""
OUTLIER = 3.0
"""How many times the median difference a cell may differ and still take part in the second fit."""


def change(reference: NDArray[np.uint8], luma: NDArray[np.uint8]) -> float:
    """Give the share of the cells that differ by more than brightness and noise, 0 to 1.

    Both are small grey pictures, about 60 by 80, or the same cells of both. Of different shapes, all of it differs.
    """
    if reference.shape != luma.shape:
        return 1.0
    x = reference.astype(np.float32).ravel()
    y = luma.astype(np.float32).ravel()
    difference = _difference(x, y, np.ones(x.size, np.bool_))
    # What has moved must not pull the fit: a second one without it.
    unmoved = difference <= max(OUTLIER * float(np.median(difference)), NOISE_LUMA / 2)
    difference = _difference(x, y, unmoved)
    return float(np.count_nonzero(difference > NOISE_LUMA)) / difference.size


def outline(luma: NDArray[np.uint8]) -> Outline:
    """Give a small grey picture coarsely, without its brightness and contrast, to find those that may be like it."""
    block = min(BLOCK, *luma.shape)
    rows, columns = (side - side % block for side in luma.shape)
    blocks = luma[:rows, :columns].reshape(rows // block, block, columns // block, block).mean(axis=(1, 3))
    off = blocks - blocks.mean()
    found: Outline = (off / max(float(off.std()), 1.0)).astype(np.float32)
    return found


def nearest(outlines: Sequence[Outline], to: Outline) -> int | None:
    """Give the index of the outline that differs least from another one; None if none has its shape."""
    alike = [index for index, one in enumerate(outlines) if one.shape == to.shape]
    if not alike:
        return None
    return alike[int(np.abs(np.stack([outlines[index] for index in alike]) - to).mean(axis=(1, 2)).argmin())]


def _difference(x: NDArray[np.float32], y: NDArray[np.float32], fitted: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How far y is from x after the gain and offset that some of the cells suggest."""
    gain, offset = _fit(x[fitted], y[fitted])
    difference: NDArray[np.float32] = np.abs(y - (gain * x + offset))
    return difference


def _fit(x: NDArray[np.float32], y: NDArray[np.float32]) -> tuple[float, float]:
    """Find the gain and offset that bring x nearest to y."""
    mean_x, mean_y = float(x.mean()), float(y.mean())
    centred = x - mean_x
    spread = float(centred @ centred)
    gain = float(centred @ (y - mean_y)) / spread if spread > x.size else 1.0
    gain = min(max(gain, 1.0 / MAX_GAIN), MAX_GAIN)
    return gain, mean_y - gain * mean_x
