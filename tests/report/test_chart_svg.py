"""The drawing of a chart: values lie where the axis says, everything in the picture, and round values at the axes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.report.chart_svg import _HATCHES, _SHAPES, INK, SITTING, Axis, Look, Mark, Plot, steps, text_width

SVG = "{http://www.w3.org/2000/svg}"
ends = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)).filter(lambda two: abs(two[0] - two[1]) > 1e-3)
labels = st.lists(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=14), max_size=5)


def root_of(plot: Plot) -> ET.Element:
    return ET.fromstring(plot.svg("A chart. <What> it shows & says."))


def numbers(element: ET.Element, *names: str) -> list[float]:
    return [float(str(element.get(name))) for name in names]


@given(ends, st.floats(-1e6, 1e6), st.booleans())
def test_round_values_of_an_axis(two: tuple[float, float], other: float, whole: bool) -> None:
    least, most = sorted(two)
    found = steps(least, most, 8, whole=whole)
    slack = 1e-6 * (most - least)
    assert all(least - slack <= value <= most + slack for value in found)
    assert len(found) <= 9
    assert len({round(b - a, 9) for a, b in pairwise(found)}) <= 1
    assert whole or len(found) >= 3
    if whole:
        assert all(value == round(value) for value in found)
    assert steps(other, other) == [other]


@pytest.mark.parametrize(
    ("most", "found"), [(7.0, [0, 1, 2, 3, 4, 5, 6, 7]), (36.0, [0, 5, 10, 15, 20, 25, 30, 35]), (0.5, [0, 0.1, 0.2])]
)
def test_the_steps_are_one_two_or_five(most: float, found: list[float]) -> None:
    assert [round(value, 9) for value in steps(0.0, most)][: len(found)] == found


@given(ends, ends, st.lists(st.floats(0, 1), min_size=2, max_size=6), labels)
def test_values_lie_where_the_axes_say(
    x: tuple[float, float], y: tuple[float, float], parts: list[float], names: list[str]
) -> None:
    """Between the ends, in order, whatever is written around them; bottom and left are the first."""
    plot = Plot(331.0, 194.0, 10.0, "it-")
    plot.lay_out(Axis(*x), Axis(*y, [(y[0], name) for name in names]), legend=[(name, Look(INK)) for name in names])
    for part in sorted(parts):
        plot.mark(x[0] + part * (x[1] - x[0]), y[0] + part * (y[1] - y[0]), Mark("o", INK, 1.0))
    circles = [numbers(one, "cx", "cy") for one in root_of(plot).iter(f"{SVG}circle")]
    assert all(0.0 <= across <= 331.0 and 0.0 <= down <= 194.0 for across, down in circles)
    for (across, down), (after, below) in pairwise(circles):
        assert after >= across - 0.02
        assert below <= down + 0.02


@given(labels)
def test_what_is_written_at_an_axis_is_in_the_picture(names: list[str]) -> None:
    plot = Plot(331.0, 194.0, 10.0, "it-")
    plot.lay_out(Axis(0.0, 1.0, [(1.0, "the last one")]), Axis(0.0, 1.0, [(0.5, name) for name in names], "minutes"))
    for text in root_of(plot).iter(f"{SVG}text"):
        across, wide = numbers(text, "x")[0], text_width(text.text or "", 10.0)
        anchor = re.findall(r"text-anchor:(\w+)", str(text.get("style")))[0]
        left = across - {"start": 0.0, "middle": wide / 2.0, "end": wide}[anchor]
        if text.get("transform") is None:
            assert left >= 0.0
            assert left + wide <= 331.0


def test_a_legend_takes_as_many_rows_as_it_needs_and_the_picture_grows() -> None:
    few, many = (Plot(331.0, 100.0, 9.0, "it-", below=True) for _ in range(2))
    few.lay_out(Axis(0, 1), Axis(0, 1), legend=[("sitting", Look(SITTING))])
    many.lay_out(Axis(0, 1), Axis(0, 1), legend=[(f"reminder as you say {n}", Mark("o", INK)) for n in range(5)])
    heights = [float(str(root_of(plot).get("viewBox")).split()[3]) for plot in (few, many)]
    assert 100.0 < heights[0] < heights[1]
    texts = [numbers(text, "x", "y") for text in root_of(many).iter(f"{SVG}text")]
    assert len({down for _, down in texts}) > 1
    assert all(across + text_width("reminder as you say 1", 9.0) <= 331.0 for across, _ in texts)


@pytest.mark.parametrize("hatch", list(_HATCHES))
def test_a_hatch_is_drawn_over_its_colour_once_defined(hatch: str) -> None:
    plot = Plot(331.0, 194.0, 10.0, "it-")
    plot.lay_out(Axis(0, 2), Axis(0, 1))
    for place in range(2):
        plot.area(place, place + 1, 0, 1, Look(SITTING, 0.5, hatch))
    root = root_of(plot)
    (pattern,) = root.iter(f"{SVG}pattern")
    filled = [str(one.get("style")) for one in root.iter(f"{SVG}rect")]
    assert filled == [f"fill:{SITTING};opacity:0.5", f"fill:url(#{pattern.get('id')});opacity:0.5"] * 2


@pytest.mark.parametrize("shape", [*_SHAPES, "o", "_"])
def test_each_mark_is_centred(shape: str) -> None:
    plot = Plot(331.0, 194.0, 10.0, "it-")
    plot.lay_out(Axis(0, 1), Axis(0, 1))
    before = len(plot.svg("").split("<"))
    plot.mark(0.5, 0.5, Mark(shape, INK))
    assert len(plot.svg("").split("<")) == before + 1
    if shape in _SHAPES:
        (polygon,) = root_of(plot).iter(f"{SVG}polygon")
        points = [tuple(map(float, point.split(","))) for point in str(polygon.get("points")).split()]
        assert len(points) == len(set(points))
        across = [x for x, _ in points]
        middle = (plot._left + plot._right) / 2.0
        assert min(across) + max(across) == pytest.approx(2.0 * middle, abs=0.1)
