"""Reminders name a next step: one that fits, in turn, and none while a red flag is open."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from posture.coach import advance as coach
from posture.coach.choose import STANDS, STRETCHES, Limits, fitting, next_stand, next_stretch
from posture.coach.exercise import BIASES
from posture.coach.exercises import find_exercise, library
from posture.coach.reminder import OwnText, Reminder
from posture.coach.state import CoachContext, CoachState
from posture.measure.observation import Observation, Presence
from posture.settings import CoachSettings, TimelineSettings
from posture.timeline.advance import advance as step_timeline
from posture.timeline.state import TimelineState

IDS = [exercise.id for exercise in library()]


def heard(spells: list[tuple[Presence, float]], settings: CoachSettings, context: CoachContext) -> list[Reminder]:
    """What is said over spells of (presence, minutes), one look every five seconds, always shifting."""
    timeline, state, said, t_s = TimelineState(), CoachState(), [], 0.0
    for presence, minutes in spells:
        until_s = t_s + minutes * 60
        while t_s < until_s:
            timeline, _ = step_timeline(
                timeline, Observation(t_s, presence, posture=(3.0 * (t_s // 300.0),)), TimelineSettings()
            )
            state, now = coach.advance(state, timeline, context, settings)
            said += now
            t_s += 5.0
    return said


NO_STRETCH = CoachSettings(stretch_after_s=8 * 3600.0)
SITTINGS: list[tuple[Presence, float]] = [("sitting", 31), ("away", 3)]


def test_the_stand_reminder_takes_walking_bending_and_hip_flexors_in_turn() -> None:
    said = heard(SITTINGS * 4, NO_STRETCH, CoachContext())
    assert [reminder.exercise for reminder in said] == ["walk", "ql_stand", "hf_split", "walk"]
    assert "walk easily" in said[0].body
    assert "raise the left arm" in said[1].body


def test_a_repeat_names_the_same_step() -> None:
    first, again = heard([("sitting", 50)], NO_STRETCH, CoachContext())
    assert again.repeat
    assert (first.exercise, again.exercise) == ("walk", "walk")


def test_where_a_stand_is_due_too_the_stretch_is_done_standing_in_turn() -> None:
    said = heard([("sitting", 31), ("away", 3)] * 6, CoachSettings(stretch_after_s=1800.0), CoachContext())
    stretches = [reminder for reminder in said if reminder.kind == "stretch"]
    assert len(stretches) >= 4
    assert all("stand" in reminder.covers for reminder in stretches)
    assert [reminder.exercise for reminder in stretches][:3] == ["ql_stand", "hf_split", "ql_stand"]


def test_early_in_a_bout_the_stretch_goes_round_seated_ones_too() -> None:
    # Each is due 12 min into a bout, and is answered with a break.
    said = heard([("sitting", 13), ("away", 3)] * 8, CoachSettings(stretch_after_s=720.0), CoachContext())
    names = [reminder.exercise for reminder in said if reminder.kind == "stretch"]
    assert {find_exercise(name).position for name in names} == {"standing", "desk"}
    assert len(set(names[:4])) == 4


def test_a_leaned_side_is_named_first_and_once_more() -> None:
    (said,) = heard([("sitting", 31)], CoachSettings(), CoachContext(shortened_side="right"))
    assert "You leaned right more on most of the last days; lengthening that side may feel good." in said.body
    assert said.body.index("raise the right arm") < said.body.index("the left arm")
    assert said.body.endswith("Once more on the right.")


def test_the_users_side_is_named_without_the_rules_words() -> None:
    (said,) = heard([("sitting", 31)], CoachSettings(first_side="left"), CoachContext(shortened_side="right"))
    assert "leaned" not in said.body
    assert "raise the left arm" in said.body


def test_a_red_flag_leaves_standing_and_takes_the_exercises() -> None:
    said = heard(
        SITTINGS * 6, CoachSettings(stretch_after_s=1800.0), CoachContext(suspended=True, shortened_side="left")
    )
    assert {reminder.kind for reminder in said} == {"stand"}
    assert {reminder.exercise for reminder in said} == {""}
    assert "Stand up and walk a few steps." in said[0].body


def test_own_words_are_said_and_not_while_a_red_flag_is_open() -> None:
    context = CoachContext(texts={"stand": OwnText("stand", "Up!", "{lasted}: {exercise}")})
    (said,) = heard([("sitting", 31)], NO_STRETCH, context)
    assert said.title == "Up!"
    assert said.body.startswith("30 min: Stand up and walk")
    (quiet,) = heard([("sitting", 31)], NO_STRETCH, replace(context, suspended=True))
    assert quiet.title == "Time to stand"
    assert quiet.body.startswith("You have been sitting for")


@given(st.dictionaries(st.sampled_from(IDS), st.floats(0.0, 1e7)), st.sampled_from(("any", *BIASES)))
def test_a_stretch_fits_the_desk_and_the_bias(ago_s: dict[str, float], bias: str) -> None:
    chosen = next_stretch(ago_s, Limits(bias))
    assert chosen.id in STRETCHES or bias in chosen.bias
    assert chosen.position != "floor"
    assert bias == "any" or {"neutral", bias} & set(chosen.bias)
    assert next_stretch(ago_s, Limits(bias), "left").target == "QL"
    for side in ("left", None):
        assert next_stretch(ago_s, Limits(bias), side, standing=True).position == "standing"


@given(st.integers(0, 100), st.sampled_from(("any", *BIASES)))
def test_a_stand_step_fits_the_bias(turn: int, bias: str) -> None:
    chosen = next_stand(turn, Limits(bias))
    assert chosen is not None
    assert chosen.id in STANDS or bias in chosen.bias
    assert chosen in fitting(library(), Limits(bias))


def test_never_done_comes_before_long_ago() -> None:
    assert next_stretch({"ql_stand": 1e9}).id == "ql_seat"
    everything = dict.fromkeys(STRETCHES, 1000.0)
    assert next_stretch(everything).target == "QL"
    assert next_stretch(with_value(everything, "piri_seat", 5000.0)).id == "piri_seat"


def with_value(ago_s: dict[str, float], name: str, value: float) -> dict[str, float]:
    return {**ago_s, name: value}


def test_filters() -> None:
    assert {exercise.id for exercise in fitting(library(), target="ql", positions=["desk"])} == {"ql_seat"}
    assert all(exercise.least_s <= 60 for exercise in fitting(library(), within_s=60))
    assert "breath" in {exercise.id for exercise in fitting(library(), positions=["standing"])}
    flexion = {exercise.id for exercise in fitting(library(), Limits("flexion"))}
    assert "back_bend" not in flexion
    assert "dbl_knee" in flexion
