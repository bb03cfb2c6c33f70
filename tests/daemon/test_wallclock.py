from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from posture.daemon.wallclock import WallClock
from posture.history.recorder import Recorder
from posture.history.records import Memory
from posture.timeline.events import PresenceChanged

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Machine:
    """A machine whose two clocks are in the hands of the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at_s, self.set_by = 1000.0, timedelta()
        monkeypatch.setattr("posture.daemon.clock.now_s", lambda: self.at_s)

    def calendar(self) -> datetime:
        return NOON + timedelta(seconds=self.at_s - 1000.0) + self.set_by


@pytest.mark.parametrize("jump_s", [-3600.0, 3600.0, 40 * 86400.0])
def test_a_jump_of_the_calendar_neither_loses_nor_invents_time(monkeypatch: pytest.MonkeyPatch, jump_s: float) -> None:
    machine = Machine(monkeypatch)
    wall, kept = WallClock(machine.calendar), Memory()
    recorder = Recorder(kept, wall.to_utc)

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
    everything = kept.intervals(NOON - timedelta(days=99), NOON + timedelta(days=99), "presence")
    lasted = {one.label: one.length_s for one in everything}
    assert lasted == {"sitting": pytest.approx(900.0), "away": pytest.approx(60.0)}
    began = {one.label: one.start for one in everything}
    assert began["sitting"] == NOON
    assert began["away"] == NOON + timedelta(seconds=900 + jump_s)


def test_what_ntp_slews_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch)
    wall = WallClock(machine.calendar)
    machine.at_s += 50
    machine.set_by = timedelta(seconds=1.5)
    assert wall.check() == 0.0
    assert wall.to_utc(50.0) == NOON + timedelta(seconds=50)
