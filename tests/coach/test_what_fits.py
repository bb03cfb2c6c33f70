"""What is chosen never goes against what a user said: the direction, what a clinician must clear, and what hurts."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach import advance as coach
from posture.coach.choose import Limits, fitting, limits_of, next_stand, next_stretch
from posture.coach.exercise import BIASES, HURTS, Exercise, Side
from posture.coach.exercises import find_exercise, library
from posture.coach.pain import DAY_S, MOVEMENTS, WHEN, WHERE, PainEntry, hurts_by, sore_places
from posture.coach.reminder import Reminder
from posture.coach.sentences import Facts, body_of, title_of
from posture.coach.state import CoachContext, CoachState
from posture.measure.observation import Observation, Presence
from posture.settings import CONDITIONS, CoachSettings, TimelineSettings
from posture.timeline.advance import advance as step_timeline
from posture.timeline.state import TimelineState

BIAS = st.sampled_from(("any", *BIASES))
SOME = st.builds(
    Limits, BIAS, st.frozensets(st.sampled_from(CONDITIONS)), st.frozensets(st.sampled_from((*HURTS, "low", "neck")))
)
EXERCISES = st.sampled_from(library())


def every_bias_and_condition() -> Iterator[Limits]:
    for bias in ("any", *BIASES):
        for count in range(len(CONDITIONS) + 1):
            for conditions in itertools.combinations(CONDITIONS, count):
                yield Limits(bias, frozenset(conditions))


def conflicts(exercise: Exercise, limits: Limits) -> list[str]:
    """What an exercise goes against, said again in other words than `Limits.allow`."""
    found = [each for each in exercise.unless if each in limits.clearance]
    found += [each for each in exercise.hurts if each in limits.hurts]
    if limits.bias != "any" and not {"neutral", limits.bias} & set(exercise.bias):
        found.append("moves the back the other way")
    if limits.bias == "flexion" and exercise.id == "walk":
        found.append("walking in flexion")
    return found


@given(EXERCISES, SOME)
def test_what_fits_goes_against_nothing(exercise: Exercise, limits: Limits) -> None:
    assert limits.allow(exercise) == (not conflicts(exercise, limits))
    assert limits.walks == (not conflicts(find_exercise("walk"), limits))


@given(
    SOME,
    st.dictionaries(st.sampled_from([exercise.id for exercise in library()]), st.floats(0.0, 1e7)),
    st.sampled_from((None, "left", "right")),
    st.booleans(),
    st.integers(0, 40),
)
def test_reminders_name_only_what_fits_and_always_something_sensible(
    limits: Limits, ago_s: dict[str, float], side: Side | None, standing: bool, turn: int
) -> None:
    stretch = next_stretch(ago_s, limits, side, standing=standing)
    assert not conflicts(stretch, limits)
    assert stretch.position != "floor"
    stand = next_stand(turn, limits)
    assert stand is None or (not conflicts(stand, limits) and stand.position == "standing")


def test_under_all_directions_and_conditions_breathing_is_left() -> None:
    for limits in every_bias_and_condition():
        assert find_exercise("breath") in fitting(library(), limits)
        everything = Limits(limits.bias, limits.clearance, frozenset(HURTS))
        assert next_stretch({}, everything).id == "breath"
        assert next_stand(0, everything) is None


def test_a_direction_brings_its_exercises_into_reminders() -> None:
    for bias, own in (("extension", "back_bend"), ("flexion", "piri_seat")):
        ago_s: dict[str, float] = {}
        named = []
        for _ in range(4):
            named.append(next_stretch(ago_s, Limits(bias)).id)
            ago_s = {**{name: passed + 3600.0 for name, passed in ago_s.items()}, named[-1]: 0.0}
        assert named[0] != "ql_stand"
        assert own in named
    stands = [next_stand(turn, Limits("extension")) for turn in range(4)]
    assert "back_bend" in [stand.id for stand in stands if stand]


def test_the_settings_and_the_log_make_the_limits() -> None:
    settings = CoachSettings(bias="neutral", clearance="osteoporosis, balance")
    limits = limits_of(settings, frozenset({"knee"}))
    assert limits == Limits("neutral", frozenset({"osteoporosis", "balance"}), frozenset({"knee"}))
    assert limits_of(CoachSettings(clearance="none")) == Limits()


# -- what an exercise avoids can be told -------------------------------------------------------------------------------


def test_whatever_takes_an_exercise_out_can_be_logged() -> None:
    places = {where.partition("-")[0] for where in WHERE}
    assert set(HURTS) <= {*MOVEMENTS, *places}
    assert set(HURTS) == {each for exercise in library() for each in exercise.hurts}


IN_WORDS = {
    "shoulder pain": "shoulder",
    "knee pain": "knee",
    "wrist pain": "wrist",
    "rib pain": "ribs",
    "groin pain": "groin",
    "a pinch in the groin": "groin",
    "tingling in the leg": "leg",
    "pain when twisting": "twisting",
    "pain when leaning back": "leaning-back",
    "pain when bending forward": "bending",
    "pain on walking": "walking",
    "pain on standing or walking": "standing walking",
    "pain on sitting or bending": "sitting bending",
}


@pytest.mark.parametrize("exercise", library(), ids=lambda exercise: exercise.id)
def test_what_an_exercise_avoids_takes_it_out(exercise: Exercise) -> None:
    for words in exercise.avoid:
        assert set(IN_WORDS.get(words, "").split()) <= set(exercise.hurts), words


NOW_S = 1_800_000_000.0


def logged(*told: tuple[float, int, str, str]) -> list[PainEntry]:
    return [PainEntry(NOW_S - days * DAY_S, level, where, when) for days, level, where, when in told]


@pytest.mark.parametrize(
    ("told", "sore"),
    [
        ([(1, 3, "knee", "")], {"knee"}),
        ([(1, 3, "leg-left", ""), (1, 2, "shoulder", "")], {"leg", "shoulder"}),
        ([(2, 3, "knee", ""), (1, 0, "knee", "")], set()),
        ([(2, 3, "knee", ""), (1, 0, "shoulder", "")], {"knee"}),
        ([(2, 3, "leg-left", ""), (1, 0, "leg-right", "")], {"leg"}),
        ([(2, 3, "knee", ""), (1, 0, "", "")], set()),
        ([(2, 3, "knee", ""), (1, 0, "", "sitting")], {"knee"}),
        ([(29, 3, "knee", "")], set()),
        ([(-1, 3, "knee", "")], set()),
        ([(1, 3, "", "sitting")], set()),
    ],
)
def test_a_place_is_sore_until_it_is_said_not_to_be(told: list[tuple[float, int, str, str]], sore: set[str]) -> None:
    assert sore_places(logged(*told), NOW_S) == sore
    assert sore_places(logged(*told)[::-1], NOW_S) == sore


def test_twisting_and_leaning_back_can_hurt() -> None:
    for when in ("twisting", "leaning-back"):
        assert when in WHEN
        assert hurts_by(logged(*((float(day), 4, "low", when) for day in (3, 2, 1))), NOW_S) == {when}


# -- what reminders say ------------------------------------------------------------------------------------------------


@given(SOME, st.sampled_from(("stand", "move", "sit", "stretch")), st.booleans(), st.sampled_from((0.0, 900.0)))
def test_no_text_asks_for_what_hurts(limits: Limits, kind: str, said: bool, call_s: float) -> None:
    exercise = next_stand(0, limits) if kind == "stand" else next_stretch({}, limits) if kind == "stretch" else None
    facts = Facts(
        1860.0, 1800.0, "x", exercise=exercise, said=said, call_s=call_s, hurts=limits.hurts, walks=limits.walks
    )
    text = f"{title_of(kind, facts)}. {body_of(kind, facts)}".lower()  # type: ignore[arg-type]
    if not limits.walks:
        assert "walk" not in text
    if "sitting" in limits.hurts:
        assert "time to sit" not in text
        assert "sit down for a while" not in text
    if "standing" in limits.hurts and exercise is None:
        assert "time to stand" not in text
    assert "shoulders" not in text or "shoulder" not in limits.hurts


def heard(
    spells: list[tuple[Presence, float]], settings: CoachSettings, context: CoachContext, look_s: float = 15.0
) -> list[Reminder]:
    """What is said over spells of (presence, minutes), always shifting."""
    timeline, state, said, t_s = TimelineState(), CoachState(), [], 0.0
    for presence, minutes in spells:
        until_s = t_s + minutes * 60
        while t_s < until_s:
            seen = Observation(t_s, presence, posture=(3.0 * (t_s // 300.0),))
            timeline, _ = step_timeline(timeline, seen, TimelineSettings())
            state, now = coach.advance(state, timeline, context, settings)
            said += now
            t_s += look_s
    return said


DAY: list[tuple[Presence, float]] = [("sitting", 50), ("standing", 40), ("sitting", 35), ("away", 3)] * 2
CLEARANCES = ("none", "surgery", "osteoporosis, hip_replacement", "late_pregnancy, balance")


@pytest.mark.parametrize("bias", ["any", *BIASES])
@pytest.mark.parametrize("hurts", ["", "walking", "standing", "standing walking", "sitting", "shoulder"])
def test_no_reminder_of_a_day_names_what_does_not_fit(bias: str, hurts: str) -> None:
    clearance = CLEARANCES[(len(bias) + len(hurts)) % len(CLEARANCES)]
    settings = CoachSettings(bias=bias, clearance=clearance, stretch_after_s=3600.0)
    context = CoachContext(hurts=frozenset(hurts.split()))
    limits = limits_of(settings, context.hurts)
    said = heard(DAY, settings, context, look_s=20.0)
    assert {"stand", "stretch", "sit"} <= {reminder.kind for reminder in said}
    for reminder in said:
        assert not reminder.exercise or not conflicts(find_exercise(reminder.exercise), limits), reminder
        assert limits.walks or "walk" not in reminder.body


def test_whom_standing_hurts_is_asked_to_sit_sooner_and_stands_for_less() -> None:
    spells: list[tuple[Presence, float]] = [("sitting", 31), ("standing", 36)]
    stand, sit = heard(spells, CoachSettings(), CoachContext())
    earlier, sooner, *_ = heard(spells, CoachSettings(), CoachContext(hurts=frozenset({"standing", "walking"})))
    assert (stand.kind, sit.kind, earlier.kind, sooner.kind) == ("stand", "sit", "stand", "sit")
    assert sooner.t_s < sit.t_s - 900
    assert sooner.body.endswith("Sit down for a moment.")
    assert sooner.why.endswith("shorter since standing hurts by your log")
    assert earlier.title == "Time for a change of position"
    assert earlier.exercise == ""
    assert 0 < earlier.asks_s < stand.asks_s


def test_a_repeat_names_another_exercise_once_the_first_fits_no_more() -> None:
    timeline, state, said = TimelineState(), CoachState(), []
    for turn in range(220):
        seen = Observation(15.0 * turn, "sitting", posture=(3.0 * (turn // 20),))
        timeline, _ = step_timeline(timeline, seen, TimelineSettings())
        context = CoachContext(hurts=frozenset({"walking"} if said else ()))
        state, now = coach.advance(state, timeline, context, CoachSettings())
        said += now
    first, again = said
    assert (first.exercise, again.repeat) == ("walk", True)
    assert again.exercise in ("ql_stand", "hf_split")
