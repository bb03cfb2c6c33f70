"""Records that wait for a sink: merged, bounded, and reported once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from posture.errors import PostureError
from posture.history.pending import PendingRecords
from posture.history.records import Distance, Interval, Memory, Point

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
EVER = (T0 - timedelta(days=9), T0 + timedelta(days=9))


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


class Disk(Memory):
    """A sink that can be full."""

    def __init__(self) -> None:
        super().__init__()
        self.full, self.writes = False, 0

    def write(
        self,
        intervals: Sequence[Interval] = (),
        points: Sequence[Point] = (),
        distances: Sequence[Distance] = (),
    ) -> None:
        self.writes += 1
        if self.full:
            raise PostureError("The disk is full.")
        super().write(intervals, points, distances)


def everything(memory: Memory) -> tuple[list[Interval], list[Point], list[Distance]]:
    return memory.intervals(*EVER), memory.points(*EVER), memory.distance(*EVER)


def test_what_is_written_waits_no_longer() -> None:
    disk = Disk()
    pending = PendingRecords(disk, 10, None)
    pending.write([Interval("watch", "camera", at(0), at(1))], [Point("shift", at(0))], [Distance(T0, 60, 5.0)])
    assert pending.flush() is None
    assert everything(pending) == ([], [], [])
    assert pending.flush() is None
    assert disk.distance(*EVER) == [Distance(T0, 60, 5.0)]  # not added twice
    assert disk.intervals(*EVER) == [Interval("watch", "camera", at(0), at(1))]
    assert disk.points(*EVER) == [Point("shift", at(0))]


def test_a_failure_is_reported_once_until_it_works_again() -> None:
    disk, problems = Disk(), list[PostureError]()
    pending = PendingRecords(disk, 10, problems.append)
    disk.full = True
    error = pending.flush()
    assert isinstance(error, PostureError)
    assert problems == [error]
    assert pending.flush() is not None
    assert len(problems) == 1
    disk.full = False
    assert pending.flush() is None
    disk.full = True
    pending.flush()
    assert len(problems) == 2
    assert PendingRecords(disk, 10, None).flush() is not None  # nobody needs to listen


def test_of_each_sort_the_newest_wait() -> None:
    disk = Disk()
    disk.full = True
    pending = PendingRecords(disk, 3, None)
    for n in range(5):
        pending.write([Interval("watch", "camera", at(n), at(n + 1))])
        pending.write(points=[Point("shift", at(n))], distances=[Distance(T0, 60 + n, 1.0)])
        assert pending.flush() is not None
    intervals, points, distances = everything(pending)
    assert [interval.start for interval in intervals] == [at(2), at(3), at(4)]
    assert [point.at for point in points] == [at(2), at(3), at(4)]
    assert [distance.cm for distance in distances] == [62, 63, 64]


records = st.tuples(
    st.lists(
        st.builds(
            lambda label, minutes, still_open: Interval("presence", label, T0, at(minutes), {}, still_open),
            st.sampled_from(("sitting", "away")),
            st.integers(0, 9),
            st.booleans(),
        ),
        max_size=3,
    ),
    st.lists(st.builds(lambda m, why: Point("shift", at(m), "", {"why": why}), st.integers(0, 3), st.text(max_size=1))),
    st.lists(st.builds(lambda cm, s: Distance(T0, cm, float(s)), st.integers(60, 62), st.integers(1, 9)), max_size=3),
)


@given(st.lists(st.tuples(records, st.booleans()), max_size=6))
def test_to_wait_changes_nothing(
    batches: list[tuple[tuple[list[Interval], list[Point], list[Distance]], bool]],
) -> None:
    """Merged while they waited or one after the other in the sink: the same records lie there in the end."""
    disk, at_once = Disk(), Memory()
    pending = PendingRecords(disk, 1000, None)
    for batch, full in batches:
        disk.full = full
        pending.write(*batch)
        at_once.write(*batch)
        pending.flush()
    disk.full = False
    pending.flush()
    assert everything(disk) == everything(at_once)
