"""Every limit of the timeline, just below and at it, with settings that are not the defaults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.measure.observation import Deviation, Observation, Presence
from posture.settings import TimelineSettings
from posture.timeline.advance import advance, finish
from posture.timeline.events import (
    BoutEnded,
    BoutStarted,
    DeviationEnded,
    DeviationStarted,
    Event,
    PosturalShift,
    PresenceChanged,
)
from posture.timeline.state import HORIZON_S, ActiveDeviation, Bout, Span, TimelineState

SETTINGS = TimelineSettings()


def step(
    state: TimelineState, looks: Iterable[Observation], limits: TimelineSettings = SETTINGS
) -> tuple[TimelineState, list[Event]]:
    events: list[Event] = []
    for look in looks:
        state, new = advance(state, look, limits)
        events += new
    return state, events


def presences(*looks: tuple[float, Presence]) -> tuple[TimelineState, list[Event]]:
    return step(TimelineState(), (Observation(t_s, presence) for t_s, presence in looks))


SAT: tuple[tuple[float, Presence], ...] = ((0.0, "sitting"), (2.0, "sitting"))


def sat(until_s: float = 20.0) -> TimelineState:
    """Sitting since 0, looked at every second, nothing else known."""
    return step(TimelineState(), (Observation(float(t_s), "sitting") for t_s in range(int(until_s) + 1)))[0]


def levels(
    *looks: tuple[float, float | None], state: TimelineState | None = None, kind: Deviation = "slump"
) -> tuple[TimelineState, list[Event]]:
    """Looks at a sitter, of (seconds, level)."""
    seen = (Observation(t_s, "sitting", levels={kind: level}) for t_s, level in looks)
    return step(sat() if state is None else state, seen)


def every(second: int, until: int, level: float | None) -> list[tuple[float, float | None]]:
    return [(float(t_s), level) for t_s in range(second, until + 1)]


# -- presence ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dwelt_s", "presence"), [(1.99, "sitting"), (2.0, "away")])
def test_a_presence_counts_from_its_dwell_on(dwelt_s: float, presence: Presence) -> None:
    state, events = presences(*SAT, (10.0, "away"), (10.0 + dwelt_s, "away"))
    assert state.presence == presence
    assert state.candidate == (None if presence == "away" else "away")
    if presence == "away":
        assert events[-1] == PresenceChanged(12.0, 10.0, "away", "sitting")
        assert (state.presence_since_s, state.spell_s) == (10.0, 2.0)


def test_another_presence_starts_the_dwell_again() -> None:
    state, _ = presences(*SAT, (10.0, "away"), (11.5, "standing"), (13.0, "away"), (14.0, "away"))
    assert (state.presence, state.candidate, state.candidate_since_s) == ("sitting", "away", 13.0)


def test_a_look_that_says_the_same_ends_a_candidate() -> None:
    state, _ = presences(*SAT, (10.0, "away"), (11.0, "sitting"), (11.5, "away"), (13.0, "away"))
    assert (state.presence, state.candidate_since_s) == ("sitting", 11.5)


def test_a_candidate_from_before_a_gap_is_forgotten() -> None:
    state, events = presences((0.0, "unknown"), (1.0, "away"), (100.0, "away"), (101.9, "away"))
    assert (state.presence, state.candidate_since_s) == ("unknown", 100.0)
    assert not events


@pytest.mark.parametrize(("gap_s", "presence"), [(90.0, "sitting"), (90.1, "unknown")])
def test_a_gap(gap_s: float, presence: Presence) -> None:
    state, events = presences(*SAT, (2.0 + gap_s, "sitting"))
    assert state.presence == presence
    if presence == "unknown":
        assert events[-1] == PresenceChanged(92.1, 2.0, "unknown", "sitting", "no look", "blind")
        assert (state.reason, state.left_s) == ("no look", 2.0)


def test_why_it_is_unknown_is_said_and_the_newest_reason_stands() -> None:
    dark = [Observation(float(t_s), "unknown", "dark") for t_s in range(11, 22)]
    state, events = step(sat(10), dark[:-1])
    assert events == [], "a hand before the lens is no end of sitting"
    state, events = step(state, dark[-1:])
    assert events == [
        PresenceChanged(21.0, 11.0, "unknown", "sitting", "dark", "blind"),
    ]
    assert state.reason == "dark"
    state, _ = step(state, [Observation(22.0, "unknown", "camera in use")])
    assert state.reason == "camera in use"
    state, _ = step(state, [Observation(23.0, "sitting"), Observation(25.0, "sitting")])
    assert state.reason == ""


def test_a_fresh_state_knows_nothing() -> None:
    fresh = TimelineState()
    assert (fresh.t_s, fresh.presence, fresh.candidate, fresh.bout, fresh.left_s) == (None, "unknown", None, None, None)
    assert {fresh.presence_since_s, fresh.candidate_since_s, fresh.posture_next_since_s, fresh.shift_s} == {0.0}
    assert {fresh.break_s, fresh.sitting_total_s, fresh.lean_left_s, fresh.lean_right_s} == {0.0}
    assert (fresh.active, fresh.rising, fresh.spans, fresh.posture, fresh.posture_next) == ({}, {}, (), (), ())
    assert Bout(5.0).counted_s == 0.0


def test_the_first_look_is_where_time_begins() -> None:
    state, events = presences((500.0, "sitting"), (501.0, "sitting"))
    assert (state.presence, state.spell_s, state.presence_since_s) == ("unknown", 1.0, 500.0)
    assert not events
    assert TimelineState().now_s == TimelineState().spell_s == 0.0
    assert TimelineState().reason == "nothing seen yet"


def test_two_looks_at_one_time_are_taken() -> None:
    state, _ = presences((1.0, "sitting"), (1.0, "sitting"))
    assert state.t_s == 1.0
    with pytest.raises(ValueError, match=r"^observation at 0\.5 s lies before the last one at 1\.0 s$"):
        advance(state, Observation(0.5, "sitting"), SETTINGS)


# -- bouts -------------------------------------------------------------------------------------------------------------


def spells(*parts: tuple[Presence, int]) -> tuple[TimelineState, list[Event]]:
    """Spell after spell, of (presence, seconds), one look a second; each begins with its first look."""
    looks, t_s = [], 0
    for presence, length_s in parts:
        looks += [Observation(float(t), presence) for t in range(t_s, t_s + length_s)]
        t_s += length_s
    return step(TimelineState(), looks)


def ended(events: list[Event]) -> list[BoutEnded]:
    return [event for event in events if isinstance(event, BoutEnded)]


def test_pieces_off_the_chair_add_up_to_a_break_when_unknown_lies_between() -> None:
    _, events = spells(
        ("sitting", 100), ("away", 25), ("unknown", 10), ("standing", 25), ("unknown", 10), ("away", 25), ("sitting", 9)
    )
    (bout,) = ended(events)
    assert (bout.since_s, bout.until_s, bout.sitting_s, bout.ended_by) == (0.0, 100.0, 100.0, "break")
    assert bout.t_s == 100 + 25 + 10 + 25 + 10 + 10  # ten seconds into the third piece


def test_two_pieces_of_25_s_are_no_break() -> None:
    state, events = spells(("sitting", 100), ("away", 25), ("unknown", 40), ("away", 25), ("sitting", 9))
    assert not ended(events)
    assert state.break_s == 0.0


def test_sitting_between_them_starts_the_break_again() -> None:
    state, events = spells(("sitting", 100), ("away", 50), ("sitting", 20), ("away", 50), ("sitting", 20))
    assert not ended(events)
    assert (state.left_s, state.break_s) == (None, 0.0)


@pytest.mark.parametrize(("length_s", "bouts"), [(58, 1), (60, 2)])
def test_a_break_counts_from_its_length_on(length_s: int, bouts: int) -> None:
    _, events = spells(("sitting", 100), ("away", length_s), ("sitting", 10))
    assert sum(isinstance(event, BoutStarted) for event in events) == bouts


def test_a_break_that_falls_short_of_its_length_by_less_than_a_second_is_none() -> None:
    _, events = presences(*SAT, (10.0, "away"), (12.0, "away"), (69.2, "sitting"), (71.2, "sitting"))
    assert events[-1] == PresenceChanged(71.2, 69.2, "sitting", "away")


def test_a_bout_begins_with_its_first_look() -> None:
    _, events = presences(*SAT)
    assert events == [PresenceChanged(2.0, 0.0, "sitting", "unknown"), BoutStarted(2.0, 0.0)]


def test_a_break_is_known_while_it_lasts() -> None:
    state, events = spells(("sitting", 100), ("away", 61))
    assert ended(events) == [BoutEnded(160.0, 0.0, 100.0, 100.0, "break", longest_run_s=100.0)]
    assert (state.bout, state.left_s) == (None, 100.0)
    assert state.bout_s == 0.0


@pytest.mark.parametrize(("length_s", "closed"), [(1800, False), (1801, True)])
def test_a_bout_that_is_out_of_sight_is_closed(length_s: int, closed: bool) -> None:
    state, events = spells(("sitting", 100), ("unknown", length_s))
    assert (state.bout is None) is closed
    assert [(bout.until_s, bout.ended_by) for bout in ended(events)] == ([(100.0, "unknown")] if closed else [])


def test_a_long_time_unknown_after_a_short_one_away_is_no_break() -> None:
    _, events = spells(("sitting", 100), ("away", 50), ("unknown", 1801))
    assert [bout.ended_by for bout in ended(events)] == ["unknown"]


def test_being_away_before_the_first_sitting_is_no_part_of_a_break() -> None:
    _, events = spells(("away", 100), ("sitting", 30), ("away", 30), ("sitting", 30))
    assert not ended(events)


def test_the_sitting_of_a_bout_is_added_up_without_what_lies_between() -> None:
    state, _ = spells(("sitting", 100), ("away", 40), ("sitting", 60), ("unknown", 30), ("sitting", 11))
    assert state.bout == Bout(0.0, 160.0, unseen_s=30.0, run_s=160.0)  # 30 s hide no break of 60 s
    assert state.bout_s == state.sitting_s == 170.0
    state, _ = spells(("sitting", 100), ("away", 70), ("sitting", 61))
    assert (state.bout_s, state.sitting_s, state.sitting_total_s) == (60.0, 160.0, 100.0)


def test_standing_does_not_sit() -> None:
    state, events = spells(("standing", 100))
    assert (state.bout, state.sitting_s, state.presence) == (None, 0.0, "standing")
    assert [type(event) for event in events] == [PresenceChanged]


# -- deviations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dwelt_s", "active"), [(9.9, False), (10.0, True)])
def test_a_deviation_counts_from_its_dwell_on(dwelt_s: float, active: bool) -> None:
    state, events = levels((30.0, 1.0), (35.0, 1.2), (30.0 + dwelt_s, 1.5))
    assert ("slump" in state.active) is active
    assert ("slump" in state.rising) is not active
    assert events == ([DeviationStarted(40.0, 30.0, "slump", 1.5)] if active else [])
    if active:
        assert state.active["slump"] == ActiveDeviation(30.0, 1.5, 40.0)


@pytest.mark.parametrize(("level", "active"), [(0.999, False), (1.0, True)])
def test_it_takes_the_threshold(level: float, active: bool) -> None:
    assert ("slump" in levels(*every(30, 45, level))[0].active) is active


def test_two_glances_do_not_add_up() -> None:
    state, events = levels(*every(30, 34, 2.0), *every(35, 39, 0.2), *every(40, 44, 2.0))
    assert not events
    assert state.rising["slump"].since_s == 40.0


def test_between_the_levels_a_dwell_goes_on() -> None:
    state, _ = levels(*every(30, 34, 2.0), *every(35, 39, 0.7), *every(40, 40, 2.0))
    assert state.active["slump"].since_s == 30.0
    state, _ = levels(*every(30, 34, 2.0), *every(35, 39, 0.69), *every(40, 40, 2.0))
    assert not state.active


def test_what_is_seen_between_the_levels_is_seen() -> None:
    state, _ = levels((30.0, 2.0), (40.0, 0.8), (50.0, 2.0))
    assert state.active["slump"].since_s == 30.0


@pytest.mark.parametrize(("unseen_s", "since_s"), [(10.0, 30.0), (10.1, 40.1)])
def test_a_dwell_survives_being_unseen_for_as_long_as_itself(unseen_s: float, since_s: float) -> None:
    state, _ = levels((30.0, 2.0), (30.0 + unseen_s, 2.0), (50.0, 2.0), (50.1, 2.0))
    assert state.active["slump"].since_s == since_s


def test_a_deviation_rises_for_each_kind_alone() -> None:
    looks = (Observation(float(t), "sitting", levels={"slump": 2.0, "head_tilt": 2.0}) for t in range(30, 36))
    state, _ = step(sat(), looks)
    state, _ = levels(*every(36, 40, 2.0), state=state)
    assert (set(state.active), set(state.rising)) == ({"slump"}, {"head_tilt"})


def active() -> TimelineState:
    """Slumped since 30, seen last at 45."""
    return levels(*every(30, 45, 1.5))[0]


def test_a_dip_of_a_second_does_not_end_it() -> None:
    state, events = levels((46.0, 0.1), (47.0, 1.5), *every(48, 60, 1.5), state=active())
    assert not events
    assert state.active["slump"] == ActiveDeviation(30.0, 1.5, 60.0)


def test_two_dips_do_not_add_up() -> None:
    state, events = levels(*every(46, 49, 0.1), (50.0, 0.7), *every(51, 55, 0.1), state=active())
    assert not events
    assert state.active["slump"] == ActiveDeviation(30.0, 0.1, 51.0, 51.0)


@pytest.mark.parametrize(("below_s", "over"), [(4.9, False), (5.0, True)])
def test_it_ends_from_its_release_on_where_it_fell(below_s: float, over: bool) -> None:
    state, events = levels((46.0, 0.69), (48.0, 0.1), (46.0 + below_s, 0.1), state=active())
    assert events == ([DeviationEnded(51.0, 30.0, 46.0, "slump")] if over else [])
    assert state.spans == ((Span("slump", 30.0, 46.0),) if over else ())
    assert ("slump" in state.active) is not over


@pytest.mark.parametrize(("level", "over"), [(0.7, False), (0.699, True)])
def test_it_takes_the_leaving_level(level: float, over: bool) -> None:
    state, _ = levels(*every(46, 60, level), state=active())
    assert ("slump" in state.active) is not over
    assert over or state.active["slump"] == ActiveDeviation(30.0, 0.7, 60.0)


@pytest.mark.parametrize(("unseen_s", "over"), [(90.0, False), (90.1, True)])
def test_it_ends_when_it_is_not_seen_for_a_gap(unseen_s: float, over: bool) -> None:
    looks = [*((float(t), None) for t in range(46, 46 + int(unseen_s) - 1)), (45.0 + unseen_s, None)]
    state, events = levels(*looks, state=active())
    assert events == ([DeviationEnded(45.0 + unseen_s, 30.0, 45.0, "slump")] if over else [])
    assert ("slump" in state.active) is not over


def test_ending_starts_nothing_and_the_next_one_has_its_own_dwell() -> None:
    state, events = levels(*every(46, 52, 0.1), *every(53, 70, 1.1), state=active())
    assert [type(event) for event in events] == [DeviationEnded, DeviationStarted]
    assert state.active["slump"].since_s == 53.0


def test_two_that_end_with_one_look_both_end() -> None:
    both: dict[Deviation, float | None] = {"slump": 2.0, "head_tilt": 2.0}
    none: dict[Deviation, float | None] = {"slump": 0.0, "head_tilt": 0.0, "too_close": 1.5}
    looks = [Observation(float(t), "sitting", levels=both) for t in range(30, 45)]
    looks += [Observation(float(t), "sitting", levels=none) for t in range(45, 52)]
    state, events = step(sat(), looks)
    assert [event.kind for event in events if isinstance(event, DeviationEnded)] == ["slump", "head_tilt"]
    assert not state.active
    assert set(state.rising) == {"too_close"}
    assert [span.kind for span in state.spans] == ["slump", "head_tilt"]


def test_leaving_ends_it_where_it_fell_or_where_sitting_ended() -> None:
    left = [Observation(50.0, "away"), Observation(52.0, "away")]
    _, events = step(active(), left)
    assert events[1] == DeviationEnded(52.0, 30.0, 50.0, "slump")
    state, _ = levels((46.0, 0.1), (48.0, 0.1), state=active())
    state, events = step(state, left)
    assert events[1] == DeviationEnded(52.0, 30.0, 46.0, "slump")
    assert not state.active


def test_leaving_forgets_what_was_rising() -> None:
    state, _ = levels(*every(30, 38, 2.0))
    state, _ = step(state, [Observation(39.0, "away"), Observation(41.0, "away")])
    assert not state.rising


def test_each_kind_is_judged_whatever_the_others_say() -> None:
    first: dict[Deviation, float | None] = {"too_close": None, "slump": 2.0, "head_tilt": 2.0}
    state, _ = step(sat(), (Observation(float(t), "sitting", levels=first) for t in range(30, 41)))
    assert set(state.active) == {"slump", "head_tilt"}
    then: dict[Deviation, float | None] = {"slump": 2.0, "head_tilt": 0.0, "too_close": 2.0}
    state, _ = step(state, (Observation(float(t), "sitting", levels=then) for t in range(41, 52)))
    assert set(state.active) == {"slump", "too_close"}
    assert state.active["slump"].seen_s == 51.0


def test_what_goes_on_is_taken_when_another_ends() -> None:
    both: dict[Deviation, float | None] = {"slump": 2.0, "head_tilt": 2.0}
    state, _ = step(sat(), (Observation(float(t), "sitting", levels=both) for t in range(30, 41)))
    tilt_over: dict[Deviation, float | None] = {"slump": 1.5, "head_tilt": 0.0}
    state, events = step(state, (Observation(t_s, "sitting", levels=tilt_over) for t_s in (41.0, 46.0)))
    assert events == [DeviationEnded(46.0, 30.0, 41.0, "head_tilt")]
    assert state.active == {"slump": ActiveDeviation(30.0, 1.5, 46.0)}


def test_away_nothing_is_judged() -> None:
    """Not while sitting is only a candidate either, nor in a single look at an empty chair."""
    state, _ = step(sat(), (Observation(float(t), "standing", levels={"slump": 2.0}) for t in range(21, 60)))
    assert not state.rising
    state, _ = step(state, [Observation(60.0, "sitting", levels={"slump": 2.0})])
    assert not state.rising
    state, _ = step(sat(), [Observation(21.0, "away", levels={"slump": 2.0}, posture=(1.0,))])
    assert not state.rising
    assert not state.posture


# -- shares and balance ------------------------------------------------------------------------------------------------


def test_a_share_counts_what_has_ended_and_what_goes_on() -> None:
    state, _ = levels(*every(46, 60, 0.0), *every(61, 100, 1.5), state=active())
    assert state.spans == (Span("slump", 30.0, 46.0),)
    assert state.active["slump"].since_s == 61.0
    assert state.active_share("slump", 100.0) == pytest.approx((16 + 39) / 100)
    assert state.active_share("slump", 60.0) == pytest.approx((6 + 39) / 60)  # from 40 on
    assert state.active_share("slump", 50.0) == pytest.approx(39 / 50)  # from 50 on: what ended at 46 is no part of it
    assert state.active_share("slump", 39.0) == 1.0
    assert state.active_share("slump", 20.0) == 1.0
    assert state.active_share("head_tilt", 100.0) == 0.0


def test_a_share_is_never_more_than_all() -> None:
    spans = (Span("slump", 0.0, 60.0), Span("slump", 30.0, 90.0))
    assert TimelineState(t_s=100.0, spans=spans).active_share("slump", 100.0) == 1.0


def test_what_ended_a_quarter_of_an_hour_ago_is_forgotten() -> None:
    assert HORIZON_S == 900.0
    state = replace(sat(), spans=(Span("slump", 0.0, 100.0), Span("slump", 0.0, 100.1)), t_s=980.0)
    looks = [*every(980, 994, 2.0), *every(995, 1000, 0.0)]
    state, _ = levels(*((t_s, level) for t_s, level in looks), state=state, kind="head_tilt")
    assert [span.until_s for span in state.spans] == [100.1, 995.0]


@pytest.mark.parametrize(("kind", "sign"), [("lean_left", 1.0), ("lean_right", -1.0)])
def test_the_balance_of_leaning(kind: Deviation, sign: float) -> None:
    other: Deviation = "lean_right" if kind == "lean_left" else "lean_left"
    assert levels(*every(30, 60, 1.5))[0].lean_balance is None
    state, _ = levels(*every(30, 60, 1.5), kind=kind)
    assert state.lean_balance == sign
    state, _ = levels(*every(61, 70, 0.0), state=state, kind=kind)  # it was leaned for 31 s
    assert (state.lean_left_s, state.lean_right_s) == ((31.0, 0.0) if sign > 0 else (0.0, 31.0))
    state, _ = levels(*every(71, 91, 2.0), state=state, kind=other)
    assert state.lean_balance == pytest.approx(sign * (31 - 20) / 51)
    state, _ = levels(*every(92, 100, 0.0), state=state, kind=other)
    assert state.lean_balance == pytest.approx(sign * (31 - 21) / 52)
    state, _ = levels(*every(101, 131, 2.0), *every(132, 140, 0.0), state=state, kind=kind)
    assert state.lean_balance == pytest.approx(sign * (62 - 21) / 83)


# -- postural shifts ---------------------------------------------------------------------------------------------------


def postures(
    *looks: tuple[float, tuple[float, ...]], state: TimelineState | None = None
) -> tuple[TimelineState, list[Event]]:
    seen = (Observation(t_s, "sitting", posture=posture) for t_s, posture in looks)
    return step(sat() if state is None else state, seen)


HERE, NEAR, THERE = (0.0, 0.0), (1.0, -1.0), (0.0, 1.01)


@pytest.mark.parametrize(("kept_s", "shifted"), [(4.9, False), (5.0, True)])
def test_a_posture_that_is_kept_is_a_shift(kept_s: float, shifted: bool) -> None:
    state, events = postures((21.0, HERE), (30.0, THERE), (30.0 + kept_s, THERE))
    assert events == ([PosturalShift(35.0, 30.0)] if shifted else [])
    assert state.posture == (THERE if shifted else HERE)
    assert state.posture_next == (() if shifted else THERE)
    assert state.shift_s == (30.0 if shifted else 0.0)


def test_a_small_change_is_none() -> None:
    state, events = postures((21.0, HERE), (30.0, NEAR), (40.0, NEAR))
    assert not events
    assert (state.posture, state.posture_next) == (HERE, ())


def test_coming_back_or_going_elsewhere_starts_it_again() -> None:
    elsewhere = (5.0, 5.0)
    _, events = postures((21.0, HERE), (30.0, THERE), (33.0, HERE), (34.0, THERE), (37.0, THERE))
    assert not events
    state, events = postures((21.0, HERE), (30.0, THERE), (33.0, elsewhere), (37.9, elsewhere))
    assert not events
    assert state.posture_next_since_s == 33.0
    _, events = postures((38.0, elsewhere), state=state)
    assert events == [PosturalShift(38.0, 33.0)]


def test_a_posture_drifts_within_what_is_near_the_new_one() -> None:
    _, events = postures((21.0, HERE), (30.0, (2.0, 0.0)), (33.0, (2.9, 0.0)), (35.0, (2.5, 0.5)))
    assert events == [PosturalShift(35.0, 30.0)]


def test_a_posture_that_is_not_known_changes_nothing() -> None:
    _, events = postures((21.0, HERE), (30.0, THERE), (32.0, ()), (35.0, THERE))
    assert events == [PosturalShift(35.0, 30.0)]


def test_postures_of_other_measures_are_other_postures() -> None:
    _, events = postures((21.0, HERE), (30.0, (0.0,)), (35.0, (0.0,)))
    assert len(events) == 1


def test_coming_back_to_the_chair_begins_a_new_posture() -> None:
    state, _ = postures((21.0, HERE))
    back: list[tuple[float, Presence]] = [(30.0, "away"), (32.0, "away"), (40.0, "sitting"), (42.0, "sitting")]
    state, _ = step(state, (Observation(t_s, presence) for t_s, presence in back))
    assert (state.posture, state.posture_next, state.shift_s) == ((), (), 40.0)
    _, events = postures((43.0, THERE), (50.0, THERE), state=state)
    assert not events


def test_a_posture_that_had_begun_is_forgotten_with_the_chair() -> None:
    state, _ = postures((21.0, HERE), (30.0, THERE))
    state, _ = step(state, [Observation(31.0, "away"), Observation(33.0, "away")])
    assert state.posture_next == ()


# -- the end -----------------------------------------------------------------------------------------------------------


def test_finish_ends_what_is_open_at_the_last_look() -> None:
    state, events = finish(active())
    assert events == [
        DeviationEnded(45.0, 30.0, 45.0, "slump"),
        BoutEnded(45.0, 0.0, 45.0, 45.0, "end", longest_run_s=45.0),
    ]
    assert (state.bout, state.active, state.rising) == (None, {}, {})


def test_finish_ends_a_bout_where_the_chair_was_left() -> None:
    state, _ = spells(("sitting", 100), ("away", 30))
    assert finish(state)[1] == [BoutEnded(129.0, 0.0, 100.0, 100.0, "end", longest_run_s=100.0)]


def test_finish_of_nothing() -> None:
    assert finish(TimelineState()) == (TimelineState(), [])
    assert finish(spells(("standing", 10))[0])[1] == []


# -- other settings ----------------------------------------------------------------------------------------------------

FIELDS = ("presence_dwell_s", "deviation_dwell_s", "deviation_release_s", "gap_s", "break_after_s", "shift_hold_s")


@settings(max_examples=60)
@given(st.sampled_from(FIELDS), st.floats(1.1, 3.0), st.floats(0.05, 0.95))
def test_each_limit_is_the_setting_of_its_name(field: str, factor: float, part: float) -> None:
    """With one setting longer by `factor`, what lasts between the old and the new limit no longer counts."""
    old_s = getattr(SETTINGS, field)
    longer = replace(SETTINGS, **{field: old_s * factor})
    assert noticed(field, old_s * (1 + part * (factor - 1)), SETTINGS)
    assert not noticed(field, old_s * (1 + part * (factor - 1)), longer)
    assert noticed(field, old_s * factor * 1.001, longer)


def noticed(field: str, length_s: float, limits: TimelineSettings) -> bool:
    """Whether what that setting limits is noticed when it lasts for `length_s`."""
    state, looks = sat(), list[Observation]()
    match field:
        case "presence_dwell_s":
            looks = [Observation(30.0, "away"), Observation(30.0 + length_s, "away")]
            wanted: type = PresenceChanged
        case "deviation_dwell_s":
            high: dict[Deviation, float | None] = {"slump": 2.0}
            looks = [
                Observation(30.0 + part * length_s, "sitting", levels=high) for part in (0.0, 0.25, 0.5, 0.75, 1.0)
            ]
            wanted = DeviationStarted
        case "deviation_release_s":
            low: dict[Deviation, float | None] = {"slump": 0.0}
            state = active()
            looks = [Observation(46.0 + part * length_s, "sitting", levels=low) for part in (0.0, 0.5, 1.0)]
            wanted = DeviationEnded
        case "gap_s":
            looks = [Observation(20.0 + length_s, "sitting")]
            wanted = PresenceChanged
        case "break_after_s":
            looks = [Observation(30.0 + length_s * part / 20, "away") for part in range(21)]
            wanted = BoutEnded
        case _:
            looks = [Observation(21.0, "sitting", posture=HERE)]
            looks += [Observation(30.0 + part * length_s, "sitting", posture=THERE) for part in (0.0, 0.5, 1.0)]
            wanted = PosturalShift
    return any(isinstance(event, wanted) for event in step(state, looks, limits)[1])
