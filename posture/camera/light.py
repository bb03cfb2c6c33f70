"""Whether a picture can show anything at all: a lens cap and a dark room are not an empty chair."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posture.camera.opencv import opencv

Blindness = Literal["", "too dark", "lens covered"]

DARK_LUMA = 22.0
"""Mean luma, 0 to 255, below which an empty picture does not mean an empty chair [design choice]."""
DIM_LUMA = 50.0
"""The same where nobody has been found yet in light like this: in rooms of 30 to 50 the model loses one in four people
at the first look, and somebody with dark skin at 41 for good [measured]."""
SAME_LIGHT = 0.7
"""Light is like that in which somebody was found if it is no darker than this part of it [design choice]."""
BLACK_LUMA = 8.0
"""Mean luma below which the model is not run: in the test pictures dimmed this far nobody is found [measured]."""
FLAT_LUMA = 3.0
"""Standard deviation of luma below which the lens is covered: no room is that even [design choice]."""
ONE_TONE, TONE_LUMA = 0.88, 4
"""An empty picture of which this part has one luma, give or take, is what a camera shows whose privacy switch is on: a
sign on an even ground, also with noise added. Of rooms at most a third is as even, of dim ones 0.57 [measured]."""
STEP_PX = 8
COLOUR = 2.0
"""Mean distance of the largest from the smallest of blue, green and red from which on a picture has colour; a grey one
that went through a JPEG has 0 [design choice]."""


def small_luma(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Reduce a picture, of shape (height, width, 3), to grey of shape (height // 8, width // 8): means of 8x8 px."""
    cv2 = opencv()
    size = (max(1, image.shape[1] // STEP_PX), max(1, image.shape[0] // STEP_PX))
    luma: NDArray[np.uint8] = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), size, interpolation=cv2.INTER_AREA)
    return luma


def has_colour(image: NDArray[np.uint8]) -> bool:
    """Whether a picture, of shape (height, width, 3), has any colour: that of a camera for infrared has none."""
    small = image[::STEP_PX, ::STEP_PX].astype(np.int16)
    return float((small.max(axis=2) - small.min(axis=2)).mean()) > COLOUR


def blindness(luma: NDArray[np.uint8], *, nobody: bool, dark_luma: float = DARK_LUMA) -> Blindness:
    """Say why nothing can be seen in a picture; empty when something can.

    The one rule of the program, for watching, `posture preview` and `posture doctor`.

    Parameters
    ----------
    luma : ndarray of uint8, shape (rows, columns)
        A small grey picture.
    nobody : bool
        The model has looked and found nobody. Poor light is then enough of a reason; if it finds somebody, the light
        does not matter.
    dark_luma : float
        Mean luma below which it is too dark to say that nobody is there, see `dark_luma_after`.
    """
    if float(luma.mean()) < (dark_luma if nobody else BLACK_LUMA):
        return "too dark"
    if float(luma.std()) < FLAT_LUMA or (nobody and _one_tone(luma) > ONE_TONE):
        return "lens covered"
    return ""


def _one_tone(luma: NDArray[np.uint8]) -> float:
    """The largest part of a picture whose luma is within `TONE_LUMA` of one value."""
    sums = np.concatenate(([0], np.cumsum(np.bincount(luma.ravel(), minlength=256))))
    width = 2 * TONE_LUMA + 1
    return float((sums[width:] - sums[:-width]).max()) / luma.size


def dark_luma_after(found_luma: float | None) -> float:
    """Give the mean luma below which it is too dark to say that nobody is there.

    `found_luma` is the mean luma of the darkest picture in which somebody was found; None if there was none.
    """
    return DIM_LUMA if found_luma is None else max(DARK_LUMA, min(DIM_LUMA, SAME_LIGHT * found_luma))
