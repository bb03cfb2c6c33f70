from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.history.records import Interval, Point, PointKind, merged, one_a_minute, slot_of

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


def logged(s: float, label: str = "", kind: PointKind = "pain", **detail: str | float) -> Point:
    return Point(kind, at(s), label, detail)


def test_three_entries_within_a_minute_are_one_and_the_last_stands() -> None:
    three = [
        logged(0, "low", level=3.0, when="sitting"),
        logged(30, level=4.0),
        logged(60, "low", level=5.0, better="walking"),
    ]
    assert one_a_minute(three) == [logged(60, "low", level=5.0, when="sitting", better="walking")]
    assert one_a_minute([*three, logged(60.1, "low", level=1.0)]) == [
        logged(60, "low", level=5.0, when="sitting", better="walking"),
        logged(60.1, "low", level=1.0),
    ]


def test_two_places_and_two_kinds_stay_two() -> None:
    told = [
        logged(0, "low", level=3.0),
        logged(1, "leg-left", level=2.0),
        logged(2, kind="tension", level=6.0),
        logged(3, kind="shift"),
        logged(4, kind="shift"),
    ]
    assert one_a_minute(told) == told
    assert one_a_minute([*told[:2], logged(3, level=9.0)]) == [told[0], logged(3, "leg-left", level=9.0)]


@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.sampled_from(("", "low", "neck")), st.sampled_from(("pain", "tension"))),
        max_size=12,
        unique_by=lambda said: said[0],
    )
)
def test_no_two_entries_of_a_place_begin_within_a_minute(said: list[tuple[int, str, PointKind]]) -> None:
    told = [logged(s, label, kind, level=float(s)) for s, label, kind in sorted(said)]
    found = one_a_minute(told)
    assert [point.at for point in found] == sorted(point.at for point in found)
    assert {point.key[1:] for point in found} <= {point.key[1:] for point in told}
    for kind in ("pain", "tension"):
        ours = [point for point in told if point.kind == kind]
        kept = [point for point in found if point.kind == kind]
        assert bool(ours) == bool(kept)
        assert not ours or max(point.at for point in kept) == ours[-1].at, "the last one stands"
        for point in kept:
            assert point.detail["level"] == (point.at - T0).total_seconds()
        spread = [b.at - a.at > timedelta(seconds=60) for a, b in pairwise(ours)]
        assert not all(spread) or kept == ours, "what lies further apart stays"
