"""The clock of a guided hold: it runs inside the band, for the side that is seen, and at no other time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.checks import CheckedLook
from posture.coach.exercises import Exercise, Side, find_exercise, library
from posture.coach.hold import (
    BRIDGE_S,
    Entered,
    Event,
    Finished,
    HoldDone,
    HoldPlan,
    HoldState,
    Left,
    Paused,
    Resumed,
    SideDone,
    advance,
    band_for,
    hint,
    plan_for,
    timed_look,
)

STEP_S = 0.125
BOTH: tuple[Side, Side] = ("left", "right")
PLAN = HoldPlan({"left": 60.0, "right": 60.0}, {"left": (15.0, 35.0), "right": (15.0, 35.0)}, hold_s=20.0)
Part = tuple[float, Side | None, float | None]  # seconds, side, degrees; None: not seen


def live(parts: Sequence[Part], plan: HoldPlan = PLAN, *, ready: bool = True) -> tuple[HoldState, list[Event]]:
    state, events, t_s = HoldState(), [], 0.0
    for seconds, side, deg in parts:
        for _ in range(round(seconds / STEP_S)):
            seen = deg is not None
            look = CheckedLook(
                t_s, seen, side=side if seen else None, value=deg, ready=ready, says="" if seen else "Gone."
            )
            state, now = advance(state, look, plan)
            events += now
            t_s += STEP_S
    return state, events


def test_time_in_the_band_is_the_sides_own() -> None:
    state, events = live([(5, "left", 2), (20, "left", 22), (5, "left", 2), (10, "right", 22), (5, "right", 2)])
    assert state.held_s["left"] == pytest.approx(20, abs=0.2)
    assert state.held_s["right"] == pytest.approx(10, abs=0.2)
    assert [type(one) for one in events] == [Entered, Left, Entered, Left]


def test_too_shallow_and_too_deep_count_nothing() -> None:
    state, _ = live([(20, "left", 9), (20, "left", 44)])
    assert state.held_s == {}


def test_without_the_arm_up_nothing_counts() -> None:
    assert live([(20, "left", 22)], ready=False)[0].held_s == {}


def test_leaving_the_band_stops_the_clock_and_coming_back_starts_it() -> None:
    state, events = live([(10, "left", 22), (6, "left", 9), (12, "left", 22)])
    assert state.held_s["left"] == pytest.approx(22, abs=0.3)
    assert state.longest_s["left"] == pytest.approx(12, abs=0.2)
    (left,) = [one for one in events if isinstance(one, Left)]
    assert left.says == "A little further, only as far as is comfortable."


def test_a_tremor_at_the_edge_is_one_hold() -> None:
    _, events = live([(1, "left", 16), (1, "left", 14), (1, "left", 16), (1, "left", 14)])
    assert [type(one) for one in events] == [Entered]


def test_leaving_the_picture_pauses_and_coming_back_resumes() -> None:
    state, events = live([(10, "left", 22), (8, None, None), (5, "left", 2)])
    assert [type(one) for one in events] == [Entered, Left, Paused, Resumed]
    assert state.held_s["left"] == pytest.approx(10, abs=0.2)


def test_a_single_look_that_finds_nobody_is_bridged() -> None:
    state, events = live([(5, "left", 22), (BRIDGE_S - 2 * STEP_S, None, None), (5, "left", 22)])
    assert [type(one) for one in events] == [Entered]
    assert state.held_s["left"] == pytest.approx(10.2, abs=0.3)


def test_only_the_side_that_was_asked_for_when_there_is_one() -> None:
    plan = HoldPlan({"left": 10.0}, {"left": (15.0, 35.0)}, hold_s=10.0)
    state, _ = live([(20, "right", 22)], plan)
    assert state.held_s == {}
    assert (
        hint(state, CheckedLook(1.0, True, side="right", value=22.0), plan)
        == "That is the other side: today it is the left one."
    )


def test_it_ends_when_both_sides_have_their_time() -> None:
    plan = HoldPlan({"left": 20.0, "right": 20.0}, PLAN.bands, hold_s=20.0)
    state, events = live([(21, "left", 22), (30, "right", 22)], plan)
    assert state.finished
    assert [type(one) for one in events if not isinstance(one, Entered | Left)] == [
        HoldDone,
        SideDone,
        HoldDone,
        SideDone,
        Finished,
    ]
    assert state.held_s["right"] < 21


def test_the_next_side_is_asked_for_after_a_hold() -> None:
    state, _ = live([(16, "left", 22), (1, "left", 2)])
    assert state.asked == "right"
    assert live([(10, "left", 22), (1, "left", 2)])[0].asked == "left"


def test_swings_are_counted() -> None:
    plan = plan_for(find_exercise("hip_rot"), BOTH, 60.0, seen=True)
    assert plan.counts == "reps"
    state, _ = live([(0.5, "left", 30), (0.5, "left", 5)] * 3 + [(0.2, "left", 30), (0.5, "left", 5)], plan)
    assert state.done == {"left": 3.0}


@pytest.mark.parametrize(("own", "low"), [(None, 15.0), (60.0, 15.0), (20.0, 12.0), (5.0, 8.0)])
def test_the_band_begins_at_the_users_own_and_never_asks_for_more(own: float | None, low: float) -> None:
    assert band_for((15.0, 35.0), own) == (low, 35.0)


def test_the_leaned_side_gets_one_hold_more() -> None:
    exercise = find_exercise("ql_stand")
    plan = plan_for(exercise, BOTH, 120.0, seen=True, extra="left")
    assert plan.target["left"] - plan.target["right"] == plan.hold_s
    assert next(iter(plan.target)) == "left"


@pytest.mark.parametrize("exercise", library(), ids=lambda one: one.id)
def test_every_exercise_can_be_timed_to_its_end(exercise: Exercise) -> None:
    plan = plan_for(exercise, BOTH, 60.0, seen=False)
    state, t_s = HoldState(), 0.0
    while not state.finished and t_s < 200:
        state, _ = advance(state, timed_look(state, t_s, plan), plan)
        t_s += 0.2
    assert state.finished
    assert sum(state.held_s.values()) == pytest.approx(60, abs=2)


LOOKS = st.lists(
    st.tuples(
        st.floats(0.01, 3.0),
        st.booleans(),
        st.sampled_from(("left", "right", None)),
        st.one_of(st.none(), st.floats(0, 90)),
        st.booleans(),
    ),
    max_size=60,
)


@given(LOOKS)
def test_whatever_is_seen_no_more_is_credited_than_was_inside(
    looks: list[tuple[float, bool, Literal["left", "right"] | None, float | None, bool]],
) -> None:
    state, t_s, could_s = HoldState(), 0.0, {"left": 0.0, "right": 0.0}
    for step_s, seen, side, deg, ready in looks:
        t_s += step_s
        before = sum(state.held_s.values())
        state, events = advance(state, CheckedLook(t_s, seen, side=side, value=deg, ready=ready), PLAN)
        gained = sum(state.held_s.values()) - before
        assert gained >= 0
        if gained > 0:
            assert seen
            assert ready
            assert deg is not None
            assert 13 <= deg <= 37
            assert side == state.inside
        if side is not None:
            could_s[side] += gained
        assert len(events) <= 5
    assert {side: s for side, s in could_s.items() if s} == pytest.approx(dict(state.held_s))
    assert sum(state.held_s.values()) <= t_s
