"""Cameras whose pictures are not current, and one that comes back under another number."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from private_session import Daemon, until

if TYPE_CHECKING:
    from conftest import FakeCamera

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="V4L2 is of Linux")]

SETTINGS = """\
camera.source = "0"
cadence.look = "500ms"
timeline.presence_dwell = "500ms"
pose.model = "lite"
desktop.notifications = false
"""


@pytest.fixture
def camera(daemon: Daemon, fake_camera: FakeCamera) -> FakeCamera:
    """A camera that a daemon watches, seeing nobody."""
    env = daemon.session.env
    env |= fake_camera.environment | {"PYTHONPATH": env["PYTHONPATH"]}
    daemon.settings.write_text(SETTINGS)
    daemon.run("start")
    daemon.until("nobody is there", state="away")
    return fake_camera


@pytest.mark.parametrize(
    ("trouble", "words"), [("freeze", "the same picture again"), ("tear", "stopped giving pictures")]
)
def test_what_is_not_a_picture_of_now_is_unknown(daemon: Daemon, camera: FakeCamera, trouble: str, words: str) -> None:
    camera.tell(f"{trouble} on")
    assert words in daemon.until("it is unknown", state="unknown", camera__state="gone")["trouble"]
    camera.tell(f"{trouble} off")
    daemon.until("it is seen again", state="away", camera__state="open")


def test_a_new_sensor_finds_the_camera_under_another_number(daemon: Daemon, camera: FakeCamera) -> None:
    camera.tell("unplug")
    daemon.until("it is unknown", state="unknown")
    camera.tell("plug 2")
    killed = daemon.until("it is seen again", state="away", camera__state="open")["sensor"]["pid"]
    os.kill(killed, signal.SIGKILL)
    until(lambda: daemon.status()["sensor"]["pid"] not in (None, killed), "another sensor")
    found = daemon.until("it is seen again", state="away", camera__state="open")
    assert found["sensor"]["pid"] != killed
    assert found["camera"]["name"].endswith("(/dev/video2)")
