"""What nobody sees, by a real daemon: a locked screen, a closed lid, a call that takes the camera, a raised desk.

The camera is played by umockdev and shows rendered people, logind by dbusmock; sensor, model, V4L2 back end, history
and notices are the real ones. Times are short by the settings.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import footage
import numpy as np
import pytest
from private_session import EVER, MOCK, OFTEN, Daemon, Program, until

from posture.camera.opencv import opencv
from posture.desktop.session_linux import LOGIND, LOGIND_PATH
from posture.history.records import Interval
from posture.history.store import Store

if TYPE_CHECKING:
    from conftest import FakeCamera

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="V4L2 and D-Bus are of Linux")]

SESSION = f"{LOGIND_PATH}/session/c1"
BREAK_S = 10.0
SETTINGS = f"""\
{OFTEN}timeline.break_after = "{BREAK_S:g}s"
timeline.effective_break = "20s"
coach.spacing = "0s"
coach.move_after = "4h"
coach.stretch_after = "8h"
"""


class Desk:
    """Somebody at a desk, whose camera, screen and session do what they are told."""

    def __init__(self, daemon: Daemon, camera: FakeCamera, scenes: Path) -> None:
        self.daemon, self._camera, self._scenes = daemon, camera, scenes
        own = daemon.session
        own.env |= camera.environment | {"PYTHONPATH": own.env["PYTHONPATH"]}

    def show(self, scene: str) -> None:
        self._camera.tell(f"show {self._scenes / scene}.jpg")

    def start(self, more: str = "") -> None:
        """Start the daemon and wait until the person is seen to sit."""
        self._camera.tell("rate 15")
        self.show("person")
        self.daemon.settings.write_text(SETTINGS + more)
        self.daemon.run("start")
        self.daemon.until("somebody sits", state="sitting", calibrating=False)

    @property
    def camera_open(self) -> bool:
        return bool(self._camera.tell("state")["streaming"])

    @contextlib.contextmanager
    def call(self) -> Iterator[None]:
        """Another program opens the camera and takes its pictures."""
        self._camera.tell("busy on")
        other = os.open(self._camera.tell.hello["node"], os.O_RDWR)
        try:
            yield
        finally:
            self._camera.tell("busy off")
            os.close(other)

    def screen(self, member: str) -> None:
        """Lock or Unlock."""
        own = self.daemon.session
        where = ["--address", own.env["DBUS_SYSTEM_BUS_ADDRESS"], "--dest", LOGIND, "--object-path", SESSION]
        signal = [f"{MOCK}.EmitSignal", f"{LOGIND}.Session", member, "", "@av []"]
        own.run("gdbus", "call", *where, "--method", *signal, LD_PRELOAD="")

    def records(self, kind: str) -> list[Interval]:
        path = Path(self.daemon.session.env["XDG_DATA_HOME"], "posture/history.sqlite3")
        with Store(path, read_only=True) as store:
            found = [record for record in store.intervals(*EVER) if record.kind == kind]
        return sorted(found, key=lambda record: record.start)

    def bouts(self) -> list[Any]:
        """By what each bout has ended; None for the one that goes on."""
        return [None if bout.open else bout.detail["ended_by"] for bout in self.records("bout")]


def wait(seconds: float) -> None:
    end_s = time.monotonic() + seconds
    until(lambda: time.monotonic() >= end_s, "time passes", seconds + 10.0)


@pytest.fixture
def scenes(tmp_path: Path, frames: Path) -> Path:
    """Somebody at a desk, the empty desk, and them before the view of a raised desk."""
    cv2 = opencv()
    person, empty = (cv2.imread(str(frames / f"White_M_1__{name}.jpg")) for name in ("base", "absent"))
    height = person.shape[0]
    higher = np.concatenate([empty[height // 5 :], empty[height - height // 5 :][::-1]])
    for name, image in (("person", person), ("empty", empty), ("raised", footage.before(person, empty, higher))):
        cv2.imwrite(str(tmp_path / f"{name}.jpg"), cv2.resize(image, (640, 480)))
    return tmp_path


@pytest.fixture
def desk(
    daemon: Daemon, fake_camera: FakeCamera, scenes: Path, missing: Callable[[str], None], require_tool: Any
) -> Iterator[Desk]:
    own, python = daemon.session, "/usr/bin/python3"
    require_tool("gdbus")
    if not Path(python).exists() or own.run(python, "-c", "import dbusmock", check=False, PYTHONPATH="").returncode:
        missing("python3-dbusmock")
    own.start(python, "-m", "dbusmock", "--template", "logind", PYTHONPATH="")
    where = ["--address", own.env["DBUS_SYSTEM_BUS_ADDRESS"], "--dest", LOGIND, "--object-path", LOGIND_PATH]
    session = [f"{MOCK}.AddSession", "c1", "seat0", str(os.getuid()), "me", "true"]
    until(lambda: own.run("gdbus", "call", *where, "--method", *session, check=False).returncode == 0, "logind")
    return Desk(daemon, fake_camera, scenes)


# -- the screen is locked ----------------------------------------------------------------------------------------------


def test_who_locks_the_screen_and_leaves_has_a_break_by_the_session(desk: Desk) -> None:
    desk.start('camera.after_lock = "8s"\n')
    desk.screen("Lock")
    until(lambda: "session" in desk.daemon.events(), "the lock is heard")
    assert desk.camera_open, "it looks on for a while"
    desk.show("empty")
    desk.daemon.until("they are seen leaving", state="away")
    held = desk.daemon.until("the camera is closed", state="held off", sensor__pid=None)
    assert held["reason"] == "the screen is locked"
    assert not desk.camera_open
    # The status knows of the break before anybody looks again.
    desk.daemon.until("the bout is over", state="held off", bout=None)
    desk.show("person")
    desk.screen("Unlock")
    back = desk.daemon.until("they are back", state="sitting")
    assert back["reason"] == ""
    assert back["bout"]["sitting_s"] < BREAK_S
    assert desk.bouts() == ["session", None]
    first, second = desk.records("bout")
    assert (second.start - first.end).total_seconds() >= BREAK_S
    left = [(record.label, record.detail.get("likely")) for record in desk.records("presence")]
    assert left[-3:] == [("away", None), ("unknown", "left"), ("sitting", None)]


def test_who_stays_before_a_locked_screen_has_made_no_break(desk: Desk) -> None:
    desk.start('camera.after_lock = "3s"\n')
    desk.screen("Lock")
    desk.daemon.until("the camera is closed", state="held off", sensor__pid=None)
    assert not desk.camera_open
    wait(BREAK_S + 3.0)
    assert desk.daemon.status()["bout"] is not None
    desk.screen("Unlock")
    desk.daemon.until("they are seen again", state="sitting", camera__state="open")
    assert desk.bouts() == [None]
    unknown = [record for record in desk.records("presence") if record.label == "unknown"]
    assert unknown[-1].detail == {"reason": "the screen is locked", "likely": "blind"}


def test_without_looking_on_the_camera_closes_at_once(desk: Desk) -> None:
    desk.start('camera.after_lock = "0s"\n')
    desk.screen("Lock")
    desk.daemon.until("the camera is closed", state="held off", sensor__pid=None)
    assert not desk.camera_open
    log = [json.loads(line) for line in desk.daemon.log().splitlines()]
    locked = next(n for n, entry in enumerate(log) if entry["event"] == "session")
    assert not [entry for entry in log[locked:] if entry.get("presence") in ("away", "sitting")]


# -- another program has the camera ------------------------------------------------------------------------------------


@pytest.mark.nightly
def test_the_end_of_a_call_is_the_moment_to_say_so(desk: Desk) -> None:
    server: Program = desk.daemon.session.notifications()
    desk.start('coach.stand_after = "60s"\n')
    with desk.call():
        began_s = time.monotonic()
        busy = desk.daemon.until("a call", state="unknown", camera__state="in use")
        assert busy["reason"] == "camera in use"
        assert not desk.camera_open
        assert busy["bout"] is not None
        until(lambda: time.monotonic() - began_s > 75.0, "a call of over a minute", 100.0)
        assert server.silent(), f"nothing is said in a call: {desk.daemon.log()}"
        said = desk.daemon.run("status").splitlines()
        assert said[0] == "The camera is in use"
        assert said[1].startswith("  the bout goes on")
        assert "watching goes on when it is free" in "".join(said)
    ended_s = time.monotonic()
    desk.daemon.until("they are seen again", state="sitting", camera__state="open")
    shown = server.told()
    after_s = time.monotonic() - ended_s
    assert re.match(
        r"Your camera was in a call for 7\d s\. If you sat through it, this is a good moment", shown["body"]
    )
    assert 20.0 <= after_s <= 60.0
    assert desk.bouts() == [None], "no break was seen"
    calls = [record for record in desk.records("presence") if record.detail.get("likely") == "busy"]
    assert len(calls) == 1
    assert calls[0].length_s > 60.0


# -- standing, as the user said ----------------------------------------------------------------------------------------


@pytest.mark.nightly
def test_a_raised_desk_is_standing_until_it_comes_down(desk: Desk) -> None:
    desk.start()
    desk.daemon.run("standing", "on")
    desk.show("raised")
    desk.daemon.until("it is taken for standing", state="standing", standing=True)
    wait(70.0)  # longer than it takes until another view is the usual one
    assert desk.daemon.status()["state"] == "standing"
    desk.show("person")
    lowered_s = time.monotonic()
    desk.daemon.until("they sit again", state="sitting", standing=False)
    assert time.monotonic() - lowered_s >= 15.0, "a desk that passes the height is no desk that is down"


def test_a_desk_that_stays_up_is_asked_about(desk: Desk) -> None:
    server: Program = desk.daemon.session.notifications()
    desk.start('coach.sit_after = "20s"\n')
    desk.daemon.run("standing", "on")
    desk.show("raised")
    shown = server.told()
    assert desk.daemon.status()["standing"] is True
    assert shown["summary"] == "Still standing?"
