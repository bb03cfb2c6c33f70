"""The plan: what it reaches in a week, what it follows, how doses rise, and which ways an exercise has to a user."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach import plan
from posture.coach.choose import Limits, fitting
from posture.coach.exercise import BIASES, GROUPS, HURTS, Exercise
from posture.coach.exercises import find_exercise, library
from posture.coach.findings import Finding
from posture.coach.packaged import packaged
from posture.coach.plan import REACHED, RISING, SLOTS, Done, Item, Known, dose_at, missing, programme, rises
from posture.coach.progress import levels
from posture.coach.ways import BIAS_SETTINGS, ways
from posture.settings import CONDITIONS

MONDAY = 739950  # 2026-11-30
DAYS = st.integers(MONDAY - 4000, MONDAY + 4000)
SOME = st.builds(
    Limits,
    st.sampled_from(("any", *BIASES)),
    st.frozensets(st.sampled_from(CONDITIONS)),
    st.frozensets(st.sampled_from(HURTS)),
)
IDS = [exercise.id for exercise in library()]


def week_from(day: int, limits: Limits, minutes: float) -> list[Item]:
    """The items of seven days for which there is time."""
    return [item for n in range(7) for item in programme(limits, minutes, day + n) if item.fits]


def test_monday_is_one() -> None:
    assert plan.week_of(MONDAY) == plan.week_of(MONDAY + 6) == plan.week_of(MONDAY - 1) + 1


@given(SOME, st.floats(0.5, 60.0), DAYS)
def test_a_plan_is_of_what_fits_in_its_time(limits: Limits, minutes: float, day: int) -> None:
    items = programme(limits, minutes, day)
    assert "breath" in {item.exercise.id for item in items}
    assert sum(item.exercise.least_s for item in items if item.fits) <= minutes * 60.0
    assert len({item.exercise.id for item in items}) == len(items)
    assert [item.slot for item in items] == [slot for slot in SLOTS if slot in {item.slot for item in items}]
    for item in items:
        assert not limits.hurts & set(item.exercise.hurts)
        assert not limits.clearance & set(item.exercise.unless)
        assert limits.bias == "any" or {"neutral", limits.bias} & set(item.exercise.bias)
        assert limits.bias != "flexion" or item.exercise.id != "walk"


@given(SOME, st.floats(3.0, 60.0), DAYS)
def test_a_week_reaches_all_that_can_be_reached(limits: Limits, minutes: float, day: int) -> None:
    week = week_from(day, limits, minutes)
    lacking = missing(programme(limits, minutes, day), limits)
    groups = {item.exercise.group for item in week}
    assert groups | set(lacking) >= set(REACHED.values())
    assert not groups & set(lacking)
    for slot in ("walk", "strength"):
        assert (slot in {item.slot for item in week}) == (slot not in lacking)


@pytest.mark.parametrize("bias", ["any", "neutral", "extension"])
def test_who_has_named_nothing_is_given_all_three_groups_a_walk_and_strength_first(bias: str) -> None:
    for day in range(MONDAY, MONDAY + 84):
        items = programme(Limits(bias), 10.0, day)
        assert [item.slot for item in items] == list(SLOTS)
        assert missing(items, Limits(bias)) == []
        assert all(item.fits for item in items[:2])
        assert {item.exercise.group for item in week_from(day, Limits(bias), 10.0)} >= set(REACHED.values())


def test_every_exercise_is_in_a_plan_of_six_weeks() -> None:
    found = {
        item.exercise.id
        for bias in BIAS_SETTINGS
        for day in range(MONDAY, MONDAY + 42)
        for item in programme(Limits(bias), 10.0, day)
        if item.fits
    }
    assert found == {exercise.id for exercise in packaged()}


@pytest.mark.parametrize(("bias", "own"), [("flexion", {"dbl_knee", "knee_roll"}), ("extension", {"back_bend"})])
def test_a_direction_puts_its_exercises_into_each_day(bias: str, own: set[str]) -> None:
    for day in range(MONDAY, MONDAY + 84):
        for minutes in (5.0, 10.0, 20.0):
            chosen = {item.exercise.id: item.fits for item in programme(Limits(bias), minutes, day)}
            assert any(chosen.get(name) for name in own) or minutes == 5.0
            assert own & set(chosen)


def test_the_days_of_a_week_are_alike_but_for_the_two_strength_exercises() -> None:
    days = [programme(Limits(), 20.0, MONDAY + n) for n in range(7)]
    for items in zip(*days, strict=True):
        assert len({item.exercise.id for item in items}) == (2 if items[0].slot == "strength" else 1)


def test_where_nothing_else_fits_there_is_breathing_and_what_is_missing_is_said() -> None:
    everything = Limits(hurts=frozenset(HURTS))
    items = programme(everything, 10.0, MONDAY)
    assert [item.exercise.id for item in items] == ["breath"]
    assert missing(items, everything) == ["walk", "strength", "QL", "buttock", "hip flexors"]
    walking = Limits(hurts=frozenset({"walking"}))
    assert missing(programme(walking, 10.0, MONDAY), walking) == ["walk"]
    new_hip = Limits(clearance=frozenset({"hip_replacement"}))
    assert missing(programme(new_hip, 10.0, MONDAY), new_hip) == ["hip flexors"]


def test_the_groups_are_those_of_the_field() -> None:
    groups = {group: {each.id for each in packaged() if each.group == group} for group in GROUPS}
    assert groups["QL"] == {"ql_stand", "ql_seat", "ql_child", "side_bridge_knees"}
    assert groups["buttock"] == {"piri_seat", "hip_rot", "bridge"}
    assert groups["hip flexors"] == {"hf_kneel", "hf_split"}


# -- what is found -----------------------------------------------------------------------------------------------------


def by_slot(known: Known, day: int = MONDAY) -> Mapping[str, Item]:
    return {item.slot: item for item in programme(Limits(), 10.0, day, known)}


def test_nothing_found_names_no_side() -> None:
    assert {(item.side, item.why) for item in by_slot(Known()).values()} == {(None, "")}


def test_the_side_that_was_leaned_to_comes_before_a_self_check() -> None:
    less_left = Finding("side-bend", "left", 20.0, 15.0, 1)
    leant = by_slot(Known(leant="left", findings=(less_left,)))
    assert (leant["side stretch"].side, leant["side stretch"].why) == ("left", "you leaned left more")
    assert leant["hip flexors"].side is None
    bent = by_slot(Known(findings=(less_left,)))["side stretch"]
    assert (bent.side, bent.why) == ("right", "at the last self-check you bent less far to the left")


@pytest.mark.parametrize(
    ("finding", "slot", "side", "why"),
    [
        (Finding("hip-extension", "right", 2.0, 9.0, 1), "hip flexors", "right", "the right leg went back less far"),
        (Finding("hip-extension", None, 2.0, 8.0, 1), "hip flexors", None, "the legs went back little"),
        (Finding("hip-rotation", "left", 9.0, 12.0, 2, "in"), "buttock", "left", "the left foot swung in less far"),
        (Finding("hip-rotation", None, 9.0, 12.0, 1, "out"), "buttock", None, "the feet swung out less far"),
    ],
)
def test_a_finding_is_followed_where_it_belongs(finding: Finding, slot: str, side: str | None, why: str) -> None:
    for day in (MONDAY, MONDAY + 7):
        items = by_slot(Known(findings=(finding,)), day)
        assert (items[slot].side, items[slot].why) == (side, f"at the last self-check {why}")
        assert [item.slot for item in items.values() if item.why] == [slot]


def test_little_outward_rotation_keeps_to_hip_rotation() -> None:
    known = Known(findings=(Finding("hip-rotation", None, 9.0, 12.0, 1, "out"),))
    assert {by_slot(known, MONDAY + 7 * week)["buttock"].exercise.id for week in range(4)} == {"hip_rot"}


# -- how doses rise ----------------------------------------------------------------------------------------------------


@given(st.sampled_from(library()), st.integers(-3, 9))
def test_a_dose_rises_within_its_own(exercise: Exercise, level: int) -> None:
    due, dose = dose_at(exercise, level), exercise.dose
    assert dose.least <= due.least <= due.most <= dose.most
    assert due.least >= dose_at(exercise, level - 1).least
    assert (due == dose) or rises(exercise)
    if rises(exercise):
        assert dose_at(exercise, 0).least == dose.least
        assert dose_at(exercise, RISING).most == dose.most


def done_on(name: str, *days: int, level: int = 0) -> dict[tuple[int, str], Done]:
    """The dose of a level, done on these days from Monday of the first week on."""
    exercise = find_exercise(name)
    least = dose_at(exercise, level).least
    sides = ("left", "right") if exercise.sides == "each" else ("both",)
    return {(MONDAY + day, name): Done({}, dict.fromkeys(sides, least)) for day in days}


MOST = RISING  # a dose that is enough at every level


@pytest.mark.parametrize(
    ("days", "today", "level"),
    [
        ((), 30, 0),
        ((0, 2), 6, 0),  # the week goes on
        ((0, 2), 7, 1),
        ((0,), 7, 0),  # once is not enough
        ((0, 2, 7, 9), 14, 2),
        ((0, 2, 7), 14, 1),  # stays
        ((0, 2, 7, 9, 14, 16, 21, 23, 28, 30, 35, 37), 42, RISING),
        ((0, 2, 7, 9), 21, 2),  # a week without stays
        ((0, 2, 7, 9), 28, 1),  # two weeks without step back
        ((0, 2, 7, 9), 42, 0),
    ],
)
def test_a_dose_rises_by_what_was_done_and_not_by_the_calendar(days: tuple[int, ...], today: int, level: int) -> None:
    done = done_on("side_bridge_knees", *days, level=MOST)
    assert levels(done, [], MONDAY + today).get("side_bridge_knees", 0) == level


def test_what_did_not_reach_the_risen_dose_does_not_let_it_rise_further() -> None:
    done = done_on("side_bridge_knees", 0, 2, 7, 9, 14, 16, level=0)
    assert levels(done, [], MONDAY + 21) == {"side_bridge_knees": 1}


def test_other_strength_keeps_a_dose_from_stepping_back() -> None:
    done = done_on("side_bridge_knees", 0, 2, level=MOST) | done_on("dead_bug", 8, 15, 22, level=MOST)
    assert levels(done, [], MONDAY + 28) == {"side_bridge_knees": 1}


@pytest.mark.parametrize(
    ("pains", "level"),
    [
        ([], 2),
        ([(7, 3), (9, 3)], 2),
        ([(7, 3), (9, 4)], 1),  # a point more: it stays
        ([(7, 3), (9, 5)], 0),  # two more: a step back
        ([(2, 3), (8, 5)], 0),  # against the days before
        ([(-9, 3), (9, 5)], 2),  # long before
        ([(7, 5), (9, 3)], 2),  # less
        ([(13, 3), (15, 5)], 1),  # in the week that goes on
    ],
)
def test_a_dose_stays_or_steps_back_after_pain_went_up(pains: list[tuple[int, int]], level: int) -> None:
    done = done_on("side_bridge_knees", 0, 2, 7, 9, level=MOST)
    told = [(MONDAY + day, strength) for day, strength in pains]
    assert levels(done, told, MONDAY + 16).get("side_bridge_knees", 0) == level


@given(
    st.lists(st.tuples(st.integers(0, 120), st.sampled_from(IDS), st.floats(0.0, 600.0)), max_size=60),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 10)), max_size=20),
    st.integers(0, 130),
)
def test_no_history_takes_a_dose_out_of_its_range(
    told: list[tuple[int, str, float]], pains: list[tuple[int, int]], today: int
) -> None:
    done = {(MONDAY + day, name): Done({}, {"left": n, "right": n, "both": n}) for day, name, n in told}
    found = levels(done, [(MONDAY + day, level) for day, level in pains], MONDAY + today)
    assert all(0 < level <= RISING for level in found.values())
    assert all(rises(find_exercise(name)) for name in found)
    for item in programme(Limits(), 20.0, MONDAY + today, Known(levels=found)):
        assert item.exercise.dose.most <= find_exercise(item.exercise.id).dose.most


def test_the_plan_has_the_dose_that_is_due() -> None:
    known = Known(levels={"walk": 2, "side_bridge_knees": 4})
    items = {item.exercise.id: item.exercise for n in range(42) for item in programme(Limits(), 20, MONDAY + n, known)}
    assert items["walk"].dose.words == "3.5 min"
    assert items["side_bridge_knees"].dose.reps == (10, 10)
    assert items["dead_bug"].dose.reps == (5, 5)
    assert items["ql_stand"].dose == find_exercise("ql_stand").dose


# -- the ways to a user ------------------------------------------------------------------------------------------------


def test_no_exercise_is_without_a_way_and_none_goes_against_its_direction() -> None:
    found = ways([exercise.id for exercise in packaged()])
    for name, way in found.items():
        exercise = find_exercise(name)
        assert way.plan, name
        fit = {bias for bias in BIAS_SETTINGS if exercise in fitting(library(), Limits(bias))}
        assert {*way.stand, *way.stretch, *way.plan} <= fit
        assert set(way.direction) <= set(exercise.bias)
        if {"flexion", "extension"} & set(exercise.bias):
            assert way.direction, name
    assert found["walk"].stand
    assert "flexion" not in found["walk"].stand
    assert {check for way in found.values() for check in way.self_check} == {
        "side-bend",
        "hip rotation",
        "hip extension",
    }


def test_a_way_that_is_closed_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    gone = [replace(each, bias=("flexion",)) if each.id == "back_bend" else each for each in library()]
    monkeypatch.setattr(plan, "library", lambda: [each for each in gone if each.id != "dbl_knee"])
    assert not ways(["dbl_knee"])["dbl_knee"].plan
