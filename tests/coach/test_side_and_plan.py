"""The asymmetry rule, and the small programme."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.asymmetry import DayLean, shortened_side
from posture.coach.exercises import find_exercise
from posture.coach.plan import Done, tick, week_of

MIN = 60.0
L, R, NONE = DayLean(25 * MIN, 2 * MIN), DayLean(3 * MIN, 30 * MIN), DayLean(19 * MIN, 0)


@pytest.mark.parametrize(
    ("days", "side"),
    [
        ([L, L, L], "left"),
        ([R, L, R, NONE, R], "right"),
        ([L, L, NONE, NONE, NONE], None),
        ([L, L, L, R, R], "left"),
        ([L, L, L, NONE, NONE, NONE], None),  # the first has slipped out of the five
        ([DayLean(40 * MIN, 50 * MIN)] * 3, "right"),
        ([DayLean(40 * MIN, 40 * MIN)] * 5, None),
        ([], None),
    ],
)
def test_three_of_five_days(days: list[DayLean], side: str | None) -> None:
    found = shortened_side(days)
    assert (found.side if found else None) == side


def test_what_is_said_is_an_observation() -> None:
    found = shortened_side([L, L, L, NONE])
    assert found is not None
    assert found.sentence.startswith(
        "You leaned left more on 3 of the last 4 days; lengthening that side may feel good."
    )


@given(st.lists(st.builds(DayLean, st.floats(0, 20000), st.floats(0, 20000)), max_size=9))
def test_mirrored_days_give_the_mirrored_side(days: list[DayLean]) -> None:
    found, mirrored = shortened_side(days), shortened_side([DayLean(d.right_s, d.left_s) for d in days])
    assert (found is None) == (mirrored is None)
    if found is not None and mirrored is not None:
        assert {found.side, mirrored.side} == {"left", "right"}


def test_a_week_begins_on_monday() -> None:
    monday = date(2026, 11, 23).toordinal()
    assert [week_of(monday + n) - week_of(monday) for n in (-1, 0, 6, 7)] == [-1, 0, 0, 1]


@pytest.mark.parametrize(
    ("done", "mark"),
    [
        (None, "open"),
        (Done({"left": 31.0, "right": 30.0}, {}), "verified"),
        (Done({"left": 31.0, "right": 3.0}, {"right": 30.0}), "self-reported"),
        (Done({"left": 31.0}, {}), "begun"),
        (Done({}, {"left": 30.0, "right": 30.0}), "self-reported"),
    ],
)
def test_items_tick_themselves(done: Done | None, mark: str) -> None:
    assert tick(find_exercise("ql_stand"), done) == mark


def test_what_is_done_to_both_sides_at_once_ticks_too() -> None:
    assert tick(find_exercise("breath"), Done({}, {"both": 5.0})) == "self-reported"
    assert tick(find_exercise("thor_rot"), Done({"left": 8.0, "right": 8.0}, {})) == "verified"
    assert tick(find_exercise("thor_rot"), Done({"left": 16.0}, {})) == "begun"
