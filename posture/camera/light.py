"""Whether a frame can show anything at all: a lens cap and a dark room are not an empty chair."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["blindness"]

DARK_LUMA = 22.0
"""Mean luma, 0 to 255, under which nobody can be told from nothing [design choice]."""
FLAT_LUMA = 3.0
"""Standard deviation of luma under which the lens is covered: no room is that even [design choice]."""
STEP_PX = 8


def blindness(image: NDArray[np.uint8]) -> str:
    """Why nothing can be seen in a frame, or an empty string when something can.

    Parameters
    ----------
    image : ndarray of uint8, shape (height, width, 3)
        Blue, green, red.

    Returns
    -------
    str
        ``"too dark"``, ``"lens covered"`` or ``""``.
    """
    small = image[::STEP_PX, ::STEP_PX].astype(np.float32)
    luma = small @ np.array([0.114, 0.587, 0.299], dtype=np.float32)  # ITU-R BT.601
    if float(luma.mean()) < DARK_LUMA:
        return "too dark"
    if float(luma.std()) < FLAT_LUMA:
        return "lens covered"
    return ""
