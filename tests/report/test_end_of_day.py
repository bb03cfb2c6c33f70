"""The word at the end of the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from posture.history.records import Memory
from posture.report.end_of_day import due, notice
from posture.report.sample import write_sample
from posture.report.summary import Records, day_bounds
from posture.settings import DesktopSettings, Settings

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 10, 23)


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"{DAY}T{clock}").replace(tzinfo=BERLIN).astimezone(UTC)


def told_at(time: str) -> Settings:
    return replace(Settings(), desktop=DesktopSettings(end_of_day=time))


def test_off_by_default() -> None:
    assert due(at("17:30"), None, Settings(), BERLIN) is None


@pytest.mark.parametrize(
    ("clock", "is_due"), [("17:29:59", False), ("17:30", True), ("21:29", True), ("21:30", False), ("00:10", False)]
)
def test_from_its_time_on_but_not_at_night(clock: str, is_due: bool) -> None:
    assert due(at(clock), None, told_at("17:30"), BERLIN) == (DAY if is_due else None)


def test_once_a_day() -> None:
    assert due(at("18:00"), DAY, told_at("17:30"), BERLIN) is None
    assert due(at("18:00"), DAY - timedelta(days=1), told_at("17:30"), BERLIN) == DAY
    assert due(at("18:00"), DAY + timedelta(days=1), told_at("17:30"), BERLIN) is None  # the clock was set back


def test_three_figures_and_the_way_to_more() -> None:
    memory = Memory()
    write_sample(memory, BERLIN)

    def said(day: date) -> tuple[str, str] | None:
        start, stop = day_bounds(day, BERLIN)
        return notice(Records(memory, start, stop).summarise(start, stop, Settings()))

    body = "Sitting 3 h 31, longest bout 34 min, 6 breaks. More: posture report --open"
    assert said(DAY) == ("Your day", body)
    hidden = said(DAY - timedelta(days=1))
    assert hidden is not None
    assert hidden[1].startswith("Too little was seen for figures: 36 %")
    assert said(date(2026, 12, 1)) is None
