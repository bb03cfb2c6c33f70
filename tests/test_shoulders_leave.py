"""What is lost is information: shoulders leave the picture, and what was raised goes on by the face."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import baseline_like, rendered, rendered_baseline

from posture.measure.baseline import Baseline, calibrate
from posture.measure.geometry import Person
from posture.measure.levels import NO_SHOULDERS
from posture.measure.observation import Observation
from posture.measure.observe import Observer, observe
from posture.pose.landmarks import Landmark, Pose
from posture.settings import Settings
from posture.timeline.advance import advance
from posture.timeline.events import DeviationEnded, DeviationStarted, Event
from posture.timeline.state import TimelineState

SETTINGS = Settings()
VISIBLE = SETTINGS.pose.min_visibility
SHOULDERS = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
LOOK_S = 1.0
flags = st.lists(st.booleans(), min_size=25, max_size=25)


def lost(pose: Pose, which: Sequence[Landmark] = SHOULDERS) -> Pose:
    """The same person with shoulders that the model no longer tells."""
    points = pose.landmarks.copy()
    points[list(which), 3] = 0.2
    return replace(pose, landmarks=points)


def sunk(pose: Pose, down_sw: float, larger: float) -> Pose:
    """The same person lower in the picture, and nearer."""
    points, width_px = pose.landmarks.copy(), float(np.hypot(*(pose.landmarks[11, :2] - pose.landmarks[12, :2])))
    nose = points[Landmark.NOSE, :2].copy()
    points[:, :2] = (points[:, :2] - nose) * larger + nose + (0.0, down_sw * width_px)
    return replace(pose, landmarks=points)


def watched(poses: Sequence[Pose], baseline: Baseline) -> tuple[list[Observation], list[Event]]:
    observer, state = Observer(), TimelineState()
    seen, events = list[Observation](), list[Event]()
    for look, pose in enumerate(poses):
        observer, observation, _ = observe(observer, look * LOOK_S, pose, baseline, SETTINGS, model="heavy")
        state, more = advance(state, observation, SETTINGS.timeline)
        seen.append(observation)
        events += more
    return seen, events


def spells(events: Sequence[Event], kind: str) -> tuple[int, int]:
    """How often a deviation has started, and ended."""
    mine = [event for event in events if isinstance(event, DeviationStarted | DeviationEnded) and event.kind == kind]
    return tuple(sum(isinstance(event, each) for event in mine) for each in (DeviationStarted, DeviationEnded))  # type: ignore[return-value]


@settings(max_examples=20)
@given(flags, st.floats(0.3, 0.6), st.floats(1.0, 1.25))
def test_a_slump_goes_on_while_the_shoulders_leave_and_come_back(
    gone: list[bool], down_sw: float, larger: float
) -> None:
    base, slump = rendered_baseline("Asian_F_1__base"), rendered("Asian_F_1__slouch_+18").pose
    deep = sunk(slump, down_sw, larger)
    poses = [base.pose] * 10 + [lost(deep) if each else deep for each in gone] + [lost(deep)] * 20 + [base.pose] * 20
    seen, events = watched(poses, base)
    assert spells(events, "slump") == (1, 1)
    assert all((look.levels["slump"] or 0.0) >= 0.7 for look in seen[20:55])


@pytest.mark.parametrize("name", ["Asian_F_1", "White_M_1"])
def test_who_sinks_until_only_the_face_is_seen_stays_slumped(name: str) -> None:
    """By degrees, and then for as long as they like."""
    base = rendered_baseline(f"{name}__base")
    bottom_px = float(base.pose.landmarks[SHOULDERS, 1].max())
    frame = replace(base.pose, frame_h_px=int(bottom_px))  # the shoulders lie on the lower edge
    base = baseline_like_pose(frame)
    sinking = [sunk(frame, 0.02 * step, 1.0 + 0.01 * step) for step in range(30)]
    sinking = [lost(pose) if step > 15 else pose for step, pose in enumerate(sinking)]
    seen, events = watched([frame] * 10 + sinking + [sinking[-1]] * 200, base)
    assert all(look.presence == "sitting" for look in seen)
    assert spells(events, "slump") == (1, 0)
    assert not [event for event in events if isinstance(event, DeviationEnded)]
    assert seen[-1].judged["forward_head"].why
    assert seen[-1].judged["shoulder_tilt"].why == NO_SHOULDERS


def baseline_like_pose(pose: Pose) -> Baseline:
    return replace(baseline_like(pose.landmarks), pose=pose, geometry=Person.of(pose, VISIBLE).geometry)


def test_who_comes_too_close_is_too_close_without_shoulders() -> None:
    base = rendered_baseline("White_M_1__base")
    near = lost(sunk(base.pose, 0.1, 1.8))
    _, events = watched([base.pose] * 10 + [near] * 30, base)
    assert spells(events, "too_close") == (1, 0)


@settings(max_examples=20)
@given(flags, st.sampled_from([SHOULDERS, SHOULDERS[:1], SHOULDERS[1:]]))
def test_upright_shoulders_that_come_and_go_raise_nothing(gone: list[bool], which: list[Landmark]) -> None:
    base = rendered_baseline("Asian_F_1__base")
    seen, events = watched([lost(base.pose, which) if each else base.pose for each in gone], base)
    assert not [event for event in events if isinstance(event, DeviationStarted)]
    assert all(max(level or 0.0 for level in look.levels.values()) < 1.0 for look in seen)


@cache
def leaning(side: str) -> tuple[Baseline, list[Pose]]:
    """A real person's baseline, and their looks while they lean to a side for the longest."""
    with np.load(Path(__file__).parent / "data/real/webcam5_heavy.npz") as file:
        arrays: dict[str, Any] = {name: file[name] for name in file.files}
    label = arrays["label"]
    recordings, counts = np.unique(arrays["recording"][label == side], return_counts=True)
    at = np.flatnonzero(arrays["recording"] == recordings[counts.argmax()])
    at = at[arrays["frame"][at].argsort(kind="stable")]

    def pose(row: int) -> Pose:
        points, world = (arrays[which][row].astype(np.float64) for which in ("landmarks", "world"))
        return Pose(points, world, *map(int, arrays["size"][row]))

    straight = [pose(row) for row in at if label[row] == "straight"][:40]
    baseline = calibrate([(0.25 * look, each) for look, each in enumerate(straight)], VISIBLE, "heavy")
    assert isinstance(baseline, Baseline)
    rows = [row for row in at if label[row] == side]
    # Labels turn over in the middle of a movement: the looks of the middle.
    return baseline, [pose(row) for row in rows[len(rows) // 4 : -len(rows) // 4]]


@pytest.mark.parametrize("side", ["lean_left", "lean_right"])
@settings(max_examples=15)
@given(gone=flags)
def test_a_lean_goes_on_by_the_face_of_a_real_person(side: str, gone: list[bool]) -> None:
    baseline, looks = leaning(side)
    # The look in the middle by how far the head has shifted.
    still = sorted(looks, key=lambda pose: float(pose.landmarks[Landmark.NOSE, 0]))[len(looks) // 2]
    poses = [baseline.pose] * 10 + [lost(still) if each else still for each in gone] + [lost(still)] * 15
    _, events = watched(poses, baseline)
    assert spells(events, side) == (1, 0)
    other = "lean_right" if side == "lean_left" else "lean_left"
    assert spells(events, other) == (0, 0)


@pytest.mark.parametrize("side", ["lean_left", "lean_right"])
def test_most_looks_of_a_leaning_person_say_so_by_the_face_alone(side: str) -> None:
    baseline, looks = leaning(side)
    raised = 0
    for pose in looks:
        _, look, _ = observe(Observer(), 0.0, lost(pose), baseline, SETTINGS, model="heavy")
        raised += (look.levels[side] or 0.0) >= 1.0  # type: ignore[index]
    assert raised >= 0.7 * len(looks) > 10
