"""The formulas on made-up landmarks of known shape."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import H, Points, W, pose_of, sitter

from posture.measure import geometry as g
from posture.measure.distance import distance_cm
from posture.pose.landmarks import Landmark


def turned(points: Points, degrees: float) -> Points:
    """The picture turned about its middle, + clockwise as seen (y points down)."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    out = points.copy()
    out[:, :2] = (points[:, :2] - (W / 2, H / 2)) @ np.array([[c, s], [-s, c]]) + (W / 2, H / 2)
    return out


def mirrored(points: Points) -> Points:
    """The person's mirror image: left and right change places."""
    out = points.copy()
    out[:, 0] = W - out[:, 0]
    pairs = [(1, 4), (2, 5), (3, 6), (7, 8), (9, 10), *((i, i + 1) for i in range(11, 33, 2))]
    for left, right in pairs:
        out[[left, right]] = out[[right, left]]
    return out


@given(st.floats(-40, 40))
def test_a_turned_picture_turns_every_line_alike(degrees: float) -> None:
    points = turned(sitter(), degrees)
    # Clockwise lowers what is on the image's right, which is the person's left.
    for line in (g.eye_line_deg, g.ear_line_deg):
        assert line(points) == pytest.approx(degrees, abs=1e-9)
    assert g.shoulder_line_deg(points) == pytest.approx(-degrees, abs=1e-9)
    assert g.lateral_lean_deg(points) == pytest.approx(degrees, abs=1e-9)


@given(st.floats(-30, 30), st.floats(-25, 25), st.floats(-20, 20))
def test_mirroring_negates_sides_and_keeps_the_rest(tilt: float, nose_x: float, nose_y: float) -> None:
    points = turned(sitter(), tilt)
    points[Landmark.NOSE, :2] += (nose_x, nose_y)
    other = mirrored(points)
    for side in (g.shoulder_line_deg, g.eye_line_deg, g.lateral_lean_deg, g.head_yaw_deg):
        assert side(other) == pytest.approx(-side(points), abs=1e-6)
    assert g.head_pitch_deg(other) == pytest.approx(g.head_pitch_deg(points), abs=1e-6)


@given(st.floats(0.2, 3.0))
def test_size_does_not_change_an_angle(scale: float) -> None:
    points = turned(sitter(), 7.0)
    larger = points.copy()
    larger[:, :2] *= scale
    for angle in (g.shoulder_line_deg, g.eye_line_deg, g.lateral_lean_deg, g.head_yaw_deg, g.head_pitch_deg):
        assert angle(larger) == pytest.approx(angle(points), abs=1e-6)


def test_signs() -> None:
    points = sitter()
    points[Landmark.NOSE, 0] += 20
    assert g.head_yaw_deg(points) > 5  # the nose to the image's right: to the person's own left
    points = sitter()
    points[Landmark.LEFT_SHOULDER, 1] -= 20
    assert g.shoulder_line_deg(points) > 4  # y points down: the left shoulder is higher
    lower = sitter()
    lower[Landmark.NOSE, 1] += 20
    assert g.head_pitch_deg(lower) > g.head_pitch_deg(sitter())


@given(st.floats(15.0, 120.0), st.floats(40.0, 100.0))
def test_twice_as_near_looks_twice_as_large(eyes_px: float, lens_deg: float) -> None:
    assert distance_cm(2 * eyes_px, W, lens_deg) == pytest.approx(distance_cm(eyes_px, W, lens_deg) / 2)


def test_what_is_outside_the_picture_is_not_seen_however_sure_the_model_is() -> None:
    points = sitter()
    assert g.geometry(pose_of(points), 0.6).shoulders_seen
    points[Landmark.LEFT_SHOULDER, 1] = H + 5
    assert not g.geometry(pose_of(points), 0.6).shoulders_seen
    assert g.geometry(pose_of(points), 0.6).face_seen


def test_what_the_model_is_not_sure_of_is_not_seen() -> None:
    points = sitter()
    points[:, 3] = 0.6
    assert g.geometry(pose_of(points), 0.6).face_seen
    points[:, 3] = 0.59
    assert not g.geometry(pose_of(points), 0.6).face_seen


# -- values by hand ----------------------------------------------------------------------------------------------------


def test_the_upright_sitter() -> None:
    """240 px from shoulder to shoulder, 100 from ear to ear, 50 from eye to eye, ears 160 above the shoulders."""
    found = g.geometry(pose_of(sitter()), 0.6)
    pitch_deg = math.degrees(math.asin(15 / 100 / 0.78))
    assert found == g.Geometry(
        face_seen=True, shoulders_out_sw=pytest.approx((360 - 479) / 240),
        nearer_out_sw=pytest.approx((360 - 479) / 240), hips_seen=True,
        shoulder_line_deg=0.0, eye_line_deg=0.0, yaw_deg=0.0, pitch_deg=pytest.approx(pitch_deg), lean_deg=0.0,
        shoulder_width_px=240.0, eye_distance_px=50.0, ear_width_px=100.0, size_px=240.0,
        shoulders_px=(320.0, 360.0), ears_px=(320.0, 200.0),
    )  # fmt: skip


def test_lines_by_hand() -> None:
    points = sitter({Landmark.LEFT_SHOULDER: (0, -24), Landmark.LEFT_EYE: (0, 10)})
    assert g.shoulder_line_deg(points) == pytest.approx(math.degrees(math.atan2(24, 240)))
    assert g.eye_line_deg(points) == pytest.approx(math.degrees(math.atan2(10, 50)))
    tipped = sitter({Landmark.MOUTH_LEFT: (-10, 0), Landmark.MOUTH_RIGHT: (-10, 0)})
    assert g.face_line_deg(tipped) == pytest.approx(math.degrees(math.atan2(10, 50)))
    assert g.face_line_deg(sitter()) == 0.0
    assert g.ear_line_deg(sitter({Landmark.RIGHT_EAR: (0, -10)})) == pytest.approx(math.degrees(math.atan2(10, 100)))
    leaning = sitter({Landmark.LEFT_SHOULDER: (30, 0), Landmark.RIGHT_SHOULDER: (10, 0)})
    assert g.lateral_lean_deg(leaning) == pytest.approx(math.degrees(math.atan2(20, 110)))


@given(st.floats(-55, 55), st.floats(-35, 35), st.floats(-30, 30))
def test_turn_and_nod_of_a_head_made_by_its_formula(yaw_deg: float, pitch_deg: float, roll_deg: float) -> None:
    """A nose 0.78 ear widths before the ears, turned, nodded, and the picture rolled."""
    yaw, pitch = math.radians(yaw_deg), math.radians(pitch_deg)
    half = 60.0 * math.cos(yaw)
    reach = 0.78 * 120.0
    points = sitter()
    points[Landmark.LEFT_EAR, :2] = 320 + half, 200
    points[Landmark.RIGHT_EAR, :2] = 320 - half, 200
    points[Landmark.NOSE, :2] = 320 + reach * math.sin(yaw), 200 + reach * math.sin(pitch)
    points = turned(points, roll_deg)
    assert g.head_yaw_deg(points) == pytest.approx(yaw_deg, abs=1e-6)
    assert g.head_pitch_deg(points) == pytest.approx(pitch_deg, abs=1e-6)
    found = g.geometry(pose_of(points), 0.6)
    assert found.ear_width_px == pytest.approx(120.0)
    assert found.eye_distance_px == pytest.approx(50.0 / math.cos(yaw))


def test_a_head_turned_very_far_stays_bounded() -> None:
    points = sitter({Landmark.NOSE: (400, 0)})  # 79 degrees
    found = g.geometry(pose_of(points), 0.6)
    assert found.ear_width_px == pytest.approx(100 / 0.5)
    assert found.eye_distance_px == pytest.approx(50 / 0.5)
    across = 400 / 100
    assert math.cos(math.atan(across / 0.78)) < 0.2
    assert found.pitch_deg == pytest.approx(math.degrees(math.asin(0.15 * 0.2 / 0.78)))
    points = sitter({Landmark.NOSE: (0, 300)})  # further down than any nod
    assert g.head_pitch_deg(points) == pytest.approx(90.0)
    points = sitter({Landmark.NOSE: (0, -300)})
    assert g.head_pitch_deg(points) == pytest.approx(-90.0)


def test_ears_in_one_point_are_no_division_by_zero() -> None:
    points = sitter({Landmark.LEFT_EAR: (-50, 0), Landmark.RIGHT_EAR: (50, 0)})
    assert g.head_yaw_deg(points) == pytest.approx(0.0, abs=1e-6)
    points[Landmark.NOSE, 0] += 1
    assert g.head_yaw_deg(points) == pytest.approx(90.0, abs=0.01)


def test_distance_by_hand() -> None:
    """Half the frame over the tangent of half the angle is the focal length; eyes are 63 mm apart."""
    assert distance_cm(50.0, 640, 90.0) == pytest.approx(320 * 6.3 / 50)
    assert distance_cm(50.0, 1280, 60.0) == pytest.approx(640 / math.tan(math.radians(30)) * 6.3 / 50)
    assert distance_cm(0.0, 640, 90.0) == pytest.approx(320 * 6.3 / 1e-6)


def test_size_is_the_shoulders_or_the_neck() -> None:
    assert g.geometry(pose_of(sitter()), 0.6).size_px == 240.0
    profile = sitter({Landmark.LEFT_SHOULDER: (-110, 0), Landmark.RIGHT_SHOULDER: (110, 0)})
    assert g.geometry(pose_of(profile), 0.6).size_px == pytest.approx(1.5 * 160)
    profile = sitter({Landmark.LEFT_SHOULDER: (10, 0), Landmark.RIGHT_SHOULDER: (230, 0)})
    assert g.geometry(pose_of(profile), 0.6).size_px == pytest.approx(1.5 * math.hypot(120, 160))


PARTS = {
    "face_seen": (Landmark.NOSE, Landmark.LEFT_EYE, Landmark.RIGHT_EYE),
    "hips_seen": (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
}


@pytest.mark.parametrize(("part", "landmark"), [(part, mark) for part, marks in PARTS.items() for mark in marks])
@pytest.mark.parametrize(
    ("place", "inside"),
    [
        ((0, 0), True),
        ((639.9, 479.9), True),
        ((-0.1, 0), False),
        ((0, -0.1), False),
        ((640, 0), False),
        ((0, 480), False),
    ],
)
def test_each_point_of_a_part_must_be_inside(
    part: str, landmark: Landmark, place: tuple[float, float], inside: bool
) -> None:
    points = sitter()
    points[landmark, :2] = place
    found = g.geometry(pose_of(points), 0.6)
    assert {name: getattr(found, name) for name in PARTS} == {name: name != part or inside for name in PARTS}


def at_shoulder(landmark: Landmark, place: tuple[float, float], visibility: float = 0.99) -> g.Geometry:
    """The upright sitter with one shoulder in another place."""
    points = sitter()
    points[landmark, :2] = place
    points[landmark, 3] = visibility
    return g.geometry(pose_of(points), 0.6)


@pytest.mark.parametrize(
    ("landmark", "place", "out_px"),
    [
        # The farther one counts, and of it the side where it is farthest out; inside, the nearest edge.
        (Landmark.LEFT_SHOULDER, (440, 479), 0),
        (Landmark.LEFT_SHOULDER, (440, 480), 1),
        (Landmark.LEFT_SHOULDER, (440, 539), 60),
        (Landmark.RIGHT_SHOULDER, (200, 539), 60),
        (Landmark.LEFT_SHOULDER, (639, 360), 0),
        (Landmark.LEFT_SHOULDER, (699, 360), 60),
        (Landmark.LEFT_SHOULDER, (699, 560), 81),
        (Landmark.RIGHT_SHOULDER, (0, 360), 0),
        (Landmark.RIGHT_SHOULDER, (-60, 360), 60),
        (Landmark.RIGHT_SHOULDER, (200, 0), 0),
        (Landmark.RIGHT_SHOULDER, (200, -30), 30),
        (Landmark.LEFT_SHOULDER, (620, 360), -19),
        (Landmark.RIGHT_SHOULDER, (30, 360), -30),
        (Landmark.RIGHT_SHOULDER, (200, 20), -20),
    ],
)
def test_how_far_the_farther_shoulder_is_outside(landmark: Landmark, place: tuple[float, float], out_px: float) -> None:
    found = at_shoulder(landmark, place)
    assert found.shoulders_out_sw == pytest.approx(out_px / found.shoulder_width_px)
    assert found.shoulders_seen == (out_px <= 0)


@pytest.mark.parametrize("landmark", [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER])
def test_how_far_the_nearer_shoulder_is_outside(landmark: Landmark) -> None:
    """The other one, at 119 px above the lower edge, while one leaves."""
    for place in ((sitter()[landmark, 0], 539.0), (sitter()[landmark, 0], 440.0)):
        found = at_shoulder(landmark, place)
        assert found.nearer_out_sw == pytest.approx(-119 / found.shoulder_width_px)
        assert found.shoulders_out_sw > found.nearer_out_sw


@pytest.mark.parametrize("landmark", [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER])
def test_a_shoulder_that_is_not_visible_is_infinitely_far_out(landmark: Landmark) -> None:
    place = sitter()[landmark, 0], 360.0
    assert at_shoulder(landmark, place, 0.6).shoulders_seen
    hidden = at_shoulder(landmark, place, 0.59)
    assert hidden.shoulders_out_sw == hidden.nearer_out_sw == math.inf
    assert not hidden.shoulders_seen
    assert not hidden.shoulders_usable


def test_shoulders_are_of_use_up_to_six_tenths_of_their_width_outside() -> None:
    for out_sw, seen, usable in ((0.0, True, True), (0.01, False, True), (0.599, False, True), (0.601, False, False)):
        points = sitter()
        points[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 1] = 479 + out_sw * 240
        found = g.geometry(pose_of(points), 0.6)
        assert (found.shoulders_seen, found.shoulders_usable) == (seen, usable), out_sw


def test_shoulders_in_one_point_are_no_division_by_zero() -> None:
    points = sitter()
    points[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], :2] = 320, 489
    assert g.geometry(pose_of(points), 0.6).shoulders_out_sw == pytest.approx(10.0)


def test_ears_need_not_be_seen() -> None:
    points = sitter()
    points[[Landmark.LEFT_EAR, Landmark.RIGHT_EAR], 3] = 0.1
    assert g.geometry(pose_of(points), 0.6).face_seen


def test_a_person_has_the_geometry_of_the_pose() -> None:
    pose = pose_of(sitter())
    found = g.Person.of(pose, 0.6)
    assert found.pose is pose
    assert found.geometry == g.geometry(pose, 0.6)
