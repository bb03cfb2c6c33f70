"""The attempts of a self-check: still, move, hold, return; what counts of them, and what moved along."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.exercise import BOTH_SIDES, Side
from posture.coach.findings import CHECK_WAYS, MARKED, SMALL_ERROR_DEG
from posture.coach.selfcheck import (
    ALONG,
    CHECKS,
    COMPANY,
    HELD_S,
    LONGEST_GAP_S,
    NO_ATTEMPT_S,
    Measured,
    SelfCheckState,
    Tried,
    advance,
    ended,
    finished,
    least_seen_deg,
    unseen,
)

BEND = CHECKS["side-bend"]
STEP_S = 0.125
Parts = Sequence[tuple[float, float]]
"""Seconds and degrees, one after the other."""


def lean(parts: Parts, *, wavers_deg: float = 0.0, company: Mapping[float, Mapping[str, float]] | None = None):  # type: ignore[no-untyped-def]
    """Looks at a lean of so many degrees; company by the degrees at which it is there."""
    t_s, looks = 0.0, []
    for seconds, deg in parts:
        for number in range(round(seconds / STEP_S)):
            noise_deg = wavers_deg * (-1.0) ** number
            looks.append((t_s, Measured({"lean": deg + noise_deg}, (company or {}).get(deg, {"drift": 0.0}))))
            t_s += STEP_S
    return looks


def follow(
    looks: Sequence[tuple[float, Measured | None]], kind: str = "side-bend", state: SelfCheckState | None = None
) -> tuple[SelfCheckState, list[Tried]]:
    state, found = state or SelfCheckState(), []
    for t_s, look in looks:
        state, tried = advance(state, CHECKS[kind], t_s, look)
        found += tried
    return state, found


def ways(found: Sequence[Tried]) -> list[tuple[str, float, int]]:
    return [(tried.way, round(tried.deg, 1), tried.number) for tried in found]


def test_three_each_side_and_the_best_of_them() -> None:
    parts = [(2.0, 0.0)]
    for left, right in ((22.0, 30.0), (25.0, 28.0), (24.0, 27.0)):
        parts += [(2.0, left), (2.0, 0.0), (2.0, -right), (2.0, 0.0)]
    state, found = follow(lean(parts))
    assert ways(found)[:2] == [("left", 22.0, 1), ("right", 30.0, 1)]
    assert (state.best, state.tries, state.marks) == ({"left": 25.0, "right": 30.0}, {"left": 3, "right": 3}, {})
    assert finished(state, BEND)
    assert not finished(follow(lean(parts[:9]))[0], BEND)


@given(st.floats(-10.0, 10.0), st.floats(2.0, 45.0), st.sampled_from([1, -1]))
def test_a_movement_is_measured_from_the_persons_own_rest(rest: float, deg: float, sign: int) -> None:
    # However small and wherever rest is: no absolute angle decides.
    state, found = follow(lean([(2.0, rest), (2.0, rest + sign * deg), (2.0, rest)] * 3))
    assert ways(found) == [("left" if sign > 0 else "right", pytest.approx(deg, abs=0.1), n) for n in (1, 2, 3)]
    assert state.best == {found[0].way: pytest.approx(deg, abs=0.05)}


@given(st.floats(1.0, 12.0), st.floats(0.0, 1.4), st.integers(0, 2**32 - 1))
def test_who_does_nothing_has_no_attempt(seconds: float, wavers_deg: float, seed: int) -> None:
    wavers = np.random.default_rng(seed).uniform(-wavers_deg / 2, wavers_deg / 2, round(seconds / STEP_S))
    state, found = follow([(STEP_S * n, Measured({"lean": 3.0 + deg})) for n, deg in enumerate(wavers)])
    assert found == []
    assert state.best == {}
    assert unseen(state, BEND) == (("left", "right") if state.rest else ())
    assert ended(state, BEND, seconds) == (state, [])


def test_the_noise_of_the_person_says_what_can_be_told() -> None:
    still, _ = follow(lean([(2.0, 1.0)]))
    wavering, _ = follow(lean([(2.0, 1.0)], wavers_deg=0.7))
    assert least_seen_deg(still, BEND, "left") == 1.5
    assert least_seen_deg(wavering, BEND, "left") == pytest.approx(4 * 0.7, rel=0.01)
    assert follow(lean([(2.0, 1.0), (2.0, 3.5), (2.0, 1.0)]))[1] != []
    assert follow(lean([(2.0, 1.0), (2.0, 3.5), (2.0, 1.0)], wavers_deg=0.7))[1] == []
    assert follow(lean([(2.0, 1.0), (2.0, 9.0), (2.0, 1.0)], wavers_deg=0.7))[1] != []


def test_nothing_counts_before_the_person_was_still_and_upright() -> None:
    assert follow(lean([(0.5, 0.0), (3.0, 25.0), (2.0, 0.0)]))[1] == []
    assert follow(lean([(3.0, 25.0)]))[0].rest == {}
    moving = [(STEP_S * n, Measured({"lean": 10.0 * math.sin(n)})) for n in range(40)]
    assert follow(moving)[0].rest == {}


def test_where_the_points_jump_about_a_large_movement_still_counts() -> None:
    jumps = np.random.default_rng(5).normal(0.0, 1.2, 200)
    looks = [
        (t_s, Measured({"lean": look.angles["lean"] + jump}))
        for (t_s, look), jump in zip(lean([(4, 0), (4, 25), (4, 0), (4, -20), (4, 0)]), jumps, strict=False)
    ]
    _, found = follow(looks)
    assert [(tried.way, tried.number) for tried in found] == [("left", 1), ("right", 1)]
    assert [tried.deg for tried in found] == [pytest.approx(25, abs=3), pytest.approx(20, abs=3)]


def test_a_jerk_is_no_attempt() -> None:
    state, found = follow(lean([(2, 0), (0.8, 40), (2, 0), (0.8, -40), (0.8, -12), (1, 0)]))
    assert (found, state.best, state.tries) == ([], {}, {})


def test_what_was_kept_for_a_second_counts_not_the_peak() -> None:
    assert ways(follow(lean([(2, 0), (0.5, 40), (2, 20), (1, 0)]))[1]) == [("left", 20.0, 1)]
    assert HELD_S == 1.0


def test_a_gap_of_a_second_is_bridged_and_a_longer_one_is_not() -> None:
    before = lean([(2.0, 0.0)])
    for gap_s, counts in ((LONGEST_GAP_S, True), (LONGEST_GAP_S + 0.1, False)):
        held = [(2.0, 20.0), (2.0 + gap_s, 20.0)]
        looks = [*before, *((t_s, Measured({"lean": deg})) for t_s, deg in held)]
        looks += [(2.0 + gap_s + 0.1 * n, Measured({"lean": 0.0})) for n in range(1, 4)]
        assert bool(follow(looks)[1]) is counts
    assert follow([*before, (2.0, None)])[0] == follow(before)[0]


def test_coming_back_halfway_is_one_attempt() -> None:
    _, found = follow(lean([(2, 0), (2, 30), (0.5, 8), (1.0, 4), (2, 0), (2, 28), (2, 0)]))
    assert ways(found) == [("left", 30.0, 1), ("left", 28.0, 2)]


def test_from_one_side_straight_to_the_other() -> None:
    _, found = follow(lean([(2, 0), (2, 20), (2, -18), (2, 0)]))
    assert ways(found) == [("left", 20.0, 1), ("right", 18.0, 1)]


def test_another_place_of_rest_is_no_attempt() -> None:
    state, found = follow(lean([(2, 0), (NO_ATTEMPT_S + 3, 3), (2, 23), (2, 3)]))
    assert ways(found) == [("left", 20.0, 1)]
    assert state.rest["lean"] == pytest.approx(3.0, abs=0.01)
    _, found = follow(lean([(2, 0), (NO_ATTEMPT_S + 3, 24), (2, 0)]))
    assert ways(found) == [("left", 24.0, 1)], "a long bend is one"


def test_what_is_held_at_the_end_counts_if_the_camera_can_tell() -> None:
    for deg, counts in ((SMALL_ERROR_DEG - 0.1, False), (SMALL_ERROR_DEG + 0.1, True)):
        state, found = follow(lean([(2, 0), (3, deg)]))
        assert found == []
        state, found = ended(state, BEND, 5.0)
        assert bool(found) is counts
        assert bool(state.best) is counts


def test_an_attempt_with_company_is_the_best_only_where_no_other_is() -> None:
    aside = {20.0: {"drift": 0.3}, 15.0: {"drift": 0.1}, 25.0: {"drift": 0.4}}
    first, found = follow(lean([(2, 0), (2, 20), (2, 0)], company=aside))
    assert (found[0].along, first.best, first.marks) == ("drifted", {"left": 20.0}, {"left": "drifted"})
    more, _ = follow(lean([(2, 0), (2, 20), (2, 0), (2, 25), (2, 0)], company=aside))
    assert (more.best, more.marks) == ({"left": 25.0}, {"left": "drifted"})
    clean, found = follow(lean([(2, 0), (2, 20), (2, 0), (2, 15), (2, 0), (2, 25), (2, 0)], company=aside))
    assert [tried.along for tried in found] == ["drifted", "", "drifted"]
    assert (clean.best, clean.marks, clean.tries) == ({"left": 15.0}, {}, {"left": 3})


def swing(parts: Sequence[tuple[float, float, float]], **company: float) -> list[tuple[float, Measured]]:
    """Looks at both feet: seconds, degrees out of the left, and of the right; company while one of them is out."""
    t_s, looks = 0.0, []
    for seconds, left, right in parts:
        there = company if max(abs(left), abs(right)) > 8 else dict.fromkeys(company, 0.0)
        for _ in range(round(seconds / STEP_S)):
            looks.append((t_s, Measured({"left": left, "right": right}, there)))
            t_s += STEP_S
    return looks


def test_each_leg_each_way_and_what_the_other_foot_seems_to_do_is_none() -> None:
    parts = [(2.0, -3.0, 4.0)]
    for left, right in ((25.0, 4.0), (-23.0, -1.0), (-3.0, 34.0), (0.5, -16.0)):
        parts += [(2.0, left, right), (2.0, -3.0, 4.0)]
    _, found = follow(swing(parts), "hip-rotation")
    assert ways(found) == [("left_out", 28.0, 1), ("left_in", 20.0, 1), ("right_out", 30.0, 1), ("right_in", 20.0, 1)]


@pytest.mark.parametrize(
    ("left", "right", "company", "along"),
    [
        (20, 0, {"lean": -6.0}, "leaned"),
        (20, 0, {"lean": 4.9, "left_hike": 3.9}, ""),
        (20, 0, {"left_hike": 4.1}, "hiked"),
        (20, 0, {"left_hike": -9.0, "right_hike": 9.0}, ""),
        (0, 20, {"left_hike": -9.0, "right_hike": 9.0}, "hiked"),
        (20, 0, {"left_knee": -0.2}, "knee"),
        (-20, 0, {"left_knee": -0.2}, ""),
        (-20, 0, {"left_knee": 0.2}, "knee"),
        (20, 0, {"left_knee": 0.2}, ""),
        (20, 0, {"left_knee": 0.65}, "knee"),
        (0, -20, {"left_knee": 0.9, "right_knee": 0.0}, ""),
        (0, -20, {"right_knee": 0.2}, "knee"),
        (20, 0, {"lean": 6.0, "left_knee": -0.2}, "leaned"),
    ],
)
def test_what_moves_along_with_a_foot(left: float, right: float, company: Mapping[str, float], along: str) -> None:
    _, found = follow(swing([(2, 0, 0), (2, left, right), (2, 0, 0)], **company), "hip-rotation")
    assert [tried.along for tried in found] == [along]


def test_turning_around_begins_with_the_other_leg() -> None:
    def stand(side: Side, parts: Parts, start_s: float) -> list[tuple[float, Measured]]:
        looks = lean(parts)
        return [(start_s + t_s, Measured({side: look.angles["lean"]}, {"lean": 0.0})) for t_s, look in looks]

    looks = [*stand("left", [(2, -2), (2, 3), (2, -2)], 0.0), *stand("right", [(2, 4), (2, 12), (2, 4)], 6.0)]
    state, found = follow(looks, "hip-extension")
    assert ways(found) == [("left", 5.0, 1), ("right", 8.0, 1)]
    assert state.rest == {"left": pytest.approx(-2.0), "right": pytest.approx(4.0)}


@given(
    st.lists(st.tuples(st.floats(0.25, 4.0), st.floats(-50.0, 50.0)), max_size=12),
    st.sampled_from([0.06, 0.125, 0.3]),
)
def test_no_attempt_counts_more_than_was_seen(parts: list[tuple[float, float]], step_s: float) -> None:
    state, t_s, seen = SelfCheckState(), 0.0, []
    for seconds, deg in [(2.0, 0.0), *parts, (2.0, 0.0)]:
        for _ in range(round(seconds / step_s)):
            seen.append(deg)
            state, tried = advance(state, BEND, t_s, Measured({"lean": deg}))
            t_s += step_s
            apart = max(seen) - min(seen)
            assert all(0.0 < attempt.deg <= apart + 1e-9 for attempt in tried)
            assert all(state.best[attempt.way] >= attempt.deg for attempt in tried)
            assert set(state.best) == set(state.tries)
            assert state.marks == {}


@given(st.lists(st.tuples(st.floats(0.5, 3.0), st.floats(-40.0, 40.0)), max_size=8))
def test_a_mirrored_person_has_mirrored_attempts(parts: list[tuple[float, float]]) -> None:
    parts = [(2.0, 0.0), *parts, (2.0, 0.0)]
    _, found = follow(lean(parts))
    _, mirrored = follow(lean([(seconds, -deg) for seconds, deg in parts]))
    swap = {"left": "right", "right": "left"}
    assert [(swap[tried.way], tried.deg, tried.number) for tried in found] == [
        (tried.way, tried.deg, tried.number) for tried in mirrored
    ]


def test_every_kind_has_its_words() -> None:
    for kind, check in CHECKS.items():
        assert check.kind == kind
        assert tuple(check.ways) == CHECK_WAYS[check.kind]
        assert all(step.endswith(".") for step in (*check.steps, check.come_back))
        assert {companion.mark for companion in COMPANY[check.kind].values()} <= set(ALONG)
    assert set(MARKED) == set(ALONG)
    assert BOTH_SIDES == ("left", "right")
