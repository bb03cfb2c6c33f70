"""The figures of today in the status, with what goes on since they were written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.daemon.day_figures import WRITTEN_S, going_on
from posture.daemon.status import RangeNow, Today

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = Today(3600, 3000, 3000 / 3600, 2000, 600, 400, 900.0, RangeNow(2000, 2600), RangeNow(900, 900))


@pytest.mark.parametrize("presence", ["sitting", "standing", "away"])
def test_what_goes_on_is_added(presence: str) -> None:
    later = going_on(TODAY, NOON, NOON + timedelta(seconds=25), presence)
    assert (later.watched_s, later.observed_s) == (3625, 3025)
    grown = {name for name in ("sitting_s", "standing_s", "away_s") if getattr(later, name) != getattr(TODAY, name)}
    assert grown == {f"{presence}_s"}
    assert later.sitting == (RangeNow(2025, 2625) if presence == "sitting" else TODAY.sitting)


def test_what_nobody_knows_is_watched_and_no_more() -> None:
    later = going_on(TODAY, NOON, NOON + timedelta(seconds=25), "unknown")
    assert (later.watched_s, later.observed_s, later.sitting_s) == (3625, 3000, 2000)


@given(st.floats(-1000, 0) | st.floats(WRITTEN_S + 0.01, 1e6))
def test_nothing_is_added_over_a_gap(more_s: float) -> None:
    assert going_on(TODAY, NOON, NOON + timedelta(seconds=more_s), "sitting") == TODAY


def test_nothing_is_added_to_nothing() -> None:
    assert going_on(TODAY, None, NOON, "sitting") == going_on(TODAY, NOON, None, "sitting") == TODAY
