"""The clock of a guided hold: it runs inside the band, for the side that is seen, and at no other time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.checks import CheckedLook
from posture.coach.exercise import Exercise, Side
from posture.coach.exercises import find_exercise, library
from posture.coach.hold import (
    BRIDGE_S,
    CUE_AFTER_S,
    CUE_AGAIN_S,
    CUE_APART_S,
    LOWEST_DEG,
    OWN_PART,
    PAUSE_AFTER_S,
    REP_S,
    SLACK_DEG,
    USUAL_S,
    Cue,
    Entered,
    Event,
    Finished,
    HoldDone,
    HoldPlan,
    HoldState,
    Left,
    Paused,
    RepDone,
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
    assert [type(event) for event in events if not isinstance(event, Cue)] == [Entered, Left, Entered, Left]


def test_too_shallow_and_too_deep_count_nothing() -> None:
    state, _ = live([(20, "left", 9), (20, "left", 44)])
    assert state.held_s == {}


def test_without_the_arm_up_nothing_counts() -> None:
    assert live([(20, "left", 22)], ready=False)[0].held_s == {}


def test_leaving_the_band_stops_the_clock_and_coming_back_starts_it() -> None:
    state, events = live([(10, "left", 22), (6, "left", 9), (12, "left", 22)])
    assert state.held_s["left"] == pytest.approx(22, abs=0.3)
    assert state.longest_s["left"] == pytest.approx(12, abs=0.2)
    (cue,) = [event for event in events if isinstance(event, Cue)]
    assert cue.says == "A little further, only as far as is comfortable."


def test_a_tremor_at_the_edge_is_one_hold() -> None:
    _, events = live([(1, "left", 16), (1, "left", 14), (1, "left", 16), (1, "left", 14)])
    assert [type(event) for event in events] == [Entered]


def test_leaving_the_picture_pauses_and_coming_back_resumes() -> None:
    state, events = live([(10, "left", 22), (8, None, None), (5, "left", 2)])
    assert [type(event) for event in events if not isinstance(event, Cue)] == [Entered, Left, Paused, Resumed]
    assert state.held_s["left"] == pytest.approx(10, abs=0.2)


def test_a_single_look_that_finds_nobody_is_bridged() -> None:
    state, events = live([(5, "left", 22), (BRIDGE_S - 2 * STEP_S, None, None), (5, "left", 22)])
    assert [type(event) for event in events] == [Entered]
    assert state.held_s["left"] == pytest.approx(10.6, abs=0.3)


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
    assert [type(event) for event in events if not isinstance(event, Entered | Left | Cue)] == [
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


def test_turns_are_counted() -> None:
    plan = plan_for(find_exercise("thor_rot"), BOTH, seen=True)
    assert plan.form == "reps"
    state, events = live([(0.5, "left", 0.8), (0.5, "left", 1.0)] * 3 + [(0.2, "left", 0.8), (0.5, "left", 1.0)], plan)
    assert state.done == {"left": 3.0}
    assert [event.number for event in events if isinstance(event, RepDone)] == [1, 2, 3]


def test_a_swing_is_out_and_in() -> None:
    plan = plan_for(find_exercise("hip_rot"), BOTH, seen=True)
    out, back, way_in = swing("out"), [look(0.0, deg=5.0)] * 4, swing("in")
    for looks, count in (
        ([*out, *back] * 3, 0),
        ([*out, *back, *way_in, *back] * 3, 3),
        ([*way_in, *out] * 2, 2),
        ([*out, *back, *out, *way_in], 1),
    ):
        state, _ = follow(*(replace(each, t_s=0.125 * n) for n, each in enumerate(looks)), plan=plan)
        assert state.done.get("left", 0.0) == count


def swing(way: str) -> list[CheckedLook]:
    return [CheckedLook(0.0, True, side="left", value=30.0, way=way)] * 5


@pytest.mark.parametrize(("own", "low"), [(None, 15.0), (60.0, 15.0), (20.0, 12.0), (5.0, 8.0)])
def test_the_band_begins_at_the_users_own_and_never_asks_for_more(own: float | None, low: float) -> None:
    assert band_for((15.0, 35.0), own) == (low, 35.0)


def test_the_leaned_side_gets_one_hold_more() -> None:
    exercise = find_exercise("ql_stand")
    plan = plan_for(exercise, BOTH, 120.0, seen=True, extra="left")
    assert plan.target["left"] - plan.target["right"] == plan.hold_s
    assert next(iter(plan.target)) == "left"


@pytest.mark.parametrize("exercise", library(), ids=lambda exercise: exercise.id)
def test_every_exercise_can_be_timed_to_its_end(exercise: Exercise) -> None:
    plan = plan_for(exercise, BOTH, seen=False)
    state, t_s = HoldState(), 0.0
    while not state.finished and t_s < 600:
        state, _ = advance(state, timed_look(state, t_s, plan), plan)
        t_s += 0.2
    assert state.finished
    assert state.done == pytest.approx(dict(plan.target), abs=0.3)


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
        assert len(events) <= 6
    assert {side: s for side, s in could_s.items() if s} == pytest.approx(dict(state.held_s))
    assert sum(state.held_s.values()) <= t_s


# -- every limit -------------------------------------------------------------------------------------------------------


def look(
    t_s: float, side: Side | None = "left", deg: float | None = 22.0, *, ready: bool = True, says: str = ""
) -> CheckedLook:
    return CheckedLook(t_s, True, side=side, value=deg, ready=ready, says=says)


def gone(t_s: float, settle_s: float = 0.0) -> CheckedLook:
    return CheckedLook(t_s, False, settle_s, says="Gone.")


def follow(*looks: CheckedLook, plan: HoldPlan = PLAN, state: HoldState | None = None) -> tuple[HoldState, list[Event]]:
    state, events = state or HoldState(), []
    for each in looks:
        state, new = advance(state, each, plan)
        events += new
    return state, events


def held(seconds: float, plan: HoldPlan = PLAN, side: Side = "left") -> HoldState:
    """In the band from 0 on for so long, a look each half second."""
    return follow(*(look(0.5 * number, side) for number in range(int(2 * seconds) + 1)), plan=plan)[0]


def test_the_numbers_are_those_of_the_evidence() -> None:
    assert (BRIDGE_S, PAUSE_AFTER_S, SLACK_DEG, REP_S) == (1.0, 1.0, 2.0, 0.3)
    assert (OWN_PART, LOWEST_DEG, USUAL_S) == (0.6, 8.0, 60.0)
    assert (CUE_AFTER_S, CUE_AGAIN_S, CUE_APART_S) == (1.0, 5.0, 20.0)
    assert HoldPlan({}) == HoldPlan({}, {}, "hold", 20.0, 15.0, 2.0, (), 0.0, 0, False, ())
    assert HoldState() == HoldState(None, None, 0.0, {}, {}, {}, {}, None, None, False, False, "", "", None, {})


def test_two_looks_belong_together_as_far_apart_as_a_bridge() -> None:
    state, events = follow(look(0.0), look(1.0))
    assert state.held_s == {"left": 1.0}
    assert events == [Entered(0.0, "left")]
    state, events = follow(look(0.0), look(1.01))
    assert state.held_s == {}
    assert events == [Entered(0.0, "left"), Left(1.01, "left", 0.0), Entered(1.01, "left")]
    assert (state.hold_s, state.last_s) == (0.0, 1.01)


def test_a_side_that_was_never_held_is_not_done() -> None:
    plan = HoldPlan({"left": 1.0, "right": 1.0}, PLAN.bands, "reps")
    state, _ = follow(look(0.0), look(0.4), plan=plan)
    assert (state.done, state.asked, state.finished) == ({"left": 1.0}, "right", False)
    plan = HoldPlan({"left": 0.4, "right": 0.4}, PLAN.bands)
    state, _ = follow(look(0.0), look(0.4), plan=plan)
    assert (state.asked, state.finished) == ("right", False)


def test_after_leaving_a_hold_has_no_length() -> None:
    state, _ = follow(look(0.0), look(0.5), look(0.6, deg=2.0))
    assert (state.inside, state.hold_s) == (None, 0.0)
    assert follow(look(0.8), look(1.0), state=state)[0].hold_s == pytest.approx(0.2)


def test_what_a_hold_remembers() -> None:
    state, _ = follow(look(0.0), look(0.5), look(0.9))
    assert state == HoldState(
        asked="left",
        inside="left",
        hold_s=pytest.approx(0.9),
        held_s={"left": pytest.approx(0.9)},
        longest_s={"left": pytest.approx(0.9)},
        done={"left": pytest.approx(0.9)},
        ended_s={"left": 0.9},
        last_s=0.9,
        seen_s=0.9,
    )
    state, events = follow(look(1.4, deg=5.0), look(2.0), look(2.2), state=state)
    assert events[0] == Left(1.4, "left", pytest.approx(0.9))
    assert (state.held_s, state.longest_s) == ({"left": pytest.approx(1.1)}, {"left": pytest.approx(0.9)})
    state, _ = follow(look(2.4, "right"), look(2.6, "right"), state=state)
    assert state.held_s == {"left": pytest.approx(1.1), "right": pytest.approx(0.2)}
    assert state.ended_s == {"left": 2.2, "right": 2.6}


def test_changing_sides_is_leaving_one_and_entering_the_other() -> None:
    _, events = follow(look(0.0), look(0.5, "right"))
    assert events == [Entered(0.0, "left"), Left(0.5, "left", 0.0), Entered(0.5, "right")]


@pytest.mark.parametrize(
    ("deg", "enters", "stays"),
    [
        (12.9, False, False),
        (13.0, False, True),
        (14.9, False, True),
        (15.0, True, True),
        (35.0, True, True),
        (35.1, False, True),
        (37.0, False, True),
        (37.1, False, False),
    ],
)
def test_the_band_and_its_slack(deg: float, enters: bool, stays: bool) -> None:
    assert (follow(look(0.0, deg=deg))[0].inside == "left") is enters
    state, _ = follow(look(0.5, deg=deg), state=follow(look(0.0))[0])
    assert (state.inside == "left") is stays
    state, _ = follow(look(0.5, deg=deg), state=follow(look(0.0, "right"))[0])
    assert (state.inside == "left") is enters  # slack is for the side that is held


def test_a_look_that_finds_nobody_is_bridged_and_one_outside_the_band_is_not() -> None:
    begun = follow(look(0.0))[0]
    state, events = follow(gone(1.0), state=begun)
    assert (state.inside, events) == ("left", [])
    assert [type(event) for event in follow(gone(1.01), state=begun)[1]] == [Left, Paused]
    assert [type(event) for event in follow(look(0.3, deg=5.0), state=begun)[1]] == [Left]


def test_an_arm_that_is_lost_for_a_second_is_bridged_and_its_time_counts_only_when_it_is_back() -> None:
    begun = follow(look(0.0))[0]
    lost = [look(0.25 * n, ready=False, says="Arm!") for n in range(1, 4)]
    state, events = follow(*lost, state=begun)
    assert (state.inside, state.held_s, events) == ("left", {}, [])
    assert follow(look(1.0), state=state)[0].held_s == {"left": 1.0}
    state, events = follow(look(1.01, ready=False, says="Arm!"), state=state)
    assert (state.inside, events) == (None, [Left(1.01, "left", 0.0)])
    assert [type(event) for event in follow(look(0.3, deg=5.0, ready=False), state=begun)[1]] == [Left]
    assert [type(event) for event in follow(look(0.3, "right", ready=False), state=begun)[1]] == [Left]


def test_out_of_the_picture_is_a_pause_after_a_second() -> None:
    begun = follow(look(0.0, deg=5.0))[0]
    assert follow(gone(1.0), state=begun)[1] == []
    state, events = follow(gone(1.01), gone(2.0), state=begun)
    assert events == [Paused(1.01, "Gone.")]
    assert state.paused
    assert follow(*(gone(2.0 + n) for n in range(1, 10)), state=state)[1] == []  # the pause has said it
    state, events = follow(look(3.0, deg=5.0), look(3.5, deg=5.0), state=state)
    assert events == [Resumed(3.0)]
    assert (state.paused, state.seen_s) == (False, 3.5)
    assert follow(gone(0.0))[1] == [Paused(0.0, "Gone.")]
    assert follow(gone(0.0, settle_s=0.1))[1] == []  # it has not begun


def test_nothing_counts_before_it_has_begun_or_unless_ready() -> None:
    assert follow(CheckedLook(0.0, True, 0.1, "left", 22.0))[0].inside is None
    assert follow(look(0.0, ready=False))[0].inside is None
    assert follow(look(0.0, None))[0].inside is None
    assert follow(look(0.0, deg=None))[0].inside is None
    assert follow(look(0.0, "right"), plan=HoldPlan({"left": 9.0}, PLAN.bands))[0].inside is None


def test_a_hold_and_a_side_are_done_once() -> None:
    plan = HoldPlan({"left": 6.0, "right": 4.0}, PLAN.bands, hold_s=3.0, change_at=2.0)
    state, events = follow(*(look(0.5 * number) for number in range(15)), plan=plan)
    assert events == [Entered(0.0, "left"), HoldDone(3.0, "left", 3.0), SideDone(6.0, "left")]
    assert (state.finished, state.asked) == (False, "right")
    looks = [look(7.5 + 0.5 * number, "right") for number in range(12)]
    state, events = follow(*looks, plan=plan, state=state)
    assert [event for event in events if not isinstance(event, Entered | Left | Cue)] == [
        HoldDone(10.5, "right", 3.0),
        SideDone(11.5, "right"),
        Finished(11.5),
    ]
    assert (state.finished, state.asked) == (True, None)
    assert advance(state, look(20.0), plan) == (state, [])


def test_repetitions_are_counted_when_they_stay() -> None:
    plan = HoldPlan({"left": 2.0}, {"left": (20.0, 40.0)}, "reps")
    state, events = follow(look(0.0), look(0.25), plan=plan)
    assert (state.done, state.held_s) == ({"left": 0.0}, {"left": 0.25})
    state, events = follow(look(0.31), look(0.6), look(0.9, deg=5.0), plan=plan, state=state)
    assert events == [RepDone(0.31, "left", 1), Left(0.9, "left", pytest.approx(0.6))]
    assert state.done == {"left": 1.0}
    state, events = follow(look(1.2), look(1.5), plan=plan, state=state)
    assert events == [
        Entered(1.2, "left"),
        RepDone(1.5, "left", 2),
        SideDone(1.5, "left"),
        Finished(1.5),
    ]
    held = HoldPlan({"left": 2.0}, {"left": (20.0, 40.0)}, "reps", rep_hold_s=3.0)
    assert follow(*(look(0.5 * n) for n in range(6)), plan=held)[0].done == {"left": 0.0}
    assert follow(*(look(0.5 * n) for n in range(12)), plan=held)[0].done == {"left": 1.0}


# -- whose turn it is --------------------------------------------------------------------------------------------------


def asked(done: dict[Literal["left", "right", "both"], float], plan: HoldPlan = PLAN, **known: object) -> str | None:
    """The side that is asked for at a look outside the bands."""
    state = HoldState(done=done, **known)  # type: ignore[arg-type]
    return advance(state, look(50.0, None, None), plan)[0].asked


def test_the_side_with_fewer_complete_holds_is_asked_for() -> None:
    assert asked({}) == "left"
    assert asked({"left": 14.9}) == "left"
    assert asked({"left": 14.99}) == "right"  # a hundredth is forgiven
    assert asked({"left": 15.0, "right": 14.0}) == "right"
    assert asked({"left": 15.0, "right": 15.0}) == "left"
    assert asked({"left": 59.9, "right": 60.0}) == "left"
    assert asked({"left": 60.0, "right": 10.0}) == "right"
    assert asked({"left": 60.0, "right": 60.0}) is None
    short = HoldPlan({"left": 5.0, "right": 5.0}, change_at=0.2)
    assert asked({"left": 0.5}, short) == "left"
    assert asked({"left": 1.0}, short) == "right"
    sets = HoldPlan({"left": 9.0, "right": 9.0}, form="reps", change_at=5.0)
    assert asked({"left": 4.0}, sets, inside="right") == "left"
    assert asked({"left": 5.0}, sets, inside="left") == "right"


def test_the_side_being_done_is_asked_for_until_its_hold_is_complete() -> None:
    assert held(18.0).asked == "left"
    assert held(20.0).asked == "right"
    only = HoldPlan({"left": 10.0, "right": 60.0}, PLAN.bands)
    assert held(9.5, only).asked == "left"
    assert held(10.0, only).asked == "right"


# -- what to change ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "says"),
    [
        (CheckedLook(0.0, True, 2.0, says="Stay upright."), "Stay upright."),
        (CheckedLook(0.0, True, 0.5, says="Stay upright."), "Stay upright."),
        (gone(0.0), "Gone."),
        (look(0.0), ""),
        (look(0.0, deg=7.4), "Now the left side."),
        (look(0.0, deg=7.5), "A little further, only as far as is comfortable."),
        (look(0.0, "right", deg=7.4), "Now the left side."),
        (look(0.0, deg=14.9), "A little further, only as far as is comfortable."),
        (look(0.0, deg=35.1), "Ease off a little."),
        (look(0.0, ready=False, says="Arm!"), "Arm!"),
        (look(0.0, deg=2.0, ready=False, says="Arm!"), "Now the left side."),
        (look(0.0, None, None), "Begin with the left side."),
        (look(0.0, "left", None), "Begin with the left side."),
    ],
)
def test_hints(seen: CheckedLook, says: str) -> None:
    assert hint(HoldState(), seen, PLAN) == says


@pytest.mark.parametrize("name", ["ql_stand", "ql_seat"])
def test_a_bend_is_asked_for_by_what_to_do(name: str) -> None:
    """A side of somebody who bends is two things: the one bent to, and the one that lengthens."""
    plan = plan_for(find_exercise(name), BOTH, seen=True)
    assert hint(HoldState(), look(0.0, None, None), plan) == "Left arm up, bend to the right."
    assert hint(HoldState(asked="right"), look(0.0, deg=2.0), plan) == "Right arm up, bend to the left."
    alone = plan_for(find_exercise(name), ("left",), seen=True)
    assert (
        hint(HoldState(), look(0.0, "right", 22.0), alone) == "That is the other way: left arm up, bend to the right."
    )


def test_other_sides_are_asked_for_by_what_to_do() -> None:
    for name, says in (("hip_rot", "Swing the left foot."), ("piri_seat", "Lay the left ankle on the right knee.")):
        plan = plan_for(find_exercise(name), BOTH, seen=True)
        assert hint(HoldState(), look(0.0, None, None), plan) == says
    assert plan_for(find_exercise("ql_stand"), BOTH, seen=False).asks == ""


def test_hints_of_the_side_that_is_asked_for() -> None:
    assert hint(HoldState(asked="right"), look(0.0, deg=2.0), PLAN) == "Now the right side."
    assert hint(HoldState(asked="right"), look(0.0, None, None), PLAN) == "Begin with the right side."
    left = HoldPlan({"left": 9.0}, {"left": (15.0, 35.0)})
    assert hint(HoldState(), look(0.0, "right", 22.0), left) == "That is the other side: today it is the left one."
    assert hint(HoldState(), look(0.0, "right", 2.0), left) == "Now the left side."
    right = HoldPlan({"right": 9.0}, {"right": (15.0, 35.0)})
    assert hint(HoldState(), look(0.0, "left", 22.0), right) == "That is the other side: today it is the right one."
    timed = HoldPlan({"left": 9.0})
    assert hint(HoldState(), look(0.0, "right", 22.0), timed) == "Begin with the left side."
    both = HoldPlan({"both": 9.0})
    assert hint(HoldState(), look(0.0, "left", None), both) == "Begin."
    assert hint(HoldState(), look(0.0, None, None), both) == ""


def test_a_look_that_no_camera_checks() -> None:
    both = HoldPlan({"both": 9.0})
    assert timed_look(HoldState(), 3.0, both) == CheckedLook(3.0, True)
    assert timed_look(HoldState(), 3.0, PLAN) == CheckedLook(3.0, True, side="left")
    assert timed_look(HoldState(done={"left": 60.0}), 3.0, PLAN).side == "right"
    assert timed_look(HoldState(done={"left": 60.0, "right": 60.0}), 3.0, PLAN).side is None
    assert follow(look(0.0, None, None), look(0.5, None, None), plan=both)[0].held_s == {"both": 0.5}
    timed = HoldPlan({"left": 9.0})
    assert follow(look(0.0, "right", None), plan=timed)[0].inside is None
    assert follow(look(0.0, "left", None), plan=timed)[0].inside == "left"


# -- plans -------------------------------------------------------------------------------------------------------------

BAND = {"left": (15.0, 35.0), "right": (15.0, 35.0)}


def test_a_plan_of_a_side_bend() -> None:
    exercise = find_exercise("ql_stand")
    whole = HoldPlan({"left": 60.0, "right": 60.0}, BAND, "hold", 30.0, 15.0, asks="{side} arm up, bend to the {other}")
    assert plan_for(exercise, BOTH, 120.0, seen=True) == plan_for(exercise, BOTH, seen=True) == whole
    assert plan_for(exercise, BOTH, 120.0, seen=False) == replace(whole, bands={}, asks="")
    short = HoldPlan({"left": 10.0, "right": 10.0}, BAND, "hold", 10.0, 10.0, asks=whole.asks)
    assert plan_for(exercise, BOTH, 20.0, seen=True) == short
    assert plan_for(exercise, ("right",), 50.0, seen=True, extra="right") == HoldPlan(
        {"right": 80.0}, {"right": (15.0, 35.0)}, "hold", 30.0, 15.0, asks=whole.asks
    )
    assert plan_for(exercise, BOTH, 120.0, seen=True, extra="right").target == {"left": 60.0, "right": 90.0}
    own = plan_for(exercise, BOTH, 120.0, seen=True, own_most={"left": 20.0})
    assert own.bands == {"left": (12.0, 35.0), "right": (15.0, 35.0)}


def test_a_plan_of_swings_and_of_a_turn() -> None:
    swings = plan_for(find_exercise("hip_rot"), BOTH, seen=True, own_most={"left": 20.0}, extra="left")
    assert swings.target == {"left": 9.0, "right": 8.0}
    assert (swings.form, swings.change_at, swings.ways, swings.rep_s) == ("reps", 8.0, ("out", "in"), 0.0)
    assert swings.bands == {"left": (20.0, 40.0), "right": (20.0, 40.0)}
    assert plan_for(find_exercise("hip_rot"), BOTH, seen=False).rep_s == 6.0
    for sides in (BOTH, ("right",)):
        turn = plan_for(find_exercise("thor_rot"), sides, seen=True, own_most={"left": 0.1, "right": 0.1})  # type: ignore[arg-type]
        assert turn.target == {"left": 8.0, "right": 8.0}
        assert turn.bands == {"left": (0.64, 0.87), "right": (0.64, 0.87)}
        assert (turn.slack, turn.change_at, turn.falls, turn.ways) == (0.05, 1.0, True, ())
    assert plan_for(find_exercise("thor_rot"), BOTH, seen=False).target == {"both": 8.0}


@pytest.mark.parametrize(
    ("name", "seconds", "target"),
    [
        ("bridge", None, {"both": 12.0}),
        ("bridge", 7.0 * 14, {"both": 14.0}),
        ("bridge", 1.0, {"both": 1.0}),
        ("bridge", 1800.0, {"both": 15.0}),
        ("bird_dog", 2 * 9.0 * 4, {"left": 4.0, "right": 4.0}),
        ("back_bend", None, {"both": 5.0}),
        ("walk", None, {"both": 120.0}),
        ("walk", 1800.0, {"both": 1800.0}),
        ("dbl_knee", None, {"both": 60.0}),
        ("ql_child", None, {"left": 90.0, "right": 90.0}),
    ],
)
def test_how_long_and_how_often(name: str, seconds: float | None, target: dict[str, float]) -> None:
    assert plan_for(find_exercise(name), BOTH, seconds, seen=False).target == target


def test_sets_of_repetitions() -> None:
    exercise = find_exercise("bridge")
    exercise = replace(exercise, dose=replace(exercise.dose, times=(2, 3)))
    plan = plan_for(exercise, BOTH, seen=False)
    assert (plan.target, plan.set_reps) == ({"both": 24.0}, 12)


@pytest.mark.parametrize("exercise", library(), ids=lambda exercise: exercise.id)
def test_a_plan_is_within_its_dose(exercise: Exercise) -> None:
    for seen in (True, False):
        plan = plan_for(exercise, BOTH, seen=seen)
        assert bool(plan.bands) == (seen and exercise.camera.check is not None)
        assert all(exercise.dose.least <= target <= exercise.dose.most for target in plan.target.values())
        assert plan.form == exercise.dose.form


# -- what is said once -------------------------------------------------------------------------------------------------


def cues(*parts: tuple[float, float, bool]) -> list[str]:
    """Of (seconds, degrees to the left, whether the arm is up)."""
    looks, t_s = [], 0.0
    for seconds, deg, ready in parts:
        for _ in range(round(seconds / STEP_S)):
            looks.append(look(t_s, deg=deg, ready=ready, says="" if ready else "Arm!"))
            t_s += STEP_S
    return [event.says for event in follow(*looks)[1] if isinstance(event, Cue)]


FURTHER = "A little further, only as far as is comfortable."


def test_what_to_change_is_said_once() -> None:
    assert cues((20.0, 22.0, False)) == ["Arm!"]
    assert cues((0.9, 22.0, False)) == []
    flickering = [(1.5, 22.0, False), (1.5, 22.0, True)] * 10
    assert cues(*flickering) == ["Arm!"]


def test_it_is_said_again_when_the_situation_has_changed() -> None:
    assert cues((3.0, 22.0, False), (6.0, 22.0, True), (4.0, 22.0, False)) == ["Arm!", "Arm!"]
    assert cues((3.0, 22.0, False), (18.0, 10.0, True), (3.0, 22.0, False)) == ["Arm!", FURTHER, "Arm!"]


def test_what_alternates_is_not_said_again_and_again() -> None:
    assert cues(*[(1.5, 22.0, False), (1.5, 10.0, True)] * 6) == ["Arm!", FURTHER]


@pytest.mark.parametrize("name", ["hip_rot", "piri_seat"])
def test_at_rest_the_side_that_seems_nearer_flickers_and_one_thing_is_said(name: str) -> None:
    plan = plan_for(find_exercise(name), BOTH, seen=True)
    rest = 1.5 if plan.falls else 0.5
    state, said = HoldState(), []
    for n in range(300):
        side: Side = "left" if n // 15 % 2 else "right"
        other = f"Lay the {side} ankle on the other knee."
        state, events = advance(state, CheckedLook(n * 0.1, True, 0.0, side, rest, True, other), plan)
        said += [event.says for event in events if isinstance(event, Cue)]
    assert len(said) == 1
    assert "left" in said[0]


def test_what_falls_is_further_when_it_is_less() -> None:
    turn = plan_for(find_exercise("thor_rot"), BOTH, seen=True)
    assert [hint(HoldState(), look(0.0, deg=ratio), turn) for ratio in (1.0, 0.9, 0.8, 0.6)] == [
        "Turn to the left.",
        FURTHER,
        "",
        "Ease off a little.",
    ]
    ankle = plan_for(find_exercise("piri_seat"), BOTH, seen=True)
    assert hint(HoldState(), look(0.0, deg=0.9, says="Lay it!"), ankle) == "Lay the left ankle on the right knee."
    assert hint(HoldState(), look(0.0, deg=0.4, says="Lay it!"), ankle) == FURTHER
