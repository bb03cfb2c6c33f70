"""Lists of spans, against the plainest way to say the same: a set of seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.report.spans import Span, Track, clip, meet, minus, seconds, union

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(second: float) -> datetime:
    return T0 + timedelta(seconds=second)


def spans(*pairs: tuple[float, float]) -> list[Span]:
    return [(at(a), at(b)) for a, b in pairs]


def covered(found: list[Span]) -> set[int]:
    """The whole seconds that lie in spans."""
    return {second for a, b in found for second in range(int((a - T0).total_seconds()), int((b - T0).total_seconds()))}


any_spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8).map(lambda pairs: spans(*pairs))
moments = st.integers(-5, 45)


def test_spans_that_touch_become_one() -> None:
    assert union(spans((0, 10), (10, 20))) == spans((0, 20))
    assert union(spans((10, 20), (0, 10), (30, 40))) == spans((0, 20), (30, 40))


def test_a_span_within_another_adds_nothing() -> None:
    assert union(spans((0, 30), (5, 10), (8, 20))) == spans((0, 30))


def test_spans_without_length_are_none() -> None:
    assert union(spans((5, 5), (9, 7))) == []
    assert clip(spans((0, 10)), at(10), at(20)) == clip(spans((20, 30)), at(10), at(20)) == []
    assert meet(spans((0, 10)), spans((10, 20))) == []


def test_what_is_common_to_two_lists() -> None:
    assert meet(spans((0, 10), (20, 30)), spans((5, 25))) == spans((5, 10), (20, 25))
    assert meet(spans((0, 10)), spans((0, 10))) == spans((0, 10))


def test_a_track_tells_how_much_lies_between() -> None:
    track = Track(spans((0, 10), (20, 30), (40, 50)))
    assert track.seconds(at(5), at(45)) == 5 + 10 + 5
    assert track.seconds(at(-5), at(100)) == 30
    assert track.seconds(at(22), at(24)) == 2
    assert track.seconds(at(12), at(18)) == 0
    assert track.seconds(at(45), at(5)) == 0  # nothing lies between a moment and an earlier one
    assert Track([]).seconds(at(0), at(10)) == 0


@pytest.mark.parametrize(
    ("moment", "first"), [(-1, 0), (0, 0), (9, 0), (10, 1), (15, 1), (20, 1), (25, 1), (30, 2), (49, 2), (50, 3)]
)
def test_a_track_from_a_moment_on(moment: float, first: int) -> None:
    whole = spans((0, 10), (20, 30), (40, 50))
    assert list(Track(whole).near(at(moment), at(50))) == whole[first:]


@pytest.mark.parametrize(("moment", "count"), [(-1, 0), (0, 1), (19, 1), (20, 2), (39, 2), (40, 3), (60, 3)])
def test_a_track_up_to_a_moment(moment: float, count: int) -> None:
    whole = spans((0, 10), (20, 30), (40, 50))
    assert list(Track(whole).near(at(-1), at(moment))) == whole[:count]


@given(any_spans)
def test_a_union_covers_the_same_and_has_gaps_between(some: list[Span]) -> None:
    found = union(some)
    assert covered(found) == covered(some)
    assert all(a < b for a, b in found)
    assert all(before[1] < after[0] for before, after in pairwise(found))
    assert seconds(found) == len(covered(found))


@given(any_spans, any_spans)
def test_what_is_in_both_is_in_each(some: list[Span], others: list[Span]) -> None:
    found = meet(union(some), union(others))
    assert covered(found) == covered(some) & covered(others)
    assert all(a < b for a, b in found)
    assert found == sorted(found)


@given(any_spans, moments, moments)
def test_what_is_cut_lies_within(some: list[Span], start: int, stop: int) -> None:
    within = covered(union(some)) & set(range(start, stop))
    cut = clip(union(some), at(start), at(stop))
    if start < stop:
        assert covered(cut) == within
        assert all(at(start) <= a < b <= at(stop) for a, b in cut)
    assert Track(union(some)).seconds(at(start), at(stop)) == len(within)


@given(any_spans, moments, moments)
def test_a_track_gives_every_span_between_two_moments(some: list[Span], since: int, until: int) -> None:
    whole = union(some)
    near = [(a, b) for a, b in whole if b > at(since) and a <= at(until)]
    assert list(Track(whole).near(at(since), at(until))) == near


@given(any_spans, any_spans)
def test_what_is_left_of_spans_without_others(left: list[Span], right: list[Span]) -> None:
    found = minus(union(left), union(right))
    assert covered(found) == covered(left) - covered(right)
    assert all(a < b for a, b in found)
    assert found == union(found)
