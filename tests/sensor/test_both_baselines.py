"""The clip of a person who sits, stands, is away and slumps, watched with a baseline of sitting and one of standing."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from footage import cut

from posture.camera.pacer import paced
from posture.camera.video import VideoFile
from posture.history.calibrations import save_baseline
from posture.measure.baseline import Baseline, calibrate
from posture.monitor.replay import CALIBRATION_LOOKS_PER_S
from posture.perception.analyzer import FrameAnalyzer
from posture.perception.gate import ALWAYS
from posture.pose.landmarks import PoseModel
from posture.sensor.client import SensorProcess
from posture.sensor.feeder import Feeder
from posture.sensor.wire import Look, LookResult, Ready, Start, settings_to_json
from posture.settings import Settings
from posture.settings_file import load_settings

pytestmark = pytest.mark.slow

SITTING, STANDING = (2.0, 9.0), (50.0, 57.0)
"""Seconds of desk_stand.mp4 that the two baselines are from."""
WITHIN_S = 4.0
"""How long after a change, which takes the person of the clip about three seconds, looks may still say the other."""
HIGH = replace(Settings(), measure=replace(Settings().measure, standing_rise_sw=3.0))
"""A head that rises tells nothing: the standing baseline has to."""


@pytest.fixture(scope="module")
def both(desk_stand: Path, heavy: PoseModel) -> tuple[Baseline, Baseline]:
    found = []
    for first_s, last_s in (SITTING, STANDING):
        with VideoFile(desk_stand) as video:
            looks = []
            for t_s in paced(video, 1.0 / CALIBRATION_LOOKS_PER_S):
                if t_s >= last_s:
                    break
                if t_s >= first_s:
                    looks.append((t_s, heavy.find(video.retrieve())))
        baseline = calibrate(looks, Settings().pose.min_visibility, "heavy")
        assert isinstance(baseline, Baseline)
        found.append(baseline)
    return found[0], found[1]


@pytest.mark.parametrize("known", ["both", "standing"])
def test_presence_agrees_with_the_truth(
    desk_stand: Path, heavy: PoseModel, both: tuple[Baseline, Baseline], known: str
) -> None:
    segments = json.loads(desk_stand.with_suffix(".truth.json").read_text())["segments"]
    sitting, standing = both
    analyzer = FrameAnalyzer(heavy, HIGH, sitting if known == "both" else None, standing=standing)
    looked, slumped = 0, set()
    with VideoFile(desk_stand) as video:
        for t_s in paced(video, 2.0):
            seen = analyzer.look(video.retrieve()).observation
            part = next(part for part in segments if part["start"] <= t_s < part["end"])
            if t_s - part["start"] < WITHIN_S:
                continue
            truth = part["label"] if part["label"] in ("standing", "away") else "sitting"
            assert seen.presence == truth, t_s
            looked += 1
            slumped |= {part["label"]} if (seen.levels.get("slump") or 0.0) >= 1.0 else set()
    assert looked > 150
    # Posture is judged by the sitting one, and not at all without it.
    assert slumped == ({"slump"} if known == "both" else set())
    assert analyzer.moved == ""


def test_a_sensor_finds_both_in_the_file(
    desk_stand: Path, both: tuple[Baseline, Baseline], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    (tmp_path / "settings.toml").write_text("measure.standing_rise_sw = 3.0\n")
    settings = load_settings()
    clip = cut(desk_stand, tmp_path / "desk.avi", (10.0, 18.0), (60.0, 68.0), (110.0, 118.0))
    save_baseline(settings, "desk.avi", both[0])
    save_baseline(settings, "desk.avi", both[1], standing=True)
    feeder = Feeder(str(clip))
    sensor = SensorProcess(Start(settings_to_json(settings), str(clip), None, 10.0), feeder)
    told: list[tuple[str, str]] = []
    try:
        assert isinstance(sensor.link.receive(60), Ready)
        feeder.play()
        for number in range(1, 1000):
            sensor.send(Look(number, ALWAYS, float("1e12")))
            answer = sensor.link.receive(30)
            assert isinstance(answer, LookResult)
            if answer.camera == "ended" or answer.observation is None:
                break
            told.append((answer.observation.presence, answer.calibration))
    finally:
        sensor.end()
        feeder.close()
    presences = [presence for presence, _ in told]
    changes = [new for old, new in zip(["", *presences], presences, strict=False) if new != old]
    assert changes == ["sitting", "standing", "sitting"], "the clip jumps from one to the other"
    assert {calibration for _, calibration in told} == {"kept"}
