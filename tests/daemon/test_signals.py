"""What is shown when: the countdown, the glow, the card and the sound. The drawing is tested with the window."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from test_status import DUE, SITTING, SNOOZED, status

from posture.coach.reminder import Reminder
from posture.daemon.session_state import PAUSED, SessionState
from posture.daemon.signals import Signals, Told, anything, glow_of, signals_json
from posture.daemon.status import ActiveNow
from posture.daemon.tray_menu import tray_state
from posture.settings import SignalSettings

ALL = SignalSettings(glow=True, sound=True, card=True, countdown=True)
TOLD = Told(1, 100.0, "stand", "Time to stand", "Stand up and walk a few steps.", "walk", "left")
REMINDER = Reminder(0.0, "stand", "Time to stand", "Stand up.", "sitting for 30 min")


def test_all_is_off_until_asked_for() -> None:
    found = signals_json(status(), TOLD, "stand", SignalSettings(), 100.0, "")
    assert found == {"glow": 0.0, "card": None, "sound": None}
    assert tray_state(status(), SignalSettings()) == tray_state(status())


def test_the_title_counts_down_to_the_next_reminder() -> None:
    state = tray_state(status(due=replace(DUE, in_s=302.0)), ALL)
    assert state.label == "stand up in 5 min"
    assert state.title.endswith(": stand up in 5 min")


def test_nothing_is_counted_that_does_not_come_or_is_far() -> None:
    for none in (
        status(due=None),
        status(SessionState(snooze=SNOOZED)),
        status(due=replace(DUE, in_s=ALL.countdown_from_s + 60.0)),
        status(due=replace(DUE, in_s=0.0), waiting="a call"),
    ):
        assert tray_state(none, ALL).label == ""


@given(st.floats(0.5, 5.0), st.floats(0.1, 1.0))
def test_the_glow_grows_with_the_deviation_up_to_its_strength(level: float, strength: float) -> None:
    settings = replace(ALL, glow_strength=strength)
    one = status()._replace(active=(ActiveNow("slump", "slumped", 20.0, level),))
    more = one._replace(active=(*one.active, ActiveNow("head_tilt", "head tilted", 9.0, level + 0.5)))
    assert strength / 2 <= glow_of(one, settings) <= glow_of(more, settings) <= strength
    assert glow_of(one._replace(active=()), settings) == 0.0


def test_nothing_glows_while_nobody_wants_to_hear_anything() -> None:
    assert glow_of(status(), ALL) > 0.0
    assert glow_of(status(SessionState(snooze=SNOOZED)), ALL) == 0.0
    assert glow_of(status(SessionState(suspended=(PAUSED,))), ALL) == 0.0
    assert signals_json(status(), None, None, ALL, 0.0, "do not disturb")["glow"] == 0.0


@given(st.floats(0.0, 200.0), st.sampled_from([None, "stand", "move"]))
def test_card_and_sound_go_with_their_reminder(since_s: float, shown: str | None) -> None:
    found = signals_json(status(), TOLD, shown, ALL, TOLD.at_s + since_s, "")  # type: ignore[arg-type]
    assert (found["card"] is not None) == (shown == "stand" and since_s < ALL.card_for_s)
    assert (found["sound"] is not None) == (shown == "stand" and since_s < 10.0)
    if found["card"] is not None:
        assert 0.0 < found["card"]["left_s"] <= ALL.card_for_s


def test_only_what_asks_for_a_break_has_a_card() -> None:
    found = signals_json(status(), replace(TOLD, kind="move"), "move", ALL, 101.0, "")
    assert found["card"] is None
    assert found["sound"] is not None


def test_what_draws_is_started_when_there_is_something_and_not_twice() -> None:
    started: list[int] = []
    signals = Signals(lambda: started.append(1) or True)  # type: ignore[func-returns-value]
    silent = status(due=None, seen=replace(SITTING, active={}))
    signals.start_if_wanted(silent, None, ALL, 0.0, "")
    assert not started
    signals.remind(REMINDER, 1.0)
    for now_s in (1.0, 3.0, 5.0):
        signals.start_if_wanted(silent, "stand", ALL, now_s, "")
    assert len(started) == 1
    assert anything(signals.answer(silent, "stand", ALL, 6.0, ""))
    signals.start_if_wanted(silent, "stand", ALL, 25.0, "")
    assert len(started) == 1  # it still asks
    signals.start_if_wanted(silent, "stand", ALL, 27.0, "")
    assert len(started) == 2  # it is gone


def test_where_nothing_can_be_drawn_it_is_said_and_not_tried_all_the_time() -> None:
    started: list[int] = []
    signals = Signals(lambda: started.append(1) or True)  # type: ignore[func-returns-value]
    signals.failed("there is no screen.", 0.0)
    assert "there is no screen." in signals.problem
    signals.start_if_wanted(status(), None, ALL, 30.0, "")
    assert not started
    signals.start_if_wanted(status(), None, SignalSettings(), 31.0, "")
    assert signals.problem == ""
