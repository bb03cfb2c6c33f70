"""Where the calendar was set: dates, cuts, and how many settings are remembered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.history.eras import Eras

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def test_the_first_reading_begins_the_first_era() -> None:
    eras = Eras().noted(100.0, at(100))
    assert eras.begun == ((100.0, at(100)),)
    assert eras.date(160.0) == at(160)
    assert eras.date(40.0) == at(40)  # before it: as if it had always been so


@pytest.mark.parametrize("off_s", [0.0, 0.49, -0.49])
def test_a_calendar_that_runs_a_little_off_was_not_set(off_s: float) -> None:
    eras = Eras().noted(0.0, at(0))
    assert eras.noted(60.0, at(60 + off_s)) is eras


@pytest.mark.parametrize("off_s", [0.5, -0.5, 3600.0, -3600.0])
def test_half_a_second_is_a_setting(off_s: float) -> None:
    eras = Eras().noted(0.0, at(0)).noted(60.0, at(60 + off_s))
    assert eras.begun == ((0.0, at(0)), (60.0, at(60 + off_s)))
    assert eras.date(59.0) == at(59)
    assert eras.date(60.0) == at(60 + off_s)
    assert eras.date(70.0) == at(70 + off_s)


def test_three_eras_are_remembered() -> None:
    eras = Eras()
    for n in range(5):
        eras = eras.noted(100.0 * n, at(100 * n) + n * HOUR)
    assert [t_s for t_s, _ in eras.begun] == [200.0, 300.0, 400.0]


def test_what_lasted_is_cut_where_the_calendar_was_set() -> None:
    eras = Eras().noted(0.0, at(0)).noted(60.0, at(60) + HOUR).noted(90.0, at(90))
    start = at(-10)
    assert eras.pieces(-10.0, start, 200.0) == [
        (-10.0, start, 0.0),
        (0.0, at(0), 60.0),
        (60.0, at(60) + HOUR, 90.0),
        (90.0, at(90), float("inf")),
    ]
    # A setting just as it begins or ends cuts nothing off.
    assert eras.pieces(60.0, at(60) + HOUR, 90.0) == [(60.0, at(60) + HOUR, float("inf"))]
    assert eras.pieces(61.0, at(61) + HOUR, 91.0) == [(61.0, at(61) + HOUR, 90.0), (90.0, at(90), float("inf"))]


@given(st.lists(st.tuples(st.integers(1, 100), st.sampled_from((0, 0, -7200, -1, 1, 7200))), max_size=8))
def test_the_newest_era_says_what_the_calendar_says(steps: list[tuple[int, int]]) -> None:
    eras, t_s, off_s = Eras(), 0.0, 0.0
    for passed_s, set_by_s in steps:
        t_s, off_s = t_s + passed_s, off_s + set_by_s
        eras = eras.noted(t_s, at(t_s + off_s))
        assert eras.date(t_s) == at(t_s + off_s)
        assert len(eras.begun) <= 3
        assert sorted(eras.begun) == list(eras.begun)
