"""How much of a small grey picture differs from another one, apart from its brightness. Pure but for numpy.

A cloud or a step of the camera's exposure changes all cells alike, so one gain and one offset are fitted and taken out
first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["NOISE_LUMA", "change"]

NOISE_LUMA = 12.0
"""Luma, 0 to 255, by which a cell must differ beyond brightness: sensor noise, averaged over a cell of 8x8 px, stays
below 3 even in dim light [design choice]."""
MAX_GAIN = 2.0
"""A brightness step larger than this is a change in itself [design choice]."""
OUTLIER = 3.0


def change(reference: NDArray[np.uint8], luma: NDArray[np.uint8]) -> float:
    """Share of the cells that differ by more than brightness and noise.

    Parameters
    ----------
    reference, luma : ndarray of uint8, shape (rows, columns)
        Small grey pictures, about 60 by 80; of another shape they differ wholly.

    Returns
    -------
    float
        0 to 1.
    """
    if reference.shape != luma.shape:
        return 1.0
    x = reference.astype(np.float32).ravel()
    y = luma.astype(np.float32).ravel()
    kept_x, kept_y = x, y
    for _ in range(2):
        gain, offset = _fit(kept_x, kept_y)
        difference = np.abs(y - (gain * x + offset))
        # What moved must not pull the fit: a second one without it.
        limit = max(OUTLIER * float(np.median(difference)), NOISE_LUMA / 2)
        stays = difference <= limit
        kept_x, kept_y = x[stays], y[stays]
    return float(np.count_nonzero(difference > NOISE_LUMA)) / difference.size


def _fit(x: NDArray[np.float32], y: NDArray[np.float32]) -> tuple[float, float]:
    """Gain and offset that bring x nearest to y."""
    mean_x, mean_y = float(x.mean()), float(y.mean())
    centred = x - mean_x
    spread = float(centred @ centred)
    gain = float(centred @ (y - mean_y)) / spread if spread > x.size else 1.0
    gain = min(max(gain, 1.0 / MAX_GAIN), MAX_GAIN)
    return gain, mean_y - gain * mean_x
