"""Every limit of the reminders, just below and at it, on timelines that are written down and not lived through."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.advance import advance, answer, snooze
from posture.coach.due import upcoming
from posture.coach.exercise import BIASES, Side
from posture.coach.exercises import find_exercise, library
from posture.coach.next import next_reminder
from posture.coach.reminder import Reminder, ReminderKind, Silence
from posture.coach.sentences import body_of
from posture.coach.state import Asked, CoachContext, CoachState
from posture.measure.observation import DEVIATIONS, Deviation
from posture.settings import CoachSettings
from posture.timeline.state import ActiveDeviation, Bout, Call, Span, TimelineState

SETTINGS = CoachSettings()
CONTEXT = CoachContext()
FRESH = CoachState()


def sitting(now_s: float, bout_since_s: float = 0.0, **known: Any) -> TimelineState:
    """Sitting since `bout_since_s`, and shifted just now unless said otherwise."""
    shift_s = known.pop("shift_s", now_s)
    bout = Bout(bout_since_s)
    known.setdefault("posture", (0.0,))
    return TimelineState(now_s, "sitting", bout_since_s, bout=bout, shift_s=shift_s, **known)


def slumped(now_s: float, since_s: float, kind: Deviation = "slump", level: float = 1.5) -> TimelineState:
    return sitting(now_s, active={kind: ActiveDeviation(since_s, level, now_s)})


def given_now(
    timeline: TimelineState,
    state: CoachState = FRESH,
    context: CoachContext = CONTEXT,
    settings: CoachSettings = SETTINGS,
) -> list[str]:
    return [reminder.kind for reminder in advance(state, timeline, context, settings)[1]]


def test_a_fresh_coach_has_said_nothing_and_knows_of_nothing() -> None:
    assert CoachState({}, {}, (), None, (), -math.inf, 0.0, 0.0, None, 0, None, 0.0, False, {}, 0) == FRESH
    assert CoachContext(720, "", None, False, {}, False) == CONTEXT
    assert Asked(1.0, 2.0, 3.0, 4) == Asked(1.0, 2.0, 3.0, 4, "", 0.0)
    assert Reminder(0.0, "sit", "", "", "") == Reminder(0.0, "sit", "", "", "", (), None, False, "", 0.0)


# -- when each is due --------------------------------------------------------------------------------------------------

DUE: list[tuple[ReminderKind, float, Any]] = [
    ("stand", 1800.0, lambda now_s: sitting(now_s)),
    ("move", 900.0, lambda now_s: sitting(now_s, shift_s=0.0)),
    ("sit", 2100.0, lambda now_s: TimelineState(now_s, "standing", 0.0)),
    ("posture", 144.0, lambda now_s: slumped(now_s, 0.0)),
    ("stretch", 7200.0, lambda now_s: sitting(now_s, now_s - 60.0, sitting_total_s=now_s - 60.0)),
]
"""Kind, from which second on, and a timeline at a given second."""


@pytest.mark.parametrize(("kind", "from_s", "timeline"), DUE, ids=lambda value: str(value)[:8])
def test_each_reminder_has_its_time(kind: ReminderKind, from_s: float, timeline: Any) -> None:
    assert given_now(timeline(from_s - 0.1)) == []
    assert given_now(timeline(from_s)) == [kind]


def test_each_rests_on_its_own_episode() -> None:
    timeline = replace(
        slumped(5000.0, 4800.0),
        bout=Bout(3000.0, 700.0),
        presence_since_s=4000.0,
        shift_s=4100.0,
        sitting_total_s=8000.0,
    )
    due = {each.kind: each for each in upcoming(FRESH, timeline, CONTEXT, SETTINGS)}
    assert list(due) == ["stretch", "stand", "move", "posture"]
    assert [(each.episode, each.in_s) for each in due.values()] == [
        (-1.0, 7200.0 - 9000.0),
        (3000.0, 1800.0 - 1700.0),
        (4100.0, 900.0 - 900.0),
        (4800.0, pytest.approx((0.8 - 1.0) * 180.0)),
    ]
    assert [(each.facts.since_s, each.facts.limit_s) for each in due.values()] == [
        (9000.0, 7200.0),
        (1700.0, 1800.0),
        (900.0, 900.0),
        (200.0, 180.0),
    ]
    (sit,) = upcoming(FRESH, TimelineState(1000.0, "standing", 400.0), CONTEXT, SETTINGS)
    assert (sit.kind, sit.episode, sit.in_s) == ("sit", 400.0, 1500.0)
    assert (sit.facts.since_s, sit.facts.limit_s) == (600.0, 2100.0)


@pytest.mark.parametrize("presence", ["away", "unknown"])
def test_off_the_chair_nothing_is_due(presence: Any) -> None:
    timeline = replace(sitting(9000.0), presence=presence, sitting_total_s=9000.0)
    assert upcoming(FRESH, timeline, CONTEXT, SETTINGS) == []
    assert next_reminder(FRESH, timeline, CONTEXT, SETTINGS) is None
    assert upcoming(FRESH, replace(sitting(9000.0), bout=None), CONTEXT, SETTINGS) == []


def test_what_is_said_of_each() -> None:
    whys = {
        "stand": "sitting for 30 min; your setting is 30 min",
        "move": "no change of position for 15 min; your setting is 15 min",
        "sit": "standing for 35 min; your setting is 35 min",
        "posture": "slumped for 2 min, 1.5 times its threshold now; kept for most of the last 3 min",
        "stretch": "sitting without a stretch for 2 h 00; your setting is 2 h 00",
    }
    for kind, from_s, timeline in DUE:
        (reminder,) = advance(FRESH, timeline(from_s), CONTEXT, SETTINGS)[1]
        assert reminder.why == whys[kind]
        assert (reminder.t_s, reminder.kind, reminder.covers, reminder.repeat) == (from_s, kind, (), False)
        assert reminder.side == ("left" if kind == "stretch" else None)


def test_that_nothing_moved_is_not_said_where_it_could_not_be_seen() -> None:
    (reminder,) = advance(FRESH, sitting(900.0, shift_s=0.0, posture=()), CONTEXT, SETTINGS)[1]
    assert reminder.kind == "move"
    assert reminder.why == "no change of position to be seen for 15 min; your setting is 15 min"
    assert reminder.body.startswith("For 15 min it could not be seen whether you moved. Shift")


def test_the_share_over_the_window_decides() -> None:
    spans = (Span("slump", 700.0, 820.0),)  # of the window from 820 on it has nothing
    timeline = replace(slumped(1000.0, 900.0), spans=spans)
    (due,) = (each for each in upcoming(FRESH, timeline, CONTEXT, SETTINGS) if each.kind == "posture")
    assert due.in_s == pytest.approx(0.8 * 180 - 100)
    timeline = replace(timeline, spans=(Span("slump", 700.0, 865.0),))
    assert given_now(timeline) == ["posture"]
    assert given_now(replace(timeline, spans=(Span("slump", 700.0, 863.0),))) == []


def test_of_several_deviations_the_most_sustained_is_named() -> None:
    active: dict[Deviation, ActiveDeviation] = {
        "slump": ActiveDeviation(990.0, 3.0, 1000.0),
        "head_tilt": ActiveDeviation(800.0, 1.1, 1000.0),
        "too_close": ActiveDeviation(700.0, 1.2, 1000.0),
    }
    (reminder,) = advance(FRESH, sitting(1000.0, active=active), CONTEXT, SETTINGS)[1]
    assert reminder.title == "Head tilted for 3 min"  # the first of two that have lasted for the whole window
    assert ", 1.1 times" in reminder.why


# -- given together ----------------------------------------------------------------------------------------------------


def test_what_is_due_together_is_one_and_counts_as_given() -> None:
    timeline = replace(slumped(8000.0, 7000.0), shift_s=0.0, sitting_total_s=0.0)
    state, (reminder,) = advance(FRESH, timeline, CONTEXT, SETTINGS)
    assert (reminder.kind, reminder.covers) == ("stretch", ("stand", "move", "posture"))
    # A slump that goes on is said later: who gets up when told is not told of it more often.
    assert {kind: (each.episode, each.times, each.t_s) for kind, each in state.asked.items()} == {
        "stretch": (-1.0, 1, 8000.0),
        "stand": (0.0, 1, 8000.0),
        "move": (0.0, 1, 8000.0),
    }
    assert {each.exercise for each in state.asked.values()} == {reminder.exercise} == {"ql_stand"}
    assert (state.given, state.stands, state.named_s) == (((8000.0, "stretch"),), 0, {"ql_stand": 8000.0})
    assert (reminder.asks_s, state.asked["stand"].asks_s) == (40.0, 40.0)


def test_what_is_due_soon_is_covered_and_what_is_not_is_not() -> None:
    near_s = 300.0
    (reminder,) = advance(FRESH, sitting(1800.0, shift_s=900.0 + near_s), CONTEXT, SETTINGS)[1]
    assert (reminder.kind, reminder.covers) == ("stand", ("move",))
    (reminder,) = advance(FRESH, sitting(1800.0, shift_s=900.1 + near_s), CONTEXT, SETTINGS)[1]
    assert (reminder.kind, reminder.covers) == ("stand", ())


@pytest.mark.parametrize(("bout_s", "kinds"), [(1499.0, ["move"]), (1500.0, []), (1799.0, []), (1800.0, ["stand"])])
def test_a_shift_waits_for_a_stand_that_is_near(bout_s: float, kinds: list[str]) -> None:
    assert given_now(sitting(bout_s, shift_s=0.0)) == kinds
    slump = replace(slumped(bout_s, 0.0), shift_s=bout_s)
    assert given_now(slump) == [kind.replace("move", "posture") for kind in kinds]


# -- said, and said again at widening intervals ------------------------------------------------------------------------


def spoken(t_s: float, **known: Any) -> CoachState:
    """Something was said at `t_s`."""
    return CoachState(given=((t_s, "posture"),), **known)


def reminded(times: int = 1, at_s: float = 1800.0, kind: ReminderKind = "stand") -> CoachState:
    """Told for the last time at `at_s` of a bout that began at 0."""
    asked = Asked(0.0, at_s, at_s, times, "walk", 120.0)
    return CoachState(asked={kind: asked}, given=((at_s, kind),), stands=1, bout_since_s=0.0)


@pytest.mark.parametrize(("times", "wait_s"), [(1, 900.0), (2, 1200.0), (3, 1500.0), (4, 1800.0), (9, 3300.0)])
def test_it_is_repeated_and_the_waits_widen(times: int, wait_s: float) -> None:
    assert given_now(sitting(1800.0 + wait_s - 0.1), reminded(times)) == []
    state, (reminder,) = advance(reminded(times), sitting(1800.0 + wait_s), CONTEXT, SETTINGS)
    assert (reminder.kind, reminder.repeat, reminder.exercise) == ("stand", True, "walk")
    assert (state.asked["stand"].times, state.stands) == (times + 1, 1)


@given(st.floats(10.0, 4 * 3600.0), st.floats(10.0, 3600.0))
def test_the_waits_widen_by_a_third_of_the_first_whatever_it_is(stand_after_s: float, repeat_after_s: float) -> None:
    """With the defaults at 30, 45, 65, 90, 120 min of a bout."""
    settings = CoachSettings(
        stand_after_s=stand_after_s,
        repeat_after_s=repeat_after_s,
        stretch_after_s=math.inf,
        spacing_s=0.0,
        most_per_hour=60,
    )
    state, at_s, slack_s = FRESH, stand_after_s, 1e-3
    for times in range(1, 7):
        assert given_now(sitting(at_s - slack_s), state, settings=settings) == []
        state, (reminder,) = advance(state, sitting(at_s + slack_s), CONTEXT, settings)
        assert (reminder.kind, reminder.repeat) == ("stand", times > 1)
        at_s += slack_s + repeat_after_s * (1.0 + (times - 1) / 3)


def test_a_break_has_answered_it_and_the_next_bout_is_another_episode() -> None:
    state, (reminder,) = advance(reminded(4), sitting(5000.0, 3200.0), CONTEXT, SETTINGS)
    assert not reminder.repeat
    assert (reminder.exercise, state.stands) == ("ql_stand", 2)
    assert state.asked["stand"] == Asked(3200.0, 5000.0, 1800.0, 1, "ql_stand", 40.0)


@pytest.mark.parametrize(
    ("off_s", "asks_s", "answered"),
    [(107.9, 120.0, False), (108.0, 120.0, True), (36.0, 40.0, True), (0.91, 1.0, True)],
)
def test_off_the_chair_for_as_long_as_it_asks_answers_it(off_s: float, asks_s: float, answered: bool) -> None:
    state = reminded()
    state = replace(state, asked={"stand": replace(state.asked["stand"], asks_s=asks_s)})
    away = TimelineState(2000.0 + off_s, "standing", 2000.0, bout=Bout(0.0, 2000.0, run_s=2000.0), left_s=2000.0)
    state, said = advance(state, away, CONTEXT, SETTINGS)
    assert said == []
    assert ("stand" not in state.asked) is answered
    back = TimelineState(4000.0, "sitting", 2000.0 + off_s, bout=Bout(0.0, 2000.0, run_s=2000.0), shift_s=4000.0)
    # The bout goes on, but the wait begins anew: 4000 s have 2000 - off_s of sitting since.
    assert (upcoming(state, back, CONTEXT, SETTINGS)[1].in_s > -300.0) is answered


def off_chair(break_s: float, session_break_s: float, spell_s: float) -> TimelineState:
    """Standing since `spell_s`, and off the chair before as well, since the bout was left."""
    bout, left_s = Bout(0.0, 2000.0, run_s=2000.0), 2000.0
    since_s = left_s + break_s + session_break_s
    return TimelineState(
        since_s + spell_s,
        "standing",
        since_s,
        bout=bout,
        left_s=left_s,
        break_s=break_s,
        session_break_s=session_break_s,
    )


@pytest.mark.parametrize("parts", [(108.0, 0.0, 0.0), (0.0, 108.0, 0.0), (0.0, 0.0, 108.0), (40.0, 40.0, 28.0)])
def test_all_time_off_the_chair_since_it_was_left_counts(parts: tuple[float, float, float]) -> None:
    state, _ = advance(reminded(), off_chair(*parts), CONTEXT, SETTINGS)
    assert "stand" not in state.asked
    unseen = replace(off_chair(*parts), presence="unknown", unknown="left")
    assert "stand" not in advance(reminded(), unseen, CONTEXT, SETTINGS)[0].asked, "by the session as well"
    unseen = replace(unseen, unknown="blind")
    assert "stand" in advance(reminded(), unseen, CONTEXT, SETTINGS)[0].asked
    state, _ = advance(reminded(), off_chair(*(0.99 * part for part in parts)), CONTEXT, SETTINGS)
    assert "stand" in state.asked


def test_a_stretch_that_was_done_counts_anew_and_no_snooze_takes_that_back() -> None:
    asked = Asked(-1.0, 1900.0, 1900.0, 1, "ql_stand", 40.0)
    state = CoachState(asked={"stretch": asked}, before={"stand": asked}, given=((1900.0, "stretch"),))
    up = replace(off_chair(0.0, 0.0, 40.0), sitting_total_s=2000.0)
    state, _ = advance(replace(state, bout_since_s=0.0), up, CONTEXT, SETTINGS)
    assert (state.stretch_base_s, state.asked, state.before) == (2000.0, {}, {})
    assert snooze(state, 9000.0).asked == {}
    stood, _ = advance(reminded(), replace(off_chair(0.0, 0.0, 108.0), sitting_total_s=2000.0), CONTEXT, SETTINGS)
    assert stood.stretch_base_s == 0.0


def test_quiet_after_a_break_begins_with_the_call_that_they_went_into_from_it() -> None:
    """A bout that began with 200 s of a call: 300 s after they were back it may be said."""
    state = CoachState(bout_since_s=0.0)
    for busy_s, back_s in ((0.0, 5000.0), (200.0, 4800.0)):
        timeline = replace(sitting(5050.0, 5000.0), bout=Bout(5000.0, busy_s=busy_s))
        assert advance(state, timeline, CONTEXT, SETTINGS)[0].back_s == back_s


def test_what_was_answered_is_no_longer_snoozed_and_what_was_not_still_is() -> None:
    state = replace(reminded(), snoozed=("stand", "move"))
    state, _ = advance(state, off_chair(0.0, 0.0, 108.0), CONTEXT, SETTINGS)
    assert state.snoozed == ("move",)


def test_getting_up_acts_on_the_notice_that_a_stand_covered() -> None:
    told = Asked(500.0, 600.0, 650.0, 1)
    for since_s, covered in ((1700.0, True), (1799.0, True), (None, False)):
        timeline = sitting(1800.0) if since_s is None else slumped(1800.0, since_s)
        state = CoachState(asked={"posture": told}, given=((600.0, "posture"),), notices=1, bout_since_s=0.0)
        state, (reminder,) = advance(state, timeline, CONTEXT, SETTINGS)
        assert (reminder.kind, "posture" in reminder.covers) == ("stand", covered)
        assert state.asked["stand"].covers_posture is covered
        assert state.asked["posture"] == told
        sat_s = state.asked["stand"].asks_s
        up = replace(off_chair(0.0, 0.0, sat_s), sitting_total_s=2000.0)
        up = replace(up, t_s=2000.0 + sat_s)
        done = answer(state, timeline, "stand")
        anew, _ = advance(state, sitting(2500.0, 2490.0, sitting_total_s=1800.0), CONTEXT, SETTINGS)
        state, _ = advance(state, up, CONTEXT, SETTINGS)
        for acted, clock_s in ((state, 2000.0), (done, 1800.0), (anew, 1810.0)):
            assert "stand" not in acted.asked
            assert acted.asked["posture"] == replace(told, clock_s=clock_s if covered else 650.0)


def test_done_answers_a_stand_and_a_stretch() -> None:
    for kind in ("stand", "stretch"):
        timeline = sitting(7300.0)
        state, (reminder,) = advance(FRESH, timeline, CONTEXT, SETTINGS)
        assert (reminder.kind, reminder.covers) == ("stretch", ("stand",))
        state = answer(state, timeline, kind)  # type: ignore[arg-type]
        assert "stand" not in state.asked
        assert upcoming(state, timeline, CONTEXT, SETTINGS)[1].in_s == 1800.0
        assert (upcoming(state, timeline, CONTEXT, SETTINGS)[0].in_s == 7200.0) == (kind == "stretch")
        assert answer(state, timeline, "move") == state


@pytest.mark.parametrize(("after_s", "kinds"), [(299.9, []), (300.0, ["stand"])])
def test_any_two_keep_their_distance(after_s: float, kinds: list[str]) -> None:
    assert given_now(sitting(1800.0), spoken(1800.0 - after_s)) == kinds


@pytest.mark.parametrize(("after_s", "kinds"), [(299.9, []), (300.0, ["posture"])])
def test_nothing_comes_soon_after_a_break(after_s: float, kinds: list[str]) -> None:
    timeline = slumped(10000.0, 10000.0 - after_s)
    timeline = replace(timeline, bout=Bout(10000.0 - after_s), presence_since_s=10000.0 - after_s)
    assert given_now(timeline, CoachState(bout_since_s=0.0)) == kinds
    assert given_now(timeline) == ["posture"], "the first bout follows no break"


@pytest.mark.parametrize(("first_s", "kinds"), [(3600.1, []), (3600.0, ["sit"])])
def test_there_are_so_many_in_an_hour_at_most(first_s: float, kinds: list[str]) -> None:
    standing = TimelineState(7200.0, "standing", 0.0)
    given: tuple[tuple[float, ReminderKind], ...] = ((first_s, "move"), *((t_s, "stand") for t_s in (4000.0, 5e3, 6e3)))
    assert given_now(standing, CoachState(given=given)) == kinds
    assert given_now(standing, CoachState(given=given), settings=replace(SETTINGS, most_per_hour=5)) == ["sit"]


def minor(*times_s: float, kind: ReminderKind = "move") -> tuple[tuple[float, ReminderKind], ...]:
    return tuple((t_s, kind) for t_s in times_s)


@pytest.mark.parametrize("kind", ["move", "posture"])
def test_minor_ones_get_half_of_an_hour_at_most(kind: ReminderKind) -> None:
    slump = replace(slumped(5000.0, 3000.0), bout=Bout(4200.0), presence_since_s=4200.0)
    still = sitting(5000.0, 4000.0, shift_s=4000.0)
    for timeline, said in ((slump, "posture"), (still, "move")):
        two = CoachState(given=minor(2000.0, 4000.0, kind=kind), bout_since_s=timeline.presence_since_s)
        assert given_now(timeline, two) == []
        assert given_now(timeline, replace(two, given=minor(1400.0, 4000.0, kind=kind))) == [said]
        assert given_now(timeline, replace(two, given=minor(2000.0, 4000.0, kind="stretch"))) == [said]
        one = replace(SETTINGS, most_per_hour=1)
        assert given_now(timeline, replace(two, given=minor(1400.0, kind=kind)), settings=one) == [said]


def test_the_last_one_of_an_hour_is_for_what_was_not_said_before() -> None:
    full = (*minor(2000.0, 4000.0), (4500.0, "stretch"))
    now = sitting(5000.0, 2000.0)
    assert given_now(now, CoachState(given=full, bout_since_s=2000.0)) == ["stand"]
    said = CoachState(asked={"stand": Asked(2000.0, 2000.0, 1000.0, 1)}, given=full, bout_since_s=2000.0)
    assert given_now(now, said) == []
    assert given_now(now, replace(said, given=full[1:])) == ["stand"]
    assert given_now(now, said, settings=replace(SETTINGS, most_per_hour=5)) == ["stand"]
    # After a call its end is the moment to say so.
    assert given_now(replace(now, call=Call(4900.0, 100.0)), said) == ["stand"]


def test_a_shift_is_asked_for_again_after_twice_the_wait_of_a_notice() -> None:
    asked = CoachState(asked={"move": Asked(0.0, 100.0, 900.0, 1)}, bout_since_s=1000.0)
    assert given_now(sitting(1899.9, 1000.0, shift_s=900.0), asked) == []
    assert given_now(sitting(1900.0, 1000.0, shift_s=900.0), asked) == ["move"]


def test_a_notice_that_had_to_wait_is_remembered_from_when_it_was_due() -> None:
    """On its own clock, sitting in the chair; a stand on that of the bout."""
    timeline = replace(slumped(5000.0, 4000.0), sitting_total_s=1000.0)
    timeline = replace(timeline, bout=Bout(4200.0), presence_since_s=4200.0)
    waited = CoachState(posture_due_s=1234.0, bout_since_s=4200.0)
    state, _ = advance(waited, timeline, CONTEXT, SETTINGS)
    assert state.asked["posture"].clock_s == 1234.0
    state, _ = advance(FRESH, timeline, CONTEXT, SETTINGS)
    assert state.asked["posture"].clock_s == 1800.0
    state, (reminder,) = advance(FRESH, sitting(1800.0, sitting_total_s=1000.0), CONTEXT, SETTINGS)
    assert (reminder.kind, state.asked["stand"].clock_s) == ("stand", 1800.0)


@pytest.mark.parametrize(("notices", "wait_s"), [(1, 900.0), (2, 1800.0), (3, 3600.0), (8, 3600.0)])
def test_posture_notices_back_off(notices: int, wait_s: float) -> None:
    def wait(now_s: float) -> float:
        state = CoachState(asked={"posture": Asked(0.0, 100.0, 100.0, 1)}, notices=notices)
        (due,) = (each for each in upcoming(state, slumped(now_s, 0.0), CONTEXT, SETTINGS) if each.kind == "posture")
        return due.in_s

    assert wait(100.0 + wait_s - 1.0) == 1.0
    assert wait(100.0 + wait_s) <= 0.0


def test_after_a_long_rest_counts_begin_anew() -> None:
    before = CoachState(notices=5, stretch_base_s=4000.0, posture_due_s=1.0)
    timeline = sitting(50000.0, 49990.0, sitting_total_s=9000.0, rested_total_s=9000.0)
    state, _ = advance(before, timeline, CONTEXT, SETTINGS)
    assert (state.notices, state.stretch_base_s, state.posture_due_s) == (0, 0.0, None)
    assert timeline.in_chair_s == 10.0
    once = replace(state, notices=1, stretch_base_s=5.0)
    assert advance(once, timeline, CONTEXT, SETTINGS) == (once, []), "once and not at each look"


# -- calls -------------------------------------------------------------------------------------------------------------


def called(ended_s: float, length_s: float = 3000.0, now_s: float = 4000.0) -> TimelineState:
    """A call in a bout since 0, ended `ended_s` ago."""
    until_s = now_s - ended_s
    bout = Bout(0.0, until_s - length_s, busy_s=length_s)
    return TimelineState(
        now_s, "sitting", until_s, bout=bout, shift_s=now_s, call=Call(until_s, length_s), busy_total_s=length_s
    )


@pytest.mark.parametrize(("ended_s", "kinds"), [(19.9, []), (20.0, ["stand"])])
def test_a_stand_comes_soon_after_a_call(ended_s: float, kinds: list[str]) -> None:
    assert given_now(called(ended_s)) == kinds
    told = CoachState(asked={"stand": Asked(0.0, 900.0, 900.0, 1)}, given=((900.0, "stand"),), bout_since_s=0.0)
    assert given_now(called(ended_s), told) == kinds
    assert given_now(replace(called(ended_s), bout=Bout(0.0, 0.0, busy_s=1800.0 - ended_s))) == kinds
    assert given_now(replace(called(ended_s), bout=Bout(0.0, 0.0, busy_s=1799.0 - ended_s))) == []
    lately = replace(told, asked={"stand": Asked(0.0, 3990.0, 3950.0, 1)}, given=())
    assert given_now(called(100.0), lately) == [], "it was said after the call"
    at_its_end = replace(lately, asked={"stand": Asked(0.0, 3900.0, 3900.0, 1)})
    assert given_now(called(100.0), at_its_end) == []


def test_the_call_is_named_for_a_while() -> None:
    for ended_s, named in ((599.0, True), (600.0, False)):
        (reminder,) = advance(FRESH, called(ended_s), CONTEXT, SETTINGS)[1]
        assert ("in a call" in reminder.body) is named
    for length_s, named in ((59.9, False), (60.0, True)):
        (reminder,) = advance(FRESH, called(30.0, length_s), CONTEXT, SETTINGS)[1]
        assert ("in a call" in reminder.body) is named


def test_a_call_counts_as_it_may_have_been_sat_through() -> None:
    (reminder,) = advance(FRESH, called(700.0), CONTEXT, SETTINGS)[1]
    assert "You have been sitting for 12 min to 1 h 07." in reminder.body


# -- snoozes -----------------------------------------------------------------------------------------------------------


def test_a_snooze_takes_back_what_was_said() -> None:
    before = reminded()
    state, (reminder,) = advance(before, sitting(2700.0, shift_s=1500.0), CONTEXT, SETTINGS)
    assert (reminder.kind, reminder.covers) == ("stand", ("move",))
    state = snooze(state, 3300.0)
    assert state.asked == before.asked
    assert set(state.snoozed) == {"stand", "move"}
    assert given_now(sitting(3299.0, shift_s=1500.0), state) == []
    state, (again,) = advance(state, sitting(3300.0, shift_s=1500.0), CONTEXT, SETTINGS)
    assert (again.kind, again.repeat, again.exercise) == ("stand", True, "walk")
    assert state.snoozed == ()
    assert snooze(state, None).asked == state.asked, "the end of a snooze takes nothing back"


@pytest.mark.parametrize("times", [1, 2, 3])
def test_however_often_it_is_snoozed_it_is_the_same_that_comes_back(times: int) -> None:
    state, (first,) = advance(FRESH, sitting(1800.0, shift_s=1000.0), CONTEXT, SETTINGS)
    assert (first.kind, first.covers, first.exercise) == ("stand", ("move",), "walk")
    for until_s in (2400.0, 2700.0, 3000.0)[:times]:
        state = snooze(state, until_s)
    assert set(state.snoozed) == {"stand", "move"}
    state, (again,) = advance(state, sitting(3000.0, shift_s=1000.0), CONTEXT, SETTINGS)
    assert (again.kind, again.repeat, again.exercise) == ("stand", True, "walk")
    _, (other,) = advance(state, sitting(6000.0, 4200.0), CONTEXT, SETTINGS)
    assert (other.kind, other.repeat, other.exercise) == ("stand", False, "ql_stand")


def test_a_snooze_before_anything_was_said_waits_and_takes_nothing_back() -> None:
    assert snooze(FRESH, 600.0) == replace(FRESH, snoozed_until_s=600.0)


def test_a_snoozed_stand_that_only_a_stretch_covered_starts_with_the_first_exercise() -> None:
    state = CoachState(snoozed=("stretch", "stand"), bout_since_s=0.0)
    (reminder,) = advance(state, sitting(1800.0), CONTEXT, SETTINGS)[1]
    assert (reminder.kind, reminder.exercise) == ("stand", "walk")


def test_what_a_break_has_answered_is_no_repeat_after_a_snooze() -> None:
    state, _ = advance(FRESH, sitting(1800.0), CONTEXT, SETTINGS)
    state = snooze(state, 2400.0)
    _, (reminder,) = advance(state, sitting(5000.0, 3200.0), CONTEXT, SETTINGS)
    assert (reminder.kind, reminder.repeat, reminder.exercise) == ("stand", False, "ql_stand")


@pytest.mark.parametrize(("until_s", "kinds"), [(1800.1, []), (1800.0, ["stand"])])
def test_a_snooze_ends(until_s: float, kinds: list[str]) -> None:
    assert given_now(sitting(1800.0), CoachState(snoozed_until_s=until_s)) == kinds


def test_a_stretch_says_no_more_than_is_known_of_a_call() -> None:
    sat = sitting(3600.0, busy_total_s=3600.0)
    (due,) = [due for due in upcoming(FRESH, sat, CONTEXT, SETTINGS) if due.kind == "stretch"]
    assert due.facts.lasted == "1 h 00 to 2 h 00"
    assert body_of("stretch", due.facts).startswith("You have sat for 1 h 00 to 2 h 00 without a stretch.")


def test_a_call_and_quiet_hours_hush() -> None:
    assert given_now(sitting(1800.0), context=CoachContext(waiting="in a call")) == []
    quiet = replace(SETTINGS, quiet_hours="12:00-13:00")
    assert given_now(sitting(1800.0), context=CoachContext(local_minute=720), settings=quiet) == []
    assert given_now(sitting(1800.0), context=CoachContext(local_minute=780), settings=quiet) == ["stand"]
    assert CONTEXT.local_minute == 720


def test_hushed_it_forgets_nothing() -> None:
    state = CoachState(snoozed_until_s=9000.0, bout_since_s=0.0)
    silent = replace(state, silences=(Silence("stand", "snoozed"),))
    assert advance(state, sitting(1800.0), CONTEXT, SETTINGS) == (silent, [])


# -- stretches ---------------------------------------------------------------------------------------------------------


def after(sitting_s: float, state: CoachState = FRESH, **context: Any) -> list[tuple[float, float]]:
    """Episode and time of the stretch reminder after so much sitting, most of it in earlier bouts."""
    timeline = sitting(sitting_s, sitting_s - 60.0, sitting_total_s=sitting_s - 60.0)
    due = upcoming(state, timeline, CoachContext(**context), SETTINGS)
    return [(each.episode, each.in_s) for each in due if each.kind == "stretch"]


def test_a_stretch_counts_sitting_since_the_last_and_is_repeated_after_half_of_it() -> None:
    due = upcoming(FRESH, sitting(3600.0), CONTEXT, SETTINGS)[0]
    assert (due.kind, due.facts.why) == ("stretch", "sitting without a stretch for 1 h 00; your setting is 2 h 00")
    assert after(7199.0) == [(-1.0, 1.0)]
    assert after(7200.0) == [(-1.0, 0.0)]
    said = CoachState(asked={"stretch": Asked(-1.0, 7200.0, 7200.0, 1)})
    assert after(7300.0, said) == [(-1.0, 3500.0)]
    assert after(10800.0, said) == [(-1.0, 0.0)]
    assert after(10800.0, CoachState(stretch_base_s=7300.0)) == [(-1.0, 3700.0)]
    due = upcoming(CoachState(stretch_base_s=1000.0), sitting(3600.0), CONTEXT, SETTINGS)[0]
    assert (due.facts.since_s, due.clock_s) == (2600.0, 3600.0)


@pytest.mark.parametrize(("bout_s", "seated"), [(899.0, True), (900.0, False), (1700.0, False)])
def test_a_stretch_is_seated_only_in_the_first_half_of_a_bout(bout_s: float, seated: bool) -> None:
    timeline = sitting(20000.0, 20000.0 - bout_s, sitting_total_s=9000.0)
    context = CoachContext(ago_s={"ql_stand": 10.0, "hf_split": 10.0})  # the turn of a seated one
    (reminder,) = advance(FRESH, timeline, context, SETTINGS)[1]
    assert (find_exercise(reminder.exercise).position == "desk") is seated
    assert ("Stay seated" in reminder.body) is seated
    assert (reminder.asks_s == 0.0) is seated


@pytest.mark.parametrize(("bout_s", "seated"), [(699.9, True), (700.0, False)])
def test_a_stretch_is_standing_where_a_stand_is_near(bout_s: float, seated: bool) -> None:
    """Even in the first half of a bout: a stand is due at 1000 s of it, 300 s from now."""
    since_s = 20000.0 - bout_s
    state = CoachState(asked={"stand": Asked(since_s, since_s + 100.0, 100.0, 1)}, bout_since_s=since_s)
    timeline = sitting(20000.0, since_s, sitting_total_s=9000.0)
    context = CoachContext(ago_s={"ql_stand": 10.0, "hf_split": 10.0})
    (reminder,) = advance(state, timeline, context, SETTINGS)[1]
    assert reminder.kind == "stretch"
    assert (find_exercise(reminder.exercise).position == "desk") is seated


def test_the_asymmetry_rule_makes_the_next_stand_reminder_a_stretch_once() -> None:
    assert after(700.0, shortened_side="left") == [(-1.0, 1740.0)]
    assert after(700.0, CoachState(side_asked=True), shortened_side="left") == [(-1.0, 6500.0)]
    state, (reminder,) = advance(FRESH, sitting(1800.0), CoachContext(shortened_side="left"), SETTINGS)
    assert (reminder.kind, state.side_asked) == ("stretch", True)
    state, _ = advance(FRESH, sitting(7200.0), CONTEXT, SETTINGS)
    assert not state.side_asked
    state, _ = advance(CoachState(side_asked=True), sitting(7200.0), CONTEXT, SETTINGS)
    assert state.side_asked


@pytest.mark.parametrize(
    ("first_side", "shortened", "side"),
    [
        ("auto", None, "left"),
        ("auto", "right", "right"),
        ("auto", "left", "left"),
        ("left", "right", "left"),
        ("right", "left", "right"),
        ("right", None, "right"),
    ],
)
def test_which_side_first(first_side: str, shortened: Side | None, side: str) -> None:
    settings = replace(SETTINGS, first_side=first_side)
    (reminder,) = advance(FRESH, sitting(7200.0), CoachContext(shortened_side=shortened), settings)[1]
    assert reminder.side == side
    assert f"raise the {side} arm" in reminder.body
    assert reminder.body.endswith(f"Once more on the {side}.") == (shortened == side)


def early(ago_s: dict[str, float], **known: Any) -> str:
    """The stretch that is named early in a bout, where it may be done seated."""
    timeline = sitting(7200.0, 7100.0, sitting_total_s=7100.0)
    side = known.pop("side", None)
    (reminder,) = advance(CoachState(**known), timeline, CoachContext(ago_s=ago_s, shortened_side=side), SETTINGS)[1]
    return reminder.exercise


def test_the_stretch_that_was_done_or_named_last_waits_longest() -> None:
    ago_s = {"ql_stand": 9000.0, "ql_seat": 9000.0, "hf_split": 9000.0, "thor_rot": 9000.0, "piri_seat": 9000.0}
    done = {**ago_s, "hip_rot": 20000.0}
    assert early(done) == "hip_rot"
    lately = {**dict.fromkeys(ago_s, 5000.0), "hip_rot": 20000.0}
    assert early(lately, named_s={"hip_rot": 7000.0}) == "ql_stand"  # named 200 s ago, done long ago
    lately = {**done, "hip_rot": 100.0, "ql_stand": 50.0, "ql_seat": 6.0e3}
    assert early(lately, named_s={"ql_stand": 100.0, "ql_seat": 200.0}) == "ql_seat"  # named long ago, done lately


def test_for_a_side_a_side_stretch_is_named_whenever_it_was_done() -> None:
    assert early({"ql_stand": 1.0, "ql_seat": 2.0}, side="left", side_asked=True) == "ql_seat"
    context = CoachContext(shortened_side="left", ago_s={"ql_stand": 1.0, "ql_seat": 2.0})
    (reminder,) = advance(FRESH, sitting(7200.0), context, SETTINGS)[1]
    assert reminder.exercise == "ql_stand", "where a stand is due it is done standing"


def test_the_side_is_not_spoken_of_with_another_stretch() -> None:
    """The side was found while a stand reminder goes on that names another exercise."""
    state = CoachState(asked={"stand": Asked(0.0, 1800.0, 1800.0, 1, "hf_split")}, side_asked=True, bout_since_s=0.0)
    (reminder,) = advance(state, sitting(2700.0), CoachContext(shortened_side="left"), SETTINGS)[1]
    assert (reminder.exercise, reminder.repeat) == ("hf_split", True)
    assert "leaned" not in reminder.body
    assert "Once more" not in reminder.body


def test_a_stretch_that_was_never_done_but_named_has_had_its_turn() -> None:
    assert early({}, named_s={"ql_stand": 7000.0}) == "ql_seat"


def test_a_reminder_without_an_exercise_before_names_the_next_one() -> None:
    """A red flag was open at the first time and has been cleared since."""
    state = reminded()
    state = replace(state, asked={"stand": replace(state.asked["stand"], exercise="")})
    (reminder,) = advance(state, sitting(2700.0), CONTEXT, SETTINGS)[1]
    assert (reminder.repeat, reminder.exercise) == (True, "ql_stand")


def test_only_stand_and_stretch_name_an_exercise() -> None:
    for kind, from_s, timeline in DUE:
        (reminder,) = advance(FRESH, timeline(from_s), CONTEXT, SETTINGS)[1]
        assert bool(reminder.exercise) == (kind in ("stand", "stretch"))


def test_the_bias_is_followed() -> None:
    ago_s = dict.fromkeys(("ql_stand", "ql_seat"), 1.0)
    for bias in BIASES:
        settings = replace(SETTINGS, bias=bias)
        cases = [(sitting(7200.0), FRESH), *((sitting(1800.0), CoachState(stands=turn)) for turn in range(3))]
        for timeline, state in cases:
            (reminder,) = advance(state, timeline, CoachContext(ago_s=ago_s), settings)[1]
            (exercise,) = (each for each in library() if each.id == reminder.exercise)
            assert {"neutral", bias} & set(exercise.bias)


# -- what comes next ---------------------------------------------------------------------------------------------------


def coming(timeline: TimelineState, state: CoachState = FRESH) -> tuple[str, float] | None:
    due = next_reminder(state, timeline, CONTEXT, SETTINGS)
    return None if due is None else (due.kind, due.in_s)


def test_the_next_reminder_is_the_soonest() -> None:
    assert coming(sitting(1000.0)) == ("stand", 800.0)
    assert coming(sitting(1000.0, shift_s=500.0)) == ("move", 400.0)
    assert coming(sitting(1900.0)) == ("stand", 0.0)
    assert coming(slumped(1000.0, 0.0)) == ("posture", 0.0)


def test_the_next_reminder_waits_for_all_that_it_waits_for() -> None:
    assert coming(sitting(1900.0), spoken(1850.0)) == ("stand", 250.0)
    assert coming(sitting(1900.0), CoachState(snoozed_until_s=2400.0)) == ("stand", 500.0)
    assert coming(sitting(1900.0), CoachState(snoozed_until_s=1800.0)) == ("stand", 0.0)
    assert coming(sitting(1900.0), spoken(1850.0, snoozed_until_s=2400.0)) == ("stand", 500.0)
    assert coming(sitting(1900.0), spoken(1850.0, snoozed_until_s=1910.0)) == ("stand", 250.0)
    assert coming(sitting(1900.0), reminded()) == ("stand", 800.0)
    assert coming(sitting(1900.0), reminded(times=2)) == ("stand", 1100.0), (
        "which a move that is due 200 s before waits for"
    )
    assert coming(sitting(1900.0), CoachState(back_s=1700.0, bout_since_s=0.0)) == ("stand", 100.0)
    full = CoachState(given=tuple((t_s, "stand") for t_s in (100.0, 500.0, 900.0, 1300.0)))
    assert coming(sitting(1900.0), full) == ("stand", 1800.0)


def test_none_is_in_sight_where_nothing_is_due() -> None:
    assert coming(TimelineState(3000.0, "away", 0.0)) is None
    assert coming(TimelineState(3000.0, "standing", 0.0)) == ("sit", 0.0)
    quiet = replace(SETTINGS, quiet_hours="12:00-13:00")
    due = next_reminder(FRESH, sitting(1900.0), CONTEXT, quiet)
    assert due is not None
    assert (due.in_s, due.held) == (3600.0, "quiet hours until 13:00")
    assert next_reminder(FRESH, sitting(1900.0), CONTEXT, replace(SETTINGS, quiet_hours="00:00-24:00")) is None


def test_what_comes_next_knows_its_facts() -> None:
    due = next_reminder(FRESH, sitting(1000.0), CONTEXT, SETTINGS)
    assert due is not None
    assert due.facts.why == "sitting for 17 min; your setting is 30 min"


# -- a red flag --------------------------------------------------------------------------------------------------------

BOTH: tuple[Side, Side] = ("left", "right")
SECONDS = st.floats(0.0, 30000.0)


@st.composite
def timelines(draw: st.DrawFn) -> TimelineState:
    now_s = draw(SECONDS)
    since_s, shift_s = (draw(st.floats(0.0, now_s)) for _ in range(2))
    kinds = draw(st.sets(st.sampled_from(DEVIATIONS)))
    return TimelineState(
        t_s=now_s,
        presence=draw(st.sampled_from(("sitting", "sitting", "standing"))),
        presence_since_s=since_s,
        bout=Bout(draw(st.floats(0.0, since_s)), draw(SECONDS)),
        sitting_total_s=draw(SECONDS),
        active={kind: ActiveDeviation(draw(st.floats(0.0, now_s)), 1.5, now_s) for kind in kinds},
        shift_s=max(since_s, shift_s),
    )


EXERCISES = st.sampled_from(("", *(exercise.id for exercise in library())))
ASKED = st.builds(
    Asked, st.sampled_from((-1.0, 0.0, 1.0)), SECONDS, SECONDS, st.integers(1, 9), EXERCISES, st.floats(0.0, 120.0)
)
KINDS: tuple[ReminderKind, ...] = ("stand", "move", "stretch", "posture", "sit")
STATES = st.builds(
    CoachState,
    asked=st.dictionaries(st.sampled_from(KINDS), ASKED),
    given=st.lists(st.tuples(st.floats(-1000.0, 0.0), st.sampled_from(KINDS)), max_size=3).map(sorted).map(tuple),
    side_asked=st.booleans(),
    named_s=st.dictionaries(EXERCISES, SECONDS),
    stands=st.integers(0, 9),
)
CONTEXTS = st.builds(
    CoachContext,
    shortened_side=st.sampled_from((None, *BOTH)),
    suspended=st.just(True),
    ago_s=st.dictionaries(EXERCISES, SECONDS),
)
POLICIES = st.builds(
    CoachSettings,
    stand_after_s=st.floats(10.0, 3000.0),
    stretch_after_s=st.floats(10.0, 3000.0),
    first_side=st.sampled_from(("auto", "left", "right")),
    bias=st.sampled_from(("any", *BIASES)),
)


WORDS = {
    text.lower()
    for exercise in library()
    for side in BOTH
    for text in (exercise.name, exercise.line_for(side), *exercise.steps_for(side), exercise.id)
    if " " in text or "_" in text  # the id of walking and breathing is a common word
}


def names_an_exercise(reminder: Reminder) -> bool:
    text = f"{reminder.title} {reminder.body} {reminder.why}".lower()
    return bool(reminder.exercise) or "stretch" in text or any(words in text for words in WORDS)


@given(timelines(), STATES, CONTEXTS, POLICIES)
def test_while_a_red_flag_is_open_no_reminder_names_an_exercise(
    timeline: TimelineState, state: CoachState, context: CoachContext, settings: CoachSettings
) -> None:
    state, reminders = advance(state, timeline, context, settings)
    due = next_reminder(state, timeline, context, settings)
    assert due is None or due.kind != "stretch"
    for reminder in reminders:
        assert reminder.kind != "stretch"
        assert "stretch" not in reminder.covers
        assert reminder.side is None
        assert not names_an_exercise(reminder)


def test_an_exercise_that_is_named_would_be_found() -> None:
    for timeline in (sitting(1800.0), sitting(7200.0)):
        (reminder,) = advance(FRESH, timeline, CONTEXT, SETTINGS)[1]
        assert names_an_exercise(replace(reminder, exercise=""))


@given(timelines(), STATES, CONTEXTS, POLICIES)
def test_at_most_one_reminder_and_it_is_remembered(
    timeline: TimelineState, state: CoachState, context: CoachContext, settings: CoachSettings
) -> None:
    for suspended in (True, False):
        later, reminders = advance(state, timeline, replace(context, suspended=suspended), settings)
        if not reminders:
            assert later.given == state.given
            continue
        (reminder,) = reminders
        assert later.given[-1] == (timeline.now_s, reminder.kind)
        for kind in (reminder.kind, *(kind for kind in reminder.covers if kind != "posture")):
            assert later.asked[kind].t_s == timeline.now_s
            assert later.asked[kind].exercise == reminder.exercise
        assert reminder.repeat == (later.asked[reminder.kind].times > 1)
        assert math.isfinite(timeline.now_s)
        assert advance(later, timeline, context, settings)[1] == []


@given(timelines(), STATES, CONTEXTS, POLICIES)
def test_title_and_body_agree(
    timeline: TimelineState, state: CoachState, context: CoachContext, settings: CoachSettings
) -> None:
    for reminder in advance(state, timeline, replace(context, suspended=False), settings)[1]:
        contradiction_free(reminder, timeline)


def contradiction_free(reminder: Reminder, timeline: TimelineState) -> None:
    """A stand is never done seated, and nobody is told to do what they do."""
    assert (timeline.presence == "standing") == (reminder.kind == "sit")
    assert reminder.body
    if reminder.kind == "stand" or "stand" in reminder.covers:
        assert "seated" not in reminder.body.lower()
        assert not reminder.exercise or find_exercise(reminder.exercise).position == "standing"
    if reminder.exercise and find_exercise(reminder.exercise).position != "standing":
        assert reminder.asks_s == 0.0
    assert ("Stand" in reminder.body) >= (reminder.kind in ("stand", "stretch") and reminder.asks_s > 0)
