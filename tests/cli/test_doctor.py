"""`posture doctor` as a program: on this machine, and with a camera whose driver the test plays."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import posture
from posture.camera.opencv import opencv

PACKAGE = str(Path(posture.__file__).parents[1])
NAMES = [
    "settings",
    "data folder",
    "notifications",
    *(["desktop"] if sys.platform == "linux" else []),
    "opencv",
    "mediapipe",
    "litert",
    "model",
    "camera",
    "calibration",
]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """No settings, no bus, an empty data folder."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY")
    }
    return {
        **inherited,
        "PYTHONPATH": PACKAGE,
        "POSTURE_CONFIG": str(tmp_path / "settings.toml"),
        "POSTURE_DATA": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }


def doctor(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    # Not by posture.cli.main: this is about the one command.
    program = (
        "import argparse, sys\nfrom posture.cli import doctor\nparser = argparse.ArgumentParser()\n"
        "doctor.add_parser(parser.add_subparsers())\nargs = parser.parse_args(['doctor', *sys.argv[1:]])\n"
        "sys.exit(args.run(args))"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def checks(environment: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """The exit code, and each check by its name."""
    done = doctor(environment, "--json")
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert [check["name"] for check in found["checks"]] == NAMES
    assert found["ok"] is (done.returncode == 0)
    assert found["ok"] is all(check["status"] != "fail" for check in found["checks"])
    for check in found["checks"]:
        assert "\n" not in check["says"]
    return done.returncode, {check["name"]: check for check in found["checks"]}


def test_a_line_each(environment: dict[str, str]) -> None:
    done = doctor(environment)
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert [line[6:19].strip() for line in lines] == NAMES
    assert all(line[:4].strip() in ("pass", "warn", "fail") for line in lines)
    assert done.returncode == (1 if any(line.startswith("fail") for line in lines) else 0)


def test_what_does_not_depend_on_the_machine_passes(environment: dict[str, str]) -> None:
    _, found = checks(environment)
    for name in ("settings", "data folder", "mediapipe", "model"):
        assert found[name]["status"] == "pass", found[name]
    assert not Path(environment["POSTURE_DATA"]).exists()  # it looks, and makes nothing


@pytest.mark.skipif(sys.platform == "win32", reason="no session is without notifications")
def test_no_notification_service_is_no_failure(environment: dict[str, str]) -> None:
    _, found = checks(environment)
    assert found["notifications"]["status"] == "warn"
    assert "No notification service answers" in found["notifications"]["says"]


def test_bad_settings_are_named(environment: dict[str, str]) -> None:
    Path(environment["POSTURE_CONFIG"]).write_text("[camera]\nwidth_px = 3\n")
    code, found = checks(environment)
    assert code == 1
    assert found["settings"]["status"] == "fail"
    assert "width_px" in found["settings"]["says"]


def test_data_folder_that_is_a_file(environment: dict[str, str]) -> None:
    Path(environment["POSTURE_DATA"]).write_text("not a folder")
    code, found = checks(environment)
    assert code == 1
    assert found["data folder"]["status"] == "fail"


def test_history_that_is_none(environment: dict[str, str]) -> None:
    folder = Path(environment["POSTURE_DATA"])
    folder.mkdir()
    (folder / "history.sqlite3").write_text("not a database " * 100)
    code, found = checks(environment)
    assert code == 1
    assert found["data folder"]["status"] == "fail"


@pytest.mark.skipif(sys.platform != "linux", reason="V4L2 is of Linux")
class TestCamera:
    @pytest.fixture
    def seeing(self, environment: dict[str, str], fake_camera: Any) -> dict[str, str]:
        """The environment of a program that sees the fake camera."""
        return {**environment, **fake_camera.environment}

    def test_pass(self, seeing: dict[str, str]) -> None:
        code, found = checks(seeing)
        assert code == 0, found
        says = found["camera"]["says"]
        assert says == "Fake UVC Cam: Integrated (/dev/video0), MJPG 640x480 at 5 a second"

    @pytest.mark.parametrize(("trouble", "says"), [("busy on", "is in use by"), ("unplug", "There is no camera 0")])
    def test_trouble_is_named(self, seeing: dict[str, str], fake_camera: Any, trouble: str, says: str) -> None:
        fake_camera.tell(trouble)
        code, found = checks(seeing)
        assert code == 1
        assert found["camera"]["status"] == "fail"
        assert says in found["camera"]["says"]

    def test_covered_lens(self, seeing: dict[str, str], fake_camera: Any) -> None:
        fake_camera.tell("dark on")
        code, found = checks(seeing)
        assert code == 0
        assert found["camera"]["status"] == "warn"
        assert found["camera"]["says"].endswith("gives black pictures: open its lens cover, or switch it on.")

    def test_the_rule_of_a_covered_lens_is_that_of_watching(
        self, seeing: dict[str, str], fake_camera: Any, tmp_path: Path, frames: Path
    ) -> None:
        grey = tmp_path / "grey.jpg"
        assert opencv().imwrite(str(grey), np.full((480, 640, 3), 120, np.uint8))
        fake_camera.tell(f"show {grey}")
        found = checks(seeing)[1]["camera"]
        assert found["status"] == "warn"
        assert found["says"].endswith("gives pictures of one colour: open its lens cover, or switch it on.")
        fake_camera.tell(f"show {frames / 'White_M_1__base.jpg'}")
        assert checks(seeing)[1]["camera"]["status"] == "pass"
