"""What a user may hand over by mistake ends with one clear sentence and a code that is not zero."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from posture.cli.measure import KEYS

ROOT = Path(__file__).parent.parent.parent


def posture(*arguments: str | Path, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posture", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "POSTURE_DATA": str(home / "data"), "POSTURE_CONFIG": str(home / "s.toml"), **environment},
        timeout=120,
        check=False,
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str], code: int, *words: str) -> None:
    assert done.returncode == code, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    for word in words:
        assert word in lines[0]


def video(path: Path, image: np.ndarray, frames: int = 30) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, (image.shape[1], image.shape[0]))
    for _ in range(frames):
        writer.write(image)
    writer.release()
    return path


def room() -> np.ndarray:
    """A wall with a shelf, in fair light, and nobody there."""
    image = np.full((240, 320, 3), 120, np.uint8)
    image[60:200, 40:120] = 180
    image[80:180:10, 40:120] = 60
    return image


@pytest.mark.parametrize("command", ["replay", "measure"])
def test_a_missing_file(command: str, tmp_path: Path) -> None:
    assert_one_sentence(posture(command, tmp_path / "no.mp4", home=tmp_path), 1, "no.mp4")


@pytest.mark.parametrize("command", ["replay", "measure"])
def test_a_text_file_with_the_wrong_name(command: str, tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("this is no video\n")
    assert_one_sentence(posture(command, path, home=tmp_path), 1, "notes.mp4")


@pytest.mark.parametrize("command", ["replay", "measure"])
def test_an_empty_file(command: str, tmp_path: Path) -> None:
    path = tmp_path / "empty.mp4"
    path.touch()
    assert_one_sentence(posture(command, path, home=tmp_path), 1, "empty.mp4")


@pytest.mark.parametrize("command", ["replay", "measure"])
def test_a_folder(command: str, tmp_path: Path) -> None:
    assert_one_sentence(posture(command, tmp_path, home=tmp_path), 1, str(tmp_path))


@pytest.mark.slow
def test_a_video_with_nobody_in_it_says_away_and_why_it_is_not_calibrated(tmp_path: Path) -> None:
    done = posture("replay", video(tmp_path / "room.mp4", room(), 120), "--json", home=tmp_path)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["state"] for line in lines if line["event"] == "presence"] == ["away"]
    (calibrated,) = [line for line in lines if line["event"] == "calibrated"]
    assert (calibrated["ok"], calibrated["reason"]) == (False, "absent")
    assert_one_sentence(done, 1, "Nobody", "room.mp4")


@pytest.mark.slow
def test_a_dark_video_is_unknown_not_away(tmp_path: Path) -> None:
    dark = (room() // 12).astype(np.uint8)
    done = posture("replay", video(tmp_path / "dark.mp4", dark, 120), "--json", home=tmp_path)
    states = [line["state"] for line in map(json.loads, done.stdout.splitlines()) if line["event"] == "presence"]
    assert states == []  # unknown from the beginning, and nothing else was ever known
    assert_one_sentence(done, 1, "light")


def test_a_picture_with_nobody_in_it(tmp_path: Path) -> None:
    path = tmp_path / "room.png"
    cv2.imwrite(str(path), room())
    done = posture("measure", path, "--json", home=tmp_path)
    found = json.loads(done.stdout)
    assert found["pose"] is False
    assert done.returncode == 0
    assert all(found[key] is None for key in KEYS)
    assert found["deviations"] == []


def test_a_baseline_with_nobody_in_it(tmp_path: Path, frames: Path) -> None:
    path = tmp_path / "room.png"
    cv2.imwrite(str(path), room())
    someone = next(iter(sorted(frames.glob("*.jpg"))))
    assert_one_sentence(posture("measure", someone, "--baseline", path, home=tmp_path), 1, "baseline", "room.png")


def test_settings_that_are_not_settings(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text("[coach]\nstand_after = '9h'\n")
    assert_one_sentence(posture("replay", "x.mp4", home=tmp_path), 2, "stand_after", "line 2")
    (tmp_path / "s.toml").unlink()
    assert_one_sentence(posture("replay", "x.mp4", "--set", "coach.stnd_after=9m", home=tmp_path), 2, "stand_after")


def test_a_settings_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "s.toml").mkdir()
    assert_one_sentence(posture("config", "get", "coach.stand_after", home=tmp_path), 2, "s.toml")


def test_a_damaged_history(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "history.sqlite3").write_text("this is no database, but it is long enough to be looked at")
    assert_one_sentence(posture("summary", home=tmp_path), 1, "history.sqlite3")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no /dev/full")
def test_a_full_disk_behind_standard_output(tmp_path: Path, frames: Path) -> None:
    someone = next(iter(sorted(frames.glob("*.jpg"))))
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "posture", "measure", str(someone), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            check=False,
        )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
