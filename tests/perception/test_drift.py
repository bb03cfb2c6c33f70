"""A moved camera is distinguished from posture: on frames of the clips, as they are and turned, shifted and scaled."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from inferred import CLIPS

from posture.camera.frame import Frame
from posture.camera.opencv import opencv
from posture.camera.video import VideoFile
from posture.measure.baseline import Baseline, calibrate
from posture.measure.geometry import Person
from posture.perception.drift import Change, Drift, change_of, watch_drift
from posture.pose.landmarks import Pose, PoseModel

VISIBLE = 0.6
LOOK_S = 10.0
"""Between the looks taken of a clip."""
# What is reported, and what is done to a picture: turn (deg), move right and down (parts of the picture), scale.
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
def truth(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CLIPS[name].with_suffix(".truth.json").read_text())
    return found


pytestmark = pytest.mark.slow


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
            calibrating = t_s < truth(name)["calibrate"][1]
            due_s += 0.5 if calibrating else LOOK_S
            number, segment = next(
                (k, part) for k, part in enumerate(truth(name)["segments"]) if part["start"] <= t_s <= part["end"]
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
            if segment["label"] == "neutral" and t_s - segment["start"] > 2.0:
                kind = min(MOVES, key=lambda move: len(moved[move]))  # the looks are shared among the moves
                if found := model.find(transformed(frame, MOVES[kind])):
                    moved[kind].append(found)
    people = [(t_s, None if pose is None else Person.of(pose, VISIBLE)) for t_s, pose in samples]
    baseline = calibrate(people, VISIBLE, "heavy")
    assert isinstance(baseline, Baseline)
    return Clip(baseline, looks, moved)


def reported(poses: list[Pose], baseline: Baseline, minutes: float = 20.0, every_s: float = 15.0) -> list[str]:
    """The sentences while these looks come again and again."""
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
        assert not any(reported(poses, clip.baseline)), label
    assert not any(reported([pose for poses in clip.looks.values() for pose in poses], clip.baseline, minutes=40.0))


@pytest.mark.parametrize("kind", MOVES)
def test_a_moved_camera_is_reported_within_a_quarter_of_an_hour(clips: dict[str, Clip], kind: Change) -> None:
    for name, clip in clips.items():
        if name == "desk_stand" and kind == "rolled":
            continue  # a smaller person, whose eye line wavers by as much
        sentences = reported(clip.moved[kind], clip.baseline, minutes=15.0)
        assert sentences[-1], name
        assert "alibrate again" in sentences[-1]
        assert not any(sentences[:20]), name  # five minutes prove nothing


def test_a_roll_to_the_other_side_is_reported_too(heavy: PoseModel, clips: dict[str, Clip], laptop_a: Path) -> None:
    with VideoFile(str(laptop_a)) as video:
        while (t_s := video.grab()) is not None and t_s < 30.0:
            pass
        pose = heavy.find(transformed(video.retrieve(), (-5.0, 0.0, 0.0, 1.0)))
    assert pose is not None
    assert change_of(Person.of(pose, VISIBLE), clips["laptop_a"].baseline) == "rolled"
