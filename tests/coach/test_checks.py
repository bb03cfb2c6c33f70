"""What a pose says about an exercise, on made-up landmarks: sides, arms, seated bends, swings, what is not seen."""

from __future__ import annotations

import math

import numpy as np
import pytest

from posture.coach.checks import SETTLE_S, CheckedLook, Checker, foot_swing_deg, see
from posture.coach.exercises import Check, Side
from posture.coach.selfcheck import Tracker, angles_of
from posture.pose.landmarks import Landmark, Pose

UPRIGHT = {
    "NOSE": (320, 100),
    "LEFT_EAR": (332, 98),
    "RIGHT_EAR": (308, 98),
    "LEFT_SHOULDER": (360, 150),
    "RIGHT_SHOULDER": (280, 150),
    "LEFT_ELBOW": (370, 200),
    "RIGHT_ELBOW": (270, 200),
    "LEFT_WRIST": (372, 250),
    "RIGHT_WRIST": (268, 250),
    "LEFT_HIP": (345, 270),
    "RIGHT_HIP": (295, 270),
    "LEFT_KNEE": (345, 350),
    "RIGHT_KNEE": (295, 350),
    "LEFT_ANKLE": (345, 430),
    "RIGHT_ANKLE": (295, 430),
}
UP: dict[Side, dict[str, tuple[float, float]]] = {
    "left": {"LEFT_WRIST": (330, 40), "LEFT_ELBOW": (350, 90)},
    "right": {"RIGHT_WRIST": (310, 40), "RIGHT_ELBOW": (290, 90)},
}
HIPS_PX = (320.0, 270.0)


def pose(lean_deg: float = 0.0, up: Side | None = None, **places: tuple[float, float]) -> Pose:
    """Seen un-mirrored: the person's left is at the right of the picture; leaning turns all above the hips."""
    landmarks = np.zeros((33, 4))
    landmarks[:, 3] = 0.9
    landmarks[:, :2] = (320, 200)
    c, s = math.cos(math.radians(lean_deg)), math.sin(math.radians(lean_deg))
    for name, (x, y) in {**UPRIGHT, **(UP[up] if up else {})}.items():
        if y < HIPS_PX[1]:
            dx, dy = x - HIPS_PX[0], y - HIPS_PX[1]
            x, y = HIPS_PX[0] + c * dx - s * dy, HIPS_PX[1] + s * dx + c * dy
        landmarks[Landmark[name], :2] = places.get(name, (x, y))
    return Pose(landmarks, np.zeros((33, 3)), 640, 480)


def after_settling(check: Check, seen: Pose | None, seconds: float = 3.0) -> CheckedLook:
    checker, t_s = Checker(check), 0.0
    look = CheckedLook(0.0, False)
    while t_s <= SETTLE_S + 0.2:
        checker, look = see(checker, t_s, pose())
        t_s += 0.125
    assert look.settle_s == 0
    until_s = t_s + seconds
    while t_s < until_s:
        checker, look = see(checker, t_s, seen)
        t_s += 0.125
    return look


@pytest.mark.parametrize(("lean_deg", "side"), [(24.0, "right"), (-24.0, "left")])
def test_leaning_left_lengthens_the_right_side(lean_deg: float, side: Side) -> None:
    look = after_settling("side_bend", pose(lean_deg, side))
    assert look.side == side
    assert look.ready
    assert look.value == pytest.approx(24.0, abs=0.5)


def test_the_other_arm_does_not_count() -> None:
    look = after_settling("side_bend", pose(24.0, "left"))
    assert not look.ready
    assert look.says == "Raise the right arm over your head."


def test_a_hand_above_the_picture_is_up_when_its_elbow_is_seen() -> None:
    high = pose(0.0, "right", RIGHT_WRIST=(310, -30), RIGHT_ELBOW=(290, 20))
    assert after_settling("side_bend", shifted(high, 20.0)).ready
    hidden = pose(0.0, "right", RIGHT_WRIST=(310, -30), RIGHT_ELBOW=(290, -5))
    assert not after_settling("side_bend", shifted(hidden, 20.0)).ready


def shifted(one: Pose, px: float) -> Pose:
    """Shoulders moved to the person's left, so that there is a lean."""
    landmarks = one.landmarks.copy()
    landmarks[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 0] += px
    return Pose(landmarks, one.world, 640, 480)


def test_hips_that_are_not_seen_are_asked_for() -> None:
    landmarks = pose().landmarks.copy()
    landmarks[Landmark.LEFT_HIP, 3] = 0.2
    _, look = see(Checker("side_bend"), 0.0, Pose(landmarks, np.zeros((33, 3)), 640, 480))
    assert not look.seen
    assert look.says == "Step back until your hips are in the picture."


def test_it_does_not_begin_bent_nor_with_an_arm_up_nor_with_nobody() -> None:
    for seen, says in (
        (pose(20.0), "Come upright, facing the camera."),
        (pose(0.0, "left"), "Let the arms hang for a moment."),
        (None, "Nobody is in the picture."),
    ):
        checker, look = Checker("side_bend"), CheckedLook(0.0, False)
        for step in range(60):
            checker, look = see(checker, step * 0.125, seen)
        assert look.settle_s > 0
        assert look.says == says


def test_a_seated_bend_needs_arm_shift_and_shoulder_line() -> None:
    look = after_settling("side_bend_seated", pose(15.0, "right"))
    assert (look.side, look.ready) == ("right", True)
    assert look.value == pytest.approx(15.0, abs=0.5)
    rolled = pose(0.0, "right", LEFT_SHOULDER=(360, 165), RIGHT_SHOULDER=(280, 145))
    assert not after_settling("side_bend_seated", rolled).ready


def test_a_foot_that_swings_out() -> None:
    swung = pose(LEFT_ANKLE=(345 + 40, 350 + 69))
    assert foot_swing_deg(swung.landmarks, "left") == pytest.approx(30, abs=0.5)
    look = after_settling("hip_swing", swung)
    assert look.side == "left"
    assert look.value == pytest.approx(30, abs=0.5)
    _, angles = angles_of(Tracker("hip-rotation"), 0.0, swung)
    assert angles is not None
    assert angles["left_out"] == pytest.approx(30, abs=0.5)
    assert angles["right_out"] == pytest.approx(0, abs=0.5)
    inward = pose(RIGHT_ANKLE=(295 + 40, 350 + 69))
    assert foot_swing_deg(inward.landmarks, "right") == pytest.approx(-30, abs=0.5)


def test_an_ankle_on_the_other_knee() -> None:
    crossed = pose(LEFT_ANKLE=(300, 345), RIGHT_ANKLE=(295, 430))
    look = after_settling("ankle_on_knee", crossed)
    assert look.side == "left"
    assert look.value is not None
    assert look.value < 0.3


def test_a_turned_chest_is_narrower_and_the_nose_says_where_to() -> None:
    turned = pose(LEFT_SHOULDER=(350, 150), RIGHT_SHOULDER=(290, 150), NOSE=(334, 100))
    look = after_settling("turn", turned)
    assert look.side == "left"
    assert look.value == pytest.approx(0.75, abs=0.01)


def test_hip_extension_side_on_and_the_trunk_kept_still() -> None:
    def side_on(thigh_deg: float, trunk_deg: float = 0.0) -> Pose:
        """Facing the left of the picture, the left side near."""
        knee = (320 + 80 * math.sin(math.radians(thigh_deg)), 270 + 80 * math.cos(math.radians(thigh_deg)))
        shoulder = (320 - 120 * math.sin(math.radians(trunk_deg)), 270 - 120 * math.cos(math.radians(trunk_deg)))
        one = pose(LEFT_SHOULDER=shoulder, RIGHT_SHOULDER=shoulder, LEFT_HIP=(320, 270), LEFT_KNEE=knee)
        one.landmarks[Landmark.LEFT_SHOULDER, 2] = -50.0
        return one

    tracker, angles = Tracker("hip-extension"), None
    for step in range(40):
        tracker, angles = angles_of(tracker, step * 0.125, side_on(0.0))
    for step in range(40, 80):
        tracker, angles = angles_of(tracker, step * 0.125, side_on(14.0))
    assert angles is not None
    assert angles["left"] == pytest.approx(14.0, abs=0.5)
    _, angles = angles_of(tracker, 11.0, side_on(14.0, 9.0))
    assert angles is None
