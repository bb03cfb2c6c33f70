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
from posture.measure.baseline import Baseline, Refusal, baseline_of, calibrate, placement_of
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
    people = [(t_s, None if pose is None else Person.of(pose, VISIBLE)) for t_s, pose in samples]
    found = calibrate(people, VISIBLE, "heavy")
    assert isinstance(found, Refusal), found
    assert found.sentence[0].isupper()
    assert found.sentence.endswith(".")
    return found.reason


def taken(samples: list[Sample]) -> Baseline:
    people = [(t_s, None if pose is None else Person.of(pose, VISIBLE)) for t_s, pose in samples]
    found = calibrate(people, VISIBLE, "heavy")
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
    assert refused(over_ten_seconds(look["base"], None)) == "absent"
    assert refused([]) == "absent"


def test_somebody_moving_is_refused(look: dict[str, Pose | None]) -> None:
    assert refused(over_ten_seconds(look["base"], look["lat_lean_+10"], look["lat_lean_-15"])) == "moving"
    # Most of the time one way, the rest another: the median alone would not notice.
    assert refused(over_ten_seconds(*[look["base"]] * 7, *[look["lat_lean_+10"]] * 3)) == "moving"


def test_a_camera_beside_the_screen_is_no_head_turned_away() -> None:
    for name in ("Asian_F_1", "White_M_1"):
        found = taken(over_ten_seconds(rendered(f"{name}__camside__base_+0").pose))
        assert 15.0 < abs(found.placement.turned_deg) < 26.0
        assert hidden_deviations(found.placement) == ("forward_head",)


def test_a_head_turned_away_is_refused(look: dict[str, Pose | None]) -> None:
    assert refused(over_ten_seconds(look["head_yaw_+30"])) == "turned_away"


@pytest.mark.slow
def test_shoulders_out_of_the_picture_are_refused_whatever_the_model_thinks(heavy: PoseModel, frames: Path) -> None:
    whole = read_image(frames / "Asian_F_1__base.jpg")
    cut = replace(whole, image=whole.image[:300])  # the shoulders are at 362
    pose = heavy.find(cut)
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
OUT = "Face and shoulders were not both in the picture: move back a little, or tilt the screen."
TURNED = "The head was turned away: face the screen as you do at work, and calibrate again."
MOVING = "You were moving: sit upright and still for ten seconds, and calibrate again."


def refusal(samples: list[Sample]) -> Refusal:
    people = [(t_s, None if pose is None else Person.of(pose, VISIBLE)) for t_s, pose in samples]
    found = calibrate(people, VISIBLE, "heavy")
    assert isinstance(found, Refusal), found
    return found


def sitting_for(*parts: tuple[int, Pose | None]) -> list[Sample]:
    """So many looks at each, four a second."""
    poses = [pose for count, pose in parts for _ in range(count)]
    return [(k / 4.0, pose) for k, pose in enumerate(poses)]


@pytest.fixture
def upright() -> Pose:
    return rendered("Asian_F_1__base").pose


def without(pose: Pose, *landmarks: Landmark) -> Pose:
    points = pose.landmarks.copy()
    points[list(landmarks), 3] = 0.1
    return replace(pose, landmarks=points)


def test_sixty_per_cent_of_the_looks_must_show_somebody(upright: Pose) -> None:
    assert taken(sitting_for((24, upright), (16, None))).frames == 24
    assert refusal(sitting_for((23, upright), (17, None))) == Refusal("absent", ABSENT)
    assert refusal([]) == Refusal("absent", ABSENT)


@pytest.mark.parametrize("landmark", [Landmark.NOSE, Landmark.RIGHT_SHOULDER])
def test_sixty_per_cent_of_those_must_show_face_and_shoulders(upright: Pose, landmark: Landmark) -> None:
    part = without(upright, landmark)
    assert taken(sitting_for((24, upright), (16, part))).frames == 24
    assert refusal(sitting_for((23, upright), (17, part))) == Refusal("out_of_frame", OUT)


def test_sixty_per_cent_of_those_must_face_the_screen(upright: Pose) -> None:
    turned = rendered("Asian_F_1__head_yaw_+30").pose
    assert taken(sitting_for((24, upright), (16, turned))).frames == 24
    assert refusal(sitting_for((23, upright), (17, turned))) == Refusal("turned_away", TURNED)


def yawed(upright: Pose, yaw_deg: float) -> Person:
    person = Person.of(upright, VISIBLE)
    return replace(person, geometry=replace(person.geometry, yaw_deg=yaw_deg))


@pytest.mark.parametrize(
    ("yaw_deg", "refused_as"), [(26.0, None), (-26.0, None), (26.1, "turned_away"), (-26.1, "turned_away")]
)
def test_turned_away_is_beyond_26_degrees(upright: Pose, yaw_deg: float, refused_as: str | None) -> None:
    found = calibrate([(k / 4, yawed(upright, yaw_deg)) for k in range(40)], VISIBLE, "heavy")
    assert (found.reason if isinstance(found, Refusal) else None) == refused_as


def test_eight_looks_in_three_seconds_are_enough(upright: Pose) -> None:
    def looks(count: int, seconds: float) -> list[Sample]:
        return [(1.0 + k * seconds / (count - 1), upright) for k in range(count)]

    found = taken(looks(8, 3.0))
    assert (found.frames, found.seconds) == (8, 3.0)
    few = refusal(looks(7, 6.0))
    assert few == Refusal("few_frames", "Only 7 good looks in 6 s: at least 8 in 3 s are needed.")
    short = refusal(looks(40, 2.9))
    assert short == Refusal("few_frames", "Only 40 good looks in 3 s: at least 8 in 3 s are needed.")


def test_the_time_is_that_of_the_good_looks(upright: Pose) -> None:
    samples = sitting_for((4, None), (20, upright), (4, None))
    assert taken(samples).seconds == 19 / 4


def shifted(pose: Pose, landmarks: tuple[Landmark, ...], right: float, down: float) -> Pose:
    points = pose.landmarks.copy()
    points[list(landmarks), :2] += (right, down)
    return replace(pose, landmarks=points)


@pytest.mark.parametrize("right_down", [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)])
@pytest.mark.parametrize(
    "landmarks", [(Landmark.LEFT_EAR, Landmark.RIGHT_EAR), (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)]
)
def test_moving_is_a_spread_of_head_or_shoulders(
    landmarks: tuple[Landmark, ...], right_down: tuple[float, float]
) -> None:
    """A third of the looks elsewhere: more than one in five, so it counts in full."""
    upright, width_px = pose_of(sitter()), 240.0
    world = rendered("Asian_F_1__base").pose.world
    upright = replace(upright, world=world)
    for part_sw, moving in ((0.06 * 1.2816 - 0.001, False), (0.06 * 1.2816 + 0.001, True)):
        away = shifted(upright, landmarks, *(part_sw * width_px * direction for direction in right_down))
        samples = sitting_for((27, upright), (13, away))
        if moving:
            assert refusal(samples) == Refusal("moving", MOVING)
        else:
            taken(samples)


def test_one_look_in_five_may_be_elsewhere(upright: Pose) -> None:
    away = shifted(upright, tuple(Landmark), 60.0, 0.0)
    assert taken(sitting_for((33, upright), (7, away))).frames == 40
    assert refusal(sitting_for((31, upright), (9, away))).reason == "moving"


def test_the_baseline_is_the_median(upright: Pose) -> None:
    """Of landmarks and of world, each for itself, and the plain geometry of that."""
    poses = [shifted(upright, tuple(Landmark), 0.5 * k, -0.25 * k) for k in range(9)]
    poses = [replace(pose, world=pose.world + 0.001 * k) for k, pose in enumerate(poses)]
    found = taken([(0.5 * k, pose) for k, pose in enumerate(poses)])
    np.testing.assert_allclose(found.pose.landmarks, poses[4].landmarks)
    np.testing.assert_allclose(found.pose.world, poses[4].world)
    assert (found.pose.frame_w_px, found.pose.frame_h_px) == (W, H)
    assert found.geometry == Person.of(found.pose, VISIBLE).geometry
    assert found.placement == placement_of(found.pose, "heavy")
    assert (found.frames, found.seconds, found.model) == (9, 4.0, "heavy")


def test_least_visibility_is_that_of_the_median(upright: Pose) -> None:
    points = upright.landmarks.copy()
    points[:, 3] = 0.7
    dim = replace(upright, landmarks=points)
    people = [(k / 4, Person.of(dim, 0.6)) for k in range(40)]
    for least, seen in ((0.6, True), (0.8, False)):
        found = calibrate(people, least, "heavy")
        assert isinstance(found, Baseline)
        assert found.geometry.face_seen is seen


def test_noise_is_the_robust_spread_of_each_angle(upright: Pose) -> None:
    """1.4826 times the median distance from the median, of the angles against the median pose."""
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
