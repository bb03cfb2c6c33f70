"""The notification at the end of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from posture.history.records import Interval, Memory
from posture.report.end_of_day import due, notice
from posture.report.sample import write_sample
from posture.report.summary import Records, day_bounds
from posture.settings import DesktopSettings, Settings

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 10, 23)


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"{DAY}T{clock}").replace(tzinfo=BERLIN).astimezone(UTC)


def notified_at(time: str) -> Settings:
    return replace(Settings(), desktop=DesktopSettings(end_of_day=time))


def test_off_by_default() -> None:
    assert due(at("17:30"), None, Settings(), BERLIN) is None


@pytest.mark.parametrize(
    ("clock", "is_due"), [("17:29:59", False), ("17:30", True), ("21:29", True), ("21:30", False), ("00:10", False)]
)
def test_from_its_time_on_but_not_at_night(clock: str, is_due: bool) -> None:
    assert due(at(clock), None, notified_at("17:30"), BERLIN) == (DAY if is_due else None)


def test_once_a_day() -> None:
    assert due(at("18:00"), DAY, notified_at("17:30"), BERLIN) is None
    assert due(at("18:00"), DAY - timedelta(days=1), notified_at("17:30"), BERLIN) == DAY
    assert due(at("18:00"), DAY + timedelta(days=1), notified_at("17:30"), BERLIN) is None  # the clock was set back


def test_the_last_minute_of_a_day_is_of_that_day() -> None:
    """A time late in the evening: the four hours end at midnight, with the day."""
    late = notified_at("23:30")
    assert due(at("23:59"), None, late, BERLIN) == DAY
    assert due(at("23:29"), None, late, BERLIN) is None
    assert due(at("00:10") + timedelta(days=1), None, late, BERLIN) is None
    assert due(at("00:00"), None, notified_at("00:00"), BERLIN) == DAY


def test_the_time_is_that_of_the_zone() -> None:
    assert due(at("17:30"), None, notified_at("15:30"), UTC) == DAY
    assert due(at("17:30"), None, notified_at("17:30"), UTC) is None
    now = at("12:00")
    assert due(now, None, notified_at(f"{now.astimezone():%H:%M}")) == now.astimezone().date()


def test_three_figures() -> None:
    memory = Memory()
    write_sample(memory, BERLIN)

    def notified(day: date) -> tuple[str, str] | None:
        start, stop = day_bounds(day, BERLIN)
        return notice(Records(memory, start, stop).summarise(start, stop, Settings()))

    body = "Sitting 3 h 31, longest sitting 34 min, 6 breaks."
    assert notified(DAY) == ("Your day", body)
    hidden = "Too little was seen for figures: 36 % of the watched time."
    assert notified(DAY - timedelta(days=1)) == ("Your day", hidden)
    assert notified(date(2026, 12, 1)) is None


def test_a_day_without_a_bout_and_with_one_break() -> None:
    def notified(memory: Memory) -> tuple[str, str] | None:
        start, stop = day_bounds(DAY, BERLIN)
        return notice(Records(memory, start, stop).summarise(start, stop, Settings()))

    memory = Memory()
    noon = at("12:00")
    hours = [noon + timedelta(hours=n) for n in range(4)]
    memory.write([Interval("watch", "camera", noon, hours[3]), Interval("presence", "away", noon, hours[1])])
    memory.write([Interval("presence", "standing", hours[1], hours[3])])
    assert notified(memory) == ("Your day", "Sitting 0 s, 0 breaks.")
    memory = Memory()
    memory.write([Interval("watch", "camera", noon, hours[3]), Interval("presence", "away", hours[1], hours[2])])
    for start in (hours[0], hours[2]):
        end = start + timedelta(hours=1)
        memory.write([Interval("presence", "sitting", start, end)])
        memory.write([Interval("bout", "sitting", start, end, {"ended_by": "break"})])
    assert notified(memory) == ("Your day", "Sitting 2 h 00, longest sitting 1 h 00, 1 break.")
