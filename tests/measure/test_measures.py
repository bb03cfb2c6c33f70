"""What one look measures: plain ratios by hand, angles from the fit, and None for what is not to be seen."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import (
    VISIBLE,
    H,
    Points,
    W,
    baseline_like,
    person_of,
    pose_of,
    rendered,
    rendered_baseline,
    sitter,
    zoomed,
)

from posture.measure import measures
from posture.measure.angles import ANGLES, Estimate, Placement, estimate_angles
from posture.measure.baseline import Baseline
from posture.measure.edge import face_lean, face_slump, level_line, neck_sd_sw, widened
from posture.measure.geometry import Geometry, Person, ear_line_deg, eye_line_deg, face_line_deg
from posture.measure.measures import MOST_DEG, PROVISIONAL_SD, Measures, measure
from posture.pose.landmarks import Landmark
from posture.settings import Settings

SETTINGS = Settings()
SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
HEAD = tuple(Landmark(row) for row in (0, 2, 5, 7, 8, 9, 10))
RELATIVE = ("lateral_shift_sw", "head_drop_sw", "shoulder_drop_sw", "forward_head_ratio", "lean_in_ratio")


def unseen(*landmarks: Landmark) -> Person:
    points = sitter()
    points[list(landmarks), 3] = 0.2
    return person_of(points)


@pytest.mark.parametrize(
    ("model", "shoulders", "head"), [("lite", 0.43, 0.55), ("full", 0.49, 0.66), ("heavy", 0.61, 0.72)]
)
def test_without_a_baseline_tilts_are_against_the_picture(model: str, shoulders: float, head: float) -> None:
    tilted = sitter({Landmark.LEFT_SHOULDER: (0, -20), Landmark.LEFT_EYE: (0, 5), Landmark.NOSE: (6, 0)})
    person = person_of(tilted)
    found = measure(person, None, SETTINGS, model)
    line_deg, eyes_deg = math.degrees(math.atan2(20, 240)), -math.degrees(math.atan2(5, 50))
    # What both lines have in common is the camera's roll; what is over 2 degrees to either side of it is the person's.
    roll_deg, own_deg = (line_deg + eyes_deg) / 2, (line_deg - eyes_deg) / 2 - 2.0
    assert found.shoulder_tilt_deg == pytest.approx(roll_deg + own_deg / shoulders)
    assert found.head_tilt_deg == pytest.approx(-roll_deg + own_deg / head)
    assert found.head_yaw_deg == person.geometry.yaw_deg > 1.0
    assert found.lateral_lean_deg == person.geometry.lean_deg
    known = {
        "shoulder_tilt_deg",
        "head_tilt_deg",
        "head_yaw_deg",
        "lateral_lean_deg",
        "distance_cm",
        "sd",
        "not_observable",
    }
    assert {spec.name for spec in fields(Measures) if getattr(found, spec.name) is not None} == known
    assert (found.sd, found.not_observable) == ({}, ())


ASIDE = np.array([W, H, 0.0, 0.0])
"""Into a larger picture, so that nothing leaves it."""


def rolled(points: Points, degrees: float) -> Points:
    """The picture turned about its middle, + clockwise as seen, which lowers the person's left."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    out = points.copy()
    out[:, :2] = (points[:, :2] - (W / 2, H / 2)) @ np.array([[c, s], [-s, c]]) + (W / 2, H / 2)
    return out


def against_level(points: Points, model: str = "heavy") -> tuple[float, float]:
    """Shoulder tilt and head tilt without a baseline."""
    found = measure(Person.of(pose_of(points, 4 * W, 4 * H), VISIBLE), None, SETTINGS, model)
    assert found.shoulder_tilt_deg is not None
    assert found.head_tilt_deg is not None
    return found.shoulder_tilt_deg, found.head_tilt_deg


@given(st.floats(-20, 20), st.sampled_from(["lite", "full", "heavy"]))
def test_without_a_baseline_a_rolled_picture_shows_its_roll(degrees: float, model: str) -> None:
    assert against_level(rolled(sitter() + ASIDE, degrees), model) == pytest.approx((-degrees, degrees))


@given(st.floats(-20, 20), st.floats(-10, 10))
def test_a_roll_adds_to_what_the_person_does(degrees: float, down_px: float) -> None:
    """The lines of a person who tilts the shoulders in a picture that is rolled too."""
    tilted = sitter({Landmark.LEFT_SHOULDER: (0, down_px)}) + ASIDE
    line_deg, head_deg = against_level(tilted)
    assert against_level(rolled(tilted, degrees)) == pytest.approx((line_deg - degrees, head_deg + degrees))


def test_lines_that_differ_by_less_than_four_degrees_are_level() -> None:
    for by_deg, own_deg in ((3.9, 0.0), (4.1, 0.05), (-3.9, 0.0), (-4.1, -0.05)):
        down_px = -240 * math.tan(math.radians(by_deg))
        line_deg, head_deg = against_level(sitter({Landmark.LEFT_SHOULDER: (0, down_px)}))
        assert line_deg == pytest.approx(by_deg / 2 + own_deg / 0.61, abs=1e-9)
        assert head_deg == pytest.approx(-by_deg / 2 + own_deg / 0.72, abs=1e-9)


@pytest.mark.parametrize(
    ("model", "shoulders", "head"), [("lite", 0.43, 0.55), ("full", 0.49, 0.66), ("heavy", 0.61, 0.72)]
)
def test_one_line_alone_is_the_persons(model: str, shoulders: float, head: float) -> None:
    points = sitter({Landmark.LEFT_SHOULDER: (0, -20), Landmark.LEFT_EYE: (0, 5)})
    for hidden in (Landmark.NOSE, Landmark.LEFT_SHOULDER):
        part = points.copy()
        part[hidden, 3] = 0.2
        found = measure(person_of(part), None, SETTINGS, model)
        if hidden is Landmark.NOSE:
            assert found.shoulder_tilt_deg == pytest.approx(math.degrees(math.atan2(20, 240)) / shoulders)
        else:
            assert found.head_tilt_deg == pytest.approx(math.degrees(math.atan2(5, 50)) / head)


def test_lite_unless_another_model_is_named() -> None:
    tilted = person_of(sitter({Landmark.LEFT_SHOULDER: (0, -20)}))
    assert (
        measure(tilted, None, SETTINGS)
        == measure(tilted, None, SETTINGS, "lite")
        != measure(tilted, None, SETTINGS, "full")
    )
    base = rendered_baseline("Asian_F_1__base", "lite")
    leaning = rendered("Asian_F_1__lat_lean_+10", "lite")
    assert measure(leaning, base, SETTINGS) == measure(leaning, base, SETTINGS, "lite")


def test_without_a_baseline_only_what_is_seen_is_measured() -> None:
    headless = measure(unseen(Landmark.NOSE), None, SETTINGS)
    assert headless.head_tilt_deg is headless.head_yaw_deg is headless.distance_cm is None
    assert headless.shoulder_tilt_deg is not None
    shoulderless = measure(unseen(Landmark.LEFT_SHOULDER), None, SETTINGS)
    assert shoulderless.shoulder_tilt_deg is shoulderless.lateral_lean_deg is None
    assert shoulderless.head_tilt_deg is not None
    assert measure(unseen(Landmark.LEFT_HIP), None, SETTINGS).lateral_lean_deg is None


def test_distance_by_the_field_of_view() -> None:
    eyes_px, half = 50.0, math.tan(math.radians(31))
    assert measure(person_of(sitter()), None, SETTINGS).distance_cm == pytest.approx(320 / half * 6.3 / eyes_px)
    wide = replace(SETTINGS, camera=replace(SETTINGS.camera, field_of_view_deg=90.0))
    assert measure(person_of(sitter()), None, wide).distance_cm == pytest.approx(320 * 6.3 / eyes_px)


@pytest.mark.parametrize("size", [1, 2])
def test_places_are_in_shoulder_widths_of_the_baseline(size: int) -> None:
    """In a frame of the size of the calibration's, and of another."""
    base = baseline_like(sitter())
    moved = sitter(dict.fromkeys(HEAD, (12, 24)) | dict.fromkeys(SHOULDERS, (36, 60))) * [size, size, size, 1]
    found = measure(person_of(moved, size * W, size * H), base, SETTINGS, "heavy")
    assert found.lateral_shift_sw == pytest.approx(36 / 240)
    assert found.head_drop_sw == pytest.approx(24 / 240)
    assert found.shoulder_drop_sw == pytest.approx(60 / 240)
    assert found.lean_in_ratio == pytest.approx(0.0)
    assert found.forward_head_ratio == pytest.approx(0.0)


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("nearer", [0.7, 1.0, 1.5])
def test_a_larger_face_is_nearer(nearer: float, size: int) -> None:
    base = baseline_like(sitter())
    face = zoomed(sitter(), nearer, (320, 200))
    face[list(SHOULDERS)] = sitter()[list(SHOULDERS)]
    found = measure(person_of(face * [size, size, size, 1], size * W, size * H), base, SETTINGS, "heavy")
    assert found.lean_in_ratio == pytest.approx(nearer - 1)
    assert found.forward_head_ratio == pytest.approx(nearer - 1)
    rest_cm = measure(person_of(sitter()), None, SETTINGS).distance_cm
    assert rest_cm is not None
    assert found.distance_cm == pytest.approx(rest_cm / nearer)


def test_a_tiny_face_is_ten_times_as_far_at_most() -> None:
    face = zoomed(sitter(), 0.05, (320, 200))
    face[list(SHOULDERS)] = sitter()[list(SHOULDERS)]
    found = measure(person_of(face), baseline_like(sitter()), SETTINGS, "heavy")
    rest_cm = measure(person_of(sitter()), None, SETTINGS).distance_cm
    assert rest_cm is not None
    assert found.distance_cm == pytest.approx(rest_cm * 10)


def test_the_forward_head_ratio_holds_for_small_turns_only() -> None:
    base = baseline_like(sitter({Landmark.NOSE: (-10, 0)}))

    def ratio(turn_deg: float) -> float | None:
        at_deg = base.geometry.yaw_deg + turn_deg
        nose_x = math.tan(math.radians(at_deg)) * 0.78 * 100
        return measure(person_of(sitter({Landmark.NOSE: (nose_x, 0)})), base, SETTINGS, "heavy").forward_head_ratio

    at_limit = replace(base.geometry, yaw_deg=base.geometry.yaw_deg + 15.0)
    assert measure(Person(base.pose, at_limit), base, SETTINGS, "heavy").forward_head_ratio is None
    assert ratio(14.9) is not None
    assert ratio(-14.9) is not None
    assert ratio(15.1) is None
    assert ratio(-15.1) is None


def test_against_a_baseline_only_what_is_seen_is_measured() -> None:
    base = baseline_like(sitter())
    headless = measure(unseen(Landmark.NOSE), base, SETTINGS, "heavy")
    named = {spec.name for spec in fields(Measures) if getattr(headless, spec.name) is not None}
    assert named == {"lateral_shift_sw", "shoulder_drop_sw", "sd", "not_observable"}
    assert headless.sd == {}
    shoulderless = measure(unseen(Landmark.RIGHT_SHOULDER), rendered_baseline("White_M_1__base"), SETTINGS, "heavy")
    named = {spec.name for spec in fields(Measures) if getattr(shoulderless, spec.name) is not None}
    assert named == {"head_drop_sw", "lean_in_ratio", "distance_cm", "sd", "not_observable"}


def at_distance(person: Person, out_sw: float) -> Person:
    """The same person, with both shoulders so far outside the picture."""
    return replace(person, geometry=replace(person.geometry, shoulders_out_sw=out_sw, nearer_out_sw=out_sw))


def rest_at_distance(base: Baseline, out_sw: float) -> Baseline:
    return replace(base, geometry=replace(base.geometry, shoulders_out_sw=out_sw))


def test_a_head_alone_has_the_angles_of_a_head_and_slump_and_lean_by_the_face() -> None:
    look, base = rendered("Asian_F_1__slouch_+18"), rendered_baseline("Asian_F_1__base")
    whole = measure(look, base, SETTINGS, "heavy")
    head = ("head_tilt_deg", "head_pitch_deg", "head_yaw_deg")
    for out_sw in (0.61, math.inf):
        alone = measure(at_distance(look, out_sw), base, SETTINGS, "heavy")
        assert set(whole.sd) == {*ANGLES, "neck_short_sw"}
        assert set(alone.sd) == {*head, "slump_deg", "lateral_lean_deg"}
        assert alone.head_drop_sw == whole.head_drop_sw is not None
        assert alone.lean_in_ratio is not None
        slump = face_slump(alone.head_drop_sw, alone.lean_in_ratio)
        assert (alone.slump_deg, alone.sd["slump_deg"]) == (slump.value, slump.sd)
        assert (alone.lateral_lean_deg, alone.sd["lateral_lean_deg"]) == (0.0, 4.0)
        for name in ANGLES:
            if name not in ("slump_deg", "lateral_lean_deg"):
                assert getattr(alone, name) == (getattr(whole, name) if name in head else None)
        assert alone.neck_short_sw is alone.lateral_shift_sw is alone.shoulder_drop_sw is None


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_head_that_shifts_and_rolls_is_a_lean_where_the_shoulders_are_lost(side: float) -> None:
    look, base = rendered("Asian_F_1__base"), rendered_baseline("Asian_F_1__base")
    ears_x, ears_y = base.geometry.ears_px
    for shift_sw, roll_deg in ((0.6, 20.0), (0.1, 20.0), (0.6, -20.0)):
        shifted = replace(
            at_distance(look, math.inf).geometry,
            ears_px=(ears_x + side * shift_sw * base.geometry.shoulder_width_px, ears_y),
            eye_line_deg=base.geometry.eye_line_deg + side * roll_deg,
        )
        found = measure(replace(look, geometry=shifted), base, SETTINGS, "heavy")
        lean = face_lean(side * shift_sw, side * roll_deg)
        assert found.lateral_lean_deg == (None if lean is None else pytest.approx(lean.value))
        assert (found.lateral_lean_deg is None) == ("lateral_lean_deg" not in found.sd) == (roll_deg < 0)


@pytest.mark.parametrize("of_baseline", [False, True])
def test_shoulders_out_of_the_picture_widen_every_angle(of_baseline: bool) -> None:
    """Whichever of look and baseline has them farther out; what is hidden of an angle goes by the look's own."""
    look, base = rendered("Asian_F_1__slouch_+18"), rendered_baseline("Asian_F_1__base")
    at_home = measure(at_distance(look, -1.0), rest_at_distance(base, -1.0), SETTINGS, "heavy")
    assert at_home.lateral_shift_sw is not None
    for out_sw in (-0.1, -0.05, 0.0, 0.12, 0.6):
        own_sw = -1.0 if of_baseline else out_sw
        found = measure(
            at_distance(look, own_sw), rest_at_distance(base, out_sw if of_baseline else -1.0), SETTINGS, "heavy"
        )
        for name in ANGLES:
            own = Estimate(getattr(at_home, name), at_home.sd[name])
            if name == "shoulder_tilt_deg":
                own = level_line(own, at_home.lateral_shift_sw, own_sw)
            own = widened(name, own, out_sw, own_sw)
            assert getattr(found, name) == pytest.approx(own.value), (name, out_sw)
            assert found.sd[name] == pytest.approx(own.sd), (name, out_sw)
        assert found.sd["neck_short_sw"] == neck_sd_sw(out_sw)
        assert found.neck_short_sw == pytest.approx(at_home.neck_short_sw, abs=0.002)


def with_lines(look: Person, base: Baseline, eyes_deg: float, ears_deg: float, face_deg: float) -> Person:
    """The same person with the lines of eyes, ears and face turned so much from those of the baseline."""
    points = look.pose.landmarks.copy()
    for line, left, right, by_deg in (
        (eye_line_deg, Landmark.LEFT_EYE, Landmark.RIGHT_EYE, eyes_deg),
        (ear_line_deg, Landmark.LEFT_EAR, Landmark.RIGHT_EAR, ears_deg),
    ):
        angle = math.radians(line(base.pose.landmarks) + by_deg)
        middle, half = (points[left, :2] + points[right, :2]) / 2, math.dist(points[left, :2], points[right, :2]) / 2
        points[left, :2] = middle + half * np.array([math.cos(angle), math.sin(angle)])
        points[right, :2] = middle - half * np.array([math.cos(angle), math.sin(angle)])
    angle = math.radians(face_line_deg(base.pose.landmarks) + face_deg)
    eyes = (points[Landmark.LEFT_EYE, :2] + points[Landmark.RIGHT_EYE, :2]) / 2
    points[[Landmark.MOUTH_LEFT, Landmark.MOUTH_RIGHT], :2] = eyes + 60.0 * np.array(
        [-math.sin(angle), math.cos(angle)]
    )
    return Person.of(replace(look.pose, landmarks=points), VISIBLE)


def head_tilt(
    seen_deg: float,
    fitted: Estimate,
    ears_more_deg: float = 0.0,
    eyes_more_deg: float = 0.0,
    face_more_deg: float = 0.0,
) -> tuple[float, float]:
    """A head tilt and its uncertainty: of the lines that a tilt of so much shows, and what the fit answers."""
    base, turn_deg = rendered_baseline("Asian_F_1__base"), 0.84 * seen_deg
    turns_deg = (turn_deg + eyes_more_deg, turn_deg + ears_more_deg, turn_deg + face_more_deg)
    look = with_lines(rendered("Asian_F_1__head_roll_+20"), base, *turns_deg)
    pose, rest = look.pose, base.pose
    answers = estimate_angles(pose.landmarks, pose.world, rest.landmarks, rest.world, W, H, "heavy")
    with mock.patch.object(measures, "estimate_angles", return_value=answers | {"head_tilt_deg": fitted}):
        found = measure(look, base, SETTINGS, "heavy")
    assert found.head_tilt_deg is not None
    return found.head_tilt_deg, found.sd["head_tilt_deg"]


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_wide_head_tilt_goes_by_the_lines_of_eyes_ears_and_face(side: float) -> None:
    """By the fit up to 18 degrees, by the lines from 28 on, by both in proportion between."""
    fitted = Estimate(side * 18.0, 4.0)
    for seen_deg in (0.0, 8.0, 17.99):
        assert head_tilt(side * seen_deg, fitted) == (side * 18.0, 4.0)
    assert head_tilt(side * 23.0, fitted) == pytest.approx((side * 20.5, 4.75))
    assert head_tilt(side * 20.0, fitted) == pytest.approx((side * (0.8 * 18.0 + 0.2 * 20.0), 0.8 * 4.0 + 0.2 * 5.5))
    for seen_deg in (28.0, 30.0, 40.0):
        assert head_tilt(side * seen_deg, fitted) == pytest.approx((side * seen_deg, 5.5))


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_of_eyes_ears_and_face_the_mean_counts(side: float) -> None:
    fitted = Estimate(side * 18.0, 4.0)
    for name in ("ears_more_deg", "eyes_more_deg", "face_more_deg"):
        assert head_tilt(side * 30.0, fitted, **{name: side * 2.52}) == pytest.approx((side * 31.0, 5.5))
        assert head_tilt(side * 30.0, fitted, **{name: side * -2.52}) == pytest.approx((side * 29.0, 5.5))


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_lines_that_do_not_agree_with_the_fit_on_the_side_say_nothing(side: float) -> None:
    fitted = Estimate(side * 18.0, 4.0)
    assert head_tilt(-side * 30.0, fitted) == (side * 18.0, 4.0)
    assert head_tilt(side * 30.0, fitted, ears_more_deg=-side * 76.0) == (side * 18.0, 4.0)
    assert head_tilt(side * 30.0, Estimate(0.0, 4.0)) == (0.0, 4.0)
    assert head_tilt(side * 30.0, Estimate(side * 0.01, 4.0)) == pytest.approx((side * 30.0, 5.5))


FITTED = st.builds(Estimate, st.floats(5, 21), st.floats(1, 6))


@given(FITTED, st.floats(21, 45), st.floats(21, 45))
def test_a_wider_turn_of_the_head_is_never_a_smaller_tilt(fitted: Estimate, first: float, second: float) -> None:
    less, more = (head_tilt(seen_deg, fitted)[0] for seen_deg in sorted((first, second)))
    assert less <= more + 1e-9


@given(FITTED, st.floats(0, 45))
def test_a_head_tilt_does_not_jump(fitted: Estimate, seen_deg: float) -> None:
    here, there = (head_tilt(deg, fitted)[0] for deg in (seen_deg, seen_deg + 0.01))
    assert abs(there - here) < 0.06


@pytest.mark.parametrize(
    ("name", "most_deg"),
    [("shoulder_tilt_deg", 45.0), ("lateral_lean_deg", 60.0), ("head_tilt_deg", 60.0), ("head_yaw_deg", 90.0)],
)
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_no_angle_beyond_what_a_sitting_person_can_do(name: str, most_deg: float, side: float) -> None:
    """Without a baseline: one line alone, of which the model shows a part."""
    part = {"shoulder_tilt_deg": 0.61, "head_tilt_deg": 0.72}.get(name, 1.0)
    line = {
        "shoulder_tilt_deg": "shoulder_line_deg", "lateral_lean_deg": "lean_deg",
        "head_tilt_deg": "eye_line_deg", "head_yaw_deg": "yaw_deg",
    }[name]  # fmt: skip
    of_face = name in ("head_tilt_deg", "head_yaw_deg")
    person = unseen(Landmark.LEFT_SHOULDER if of_face else Landmark.NOSE)
    for angle_deg, known in ((most_deg - 0.01, True), (most_deg + 0.01, False), (293.0, False)):
        geometry = replace(person.geometry, **{line: side * part * angle_deg})  # type: ignore[arg-type]
        found = getattr(measure(Person(person.pose, geometry), None, SETTINGS, "heavy"), name)
        assert found == (pytest.approx(side * angle_deg) if known else None)


def test_exactly_as_far_as_a_sitting_person_can_is_known() -> None:
    person = unseen(Landmark.LEFT_SHOULDER)
    turned = replace(person, geometry=replace(person.geometry, yaw_deg=-90.0))
    assert measure(turned, None, SETTINGS, "heavy").head_yaw_deg == -90.0


def test_the_range_of_each_angle() -> None:
    assert dict(MOST_DEG) == {
        "shoulder_tilt_deg": 45.0, "lateral_lean_deg": 60.0, "head_tilt_deg": 60.0, "head_pitch_deg": 80.0,
        "head_yaw_deg": 90.0, "slump_deg": 90.0, "forward_head_deg": 90.0, "hip_hinge_deg": 110.0,
    }  # fmt: skip
    assert set(MOST_DEG) == set(ANGLES)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_an_impossible_slump_is_not_known(side: float) -> None:
    """From the face alone: 45 degrees for each shoulder width that it has sunk."""
    look, base = rendered("Asian_F_1__base"), rendered_baseline("Asian_F_1__base")
    for down_sw, known in ((1.99, True), (2.01, False)):
        ears = (look.geometry.ears_px[0], look.geometry.ears_px[1] + side * down_sw * base.geometry.shoulder_width_px)
        alone = replace(look, geometry=replace(look.geometry, ears_px=ears, shoulders_out_sw=math.inf))
        slump_deg = measure(alone, base, SETTINGS, "heavy").slump_deg
        assert slump_deg == (pytest.approx(side * 45.0 * down_sw) if known else None)


def test_a_picture_upside_down_gives_no_impossible_angle() -> None:
    look, base = rendered("Asian_F_1__base"), rendered_baseline("Asian_F_1__base")
    points = look.pose.landmarks.copy()
    points[:, :2] = (W, H) - points[:, :2]
    turned = Person.of(replace(look.pose, landmarks=points), VISIBLE)
    for baseline in (None, base):
        found = measure(turned, baseline, SETTINGS, "heavy")
        for name, most_deg in MOST_DEG.items():
            assert abs(getattr(found, name) or 0.0) <= most_deg


@pytest.mark.parametrize(
    "name",
    [
        "Asian_F_1__slouch_+18",
        "Asian_F_1__head_pitch_+24",
        "Asian_F_1__head_pitch_-12",
        "White_M_1__head_fwd_+24",
        "Asian_F_1__lat_lean_+10",
        "Asian_F_1__head_roll_+20",
        "White_M_1__dim",
    ],
)
def test_a_neck_is_shorter_by_what_nothing_else_explains(name: str) -> None:
    look, base = rendered(name), rendered_baseline(f"{name.partition('__')[0]}__base")
    found = measure(look, base, SETTINGS, "heavy")
    assert found.head_pitch_deg is not None
    assert found.hip_hinge_deg is not None

    def neck_sw(of: Geometry) -> float:
        return (of.shoulders_px[1] - of.ears_px[1]) / of.shoulder_width_px

    assert found.lateral_lean_deg is not None
    assert found.head_tilt_deg is not None
    explained_sw = 0.0026 * max(found.head_pitch_deg, 0.0) + 0.004 * max(found.hip_hinge_deg, 0.0)
    explained_sw += 0.003 * abs(found.lateral_lean_deg) + 0.001 * abs(found.head_tilt_deg)
    shorter_sw = neck_sw(base.geometry) - neck_sw(look.geometry)
    assert found.neck_short_sw == pytest.approx(shorter_sw - explained_sw)


def test_a_slump_shortens_the_neck() -> None:
    base = rendered_baseline("Asian_F_1__base")
    slumped, nodding = (
        measure(rendered(f"Asian_F_1__{name}"), base, SETTINGS, "heavy").neck_short_sw
        for name in ("slouch_+18", "head_pitch_+24")
    )
    assert slumped is not None
    assert nodding is not None
    assert slumped > 0.05 > abs(nodding)


def test_a_pose_is_measured_like_its_person() -> None:
    look, base = rendered("Asian_F_1__slouch_+18"), rendered_baseline("Asian_F_1__base")
    assert measure(look.pose, base, SETTINGS, "heavy") == measure(look, base, SETTINGS, "heavy")
    strict = replace(SETTINGS, pose=replace(SETTINGS.pose, min_visibility=1.0))
    assert measure(look.pose, base, strict, "heavy").head_tilt_deg is None


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("model", ["lite", "heavy"])
def test_angles_are_those_of_the_fit(model: str, size: int) -> None:
    look, base = rendered("Asian_F_1__slouch_+18", model), rendered_baseline("Asian_F_1__base", model)
    pose = look.pose
    expected = estimate_angles(pose.landmarks, pose.world, base.pose.landmarks, base.pose.world, W, H, model)
    large = replace(pose, landmarks=pose.landmarks * [size, size, size, 1], frame_w_px=size * W, frame_h_px=size * H)
    before = base.pose.landmarks.copy()
    found = measure(Person.of(large, 0.6), base, SETTINGS, model)
    for name, angle in expected.items():
        assert getattr(found, name) == pytest.approx(angle.value, abs=1e-6)
        assert found.sd[name] == pytest.approx(angle.sd, abs=1e-6)
    assert np.array_equal(base.pose.landmarks, before)


def test_noise_of_the_calibration_adds_to_the_uncertainty() -> None:
    look, steady = rendered("Asian_F_1__slouch_+18"), rendered_baseline("Asian_F_1__base")
    wavering = replace(steady, noise={"slump_deg": 4.0, "neck": 3.0})
    before, after = (measure(look, base, SETTINGS, "heavy").sd for base in (steady, wavering))
    assert after["slump_deg"] == pytest.approx(math.hypot(before["slump_deg"], 4.0))
    assert {name: sd for name, sd in after.items() if name != "slump_deg"} == {
        name: sd for name, sd in before.items() if name != "slump_deg"
    }


def test_angles_that_cannot_be_used_are_none() -> None:
    """The made-up sitter has no depth: the fit refuses it, the plain ratios do not."""
    found = measure(person_of(sitter()), baseline_like(sitter()), SETTINGS, "heavy")
    assert found.sd == {}
    assert all(getattr(found, name) is None for name in ANGLES)
    assert all(getattr(found, name) is not None for name in RELATIVE)


def test_what_the_placement_hides_is_named() -> None:
    look, base = rendered("Asian_F_1__slouch_+18"), rendered_baseline("Asian_F_1__base")
    assert measure(look, base, SETTINGS, "heavy").not_observable == ()
    low = replace(base, placement=Placement(20.0, 32.0, 60.0, 3.0, 5.0, 8.0))
    assert measure(look, low, SETTINGS, "heavy").not_observable == ("forward_head_deg",)


@given(st.floats(-30, 30), st.floats(-30, 30), st.floats(0.8, 1.25))
def test_a_mirrored_look_has_the_mirrored_shift_and_the_same_sizes(right: float, down: float, nearer: float) -> None:
    base = baseline_like(sitter())
    points = zoomed(sitter(dict.fromkeys(Landmark, (right, down))), nearer)
    other = points.copy()
    other[:, 0] = W - points[:, 0]
    for left, opposite in ((2, 5), (7, 8), (9, 10), (11, 12), (13, 14), (15, 16), (23, 24)):
        other[[left, opposite]] = other[[opposite, left]]
    found, mirrored = (measure(Person.of(pose_of(array), 0.0), base, SETTINGS, "heavy") for array in (points, other))
    if found.lateral_shift_sw is None or found.lean_in_ratio is None:
        return
    assert mirrored.lateral_shift_sw == pytest.approx(-found.lateral_shift_sw, abs=1e-9)
    for name in ("head_drop_sw", "shoulder_drop_sw", "lean_in_ratio", "distance_cm"):
        assert getattr(mirrored, name) == pytest.approx(getattr(found, name))


def test_a_provisional_baseline_is_judged_by_more_widely() -> None:
    kept = rendered_baseline("White_M_1__base")
    person = rendered("White_M_1__lat_lean_+10")
    narrow, wide = (measure(person, each, SETTINGS, "heavy") for each in (kept, replace(kept, provisional=True)))
    assert replace(narrow, sd={}) == replace(wide, sd={})
    assert set(PROVISIONAL_SD) == set(narrow.sd)
    for name, sd in narrow.sd.items():
        assert wide.sd[name] == pytest.approx(math.hypot(sd, PROVISIONAL_SD[name]))
        assert wide.sd[name] > sd
