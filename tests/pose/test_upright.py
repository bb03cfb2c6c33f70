"""Cameras that hang on their side or upside down: by how much people tell, and when the pictures are turned."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from people import H, W, pose_of, sitter

from posture.camera.frame import Frame
from posture.pose.landmarks import SURE_DEG, Landmark, Pose, quarter_turns
from posture.pose.upright import LOOKS, UprightModel, turned


def rolled(points: NDArray[np.float64], degrees: float) -> NDArray[np.float64]:
    """The landmarks of a picture that was turned clockwise about its middle."""
    a, middle = np.radians(degrees), np.array([W / 2, H / 2])
    found = points.copy()
    found[:, :2] = (points[:, :2] - middle) @ np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) + middle
    return found


@pytest.mark.parametrize(("clockwise_deg", "turns"), [(0, 0), (90, 1), (180, 2), (270, 3), (-90, 3)])
def test_a_person_tells_by_how_much_the_picture_is_turned(clockwise_deg: float, turns: int) -> None:
    assert quarter_turns(rolled(sitter(), clockwise_deg)) == turns


@given(st.floats(-SURE_DEG + 1, SURE_DEG - 1), st.sampled_from([0, 90, 180, 270]))
def test_so_does_one_who_is_tilted(tilt_deg: float, picture_deg: float) -> None:
    assert quarter_turns(rolled(sitter(), picture_deg + tilt_deg)) == picture_deg / 90


@given(st.floats(SURE_DEG + 1, 90 - SURE_DEG - 1), st.sampled_from([0, 90, 180, 270]))
def test_halfway_nothing_is_told(tilt_deg: float, picture_deg: float) -> None:
    assert quarter_turns(rolled(sitter(), picture_deg + tilt_deg)) == 0


def test_a_face_that_does_not_agree_with_the_neck_tells_nothing() -> None:
    upside_down = sitter()
    for left, right in ((Landmark.LEFT_EYE, Landmark.MOUTH_LEFT), (Landmark.RIGHT_EYE, Landmark.MOUTH_RIGHT)):
        upside_down[[left, right], 1] = upside_down[[right, left], 1]
    assert quarter_turns(upside_down) == 0


def test_a_picture_is_turned_counterclockwise() -> None:
    image = np.zeros((2, 3, 3), np.uint8)
    image[0, 2] = 9  # above, at the right
    assert turned(image, 1)[0, 0, 0] == 9
    assert turned(image, 1).shape == (3, 2, 3)
    assert turned(image, 0) is image
    assert np.array_equal(turned(turned(image, 1), -1), image)


class Room:
    """A model that finds a person in each picture, as upright as the mark in its first pixel is at the top left."""

    def __init__(self) -> None:
        self.looks = 0

    def find(self, frame: Frame) -> Pose | None:
        self.looks += 1
        corners = frame.image[[0, 0, -1, -1], [0, -1, -1, 0], 0]
        if not corners.any():
            return None
        return pose_of(rolled(sitter(), 90.0 * int(np.flatnonzero(corners)[0])))

    def close(self) -> None:
        self.looks = -1


def picture(clockwise: int) -> Frame:
    image = np.zeros((H, W, 3), np.uint8)
    image[0, 0] = 255
    return Frame(turned(image, -clockwise), 0.0)


@pytest.mark.parametrize("clockwise", [0, 1, 2, 3])
def test_auto_finds_people_upright_at_once_and_saves_the_second_look_later(clockwise: int) -> None:
    room = Room()
    model = UprightModel(room, "auto")
    for _ in range(LOOKS + 2):
        pose = model.find(picture(clockwise))
        assert pose is not None
        assert quarter_turns(pose.landmarks) == 0
        assert model.turned_by == clockwise
    assert room.looks == LOOKS + 2 + (LOOKS if clockwise else 0)


def test_one_look_that_differs_starts_the_count_again() -> None:
    room = Room()
    model = UprightModel(room, "auto")
    for clockwise in (2, 2, 0, 2, 2, 1, 2, 2):
        model.find(picture(clockwise))
        assert model.turned_by == clockwise
    before = room.looks
    model.find(picture(0))
    assert room.looks == before + 1, "the pictures were never turned from the beginning"


@pytest.mark.parametrize(("rotate", "clockwise"), [("0", 0), ("90", 3), ("180", 2), ("270", 1)])
def test_a_fixed_angle_is_kept_whatever_is_seen(rotate: str, clockwise: int) -> None:
    model = UprightModel(Room(), rotate)
    for _ in range(2 * LOOKS):
        right, wrong = model.find(picture(clockwise)), model.find(picture((clockwise + 2) % 4))
        assert right is not None
        assert wrong is not None
        assert (quarter_turns(right.landmarks), quarter_turns(wrong.landmarks)) == (0, 2)


def test_nobody_is_nobody_and_the_end_is_handed_on() -> None:
    room = Room()
    with UprightModel(room, "auto") as model:
        assert model.find(Frame(np.zeros((H, W, 3), np.uint8), 0.0)) is None
    assert room.looks == -1
