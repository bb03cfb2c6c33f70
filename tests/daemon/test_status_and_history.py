"""While nobody looks, the status says of the bout and of the break what the history says of them afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from posture.daemon.session_state import ASLEEP, CLOSED, HIDDEN, LOCKED, PAUSED, SessionState, Suspension
from posture.daemon.status import Process, Status, Watch, status_of
from posture.history.records import Memory
from posture.measure.observation import Observation, Presence
from posture.monitor.assemble import assemble
from posture.monitor.engine import Engine
from posture.monitor.live import UNSEEN_S
from posture.settings import Settings
from posture.timeline.advance import BLIND_DWELL_S
from posture.timeline.events import BoutEnded, Event

SETTINGS = Settings()
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PROCESS = Process(7, "1.2.3", START, "/home/me/settings.toml")
LENT = Suspension("lent", "calibrating")
SUSPENSIONS = st.lists(st.sampled_from([PAUSED, LOCKED, HIDDEN, ASLEEP, CLOSED, LENT]), min_size=1, max_size=3)
SPELLS: st.SearchStrategy[list[tuple[Presence, float]]] = st.lists(
    st.tuples(st.sampled_from(["sitting", "away", "standing", "unknown"]), st.floats(1.0, 80.0)), max_size=5
)


def seen(*spells: tuple[Presence, float]) -> Engine:
    """An engine that has seen somebody sit for five minutes, and then this."""
    engine = assemble(SETTINGS, Memory(), lambda t_s: START + timedelta(seconds=t_s), known=lambda context: context)
    for t_s in range(0, 300, 30):
        engine.take(Observation(float(t_s), "sitting"))
    began_s = 300.0
    for presence, length_s in (("sitting", 1.0), *spells):
        # At its beginning, once it has lasted, and at its end.
        for t_s in sorted({began_s, began_s + min(length_s, 3.0), began_s + length_s - 0.5}):
            engine.take(Observation(max(t_s, engine.timeline.now_s), presence))
        began_s += length_s
    return engine


def suspend(engine: Engine, session: SessionState, t_s: float, until_s: float) -> list[Event]:
    """As the watch does it: told at once, and again until it has lasted for its dwell."""
    engine.suspended = True
    told = False
    events: list[Event] = []
    while t_s <= until_s and (not told or engine.timeline.candidate is not None):
        events += engine.take(Observation(t_s, "unknown", session.reasons[0], cause=session.cause)).events
        told, t_s = True, t_s + UNSEEN_S
    return events


def status(engine: Engine, session: SessionState, now_s: float) -> Status:
    return status_of(
        PROCESS,
        session,
        Watch(),
        engine.timeline,
        now_s,
        SETTINGS.timeline,
        to_utc=lambda t_s: START + timedelta(seconds=t_s),
        unseen_reason=engine.not_seen_since,
    )


def look(engine: Engine, t_s: float) -> list[Event]:
    """Looks are resumed, and somebody is seen to sit."""
    engine.suspended = False
    return [event for n in range(4) for event in engine.take(Observation(t_s + n, "sitting")).events]


@settings(max_examples=60)
@given(SPELLS, SUSPENSIONS, st.floats(BLIND_DWELL_S + 2.0, 4000.0))
@example([("away", 10.0)], [LOCKED], 55.0)
@example([("away", 1.0)], [LOCKED], 300.0)
@example([], [LOCKED, CLOSED], 300.0)
@example([], [PAUSED, CLOSED], 300.0)
@example([], [CLOSED], 59.0)
def test_a_bout_is_over_for_both_or_for_neither(
    spells: list[tuple[Presence, float]], suspensions: list[Suspension], length_s: float
) -> None:
    session = SessionState(suspended=tuple(dict.fromkeys(suspensions)))
    engine = seen(*spells)
    had_bout = engine.timeline.bout is not None
    began_s = engine.timeline.now_s + 0.5
    now_s = began_s + length_s
    events = suspend(engine, session, began_s, now_s)
    held = status(engine, session, now_s)
    # Not while the break becomes one during the looks that come after it.
    assume((held.bout is None) == (status(engine, session, now_s + 4.0).bout is None))
    assert (held.state, held.reason) == ("held off", session.reasons[0])
    engine.suspended = False
    resumed = status(engine, SessionState(), now_s)
    assert (resumed.state, resumed.reason) == ("unknown", session.reasons[0])
    ended = [event for event in events + look(engine, now_s) if isinstance(event, BoutEnded)]
    over = not had_bout or bool(ended)
    assert (held.bout is None, resumed.bout is None) == (over, over)
    if had_bout and not over:
        assert held.bout is not None
        assert engine.timeline.bout is not None
        assert held.bout.sitting_s == pytest.approx(engine.timeline.bout.counted_s, abs=0.1)


def test_a_lock_that_came_while_away_shows_the_break_as_it_stands() -> None:
    session = SessionState(suspended=(LOCKED,))
    engine = seen(("away", 10.0))
    suspend(engine, session, 311.0, 350.0)
    assert status(engine, session, 360.0).bout is not None
    assert status(engine, session, 361.5).bout is None
    still = seen()
    suspend(still, session, 301.0, 1000.0)
    found = status(still, session, 1000.0)
    assert found.bout is not None
    assert found.bout.sitting_s == pytest.approx(300.0, abs=1.0)
