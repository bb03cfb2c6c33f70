"""Kinds of not knowing: what is likely while nobody can see, what it means for a bout, and what may be said of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from streams import run

from posture.measure.observation import Cause, Observation, Presence
from posture.settings import TimelineSettings
from posture.timeline import said
from posture.timeline.advance import LONGEST_CALL_S, LONGEST_LEAD_S, at
from posture.timeline.events import BoutEnded, Event, PresenceChanged
from posture.timeline.state import REST_S, Call, TimelineState, UnknownKind

SETTINGS = TimelineSettings()
STEP_S = 5.0
Spell = tuple[Presence, Cause, float]
"""What a look says, what keeps it from seeing, and for how many seconds."""


def looks(*spells: Spell, step_s: float = STEP_S) -> list[Observation]:
    found, began_s = [], 0.0
    for presence, cause, length_s in spells:
        count = round(length_s / step_s)
        found += [Observation(began_s + n * step_s, presence, cause, cause=cause) for n in range(count)]
        began_s += length_s
    return found


def after(*spells: Spell, step_s: float = STEP_S) -> tuple[TimelineState, list[BoutEnded]]:
    state, events = run(looks(*spells, step_s=step_s))
    return state, ended(events)


def ended(events: list[Event]) -> list[BoutEnded]:
    return [event for event in events if isinstance(event, BoutEnded)]


SAT: Spell = ("sitting", "", 600.0)
LEFT: Spell = ("away", "", 10.0)
BACK: Spell = ("sitting", "", 60.0)


@pytest.mark.parametrize(
    ("before", "cause", "kind"),
    [
        (SAT, "locked", "blind"),
        (SAT, "asleep", "blind"),
        (SAT, "lid closed", "left"),
        (SAT, "busy", "busy"),
        (SAT, "blind", "blind"),
        (SAT, "", "blind"),
        (LEFT, "locked", "left"),
        (LEFT, "asleep", "left"),
        (LEFT, "lid closed", "left"),
        (LEFT, "busy", "busy"),
        (LEFT, "blind", "blind"),
        (("standing", "", 10.0), "locked", "left"),
    ],
)
def test_the_kind_follows_from_the_cause_and_from_what_was_seen_before(
    before: Spell, cause: Cause, kind: UnknownKind
) -> None:
    observations = looks(SAT, before, ("unknown", cause, 30.0))
    state, events = run(observations)
    assert (state.presence, state.unknown) == ("unknown", kind)
    assert [event for event in events if isinstance(event, PresenceChanged)][-1].unknown == kind
    suspended = at(run(looks(SAT, before))[0], 700.0, SETTINGS, "said so", cause)
    assert suspended.unknown == kind, "the same where nobody looks"


def test_left_stays_left_through_sleep_and_ends_with_a_look() -> None:
    state, _ = after(SAT, LEFT, ("unknown", "locked", 60.0), ("unknown", "asleep", 60.0))
    assert state.unknown == "left"
    state, _ = after(SAT, LEFT, ("unknown", "locked", 60.0), BACK)
    assert (state.presence, state.unknown) == ("sitting", None)


@pytest.mark.parametrize(
    ("spells", "by"),
    [
        ((SAT, LEFT, ("unknown", "locked", 300.0), BACK), ["session"]),
        ((SAT, ("unknown", "lid closed", 300.0), BACK), ["session"]),
        ((SAT, ("unknown", "locked", 300.0), BACK), []),
        ((SAT, ("unknown", "asleep", 300.0), BACK), []),
        ((SAT, ("unknown", "busy", 300.0), BACK), []),
        ((SAT, ("unknown", "blind", 300.0), BACK), []),
        ((SAT, LEFT, ("unknown", "busy", 300.0), BACK), []),
        ((SAT, ("away", "", 90.0), ("unknown", "locked", 300.0), BACK), ["break"]),
        ((SAT, LEFT, ("unknown", "locked", 45.0), BACK), []),
        ((SAT, LEFT, ("unknown", "locked", 50.0), BACK), ["session"]),
        ((SAT, ("unknown", "busy", LONGEST_CALL_S - 60.0), BACK), []),
        ((SAT, ("unknown", "busy", LONGEST_CALL_S + 60.0), BACK), ["unknown"]),
        ((SAT, ("unknown", "blind", SETTINGS.lost_after_s + 60.0), BACK), ["unknown"]),
    ],
)
def test_a_break_by_the_session_needs_the_person_seen_leaving_or_the_lid_closed(
    spells: tuple[Spell, ...], by: list[str]
) -> None:
    assert [event.ended_by for event in after(*spells)[1]] == by


@pytest.mark.parametrize(
    ("before", "cause", "kind"), [(LEFT, "locked", "left"), (SAT, "busy", "busy"), (SAT, "", "blind")]
)
def test_a_single_look_says_what_the_time_without_looks_after_it_is(
    before: Spell, cause: Cause, kind: UnknownKind
) -> None:
    seen = looks(SAT, before)
    end_s = seen[-1].t_s + 5.0
    events = run([*seen, *(Observation(t_s, "unknown", "said so", cause=cause) for t_s in (end_s, end_s + 300.0))])[1]
    assert [event.unknown for event in events if isinstance(event, PresenceChanged)][-1] == kind
    assert [event.ended_by for event in ended(events)] == (["session"] if kind == "left" else [])


def test_a_lid_that_is_closed_before_it_lasts_is_not_taken_back_by_the_lock() -> None:
    """Closed, asleep and awake again within a gap, and then locked: nobody has looked between."""
    state, _ = run([*looks(SAT), Observation(600.0, "unknown", "lid", cause="lid closed")])
    state, _ = run([Observation(630.0 + n, "unknown", "locked", cause="locked") for n in range(5)], state)
    assert (state.unknown, state.presence_since_s) == ("left", 600.0)


def test_without_another_cause_it_stays_as_the_last_look_said() -> None:
    """Looks are allowed again, and nobody has looked yet."""
    state, _ = run([*looks(SAT, LEFT), Observation(610.0, "unknown", "locked", cause="locked")])
    found = at(state, 700.0, SETTINGS, "locked")
    assert (found.unknown, found.presence_since_s, found.bout) == ("left", 610.0, None)


@pytest.mark.parametrize(("off_s", "by"), [(57.0, []), (60.0, ["break"])])
def test_a_return_well_before_60_s_is_no_break_of_60(off_s: float, by: list[str]) -> None:
    state, found = after(SAT, ("away", "", off_s), BACK, step_s=1.0)
    assert [event.ended_by for event in found] == by
    assert state.bout is not None
    assert state.bout.since_s == (0.0 if not by else 660.0)


@pytest.mark.parametrize("presence", ["away", "sitting", "standing"])
def test_a_blink_does_not_take_back_what_other_looks_have_said(presence: Presence) -> None:
    before: Presence = "standing" if presence == "sitting" else "sitting"
    state, _ = run([Observation(float(t_s), before) for t_s in range(10)])
    for t_s, seen in ((10.0, presence), (11.0, "unknown"), (12.0, presence)):
        state, _ = run([Observation(t_s, seen)], state)  # type: ignore[arg-type]
    assert (state.presence, state.presence_since_s) == (presence, 10.0)


@pytest.mark.parametrize("cause", ["", "locked", "busy"])
def test_what_came_to_nothing_leaves_no_trace(cause: Cause) -> None:
    seen = [Observation(float(t_s), "sitting") for t_s in range(10)]
    back = Observation(11.5, "sitting")
    away = [Observation(10.0, "away"), Observation(11.0, "unknown")]
    plain, _ = run([*seen, back])
    turned, _ = run([*seen, *([Observation(10.5, "unknown", cause, cause=cause)] if cause else away), back])
    assert (turned.blink_s, turned.candidate, turned.candidate_unknown) == (None, None, None)
    assert replace(turned, candidate_since_s=plain.candidate_since_s, candidate_reason="") == plain


def test_leaving_seen_and_unseen_add_up_to_a_break_by_the_session() -> None:
    lid: Spell = ("unknown", "lid closed", 40.0)
    for away_s, by in ((5.0, []), (20.0, ["session"])):
        _, found = after(SAT, lid, ("away", "", away_s), BACK)
        assert [event.ended_by for event in found] == by


def test_back_in_the_chair_nothing_of_a_short_leave_is_kept() -> None:
    state, found = after(SAT, ("away", "", 20.0), ("unknown", "lid closed", 20.0), BACK)
    assert found == []
    kept = (state.left_s, state.break_s, state.session_break_s, state.lead_busy_s, state.lead_unseen_s)
    assert kept == (None, 0.0, 0.0, 0.0, 0.0)


def test_who_has_left_since_starts_the_next_bout_without_what_was_blind_before() -> None:
    lid: Spell = ("unknown", "lid closed", 100.0)
    for spells, lead_s in (((lid,), (0.0, 0.0)), ((), (200.0, 300.0))):
        state, _ = after(("unknown", "busy", 200.0), ("unknown", "", 300.0), *spells, BACK)
        assert state.bout is not None
        assert (state.bout.busy_s, state.bout.unseen_s) == lead_s


def test_one_look_at_an_empty_chair_before_the_lock_is_leaving() -> None:
    for last, kind in (("away", "left"), ("standing", "left"), ("sitting", "blind")):
        seen = [Observation(float(t_s), "sitting") for t_s in range(10)]
        locked = [Observation(10.0 + t_s, "unknown", "locked", cause="locked") for t_s in range(5)]
        state, _ = run([*seen, Observation(9.5, last), *locked])  # type: ignore[arg-type]
        assert state.unknown == kind


def test_two_blinks_do_not_add_up() -> None:
    state, _ = run([Observation(float(t_s), "sitting") for t_s in range(10)])
    seen: tuple[tuple[float, Presence], ...] = (
        (10.0, "away"),
        (10.5, "unknown"),
        (11.0, "away"),
        (12.6, "unknown"),
        (12.7, "away"),
    )
    state, _ = run([Observation(t_s, presence) for t_s, presence in seen], state)
    assert (state.presence, state.presence_since_s) == ("away", 10.0)


def test_unknown_that_goes_on_is_no_blink() -> None:
    state, _ = run([Observation(float(t_s), "sitting") for t_s in range(10)])
    state, _ = run([Observation(10.0, "away"), *(Observation(10.5 + n, "unknown") for n in range(11))], state)
    assert (state.presence, state.presence_since_s) == ("unknown", 10.5)


def test_a_call_belongs_to_the_bout_and_is_remembered() -> None:
    state, _ = after(SAT, ("unknown", "busy", 1200.0), BACK)
    assert state.call == Call(1800.0, 1200.0)
    assert state.bout_range_s == (55.0, 1855.0)  # the call may hide a break
    assert (state.bout_s, state.bout_busy_s, state.in_chair_s) == (655.0, 1200.0, 1855.0)
    broken, _ = after(SAT, ("unknown", "busy", 1200.0), BACK, ("away", "", 90.0), BACK)
    assert (broken.call, broken.bout_busy_s) == (None, 0.0)


def test_a_bout_may_have_begun_unseen() -> None:
    state, _ = after(("unknown", "busy", 1200.0), BACK)
    assert state.bout_range_s == (55.0, 1255.0)
    state, _ = after(("unknown", "busy", 1200.0), ("away", "", 70.0), BACK)
    assert state.bout_range_s == (55.0, 55.0)


@pytest.mark.parametrize("off", ["away", "standing"])
@pytest.mark.parametrize(("off_s", "most_s"), [(10.0, 1255.0), (50.0, 1255.0), (60.0, 55.0)])
@pytest.mark.parametrize("before", [(), (SAT, ("away", "", 70.0))])
def test_only_a_break_ends_what_was_blind_before_a_bout(
    before: tuple[Spell, ...], off: Presence, off_s: float, most_s: float
) -> None:
    """Also after a break that ended the bout before: it is another."""
    state, _ = after(*before, ("unknown", "busy", 1200.0), (off, "", off_s), BACK)
    assert state.bout_range_s == (55.0, most_s)
    state, _ = after(
        *before, ("unknown", "busy", 1200.0), (off, "", 40.0), ("unknown", "", 30.0), (off, "", 40.0), BACK
    )
    assert state.bout_range_s == (55.0, 1285.0), "between them they may have sat"


# -- whatever is true and whatever is seen of it -----------------------------------------------------------------------

TRUTH = st.lists(
    st.tuples(st.sampled_from(["sitting", "sitting", "away"]), st.integers(2, 120)), min_size=1, max_size=8
)
MASKS = st.lists(st.tuples(st.sampled_from(["", "", "busy", "blind", "locked"]), st.integers(3, 200)), max_size=8)


def true_sitting(truth: list[Presence]) -> float:
    """The true sitting since the last break, at the last look."""
    sat_s = off_s = 0.0
    for presence in truth:
        if presence == "sitting":
            sat_s = (0.0 if off_s >= SETTINGS.break_after_s else sat_s) + STEP_S
            off_s = 0.0
        else:
            off_s += STEP_S
    return sat_s


@settings(max_examples=60)
@given(TRUTH, MASKS)
@example(truth=[("sitting", 36), ("away", 2), ("sitting", 2)], masks=[("busy", 35)])
@example(
    truth=[("sitting", 2), ("sitting", 30), ("sitting", 2), ("sitting", 2), ("away", 2), ("sitting", 2)],
    masks=[("busy", 35)],
)
@example(
    truth=[("sitting", 20), ("away", 14), ("sitting", 60), ("away", 2), ("sitting", 2)], masks=[("", 34), ("busy", 60)]
)
def test_the_true_sitting_lies_within_the_range_that_is_said(
    truth: list[tuple[Presence, int]], masks: list[tuple[Cause, int]]
) -> None:
    lived = [presence for presence, count in truth for _ in range(count)]
    causes = [cause for cause, count in masks for _ in range(count)]
    state, hidden_s, changes = TimelineState(), 0.0, 0
    for number in range(len(lived)):
        cause = causes[number] if number < len(causes) else ""
        if cause and state.unknown == "left":
            lived[number] = "away"  # who has left is back when the screen is unlocked
        hidden_s = hidden_s + STEP_S if cause else 0.0
        if hidden_s >= SETTINGS.lost_after_s:
            return  # out of sight for so long, a bout is closed and nothing is said of it
        seen: Presence = "unknown" if cause else lived[number]
        state, _ = run([Observation(number * STEP_S, seen, cause, cause=cause)], state)
        changes += number > 0 and lived[number - 1] != lived[number]
        if state.presence == lived[number] == "sitting" and state.candidate is None:
            least_s, most_s = state.bout_range_s
            slack_s = STEP_S * (2 + 2 * changes)  # each change is known to a look
            assert least_s - slack_s <= true_sitting(lived[: number + 1]) <= most_s + slack_s


# -- standing, as the user said ----------------------------------------------------------------------------------------


def said_through(*views: tuple[float, Presence, bool]) -> list[bool]:
    """Whether they still stand after each spell of (seconds, what is seen, whether the view fits)."""
    state: said.SaidStanding | None = said.SaidStanding(0.0)
    timeline, t_s, found = TimelineState(), 0.0, []
    for length_s, presence, fits in views:
        until_s = t_s + length_s
        while t_s < until_s:
            look = Observation(t_s, presence, view_fits=fits)
            if state is not None:
                state = said.look(state, look, timeline, SETTINGS)
            stands = state is not None and presence == "sitting"
            timeline, _ = run([Observation(t_s, "standing" if stands else presence)], timeline)
            t_s += 1.0
        found.append(state is not None)
    return found


def test_standing_ends_when_the_usual_view_is_back() -> None:
    assert said_through((600.0, "sitting", False), (20.0, "sitting", True), (1.0, "sitting", True)) == [
        True,
        True,
        False,
    ]


def test_standing_before_an_empty_picture_of_another_view_ends_as_well() -> None:
    """The raised camera looks over the head of who stands there."""
    assert said_through((600.0, "unknown", False), (20.0, "sitting", True), (1.0, "sitting", True)) == [
        True,
        True,
        False,
    ]


def test_a_desk_that_passes_its_old_height_is_not_down() -> None:
    assert said_through((60.0, "sitting", False), (15.0, "sitting", True), (60.0, "sitting", False)) == [True] * 3


def test_before_the_view_has_moved_the_usual_one_says_nothing() -> None:
    """The desk takes its time, or the camera stays where it is."""
    assert said_through((120.0, "sitting", True)) == [True]


def test_who_was_seen_standing_and_then_sits_no_longer_stands() -> None:
    assert said_through((60.0, "standing", True), (30.0, "sitting", True)) == [True, False]


def test_standing_ends_with_the_next_absence() -> None:
    assert said_through((60.0, "sitting", False), (70.0, "away", True)) == [True, False]
    assert said_through((60.0, "sitting", False), (40.0, "away", True), (60.0, "sitting", False)) == [True] * 3


def test_a_blind_spell_before_a_bout_belongs_to_it_up_to_half_an_hour() -> None:
    assert (LONGEST_LEAD_S, LONGEST_CALL_S) == (1800.0, 4 * 3600.0)
    for blind_s, lead_s in ((LONGEST_LEAD_S - STEP_S, LONGEST_LEAD_S - STEP_S), (LONGEST_LEAD_S, 0.0)):
        state, _ = after(("unknown", "", blind_s), BACK)
        assert state.bout is not None
        assert state.bout.unseen_s == lead_s


SAID = said.SaidStanding(100.0)
GONE = TimelineState(t_s=200.0, presence="away", presence_since_s=200.0 - SETTINGS.break_after_s)


def looked(
    presence: Presence, state: said.SaidStanding = SAID, timeline: TimelineState | None = None, fits: bool = True
) -> said.SaidStanding | None:
    seen = Observation(201.0, presence, view_fits=fits)
    return said.look(state, seen, TimelineState() if timeline is None else timeline, SETTINGS)


def test_what_was_said_begins_without_a_look_that_bears_it_out() -> None:
    assert said.SaidStanding(100.0, up=False, sits_since_s=None) == SAID


@pytest.mark.parametrize(
    ("presence", "fits", "up", "since_s"),
    [
        ("standing", True, True, None),
        ("standing", False, True, None),
        ("sitting", False, True, None),
        ("sitting", True, True, 201.0),
        ("away", False, True, None),
        ("unknown", True, True, None),
    ],
)
def test_what_a_look_says_of_who_has_been_up(presence: Presence, fits: bool, up: bool, since_s: float | None) -> None:
    been_up = said.SaidStanding(100.0, up=True)
    assert looked(presence, been_up, fits=fits) == said.SaidStanding(100.0, up, since_s)
    sat_already = said.SaidStanding(100.0, up=True, sits_since_s=190.0)
    assert looked(presence, sat_already, fits=fits) == said.SaidStanding(100.0, up, since_s and 190.0)


def test_what_a_look_says_of_who_has_not_been_up() -> None:
    assert looked("standing") == looked("sitting", fits=False) == said.SaidStanding(100.0, up=True)
    assert looked("unknown", fits=False) == said.SaidStanding(100.0, up=True), "a raised camera may see nobody"
    assert looked("sitting") == looked("away") == looked("unknown") == SAID


@pytest.mark.parametrize(("since_s", "stands"), [(181.1, True), (181.0, False)])
def test_the_usual_view_is_back_for_a_while(since_s: float, stands: bool) -> None:
    assert (looked("sitting", said.SaidStanding(100.0, True, since_s)) is not None) is stands


@pytest.mark.parametrize(
    ("timeline", "stands"),
    [
        (GONE, False),
        (replace(GONE, presence_since_s=GONE.presence_since_s + 0.1), True),
        (replace(GONE, presence="unknown", unknown="left"), False),
        (replace(GONE, presence="unknown", unknown="blind"), True),
        (replace(GONE, presence="sitting"), True),
        (replace(GONE, presence="standing"), True),
    ],
)
def test_an_absence_of_a_break_ends_it(timeline: TimelineState, stands: bool) -> None:
    assert (looked("standing", timeline=timeline) is not None) is stands


def test_an_absence_from_before_it_was_said_does_not() -> None:
    """Who says it from elsewhere, before they are back at the desk."""
    for since_s, stands in ((GONE.presence_since_s, False), (GONE.presence_since_s + 0.1, True)):
        assert (looked("standing", said.SaidStanding(since_s), GONE) is not None) is stands


def test_a_call_is_told_from_the_sitting_that_was_seen() -> None:
    state, _ = after(SAT, ("unknown", "busy", 1200.0), BACK)
    assert (state.in_chair_s, state.in_chair_busy_s) == (1855.0, 1200.0)
    rested, _ = after(SAT, ("unknown", "busy", 1200.0), BACK, ("away", "", REST_S), BACK)
    assert (rested.in_chair_s, rested.in_chair_busy_s) == (55.0, 0.0)
