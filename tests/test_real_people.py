"""Ordinary webcam clips of people who sit as they do, as landmarks: they calibrate, and nothing is raised for long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posture.measure.baseline import Baseline, Refusal, calibrate
from posture.measure.observe import Observer, observe
from posture.pose.landmarks import Pose
from posture.settings import Settings

CLIPS = (
    "custom_camera", "fsanet_webcam", "intel_male", "latentsync_sofa", "pyfeat_face", "pyfeat_pexels",
    "video_recorder", "wav2lip_288", "zlab_face",
)  # fmt: skip
SHORT = "pyfeat_face"
"""The person is there for 3.2 s; an animated film follows, in which the model finds a tangle now and then."""
AWAY = {"fsanet_webcam": 2}
"""Looks without the person: the model finds a small face in the room."""
LONGEST_S = 10.0
"""So long a deviation has to last before it counts."""


@pytest.fixture(scope="module")
def clips() -> dict[str, list[tuple[float, Pose | None]]]:
    with np.load(Path(__file__).parent / "data/real/webcam_clips_heavy.npz") as stored:
        arrays: dict[str, Any] = {name: stored[name] for name in stored.files}
    found: dict[str, list[tuple[float, Pose | None]]] = {}
    for row, name in enumerate(arrays["name"]):
        points, world = (arrays[which][row].astype(np.float64) for which in ("landmarks", "world"))
        width, height = map(int, arrays["size"][row])
        pose = Pose(points, world, width, height) if np.isfinite(points[0, 0]) else None
        found.setdefault(str(name), []).append((float(arrays["t_s"][row]), pose))
    return found


def test_there_are_nine(clips: dict[str, Any]) -> None:
    assert tuple(sorted(clips)) == CLIPS


def test_three_seconds_are_too_short(clips: dict[str, list[tuple[float, Pose | None]]]) -> None:
    refusal = calibrate(clips[SHORT], Settings().pose.min_visibility, "heavy")
    assert isinstance(refusal, Refusal)
    assert refusal.reason == "absent"


@pytest.mark.parametrize("name", [name for name in CLIPS if name != SHORT])
def test_it_calibrates_and_raises_nothing_for_long(
    clips: dict[str, list[tuple[float, Pose | None]]], name: str
) -> None:
    settings = Settings()
    baseline = calibrate(clips[name], settings.pose.min_visibility, "heavy")
    assert isinstance(baseline, Baseline), baseline
    state, since_s, judged, away = Observer(), dict[str, float](), 0, 0
    for t_s, pose in clips[name]:
        state, look, _ = observe(state, t_s, pose, baseline, settings, model="heavy")
        assert look.presence in ("sitting", "away")
        away += look.presence == "away"
        judged += any(level is not None for level in look.levels.values())
        raised = {kind for kind, level in look.levels.items() if level is not None and level >= 1.0}
        since_s = {kind: since_s.get(kind, t_s) for kind in raised}
        assert all(t_s - first_s <= LONGEST_S for first_s in since_s.values()), since_s
    assert away == AWAY.get(name, 0)
    assert judged == len(clips[name]) - away
