"""A sensor that was taken over, under the daemon's watch: it is ended, another is believed, and nothing of it is left.

`sensor/hostile.py` has what it does. At night a real daemon is told all of it, and is followed by the real sensor.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from private_session import PATIENCE_S, Daemon, until

from posture import child
from posture.backoff import Backoff
from posture.control.channel import ask
from posture.control.protocol import NotRunningError
from posture.daemon import watch_thread
from posture.daemon.watch_thread import WatchThread
from posture.monitor import cadence, live
from posture.monitor.clock import WallClock
from posture.monitor.live import Update
from posture.own_command import own_command
from posture.sensor import client, wire
from posture.sensor.client import SensorProcess
from posture.sensor.wire import Start
from posture.settings import Settings

sys.path.insert(0, str(Path(__file__).parents[1] / "sensor"))
from hostile import KINDS, LASTING, PICTURE

PROGRAM = Path(__file__).parents[1] / "sensor/hostile.py"
LONG = Settings()
SETTINGS = replace(
    LONG,
    cadence=replace(LONG.cadence, look_s=0.02, steady_s=0.02, verify_s=0.02),
    timeline=replace(LONG.timeline, presence_dwell_s=0.0),
)
AGAIN = Backoff(first_s=0.01, longest_s=0.01)
BELIEVED = ("silence", "silence, and deaf to signals", "it ends at once", "a baseline that fails the next")
"""Those that say nothing that could be doubted."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sizes of processes are known on Linux")


class Watched:
    """A watch whose first sensor is hostile; the others are well, or hostile as well."""

    def __init__(self, kind: str, always: bool = False) -> None:
        self._kind, self._always = kind, always
        self.updates: list[Update] = []
        self.pids: list[int] = []
        self.starts: list[Start] = []
        self._started = 0
        self.seen = threading.Event()
        self.thread = WatchThread(SETTINGS, WallClock(), self._on_update, lambda sentence: None, lambda: False)

    def command(self, module: str, *arguments: str) -> list[str]:
        kind = self._kind if self._always or not self._started else "well"
        self._started += 1
        return [*own_command(module)[:1], str(PROGRAM), kind, *arguments]

    def process(self, start: Start, feeder: None) -> SensorProcess:
        self.starts.append(start)
        return SensorProcess(start, feeder)

    def _on_update(self, update: Update) -> None:
        self.updates.append(update)
        pid = self.thread.report().sensor.pid
        if pid is not None and pid not in self.pids:
            self.pids.append(pid)
        if self._started > (not self._always) and update.seen is not None and update.seen.camera == "open":
            self.seen.set()


@pytest.fixture
def watch(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Watched]]:
    """Watch with a hostile sensor; what is waited for takes less long than in truth."""
    for module, name, value in (
        (cadence, "USUAL_PATIENCE_S", 1.0),
        (live, "RESTART", AGAIN),
        (watch_thread, "RETRY", AGAIN),
        (wire, "MESSAGE_S", 0.5),
        (client, "END_S", 0.5),
        (child, "END_S", 0.5),
        (client, "MOST_MB", 120),
    ):
        monkeypatch.setattr(module, name, value)
    begun: list[Watched] = []

    def start(kind: str, always: bool = False) -> Watched:
        watched = Watched(kind, always)
        monkeypatch.setattr(child, "own_command", watched.command)
        monkeypatch.setattr(live, "SensorProcess", watched.process)
        watched.thread.start()
        begun.append(watched)
        return watched

    yield start
    for watched in begun:
        if (left := watched.thread._live) is not None:
            left.kill_sensor()
        watched.thread.stop(2 * PATIENCE_S)


def running(pid: int) -> bool:
    """Whether a process is there that has not ended."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


@pytest.mark.parametrize("kind", KINDS)
def test_another_sensor_is_believed_afterwards(kind: str, watch: Callable[..., Watched]) -> None:
    """After a time that is a minute ahead, a flood, silence, growing memory."""
    watched = watch(kind)
    assert watched.seen.wait(PATIENCE_S), watched.updates[-3:]
    assert watched.thread.stop(2 * PATIENCE_S)
    assert not any(running(pid) for pid in watched.pids)
    assert bool(watched.thread.doubt) == (kind not in BELIEVED)
    timeline = watched.thread.engine.timeline
    assert timeline.presence == "away", "what the other saw is taken, and its time is not in the past"
    assert abs(timeline.now_s - watched.thread._wall.seconds()) < 2 * PATIENCE_S
    words = " ".join({update.sentence for update in watched.updates} | {watched.thread.doubt, timeline.reason})
    assert len(words) < 8_000
    assert PICTURE[:30] not in words


def test_a_slow_machine_is_waited_for_and_what_was_not_seen_is_said(watch: Callable[..., Watched]) -> None:
    """A first look that takes more than twice the usual patience: the third sensor has the time for it."""
    watched = watch("slow", always=True)
    assert watched.seen.wait(PATIENCE_S), watched.updates[-3:]
    assert len(watched.starts) == 3
    until(lambda: watched.thread.engine.timeline.presence == "away", "looks go on")
    late = [update for update in watched.updates if update.seen is not None and update.seen.observation is None]
    assert len(late) == 1, "what the late look saw is of no use"


@pytest.mark.parametrize("kind", LASTING)
def test_a_watch_ends_whatever_its_sensor_does(kind: str, watch: Callable[..., Watched]) -> None:
    """Each of its sensors is hostile, so that one is there when the watch is ended."""
    watched = watch(kind, always=True)
    until(lambda: watched.thread.report().sensor.pid, "a sensor is there")
    pid = watched.thread.report().sensor.pid
    assert watched.thread.stop(2 * PATIENCE_S)
    assert pid is not None
    assert not running(pid)


def test_a_sensor_that_holds_up_the_end_is_killed(watch: Callable[..., Watched], monkeypatch) -> None:
    """Even where the watch itself hangs with it."""
    monkeypatch.setattr(live.LiveWatch, "_interrupted", property(lambda self: False))
    monkeypatch.setattr(cadence, "USUAL_PATIENCE_S", 1e6)
    watched = watch("silence, and deaf to signals", always=True)
    pid = until(lambda: watched.thread.report().sensor.pid, "a sensor is there")
    until(lambda: watched.thread._live and watched.thread._live._number, "it has been asked for a look")
    watched.thread.stop(2.0)
    until(lambda: not running(pid), "it has been killed")


def test_an_honest_sensor_that_is_interrupted_is_not_doubted(watch: Callable[..., Watched], monkeypatch) -> None:
    """By a pause that is over before the watch has come to it: its answer would come when none is expected."""
    asked: list[int] = []

    def interrupted(self: live.LiveWatch) -> bool:
        if self._number == 3 and len(asked) < 2:  # while it waits for the answer, and when it sees why it has none
            asked.append(self._number)
            return True
        return self._stopping or bool(self._suspended)

    monkeypatch.setattr(live.LiveWatch, "_interrupted", property(interrupted))
    watched = watch("well", always=True)
    until(lambda: len(asked) == 2, "it is interrupted")
    watched.seen.clear()
    assert watched.seen.wait(PATIENCE_S)
    assert len(watched.starts) >= 2
    assert not watched.thread.doubt


def test_nothing_of_a_sensor_that_was_not_believed_is_taken_over(watch: Callable[..., Watched]) -> None:
    """It has named another camera, and told of a calibration, before it was found out."""
    watched = watch("another camera, then the future")
    assert watched.seen.wait(PATIENCE_S)
    assert [(start.source, start.baseline) for start in watched.starts] == [("0", None)] * 2
    assert watched.thread.doubt


def test_a_baseline_by_which_no_sensor_starts_is_let_go(watch: Callable[..., Watched]) -> None:
    watched = watch("a baseline that fails the next")
    assert watched.seen.wait(PATIENCE_S)
    assert [start.baseline is None for start in watched.starts] == [True, False, True]


INJECTED = """\
import sys
if "posture.sensor.process" in sys.orig_argv:
    from pathlib import Path
    asked = Path({folder!r}) / "next"
    if asked.exists():
        kind = asked.read_text()
        if kind not in {lasting!r}:
            asked.unlink()
        sys.path.insert(0, {tests!r})
        at = sys.orig_argv.index("posture.sensor.process")
        import hostile, os
        try:
            hostile.main(kind, int(sys.orig_argv[at + 1]))
        except (EOFError, OSError):
            if kind in hostile.LASTING:
                hostile.deaf()
                hostile.for_ever()
        os._exit(0)
"""


@pytest.fixture
def injected(daemon: Daemon) -> Path:
    """The file that says what the next sensor of a daemon is."""
    folder = daemon.session.folder / "injected"
    folder.mkdir()
    tests = str(PROGRAM.parent)
    (folder / "sitecustomize.py").write_text(INJECTED.format(folder=str(folder), tests=tests, lasting=()))
    daemon.session.env["PYTHONPATH"] = os.pathsep.join([str(folder), daemon.session.env["PYTHONPATH"]])
    daemon.configure(more='pose.model = "lite"\ncadence.look = "500ms"\ntimeline.presence_dwell = "500ms"\n')
    return folder / "next"


def answered_within_s() -> float:
    """How long the daemon takes to say its status."""
    began_s = time.monotonic()
    ask("status", timeout_s=60.0)
    return time.monotonic() - began_s


def test_a_daemon_whose_every_sensor_floods_it_answers_and_stops(daemon: Daemon, injected: Path) -> None:
    text = injected.with_name("sitecustomize.py")
    text.write_text(INJECTED.format(folder=str(injected.parent), tests=str(PROGRAM.parent), lasting=LASTING))
    injected.write_text("a flood of news")
    daemon.run("start")
    found = until(lambda: (now := ask("status"))["problems"] and now, "it is said")
    assert any("sent something that it never should" in problem for problem in found["problems"])
    pid = until(lambda: ask("status")["sensor"]["pid"], "a sensor is there")
    daemon.run("stop")
    assert not running(found["pid"])
    assert not running(pid)
    with pytest.raises(NotRunningError):
        ask("status")


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS)
def test_the_daemon_answers_within_a_second_and_sees_within_a_minute(kind: str, daemon: Daemon, injected: Path) -> None:
    injected.write_text(kind)
    daemon.run("start")
    began_s = time.monotonic()
    longest_s = 0.0
    while True:
        longest_s = max(longest_s, answered_within_s())
        status = ask("status")
        if not injected.exists() and status["state"] == "sitting" and not status["trouble"]:
            break
        assert time.monotonic() - began_s < 60.0, json.dumps(status, indent=1)
        time.sleep(0.1)
    print(f"{kind}: answered within {longest_s:.2f} s, saw within {time.monotonic() - began_s:.0f} s")
    assert longest_s < 1.0
    sensor, own = status["sensor"]["pid"], status["pid"]
    daemon.run("stop")
    assert not running(own)
    assert not running(sensor)
    assert PICTURE[:30] not in daemon.log()
    assert all(len(line) < 2_000 for line in daemon.log().splitlines())
