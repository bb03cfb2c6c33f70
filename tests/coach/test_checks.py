"""What a pose says about an exercise, on made-up landmarks: sides, arms, seated bends, swings, what is not seen."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from posture.coach.checks import SETTLE_S, CheckedLook, Checker, Rest, foot_swing_deg, see, visible
from posture.coach.exercise import Check, Side
from posture.measure.geometry import lateral_lean_deg, shoulder_line_deg
from posture.measure.smoothing import Smoother, smooth
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


def shifted(seen: Pose, px: float) -> Pose:
    """Shoulders moved to the person's left, so that there is a lean."""
    landmarks = seen.landmarks.copy()
    landmarks[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 0] += px
    return Pose(landmarks, seen.world, 640, 480)


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


# -- before it begins --------------------------------------------------------------------------------------------------


def settle(check: Check, *times_s: float, poses: Sequence[Pose | None] = ()) -> tuple[Checker, CheckedLook]:
    """Looks at these times, upright unless said otherwise."""
    checker, look = Checker(check), CheckedLook(0.0, False)
    for t_s, seen in zip(times_s, poses or [pose()] * len(times_s), strict=True):
        checker, look = see(checker, t_s, seen)
    return checker, look


def test_it_begins_after_three_seconds_and_five_looks_upright() -> None:
    checker, look = settle("side_bend", 0.0, 0.75, 1.5, 2.25, 2.9)
    assert (checker.rest, look.says) == (None, "Stay upright.")
    assert look.settle_s == pytest.approx(0.1)
    assert settle("side_bend", 0.0, 1.0)[1].settle_s == pytest.approx(2.0)
    assert settle("side_bend", 10.0, 11.0)[1] == CheckedLook(11.0, True, 2.0, says="Stay upright.")
    checker, look = settle("side_bend", 0.0, 0.75, 1.5, 2.25, 3.0)
    assert look == CheckedLook(3.0, True)
    assert checker.rest == Rest(0.0, 0.0, 80.0, 320.0)
    assert checker.settling == ()
    checker, look = settle("side_bend", 0.0, 1.0, 2.0, 3.0)
    assert (checker.rest, look.seen, look.settle_s) == (None, True, 0.1)
    assert settle("side_bend", 0.0, 1.0, 2.0, 3.0, 3.5)[1].settle_s == 0.0


def test_shoulders_in_one_place_have_a_width() -> None:
    """Seen from the side: nothing is divided by zero."""
    aside = pose(LEFT_SHOULDER=(320, 150), RIGHT_SHOULDER=(320, 150))
    checker, _ = settle("turn", 0.0, 1.0, 2.0, 3.0, 4.0, poses=[aside] * 5)
    assert checker.rest is not None
    assert checker.rest.width_px == 1e-6


def test_the_upright_measures_are_medians() -> None:
    parts = [
        pose(LEFT_SHOULDER=(360 + px, 150 + down), RIGHT_SHOULDER=(280, 150))
        for px, down in ((0, 0), (2, 2), (4, 4), (9, 9), (9, 9))
    ]
    checker, _ = settle("turn", 0.0, 1.0, 2.0, 3.0, 4.0, poses=parts)
    middle = parts[2].landmarks
    assert checker.rest is not None
    assert checker.rest.lean_deg == pytest.approx(lateral_lean_deg(middle))
    assert checker.rest.line_deg == pytest.approx(shoulder_line_deg(middle))
    assert checker.rest.width_px == pytest.approx(math.hypot(84, 4))
    assert checker.rest.x_px == pytest.approx(322.0)


@pytest.mark.parametrize(("deg", "upright"), [(9.9, True), (10.1, False), (-9.9, True), (-10.1, False)])
def test_upright_is_within_ten_degrees(deg: float, upright: bool) -> None:
    says = "Stay upright." if upright else "Come upright, facing the camera."
    assert settle("side_bend", 0.0, poses=[pose(deg)])[1].says == says
    px = 80 * math.tan(math.radians(deg))
    rolled = pose(LEFT_SHOULDER=(360, 150 + px / 2), RIGHT_SHOULDER=(280, 150 - px / 2))
    assert settle("side_bend_seated", 0.0, poses=[rolled])[1].says == says
    assert settle("side_bend", 0.0, poses=[rolled])[1].says == "Stay upright."  # there the lean counts


@pytest.mark.parametrize("side", ["left", "right"])
def test_neither_arm_is_up_to_begin_with(side: Side) -> None:
    look = settle("side_bend", 0.0, poses=[pose(0.0, side)])[1]
    assert look == CheckedLook(0.0, True, 3.0, says="Let the arms hang for a moment.")


def test_what_is_not_upright_starts_it_again() -> None:
    for between in (None, pose(20.0), without("LEFT_HIP")):
        seen = [pose(), pose(), between, *[pose()] * 4]
        checker, _ = settle("side_bend", *(0.5 * number for number in range(7)), poses=seen)
        assert checker.rest is None
        assert len(checker.settling) == 4


def test_once_begun_nobody_changes_nothing() -> None:
    for gone in (None, without("LEFT_HIP", 0.39)):
        checker, look = see(BEGUN, 9.0, gone)
        assert checker == BEGUN
        assert (look.seen, look.settle_s, look.t_s) == (False, 0.0, 9.0)
        assert see(Checker("side_bend"), 9.0, gone)[1].settle_s == 3.0


def test_once_begun_sight_may_waver_and_an_arm_may_hide_the_face() -> None:
    assert see(BEGUN, 9.0, without("LEFT_HIP", 0.41))[1].seen
    assert see(BEGUN, 9.0, without("LEFT_EAR", 0.1))[1].seen
    assert not see(Checker("turn", rest=REST), 9.0, without("NOSE", 0.1))[1].seen


def without(name: str, visibility: float = 0.59) -> Pose:
    seen = pose()
    seen.landmarks[Landmark[name], 3] = visibility
    return seen


NEEDS: dict[Check, tuple[str, str]] = {
    "side_bend": (
        "LEFT_SHOULDER RIGHT_SHOULDER LEFT_HIP RIGHT_HIP LEFT_EAR RIGHT_EAR",
        "Step back until your hips are in the picture.",
    ),
    "side_bend_seated": (
        "LEFT_SHOULDER RIGHT_SHOULDER LEFT_EAR RIGHT_EAR",
        "Sit so that head and both shoulders are in the picture.",
    ),
    "ankle_on_knee": (
        "LEFT_SHOULDER RIGHT_SHOULDER LEFT_KNEE RIGHT_KNEE",
        "Move back until both knees are in the picture.",
    ),
    "hip_swing": (
        "LEFT_SHOULDER RIGHT_SHOULDER LEFT_KNEE RIGHT_KNEE LEFT_ANKLE RIGHT_ANKLE",
        "Move back until knees and feet are in the picture.",
    ),
    "turn": ("LEFT_SHOULDER RIGHT_SHOULDER NOSE", "Sit so that head and both shoulders are in the picture."),
}


@pytest.mark.parametrize("check", NEEDS)
def test_what_a_check_needs_is_asked_for(check: Check) -> None:
    needed, says = NEEDS[check]
    for name in UPRIGHT:
        look = see(Checker(check), 0.0, without(name))[1]
        assert look.seen == (name not in needed.split())
        assert look.seen or look.says == says
        assert see(Checker(check), 0.0, without(name, 0.6))[1].seen


@pytest.mark.parametrize(
    ("place", "inside"),
    [
        ((0, 150), True),
        ((-0.1, 150), False),
        ((360, 0), True),
        ((360, -0.1), False),
        ((639.9, 150), True),
        ((640, 150), False),
        ((360, 479.9), True),
        ((360, 480), False),
    ],
)
def test_a_point_outside_the_picture_is_not_seen(place: tuple[float, float], inside: bool) -> None:
    assert visible(pose(LEFT_SHOULDER=place), (Landmark.NOSE, Landmark.LEFT_SHOULDER), 0.6) is inside


def test_a_fresh_check() -> None:
    assert Checker("turn") == Checker("turn", 0.6, None, (), None, "", frozenset(), Smoother())
    assert CheckedLook(1.0, True) == CheckedLook(1.0, True, 0.0, None, None, True, "")


# -- once it has begun -------------------------------------------------------------------------------------------------

REST = Rest(0.0, 0.0, 80.0, 320.0)
BEGUN = Checker("side_bend", rest=REST)


def judged(check: Check, seen: Pose, rest: Rest = REST) -> CheckedLook:
    return see(Checker(check, rest=rest), 10.0, seen)[1]


def arm(visibility: float = 0.9, elbow_visibility: float = 0.9, **places: tuple[float, float]) -> Pose:
    """Leaning left, the right arm up, and these points elsewhere."""
    seen = pose(24.0, "right", **places)
    seen.landmarks[Landmark.RIGHT_WRIST, 3] = visibility
    seen.landmarks[Landmark.RIGHT_ELBOW, 3] = elbow_visibility
    return seen


def test_when_an_arm_is_up() -> None:
    assert judged("side_bend", arm()).ready
    assert judged("side_bend", arm(0.1)).ready, "its elbow points up"
    assert not judged("side_bend", arm(0.1, 0.59)).ready
    shoulder, ear = (pose(24.0).landmarks[Landmark[name]] for name in ("RIGHT_SHOULDER", "RIGHT_EAR"))
    assert not judged("side_bend", arm(RIGHT_WRIST=(ear[0], ear[1]))).ready
    above = (390.0, -0.1)
    assert judged("side_bend", arm(RIGHT_WRIST=above)).ready
    assert judged("side_bend", arm(0.1, RIGHT_WRIST=above)).ready
    assert not judged("side_bend", arm(RIGHT_WRIST=above, RIGHT_ELBOW=(380, -0.1))).ready
    assert not judged("side_bend", arm(RIGHT_WRIST=above, RIGHT_ELBOW=(shoulder[0] - 60, shoulder[1]))).ready
    assert not judged("side_bend", arm(0.9, 0.59, RIGHT_WRIST=above)).ready


@pytest.mark.parametrize(("side", "other"), [("left", "right"), ("right", "left")])
def test_each_arm_is_its_own(side: Side, other: Side) -> None:
    deg = 24.0 if side == "right" else -24.0
    assert judged("side_bend", pose(deg, side)).ready
    assert not judged("side_bend", pose(deg, other)).ready


def test_a_bend_says_its_side_and_its_arm() -> None:
    look = judged("side_bend", pose(24.0, "right"))
    assert look == CheckedLook(10.0, True, 0.0, "right", pytest.approx(24.0), True, "")
    look = judged("side_bend", pose(-12.0))
    assert look == CheckedLook(
        10.0, True, 0.0, "left", pytest.approx(12.0), False, "Raise the left arm over your head."
    )
    assert judged("side_bend", pose(0.0)).side == "left"
    assert judged("side_bend", pose(0.5)).side == "right"


def seated(line_deg: float, shift_px: float, up: Side | None = "right") -> Pose:
    """The line of the shoulders falls by this much to the left, and their middle has gone left by so many pixels."""
    dx, dy = 40 * math.cos(math.radians(line_deg)), 40 * math.sin(math.radians(line_deg))
    x = 320 + shift_px
    return pose(0.0, up, LEFT_SHOULDER=(x + dx, 150 + dy), RIGHT_SHOULDER=(x - dx, 150 - dy))


def test_a_seated_bend_goes_with_its_shift() -> None:
    assert judged("side_bend_seated", seated(15.0, 12.0)) == CheckedLook(
        10.0, True, 0.0, "right", pytest.approx(15.0), True, ""
    )
    assert judged("side_bend_seated", seated(15.0, 8.0)).ready
    for shift_px in (7.9, 0.0, -12.0):
        look = judged("side_bend_seated", seated(15.0, shift_px))
        assert (look.ready, look.says) == (False, "Let the ribs go to the left with the arm.")
        assert (look.side, look.value) == ("right", pytest.approx(15.0))
    assert judged("side_bend_seated", seated(-15.0, -12.0, "left")).side == "left"
    assert judged("side_bend_seated", seated(-15.0, -12.0, "left")).ready
    look = judged("side_bend_seated", seated(-15.0, 12.0, "left"))
    assert (look.ready, look.says) == (False, "Let the ribs go to the right with the arm.")
    look = judged("side_bend_seated", seated(15.0, 12.0, None))
    assert (look.side, look.value) == ("right", pytest.approx(15.0))
    assert (look.ready, look.says) == (False, "Raise the right arm over your head.")


def test_a_seated_bend_is_measured_from_upright() -> None:
    tilted = Rest(0.0, -5.0, 40.0, 310.0)
    look = judged("side_bend_seated", seated(15.0, -4.0), tilted)
    assert (look.side, look.value) == ("right", pytest.approx(10.0))
    assert look.ready  # 6 px of 40 from where it was
    assert judged("side_bend_seated", seated(0.0, 0.0, "left"), REST).side == "left"
    assert judged("side_bend_seated", seated(0.5, 12.0), REST).ready
    assert not judged("side_bend_seated", seated(0.0, 12.0, "left"), REST).ready


def test_the_ankle_that_is_nearer_to_the_other_knee() -> None:
    look = judged("ankle_on_knee", pose(LEFT_ANKLE=(311, 362), RIGHT_ANKLE=(395, 350)))
    assert look == CheckedLook(
        10.0, True, 0.0, "left", pytest.approx(0.25), True, "Lay the left ankle on the other knee."
    )
    look = judged("ankle_on_knee", pose(RIGHT_ANKLE=(345, 350)))
    assert (look.side, look.value) == ("right", 0.0)
    hidden = pose(LEFT_ANKLE=(295, 350))
    hidden.landmarks[Landmark.LEFT_ANKLE, 3] = 0.59
    assert judged("ankle_on_knee", hidden).side == "right"
    hidden.landmarks[Landmark.LEFT_ANKLE, 3] = 0.6
    assert judged("ankle_on_knee", hidden).side == "left"
    hidden.landmarks[[Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE], 3] = 0.1
    assert judged("ankle_on_knee", hidden) == CheckedLook(
        10.0, True, 0.0, None, None, False, "Lay one ankle on the other knee."
    )


@pytest.mark.parametrize(
    ("name", "px", "side"),
    [("LEFT", 40, "left"), ("LEFT", -40, "left"), ("RIGHT", 40, "right"), ("RIGHT", -40, "right")],
)
def test_a_swing_either_way_is_that_legs(name: str, px: float, side: Side) -> None:
    ankle = UPRIGHT[f"{name}_KNEE"][0] + px, 350 + 69
    look = judged("hip_swing", pose(**{f"{name}_ANKLE": ankle}))
    assert (look.side, look.ready, look.says) == (side, True, "")
    assert look.value == pytest.approx(math.degrees(math.atan2(40, 69)))


def test_a_turn_to_either_side() -> None:
    for nose_x, side in ((334, "left"), (306, "right"), (320, "right"), (320.2, "left")):
        look = judged("turn", pose(LEFT_SHOULDER=(350, 150), RIGHT_SHOULDER=(290, 150), NOSE=(nose_x, 100)))
        assert look == CheckedLook(10.0, True, 0.0, side, pytest.approx(0.75), True, "")


def test_the_measure_is_smoothed_and_starts_again_on_the_other_side() -> None:
    checker, _ = see(BEGUN, 10.0, pose(20.0, "right"))
    checker, look = see(checker, 10.1, pose(24.0, "right"))
    assert look.value is not None
    assert 20.0 < look.value < 22.0  # the median is 22, and the filter is on its way to it
    expected, _ = smooth(Smoother(), 10.0, 20.0, 1.0)
    assert look.value == pytest.approx(smooth(expected, 10.1, 24.0, 1.0)[1])
    checker, look = see(checker, 10.2, pose(-30.0, "left"))
    assert look.value == pytest.approx(30.0)
    assert checker.side == "left"


def test_the_users_visibility_is_used() -> None:
    faint = pose(24.0, "right")
    faint.landmarks[:, 3] = 0.39
    assert not see(Checker("side_bend", rest=REST), 10.0, faint)[1].seen
    look = see(Checker("side_bend", 0.3, rest=REST), 10.0, faint)[1]
    assert look.seen
    assert look.ready
