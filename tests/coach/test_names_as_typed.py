"""Exercises by the names that people type."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.exercise import Exercise
from posture.coach.exercises import library, typed_exercise
from posture.errors import PostureError


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("side-bend", "ql_stand"),
        ("Side bend", "ql_stand"),
        ("sidebend", "ql_stand"),
        ("SEATED SIDE-BEND", "ql_seat"),
        ("seated side", "ql_seat"),
        ("Standing side bend", "ql_stand"),
        ("child", "ql_child"),
        ("child's pose", "ql_child"),
        ("ql-stand", "ql_stand"),
        ("QL_STAND", "ql_stand"),
        ("bird", "bird_dog"),
        ("bird dog", "bird_dog"),
        ("figure four", "piri_seat"),
        ("hip swing", "hip_rot"),
        ("knees", "dbl_knee"),
        ("knees to chest", "dbl_knee"),
        ("side bridge", "side_bridge_knees"),
        ("bridge", "bridge"),
        ("walk", "walk"),
        ("long", "breath"),
        ("dead", "dead_bug"),
        ("back bend", "back_bend"),
        ("chest turns", "thor_rot"),
    ],
)
def test_as_people_type_them(typed: str, found: str) -> None:
    assert typed_exercise(typed).id == found


@given(st.sampled_from(library()), st.sampled_from(["lower", "upper", "title"]), st.sampled_from([" ", "-", "_", "  "]))
def test_every_exercise_by_its_id_and_by_its_name(exercise: Exercise, case: str, between: str) -> None:
    for name in (exercise.id, exercise.name):
        typed = between.join(getattr(name, case)().replace("-", " ").replace("_", " ").split())
        assert typed_exercise(typed) == exercise


@given(st.text(max_size=40))
def test_whatever_is_typed_is_found_or_said(typed: str) -> None:
    with suppress(PostureError):
        assert typed_exercise(typed) in library()


@pytest.mark.parametrize(
    ("typed", "names"),
    [("side", ("ql_child", "side_bridge_knees")), ("sitting", ("posture exercises",)), ("side-bned", ("side-bend",))],
)
def test_what_may_be_meant_is_named(typed: str, names: tuple[str, ...]) -> None:
    with pytest.raises(PostureError) as error:
        typed_exercise(typed)
    for name in names:
        assert name in str(error.value)
