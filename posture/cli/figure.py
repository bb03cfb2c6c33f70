"""The drawing of an exercise in the terminal: a picture where the terminal shows pictures, otherwise of characters."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from posture.output import own
from posture.report.drawings import Place, Ring, Shape, bounds, drawing, stroke

if TYPE_CHECKING:
    from posture.coach.exercise import Exercise, Side

ROWS, MOST_COLUMNS = 16, 60
"""The largest figure, in characters."""
_PICTURE_PX = 320
_DOT_W, _DOT_H = 2, 4
"""Dots of one braille character."""
_BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_SIXTEENTH_DEG = 22.5


def show(exercise: Exercise, side: Side) -> None:
    """Print the drawing; nothing where the exercise has none."""
    shapes = drawing(exercise, side)
    if not shapes:
        return
    if sys.stdout.isatty() and sys.stdin.isatty() and _picture(shapes):
        return
    print("\n".join(characters(shapes, braille=_knows_braille())))


def characters(shapes: Sequence[Shape], *, braille: bool) -> list[str]:
    """Draw with characters: braille, whose dots are fine enough for a figure, or ASCII alone.

    Returns
    -------
    list of str
        The rows, without blanks at their ends.
    """
    across, down = (_DOT_W, _DOT_H) if braille else (1, 1)
    _, _, right, bottom = bounds(shapes)
    # A character is about twice as high as it is wide.
    scale = min(ROWS * down / bottom, MOST_COLUMNS * across / right * (1.0 if braille else 0.5))
    dots: dict[tuple[int, int], str] = {}
    for shape in shapes:
        mark = "*" if shape.kind in ("worked", "arrow") else ""
        for points in _strokes(shape):
            for start, end in itertools.pairwise(points):
                sign = mark or _sign(start, end)
                steps = max(1, round(2.0 * scale * math.dist(start, end)))
                for step in range(steps + 1):
                    x, y = (a + (b - a) * step / steps for a, b in zip(start, end, strict=True))
                    dots[int(x * scale * (1.0 if braille else 2.0)), int(y * scale)] = sign
    rows = max(y for _, y in dots) // down + 1
    first = min(y for _, y in dots) // down
    columns = max(x for x, _ in dots) // across + 1
    if not braille:
        return ["".join(dots.get((x, y), " ") for x in range(columns)).rstrip() for y in range(first, rows)]
    cells = [[0] * columns for _ in range(rows)]
    for x, y in dots:
        cells[y // down][x // across] |= _BRAILLE[y % down][x % across]
    return ["".join(chr(0x2800 + cell) if cell else " " for cell in row).rstrip() for row in cells[first:]]


def _knows_braille() -> bool:
    try:
        chr(0x2800).encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _strokes(shape: Shape) -> list[Sequence[Place]]:
    if not isinstance(shape, Ring):
        return [shape.points]
    angles = [math.radians(20.0 * step) for step in range(19)]
    x, y = shape.centre
    return [[(x + shape.radius * math.cos(a), y + shape.radius * math.sin(a)) for a in angles]]


def _sign(start: Place, end: Place) -> str:
    """The ASCII character that runs most like a stroke."""
    angle_deg = math.degrees(math.atan2(start[1] - end[1], end[0] - start[0])) % 180.0
    if angle_deg < _SIXTEENTH_DEG or angle_deg > 180.0 - _SIXTEENTH_DEG:
        return "-"
    if abs(angle_deg - 90.0) < _SIXTEENTH_DEG:
        return "|"
    return "/" if angle_deg < 90.0 else "\\"


def _picture(shapes: Sequence[Shape]) -> bool:
    """Print a picture, and say whether the terminal shows pictures: it is asked."""
    import logging

    from rich.console import Console

    logging.getLogger("textual_image").setLevel(logging.CRITICAL)  # it logs what a terminal does not answer
    from textual_image import renderable

    shown = renderable.Image
    if shown not in (renderable.SixelImage, renderable.TGPImage):
        return False
    from PIL import Image, ImageDraw

    _, _, right, bottom = bounds(shapes)
    scale = 2.0 * _PICTURE_PX / max(right, bottom)
    image = Image.new("RGBA", (math.ceil((right + 6) * scale), math.ceil((bottom + 6) * scale)))
    draw = ImageDraw.Draw(image)
    for shape in shapes:
        colour, width = stroke(shape)
        width_px = max(1, round(width * scale))
        for points in _strokes(shape):
            placed = [(x * scale, y * scale) for x, y in points]
            draw.line(placed, fill=colour, width=width_px, joint="curve")
            for x, y in (placed[0], placed[-1]):
                r = width_px / 2.0
                draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)
    image.thumbnail((_PICTURE_PX, _PICTURE_PX))
    Console(file=own(sys.stdout)).print(shown(image))
    return True
