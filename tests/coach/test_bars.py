"""Bars of deviations against their thresholds, and what is said of what is not judged."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.bars import (
    LONGEST,
    NAMES,
    PLAIN,
    SHORTEST,
    TOP,
    Bar,
    bar_lines,
    bars_of,
    cells,
    nearest,
    remarks,
    shared_reason,
    unjudged,
)
from posture.measure.observation import DEVIATIONS, Deviation, Judged

HIDDEN = "your shoulders are not in the picture"
ROUGH = "from where the camera stands only a large one shows"

levels = st.floats(0.0, 20.0)
columns = st.integers(3, 60)
kinds = st.sampled_from(DEVIATIONS)
reasons = st.sampled_from(["", HIDDEN, "a slump hides it", "the camera was moved since the calibration"])


@st.composite
def looks(draw: st.DrawFn) -> tuple[dict[Deviation, float | None], dict[Deviation, Judged]]:
    """Levels and how they came about, as `measure.levels.judge` gives them."""
    found: dict[Deviation, float | None] = {}
    judged: dict[Deviation, Judged] = {}
    for kind in DEVIATIONS:
        if draw(st.booleans()):
            found[kind], judged[kind] = None, Judged(why=draw(reasons))
            continue
        unit, threshold = draw(st.sampled_from([("deg", 12.0), ("cm", 50.0), ("sw", 0.08)]))
        value = draw(st.floats(-90.0, 90.0)) * threshold / 12.0
        sd = draw(st.none() | st.floats(0.0, 40.0).map(lambda sd, by=threshold / 12.0: sd * by))  # type: ignore[misc]
        found[kind] = max(0.0, value) / threshold
        judged[kind] = Judged(value, sd, threshold, unit, coarse=draw(st.sampled_from(["", ROUGH])))  # type: ignore[arg-type]
    return found, judged


def bar(level: float, sd: float = 0.0) -> Bar:
    return Bar("slump", level, max(0.0, level - sd), level + sd)


def filled(drawn: str) -> int:
    return sum(cell in "█▓" for cell in drawn)


# -- one bar -----------------------------------------------------------------------------------------------------------


@given(levels, st.floats(0.0, 5.0), columns)
def test_every_bar_is_as_long_and_has_its_mark_at_one_place(level: float, sd: float, width: int) -> None:
    drawn = cells(bar(level, sd), width)
    assert len(drawn) == width
    assert drawn.count("│") == 1
    assert drawn.index("│") == cells(bar(0.0), width).index("│") == min(width - 1, round(width / TOP))


@given(levels, levels, st.floats(0.0, 5.0), columns)
def test_a_higher_level_is_no_shorter_bar(one: float, other: float, sd: float, width: int) -> None:
    lower, higher = sorted((one, other))
    assert filled(cells(bar(lower, sd), width)) <= filled(cells(bar(higher, sd), width))


@given(levels, st.floats(0.0, 5.0))
def test_a_bar_is_at_its_mark_only_where_the_threshold_is_reached(level: float, sd: float) -> None:
    before, _, _ = cells(bar(level, sd), LONGEST).partition("│")
    assert bar(level).over == (level >= 1.0) == (filled(before) == len(before))


@given(levels, st.floats(0.0, 5.0), columns)
def test_a_bar_is_certain_then_uncertain_then_empty(level: float, sd: float, width: int) -> None:
    drawn = cells(bar(level, sd), width).replace("│", "")
    assert "".join(sorted(drawn, key="█▓░·".index)) == drawn
    if sd == 0.0:
        assert set(drawn) <= set("█·")


def test_how_bars_look() -> None:
    assert cells(bar(0.0), 24) == "················│·······"
    assert cells(bar(0.5, 0.25), 24) == "████▓▓▓▓░░░░····│·······"
    assert cells(bar(1.0), 24) == "████████████████│·······"
    assert cells(bar(1.25, 0.5), 24) == "████████████▓▓▓▓│▓▓▓░░░░"
    assert cells(bar(9.0), 24) == "████████████████│███████"


@given(looks())
def test_what_is_uncertain_lies_about_the_level(look: tuple[Mapping[str, float | None], Mapping[str, Judged]]) -> None:
    for one in bars_of(*look):
        assert 0.0 <= one.low <= (one.level or 0.0) <= one.high
        assert (one.level is None) == bool(one.not_judged)


@pytest.mark.parametrize(
    ("judged", "text"),
    [
        (Judged(8.2, 4.6, 12.0), "8° ± 5 of 12°"),
        (Judged(8.2, None, 12.0), "8° of 12°"),
        (Judged(0.2, 0.1, 12.0), "0° ± 1 of 12°"),
        (Judged(0.01, 0.004, 0.08, "sw"), "neck shorter, 1 ± 1 of 8 %"),
        (Judged(-3.0, 2.0, 8.0), "0° ± 2 of 8°"),
        (Judged(0.104, 0.03, 0.08, "sw"), "neck shorter, 10 ± 3 of 8 %"),
        (Judged(0.6, 0.7, 0.8, "sw"), "neck shorter, 60 ± 70 of 80 %"),
        (Judged(0.06, None, 0.08, "sw"), "neck shorter, 6 of 8 %"),
        (Judged(58.4, None, 50.6, "cm"), "58 cm, counts under 51 cm"),
    ],
)
def test_the_text_of_a_bar(judged: Judged, text: str) -> None:
    (one,) = bars_of({"slump": 0.3}, {"slump": judged})
    assert one.text == text


def test_a_value_the_other_way_is_uncertain_only_as_far_as_it_reaches() -> None:
    near, far = (bars_of({"slump": 0.0}, {"slump": Judged(value, 5.0, 10.0)})[0] for value in (-2.0, -8.0))
    assert (near.low, near.high) == (0.0, pytest.approx(0.3))
    assert (far.low, far.high) == (0.0, 0.0)


# -- lines -------------------------------------------------------------------------------------------------------------


@given(looks(), st.integers(20, 120), st.booleans())
def test_no_line_is_too_long(
    look: tuple[Mapping[str, float | None], Mapping[str, Judged]], width: int, plain: bool
) -> None:
    lines = bar_lines(bars_of(*look), width, plain=plain)
    assert all(0 < len(line) <= width for line in lines)
    assert all(line.isascii() for line in lines) or not plain


@given(looks())
def test_in_eighty_columns_nothing_is_cut(look: tuple[Mapping[str, float | None], Mapping[str, Judged]]) -> None:
    bars = bars_of(*look)
    if shared_reason(bars):
        return
    for plain in (False, True):
        lines = bar_lines(bars, plain=plain)
        drawn = [line for one, line in zip(bars, lines, strict=False) if one.level is not None]
        assert len({line.index("|" if plain else "│") for line in drawn}) <= 1
        for one, line in zip(bars, lines, strict=False):
            said = one.not_judged or one.text
            assert line.endswith(said.translate(PLAIN) if plain else said)
            assert line[0] == ("!" if one.over else "~" if one.coarse and one.level is not None else " ")


def test_how_lines_look() -> None:
    judged = {
        "slump": Judged(8.0, 5.0, 12.0),
        "forward_head": Judged(13.0, 2.0, 10.0, coarse=ROUGH),
        "lean_left": Judged(why=HIDDEN),
        "head_tilt": Judged(1.0, 2.0, 8.0, coarse=ROUGH),
        "too_close": Judged(58.0, None, 50.0, "cm"),
    }
    found = bars_of({"slump": 8 / 12, "forward_head": 1.3, "head_tilt": 1 / 8, "too_close": 0.6}, judged)
    assert bar_lines(found) == [
        "  slump          ████▓▓▓▓▓▓░░░░░░│░······  8° ± 5 of 12°",
        "! forward head   ████████████████│█▓▓▓░░░  13° ± 2 of 10°",
        "  lean left      not judged: your shoulders are not in the picture",
        "~ head tilt      ▓▓░░░░··········│·······  1° ± 2 of 8°",
        "  too close      █████████·······│·······  58 cm, counts under 50 cm",
        "~ forward head and head tilt: from where the camera stands only a large one",
        "  shows",
    ]
    assert bar_lines(found, plain=True)[:2] == [
        "  slump          ####======------|-......  8 deg +- 5 of 12 deg",
        "! forward head   ################|#===---  13 deg +- 2 of 10 deg",
    ]
    assert len(cells(found[0], SHORTEST)) == SHORTEST
    assert bar_lines(found, 46)[0] == "  slump          █▓░░│·  8° ± 5 of 12°"
    assert bar_lines(found, 46)[2] == "  lean left      not judged: your shoulders a…"


def test_where_nothing_is_judged_it_is_said_once() -> None:
    assert bar_lines(bars_of({}, {}, "nobody sits there")) == ["  not judged: nobody sits there"]
    assert bar_lines(bars_of({}, dict.fromkeys(DEVIATIONS, Judged(why=HIDDEN)))) == [f"  not judged: {HIDDEN}"]
    assert bar_lines(bars_of({}, {})) == ["  not judged"]
    assert [one.kind for one in bars_of({}, {})] == list(DEVIATIONS) == list(NAMES)


def test_one_reason_is_said_for_all_only_where_it_is_that_of_all() -> None:
    none, hidden, slumped = Bar("slump"), Bar("lean_left", why=HIDDEN), Bar("forward_head", why="a slump hides it")
    assert shared_reason([]) == ""
    assert shared_reason([none, none]) == "not judged"
    assert shared_reason([hidden, hidden]) == f"not judged: {HIDDEN}"
    for bars in ([hidden, slumped], [none, hidden], [bar(0.5), hidden], [bar(0.5)]):
        assert shared_reason(bars) == ""


# -- words -------------------------------------------------------------------------------------------------------------


def test_what_is_not_judged_is_grouped_by_reason() -> None:
    judged: dict[Deviation, Judged] = dict.fromkeys(DEVIATIONS, Judged(why=HIDDEN))
    judged["slump"] = Judged(1.0, 1.0, 12.0)
    judged["forward_head"] = Judged(why="a slump hides it")
    assert unjudged(bars_of({"slump": 0.1}, judged)) == {
        "a slump hides it": "forward head",
        HIDDEN: "lean, shoulder tilt, head tilt and too close",
    }
    one_side = {"lean_right": Judged(why=HIDDEN), "head_tilt": Judged(why=HIDDEN)}
    assert unjudged(bars_of({}, one_side)) == {HIDDEN: "lean right and head tilt"}
    assert unjudged([]) == {}


@given(looks())
def test_everything_is_judged_or_said_not_to_be(
    look: tuple[Mapping[str, float | None], Mapping[str, Judged]],
) -> None:
    bars = bars_of(*look)
    assert set(unjudged(bars)) == {one.why for one in bars if one.level is None}
    close = nearest(bars)
    if close is not None:
        assert close.level == max(one.level or 0.0 for one in bars) >= 0.5
    else:
        assert all((one.level or 0.0) < 0.5 for one in bars)


def test_remarks_are_of_what_is_judged_coarsely() -> None:
    bars = [Bar("slump", 0.1, coarse=ROUGH), Bar("head_tilt", 0.1), Bar("lean_left", 0.1, coarse="so")]
    assert remarks(bars) == [f"slump: {ROUGH}", "lean left: so"]
