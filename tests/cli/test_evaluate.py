"""`posture evaluate` on frames with known truth, through the command line: the limits that the measures have to keep.

The people of these frames are among those the shipped fit was made on; docs/accuracy.md has the figures of one that has
not seen them, which keeps the same limits.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

MAE_LIMIT_DEG = {
    "shoulder_tilt_deg": 2.0,
    "lateral_lean_deg": 3.0,
    "head_tilt_deg": 3.0,
    "head_yaw_deg": 6.0,
    "head_pitch_deg": 5.0,
}


def evaluate(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posture", "evaluate", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "POSTURE_DATA": str(home / "data"), "POSTURE_CONFIG": str(home / "s.toml")},
    )


@pytest.fixture(scope="module")
def found(frames: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    done = evaluate(frames, "--json", home=tmp_path_factory.mktemp("home"))
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_the_heavy_model_judges_and_finds_everybody(found: Any) -> None:
    assert found["model"] == "heavy"
    assert found["nobody_found"] == []
    assert found["frames"] >= 25


@pytest.mark.parametrize("measure", MAE_LIMIT_DEG)
def test_the_error_of_each_measure_keeps_its_limit(found: Any, measure: str) -> None:
    (own,) = [score for score in found["sweeps"] if score["measure"] == measure and score["placement"] == "default"]
    assert own["mae"] <= MAE_LIMIT_DEG[measure]
    assert own["unknown"] == 0
    for score in found["measures"]:
        if score["measure"] == measure:
            assert score["mae"] <= MAE_LIMIT_DEG[measure], score["placement"]


def test_no_measure_has_the_wrong_sign(found: Any) -> None:
    assert {score["measure"]: score["wrong_signs"] for score in found["measures"] if score["wrong_signs"]} == {}


def test_a_slump_from_18_degrees_on_is_found_at_every_placement(found: Any) -> None:
    slumps = [detection for detection in found["detections"] if detection["varied"] == "slouch"]
    assert {detection["placement"] for detection in slumps} == {"default", "camlow"}
    assert all(detection["found"] == detection["frames"] for detection in slumps)


def test_a_forward_head_is_found_or_said_to_be_not_observable(found: Any) -> None:
    heads = {
        detection["placement"]: detection for detection in found["detections"] if detection["varied"] == "head_fwd"
    }
    assert (heads["default"]["found"], heads["default"]["not_observable"]) == (2, 0)
    assert (heads["camlow"]["found"], heads["camlow"]["not_observable"]) == (0, 1)


def test_what_is_no_deviation_raises_none(found: Any) -> None:
    raised = {(alarm["varied"], alarm["by"]): alarm["raised"] for alarm in found["alarms"]}
    for parameter in (("head_pitch", 24.0), ("head_yaw", -15.0), ("seat_x", 0.12), ("arms=lap", 0.0), ("nothing", 0.0)):
        assert raised[parameter] == {}
    assert {key: kinds for key, kinds in raised.items() if key[0] == "light"} == {("light", -0.85): {}}
    assert not any(raised.values())


def test_the_table_for_people(frames: Path, tmp_path: Path) -> None:
    for path in frames.glob("White_M_1__[bh]*"):
        shutil.copy(path, tmp_path)
    done = evaluate(tmp_path, "--set", "pose.model=lite", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("model lite", "Measures against truth", "Deviations found", "False alarms", "forward_head_deg"):
        assert words in done.stdout


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "holds no frame with truth"),
        ({"a.jpg": "", "a.json": "{}"}, "is not a truth file"),
        ({"a.jpg": "", "a.json": "[]"}, "is not a truth file"),
    ],
)
def test_a_folder_that_it_cannot_use_is_said_in_one_sentence(
    tmp_path: Path, files: dict[str, str], sentence: str
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = evaluate(tmp_path, home=tmp_path)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_no_folder_at_all(tmp_path: Path) -> None:
    done = evaluate(tmp_path / "none", home=tmp_path)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


def test_frames_without_a_neutral_one_compare_with_nothing(frames: Path, tmp_path: Path) -> None:
    for path in frames.glob("White_M_1__head_fwd*"):
        shutil.copy(path, tmp_path)
    done = evaluate(tmp_path, "--set", "pose.model=lite", home=tmp_path)
    assert done.returncode == 1
    assert "no neutral frame" in done.stderr
