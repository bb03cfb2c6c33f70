"""What is held back is recorded with its reason, and what passes in a moment is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from posture.history.records import Memory
from posture.measure.observation import Observation
from posture.monitor.assemble import assemble
from posture.settings import Settings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reason", "passing", "recorded"),
    [("do not disturb", False, ["do not disturb"]), ("you are typing", True, []), ("", False, [])],
)
def test_a_reason_is_recorded_once(own_folder: object, reason: str, passing: bool, recorded: list[str]) -> None:
    memory = Memory()
    engine = assemble(Settings(), memory, lambda t_s: START + timedelta(seconds=t_s), waiting="asking the desktop")
    given = 0
    for t_s in range(0, 2400, 10):
        if t_s > 1790:  # before that nobody has asked the desktop: no reason of the user's
            engine.wait_for(reason, 1e9, passing=passing)
        given += len(
            engine.take(Observation(float(t_s), "sitting", "", {}, (t_s // 600 * 3.0, 0.0, 0.0), 60.0)).reminders
        )
    engine.finish()
    points = memory.points(START, START + timedelta(days=1))
    assert [point.detail["why"] for point in points if point.kind == "silence"] == recorded
    assert given == (not reason)
