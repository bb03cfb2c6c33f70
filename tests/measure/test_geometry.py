"""The formulas on made-up landmarks of known shape."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from posture.measure import geometry as g
from posture.pose.landmarks import Landmark, Pose

Points = NDArray[np.float64]
W, H = 640, 480


def person(*, visibility: float = 0.99) -> Points:
    """An upright person, frontal, in the middle of the picture."""
    points = np.zeros((33, 4))
    points[:, 3] = visibility
    places = {
        Landmark.NOSE: (320, 215),
        Landmark.LEFT_EYE: (345, 190),
        Landmark.RIGHT_EYE: (295, 190),
        Landmark.LEFT_EAR: (370, 200),
        Landmark.RIGHT_EAR: (270, 200),
        Landmark.MOUTH_LEFT: (335, 240),
        Landmark.MOUTH_RIGHT: (305, 240),
        Landmark.LEFT_SHOULDER: (440, 360),
        Landmark.RIGHT_SHOULDER: (200, 360),
        Landmark.LEFT_HIP: (390, 470),
        Landmark.RIGHT_HIP: (250, 470),
    }
    for which, place in places.items():
        points[which, :2] = place
    return points


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


def pose_of(points: Points) -> Pose:
    return Pose(points, np.zeros((33, 3)), W, H)


@given(st.floats(-40, 40))
def test_a_turned_picture_turns_every_line_alike(degrees: float) -> None:
    points = turned(person(), degrees)
    # Clockwise lowers what is on the image's right, which is the person's left.
    assert g.eye_line_deg(points) == pytest.approx(degrees, abs=1e-9)
    assert g.shoulder_line_deg(points) == pytest.approx(-degrees, abs=1e-9)
    assert g.lateral_lean_deg(points) == pytest.approx(degrees, abs=1e-9)


@given(st.floats(-30, 30), st.floats(-25, 25), st.floats(-20, 20))
def test_mirroring_negates_sides_and_keeps_the_rest(tilt: float, nose_x: float, nose_y: float) -> None:
    points = turned(person(), tilt)
    points[Landmark.NOSE, :2] += (nose_x, nose_y)
    other = mirrored(points)
    for side in (g.shoulder_line_deg, g.eye_line_deg, g.lateral_lean_deg, g.head_yaw_deg):
        assert side(other) == pytest.approx(-side(points), abs=1e-6)
    assert g.head_pitch_deg(other) == pytest.approx(g.head_pitch_deg(points), abs=1e-6)


@given(st.floats(0.2, 3.0))
def test_size_does_not_change_an_angle(scale: float) -> None:
    points = turned(person(), 7.0)
    larger = points.copy()
    larger[:, :2] *= scale
    for angle in (g.shoulder_line_deg, g.eye_line_deg, g.lateral_lean_deg, g.head_yaw_deg, g.head_pitch_deg):
        assert angle(larger) == pytest.approx(angle(points), abs=1e-6)


def test_signs() -> None:
    points = person()
    points[Landmark.NOSE, 0] += 20
    assert g.head_yaw_deg(points) > 5  # the nose to the image's right: to the person's own left
    points = person()
    points[Landmark.LEFT_SHOULDER, 1] -= 20
    assert g.shoulder_line_deg(points) > 4  # y points down: the left shoulder is higher
    lower = person()
    lower[Landmark.NOSE, 1] += 20
    assert g.head_pitch_deg(lower) > g.head_pitch_deg(person())


@given(st.floats(15.0, 120.0), st.floats(40.0, 100.0))
def test_twice_as_near_looks_twice_as_large(eyes_px: float, lens_deg: float) -> None:
    assert g.distance_cm(2 * eyes_px, W, lens_deg) == pytest.approx(g.distance_cm(eyes_px, W, lens_deg) / 2)


def test_what_is_outside_the_picture_is_not_seen_however_sure_the_model_is() -> None:
    points = person(visibility=0.99)
    assert g.geometry(pose_of(points), 0.6).shoulders_seen
    points[Landmark.LEFT_SHOULDER, 1] = H + 5
    assert not g.geometry(pose_of(points), 0.6).shoulders_seen
    assert g.geometry(pose_of(points), 0.6).face_seen


def test_what_the_model_is_not_sure_of_is_not_seen() -> None:
    assert not g.geometry(pose_of(person(visibility=0.3)), 0.6).face_seen
