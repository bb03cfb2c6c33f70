"""The rendered clips cut so that the shoulders lie on the lower edge and under it: all that was scripted is found.

From the landmarks of every look, and from the pixels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inferred import CALIBRATE_S, CLIPS, InferredOnce

from posture.camera.frame import Frame
from posture.camera.video import VideoFile
from posture.measure.baseline import Baseline, calibrate
from posture.measure.observation import Observation
from posture.measure.observe import Observer, observe
from posture.perception.analyzer import FrameAnalyzer
from posture.pose.landmarks import Pose
from posture.settings import Settings
from posture.timeline.advance import advance, finish
from posture.timeline.events import DeviationEnded, Event, PresenceChanged
from posture.timeline.state import TimelineState

SETTINGS = replace(Settings(), pose=replace(Settings().pose, model="heavy"))
HEIGHTS_PX = {
    "laptop_a on the edge": 370,
    "laptop_a under it": 338,
    "laptop_b on the edge": 338,
    "laptop_b under it": 316,
    "desk_stand on the edge": 350,
    "desk_stand under it": 338,
}
"""Where each clip is cut: at the lower shoulder of the first seconds, and 0.12 shoulder widths above it."""
OFTEN_S, OFTEN_UNTIL_S, SELDOM_S = 0.25, 12.0, 2.0
"""Time between looks: during the calibration and after it."""
DEVIATIONS = ("slump", "forward_head", "lean_left", "lean_right", "shoulder_tilt", "too_close")
ALSO: dict[str, tuple[str, ...]] = {"slump": ("forward_head", "too_close"), "too_close": ("slump", "forward_head")}
"""What a scripted deviation may bring with it."""
LATE_S = 6.0
"""A change of presence has to be seen twice, and counts from two seconds on."""

Looks = list[tuple[float, Pose | None]]


def script(name: str) -> list[dict[str, Any]]:
    truth = json.loads(CLIPS[name].with_suffix(".truth.json").read_text())
    segments: list[dict[str, Any]] = truth["segments"]
    return segments


@cache
def stored() -> dict[str, Looks]:
    """The user in every look, as `FrameAnalyzer` found them with the heavy model."""
    with np.load(Path(__file__).parent / "data/cut_clips.npz") as file:
        arrays: dict[str, Any] = {name: file[name] for name in file.files}
    looks: dict[str, Looks] = {}
    for row, name in enumerate(arrays["name"]):
        points, world = (arrays[which][row].astype(np.float64) for which in ("landmarks", "world"))
        found = Pose(points, world, *map(int, arrays["size"][row])) if np.isfinite(points[0, 0]) else None
        looks.setdefault(str(name), []).append((float(arrays["t_s"][row]), found))
    return looks


def from_landmarks(name: str) -> Iterator[Observation]:
    looks = stored()[name]
    baseline = calibrate([look for look in looks if look[0] <= CALIBRATE_S], SETTINGS.pose.min_visibility, "heavy")
    assert isinstance(baseline, Baseline)
    state = Observer()
    for t_s, pose in looks:
        state, observation, _ = observe(state, t_s, pose, baseline, SETTINGS, model="heavy")
        yield observation


def from_pixels(name: str, answers: Path) -> Iterator[Observation]:
    clip, due_s = name.split()[0], 0.0
    analyzer = FrameAnalyzer(InferredOnce(answers, "heavy"), SETTINGS, None, calibrate_s=CALIBRATE_S)
    with VideoFile(str(CLIPS[clip])) as video:
        while (t_s := video.grab()) is not None:
            if t_s >= due_s:
                due_s += OFTEN_S if t_s < OFTEN_UNTIL_S else SELDOM_S
                image = np.ascontiguousarray(video.retrieve().image[: HEIGHTS_PX[name]])
                yield analyzer.look(Frame(image, t_s)).observation
    assert analyzer.baseline is not None


def events_of(observations: Iterator[Observation]) -> list[Event]:
    state, events = TimelineState(), list[Event]()
    for observation in observations:
        state, more = advance(state, observation, SETTINGS.timeline)
        events += more
    return events + finish(state)[1]


def check(name: str, events: list[Event]) -> None:
    """Presence as scripted; each deviation for most of its time; nothing else for more than 5 s of a segment."""
    segments, presence = script(name.split()[0]), [("sitting", 0.0)]
    for segment in segments:
        now = segment["label"] if segment["label"] in ("away", "standing") else "sitting"
        presence += [(now, segment["start"])] * (now != presence[-1][0])
    found = [(event.presence, event.t_s) for event in events if isinstance(event, PresenceChanged)]
    assert [what for what, _ in found] == [what for what, _ in presence]
    assert all(0 <= t_s - true_s <= LATE_S for (_, t_s), (_, true_s) in zip(found, presence, strict=True))
    ended = [event for event in events if isinstance(event, DeviationEnded)]
    for segment in segments:
        label, length_s = segment["label"], segment["end"] - segment["start"]
        overlaps = {event: min(event.until_s, segment["end"]) - max(event.since_s, segment["start"]) for event in ended}
        if label in DEVIATIONS:
            best_s = max((s for event, s in overlaps.items() if event.kind == label), default=0.0)
            assert best_s > 0.8 * length_s, (segment["start"], label)
        others = {event.kind for event, s in overlaps.items() if s > 5.0} - {label, *ALSO.get(label, ())}
        assert not others, (segment["start"], label)


@pytest.mark.parametrize("name", HEIGHTS_PX)
def test_what_was_scripted_is_found_from_the_landmarks(name: str) -> None:
    check(name, events_of(from_landmarks(name)))


SOME = ("laptop_a under it",)
"""What of the clips the model looks at for each change; at all of them it looks at night."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in SOME else pytest.mark.nightly) for name in HEIGHTS_PX]
)
def test_what_was_scripted_is_found_from_the_pixels(name: str, answers: Path) -> None:
    check(name, events_of(from_pixels(name, answers)))
