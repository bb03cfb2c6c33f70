"""A calibration: what it is refused for, how steady it is, and that the next one agrees with it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import H, W, person_of, pose_of, rendered, sitter

from posture.camera.video import VideoFile, read_image
from posture.measure.angles import ANGLES, estimate_angles, estimate_placement
from posture.measure.baseline import Baseline, Refusal, baseline_of, calibrate, placement_of, still_s
from posture.measure.geometry import Person
from posture.measure.measures import measure
from posture.measure.placement import hidden_deviations
from posture.pose.landmarks import Landmark, Pose, PoseModel
from posture.settings import Settings

Sample = tuple[float, Pose | None]
VISIBLE = 0.6


@pytest.fixture(scope="module")
def sitting(heavy: PoseModel, laptop_a: Path) -> list[Sample]:
    """The first twenty seconds of laptop_a, upright, twice a second."""
    samples: list[Sample] = []
    with VideoFile(str(laptop_a)) as video:
        due_s = 0.0
        while (t_s := video.grab()) is not None and t_s < 20.0:
            if t_s >= due_s - 0.001:
                due_s += 0.5
                samples.append((t_s, heavy.find(video.retrieve())))
    return samples


@pytest.fixture(scope="module")
def look() -> dict[str, Pose | None]:
    names = ("base", "lat_lean_+10", "lat_lean_-15", "head_yaw_+30")
    return {"absent": None} | {name: rendered(f"Asian_F_1__{name}").pose for name in names}


def over_ten_seconds(*poses: Pose | None) -> list[Sample]:
    """Forty looks, these poses in turn."""
    return [(k / 4.0, pose) for k, pose in zip(range(41), itertools.cycle(poses), strict=False)]


def refused(samples: list[Sample]) -> str:
    found = calibrate(samples, VISIBLE, "heavy")
    assert isinstance(found, Refusal), found
    assert found.sentence[0].isupper()
    assert found.sentence.endswith(".")
    return found.reason


def taken(samples: list[Sample]) -> Baseline:
    found = calibrate(samples, VISIBLE, "heavy")
    assert isinstance(found, Baseline), found
    return found


@pytest.mark.slow
def test_a_second_calibration_agrees_with_the_first_within_its_uncertainty(sitting: list[Sample]) -> None:
    first = taken([sample for sample in sitting if sample[0] < 10])
    second = taken([sample for sample in sitting if sample[0] >= 10])
    found = measure(Person(second.pose, second.geometry), first, Settings(), "heavy")
    for name in ANGLES:
        assert abs(getattr(found, name)) <= 2.0 * found.sd[name], name
    back = measure(Person(first.pose, first.geometry), second, Settings(), "heavy")
    for name in ANGLES:
        assert abs(getattr(back, name)) <= 2.0 * back.sd[name], name


@pytest.mark.slow
def test_it_says_on_what_it_rests(sitting: list[Sample]) -> None:
    found = taken(sitting)
    assert found.frames == len(sitting) == 40
    assert found.seconds == pytest.approx(19.5, abs=0.1)
    assert tuple(found.spread) == ANGLES
    assert all(0.0 <= sd < 5.0 for sd in found.spread.values())
    assert found.spread["lateral_lean_deg"] < 0.5


@pytest.mark.slow
def test_its_spread_is_part_of_the_uncertainty_of_every_measure(sitting: list[Sample]) -> None:
    steady = taken(sitting)
    wavering = replace(steady, noise=steady.noise | {"slump_deg": 6.0})
    pose = sitting[-1][1]
    assert pose is not None
    before, after = (measure(Person.of(pose, VISIBLE), base, Settings(), "heavy") for base in (steady, wavering))
    assert after.sd["slump_deg"] > 6.0 > before.sd["slump_deg"]
    assert after.slump_deg == before.slump_deg


def test_one_picture_has_no_spread(look: dict[str, Pose | None]) -> None:
    pose = look["base"]
    assert pose is not None
    found = baseline_of(Person.of(pose, VISIBLE), "heavy")
    assert isinstance(found, Baseline)
    assert found.spread == {}


def test_nobody_is_refused(look: dict[str, Pose | None]) -> None:
    assert refused(over_ten_seconds(look["absent"])) == "absent"
    assert refused([]) == "absent"


def test_somebody_moving_is_refused(look: dict[str, Pose | None]) -> None:
    assert refused(over_ten_seconds(look["base"], look["lat_lean_+10"], look["lat_lean_-15"])) == "moving"
    # Most of the time one way, the rest another: the median alone would not notice.
    assert refused(over_ten_seconds(look["base"], look["base"], look["lat_lean_+10"])) == "moving"


def test_a_camera_beside_the_screen_is_no_head_turned_away() -> None:
    for name in ("Asian_F_1", "White_M_1"):
        found = taken(over_ten_seconds(rendered(f"{name}__camside__base_+0").pose))
        assert 15.0 < abs(found.placement.turned_deg) < 26.0
        assert hidden_deviations(found.placement) == ("forward_head",)


def test_a_head_turned_away_is_refused(look: dict[str, Pose | None]) -> None:
    assert refused(over_ten_seconds(look["head_yaw_+30"])) == "turned_away"


@pytest.mark.slow
def test_a_picture_cut_above_the_shoulders_is_good_enough_up_to_where_they_carry_nothing(
    heavy: PoseModel, frames: Path
) -> None:
    whole = read_image(frames / "Asian_F_1__base.jpg")
    out_sw = []
    for height in (362, 300, 240):  # the shoulders are at 350
        pose = heavy.find(replace(whole, image=whole.image[:height]))
        assert pose is not None
        out_sw.append(taken(over_ten_seconds(pose)).geometry.shoulders_out_sw)
    assert out_sw == pytest.approx([-0.05, 0.22, 0.48], abs=0.1)
    pose = heavy.find(replace(whole, image=whole.image[:200]))
    assert pose is not None
    assert refused(over_ten_seconds(pose)) == "out_of_frame"


def test_too_few_looks_are_refused(look: dict[str, Pose | None]) -> None:
    assert refused(over_ten_seconds(look["base"])[:7]) == "few_frames"
    assert refused([(t_s / 10.0, pose) for t_s, pose in over_ten_seconds(look["base"])[:20]]) == "few_frames"


def test_a_few_bad_looks_do_no_harm(look: dict[str, Pose | None]) -> None:
    samples = over_ten_seconds(look["base"])
    for k in range(0, 40, 5):
        samples[k] = (samples[k][0], look["head_yaw_+30"])
    for k in range(2, 40, 10):
        samples[k] = (samples[k][0], None)
    found, pose = taken(samples), look["base"]
    assert pose is not None
    np.testing.assert_allclose(found.pose.landmarks, pose.landmarks)
    assert found.frames == 29


@given(st.lists(st.tuples(st.floats(0, 100), st.none()), max_size=20))
def test_without_anybody_it_never_finds_a_baseline(samples: list[Sample]) -> None:
    assert refused(samples) == "absent"


@pytest.mark.slow
def test_the_baseline_against_itself_is_no_change(sitting: list[Sample]) -> None:
    found = taken(sitting)
    size = (found.pose.frame_w_px, found.pose.frame_h_px)
    same = estimate_angles(*[found.pose.landmarks, found.pose.world] * 2, *size, "heavy")
    assert all(angle.value == pytest.approx(0.0, abs=1e-9) for angle in same.values())


# -- every limit, and what is said -------------------------------------------------------------------------------------

ABSENT = "Nobody was seen for most of the time: sit in front of the camera and calibrate again."
NEEDED = "and at least 8 in 4 s are needed: see to the light, and calibrate again."
NOBODY = "Nobody was seen: sit in front of the camera and calibrate again."
TURNED = "Your head was turned to the left: face the screen as you do at work, and calibrate again."
MOVING = "You were moving: sit upright and still for six seconds, and calibrate again."
LEFTWARD = "move yourself a little to the left, or turn the camera to your right, and calibrate again."
RIGHTWARD = "move yourself a little to the right, or turn the camera to your left, and calibrate again."
LOWER = "sit back a little, or tilt the screen towards you, and calibrate again."
FACE_HIDDEN = (
    "Your face could not be seen: take away what is before it, such as a hand, or make more light, and calibrate again."
)
RIGHT_OUT = f"Your right shoulder is out of the picture at the side: {LEFTWARD}"
LEFT_OUT = f"Your left shoulder is out of the picture at the side: {RIGHTWARD}"
BELOW = f"Your shoulders are far below the picture: {LOWER}"
HIDDEN = "Your shoulders could not be seen: take away what hides them, or make more light, and calibrate again."


def one_hidden(side: str) -> str:
    return f"Your {side} shoulder could not be seen: take away what hides it, and calibrate again."


WIDTH_PX = 240.0
"""The shoulder width of the made-up sitter."""
EARS = (Landmark.LEFT_EAR, Landmark.RIGHT_EAR)
SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)


def refusal(samples: list[Sample]) -> Refusal:
    found = calibrate(samples, VISIBLE, "heavy")
    assert isinstance(found, Refusal), found
    return found


def sitting_for(*parts: tuple[int, Pose | None]) -> list[Sample]:
    """So many looks at each, four a second."""
    poses = [pose for count, pose in parts for _ in range(count)]
    return [(k / 4.0, pose) for k, pose in enumerate(poses)]


@pytest.fixture
def upright() -> Pose:
    """The made-up sitter with a body in space."""
    return replace(pose_of(sitter()), world=rendered("Asian_F_1__base").pose.world)


def without(pose: Pose, *landmarks: Landmark) -> Pose:
    points = pose.landmarks.copy()
    points[list(landmarks), 3] = 0.1
    return replace(pose, landmarks=points)


def shifted(pose: Pose, landmarks: tuple[Landmark, ...], right: float, down: float) -> Pose:
    points = pose.landmarks.copy()
    points[list(landmarks), :2] += (right, down)
    return replace(pose, landmarks=points)


def lower(pose: Pose, sw: float) -> Pose:
    """All of the person lower in the picture, in shoulder widths."""
    return shifted(pose, tuple(Landmark), 0.0, sw * WIDTH_PX)


def restless(pose: Pose, count: int) -> list[Pose]:
    """So many looks at somebody who moves to and fro all the time."""
    return [shifted(pose, tuple(Landmark), (-80.0, 0.0, 80.0)[k % 3], 0.0) for k in range(count)]


def in_turn(poses: list[Pose], others: list[Pose | None]) -> list[Sample]:
    """All of them, spread evenly, four a second."""
    ranked = [((k + 0.5) / len(group), pose) for group in (poses, others) for k, pose in enumerate(group)]
    return [(k / 4.0, pose) for k, (_, pose) in enumerate(sorted(ranked, key=lambda pair: pair[0]))]


# -- refused -----------------------------------------------------------------------------------------------------------


def test_somebody_in_under_sixty_per_cent_of_the_looks_is_absent_rather_than_moving(upright: Pose) -> None:
    assert refusal(in_turn(restless(upright, 24), [None] * 16)) == Refusal("moving", MOVING)
    assert refusal(in_turn(restless(upright, 23), [None] * 17)) == Refusal("absent", ABSENT)
    assert refusal([]) == refusal(sitting_for((40, None))) == Refusal("absent", NOBODY)


@pytest.mark.parametrize(
    ("landmark", "sentence"), [(Landmark.NOSE, FACE_HIDDEN), (Landmark.RIGHT_SHOULDER, one_hidden("right"))]
)
def test_face_and_shoulders_in_under_sixty_per_cent_are_out_rather_than_moving(
    upright: Pose, landmark: Landmark, sentence: str
) -> None:
    part: list[Pose | None] = [without(upright, landmark)]
    assert refusal(in_turn(restless(upright, 24), part * 16)) == Refusal("moving", MOVING)
    found = refusal(in_turn(restless(upright, 15), part * 25))
    assert found == Refusal("out_of_frame", sentence)
    assert refusal(in_turn(restless(upright, 23), part * 17)).reason == "out_of_frame"


def test_a_head_turned_away_in_over_forty_per_cent_is_turned_rather_than_moving(upright: Pose) -> None:
    turned: list[Pose | None] = [shifted(upright, (Landmark.NOSE,), 60.0, 0.0)]
    assert refusal(in_turn(restless(upright, 24), turned * 16)) == Refusal("moving", MOVING)
    assert refusal(in_turn(restless(upright, 23), turned * 17)) == Refusal("turned_away", TURNED)


def yawed(upright: Pose, yaw_deg: float) -> Person:
    person = Person.of(upright, VISIBLE)
    return replace(person, geometry=replace(person.geometry, yaw_deg=yaw_deg))


@pytest.mark.parametrize(
    ("yaw_deg", "refused_as"), [(26.0, None), (-26.0, None), (26.1, "turned_away"), (-26.1, "turned_away")]
)
def test_turned_away_is_beyond_26_degrees(upright: Pose, yaw_deg: float, refused_as: str | None) -> None:
    found = calibrate([(k / 4, yawed(upright, yaw_deg)) for k in range(40)], VISIBLE, "heavy")
    assert (found.reason if isinstance(found, Refusal) else None) == refused_as


def looks(pose: Pose, count: int, seconds: float) -> list[Sample]:
    """So many looks, evenly over the time."""
    return [(1.0 + k * seconds / (count - 1), pose) for k in range(count)]


def test_eight_looks_in_three_seconds_are_enough(upright: Pose) -> None:
    found = taken(looks(upright, 8, 3.0))
    assert (found.frames, found.seconds) == (8, 3.0)
    few = refusal(looks(upright, 7, 6.0))
    assert few == Refusal("few_frames", f"Only 7 good looks in 6 s, {NEEDED}")
    short = refusal(looks(upright, 40, 2.9))
    assert short == Refusal("few_frames", f"Only 40 good looks in 3 s, {NEEDED}")


def test_the_eight_looks_are_of_one_stretch(upright: Pose) -> None:
    """Of six seconds, or of three and a half."""
    assert taken(looks(upright, 8, 5.6)).frames == 8
    assert taken(looks(upright, 22, 0.7 * 21)).frames == 22  # nine in six seconds
    few = refusal(looks(upright, 17, 16.0))
    assert few == Refusal("few_frames", f"Only 17 good looks in 16 s, {NEEDED}")
    # Nobody, a turned head or no shoulders in between leave enough.
    for other in (None, shifted(upright, (Landmark.NOSE,), 60.0, 0.0), without(upright, Landmark.LEFT_SHOULDER)):
        assert taken(over_ten_seconds(upright, other)).frames == 21


@pytest.mark.parametrize(
    ("right_x", "left_x", "y", "sentence"),
    [
        (-1, 300, 360, RIGHT_OUT),
        (-1, 300, 479, RIGHT_OUT),
        (-1, 300, 480, BELOW),
        (340, 640, 360, LEFT_OUT),
        (340, 640, 479, LEFT_OUT),
        (340, 640, 480, BELOW),
        (200, 440, 480, BELOW),
        (200, 440, 900, BELOW),
        (0, 639, 479, HIDDEN),
    ],
)
def test_what_is_out_of_the_picture_is_named_with_its_side(
    upright: Pose, right_x: float, left_x: float, y: float, sentence: str
) -> None:
    points = upright.landmarks.copy()
    points[Landmark.RIGHT_SHOULDER, :2] = right_x, y
    points[Landmark.LEFT_SHOULDER, :2] = left_x, y
    points[list(SHOULDERS), 3] = 0.3
    assert refusal(sitting_for((40, replace(upright, landmarks=points)))) == Refusal("out_of_frame", sentence)


@pytest.mark.parametrize(("landmark", "side"), [(SHOULDERS[0], "left"), (SHOULDERS[1], "right")])
def test_one_shoulder_below_the_picture_is_named(upright: Pose, landmark: Landmark, side: str) -> None:
    points = upright.landmarks.copy()
    points[landmark, 1] = 900
    found = refusal(sitting_for((40, replace(upright, landmarks=points))))
    assert found == Refusal("out_of_frame", f"Your {side} shoulder is far below the picture: {LOWER}")


def test_both_shoulders_hidden_are_said_together(upright: Pose) -> None:
    assert refusal(sitting_for((40, without(upright, *SHOULDERS)))) == Refusal("out_of_frame", HIDDEN)


@pytest.mark.parametrize(
    ("right", "down", "sentence"),
    [
        (
            0,
            -191,
            "Your face is out of the picture at the top: sit back a little, or tilt the screen away from you, and "
            "calibrate again.",
        ),
        (0, -190, None),
        (0, 264, None),
        (0, 265, f"Your face is below the picture: {LOWER}"),
        (-295, 0, None),
        (-296, 0, f"Your face is out of the picture at the side: {LEFTWARD}"),
        (294, 0, None),
        (295, 0, f"Your face is out of the picture at the side: {RIGHTWARD}"),
    ],
)
def test_where_the_face_is_out_is_named(upright: Pose, right: float, down: float, sentence: str | None) -> None:
    """Eyes at 295 and 345, 190; the nose at 215."""
    face = shifted(upright, (Landmark.NOSE, Landmark.LEFT_EYE, Landmark.RIGHT_EYE), right, down)
    found = calibrate(sitting_for((40, face)), VISIBLE, "heavy")
    assert (found.sentence if isinstance(found, Refusal) and found.reason == "out_of_frame" else None) == sentence


def test_a_head_turned_to_the_right_is_named(upright: Pose) -> None:
    turned = shifted(upright, (Landmark.NOSE,), -60.0, 0.0)
    assert refusal(sitting_for((40, turned))).sentence == TURNED.replace("left", "right")


def test_a_face_in_sixty_per_cent_of_the_looks_is_in_the_picture(upright: Pose) -> None:
    """Then it is the shoulders; the same people without a face in more of them."""
    no_face, no_shoulder = without(upright, Landmark.NOSE), without(upright, Landmark.LEFT_SHOULDER)
    assert refusal(in_turn([no_shoulder] * 24, [no_face] * 16)).sentence == one_hidden("left")
    assert refusal(in_turn([no_shoulder] * 23, [no_face] * 17)).sentence == FACE_HIDDEN


@pytest.mark.parametrize(("out_sw", "enough"), [(0.0, True), (0.12, True), (0.59, True), (0.61, False)])
def test_shoulders_outside_the_picture_are_good_enough(upright: Pose, out_sw: float, enough: bool) -> None:
    points = upright.landmarks.copy()
    points[list(SHOULDERS), 1] = 479 + out_sw * WIDTH_PX
    samples = sitting_for((40, replace(upright, landmarks=points)))
    if enough:
        assert taken(samples).geometry.shoulders_out_sw == pytest.approx(out_sw)
    else:
        assert refusal(samples) == Refusal("out_of_frame", BELOW)


# -- still -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("right_down", [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)])
@pytest.mark.parametrize(("landmarks", "most_sw"), [(EARS, 0.12), (SHOULDERS, 0.06)])
def test_moving_is_a_spread_of_head_or_trunk(
    upright: Pose, landmarks: tuple[Landmark, ...], most_sw: float, right_down: tuple[float, float]
) -> None:
    """A third of the looks elsewhere: more than one in five, so it counts in full."""
    for part_sw, moving in ((most_sw * 1.2816 - 0.001, False), (most_sw * 1.2816 + 0.001, True)):
        away = shifted(upright, landmarks, *(part_sw * WIDTH_PX * direction for direction in right_down))
        samples = over_ten_seconds(upright, upright, away)
        if moving:
            assert refusal(samples) == Refusal("moving", MOVING)
        else:
            assert taken(samples).frames == 41


def test_talking_does_not_spoil_it(upright: Pose) -> None:
    """The head goes by a tenth of a shoulder width to either side and nods; the trunk is still."""
    head = (Landmark.NOSE, Landmark.LEFT_EYE, Landmark.RIGHT_EYE, *EARS)
    poses = [shifted(upright, head, *move) for move in ((24.0, 0.0), (0.0, 24.0), (-24.0, 0.0), (0.0, -24.0))]
    assert taken(over_ten_seconds(*poses)).frames == 41


@pytest.mark.parametrize("out_sw", [-0.5, -0.1, -0.05, 0.0, 0.12])
def test_shoulders_at_the_edge_may_waver_by_their_uncertainty(upright: Pose, out_sw: float) -> None:
    most_sw = 1.2816 * (0.06 + 0.5 * max(0.0, out_sw + 0.1))
    points = upright.landmarks.copy()
    points[list(SHOULDERS), 1] = 479 + out_sw * WIDTH_PX
    low = replace(upright, landmarks=points)
    for part_sw, moving in ((most_sw - 0.002, False), (most_sw + 0.002, True)):
        away = shifted(low, SHOULDERS, part_sw * WIDTH_PX, 0.0)
        found = calibrate(over_ten_seconds(low, low, away), VISIBLE, "heavy")
        assert isinstance(found, Refusal) is moving, part_sw


def test_one_look_in_five_may_be_elsewhere(upright: Pose) -> None:
    away = shifted(upright, tuple(Landmark), 60.0, 0.0)
    assert taken(over_ten_seconds(*[upright] * 5, away)).frames == 41
    assert refusal(over_ten_seconds(*[upright] * 3, away)).reason == "moving"


def test_a_stretch_goes_on_as_long_as_it_is_still(upright: Pose) -> None:
    samples = sitting_for((4, None), (20, upright), (4, None))
    assert taken(samples).seconds == 19 / 4
    away = shifted(upright, tuple(Landmark), 0.0, 60.0)
    found = taken(sitting_for((40, upright), (40, away)))
    assert (found.frames, found.seconds) == (50, 49 / 4)  # the last fifth is elsewhere
    np.testing.assert_allclose(found.pose.landmarks, upright.landmarks)


# -- upright -----------------------------------------------------------------------------------------------------------


def ears_y(found: Baseline) -> float:
    return found.geometry.ears_px[1]


def test_who_comes_up_in_the_first_seconds_is_taken_when_still(upright: Pose) -> None:
    rising = [lower(upright, 0.5 - 0.04 * k) for k in range(12)]
    samples = [(k / 4.0, pose) for k, pose in enumerate([*rising, *[upright] * 40])]
    found = taken(samples)
    assert ears_y(found) == 200.0
    assert found.seconds >= 39 / 4


def test_who_sits_upright_and_then_sinks_is_taken_upright(upright: Pose) -> None:
    sunk = lower(upright, 0.2)
    for samples in (sitting_for((28, upright), (60, sunk)), sitting_for((60, sunk), (28, upright))):
        found = taken(samples)
        assert ears_y(found) == 200.0
        assert found.frames < 40


@pytest.mark.parametrize(("down_sw", "first"), [(0.055, True), (0.06, True), (0.065, False)])
def test_of_stretches_about_as_tall_the_first_is_taken(upright: Pose, down_sw: float, first: bool) -> None:
    """Somebody who sits a little lower, then elsewhere for a moment, then at full height."""
    low, away = lower(upright, down_sw), shifted(upright, tuple(Landmark), 120.0, 60.0)
    found = taken(sitting_for((28, low), (12, away), (28, upright)))
    assert ears_y(found) == pytest.approx(200.0 + (down_sw * WIDTH_PX if first else 0.0))
    found = taken(sitting_for((28, upright), (12, away), (28, low)))
    assert ears_y(found) == 200.0


@pytest.mark.parametrize(("up_sw", "sits"), [(0.44, True), (0.45, True), (0.46, False)])
def test_who_stands_up_is_not_taken_standing(upright: Pose, up_sw: float, sits: bool) -> None:
    for samples in (
        sitting_for((60, upright), (28, lower(upright, -up_sw))),
        sitting_for((28, lower(upright, -up_sw)), (60, upright)),
    ):
        assert ears_y(taken(samples)) == pytest.approx(200.0 - (up_sw * WIDTH_PX if sits else 0.0))


def test_six_seconds_are_looked_for_before_four(upright: Pose) -> None:
    sunk, restive = lower(upright, 0.2), restless(upright, 12)
    samples = [*[sunk] * 24, *restive, *[upright] * 16]
    assert ears_y(taken([(k / 4.0, pose) for k, pose in enumerate(samples)])) == pytest.approx(200.0 + 48.0)
    samples = [*[sunk] * 16, *restive, *[upright] * 16]
    assert ears_y(taken([(k / 4.0, pose) for k, pose in enumerate(samples)])) == 200.0


@given(st.lists(st.floats(0.0, 0.3), min_size=2, max_size=4))
def test_never_taken_much_lower_than_the_tallest_still_stretch(down_sw: list[float]) -> None:
    upright = replace(pose_of(sitter()), world=rendered("Asian_F_1__base").pose.world)
    found = taken(sitting_for(*((28, lower(upright, sw)) for sw in down_sw)))
    lowest_px = (min(down_sw) + 0.06) * WIDTH_PX
    # Looks that are still part of a stretch, up to a fifth of them, may be a little lower again.
    assert ears_y(found) <= 200.0 + lowest_px + 0.08 * WIDTH_PX


def test_how_long_somebody_has_been_still(upright: Pose) -> None:
    def seconds(poses: list[Pose]) -> float:
        return still_s([(k / 4.0, Person.of(pose, VISIBLE)) for k, pose in enumerate(poses)])

    assert seconds([]) == 0.0
    assert seconds([upright]) == 0.0
    assert seconds([upright] * 13) == 3.0
    # A fifth of the looks may be elsewhere, and of the restless ones some are not.
    assert 15 / 4 <= seconds([*restless(upright, 20), *[upright] * 16]) <= 6.0
    assert seconds(restless(upright, 20)) < 1.0
    # Of eleven looks two may be elsewhere, of twelve not three.
    assert seconds([*[shifted(upright, tuple(Landmark), 120.0, 0.0)] * 10, *[upright] * 9]) == 10 / 4


# -- what a baseline is ------------------------------------------------------------------------------------------------


def test_poses_are_taken_like_their_people(upright: Pose) -> None:
    samples = sitting_for((30, upright))
    poses = taken(samples)
    people = calibrate([(t_s, Person.of(upright, VISIBLE)) for t_s, _ in samples], VISIBLE, "heavy")
    assert isinstance(people, Baseline)
    assert (people.geometry, people.frames, people.seconds) == (poses.geometry, poses.frames, poses.seconds)
    assert isinstance(calibrate(samples, 0.995, "heavy"), Refusal)


def test_the_baseline_is_the_median() -> None:
    """Of landmarks and of world, each for itself, and the plain geometry of that."""
    upright = rendered("Asian_F_1__base").pose
    poses = [shifted(upright, tuple(Landmark), 0.5 * k, -0.25 * k) for k in range(9)]
    poses = [replace(pose, world=pose.world + 0.001 * k) for k, pose in enumerate(poses)]
    found = taken([(0.4 * k, pose) for k, pose in enumerate(poses)])
    np.testing.assert_allclose(found.pose.landmarks, poses[4].landmarks)
    np.testing.assert_allclose(found.pose.world, poses[4].world)
    assert (found.pose.frame_w_px, found.pose.frame_h_px) == (W, H)
    assert found.geometry == Person.of(found.pose, VISIBLE).geometry
    assert found.placement == placement_of(found.pose, "heavy")
    assert (found.frames, found.seconds, found.model) == (9, 3.2, "heavy")


def test_least_visibility_is_that_of_the_median(upright: Pose) -> None:
    points = upright.landmarks.copy()
    points[:, 3] = 0.7
    dim = replace(upright, landmarks=points)
    people = [(k / 4, Person.of(dim, 0.6)) for k in range(40)]
    for least, seen in ((0.6, True), (0.8, False)):
        found = calibrate(people, least, "heavy")
        assert isinstance(found, Baseline)
        assert found.geometry.face_seen is seen


def test_noise_is_the_robust_spread_of_each_angle() -> None:
    """1.4826 times the median distance from the median, of the angles against the median pose."""
    upright = rendered("Asian_F_1__base").pose
    leaning = rendered("Asian_F_1__lat_lean_+10").pose
    part = replace(upright, landmarks=upright.landmarks + 0.08 * (leaning.landmarks - upright.landmarks))
    found = taken(sitting_for((24, upright), (6, part), (10, upright)))  # most of them alike
    assert found.spread == found.noise == pytest.approx(dict.fromkeys(ANGLES, 0.0), abs=1e-9)
    found = taken(sitting_for((20, upright), (20, part)))
    rest = (found.pose.landmarks, found.pose.world, W, H, "heavy")
    first, second = (estimate_angles(pose.landmarks, pose.world, *rest) for pose in (upright, part))
    apart = {name: abs(first[name].value - second[name].value) for name in ANGLES}
    assert apart["shoulder_tilt_deg"] > 0.1
    assert found.spread == pytest.approx({name: 1.4826 * degrees / 2 for name, degrees in apart.items()})


def test_other_noise_of_an_older_baseline_is_no_spread(upright: Pose) -> None:
    found = replace(taken(sitting_for((40, upright))), noise={"slump_deg": 2.0, "neck": 0.1})
    assert found.spread == {"slump_deg": 2.0}


def test_a_picture_without_face_or_shoulders_is_no_baseline() -> None:
    sentence = "Face and shoulders are not both in the baseline picture: take another."
    for landmark in (Landmark.LEFT_EYE, Landmark.LEFT_SHOULDER):
        points = sitter()
        points[landmark, 3] = 0.1
        assert baseline_of(person_of(points), "heavy") == Refusal("few_frames", sentence)
    person = rendered("White_M_1__base", "lite")
    found = baseline_of(person, "lite")
    assert isinstance(found, Baseline)
    assert (found.pose, found.geometry) == (person.pose, person.geometry)
    assert (found.noise, found.frames, found.seconds, found.model) == ({}, 1, 0.0, "lite")
    assert found.placement == placement_of(person.pose, "lite")


def test_the_place_is_that_of_the_fit_with_the_turn_of_the_face() -> None:
    person = rendered("Asian_F_1__camside__base_+0", "lite")
    pose = person.pose
    expected = estimate_placement(pose.landmarks, pose.world, W, H, "lite")
    assert placement_of(pose, "lite") == replace(expected, turned_deg=person.geometry.yaw_deg)
    assert placement_of(pose, "lite") != placement_of(pose, "heavy")
