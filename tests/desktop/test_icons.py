from __future__ import annotations

from itertools import combinations

import pytest

from posture.desktop.icons import COLOURS, ICON_SIZES_PX, STATES, IconState, icon_argb, icon_rgba


def luminance(rgb: tuple[int, int, int]) -> float:
    """Relative luminance, WCAG 2.1."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])


def contrast(first: float, other: float) -> float:
    light, dark = max(first, other), min(first, other)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("state", STATES)
def test_icon_stands_off_from_light_and_dark_panels(state: IconState) -> None:
    assert contrast(luminance(COLOURS[state]), luminance((255, 255, 255))) >= 3
    assert contrast(luminance(COLOURS[state]), luminance((0x20, 0x20, 0x20))) >= 3


def grey(state: IconState, size_px: int) -> list[float]:
    """What is left of an icon without colour, on a white panel with the white glyph seen: 1 is drawn, 0 is white."""
    rgba = icon_rgba(state, size_px)
    background = luminance(COLOURS[state])
    marks = []
    for at in range(0, len(rgba), 4):
        here = luminance((rgba[at], rgba[at + 1], rgba[at + 2]))
        marks.append(rgba[at + 3] / 255 * (1 - here) / (1 - background))
    return marks


@pytest.mark.parametrize("size_px", ICON_SIZES_PX)
def test_shapes_differ_without_colour(size_px: int) -> None:
    """At least a tenth of the icon differs between any two states when all are of one colour."""
    for first, other in combinations(STATES, 2):
        pixels = zip(grey(first, size_px), grey(other, size_px), strict=True)
        assert sum(abs(a - b) for a, b in pixels) / size_px**2 > 0.1, (first, other)


@pytest.mark.parametrize("size_px", ICON_SIZES_PX)
@pytest.mark.parametrize("state", STATES)
def test_icon_is_sharp_and_fills_its_square(state: IconState, size_px: int) -> None:
    rgba = icon_rgba(state, size_px)
    assert len(rgba) == size_px * size_px * 4
    alpha = rgba[3::4]
    # Half covered pixels are the rim alone: their number grows with the edge, not with the area.
    assert sum(0 < value < 255 for value in alpha) <= 8 * size_px
    rows = [any(alpha[row * size_px : (row + 1) * size_px]) for row in range(size_px)]
    columns = [any(alpha[column::size_px]) for column in range(size_px)]
    assert max(sum(rows), sum(columns)) >= 0.85 * size_px


def test_the_bus_wants_alpha_first() -> None:
    rgba, argb = icon_rgba("well", 22), icon_argb("well", 22)
    middle = (11 * 22 + 4) * 4
    red, green, blue, alpha = rgba[middle : middle + 4]
    assert tuple(argb[middle : middle + 4]) == (alpha, red, green, blue)
