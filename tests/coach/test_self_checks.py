"""The attempts of a self-check: where each begins and ends, what counts of it, and what is worth a note."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.selfcheck import (
    ATTEMPTS,
    BEGIN_DEG,
    CHECKS,
    END_DEG,
    HELD_S,
    LONGEST_GAP_S,
    SETTLE_LOOKS,
    STILL_DEG,
    SelfCheckState,
    Tried,
    advance,
    finished,
    note,
)

FRESH = SelfCheckState({}, {}, None, (), 0.0)
BEND = CHECKS["side-bend"]
Looks = list[tuple[float, float]]


def follow(looks: Looks, state: SelfCheckState | None = None, way: str = "left") -> tuple[SelfCheckState, list[Tried]]:
    """Looks of (seconds, degrees) one way."""
    state, found = state or SelfCheckState(), []
    for t_s, deg in looks:
        state, tried = advance(state, BEND, t_s, {way: deg})
        found += tried
    return state, found


def kept(*degrees: float, start_s: float = 0.0) -> Looks:
    """A look each half second."""
    return [(start_s + 0.5 * number, deg) for number, deg in enumerate(degrees)]


def test_the_numbers_are_those_of_the_evidence() -> None:
    assert (ATTEMPTS, STILL_DEG, SETTLE_LOOKS) == (3, 5.0, 16)
    assert (HELD_S, BEGIN_DEG, END_DEG, LONGEST_GAP_S) == (1.0, 10.0, 6.0, 0.6)
    assert {kind: (check.begin_deg, check.end_deg) for kind, check in CHECKS.items()} == {
        "side-bend": (10.0, 6.0),
        "hip-rotation": (10.0, 6.0),
        "hip-extension": (5.0, 3.0),
    }
    assert CHECKS["hip-rotation"].ways == ("left_in", "left_out", "right_in", "right_out")
    assert all(check.kind == kind for kind, check in CHECKS.items())
    assert SelfCheckState() == FRESH


@pytest.mark.parametrize(("deg", "begins"), [(9.9, False), (10.0, True)])
def test_an_attempt_begins(deg: float, begins: bool) -> None:
    state, _ = follow(kept(deg))
    assert (state.way, state.seen) == (("left", ((0.0, 10.0),)) if begins else (None, ()))


@pytest.mark.parametrize(("deg", "goes_on"), [(6.0, True), (5.9, False)])
def test_an_attempt_ends(deg: float, goes_on: bool) -> None:
    state, found = follow(kept(12.0, 12.0, 12.0, deg))
    assert (state.way == "left") is goes_on
    assert found == ([] if goes_on else [Tried(1.5, "left", 12.0, 1)])
    assert goes_on or state == SelfCheckState({"left": 12.0}, {"left": 1}, None, (), 12.0)


def test_what_was_held_for_a_second_counts() -> None:
    assert follow([(0.0, 20.0), (0.5, 20.0), (0.9, 20.0), (1.2, 0.0)])[1] == []
    assert follow([(0.0, 20.0), (0.5, 20.0), (1.0, 20.0), (1.2, 0.0)])[1] == [Tried(1.2, "left", 20.0, 1)]
    # The least of the best second, not the peak and not the mean.
    assert follow(kept(20.0, 30.0, 25.0, 28.0, 12.0, 0.0))[1][0].deg == 25.0
    assert follow(kept(12.0, 20.0, 30.0, 25.0, 0.0))[1][0].deg == 20.0
    assert follow(kept(30.0, 30.0, 30.0, 11.0, 11.0, 11.0, 0.0))[1][0].deg == 30.0


def test_a_look_that_is_missing_starts_the_second_again() -> None:
    whole = [(0.0, 20.0), (0.6, 20.0), (1.0, 20.0), (1.5, 0.0)]
    broken = [(0.0, 20.0), (0.61, 20.0), (1.0, 20.0), (1.5, 0.0)]
    assert len(follow(whole)[1]) == 1
    assert follow(broken)[1] == []
    late = [(0.0, 20.0), (0.3, 20.0), (0.6, 20.0), (1.3, 20.0), (1.5, 0.0)]
    assert follow(late)[1] == []
    longer = [(0.0, 20.0), (0.7, 20.0), (1.2, 20.0), (1.7, 20.0), (2.0, 0.0)]
    assert len(follow(longer)[1]) == 1


def test_what_did_not_reach_the_beginning_for_a_second_is_none() -> None:
    state, found = follow(kept(12.0, 9.9, 12.0, 0.0))
    assert (found, state.way, state.seen, state.tries) == ([], None, (), {})
    assert len(follow(kept(12.0, 10.0, 12.0, 0.0))[1]) == 1


def test_nothing_of_an_attempt_is_left_to_the_next() -> None:
    state, found = follow([*kept(30.0, 30.0, 30.0, 0.0), *kept(15.0, 15.0, 15.0, 0.0, start_s=5.0)])
    assert [(tried.deg, tried.number) for tried in found] == [(30.0, 1), (15.0, 2)]
    assert (state.best, state.tries) == ({"left": 30.0}, {"left": 2})
    assert follow([(8.0, 20.0)], state)[0] == SelfCheckState({"left": 30.0}, {"left": 2}, "left", ((8.0, 20.0),), 0.0)
    state, found = follow(kept(20.0, 20.0, 20.0, 0.0, start_s=10.0), state, way="right")
    assert (state.best, state.tries) == ({"left": 30.0, "right": 20.0}, {"left": 2, "right": 1})
    assert found == [Tried(11.5, "right", 20.0, 1)]


def test_the_way_that_goes_furthest_is_the_one() -> None:
    state, _ = advance(SelfCheckState(), BEND, 0.0, {"left": 12.0, "right": 13.0})
    assert state.way == "right"
    state, _ = advance(state, BEND, 0.5, {"left": 40.0, "right": 13.0})
    assert state.seen == ((0.0, 13.0), (0.5, 13.0))
    state, _ = advance(state, BEND, 0.6, {"left": 40.0})  # that way is not measured: it is over
    assert state.way is None
    assert advance(SelfCheckState(), BEND, 0.0, {}) == (SelfCheckState(), [])


def test_nobody_to_see_changes_nothing() -> None:
    state, _ = follow(kept(20.0, 20.0))
    assert advance(state, BEND, 0.6, None) == (state, [])


@pytest.mark.parametrize(
    ("tries", "done"),
    [
        ({"left": 3, "right": 3}, True),
        ({"left": 4, "right": 3}, True),
        ({"left": 3, "right": 2}, False),
        ({"left": 3}, False),
    ],
)
def test_three_attempts_each_way(tries: dict[str, int], done: bool) -> None:
    assert finished(SelfCheckState(tries=tries), BEND) is done


@given(st.lists(st.tuples(st.floats(0.05, 1.0), st.none() | st.floats(-50.0, 50.0)), max_size=60))
def test_no_attempt_counts_more_than_was_seen(steps: list[tuple[float, float | None]]) -> None:
    state, t_s = SelfCheckState(), 0.0
    most = {"left": 0.0, "right": 0.0}
    for step_s, deg in steps:
        t_s += step_s
        angles = None if deg is None else {"left": deg, "right": -deg}
        state, tried = advance(state, BEND, t_s, angles)
        for way, value in (angles or {}).items():
            most[way] = max(most[way], value)
        assert all(BEGIN_DEG <= attempt.deg <= most[attempt.way] for attempt in tried)
        assert all(state.best[attempt.way] >= attempt.deg for attempt in tried)
    assert set(state.best) == set(state.tries)


EVEN = {"left_in": 40.0, "right_in": 40.0, "left_out": 40.0, "right_out": 40.0}
APART = "differed by more than 10 degrees on two days: watch the trend."


@pytest.mark.parametrize(
    ("results", "sentence"),
    [
        ([], ""),
        ([{"left": 30.0, "right": 24.0}], ""),
        (
            [{"left": 30.0, "right": 23.9}],
            "Left and right differed by 6 degrees: watch how it goes over the weeks.",
        ),
        (
            [{"left": 20.0, "right": 30.0}],
            "Left and right differed by 10 degrees: watch how it goes over the weeks.",
        ),
        ([{"left": 20.0, "right": 30.0}, {"left": 30.0, "right": 30.0}], ""),
        ([{"left": 30.0}], ""),
        ([{"right": 30.0}], ""),
        ([{"left": 0.0, "right": 0.0}], ""),
        ([{"left": 0.0, "right": 0.5}], "Left and right differed by 0 degrees: watch how it goes over the weeks."),
    ],
)
def test_a_note_on_side_bends(results: list[Mapping[str, float]], sentence: str) -> None:
    assert note("side-bend", results) == sentence
    assert note("hip-extension", results) == ""


@pytest.mark.parametrize(
    ("before", "last", "sentence"),
    [
        ({"left_in": 50.1}, {"left_in": 50.1}, f"Swinging in, left and right {APART}"),
        ({"left_in": 50.0}, {"left_in": 50.1}, ""),
        ({"left_in": 50.1}, {"left_in": 50.0}, ""),
        ({"right_in": 50.1}, {"right_in": 50.1}, f"Swinging in, left and right {APART}"),
        ({"right_in": 50.0}, {"right_in": 50.1}, ""),
        ({"right_in": 50.1}, {"right_in": 50.0}, ""),
        ({"left_out": 60.0}, {"left_out": 60.0}, f"Swinging out, left and right {APART}"),
        ({"left_in": 60.0}, {"right_in": 60.0}, ""),
        ({"left_in": 60.0}, {"left_out": 60.0}, ""),
    ],
)
def test_a_note_on_hip_rotation(before: dict[str, float], last: dict[str, float], sentence: str) -> None:
    results = [{**EVEN, **before}, {**EVEN, **last}]
    assert note("hip-rotation", results) == sentence
    assert note("hip-rotation", [{**EVEN, "left_in": 99.0}, *results]) == sentence
    assert note("hip-rotation", results[1:]) == ""
    assert note("side-bend", results) == ""


def test_a_note_needs_both_sides_on_both_days() -> None:
    assert note("hip-rotation", [{"left_in": 60.0}, {**EVEN, "left_in": 60.0}]) == ""
    assert note("hip-rotation", [{"left_in": 60.0, "right_in": 0.0}, {"left_in": 60.0, "right_in": 0.0}]) != ""
