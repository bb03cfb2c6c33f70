"""Two days with a night between behind a locked screen, recorded by the real engine and shown by `posture summary`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from posture.history.store import Store
from posture.measure.observation import Cause, Observation, Presence
from posture.monitor.assemble import assemble
from posture.settings import Settings

START = datetime(2026, 3, 2, 16, tzinfo=UTC)
STEP_S = 20.0
MIN_S = 60.0
Spell = tuple[Presence, Cause, float]
EVENING: list[Spell] = [
    ("sitting", "", 50 * MIN_S),
    ("away", "", 10 * MIN_S),
    ("sitting", "", 40 * MIN_S),
]
MORNING: list[Spell] = [("sitting", "", 30 * MIN_S), ("away", "", 5 * MIN_S), ("sitting", "", 25 * MIN_S)]
NIGHT_S = 15 * 3600.0


def record(store: Store, last: Spell, *, asleep: bool) -> None:
    """Record both days; the screen is locked after `last`, and nobody looks until the morning."""
    engine = assemble(Settings(), store, lambda t_s: START + timedelta(seconds=t_s), known=lambda context: context)

    def watch(spells: list[Spell], t_s: float) -> float:
        for presence, cause, length_s in spells:
            for n in range(int(length_s / STEP_S)):
                engine.take(Observation(t_s + n * STEP_S, presence, cause, cause=cause))
            t_s += length_s
        return t_s

    locked_s = watch([*EVENING, last], 0.0)
    engine.suspended = True
    for n in range(2):  # until it has lasted for its dwell
        engine.take(Observation(locked_s + 2.0 * n, "unknown", "the screen is locked", cause="locked"))
    if asleep:
        engine.take(Observation(locked_s + 600.0, "unknown", "the screen is locked", cause="lid closed"))
    engine.suspended = False
    watch(MORNING, locked_s + NIGHT_S)
    engine.finish()


@pytest.mark.parametrize("asleep", [False, True])
@pytest.mark.parametrize(
    ("last", "gone"), [(("away", "", 40.0), True), (("sitting", "", 20.0), False)], ids=["seen leaving", "seated"]
)
def test_both_days_are_as_they_were(
    store: Store, printed: Callable[..., str], last: Spell, gone: bool, asleep: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    record(store, last, asleep=asleep)
    first, second = (json.loads(printed("summary", "--day", day, "--json")) for day in ("2026-03-02", "2026-03-03"))
    for day, sat_s, off_s, longest_s in ((first, 5400.0, 600.0, 3000.0), (second, 3300.0, 300.0, 1800.0)):
        assert day["sitting_s"] == pytest.approx(sat_s, abs=2 * STEP_S)
        assert day["away_s"] == pytest.approx(off_s, abs=3 * STEP_S)
        assert day["observed_s"] + day["unknown_s"] == pytest.approx(day["watched_s"], abs=1.0)
        assert day["watched_s"] == pytest.approx(sat_s + off_s, abs=5 * STEP_S), "nobody has watched the night"
        assert day["bouts"]["longest_s"] == pytest.approx(longest_s, abs=2 * STEP_S)
        assert day["bouts"]["count"] == 2
        assert (day["breaks"]["effective"], day["breaks"]["by_session"]) == (1, 0), "the night is no break"
        longest = day["bouts"]["longest"]
        hidden_s = 0.0 if gone or not asleep else 600.0  # until the lid was closed they may have sat there
        assert longest_s - 2 * STEP_S <= longest["at_least_s"] <= longest["at_most_s"] <= longest_s + hidden_s
        assert day["sitting"]["at_least_s"] <= day["sitting"]["at_most_s"] <= day["watched_s"]
    bouts = [record for record in store.intervals(START, START + timedelta(days=2)) if record.kind == "bout"]
    assert [bout.detail["ended_by"] for bout in bouts] == [
        "break",
        "session" if gone or asleep else "unknown",
        "break",
        "end",
    ]
    shown = printed("summary", "--day", "2026-03-03")
    assert "15 h" not in shown
