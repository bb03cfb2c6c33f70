"""The whole program where Python says that it runs on macOS; no Mac is needed, nor replaced (docs/platforms.md)."""

from __future__ import annotations

import json
import os
import plistlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from private_session import until

ROOT = Path(__file__).parents[1]
pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(sys.platform != "linux", reason="Linux is made to look like macOS"),
]


class Mac:
    """A user's home, and commands that are run there."""

    def __init__(self, home: Path) -> None:
        self.home = home
        keep = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        entries = [str(ROOT / "tests/as_mac"), str(ROOT)]
        self._environment = keep | {"HOME": str(home), "TMPDIR": str(home), "PYTHONPATH": os.pathsep.join(entries)}

    def plug_in_camera(self) -> None:
        """Have a camera from now on, see `camera_says`; its pictures are a film."""
        (self.home / "film.mp4").symlink_to(ROOT / "samples/desk_stand.mp4")
        self._environment["AS_MAC_CAMERA"] = str(self.home)

    def camera_says(self, status: int, *, in_use: bool = False) -> None:
        """Decide what AVFoundation says: AVAuthorizationStatus, and whether another app uses the camera."""
        new = self.home / "camera.new"
        new.write_text(json.dumps({"status": status, "in_use": in_use}))
        new.replace(self.home / "camera.json")

    def status(self) -> dict[str, Any]:
        """Give the status of the daemon."""
        found: dict[str, Any] = json.loads(self.posture("status", "--json"))
        return found

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-P", "-m", *words], env=self._environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def posture(self, *words: str) -> str:
        return self.run("posture", *words)


@pytest.fixture
def mac() -> Iterator[Mac]:
    with tempfile.TemporaryDirectory(dir="/tmp") as home:  # the path of the socket must be short
        yield Mac(Path(home))


def test_a_launch_agent_is_made_and_taken_away(mac: Mac) -> None:
    assert "LaunchAgent" in mac.posture("autostart", "on")
    file = mac.home / "Library/LaunchAgents/posture.plist"
    assert plistlib.loads(file.read_bytes())["ProgramArguments"][-2:] == ["start", "--foreground"]
    mac.posture("autostart", "off")
    assert not file.exists()


def test_the_daemon_watches_a_film_from_start_to_stop(mac: Mac) -> None:
    mac.posture("start", "--set", f"camera.source={ROOT / 'samples/desk_stand.mp4'}")
    try:
        assert "Library/Application Support/posture" in mac.posture("config", "path")
        until(lambda: mac.status().get("state") == "sitting", "sitting was seen")
        mac.posture("pause")
        assert "Paused" in mac.posture("status")
        mac.posture("resume")
        assert "not running" not in mac.posture("restart")
    finally:
        mac.posture("stop")
    assert (mac.home / "Library/Application Support/posture/history.sqlite3").exists()


def test_the_camera_of_a_mac_from_refusal_to_a_call(mac: Mac) -> None:
    mac.plug_in_camera()
    mac.camera_says(2)
    mac.posture("start", "--set", "cadence.steady=4s")
    try:
        until(lambda: mac.status()["camera"]["state"] == "forbidden", "macOS lets no one use it")
        assert "Privacy & Security > Camera" in mac.posture("status")
        mac.camera_says(3)
        until(lambda: mac.status()["camera"]["state"] == "open", "the user has allowed it")
        assert "FaceTime HD Camera" in mac.posture("status")
        mac.camera_says(3, in_use=True)
        until(lambda: mac.status()["camera"]["state"] == "in use", "a call has begun")
        mac.camera_says(3)
        until(lambda: mac.status()["camera"]["state"] == "open", "the call has ended")
    finally:
        mac.posture("stop")
