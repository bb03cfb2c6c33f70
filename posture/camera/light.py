"""Whether a picture can show anything at all: a lens cap and a dark room are not an empty chair."""

from __future__ import annotations

import math
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from posture.camera.opencv import opencv
from posture.language import mark

Blindness = Literal["", "too dark", "lens covered"]
_WORDS = (mark("too dark"), mark("lens covered"))
"""The same, to be translated where they are shown."""

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
ONE_GROUND, GROUND_LUMA, NOISY_LUMA = 0.88, 4.0, 8.0
"""An empty picture of which this part is one even or smoothly shaded ground, give or take so many luma, or three times
its noise up to the last number, is what a camera shows whose privacy switch is on: a sign on that ground. Of rooms at
most 0.68 is as even, of a title over a drawn sky 0.83 to 0.92 [measured]."""
EDGE_GROUND, EDGE_LUMA = 0.95, 16.0
"""A sign stands in the middle, so this part of each edge is ground, give or take so many luma, since a shade fits least
in the corners; before a bare wall a chair reaches in from below [design choice]."""
SHADE_DEGREE, SHADE_STEPS, SHADE_PART = 4, 6, 0.75
"""A ground with a vignette or a gradient is a polynomial of this degree. It is fitted in so many steps, each to what
fits best in the one before, at least this part [design choice]."""
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
    if float(luma.std()) < FLAT_LUMA or (nobody and _is_sign(luma)):
        return "lens covered"
    return ""


def _is_sign(luma: NDArray[np.uint8]) -> bool:
    """Whether a picture is one smoothly shaded ground, but for something in the middle."""
    off, most_luma = _off_ground(luma)
    like_ground = off <= max(EDGE_LUMA, most_luma)
    edges = like_ground[0], like_ground[-1], like_ground[:, 0], like_ground[:, -1]
    return float((off <= most_luma).mean()) > ONE_GROUND and min(float(edge.mean()) for edge in edges) > EDGE_GROUND


def _off_ground(luma: NDArray[np.uint8]) -> tuple[NDArray[np.float64], float]:
    """How far each cell is from the smoothly shaded ground that most of a picture may be, and how far noise goes."""
    value = luma.astype(np.float64)
    steps = np.concatenate([np.diff(value, axis=axis).ravel() for axis in (0, 1)])
    # Noise of a normal distribution from the median of differences, which have the square root of two times as much.
    noise_luma = 1.4826 * float(np.median(np.abs(steps))) / math.sqrt(2.0) if steps.size else 0.0
    most_luma = min(max(GROUND_LUMA, 3.0 * noise_luma), NOISY_LUMA)
    shades, values = _shades(*luma.shape), value.ravel()
    off = np.abs(values - np.median(values))
    for _ in range(SHADE_STEPS):
        fits = off <= max(most_luma, float(np.quantile(off, SHADE_PART)))
        parts = shades[fits]
        weights = np.linalg.lstsq(parts.T @ parts, parts.T @ values[fits], rcond=None)[0]
        off = np.abs(values - shades @ weights)
    return off.reshape(luma.shape), most_luma


@cache
def _shades(rows: int, columns: int) -> NDArray[np.float64]:
    """The polynomials in row and column that a shade is made of, one column each."""
    down, across = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, columns), indexing="ij")
    powers = [(i, j) for i in range(SHADE_DEGREE + 1) for j in range(SHADE_DEGREE + 1 - i)]
    return np.stack([(down**i * across**j).ravel() for i, j in powers], axis=1)


def dark_luma_after(found_luma: float | None) -> float:
    """Give the mean luma below which it is too dark to say that nobody is there.

    `found_luma` is the mean luma of the darkest picture in which somebody was found; None if there was none.
    """
    return DIM_LUMA if found_luma is None else max(DARK_LUMA, min(DIM_LUMA, SAME_LIGHT * found_luma))
