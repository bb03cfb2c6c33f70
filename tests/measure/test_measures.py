"""What one look measures: plain ratios by hand, angles from the fit, and None for what is not to be seen."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import H, W, baseline_like, person_of, pose_of, rendered, rendered_baseline, sitter, zoomed

from posture.measure.angles import ANGLES, Placement, estimate_angles
from posture.measure.geometry import Person
from posture.measure.measures import Measures, measure
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
    assert found.shoulder_tilt_deg == pytest.approx(math.degrees(math.atan2(20, 240)) / shoulders)
    assert found.head_tilt_deg == pytest.approx(math.degrees(math.atan2(5, 50)) / head)
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


def test_a_head_alone_has_the_angles_of_a_head() -> None:
    look, base = rendered("Asian_F_1__head_roll_+20"), rendered_baseline("Asian_F_1__base")
    whole = measure(look, base, SETTINGS, "heavy")
    alone = measure(replace(look, geometry=replace(look.geometry, shoulders_seen=False)), base, SETTINGS, "heavy")
    assert set(whole.sd) == set(ANGLES)
    assert set(alone.sd) == {"head_tilt_deg", "head_pitch_deg", "head_yaw_deg"}
    for name in ANGLES:
        assert getattr(alone, name) == (getattr(whole, name) if name in alone.sd else None)


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
