"""The search for a taller way of sitting: whatever the cadence, what is held is found and what is not, is not."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import VISIBLE, baseline_like, names, person_of, rendered, rendered_baseline, sitter, zoomed

from posture.measure.baseline import LEVEL_SW, MIN_FRAMES, RISEN_SW, STRETCH_S, Baseline
from posture.measure.geometry import Person
from posture.perception.taller import (
    CLOSE_LOOKS,
    HELD_S,
    HELD_SHARE,
    MOST_LOOKS,
    OFFER_AFTER_S,
    OFFER_STRETCHES,
    Search,
    advance,
    begun_anew,
    proposal,
    taller,
)
from posture.pose.landmarks import Landmark

GAVE_WAY = ["Asian_F_1__slouch_+18"]
WIDTH_PX = 240.0
"""The shoulders of the made-up sitter."""
CADENCES_S = st.sampled_from([0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 12.0])
SLOUCHED = baseline_like(sitter())
PROVISIONAL = replace(SLOUCHED, provisional=True)


def risen(rise_sw: float, wobble_px: float = 0.0, seed: int = 0) -> Person:
    """The made-up sitter with the head higher and the shoulders a third of that, each point a little off."""
    points = sitter()
    points[:11, 1] -= rise_sw * WIDTH_PX
    points[11:, 1] -= rise_sw * WIDTH_PX / 3.0
    points[:, :2] += np.random.default_rng(seed).normal(0.0, wobble_px, (33, 2)) if wobble_px else 0.0
    return person_of(points)


def watched(
    parts: list[tuple[float, float | None]], every_s: float, baseline: Baseline | None, *, replaces: bool = True
) -> tuple[Search, list[tuple[float, Baseline]]]:
    """Look at somebody who is so tall for so long, one part after the other; None is nobody there.

    Gives the search at the end, and each baseline that was found with its time.
    """
    state, t_s, found = Search(), 0.0, list[tuple[float, Baseline]]()
    for seconds, rise_sw in parts:
        for n in range(max(1, round(seconds / every_s))):
            person = None if rise_sw is None else risen(rise_sw, 1.0, seed=round(10 * t_s) + n)
            state = advance(state, t_s, person, baseline, VISIBLE, "heavy")
            assert len(state.looks) <= MOST_LOOKS
            assert len(state.rungs) <= RISEN_SW / LEVEL_SW + 1
            rung = taller(state, baseline)
            if rung is not None and replaces:
                baseline, state = replace(rung.baseline, provisional=True), begun_anew(state)
                found.append((t_s, baseline))
            t_s += every_s
    return state, found


def rise_of(baseline: Baseline) -> float:
    return (SLOUCHED.geometry.ears_px[1] - baseline.geometry.ears_px[1]) / WIDTH_PX


# -- the first one, and a taller one -----------------------------------------------------------------------------------


@given(CADENCES_S)
@settings(max_examples=20, deadline=None)
def test_the_first_still_stretch_is_the_first_baseline(every_s: float) -> None:
    least_s = max(STRETCH_S, MIN_FRAMES * every_s)
    _, found = watched([(least_s + every_s, 0.0)], every_s, None)
    ((t_s, baseline),) = found
    assert t_s <= least_s
    assert rise_of(baseline) == pytest.approx(0.0, abs=0.01)


@given(CADENCES_S, st.floats(LEVEL_SW + 0.03, RISEN_SW - 0.03), st.floats(0.0, 150.0))
@settings(max_examples=25, deadline=None)
def test_who_slouches_first_and_then_sits_up_ends_upright(every_s: float, rise_sw: float, slouched_s: float) -> None:
    """Held for the share that is asked, and for the looks of one still stretch at this cadence."""
    held_s = max(HELD_S, HELD_SHARE * slouched_s) * 1.2 + (MIN_FRAMES + 2) * every_s + STRETCH_S
    _, found = watched([(slouched_s, 0.0), (held_s, rise_sw)], every_s, PROVISIONAL)
    assert found
    assert abs(rise_of(found[-1][1]) - rise_sw) <= LEVEL_SW
    assert found[-1][1].provisional


@given(CADENCES_S, st.floats(LEVEL_SW + 0.03, RISEN_SW - 0.03), st.floats(1.0, 12.0), st.integers(1, 2))
@settings(max_examples=25, deadline=None)
def test_who_sits_up_for_a_moment_does_not(every_s: float, rise_sw: float, up_s: float, times: int) -> None:
    up_s = min(up_s, HELD_S / times - 1.0)
    _, found = watched([(120.0, 0.0), (up_s, rise_sw)] * times + [(120.0, 0.0)], every_s, PROVISIONAL)
    assert found == []


def test_the_longer_one_has_sat_the_longer_a_taller_one_must_be_held() -> None:
    hour = [(3600.0, 0.0)]
    assert watched([*hour, (120.0, 0.2), (300.0, 0.0)], 4.0, PROVISIONAL)[1] == []
    ((t_s, _),) = watched([*hour, (400.0, 0.2)], 4.0, PROVISIONAL)[1]
    assert t_s == pytest.approx(3600.0 * (1 + HELD_SHARE / (1 - HELD_SHARE)), abs=20.0)


def test_between_two_heights_the_tallest_that_is_held_is_taken() -> None:
    """Of what is held at two heights, each too short by itself, the lower one is the one that is held."""
    _, found = watched([(60.0, 0.0), (14.0, 0.35), (14.0, 0.2)], 0.5, PROVISIONAL)
    assert rise_of(found[-1][1]) == pytest.approx(0.2, abs=0.02)
    _, found = watched([(60.0, 0.0), (30.0, 0.2), (30.0, 0.35)], 0.5, PROVISIONAL)
    assert rise_of(found[-1][1]) == pytest.approx(0.35, abs=0.02)


@pytest.mark.parametrize("rise_sw", [-0.3, 0.0, LEVEL_SW - 0.02, RISEN_SW + 0.05, 1.0])
def test_who_is_no_taller_or_stands_changes_nothing(rise_sw: float) -> None:
    assert watched([(60.0, 0.0), (300.0, rise_sw)], 1.0, PROVISIONAL)[1] == []


def test_only_so_many_looks_are_remembered() -> None:
    state = Search()
    for n in range(10 * MOST_LOOKS):
        state = advance(state, 0.05 * n, risen(0.0), PROVISIONAL, VISIBLE, "heavy")
        assert len(state.looks) <= MOST_LOOKS
    assert state.looks[-1][0] - state.looks[0][0] >= STRETCH_S


def held(person: Person, baseline: Baseline = PROVISIONAL, seconds: float = 60.0) -> Search:
    state = Search()
    for n in range(round(seconds)):
        state = advance(state, float(n), person, baseline, VISIBLE, "heavy")
    return state


def test_a_face_that_is_larger_is_nearer_not_taller() -> None:
    near = person_of(zoomed(sitter(), 1.6))
    assert near.geometry.ears_px[1] < SLOUCHED.geometry.ears_px[1] - LEVEL_SW * WIDTH_PX
    assert taller(held(near), PROVISIONAL) is None


def test_who_moves_or_is_seen_seldom_is_not_still() -> None:
    state = Search()
    for n in range(120):
        state = advance(state, float(n), risen(0.2 + 0.15 * math.sin(n)), PROVISIONAL, VISIBLE, "heavy")
    assert state.rungs == {}
    for n in range(30):
        state = advance(state, 200.0 + 31.0 * n, risen(0.2), PROVISIONAL, VISIBLE, "heavy")
    assert state.rungs == {}


@pytest.mark.parametrize("right_px", [25.0, -25.0])
def test_a_face_turned_less_to_either_side_is_better_and_one_turned_more_is_not(right_px: float) -> None:
    aside = sitter({Landmark.NOSE: (right_px, 0.0)})
    from_aside = replace(baseline_like(aside), provisional=True)
    assert held(person_of(sitter()), from_aside).rungs
    assert held(person_of(aside), from_aside).rungs == {}
    assert held(person_of(aside)).rungs == {}


@pytest.mark.parametrize(("factor", "down_px", "asks"), [(0.9, 0.0, True), (0.9, 1.0, False), (0.97, 0.0, False)])
def test_a_smaller_face_at_the_same_height_asks_for_a_closer_look(factor: float, down_px: float, asks: bool) -> None:
    points = sitter()
    about = (float(points[Landmark.NOSE, 0]), float(points[Landmark.LEFT_EAR, 1]))
    smaller = zoomed(points, factor, about)
    smaller[:, 1] += down_px
    state = advance(Search(), 0.0, person_of(smaller), PROVISIONAL, VISIBLE, "heavy")
    assert (state.close_looks == CLOSE_LOOKS) is asks


def test_a_face_turned_away_is_no_look_and_one_turned_less_is_better() -> None:
    turned = {Landmark.NOSE: (60.0, 0.0)}
    away = person_of(sitter(turned))
    assert abs(away.geometry.yaw_deg) > 26.0
    assert held(away).looks == ()
    aside = sitter({Landmark.NOSE: (25.0, 0.0)})
    assert 10.0 < abs(person_of(aside).geometry.yaw_deg) < 26.0
    # The other way round it is not taken, though taller.
    up = aside.copy()
    up[:11, 1] -= 0.2 * WIDTH_PX
    assert taller(held(person_of(up)), PROVISIONAL) is None
    from_aside = replace(baseline_like(aside), provisional=True)
    straight = taller(held(person_of(sitter()), from_aside), from_aside)
    assert straight is not None
    assert abs(straight.baseline.geometry.yaw_deg) < 1.0
    # A kept one is not doubted for that.
    assert taller(held(person_of(sitter()), replace(from_aside, provisional=False)), SLOUCHED) is None


def test_shoulders_inside_the_picture_are_better() -> None:
    below = sitter()
    below[:, 1] += 140.0
    from_below = replace(baseline_like(below), provisional=True)
    assert from_below.geometry.shoulders_out_sw > 0.05
    inside = below.copy()
    inside[11:13, 1] -= 50.0
    better = taller(held(person_of(inside), from_below), from_below)
    assert (better is not None) == (from_below.geometry.shoulders_out_sw > 0.1)


def test_of_rendered_people_the_slouch_gives_way_and_nothing_else() -> None:
    """They sit upright after a baseline of a slouch, a nod, a lean, a raised shoulder, and so on."""
    gave_way = []
    for name in (name for name in names() if name.startswith(("Asian_F_1__", "White_M_1__")) and "cam" not in name):
        upright = f"{name.partition('__')[0]}__base"
        if name == upright or name.endswith("absent"):
            continue
        baseline = replace(rendered_baseline(name), provisional=True)
        if abs(baseline.geometry.yaw_deg) < 10.0 and taller(held(rendered(upright), baseline), baseline) is not None:
            gave_way.append(name)
        assert taller(held(rendered(name), rendered_baseline(upright)), rendered_baseline(upright)) is None
    assert gave_way == GAVE_WAY


def test_a_chair_rolled_back_makes_nobody_taller() -> None:
    smaller = person_of(zoomed(sitter(), 0.85))
    assert taller(held(smaller, SLOUCHED), SLOUCHED) is None
    assert taller(held(smaller), PROVISIONAL) is None


# -- looking closely ---------------------------------------------------------------------------------------------------


def test_a_taller_look_asks_for_a_few_more_and_no_more_for_a_while() -> None:
    """At a cadence so slow that nothing is still, the model runs for some looks, and ever more seldom."""
    state, asked = Search(), []
    for n in range(60):
        state = advance(state, 10.0 * n, risen(0.1 + 0.2 * (n % 2)), PROVISIONAL, VISIBLE, "heavy")
        asked.append(state.close_looks > 0)
    assert asked[:CLOSE_LOOKS] == [True] * CLOSE_LOOKS
    # At 0 s, and after two and four more minutes.
    assert sum(asked) == 3 * CLOSE_LOOKS
    closely = advance(state, 1000.0, risen(0.2), PROVISIONAL, VISIBLE, "heavy")
    assert closely.close_looks
    assert not advance(closely, 1004.0, risen(0.0), PROVISIONAL, VISIBLE, "heavy").close_looks
    assert not advance(closely, 1004.0, None, PROVISIONAL, VISIBLE, "heavy").close_looks
    assert not advance(begun_anew(closely), 1004.0, risen(0.2), None, VISIBLE, "heavy").close_looks


def test_it_is_known_whether_somebody_sits_taller_just_now() -> None:
    """However often a closer look was asked for."""
    state = advance(Search(), 0.0, risen(0.0), PROVISIONAL, VISIBLE, "heavy")
    assert not state.tall
    state = replace(advance(state, 4.0, risen(0.2), PROVISIONAL, VISIBLE, "heavy"), close_looks=0)
    assert advance(state, 8.0, risen(0.2), PROVISIONAL, VISIBLE, "heavy").tall
    assert not advance(state, 8.0, risen(0.0), PROVISIONAL, VISIBLE, "heavy").tall
    assert not advance(state, 8.0, None, PROVISIONAL, VISIBLE, "heavy").tall
    assert not advance(state, 8.0, risen(0.2), None, VISIBLE, "heavy").tall


# -- offers ------------------------------------------------------------------------------------------------------------


def test_a_provisional_one_is_offered_once_it_has_been_sat_by_for_ten_minutes() -> None:
    early, _ = watched([(OFFER_AFTER_S - 20.0, 0.0)], 2.0, PROVISIONAL)
    assert proposal(early, PROVISIONAL) is None
    late, _ = watched([(OFFER_AFTER_S + 20.0, 0.0)], 2.0, PROVISIONAL)
    offered = proposal(late, PROVISIONAL)
    assert offered is not None
    assert (offered.reason, offered.baseline) == ("provisional", PROVISIONAL)
    # Not one that nobody sits like.
    slouched, _ = watched([(OFFER_AFTER_S + 20.0, -0.3)], 2.0, PROVISIONAL)
    assert proposal(slouched, PROVISIONAL) is None
    away, _ = watched([(OFFER_AFTER_S + 20.0, None)], 2.0, PROVISIONAL)
    assert proposal(away, PROVISIONAL) is None


def test_a_taller_one_is_offered_after_several_stretches_and_a_minute() -> None:
    up, down = (22.0, 0.2), (60.0, 0.0)
    two, _ = watched([down, (80.0, 0.2), down, (80.0, 0.2), down], 1.0, SLOUCHED, replaces=False)
    assert proposal(two, SLOUCHED) is None
    three, _ = watched([down, *[up, down] * OFFER_STRETCHES], 1.0, SLOUCHED, replaces=False)
    offered = proposal(three, SLOUCHED)
    assert offered is not None
    assert offered.reason == "taller"
    assert rise_of(offered.baseline) == pytest.approx(0.2, abs=0.02)
    assert offered.held_s == pytest.approx(66.0, abs=15.0)
    short, _ = watched([down, *[(10.0, 0.2), down] * OFFER_STRETCHES], 1.0, SLOUCHED, replaces=False)
    assert proposal(short, SLOUCHED) is None


def test_a_camera_that_was_tilted_makes_nobody_taller() -> None:
    """All of the person higher in the picture, in the same shape."""
    points = sitter()
    points[:, 1] -= 0.2 * WIDTH_PX
    assert held(person_of(points), SLOUCHED).rungs == {}
    assert held(person_of(points), PROVISIONAL).rungs != {}


def test_the_next_day_begins_anew() -> None:
    state, _ = watched([(60.0, 0.0), (15.0, 0.2)], 1.0, PROVISIONAL)
    assert state.rungs
    assert advance(state, 75.0 + 3 * 3600.0, risen(0.0), PROVISIONAL, VISIBLE, "heavy").rungs
    assert advance(state, 75.0 + 5 * 3600.0, risen(0.0), PROVISIONAL, VISIBLE, "heavy").rungs == {}
