"""The session's state machine: in whatever order facts come, the camera opens only when nothing speaks against it."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from posture.coach.reminder import Reminder
from posture.daemon.session_state import (
    ASLEEP,
    CLOSED,
    HIDDEN,
    LOCKED,
    OFFER_AGAIN,
    PAUSED,
    CalibrationDoubted,
    CameraChanged,
    CameraLent,
    CameraReturned,
    DayTold,
    Effect,
    Fact,
    LessOftenAsked,
    OfferShown,
    PauseAsked,
    RemindersLetPass,
    ResumeAsked,
    ResumeLooks,
    SessionChange,
    SessionChanged,
    SessionState,
    SetStanding,
    ShowStatus,
    SnoozeAsked,
    SnoozeCoach,
    SnoozeEndAsked,
    StandingSaid,
    StartSensorAnew,
    StoreMemory,
    SuspendLooks,
    Suspension,
    TimePassed,
    UserIsHere,
    WithdrawNotice,
    difference,
    memory_from_json,
    memory_to_json,
    step,
)
from posture.errors import PostureError

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATEST = NOON + timedelta(days=2)
times = st.integers(0, 48 * 60).map(lambda minute: NOON + timedelta(minutes=minute))
borrowers = st.sampled_from(["calibrating", "preview", "paused", "the screen is locked"])
facts: st.SearchStrategy[Fact] = st.one_of(
    st.builds(PauseAsked, st.none() | times),
    st.builds(SnoozeAsked, times, st.sampled_from(["snoozed", "in a meeting"])),
    st.builds(CameraLent, borrowers),
    st.builds(CameraReturned, borrowers),
    st.builds(CameraChanged, st.sampled_from(["open", "in use", "gone"]), st.sampled_from(["", "It is away."])),
    st.builds(SessionChanged, st.sampled_from(get_args(SessionChange))),
    st.builds(SessionChanged, st.just("locked"), times),
    st.builds(StandingSaid, st.booleans()),
    st.builds(DayTold, st.dates(date(2026, 3, 1), date(2026, 3, 4))),
    st.builds(CalibrationDoubted, times),
    st.builds(OfferShown, st.sampled_from(["webcam", "dock"]), times),
    st.builds(RemindersLetPass, st.dictionaries(st.sampled_from(["stand", "move"]), st.integers(0, 9))),
    st.builds(LessOftenAsked, st.sampled_from(["stand", "move"])),
    st.builds(TimePassed, times),
    st.sampled_from(
        [
            ResumeAsked(),
            UserIsHere(),
            SnoozeEndAsked(),
        ]
    ),
)


def after(given: Iterable[Fact], state: SessionState | None = None) -> SessionState:
    state = state or SessionState()
    for fact in given:
        state, _ = step(state, fact)
    return state


states = st.lists(facts, max_size=20).map(after)


class World:
    """What the effects act on; an effect that changes nothing is a mistake."""

    def __init__(self) -> None:
        self.open = True
        self.suspended: tuple[Suspension, ...] = ()
        self.quiet_until: datetime | None = None
        self.standing = False
        self.stored = memory_to_json(SessionState())

    def apply(self, effects: Iterable[Effect], state: SessionState) -> None:
        for effect in effects:
            match effect:
                case SuspendLooks(suspended):
                    assert suspended != self.suspended
                    self.open, self.suspended = False, suspended
                case ResumeLooks():
                    assert not self.open
                    self.open, self.suspended = True, ()
                case SnoozeCoach(until):
                    assert until != self.quiet_until
                    self.quiet_until = until
                case SetStanding(on):
                    assert on is not self.standing
                    self.standing = on
                case StoreMemory():
                    assert self.stored != memory_to_json(state)
                    self.stored = memory_to_json(state)


class Witness:
    """What may be, by flags and counts of its own."""

    def __init__(self) -> None:
        self.paused = False
        self.until: datetime | None = None
        self.flags = {"locked": False, "hidden": False, "asleep": False}
        self.looks_until: datetime | None = None
        self.lent: Counter[str] = Counter()

    def hear(self, fact: Fact) -> None:
        flags = self.flags
        match fact:
            case PauseAsked(until):
                self.paused, self.until = True, until
            case ResumeAsked():
                self.paused = False
            case TimePassed(now):
                if self.until is not None and now >= self.until:
                    self.paused = False
                if self.looks_until is not None and now >= self.looks_until:
                    self.look_no_more()
            case UserIsHere():
                self.flags, self.looks_until = dict.fromkeys(flags, False), None
            case SessionChanged("locked", datetime() as until):
                self.looks_until = self.looks_until if flags["locked"] else until
            case SessionChanged("unlocked"):
                flags["locked"], self.looks_until = False, None
            case SessionChanged("shown"):
                flags["hidden"] = False
            case SessionChanged("awake"):
                flags["asleep"] = False
            case SessionChanged(change):
                self.look_no_more()
                flags[{"sleeping": "asleep", "closing": "asleep"}.get(change, change)] = True
            case CameraLent(reason):
                self.lent[reason] += 1
            case CameraReturned(reason) if self.lent[reason]:
                self.lent[reason] -= 1

    def look_no_more(self) -> None:
        if self.looks_until is not None:
            self.flags["locked"], self.looks_until = True, None

    @property
    def nothing_against(self) -> bool:
        return not (self.paused or any(self.flags.values()) or any(self.lent.values()))


@given(st.lists(facts, max_size=30))
def test_the_camera_is_open_exactly_when_nothing_speaks_against_it(history: list[Fact]) -> None:
    state, world, witness = SessionState(), World(), Witness()
    for fact in history:
        state, effects = step(state, fact)
        world.apply(effects, state)
        witness.hear(fact)
        assert world.open is witness.nothing_against, fact
        assert world.suspended == state.suspended
        assert state.lent == witness.lent.total()
        assert state.paused is witness.paused
        assert world.stored == memory_to_json(state)
        assert world.standing is state.standing
        assert world.quiet_until == state.quiet_until


@given(states, st.none() | times, st.lists(facts.filter(lambda fact: not isinstance(fact, PauseAsked | ResumeAsked))))
def test_resume_undoes_exactly_what_pause_did(state: SessionState, until: datetime | None, between: list[Fact]) -> None:
    state = after([ResumeAsked()], state)
    assert after([PauseAsked(until), *between, ResumeAsked()], state) == after(between, state)


@given(states, facts)
def test_effects_are_exactly_the_difference(state: SessionState, fact: Fact) -> None:
    changed, effects = step(state, fact)
    assert (changed == state) == (effects == ())
    assert effects == difference(state, changed)
    assert len(set(map(type, effects))) == len(effects)
    if not isinstance(fact, CameraLent | CameraReturned):  # a second loan is another loan
        assert step(changed, fact) == (changed, ())


@given(states, times)
def test_a_snooze_and_a_pause_with_an_end_end(state: SessionState, now: datetime) -> None:
    passed = after([TimePassed(now)], state)
    assert passed.snooze is None or passed.snooze.until > now
    assert passed.paused_until is None or passed.paused_until > now
    last = after([TimePassed(LATEST)], state)
    assert last.snooze is None
    assert last.paused == (state.paused and state.paused_until is None)
    # Time ends nothing else, but that the camera looks on after a lock.
    locked = () if state.locking_until is None else (LOCKED,)
    assert [each for each in last.suspended if each.kind != "paused"] == [
        *(each for each in state.suspended if each.kind != "paused"),
        *locked,
    ]
    assert last.locking_until is None


@given(states, times)
def test_what_outlives_a_restart_does(state: SessionState, now: datetime) -> None:
    stored = json.loads(json.dumps(memory_to_json(state)))
    found = memory_from_json(stored, now)
    assert memory_to_json(found) == memory_to_json(after([TimePassed(now)], state))
    assert found.reasons == (("paused",) if found.paused else ())
    world = World()
    world.apply(difference(SessionState(), found), found)
    assert world.open is not found.paused
    assert world.quiet_until == found.quiet_until


def test_a_file_of_an_older_release_is_read() -> None:
    stored = {"paused": True, "paused_until": None, "snoozed_until": None, "snoozed_why": ""}
    assert memory_from_json(stored, NOON) == after([PauseAsked()])
    assert list(memory_to_json(SessionState())) == [*stored, "told_day", "doubted", "offered", "let_pass", "asked_less"]


@given(states, times)
def test_a_calibration_is_offered_once_a_week_for_each_camera(state: SessionState, now: datetime) -> None:
    shown = after([OfferShown("webcam", now)], state)
    assert not shown.may_offer("webcam", now + OFFER_AGAIN - timedelta(seconds=1))
    assert shown.may_offer("dock", LATEST) == after([], state).may_offer("dock", LATEST)
    free = after([SnoozeEndAsked(), TimePassed(LATEST)], replace(shown, suspended=(), locking_until=None))
    assert free.may_offer("webcam", now + OFFER_AGAIN)
    assert not after([SnoozeAsked(LATEST)], free).may_offer("webcam", LATEST + OFFER_AGAIN)
    assert not after([PauseAsked()], free).may_offer("webcam", LATEST + OFFER_AGAIN)


def test_whether_to_say_it_less_often_is_asked_once_for_each_kind_also_over_a_restart() -> None:
    fifth = Reminder(0.0, "stand", "", "", "", let_pass=5)
    assert SessionState().may_ask_less(fifth)
    assert not SessionState().may_ask_less(replace(fifth, let_pass=4))
    asked = after([RemindersLetPass({"stand": 5, "move": 2}), LessOftenAsked("stand")])
    again = memory_from_json(json.loads(json.dumps(memory_to_json(asked))), NOON)
    assert again.let_pass == {"stand": 5, "move": 2}
    assert not again.may_ask_less(fifth)
    assert again.may_ask_less(replace(fifth, kind="move"))


KEYS = st.sampled_from(["paused", "paused_until", "snoozed_until", "snoozed_why", "told_day", "doubted", "offered"])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda of: st.lists(of, max_size=2) | st.dictionaries(KEYS, of, max_size=5),
    max_leaves=6,
)


@given(anything | st.fixed_dictionaries(dict.fromkeys(memory_to_json(SessionState()), anything)))
def test_a_damaged_file_is_read_or_refused(stored: object) -> None:
    with contextlib.suppress(PostureError, ValueError, KeyError, TypeError):
        memory_to_json(memory_from_json(stored, NOON))


def test_two_borrowers_of_one_name_are_two() -> None:
    state, effects = step(SessionState(), CameraLent("calibrating"))
    assert effects == (SuspendLooks((Suspension("lent", "calibrating"),)), ShowStatus())
    state = after([CameraLent("calibrating")], state)
    state, effects = step(state, CameraReturned("calibrating"))
    assert effects == (SuspendLooks((Suspension("lent", "calibrating"),)), StartSensorAnew(), ShowStatus())
    state, effects = step(state, CameraReturned("calibrating"))
    assert effects == (ResumeLooks(), StartSensorAnew(), ShowStatus())
    assert step(state, CameraReturned("calibrating")) == (state, ())


def test_a_pause_that_ends_behind_a_locked_screen_leaves_the_camera_closed() -> None:
    state = after([PauseAsked(NOON), SessionChanged("locked")])
    state, effects = step(state, TimePassed(NOON))
    assert effects == (SuspendLooks((LOCKED,)), StoreMemory(), ShowStatus())


def test_who_resumes_is_here_whatever_a_locker_has_not_reported() -> None:
    state = after(
        [SessionChanged("locked"), SessionChanged("sleeping"), SessionChanged("hidden"), PauseAsked(), ResumeAsked()]
    )
    assert state.user_is_elsewhere
    state, effects = step(state, UserIsHere())
    assert effects == (ResumeLooks(), ShowStatus())
    assert state == SessionState()
    assert step(state, UserIsHere()) == (state, ())


def test_after_a_lock_the_camera_looks_on_for_a_while() -> None:
    until = NOON + timedelta(seconds=20)
    state, effects = step(SessionState(), SessionChanged("locked", until))
    assert effects == (ShowStatus(),)
    assert state.user_is_elsewhere, "nobody reads a reminder behind a locked screen"
    assert after([TimePassed(until - timedelta(seconds=1))], state) == state
    closed, effects = step(state, TimePassed(until))
    assert effects == (SuspendLooks((LOCKED,)), ShowStatus())
    assert after([SessionChanged("unlocked")], closed) == SessionState()
    assert after([SessionChanged("unlocked")], state) == SessionState()
    for change, second in (("sleeping", ASLEEP), ("closing", CLOSED), ("hidden", HIDDEN)):
        assert after([SessionChanged(change)], state).suspended == (LOCKED, second)


def test_who_closed_the_lid_is_awake_again() -> None:
    assert after([SessionChanged("closing"), SessionChanged("awake")]) == SessionState()
    assert [suspension.cause for suspension in after([SessionChanged("closing")]).suspended] == ["lid closed"]


def test_a_pause_takes_the_notice_away_and_is_stored() -> None:
    state, effects = step(SessionState(), PauseAsked(NOON))
    assert effects == (SuspendLooks((PAUSED,)), WithdrawNotice(), StoreMemory(), ShowStatus())
    # Another end: looks stay suspended, and there is no notice to take away.
    state, effects = step(state, PauseAsked(None))
    assert effects == (StoreMemory(), ShowStatus())


def test_reasons_are_shown_oldest_first() -> None:
    state = after([CameraLent("preview"), SessionChanged("locked"), PauseAsked()])
    assert state.reasons == ("preview", "the screen is locked", "paused")
    assert after([PauseAsked(NOON)], state).reasons == state.reasons
    assert replace(state, suspended=state.suspended[1:]) == after([CameraReturned("preview")], state)


def test_a_snooze_for_another_reason_keeps_its_end() -> None:
    state = after([SnoozeAsked(NOON)])
    state, effects = step(state, SnoozeAsked(NOON, "in a meeting"))
    assert effects == (StoreMemory(), ShowStatus())
    assert step(state, SnoozeEndAsked())[1] == (SnoozeCoach(None), StoreMemory(), ShowStatus())
