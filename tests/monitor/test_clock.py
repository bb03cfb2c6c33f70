from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from posture.history.recorder import Recorder
from posture.history.records import IntervalKind, Memory
from posture.monitor.clock import WallClock
from posture.report.summary import summarise
from posture.settings import Settings
from posture.timeline.events import PosturalShift, PresenceChanged

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Machine:
    """A machine whose two clocks are in the hands of the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at_s, self.set_by = 1000.0, timedelta()
        monkeypatch.setattr("posture.monitor.clock.now_s", lambda: self.at_s)

    def calendar(self) -> datetime:
        return NOON + timedelta(seconds=self.at_s - 1000.0) + self.set_by


@pytest.mark.parametrize("jump_s", [-3600.0, -200.0, 3600.0, 40 * 86400.0])
def test_a_jump_of_the_calendar_neither_loses_nor_invents_time(monkeypatch: pytest.MonkeyPatch, jump_s: float) -> None:
    machine = Machine(monkeypatch)
    wall, memory = WallClock(machine.calendar), Memory()
    recorder = Recorder(memory, wall.to_utc)

    def pass_s(seconds: float) -> None:
        machine.at_s += seconds
        wall.check()

    recorder.take(0.0, [PresenceChanged(0.0, 0.0, "sitting", "unknown")])
    for _ in range(6):
        pass_s(100.0)
        recorder.take(wall.seconds())
    machine.set_by = timedelta(seconds=jump_s)
    assert wall.check() == pytest.approx(jump_s)
    assert wall.check() == 0.0
    for _ in range(3):
        pass_s(100.0)
        recorder.take(wall.seconds())
    recorder.take(900.0, [PresenceChanged(900.0, 900.0, "away", "sitting")])
    pass_s(60.0)
    recorder.close(wall.seconds())

    def of(kind: IntervalKind) -> list[tuple[str, float, float]]:
        every = memory.intervals(NOON - timedelta(days=99), NOON + timedelta(days=99), kind)
        found = [(span.label, (span.start - NOON).total_seconds(), span.length_s) for span in every]
        return sorted(found, key=lambda span: (span[0] == "away", span[1] != 0.0))

    # The calendar was set at 600 s and that was seen at the next look, at 700 s: from there on it has the new dates.
    assert of("presence") == [
        ("sitting", 0.0, 700.0),
        ("sitting", 700.0 + jump_s, 200.0),
        ("away", 900.0 + jump_s, 60.0),
    ]
    assert of("watch") == [("camera", 0.0, 700.0), ("camera", 700.0 + jump_s, 260.0)]
    found = summarise(memory.intervals(*EVER), [], [], *EVER, Settings())
    assert found.unknown_s == 0.0
    # An hour that the calendar has twice is counted once.
    assert found.watched_s == pytest.approx(960.0 - (200.0 if jump_s == -200.0 else 0.0))
    assert found.figures.sitting_s + found.figures.away_s == pytest.approx(found.watched_s)


def test_who_left_before_the_calendar_was_set_is_known_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    wall, memory = WallClock(machine.calendar), Memory()
    recorder = Recorder(memory, wall.to_utc)
    recorder.take(0.0, [PresenceChanged(0.0, 0.0, "sitting", "unknown")])
    for n in range(1, 9):  # a calendar that is set again and again
        machine.at_s += 100.0
        machine.set_by += timedelta(seconds=1000)
        wall.check()
        recorder.take(100.0 * n, [PosturalShift(100.0 * n, 100.0 * n)])  # written at each
    machine.at_s += 100.0
    recorder.take(900.0, [PresenceChanged(900.0, 790.0, "away", "sitting")])
    machine.at_s += 100.0
    recorder.close(wall.seconds())
    every = memory.intervals(*EVER, "presence")
    lasted = {label: sum(span.length_s for span in every if span.label == label) for label in ("sitting", "away")}
    assert lasted == {"sitting": pytest.approx(790.0), "away": pytest.approx(210.0)}
    assert sum(span.length_s for span in memory.intervals(*EVER, "watch")) == pytest.approx(1000.0)
    assert not any(span.open for span in every)


def test_what_ntp_slews_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    wall = WallClock(machine.calendar)
    machine.at_s += 50
    machine.set_by = timedelta(seconds=1.5)
    assert wall.check() == 0.0
    assert wall.to_utc(50.0) == NOON + timedelta(seconds=50)
