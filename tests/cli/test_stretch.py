"""`posture stretch` and `self-check` on the clip, as a user runs them."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posture.camera.video import VideoFile
from posture.cli.guide import GuideLook
from posture.cli.main import main
from posture.coach.exercise import Exercise
from posture.coach.exercises import library
from posture.history.care import care_of
from posture.history.store import Store

ROOT = Path(__file__).parents[2]
CLIP = ROOT / "tests/data/stretch_a.mp4"
TRUTH_S = {"left": 46.0, "right": 39.0}


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    return tmp_path


@pytest.mark.slow
def test_held_seconds_are_said_and_kept_as_verified(own_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stretch", "ql_stand", "--source", str(CLIP)]) == 0
    text = capsys.readouterr().out
    assert "not a medical device" in text, "the first time says what this is"
    assert "seen by the camera" in text
    now = datetime.now(UTC) + timedelta(seconds=1)
    with Store(own_home / "data/history.sqlite3", read_only=True) as store:
        holds = care_of(store, now).holds
    held = {str(hold.detail["side"]): hold for hold in holds}
    assert set(held) == {"left", "right"}
    for side, true_s in TRUTH_S.items():
        assert float(held[side].detail["hold_s"] or 0) == pytest.approx(true_s, abs=1.5)
        assert held[side].detail["verified"] is True
        assert held[side].label == "ql_stand"


@pytest.fixture
def one_bend(tmp_path: Path) -> Path:
    """The beginning and the end of a bend to the right, fourteen seconds of the clip."""
    from posture.camera.opencv import opencv

    cv2 = opencv()
    path = tmp_path / "one_bend.avi"
    with VideoFile(CLIP) as video:
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 15, (640, 480))
        while (t_s := video.grab()) is not None and t_s < 69.0:
            if 38.0 <= t_s < 45.0 or t_s >= 62.0:
                writer.write(video.retrieve().image)
        writer.release()
    return path


@pytest.mark.slow
def test_self_check_stretch_and_the_same_check_again(one_bend: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["self-check", "side-bend", "--stretch", "ql_stand", "--source", str(one_bend)]) == 0
    text = capsys.readouterr().out
    assert "by 5 in this check" in text
    assert "left: no movement out and back was seen" in text
    held = r"Before and after [^(:]* \(\d+ s\): right \+0 degrees, no more than the camera may be wrong by \(5\)\."
    assert re.search(held, text)
    assert main(["self-check", "side-bend", "--trend", "--json"]) == 0
    before, after = json.loads(capsys.readouterr().out)
    for found in (before, after):
        # The trunk truly leans 24.4 degrees.
        assert found["right"] == pytest.approx(24.4, abs=5)
        assert "left" not in found
        assert found["error_deg"] == 5.0
    assert (after["after"], after["before"]) == ("ql_stand", before["at"])
    assert "after" not in before


def test_without_the_camera_it_is_self_reported(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("posture.coach.pace.SETTLE_S", 0.2)
    assert main(["stretch", "hf_split", "--no-camera", "--minutes", "0.02", "--side", "right"]) == 0
    assert "self-reported: right 1 s" in capsys.readouterr().out
    with Store(own_home / "data/history.sqlite3", read_only=True) as store:
        (hold,) = care_of(store, datetime.now(UTC) + timedelta(seconds=1)).holds
    assert hold.detail["verified"] is False


def test_what_the_camera_cannot_see_is_timed_and_says_so(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("posture.coach.pace.SETTLE_S", 0.2)
    assert main(["stretch", "dbl_knee", "--minutes", "0.02", "--no-store"]) == 0
    assert "timed only" in capsys.readouterr().out
    assert not (own_home / "data/history.sqlite3").exists()


def without_waiting(monkeypatch: pytest.MonkeyPatch, seconds: float = 3000.0) -> None:
    """Times alone, as fast as they are taken, until the user stops."""

    def looks(*_: object, **__: object) -> Iterator[GuideLook]:
        yield from (GuideLook(number * 0.2) for number in range(round(seconds / 0.2)))

    monkeypatch.setattr("posture.cli.guide.looks", looks)


@pytest.mark.parametrize("exercise", library(), ids=lambda exercise: exercise.id)
def test_each_is_led_said_and_kept_by_its_form(
    exercise: Exercise, own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_waiting(monkeypatch)
    assert main(["stretch", exercise.id, "--no-camera", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    form = exercise.dose.form
    assert (found["form"], found["finished"], found["whole_dose"]) == (form, True, True)
    assert found["sides"] == (["left", "right"] if exercise.sides == "each" else ["both"])
    with Store(own_home / "data/history.sqlite3", read_only=True) as store:
        holds = care_of(store, datetime.now(UTC) + timedelta(seconds=1)).holds
    assert [hold.detail["form"] for hold in holds] == [form] * len(found["sides"])
    for hold in holds:
        assert hold.detail.get("reps") == found.get(f"{hold.detail['side']}_reps")
        assert hold.detail["hold_s"] == pytest.approx(found[f"{hold.detail['side']}_s"], abs=0.1)
    assert main(["stretch", exercise.id, "--no-camera", "--no-store"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "well" in said[-1].lower()
    last = f"{exercise.dose.least:.0f} of {exercise.dose.least:.0f}"
    assert any(line.endswith(last) for line in said) == (form == "reps")


@pytest.mark.parametrize("name", ["ql_stand", "back_bend", "walk", "bird_dog"])
def test_what_is_stopped_after_two_seconds_is_not_praised(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_waiting(monkeypatch, 5.2)
    assert main(["stretch", name, "--no-camera"]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert "well" not in last
    assert "is fine" in last


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_side_is_told_of_that_side(
    side: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_waiting(monkeypatch)
    other = "right" if side == "left" else "left"
    assert main(["stretch", "hf_split", "--no-camera", "--side", side]) == 0
    said = capsys.readouterr().out
    assert f"the {side} foot" in said
    assert other not in said
    assert main(["stretch", "bridge", "--no-camera", "--side", side]) == 0
    assert "no side of its own" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["ql_stnad"], 2),
        (["ql_stand", "--minutes", "nan"], 2),
        (["ql_stand", "--minutes", "900"], 2),
        (["ql_stand", "--source", "nothing.mp4"], 1),
        (["ql_stand", "--window", "--json"], 2),
        (["ql_stnad", "--window"], 2),
    ],
)
def test_what_cannot_be_is_one_sentence(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stretch", *arguments]) == code
    printed = capsys.readouterr().err
    assert printed.startswith("posture: ")
    assert printed.count("\n") == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11")
def test_no_display_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    assert main(["stretch", "ql_stand", "--source", str(CLIP), "--window"]) == 1
    assert "no display" in capsys.readouterr().err
