"""A moved camera is told from posture: on the clips' own frames, as they are and turned, shifted and scaled."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.camera.frame import Frame
from posture.camera.opencv import opencv
from posture.camera.video import VideoFile, read_image
from posture.measure.baseline import Baseline, baseline_of, calibrate
from posture.measure.geometry import Person
from posture.perception.drift import Change, Drift, change_of, watch_drift
from posture.pose.landmarks import Pose, PoseModel

ROOT = Path(__file__).parents[2]
CLIPS = {
    "laptop_a": ROOT / "tests/data/laptop_a.mp4",
    "laptop_b": ROOT / "tests/data/laptop_b.mp4",
    "desk_stand": ROOT / "samples/desk_stand.mp4",
}
VISIBLE = 0.6
LOOK_S = 10.0
"""Between the looks taken of a clip."""
# What to do to a picture and what has to be said of it: turn (deg), move right and down (parts of the picture), scale.
MOVES: dict[Change, tuple[float, float, float, float]] = {
    "rolled": (5.0, 0.0, 0.0, 1.0),
    "higher": (0.0, 0.0, -0.15, 1.0),
    "lower": (0.0, 0.0, 0.15, 1.0),
    "left": (0.0, 0.15, 0.0, 1.0),
    "right": (0.0, -0.15, 0.0, 1.0),
    "nearer": (0.0, 0.0, 0.0, 1.2),
    "farther": (0.0, 0.0, 0.0, 0.8),
}


@dataclass(frozen=True)
class Clip:
    baseline: Baseline
    looks: dict[str, list[Pose]]
    """By segment, in order; those of sitting."""
    moved: dict[Change, list[Pose]]
    """Neutral looks of pictures that were moved."""


def transformed(frame: Frame, move: tuple[float, float, float, float]) -> Frame:
    cv2 = opencv()
    height, width = frame.image.shape[:2]
    turn_deg, right, down, scale = move
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, scale)
    matrix[:, 2] += (right * width, down * height)
    return replace(frame, image=cv2.warpAffine(frame.image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE))


@cache
def told(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CLIPS[name].with_suffix(".truth.json").read_text())
    return found


@pytest.fixture(scope="module")
def clips(heavy: PoseModel) -> dict[str, Clip]:
    return {name: seen(name, heavy) for name in CLIPS}


def seen(name: str, model: PoseModel) -> Clip:
    samples: list[tuple[float, Pose | None]] = []
    looks: dict[str, list[Pose]] = {}
    moved: dict[Change, list[Pose]] = {kind: [] for kind in MOVES}
    with VideoFile(str(CLIPS[name])) as video:
        due_s = 0.0
        while (t_s := video.grab()) is not None:
            if t_s < due_s - 0.001:
                continue
            calibrating = t_s < told(name)["calibrate"][1]
            due_s += 1.0 if calibrating else LOOK_S
            number, segment = next(
                (k, one) for k, one in enumerate(told(name)["segments"]) if one["start"] <= t_s <= one["end"]
            )
            if segment["label"] in ("away", "standing"):
                continue
            frame = video.retrieve()
            pose = model.find(frame)
            if calibrating:
                samples.append((t_s, pose))
                continue
            assert pose is not None, (name, t_s)
            looks.setdefault(f"{number} {segment['label']}", []).append(pose)
            kinds = list(MOVES)
            if segment["label"] == "neutral" and t_s - segment["start"] > 2.0:
                kind = min(kinds, key=lambda one: len(moved[one]))  # the looks are shared among the moves
                if found := model.find(transformed(frame, MOVES[kind])):
                    moved[kind].append(found)
    people = [(t_s, None if pose is None else Person.of(pose, VISIBLE)) for t_s, pose in samples]
    baseline = calibrate(people, VISIBLE, "heavy")
    assert isinstance(baseline, Baseline)
    return Clip(baseline, looks, moved)


def said(poses: list[Pose], baseline: Baseline, minutes: float = 20.0, every_s: float = 15.0) -> list[str]:
    """What is said when these looks come again and again."""
    state, sentences = Drift(), []
    for k in range(int(minutes * 60 / every_s)):
        state, sentence = watch_drift(state, k * every_s, Person.of(poses[k % len(poses)], VISIBLE), baseline)
        sentences.append(sentence)
    return sentences


@pytest.mark.parametrize("name", CLIPS)
def test_no_stretch_of_a_clip_held_for_twenty_minutes_is_taken_for_a_moved_camera(
    clips: dict[str, Clip], name: str
) -> None:
    clip = clips[name]
    assert clip.looks
    for label, poses in clip.looks.items():
        assert not any(said(poses, clip.baseline)), label
    assert not any(said([pose for poses in clip.looks.values() for pose in poses], clip.baseline, minutes=40.0))


@pytest.mark.parametrize("kind", MOVES)
def test_a_moved_camera_is_told_within_a_quarter_of_an_hour(clips: dict[str, Clip], kind: Change) -> None:
    for name, clip in clips.items():
        if name == "desk_stand" and kind == "rolled":
            continue  # a smaller person, whose eye line wavers by as much
        sentences = said(clip.moved[kind], clip.baseline, minutes=15.0)
        assert sentences[-1], name
        assert "alibrate again" in sentences[-1]
        assert not any(sentences[:20]), name  # five minutes prove nothing


def test_a_roll_to_the_other_side_is_told_too(heavy: PoseModel, clips: dict[str, Clip], laptop_a: Path) -> None:
    with VideoFile(str(laptop_a)) as video:
        while (t_s := video.grab()) is not None and t_s < 30.0:
            pass
        pose = heavy.find(transformed(video.retrieve(), (-5.0, 0.0, 0.0, 1.0)))
    assert pose is not None
    assert change_of(Person.of(pose, VISIBLE), clips["laptop_a"].baseline) == "rolled"


def test_single_postures_are_no_moved_camera(heavy: PoseModel, frames: Path) -> None:
    for path in sorted(frames.glob("*.jpg")):
        person, *placement, _ = path.stem.split("__")
        rest = frames / ("__".join([person, *placement, "base_+0"]) + ".jpg" if placement else f"{person}__base.jpg")
        pose, upright = heavy.find(read_image(path)), heavy.find(read_image(rest))
        if pose is None or "seat" in path.stem:  # a chair rolled aside looks like a camera turned aside
            continue
        assert upright is not None
        baseline = baseline_of(Person.of(upright, VISIBLE), "heavy")
        assert isinstance(baseline, Baseline)
        assert change_of(Person.of(pose, VISIBLE), baseline) == "", path.stem


def test_pictures_of_another_shape_are_told_at_once_and_of_another_size_not(clips: dict[str, Clip]) -> None:
    clip = clips["laptop_a"]
    pose = clip.baseline.pose
    wide = replace(pose, frame_h_px=round(pose.frame_w_px * 9 / 16))
    _, sentence = watch_drift(Drift(), 0.0, Person.of(wide, VISIBLE), clip.baseline)
    assert "another shape" in sentence
    large = pose.landmarks.copy()
    large[:, :3] *= 2.0
    twice = Pose(large, pose.world, pose.frame_w_px * 2, pose.frame_h_px * 2)
    assert change_of(Person.of(twice, VISIBLE), clip.baseline) == ""


def test_looks_that_cannot_tell_do_not_count(clips: dict[str, Clip]) -> None:
    clip = clips["laptop_a"]
    hidden = clip.baseline.pose.landmarks.copy()
    hidden[:, 3] = 0.1
    unseen = Person.of(replace(clip.baseline.pose, landmarks=hidden), VISIBLE)
    state, sentence = watch_drift(Drift(), 0.0, unseen, clip.baseline)
    assert (state.looks, sentence) == ((), "")


@given(st.lists(st.tuples(st.floats(0, 2000), st.integers(0, 10)), min_size=1, max_size=40))
def test_whatever_comes_it_remembers_a_quarter_of_an_hour_at_most(steps: list[tuple[float, int]]) -> None:
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.uniform(100, 400, (33, 3)), np.full((33, 1), 0.99)], axis=1)
    pose = Pose(points, rng.normal(0, 0.3, (33, 3)), 640, 480)
    baseline = baseline_of(Person.of(pose, VISIBLE), "heavy")
    assert isinstance(baseline, Baseline)
    state, t_s = Drift(), 0.0
    for wait_s, move in steps:
        t_s += wait_s
        moved = points.copy()
        moved[:, 1] += 5.0 * move
        state, _ = watch_drift(state, t_s, Person.of(replace(pose, landmarks=moved), VISIBLE), baseline)
        times = [at for at, _ in state.looks]
        assert times == sorted(times)
        assert not times or t_s - times[0] <= 900.0
