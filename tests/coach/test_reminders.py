"""Every limit of the reminders, just below and at it, on timelines that are written down and not lived through."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.advance import CoachContext, CoachState, Notified, advance, next_reminder, upcoming
from posture.coach.exercises import BIASES, Side, library
from posture.coach.reminder import Reminder, ReminderKind
from posture.measure.observation import DEVIATIONS, Deviation
from posture.settings import CoachSettings
from posture.timeline.state import ActiveDeviation, Bout, Span, TimelineState

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
    assert CoachState({}, None, None, False, {}, 0) == FRESH
    assert CoachContext(720, "", None, False, {}) == CONTEXT
    assert Reminder(0.0, "sit", "", "", "") == Reminder(0.0, "sit", "", "", "", (), None, False, "")


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
        (1.0, 0.0),
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
        "stand": "sitting for 30 min; the limit is 30 min",
        "move": "no change of position for 15 min; the limit is 15 min",
        "sit": "standing for 35 min; the limit is 35 min",
        "posture": "slumped for 2 min, 1.5 times its threshold now; held for most of the last 3 min",
        "stretch": "sitting, breaks not counted, for 2 h 00; the limit is 2 h 00",
    }
    for kind, from_s, timeline in DUE:
        (reminder,) = advance(FRESH, timeline(from_s), CONTEXT, SETTINGS)[1]
        assert reminder.why == whys[kind]
        assert (reminder.t_s, reminder.kind, reminder.covers, reminder.repeat) == (from_s, kind, (), False)
        assert reminder.side == ("left" if kind == "stretch" else None)


def test_that_nothing_moved_is_not_said_where_it_could_not_be_seen() -> None:
    (reminder,) = advance(FRESH, sitting(900.0, shift_s=0.0, posture=()), CONTEXT, SETTINGS)[1]
    assert reminder.kind == "move"
    assert reminder.why == "no change of position to be seen for 15 min; the limit is 15 min"
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
    assert {kind: (each.episode, each.times, each.t_s) for kind, each in state.notified.items()} == {
        "stretch": (1.0, 1, 8000.0),
        "stand": (0.0, 1, 8000.0),
        "move": (0.0, 1, 8000.0),
        "posture": (7000.0, 1, 8000.0),
    }
    assert {each.exercise for each in state.notified.values()} == {reminder.exercise} == {"ql_stand"}
    assert (state.last_s, state.stands, state.named_s) == (8000.0, 0, {"ql_stand": 8000.0})
    again, (second,) = advance(state, replace(timeline, t_s=8600.0), CONTEXT, SETTINGS)
    assert (second.kind, second.repeat, second.covers) == ("stretch", True, ("stand", "move", "posture"))
    assert {each.times for each in again.notified.values()} == {2}
    assert given_now(replace(timeline, t_s=9999.0), again) == []


def test_only_what_is_due_is_covered() -> None:
    (reminder,) = advance(FRESH, replace(slumped(1800.0, 1700.0), shift_s=950.0), CONTEXT, SETTINGS)[1]
    assert (reminder.kind, reminder.covers) == ("stand", ())


# -- said once, repeated once, then quiet ------------------------------------------------------------------------------


def reminded(times: int = 1, at_s: float = 1800.0, episode: float = 0.0, kind: ReminderKind = "stand") -> CoachState:
    return CoachState(notified={kind: Notified(episode, at_s, times, "walk")}, last_s=at_s, stands=1)


@pytest.mark.parametrize(("after_s", "kinds"), [(599.9, []), (600.0, ["stand"])])
def test_it_is_repeated_once_after_its_time(after_s: float, kinds: list[str]) -> None:
    assert given_now(sitting(1800.0 + after_s), reminded()) == kinds
    assert given_now(sitting(1800.0 + after_s), reminded(times=2)) == []
    assert given_now(sitting(1800.0 + after_s), reminded(times=3)) == []


def test_a_repeat_is_one_and_names_the_same_exercise() -> None:
    state, (reminder,) = advance(reminded(), sitting(2400.0), CONTEXT, SETTINGS)
    assert (reminder.repeat, reminder.exercise) == (True, "walk")
    assert (state.notified["stand"].times, state.stands) == (2, 1)


@pytest.mark.parametrize(("after_s", "kinds"), [(899.9, []), (900.0, ["stand"])])
def test_the_next_episode_waits_for_the_cool_down(after_s: float, kinds: list[str]) -> None:
    now_s = 5000.0 + after_s
    settings = replace(SETTINGS, stand_after_s=600.0)
    state = reminded(times=2, at_s=5000.0)
    timeline = sitting(now_s, now_s - 700.0)
    assert given_now(timeline, state, settings=settings) == kinds
    if kinds:
        state, (reminder,) = advance(state, timeline, CONTEXT, settings)
        assert not reminder.repeat
        assert (reminder.exercise, state.stands) == ("ql_stand", 2)
        assert state.notified["stand"] == Notified(timeline.presence_since_s, now_s, 1, "ql_stand")


@pytest.mark.parametrize(("after_s", "kinds"), [(119.9, []), (120.0, ["stand"])])
def test_any_two_keep_their_distance(after_s: float, kinds: list[str]) -> None:
    assert given_now(sitting(1800.0), CoachState(last_s=1800.0 - after_s)) == kinds


@pytest.mark.parametrize(("until_s", "kinds"), [(1800.1, []), (1800.0, ["stand"])])
def test_a_snooze_ends(until_s: float, kinds: list[str]) -> None:
    assert given_now(sitting(1800.0), CoachState(snoozed_until_s=until_s)) == kinds


def test_a_call_and_quiet_hours_hush() -> None:
    assert given_now(sitting(1800.0), context=CoachContext(waiting="in a call")) == []
    quiet = replace(SETTINGS, quiet_hours="12:00-13:00")
    assert given_now(sitting(1800.0), context=CoachContext(local_minute=720), settings=quiet) == []
    assert given_now(sitting(1800.0), context=CoachContext(local_minute=780), settings=quiet) == ["stand"]
    assert CONTEXT.local_minute == 720


def test_hushed_it_forgets_nothing() -> None:
    state = CoachState(snoozed_until_s=9000.0)
    assert advance(state, sitting(1800.0), CONTEXT, SETTINGS) == (state, [])


# -- stretches ---------------------------------------------------------------------------------------------------------


def after(sitting_s: float, state: CoachState = FRESH, **context: Any) -> list[tuple[float, float]]:
    """Episode and time of the stretch reminder after so much sitting, most of it in earlier bouts."""
    timeline = sitting(sitting_s, sitting_s - 60.0, sitting_total_s=sitting_s - 60.0)
    due = upcoming(state, timeline, CoachContext(**context), SETTINGS)
    return [(each.episode, each.in_s) for each in due if each.kind == "stretch"]


def test_each_two_hours_of_sitting_are_an_episode() -> None:
    due = upcoming(FRESH, sitting(3600.0), CONTEXT, SETTINGS)[0]
    assert (due.kind, due.facts.why) == ("stretch", "sitting, breaks not counted, for 1 h 00; the limit is 2 h 00")
    assert after(7199.0) == [(1.0, 1.0)]
    assert after(7200.0) == [(1.0, 0.0)]
    assert after(14399.0) == [(1.0, 0.0)]
    assert after(14400.0) == [(2.0, 0.0)]
    said = CoachState(notified={"stretch": Notified(1.0, 7200.0, 1)})
    assert after(7300.0, replace(said, notified={"stretch": Notified(1.0, 7100.0, 1)})) == [
        (2.0, 7100.0)
    ]  # got up since
    assert after(7259.0, said) == [(1.0, 0.0)]  # still in the bout in which it was given
    assert after(7260.0, said) == [(1.0, 0.0)]
    assert after(7261.0, said) == [(2.0, 7139.0)]
    assert after(7259.0, CoachState(notified={"stretch": Notified(1.0, 7200.0, 2)})) == [(2.0, 7141.0)]
    assert after(14401.0, said) == [(2.0, 0.0)]


def test_the_asymmetry_rule_makes_the_next_stand_reminder_a_stretch_once() -> None:
    assert after(700.0, shortened_side="left") == [(-1.0, 1740.0)]
    assert after(700.0, CoachState(side_asked=True), shortened_side="left") == [(1.0, 6500.0)]
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


def test_the_stretch_that_was_done_or_named_last_waits_longest() -> None:
    ago_s = {"ql_stand": 9000.0, "ql_seat": 9000.0, "hf_split": 9000.0, "thor_rot": 9000.0, "piri_seat": 9000.0}
    done = {**ago_s, "hip_rot": 20000.0}
    (reminder,) = advance(FRESH, sitting(7200.0), CoachContext(ago_s=done), SETTINGS)[1]
    assert reminder.exercise == "hip_rot"
    state = CoachState(named_s={"hip_rot": 7000.0})  # named 200 s ago, done long ago
    lately = {**dict.fromkeys(ago_s, 5000.0), "hip_rot": 20000.0}
    (reminder,) = advance(state, sitting(7200.0), CoachContext(ago_s=lately), SETTINGS)[1]
    assert reminder.exercise == "ql_stand"
    state = CoachState(named_s={"ql_stand": 100.0, "ql_seat": 200.0})  # named long ago, done lately
    lately = {**done, "hip_rot": 100.0, "ql_stand": 50.0, "ql_seat": 6.0e3}
    (reminder,) = advance(state, sitting(7200.0), CoachContext(ago_s=lately), SETTINGS)[1]
    assert reminder.exercise == "ql_seat"


def test_for_a_side_a_side_stretch_is_named_whenever_it_was_done() -> None:
    context = CoachContext(shortened_side="left", ago_s={"ql_stand": 1.0, "ql_seat": 2.0})
    (reminder,) = advance(FRESH, sitting(7200.0), context, SETTINGS)[1]
    assert reminder.exercise == "ql_seat"


def test_the_side_is_not_spoken_of_with_another_stretch() -> None:
    """The side was found between a stretch and its repeat."""
    state = CoachState(notified={"stretch": Notified(1.0, 7200.0, 1, "hf_split")}, side_asked=True)
    (reminder,) = advance(state, sitting(7800.0), CoachContext(shortened_side="left"), SETTINGS)[1]
    assert (reminder.exercise, reminder.repeat) == ("hf_split", True)
    assert "leaned" not in reminder.body
    assert "Once more" not in reminder.body


def test_a_stretch_that_was_never_done_but_named_has_had_its_turn() -> None:
    state = CoachState(named_s={"ql_stand": 7000.0})
    (reminder,) = advance(state, sitting(7200.0), CONTEXT, SETTINGS)[1]
    assert reminder.exercise == "ql_seat"


def test_a_reminder_without_an_exercise_before_names_the_next_one() -> None:
    """A red flag was open at the first time and has been cleared since."""
    state = CoachState(notified={"stand": Notified(0.0, 1800.0, 1, "")}, last_s=1800.0, stands=1)
    (reminder,) = advance(state, sitting(2400.0), CONTEXT, SETTINGS)[1]
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
    assert coming(sitting(1900.0), CoachState(last_s=1850.0)) == ("stand", 70.0)
    assert coming(sitting(1900.0), CoachState(snoozed_until_s=2400.0)) == ("stand", 500.0)
    assert coming(sitting(1900.0), CoachState(snoozed_until_s=1800.0)) == ("stand", 0.0)
    assert coming(sitting(1900.0), CoachState(last_s=1850.0, snoozed_until_s=2000.0)) == ("stand", 100.0)
    assert coming(sitting(1900.0), CoachState(last_s=1850.0, snoozed_until_s=1910.0)) == ("stand", 70.0)
    assert coming(sitting(1900.0), reminded()) == ("stand", 500.0)
    assert coming(sitting(1900.0), reminded(times=2)) == ("move", 900.0)


def test_none_is_in_sight_when_all_have_been_given_twice() -> None:
    state = CoachState(notified={"sit": Notified(0.0, 2100.0, 2)})
    assert coming(TimelineState(3000.0, "standing", 0.0), state) is None


def test_what_comes_next_knows_its_facts() -> None:
    due = next_reminder(FRESH, sitting(1000.0), CONTEXT, SETTINGS)
    assert due is not None
    assert due.facts.why == "sitting for 17 min; the limit is 30 min"


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
NOTIFIED = st.builds(Notified, st.sampled_from((-1.0, 0.0, 1.0, 2.0, 3.0)), SECONDS, st.integers(1, 2), EXERCISES)
KINDS: tuple[ReminderKind, ...] = ("stand", "move", "stretch", "posture", "sit")
STATES = st.builds(
    CoachState,
    notified=st.dictionaries(st.sampled_from(KINDS), NOTIFIED),
    last_s=st.none() | st.floats(-1000.0, 0.0),
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
            assert later == state
            continue
        (reminder,) = reminders
        assert later.last_s == timeline.now_s
        for kind in (reminder.kind, *reminder.covers):
            assert later.notified[kind].t_s == timeline.now_s
            assert later.notified[kind].exercise == reminder.exercise
        assert reminder.repeat == (later.notified[reminder.kind].times == 2)
        assert math.isfinite(timeline.now_s)
        assert advance(later, timeline, context, settings)[1] == []
