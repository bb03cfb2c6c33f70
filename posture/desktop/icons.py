"""The tray icons, drawn by code: each state has a shape of its own, so that they can be told apart without colour.

Shapes are signed distances on a grid of 16 units; how far a pixel lies inside gives its coverage. Horizontal and
vertical edges are moved to whole pixels first, which makes an icon of 16 or 22 px sharp. The standard library is
enough for it, and a full set of sizes takes about 50 ms, once for each state.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from typing import Literal, get_args

IconState = Literal["well", "deviation", "away", "paused", "snoozed", "camera", "trouble"]
STATES: tuple[IconState, ...] = get_args(IconState)

ICON_SIZES_PX = (16, 22, 24, 32, 48, 64)

COLOURS: dict[IconState, tuple[int, int, int]] = {
    "well": (0x2B, 0x96, 0x4B),
    "deviation": (0xC8, 0x6A, 0x00),
    "away": (0x80, 0x80, 0x80),
    "paused": (0x3F, 0x7F, 0xD0),
    "snoozed": (0x1F, 0x8A, 0x9A),
    "camera": (0x9A, 0x5F, 0xD0),
    "trouble": (0xD8, 0x40, 0x3A),
}
"""Each has a contrast of at least 3 to 1 against a white panel and against a black panel (WCAG 2.1, 1.4.11)."""

_Field = Callable[[float, float], float]
"""Maps a point, in units, to its distance from the edge of a shape; negative inside."""


@functools.cache
def icon_rgba(state: IconState, size_px: int) -> bytes:
    """Draw an icon of `size_px` rows of `size_px` pixels, from 8 on, each red, green, blue, alpha.

    Alpha is not multiplied in.
    """
    body, glyph = _SHAPES[state](size_px)
    colour = COLOURS[state]
    out = bytearray()
    unit = 16 / size_px
    for row in range(size_px):
        for column in range(size_px):
            x, y = (column + 0.5) * unit, (row + 0.5) * unit
            inside = _covered(body(x, y), unit)
            if not inside:
                out += b"\0\0\0\0"
                continue
            white = _covered(glyph(x, y), unit)
            out += bytes(round(part + (255 - part) * white) for part in colour)
            out.append(round(255 * inside))
    return bytes(out)


@functools.cache
def icon_argb(state: IconState, size_px: int) -> bytes:
    """Give the same pixels as alpha, red, green, blue, the order of a StatusNotifierItem."""
    rgba = icon_rgba(state, size_px)
    out = bytearray(len(rgba))
    out[0::4], out[1::4], out[2::4], out[3::4] = rgba[3::4], rgba[0::4], rgba[1::4], rgba[2::4]
    return bytes(out)


def _covered(distance: float, unit: float) -> float:
    """Give how much of a pixel, `unit` units wide, lies inside."""
    return min(1.0, max(0.0, 0.5 - distance / unit))


def _snapped(value: float, size_px: int) -> float:
    """Move a coordinate to the nearest edge between two pixels."""
    return round(value * size_px / 16) * 16 / size_px


def _disc(centre_x: float, centre_y: float, radius: float) -> _Field:
    return lambda x, y: math.hypot(x - centre_x, y - centre_y) - radius


def _box(left: float, top: float, right: float, bottom: float, round_by: float = 0.0) -> _Field:
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    half_x, half_y = (right - left) / 2 - round_by, (bottom - top) / 2 - round_by

    def field(x: float, y: float) -> float:
        out_x, out_y = abs(x - middle_x) - half_x, abs(y - middle_y) - half_y
        return math.hypot(max(out_x, 0.0), max(out_y, 0.0)) + min(max(out_x, out_y), 0.0) - round_by

    return field


def _sharp_box(size_px: int, left: float, top: float, right: float, bottom: float, round_by: float = 0.0) -> _Field:
    left, top = _snapped(left, size_px), _snapped(top, size_px)
    # Never thinner than a pixel.
    pixel = 16 / size_px
    right, bottom = max(_snapped(right, size_px), left + pixel), max(_snapped(bottom, size_px), top + pixel)
    return _box(left, top, right, bottom, round_by)


def _stroke(*points: tuple[float, float], width: float) -> _Field:
    lines = list(itertools.pairwise(points))

    def field(x: float, y: float) -> float:
        nearest = math.inf
        for (ax, ay), (bx, by) in lines:
            dx, dy = bx - ax, by - ay
            along = min(1.0, max(0.0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)))
            nearest = min(nearest, math.hypot(x - ax - along * dx, y - ay - along * dy))
        return nearest - width / 2

    return field


def _polygon(*points: tuple[float, float], round_by: float) -> _Field:
    """A convex polygon, clockwise on the screen, grown by `round_by` with round corners."""
    rim = _stroke(*points, points[0], width=0.0)
    sides = list(zip(points, (*points[1:], points[0]), strict=True))

    def field(x: float, y: float) -> float:
        inside = all((bx - ax) * (y - ay) - (by - ay) * (x - ax) >= 0 for (ax, ay), (bx, by) in sides)
        return (-rim(x, y) if inside else rim(x, y)) - round_by

    return field


def _any_of(*fields: _Field) -> _Field:
    return lambda x, y: min(field(x, y) for field in fields)


def _well(_size_px: int) -> tuple[_Field, _Field]:
    """A disc with a tick."""
    return _disc(8, 8, 7.5), _stroke((4.5, 8.3), (7.1, 10.9), (11.6, 5.5), width=2.0)


def _deviation(size_px: int) -> tuple[_Field, _Field]:
    """A triangle with an exclamation mark."""
    triangle = _polygon((8, 2.4), (14.2, 13.6), (1.8, 13.6), round_by=1.6)
    width = max(1.0, round(2 * size_px / 16)) * 16 / size_px
    # Moved to whole pixels rather than centred on 8: an even icon cannot centre a bar of an odd number of pixels.
    left = _snapped(8 - width / 2, size_px)
    return triangle, _any_of(
        _sharp_box(size_px, left, 5, left + width, 10), _sharp_box(size_px, left, 11.3, left + width, 13.3)
    )


def _away(_size_px: int) -> tuple[_Field, _Field]:
    """A ring, empty like the chair."""
    disc, hole = _disc(8, 8, 7.5), _disc(8, 8, 4.6)
    return lambda x, y: max(disc(x, y), -hole(x, y)), lambda _x, _y: math.inf


def _paused(size_px: int) -> tuple[_Field, _Field]:
    """A square with two bars."""
    square = _sharp_box(size_px, 0.8, 0.8, 15.2, 15.2, 2.5)
    return square, _any_of(_sharp_box(size_px, 5, 4, 7, 12), _sharp_box(size_px, 9, 4, 11, 12))


def _snoozed(_size_px: int) -> tuple[_Field, _Field]:
    """A disc with a crescent moon."""
    moon, bite = _disc(7.6, 8.2, 5.0), _disc(10.2, 6.4, 4.4)
    return _disc(8, 8, 7.5), lambda x, y: max(moon(x, y), -bite(x, y))


def _camera(size_px: int) -> tuple[_Field, _Field]:
    """A film camera: box and lens."""
    body = _sharp_box(size_px, 0, 3, 10, 13, 2)
    lens = _polygon((11.5, 7.2), (15.2, 4.6), (15.2, 11.4), (11.5, 8.8), round_by=0.7)
    return _any_of(body, lens), _disc(5, 8, 2.1)


def _trouble(_size_px: int) -> tuple[_Field, _Field]:
    """An octagon with a cross."""
    near, far = 7.5 * math.tan(math.pi / 8), 7.5
    corners = [(-near, -far), (near, -far), (far, -near), (far, near), (near, far), (-near, far), (-far, near)]
    octagon = _polygon(*((8 + x, 8 + y) for x, y in (*corners, (-far, -near))), round_by=0.0)
    return octagon, _any_of(_stroke((5.2, 5.2), (10.8, 10.8), width=2.0), _stroke((5.2, 10.8), (10.8, 5.2), width=2.0))


_SHAPES: dict[IconState, Callable[[int], tuple[_Field, _Field]]] = {
    "well": _well,
    "deviation": _deviation,
    "away": _away,
    "paused": _paused,
    "snoozed": _snoozed,
    "camera": _camera,
    "trouble": _trouble,
}
