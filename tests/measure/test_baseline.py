"""A calibration: what it is refused for, how steady it is, and that the next one agrees with it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.camera.video import VideoFile, read_image
from posture.measure.angles import ANGLES, estimate_angles
from posture.measure.baseline import Baseline, Refusal, baseline_of, calibrate
from posture.measure.geometry import Person
from posture.measure.measures import measure
from posture.measure.placement import hidden_deviations
from posture.pose.landmarks import Pose
from posture.pose.mediapipe_model import MediaPipePose
from posture.settings import Settings

Sample = tuple[float, Pose | None]
VISIBLE = 0.6


@pytest.fixture(scope="module")
def heavy() -> Iterator[MediaPipePose]:
    with MediaPipePose("heavy", running="image") as model:
        yield model


@pytest.fixture(scope="module")
def sitting(heavy: MediaPipePose, laptop_a: Path) -> list[Sample]:
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
def look(heavy: MediaPipePose, frames: Path) -> dict[str, Pose | None]:
    names = ("base", "absent", "lat_lean_+10", "lat_lean_-15", "head_yaw_+30")
    return {name: heavy.find(read_image(frames / f"Asian_F_1__{name}.jpg")) for name in names}


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


def test_a_second_calibration_agrees_with_the_first_within_its_uncertainty(sitting: list[Sample]) -> None:
    first = taken([one for one in sitting if one[0] < 10])
    second = taken([one for one in sitting if one[0] >= 10])
    found = measure(Person(second.pose, second.geometry), first, Settings(), "heavy")
    for name in ANGLES:
        assert abs(getattr(found, name)) <= 2.0 * found.sd[name], name
    back = measure(Person(first.pose, first.geometry), second, Settings(), "heavy")
    for name in ANGLES:
        assert abs(getattr(back, name)) <= 2.0 * back.sd[name], name


def test_it_says_on_what_it_rests(sitting: list[Sample]) -> None:
    found = taken(sitting)
    assert found.frames == len(sitting) == 40
    assert found.seconds == pytest.approx(19.5, abs=0.1)
    assert tuple(found.spread) == ANGLES
    assert all(0.0 <= sd < 5.0 for sd in found.spread.values())
    assert found.spread["lateral_lean_deg"] < 0.5


def test_its_spread_is_part_of_the_uncertainty_of_every_measure(sitting: list[Sample]) -> None:
    steady = taken(sitting)
    wavering = replace(steady, noise=steady.noise | {"slump_deg": 6.0})
    pose = sitting[-1][1]
    assert pose is not None
    before, after = (measure(Person.of(pose, VISIBLE), one, Settings(), "heavy") for one in (steady, wavering))
    assert after.sd["slump_deg"] > 6.0 > before.sd["slump_deg"]
    assert after.slump_deg == before.slump_deg


def test_one_picture_has_no_spread(look: dict[str, Pose | None]) -> None:
    pose = look["base"]
    assert pose is not None
    found = baseline_of(Person.of(pose, VISIBLE), "heavy")
    assert isinstance(found, Baseline)
    assert found.spread == {}


def test_nobody_is_refused(look: dict[str, Pose | None]) -> None:
    assert look["absent"] is None
    assert refused(over_ten_seconds(look["absent"])) == "absent"
    assert refused(over_ten_seconds(look["base"], None)) == "absent"
    assert refused([]) == "absent"


def test_somebody_moving_is_refused(look: dict[str, Pose | None]) -> None:
    assert refused(over_ten_seconds(look["base"], look["lat_lean_+10"], look["lat_lean_-15"])) == "moving"
    # Most of the time one way, the rest another: the median alone would not notice.
    assert refused(over_ten_seconds(*[look["base"]] * 7, *[look["lat_lean_+10"]] * 3)) == "moving"


def test_a_camera_beside_the_screen_is_no_head_turned_away(heavy: MediaPipePose, frames: Path) -> None:
    for person in ("Asian_F_1", "White_M_1"):
        found = taken(over_ten_seconds(heavy.find(read_image(frames / f"{person}__camside__base_+0.jpg"))))
        assert 15.0 < abs(found.placement.turned_deg) < 26.0
        assert hidden_deviations(found.placement) == ("forward_head",)


def test_a_head_turned_away_is_refused(look: dict[str, Pose | None]) -> None:
    assert refused(over_ten_seconds(look["head_yaw_+30"])) == "turned_away"


def test_shoulders_out_of_the_picture_are_refused_whatever_the_model_thinks(heavy: MediaPipePose, frames: Path) -> None:
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


def test_the_baseline_against_itself_is_no_change(sitting: list[Sample]) -> None:
    found = taken(sitting)
    size = (found.pose.frame_w_px, found.pose.frame_h_px)
    same = estimate_angles(*[found.pose.landmarks, found.pose.world] * 2, *size, "heavy")
    assert all(one.value == pytest.approx(0.0, abs=1e-9) for one in same.values())
