"""`posture measure`: its promise to programs, and what people read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

KEYS = {
    "pose",
    "shoulder_tilt_deg",
    "head_tilt_deg",
    "head_yaw_deg",
    "head_pitch_deg",
    "lateral_lean_deg",
    "lateral_shift_sw",
    "head_drop_sw",
    "shoulder_drop_sw",
    "forward_head_ratio",
    "lean_in_ratio",
    "distance_cm",
    "slump_deg",
    "forward_head_deg",
    "hip_hinge_deg",
    "neck_short_sw",
    "deviations",
    "not_observable",
    "advice",
    "sd",
}


@pytest.fixture
def measure(tmp_path: Path) -> Any:
    def run(*arguments: str | Path) -> str:
        environment = {"POSTURE_DATA": str(tmp_path / "data"), "POSTURE_CONFIG": str(tmp_path / "s.toml")}
        done = subprocess.run(
            [sys.executable, "-m", "posture", "measure", *arguments],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, **environment},
        )
        assert done.stderr == ""
        return done.stdout

    return run


def test_with_a_baseline_every_angle_has_its_uncertainty(measure: Any, frames: Path) -> None:
    found = json.loads(
        measure(frames / "White_M_1__lat_lean_+10.jpg", "--baseline", frames / "White_M_1__base.jpg", "--json")
    )
    assert set(found) == KEYS
    assert found["pose"] is True
    assert found["lateral_lean_deg"] == pytest.approx(8.2, abs=3.0)
    assert found["deviations"] == ["lean_left"]
    assert (found["not_observable"], found["advice"]) == ([], [])
    assert {name for name in found if name.endswith("_deg")} | {"neck_short_sw"} == set(found["sd"])
    assert all(sd > 0 for sd in found["sd"].values())


def test_a_low_camera_says_what_it_cannot_see_and_what_to_move(measure: Any, frames: Path) -> None:
    pictures = (
        frames / "Asian_F_1__camlow__head_fwd_+24.jpg",
        "--baseline",
        frames / "Asian_F_1__camlow__base_+0.jpg",
    )
    found = json.loads(measure(*pictures, "--json"))
    assert found["not_observable"] == ["forward_head"]
    assert found["forward_head_deg"] is None
    assert found["deviations"] == []
    (sentence,) = found["advice"]
    assert "too low to see a forward head: raise the screen by about" in sentence
    text = measure(*pictures)
    assert sentence in text
    assert "this camera placement cannot show: forward head" in text


def test_a_baseline_that_is_not_level_is_said_and_judged_against_level(measure: Any, frames: Path) -> None:
    leaning = frames / "Asian_F_1__lat_lean_+10.jpg"
    for picture, deviations in ((leaning, ["lean_left"]), (frames / "Asian_F_1__base.jpg", [])):
        found = json.loads(measure(picture, "--baseline", leaning, "--json"))
        assert found["deviations"] == deviations
        (sentence,) = found["advice"]
        assert sentence.startswith("Your left shoulder was lower by about 10°")
        assert sentence.endswith("judged against level.")


def test_without_a_baseline_nothing_is_judged(measure: Any, frames: Path) -> None:
    found = json.loads(measure(frames / "White_M_1__base.jpg", "--json"))
    assert set(found) == KEYS
    assert found["slump_deg"] is None
    assert (found["deviations"], found["advice"]) == ([], [])


def test_nobody_is_null_everywhere(measure: Any, frames: Path) -> None:
    found = json.loads(measure(frames / "White_M_1__absent.jpg", "--json"))
    assert set(found) == KEYS
    assert found["pose"] is False
    assert all(value in (None, False, [], {}) for value in found.values())
