from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.history.records import Interval, Point, merged, slot_of

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def test_a_time_that_is_not_utc_is_refused() -> None:
    with pytest.raises(ValueError, match="aware UTC"):
        Interval("bout", "sitting", datetime(2026, 3, 2), T0)
    with pytest.raises(ValueError, match="aware UTC"):
        Point("shift", datetime(2026, 3, 2))


def test_an_interval_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Interval("bout", "sitting", at(1), at(0))


def test_a_slot_begins_at_a_quarter_hour() -> None:
    assert slot_of(at(0)) == at(0)
    assert slot_of(at(899.9)) == at(0)
    assert slot_of(at(900)) == at(900)


@given(st.lists(st.tuples(st.integers(0, 1000), st.booleans()), min_size=1, max_size=8))
def test_a_heartbeat_only_extends_and_the_end_settles(writes: list[tuple[int, bool]]) -> None:
    kept: Interval | None = None
    for end_s, still_open in writes:
        new = Interval("bout", "sitting", at(0), at(end_s), {}, still_open)
        kept = new if kept is None else merged(kept, new)
    closed = [end_s for end_s, still_open in writes if not still_open]
    assert kept is not None
    assert kept.open == (not closed)
    assert kept.end == at(max(closed or [end_s for end_s, _ in writes]))
