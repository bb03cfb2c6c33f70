"""A calibration while it goes on: how long it looks, and what it says meanwhile."""

from __future__ import annotations

import math

import pytest
from people import VISIBLE, person_of, sitter

from posture.measure.baseline import Baseline, Refusal
from posture.measure.geometry import Person
from posture.perception.calibration import AGAIN_S, SEARCH_S, Calibration, ended, feedback, take
from posture.pose.landmarks import Landmark

LOOK_S = 0.25
STILL = person_of(sitter())
BELOW = {Landmark.LEFT_SHOULDER: (0.0, 300.0), Landmark.RIGHT_SHOULDER: (0.0, 300.0)}


def moved(right_px: float) -> Person:
    points = sitter()
    points[:, 0] += right_px
    return person_of(points)


def until_found(people: dict[float, Person | None], least_s: float = 10.0) -> tuple[float, Baseline | Refusal]:
    """Look four times a second at whoever is there from each time on; when it ends, and with what."""
    state, t_s = Calibration(least_s), 0.0
    while True:
        person = people[max(start_s for start_s in people if start_s <= t_s)]
        state, found = take(state, 100.0 + t_s, person, VISIBLE, "heavy")
        if found is not None:
            return t_s, found
        t_s += LOOK_S
        assert t_s < 2 * SEARCH_S


@pytest.mark.parametrize("least_s", [6.0, 10.0, 20.0])
def test_who_sits_still_is_done_after_the_least_time(least_s: float) -> None:
    t_s, found = until_found({0.0: STILL}, least_s)
    assert isinstance(found, Baseline)
    assert t_s == least_s


def test_who_comes_late_is_found_within_a_second() -> None:
    t_s, found = until_found({0.0: None, 12.0: STILL})
    assert isinstance(found, Baseline)
    assert 15.0 <= t_s <= 12.0 + 6.0 + AGAIN_S


def test_after_half_a_minute_the_reason_is_given() -> None:
    t_s, found = until_found({0.0: None})
    assert isinstance(found, Refusal)
    assert found.reason == "absent"
    assert t_s == SEARCH_S


def test_between_two_searches_a_second_passes() -> None:
    state = Calibration(10.0)
    for n in range(int(SEARCH_S / LOOK_S)):
        state, _ = take(state, n * LOOK_S, None, VISIBLE, "heavy")
        searches = int(state.passed_s - 10.0) if state.passed_s >= 10.0 else -1
        assert state.due_s == (10.0 + searches + AGAIN_S if searches >= 0 else 0.0)


def test_a_longer_wish_is_looked_through() -> None:
    t_s, found = until_found({0.0: None}, 40.0)
    assert (t_s, isinstance(found, Refusal)) == (40.0, True)


def taken(*people: Person | None, least_s: float = 3.0) -> Calibration:
    state = Calibration(least_s)
    for n, person in enumerate(people):
        state, _ = take(state, n * LOOK_S, person, VISIBLE, "heavy")
    return state


def test_where_no_more_comes_the_looks_so_far_decide() -> None:
    """From the least time on; before that, nothing is said."""
    assert ended(Calibration(5.0), VISIBLE, "heavy") is None
    assert ended(taken(*[None] * 20, least_s=5.0), VISIBLE, "heavy") is None
    refusal = ended(taken(*[None] * 21, least_s=5.0), VISIBLE, "heavy")
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "absent"
    # Still for the last three seconds, of which the last search has seen a part.
    assert isinstance(ended(taken(*[None] * 22, *[STILL] * 13, least_s=5.0), VISIBLE, "heavy"), Baseline)


def test_it_says_what_is_missing() -> None:
    assert feedback(Calibration(10.0)) == "nobody in the picture"
    assert feedback(taken(STILL, None)) == "nobody in the picture"
    away = sitter({Landmark.NOSE: (-400.0, 0.0)})
    assert feedback(taken(person_of(away))) == "the face is not in the picture"
    assert feedback(taken(person_of(sitter(BELOW)))) == "the shoulders are not in the picture"


def test_it_counts_down_while_the_user_is_still() -> None:
    assert feedback(taken(STILL)) == "hold still ..."
    assert feedback(taken(*[STILL] * 5)) == "good, 5 s left"
    assert feedback(taken(*[STILL] * 13)) == "good, 3 s left"
    assert feedback(taken(*[STILL] * 13, least_s=20.0)) == "good, 17 s left"
    assert feedback(taken(*[STILL] * 22)) == "good, 1 s left"
    assert feedback(taken(*[STILL] * 25, least_s=6.0)) == "hold still ..."
    swaying = [moved(120.0 * math.sin(n)) for n in range(20)]
    assert feedback(taken(*swaying)) == "hold still ..."
