"""history.keep: what is too old goes, a day or two at a time, and no wrong calendar costs the history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.history.expiry import (
    ANOTHER_DAY,
    CONVINCING_DAYS,
    CREDIBLE,
    MOST_AT_ONCE,
    Expiry,
    Trusted,
    due,
    first_date,
    moved,
)
from posture.history.records import Interval, Memory, Point
from posture.history.store import Store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KEEP_S = 30 * 86_400.0


def sat(day: datetime) -> Interval:
    return Interval("presence", "sitting", day - timedelta(hours=2), day)


class Machine:
    """A machine with a history of `days`, whose calendar may be wrong."""

    def __init__(self, store: Store, days: int) -> None:
        self.store, self.up_s, self.true, self.off = store, 0.0, NOW, timedelta()
        self.boot = 0
        for n in range(days):
            store.write([sat(NOW - n * DAY)], [Point("shift", NOW - n * DAY)])
        self.start()

    def start(self) -> None:
        """Start posture, also when it has been running."""
        self.expiry = Expiry(lambda: self.up_s, lambda: self.true + self.off, str(self.boot))
        self.expiry.opened(self.store)
        self.store.write([sat(self.true + self.off)], [Point("shift", self.true + self.off)])

    def reboot(self, after: timedelta = timedelta(hours=8)) -> None:
        self.boot += 1
        self.up_s, self.true = 60.0, self.true + after
        self.start()

    def run(self, time: timedelta, keep_s: float = KEEP_S) -> int:
        """Run for some time, and give how many records were removed; about each half hour it is asked."""
        removed = 0
        for _ in range(max(1, round(time / timedelta(minutes=30)))):
            self.up_s += 1800.0
            self.true += timedelta(minutes=30)
            removed += self.expiry.apply(self.store, keep_s)
        return removed

    @property
    def left(self) -> int:
        """How many of the records from before are left."""
        return len(self.store.points(NOW - 9999 * DAY, NOW + DAY / 4))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "history.sqlite3") as opened:
        yield opened


def test_what_is_too_old_goes_a_bit_each_day_until_the_rest_is_as_long_as_it_is_to_be(store: Store) -> None:
    machine = Machine(store, 40)
    assert machine.run(timedelta(hours=0.5)) == 0
    assert machine.run(timedelta(hours=23)) == 0  # only asked, so far
    lefts = []
    for _ in range(20):
        machine.run(DAY)
        lefts.append(sum(point.kind == "shift" for point in store.points(NOW - 99 * DAY, NOW + DAY)))
    steps = [before - after for before, after in zip([40, *lefts], lefts, strict=False)]
    assert max(steps) <= 4  # two times two days may fall on one
    oldest = min(point.at for point in store.points(NOW - 99 * DAY, NOW + 99 * DAY))
    assert timedelta(days=29) <= machine.true - oldest <= timedelta(days=33)


def test_a_machine_that_runs_for_some_hours_a_day(store: Store) -> None:
    machine = Machine(store, 29)
    for _ in range(12):
        machine.run(timedelta(hours=3))
        machine.reboot(after=timedelta(hours=21))
    oldest = min(point.at for point in store.points(NOW - 99 * DAY, NOW + 99 * DAY))
    assert timedelta(days=29) <= machine.true - oldest <= timedelta(days=33)


def test_zero_keeps_all(store: Store) -> None:
    machine = Machine(store, 60)
    assert machine.run(10 * DAY, keep_s=0.0) == 0


def test_a_short_time_still_keeps_a_day(store: Store) -> None:
    machine = Machine(store, 5)
    for _ in range(8):
        machine.run(DAY, keep_s=1.0)
        store.write(points=[Point("shift", machine.true)])
    assert any(point.at > machine.true - DAY for point in store.points(NOW, machine.true + DAY))
    assert machine.left <= 1


@pytest.mark.parametrize("ahead", [40 * DAY, 3 * 365 * DAY, 50 * 365 * DAY])
@pytest.mark.parametrize("days", [3, 20])
def test_a_calendar_far_ahead_costs_nothing(store: Store, ahead: timedelta, days: int) -> None:
    """At the second start, after 25 h, over days of restarts, and when it is right again."""
    machine = Machine(store, 25)
    machine.run(timedelta(hours=25))
    machine.off = ahead
    for n in range(days):
        if n % 3:
            machine.start()
        else:
            machine.reboot(timedelta(minutes=5))
        assert machine.run(timedelta(hours=25) / (1 + days // 5)) == 0
        assert machine.left == 25
    machine.off = timedelta()
    machine.start()
    assert machine.run(timedelta(hours=3)) == 0


def test_a_calendar_that_was_ahead_before_anything_was_noted(store: Store) -> None:
    """An older posture has written under it already: those records lie alone, far after all others."""
    for n in range(25):
        store.write([sat(NOW - n * DAY)], [Point("shift", NOW - n * DAY)])
    store.write([sat(NOW + 3 * 365 * DAY)], [Point("shift", NOW + 3 * 365 * DAY)])
    machine = Machine(store, 0)
    machine.off = 3 * 365 * DAY
    for _ in range(4):
        machine.start()
        assert machine.run(timedelta(hours=25)) == 0
    assert machine.left == 25


def test_who_shortens_it_has_all_of_it_removed_on_the_next_day(store: Store) -> None:
    machine = Machine(store, 100)
    machine.run(2 * DAY, keep_s=200 * 86_400.0)
    assert machine.run(DAY) <= 6
    machine.run(2 * DAY)
    assert 24 <= machine.left <= 28  # of 30 days, five have no records


def test_a_note_that_cannot_be_kept_removes_nothing(store: Store, tmp_path: Path) -> None:
    machine = Machine(store, 60)
    (tmp_path / "expiry.json").unlink()
    (tmp_path / "expiry.json").mkdir()
    assert machine.run(6 * DAY) == 0


# -- any calendar ------------------------------------------------------------------------------------------------------

runs = st.lists(
    st.tuples(
        st.floats(1, 60).map(lambda hours: timedelta(hours=hours)),  # since the last one
        st.booleans(),  # the machine was started anew
        st.one_of(
            st.just(timedelta()),
            st.integers(-30_000, 30_000).map(timedelta),
            st.sampled_from((3 * 365 * DAY, -DAY, CREDIBLE, -50 * 365 * DAY)),
        ),
    ),
    max_size=CONVINCING_DAYS - 2,
)


@given(runs, st.integers(30, 800))
def test_no_calendar_removes_much_or_at_once(steps: list[tuple[timedelta, bool, timedelta]], keep_days: int) -> None:
    true, up_s, boot = NOW, 0.0, 0
    first = NOW - 1000 * DAY
    state, removed = Trusted(NOW, NOW, up_s, "0"), first
    asked: list[datetime] = []
    for time, anew, off in steps:
        true += time
        up_s, boot = (0.0, boot + 1) if anew else (up_s + time.total_seconds(), boot)
        calendar = true + off
        after = moved(state, calendar, up_s, str(boot))
        if after is None:
            continue
        assert state.boot != str(boot) or calendar < state.calendar or up_s - state.up_s >= ANOTHER_DAY.total_seconds()
        assert after.date <= max(state.date + 2 * DAY, calendar)
        if calendar - state.date > CREDIBLE + DAY and calendar >= state.calendar:
            assert after.date <= state.date + DAY  # far ahead: as if it were right
        state, before = due(after, removed, keep_days * 86_400.0)
        if before is not None:
            assert before <= removed + MOST_AT_ONCE
            assert before <= calendar - keep_days * DAY
            assert asked
            assert before <= max(asked)
            removed = before
        if state.before is not None:
            asked.append(state.before)
    assert removed <= first + len(steps) * MOST_AT_ONCE


@given(st.lists(st.integers(0, 3000), max_size=30, unique=True))
def test_the_first_date_is_one_that_was_recorded(days: list[int]) -> None:
    memory = Memory()
    memory.write([sat(NOW - n * DAY) for n in days])
    found = first_date(memory, NOW)
    assert found <= NOW
    if days:
        assert found <= NOW - min(days) * DAY + DAY
