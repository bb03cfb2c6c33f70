"""`posture run` and a camera that is taken, unplugged and stalled: the real loop, sensor and V4L2 back end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any

import pytest
from private_session import until

if TYPE_CHECKING:
    from conftest import FakeCamera

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="V4L2 is of Linux")

PATIENCE_S = 60.0
"""Until a test gives up; nothing is judged by it."""
QUICK = ("cadence.look=500ms", "timeline.presence_dwell=0", "pose.model=lite", "desktop.notifications=false")


class Run:
    """`posture run --json`, its events as they come."""

    def __init__(self, environment: dict[str, str], *settings: str) -> None:
        options = [part for setting in (*QUICK, *settings) for part in ("--set", setting)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "posture", "run", "--json", *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        self._lines: Queue[dict[str, Any] | None] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)

    def until(self, **wanted: object) -> dict[str, Any]:
        """The next event that has all this."""
        passed = []
        until_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                event = self._lines.get(timeout=max(0.0, until_s - time.monotonic()))
            except Empty:
                pytest.fail(f"no {wanted}, only {passed}")
            if event is None:
                assert self.process.stderr is not None
                pytest.fail(f"ended before {wanted}, after {passed}: {self.process.stderr.read()}")
            if wanted.items() <= event.items():
                return event
            passed.append(event)

    def end(self) -> tuple[int, str]:
        """Ask it to end, as systemd does."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> tuple[int, str]:
        """Wait for the end: the exit code and what was written on standard error."""
        code = self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        errors = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return code, errors


@pytest.fixture
def run(fake_camera: FakeCamera, tmp_path: Path) -> Iterator[Callable[..., Run]]:
    started: list[Run] = []
    environment = {**fake_camera.environment, "POSTURE_DATA": str(tmp_path), "POSTURE_CONFIG": str(tmp_path / "none")}

    def start(*settings: str) -> Run:
        started.append(Run(environment, *settings))
        return started[-1]

    yield start
    for watch in started:
        if watch.process.returncode is None:
            watch.process.kill()
            watch.ended()


def test_gives_way_and_comes_back(fake_camera: FakeCamera, run: Callable[..., Run]) -> None:
    watch = run()
    watch.until(event="presence", state="away")
    other = os.open(fake_camera.tell.hello["node"], os.O_RDWR)
    try:
        watch.until(event="camera", state="in use")
        assert fake_camera.tell("state")["streaming"] is False
    finally:
        os.close(other)
    watch.until(event="camera", state="open")
    watch.until(event="presence", state="away")
    assert fake_camera.tell("state")["streaming"] is True
    code, errors = watch.end()
    assert (code, errors) == (0, "")
    assert fake_camera.tell("state")["streaming"] is False


def test_a_program_that_found_the_camera_taken_finds_it_free_the_next_time(
    fake_camera: FakeCamera, run: Callable[..., Run]
) -> None:
    """It closes the camera at once, like a program that only asks what it is."""
    watch = run()
    watch.until(event="presence", state="away")
    os.close(os.open(fake_camera.tell.hello["node"], os.O_RDWR))
    assert "free" in watch.until(event="camera", state="in use")["sentence"]
    assert fake_camera.tell("state")["streaming"] is False
    watch.until(event="camera", state="open")
    watch.until(event="presence", state="away")


def test_a_camera_in_use_at_the_start_is_waited_for(fake_camera: FakeCamera, run: Callable[..., Run]) -> None:
    fake_camera.tell("busy on")
    watch = run()
    assert "in use" in watch.until(event="camera", state="in use")["sentence"]
    fake_camera.tell("busy off")
    watch.until(event="camera", state="open")
    watch.until(event="presence", state="away")
    assert watch.end()[0] == 0


@pytest.mark.parametrize(
    ("trouble", "relief"), [("unplug", "plug"), ("stall on", "stall off"), ("error on", "error off")]
)
def test_what_goes_wrong_is_unknown_and_passes(
    fake_camera: FakeCamera, run: Callable[..., Run], trouble: str, relief: str
) -> None:
    watch = run()
    watch.until(event="presence", state="away")
    fake_camera.tell(trouble)
    assert watch.until(event="camera")["state"] == "gone"
    assert watch.until(event="presence")["state"] == "unknown"
    fake_camera.tell(relief)
    watch.until(event="camera", state="open")
    watch.until(event="presence", state="away")
    code, errors = watch.end()
    assert (code, errors) == (0, "")


def test_covered_and_dark_is_unknown_not_away(fake_camera: FakeCamera, run: Callable[..., Run]) -> None:
    watch = run()
    watch.until(event="presence", state="away")
    fake_camera.tell("dark on")
    assert watch.until(event="presence") | {"t": 0, "since": 0} == {
        "t": 0,
        "event": "presence",
        "state": "unknown",
        "was": "away",
        "since": 0,
        "reason": "too dark",
        "unknown": "blind",
    }
    fake_camera.tell("dark off")
    assert watch.until(event="presence")["state"] == "away"


@pytest.mark.parametrize("trouble", ["unplug", "forbid on"])
def test_without_a_camera_it_ends_with_a_sentence(
    fake_camera: FakeCamera, run: Callable[..., Run], trouble: str
) -> None:
    if trouble == "forbid on" and os.geteuid() == 0:
        pytest.skip("nothing is forbidden to root")
    fake_camera.tell(trouble)
    code, errors = run().ended()
    assert code == 1
    assert errors.count("\n") == 1
    assert errors.startswith("posture: ")


def test_a_glance_lets_the_camera_go_between_looks(fake_camera: FakeCamera, run: Callable[..., Run]) -> None:
    watch = run("camera.mode=glance", "cadence.steady=1s", "cadence.away=1s")
    watch.until(event="presence", state="away")
    until_s = time.monotonic() + PATIENCE_S
    while fake_camera.tell("state")["streaming"]:
        assert time.monotonic() < until_s, "it never lets the camera go"
    code, errors = watch.end()
    assert (code, errors) == (0, "")


def test_a_glance_gives_way_as_well(fake_camera: FakeCamera, run: Callable[..., Run]) -> None:
    watch = run("camera.mode=glance", "cadence.steady=1s", "cadence.away=1s")
    watch.until(event="presence", state="away")
    other = os.open(fake_camera.tell.hello["node"], os.O_RDWR)
    try:
        watch.until(event="camera", state="in use")
    finally:
        os.close(other)
    watch.until(event="camera", state="open")
    assert watch.end() == (0, "")


def test_a_sensor_that_dies_is_started_again(fake_camera: FakeCamera, run: Callable[..., Run]) -> None:
    watch = run()
    watch.until(event="presence", state="away")
    for sensor in _children(watch.process.pid):
        os.kill(sensor, signal.SIGKILL)
    assert watch.until(event="presence")["reason"] == "the sensor has stopped"
    watch.until(event="presence", state="away")
    code, errors = watch.end()
    assert (code, errors) == (0, "")


def test_a_daemon_that_is_killed_leaves_no_sensor(fake_camera: FakeCamera, run: Callable[..., Run]) -> None:
    watch = run()
    watch.until(event="presence", state="away")
    sensors = _children(watch.process.pid)
    assert sensors
    watch.process.kill()
    watch.ended()
    until(lambda: not any(map(_runs, sensors)), "they end, and with them their cameras are let go")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
