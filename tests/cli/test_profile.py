"""`posture profile`: a calibration for each place, brought back by the camera's name."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from private_session import DATA, Daemon, daemon, session, until

from posture.cli.main import main
from posture.history.calibrations import (
    add_profile,
    load_baseline,
    profile_of,
    profiles,
    save_baseline,
    use_profile,
)
from posture.settings_file import load_settings

__all__ = ["daemon", "session"]

CLIP = str(DATA / "still.mp4")


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "settings.toml").write_text(f"camera.source = '{CLIP}'\n")
    return tmp_path


def calibrated() -> bool:
    return load_baseline(load_settings(), "still.mp4") is not None


@pytest.mark.slow
@pytest.mark.usefixtures("own_home")
def test_each_place_has_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    calibrate = ["calibrate", "--source", CLIP, "--seconds", "3"]
    assert main(calibrate) == 0
    assert main(["profile", "new", "couch"]) == 0
    assert "Not calibrated there yet" in capsys.readouterr().out
    assert not calibrated()
    assert main(calibrate) == 0
    assert calibrated()
    assert main(["profile", "use", "desk"]) == 0
    assert calibrated()
    capsys.readouterr()
    assert main(["profile", "list"]) == 0
    assert capsys.readouterr().out == "* desk: still.mp4\n  couch: still.mp4\n"

    # Another camera goes its own way, and comes back to its own place.
    assert main(["profile", "use", "couch", "--source", str(DATA / "laptop_a.mp4")]) == 0
    settings = load_settings()
    assert (profile_of(settings, "still.mp4"), profile_of(settings, "laptop_a.mp4")) == ("desk", "couch")
    assert [profile.chosen for profile in profiles(settings)] == [("still.mp4",), ("laptop_a.mp4",)]


@pytest.mark.slow
@pytest.mark.usefixtures("own_home")
def test_a_camera_that_is_back_under_another_number_keeps_its_own() -> None:
    assert main(["calibrate", "--source", CLIP, "--seconds", "3"]) == 0
    settings = load_settings()
    here = load_baseline(settings, "still.mp4")
    assert here is not None
    later = replace(here, frames=here.frames + 1)
    save_baseline(settings, "Cam: Integrated (/dev/video0)", here)
    for number in ("Cam: Integrated (/dev/video0)", "Cam: Integrated (/dev/video4)", "Cam: Integrated (2)"):
        found = load_baseline(settings, number)
        assert found is not None
        assert found.frames == here.frames
    for stranger in ("Cam (/dev/video0)", "Cam: Integrated Too (/dev/video0)", "/dev/video0"):
        assert load_baseline(settings, stranger) is None
    save_baseline(settings, "Cam: Integrated (/dev/video4)", later)
    numbers = {"Cam: Integrated (/dev/video0)": here.frames, "Cam: Integrated (/dev/video4)": later.frames}
    for number, frames in numbers.items():
        found = load_baseline(settings, number)
        assert found is not None
        assert found.frames == frames
    add_profile(settings, "couch")
    use_profile(settings, "Cam: Integrated (/dev/video0)", "couch")
    assert profile_of(settings, "Cam: Integrated (/dev/video7)") == "couch"


@pytest.mark.parametrize(("args", "code"), [(["use", "moon"], 2), (["new", "A couch!"], 2), (["new", "desk"], 1)])
def test_what_cannot_be_is_one_sentence(
    own_home: Path, args: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["profile", *args]) == code
    assert capsys.readouterr().err.count("\n") == 1
    assert not (own_home / "data/calibrations.json").exists()


@pytest.mark.parametrize("wrong", [{"profiles": []}, {"profiles": {"a": 1}}, {"chosen": {"a": 1}}, {"cameras": 1}])
def test_a_damaged_file_is_said(own_home: Path, wrong: dict[str, object], capsys: pytest.CaptureFixture[str]) -> None:
    (own_home / "data").mkdir()
    (own_home / "data/calibrations.json").write_text(json.dumps({"version": 1, "cameras": {}} | wrong))
    assert main(["profile", "use", "desk"]) == 1
    assert "damaged" in capsys.readouterr().err


def test_a_running_daemon_takes_it(daemon: Daemon) -> None:
    daemon.run("calibrate", "--source", CLIP, "--seconds", "3")
    daemon.run("start")
    daemon.until("with the stored one", state="sitting", calibrating=False)
    daemon.run("profile", "new", "couch")
    daemon.until("a place without one", calibrating=True)
    daemon.run("profile", "use", "desk")
    until(lambda: not daemon.status()["calibrating"], "the stored one again")
