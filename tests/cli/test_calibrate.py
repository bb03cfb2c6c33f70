"""`posture calibrate` on a video: what it keeps, what it says of its quality, and how it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from posture.camera.opencv import opencv
from posture.camera.video import read_image
from posture.measure.angles import ANGLES
from posture.perception.guidance import STEPS

if TYPE_CHECKING:
    from conftest import FakeCamera

pytestmark = pytest.mark.slow


@pytest.fixture
def calibrate(tmp_path: Path) -> Any:
    def run(source: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"POSTURE_DATA": str(tmp_path / "data"), "POSTURE_CONFIG": str(tmp_path / "s.toml")}
        return subprocess.run(
            [sys.executable, "-m", "posture", "calibrate", "--source", source, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **environment},
        )

    return run


def film(path: Path, *pictures: Path, seconds: float = 6.0) -> Path:
    """These pictures in turn, a second each, with nothing lost."""
    cv2 = opencv()
    images = [read_image(picture).image for picture in pictures]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"FFV1"), 4.0, images[0].shape[1::-1])
    for k in range(int(seconds * 4)):
        writer.write(images[k // 4 % len(images)])
    writer.release()
    return path


def test_it_says_how_good_the_baseline_is(calibrate: Any, laptop_a: Path, tmp_path: Path) -> None:
    done = calibrate(laptop_a, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["event"], found["ok"]) == ("calibrated", True)
    assert 38 <= found["frames"] <= 42
    assert found["seconds"] == pytest.approx(10.0, abs=0.5)
    assert set(found["spread"]) == set(ANGLES)
    assert all(0 <= sd < 5 for sd in found["spread"].values())
    assert 45 < found["placement"]["distance_cm"] < 80
    assert found["placement"]["lens_below_eyes_sd_cm"] > 0
    assert (found["not_observable"], found["advice"]) == ([], [])
    assert (tmp_path / "data" / "calibrations.json").is_file()


def test_people_read_it_in_sentences(calibrate: Any, laptop_a: Path) -> None:
    done = calibrate(laptop_a, "--seconds", "5")
    assert done.returncode == 0
    assert "Calibrated on 2" in done.stdout
    assert "From look to look it wavered by: shoulder tilt" in done.stdout
    assert "cm below your eyes." in done.stdout


def test_a_low_camera_is_told_while_it_can_be_moved(calibrate: Any, frames: Path, tmp_path: Path) -> None:
    low = film(tmp_path / "low.avi", frames / "Asian_F_1__camlow__base_+0.jpg")
    found = json.loads(calibrate(low, "--seconds", "5", "--json").stdout)
    assert found["not_observable"] == ["forward_head"]
    (sentence,) = found["advice"]
    assert "raise the screen by about" in sentence
    assert sentence in calibrate(low, "--seconds", "5").stdout


@pytest.mark.parametrize(
    ("pictures", "reason"),
    [
        (["absent"], "absent"),
        (["head_yaw_+30"], "turned_away"),
        (["lat_lean_+10", "lat_lean_-15"], "moving"),
    ],
)
def test_a_refusal_is_a_word_and_a_sentence(
    calibrate: Any, frames: Path, tmp_path: Path, pictures: list[str], reason: str
) -> None:
    video = film(tmp_path / "v.avi", *(frames / f"Asian_F_1__{name}.jpg" for name in pictures))
    done = calibrate(video, "--seconds", "5", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert (found["ok"], found["reason"]) == (False, reason)
    assert found["sentence"].endswith(".")
    assert not (tmp_path / "data" / "calibrations.json").exists()


def test_who_moves_at_first_is_calibrated_when_still(calibrate: Any, frames: Path, tmp_path: Path) -> None:
    moving = ("lat_lean_+10", "lat_lean_-15") * 3
    pictures = [frames / f"Asian_F_1__{name}.jpg" for name in (*moving, *["base"] * 8)]
    found = json.loads(calibrate(film(tmp_path / "v.avi", *pictures, seconds=14.0), "--seconds", "5", "--json").stdout)
    assert found["ok"]
    assert 3.0 <= found["seconds"] < 7.0


def test_too_short_a_video_is_refused_in_words(calibrate: Any, frames: Path, tmp_path: Path) -> None:
    done = calibrate(film(tmp_path / "v.avi", frames / "Asian_F_1__base.jpg", seconds=1.5))
    assert done.returncode == 1
    assert "good looks" in done.stderr
    assert len(done.stderr.splitlines()) == 2  # after the line that asks to sit upright


@pytest.fixture
def leaning(frames: Path, tmp_path: Path) -> Path:
    return film(tmp_path / "leaning.avi", frames / "Asian_F_1__lat_lean_+10.jpg")


SAID = "Your left shoulder was lower by about 10°, as when leaning left."


def test_a_baseline_that_is_not_level_is_kept_only_on_the_users_word(
    calibrate: Any, leaning: Path, tmp_path: Path
) -> None:
    stored = tmp_path / "data" / "calibrations.json"
    done = calibrate(leaning, "--seconds", "5", "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["ok"], found["reason"]) == (1, False, "unlevel")
    assert found["sentence"].startswith(SAID)
    assert "--yes" in found["sentence"]
    assert (found["camera"], len(found["baseline"]["landmarks"])) == ("leaning.avi", 33)
    done = calibrate(leaning, "--seconds", "5")
    assert (done.returncode, done.stdout) == (1, "")
    assert SAID in done.stderr
    assert not stored.exists()

    found = json.loads(calibrate(leaning, "--seconds", "5", "--yes", "--json").stdout)
    assert (found["ok"], found["advice"]) == (True, [f"{SAID} Lean and shoulder line are judged against level."])
    assert "always_so" not in json.loads(stored.read_text())["cameras"]["leaning.avi"]
    done = calibrate(leaning, "--seconds", "5", "--always-so")
    assert done.returncode == 0
    assert "lower" not in done.stdout
    assert json.loads(stored.read_text())["cameras"]["leaning.avi"]["always_so"] is True
    assert calibrate(leaning, "--yes", "--always-so").returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
@pytest.mark.parametrize(
    ("answer", "kept", "always_so"), [("k", True, False), ("x\na", True, True), ("", False, False)]
)
def test_in_a_terminal_it_asks(leaning: Path, tmp_path: Path, answer: str, kept: bool, always_so: bool) -> None:
    code, printed = in_a_terminal(tmp_path, f"{answer}\n", "--source", str(leaning), "--seconds", "5")
    assert f"{SAID}\n  k  keep it" in printed
    assert code == (0 if kept else 1)
    assert printed.count("Which, or Enter to drop it? ") == (2 if "x" in answer else 1)
    stored = tmp_path / "data" / "calibrations.json"
    assert stored.exists() is kept
    if kept:
        assert json.loads(stored.read_text())["cameras"]["leaning.avi"].get("always_so", False) is always_so
        assert ("judged against level." in printed.partition("Calibrated on")[2]) is not always_so


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_a_live_calibration_guides_step_by_step_and_tries_again(
    fake_camera: FakeCamera, frames: Path, tmp_path: Path
) -> None:
    import pty

    fake_camera.tell(f"show {frames / 'Asian_F_1__lat_lean_+10.jpg'}")
    fake_camera.tell("rate 15")
    ours, theirs = pty.openpty()
    own = {"POSTURE_DATA": str(tmp_path), "POSTURE_CONFIG": str(tmp_path / "s.toml"), "XDG_RUNTIME_DIR": str(tmp_path)}
    program = subprocess.Popen(
        [sys.executable, "-m", "posture", "calibrate", "--source", "0", "--seconds", "5"],
        env={**os.environ, **fake_camera.environment, **own, "TERM": "dumb", "COLUMNS": "80"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = ""
    try:
        while more := os.read(ours, 4096).decode():
            printed += more
            if printed.endswith("[t] "):
                fake_camera.tell(f"show {frames / 'Asian_F_1__base.jpg'}")
                os.write(ours, b"\n")
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    assert program.wait(30) == 0, printed
    first, _, second = printed.replace("\r\n", "\n").partition("[t] ")
    for text in (first, second):
        at = [text.index(f"  {number}. {step}\n") for number, step in enumerate(STEPS, 1)]
        at += [text.index("hold still ..."), text.index("good, 5 s left"), text.index("good, 1 s left")]
        assert at == sorted(at)
    assert SAID in first
    assert "Calibrated on " in second
    assert "lower" not in second


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_ctrl_d_at_the_question_keeps_nothing(leaning: Path, tmp_path: Path) -> None:
    code, printed = in_a_terminal(tmp_path, "\x04", "--source", str(leaning), "--seconds", "5")
    assert code == 130
    assert "Traceback" not in printed
    assert not (tmp_path / "data" / "calibrations.json").exists()


def in_a_terminal(folder: Path, answers: str, *arguments: str) -> tuple[int, str]:
    """Run it in a terminal, where these answers were typed ahead; the exit code, and what was printed."""
    import pty

    ours, theirs = pty.openpty()
    environment = {"POSTURE_DATA": str(folder / "data"), "POSTURE_CONFIG": str(folder / "s.toml"), "TERM": "dumb"}
    program = subprocess.Popen(
        [sys.executable, "-m", "posture", "calibrate", *arguments],
        env={**os.environ, **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, answers.encode())
    printed = b""
    try:
        while more := os.read(ours, 4096):
            printed += more
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    return program.wait(30), printed.decode().replace("\r\n", "\n")
