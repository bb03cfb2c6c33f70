"""Leading through an exercise, step by step: pauses, skipped sides, and a camera that goes away in the middle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.checks import CheckedLook
from posture.coach.exercise import Side
from posture.coach.exercises import find_exercise, library
from posture.coach.hold import advance as held
from posture.coach.hold import plan_for
from posture.guided.kept import points_of
from posture.guided.lead import Lead, advance, begin, by_the_clock, paused, skip
from posture.guided.stretch import Wish, wish_of, wish_text
from posture.settings import CUES

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def begun(name: str, *, seen: bool = False, sides: tuple[Side, ...] = ("left", "right")) -> Lead:
    exercise = find_exercise(name)
    return begin(exercise, plan_for(exercise, sides, seen=seen), 0.6, seen=seen)


def led(lead: Lead, from_s: float, seconds: float) -> tuple[Lead, list[str]]:
    heard: list[str] = []
    for number in range(round(seconds / 0.2)):
        lead, said = advance(lead, from_s + number * 0.2)
        heard += [each.sound for each in said]
    return lead, heard


def as_seen(lead: Lead, seconds: float, value: float, side: Side = "left") -> Lead:
    """As if the camera had seen this measure for so long."""
    state = lead.state
    for number in range(round(seconds / 0.2) + 1):
        state, _ = held(state, CheckedLook(10.0 + number * 0.2, True, side=side, value=value), lead.plan)
    return replace(lead, state=state)


@pytest.mark.parametrize("exercise", library(), ids=lambda exercise: exercise.id)
def test_what_is_skipped_is_not_done_and_the_rest_goes_on(exercise: object) -> None:
    lead = begun(exercise.id)  # type: ignore[attr-defined]
    lead, _ = led(lead, 0.0, 5.0)
    first = lead.state.inside
    lead = skip(lead)
    if len(lead.plan.target) == 1:
        assert lead.state.finished
    else:
        assert lead.state.asked not in (None, first)
        lead, _ = led(lead, 5.0, 2000.0)
        assert lead.state.finished
        other = lead.state.asked
        assert first is not None
        assert lead.state.done[first] < lead.plan.target[first], other
    assert not lead.done.finished, "a skipped side is no finished exercise"
    assert lead.message == "Done."
    assert skip(lead) == lead


def test_sounds_tell_the_start_the_end_and_each_repetition() -> None:
    _, hold = led(begun("hf_split"), 0.0, 40.0)
    assert hold.index("start") < hold.index("end")
    _, reps = led(begun("bridge"), 0.0, 60.0)
    assert reps.count("counted") >= 3


def test_a_pause_ends_a_hold_that_is_seen_and_keeps_its_seconds() -> None:
    lead = as_seen(begun("ql_stand", seen=True), 8.0, 20.0)
    assert lead.state.inside == "left"
    stopped = paused(lead)
    assert stopped.state.inside is None
    assert stopped.state.held_s == lead.state.held_s
    timed, _ = led(begun("hf_split"), 0.0, 10.0)
    assert paused(timed) == timed


@pytest.mark.parametrize(("name", "value"), [("ql_stand", 20.0), ("hip_rot", 30.0)])
def test_what_the_camera_saw_stays_seen_when_it_goes_away(name: str, value: float) -> None:
    lead = as_seen(begun(name, seen=True), 8.0, value)
    seen_s = dict(lead.state.held_s)
    assert seen_s["left"] > 5.0
    lead = by_the_clock(lead, 18.0)
    assert not lead.verified
    lead, _ = led(lead, 18.2, 2000.0)
    assert lead.state.finished
    for side, target in lead.plan.target.items():
        assert lead.state.done[side] == pytest.approx(target, abs=0.3)
    points = points_of(lead, 2018.0, NOW)
    seen = [point for point in points if point.detail["verified"]]
    assert {str(point.detail["side"]): point.detail["hold_s"] for point in seen} == pytest.approx(seen_s, abs=0.1)
    assert {point.detail["side"] for point in points if not point.detail["verified"]} == {"left", "right"}
    assert len({point.at for point in points}) == len(points)
    if lead.plan.form == "reps":
        assert sum(float(point.detail["reps"] or 0) for point in points) == sum(lead.plan.target.values())


def test_a_camera_that_goes_at_once_leaves_nothing_seen() -> None:
    lead = by_the_clock(begun("ql_stand", seen=True), 0.0)
    lead, _ = led(lead, 0.2, 30.0)
    points = points_of(lead, 30.0, NOW)
    assert points
    assert not any(point.detail["verified"] for point in points)


WISHES = st.builds(
    Wish,
    exercise=st.sampled_from(["", *(exercise.id for exercise in library())]),
    side=st.sampled_from(["both", "left", "right"]),
    minutes=st.none() | st.sampled_from([0.02, 2.0, 12.5]),
    camera=st.booleans(),
    source=st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=30),
    store=st.booleans(),
    anyway=st.booleans(),
    cues=st.sampled_from(["", *CUES]),
)


@given(WISHES)
def test_a_wish_arrives_as_it_was(wish: Wish) -> None:
    assert wish_of(wish_text(wish)) == wish


@given(st.text(max_size=60))
def test_any_text_is_some_wish(text: str) -> None:
    assert isinstance(wish_of(text), Wish)
