"""The whole program, measured from outside: the daemon with its watch, desktop, store and control channel.

It is the very daemon, in a process of its own as at the user's, but with folders of its own, which are gone afterwards,
and on Linux with a desktop of its own (`posture.desktop.stand_in`) instead of the user's. What its processes use is
read from their clocks; what the parts of a look use is what the sensor tells of itself.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posture.atomic_write import write_atomically
from posture.child import APART, started
from posture.clock import now_s
from posture.errors import PostureError
from posture.language import tr
from posture.link import Link, pair
from posture.monitor.bench import NO_SENSOR, SENSOR_STOPPED, figures, latency, too_short
from posture.own_command import own_command, own_environment
from posture.plain_file import read_plain_text
from posture.sensor.wire import CostReport
from posture.settings import Settings
from posture.settings_text import settings_path

ON_LINUX = sys.platform == "linux"
START_S, LOAD_S, CALIBRATE_S = 60.0, 90.0, 60.0
"""How long the daemon, its first look, and the first minutes' calibration are waited for [design choice]."""
ANSWER_S, END_S = 20.0, 15.0
MOST_PAUSED_S = 60.0
"""A paused daemon is measured as long as a watching one, but no longer than this."""
BEGUN_S, SETTLE_S = 8.0, 2.0
"""Between the calibration and the monitored time, in which a daemon still does what it does but once [measured], and
between a pause and its measuring: the tray shows it, and the sensor has ended."""
LEFT_S = 0.5
"""A clip is not measured to its last picture: its end is another state."""
FEEDER = b"posture.sensor.feeder"
MEMORY = ("Rss", "Anonymous", "Pss")
"""In /proc/PID/smaps_rollup: what is in memory, what of it only the process has, and its share of all of it."""
NOT_OURS = (
    *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_SESSION_ID"),
    *("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS", "DBUS_STARTER_ADDRESS"),
    *("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"),
)
"""What leads to the user's desktop, or to who supervises this process."""


def environment(folder: Path, bus: str | None) -> dict[str, str]:
    """Give the environment in which the daemon finds folders and a bus of its own, and nothing of the user's."""
    found = {name: value for name, value in own_environment().items() if name not in NOT_OURS}
    found |= {"POSTURE_CONFIG": str(folder / "settings.toml")}
    found |= {name: str(folder / part) for name, part in {"POSTURE_DATA": "data", "POSTURE_STATE": "state"}.items()}
    for name, part in {
        "RUNTIME_DIR": "run",
        "CONFIG_HOME": "config",
        "DATA_HOME": "share",
        "CACHE_HOME": "cache",
    }.items():
        (folder / part).mkdir(mode=0o700)
        found[f"XDG_{name}"] = str(folder / part)
    if ON_LINUX:
        nothing = f"unix:path={folder / 'none'}"
        found |= {f"DBUS_{name}_BUS_ADDRESS": bus or nothing for name in ("SESSION", "SYSTEM")}
    return found


# -- what processes use ------------------------------------------------------------------------------------------------


def cpu_s(pid: int) -> float:
    """Give the CPU seconds of another process, of all its threads, those that have ended too; Linux only.

    It is the clock of `clock_getcpuclockid`, which the kernel keeps in nanoseconds. ProcessLookupError or OSError where
    there is no such process.
    """
    if sys.platform != "win32":
        return time.clock_gettime(~pid << 3 | 2)
    raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))


def family(pid: int, proc: Path = Path("/proc")) -> list[int]:
    """Give a process and all that it and they have started, but for what plays a video; Linux only."""
    children: dict[int, list[int]] = {}
    for stat in proc.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name stands in brackets and may hold anything.
            parent = int(stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(stat.parent.name))
    found, left = [], [pid]
    while left:
        one = left.pop()
        command = b""
        with contextlib.suppress(OSError):
            command = (proc / str(one) / "cmdline").read_bytes()
        if FEEDER not in command.split(b"\0"):
            found.append(one)
            left += children.get(one, [])
    return found


def memory_mb(pid: int, proc: Path = Path("/proc")) -> dict[str, float] | None:
    """Give what a process has in memory, by what, in MB (2**20 bytes); None where that is not known."""
    try:
        text = (proc / str(pid) / "smaps_rollup").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    sizes = {name: int(kb) for name, kb in re.findall(r"^(\w+):\s+(\d+) kB$", text, re.MULTILINE)}
    return {name.lower(): round(sizes[name] / 1024, 1) for name in MEMORY if name in sizes}


def peak_mb(pid: int, proc: Path = Path("/proc")) -> float | None:
    """Give the most memory that a process has had at once; None where that is not known."""
    with contextlib.suppress(OSError):
        text = (proc / str(pid) / "status").read_text(encoding="utf-8", errors="replace")
        if found := re.search(r"^VmHWM:\s+(\d+) kB$", text, re.MULTILINE):
            return int(found[1]) / 1024
    return None


def what_began(told: Mapping[str, Any]) -> str:
    """Give the presence or the deviation that begins with a line of the log; empty for another line."""
    begins = {"presence": "state", "deviation_start": "kind"}
    return str(told.get(begins.get(told.get("what", ""), ""), ""))


@dataclass(frozen=True)
class Used:
    """What the program has used so far: CPU seconds of the process that sees, and of all others."""

    at_s: float
    sensor_s: float
    others_s: float

    def since(self, before: Used) -> Used:
        """What was used in a stretch of time; `at_s` is its length."""
        return Used(self.at_s - before.at_s, self.sensor_s - before.sensor_s, self.others_s - before.others_s)


# -- the program -------------------------------------------------------------------------------------------------------


class Program:
    """A daemon of its own that watches `source`; `close` ends it.

    Parameters
    ----------
    folder : Path
        Empty; everything that it writes lies in it.
    bus : str or None
        The address of its bus.

    Attributes
    ----------
    pid : int
        The process of the daemon.
    """

    def __init__(self, folder: Path, source: str, overrides: Sequence[str], bus: str | None) -> None:
        self._environment = environment(folder, bus)
        self.folder = folder
        if os.path.isfile(source):  # noqa: PTH113 - a name that holds a NUL is no file rather than an error
            source = os.path.abspath(source)  # noqa: PTH100 - it works elsewhere; its name stays as it was given
        text = read_plain_text(settings_path()) if settings_path().is_file() else ""
        write_atomically(folder / "settings.toml", text)
        self._link, theirs = pair()
        try:
            self._process = started(
                [*own_command("posture.daemon"), "--measured", "--ready"],
                [f"--set={override}" for override in (*overrides, f"camera.source={source}")],
                [theirs],
                env=self._environment,
                stdout=None if "POSTURE_DEBUG" in os.environ else subprocess.DEVNULL,
                cwd=folder,
            )
        except BaseException:
            self._link.close()
            raise
        finally:
            theirs.close()
        self.pid = self._process.pid

    def begin(self) -> None:
        """Wait until it is there; PostureError where it does not start."""
        line = self._line(START_S)
        if line != "ready":
            raise PostureError(line.removeprefix("error ") or _ended())

    def ask(self, *, cost: bool = False) -> dict[str, Any]:
        """Ask how its watch stands, and with `cost` what that has cost the sensor."""
        try:
            self._link.send(b"c" if cost else b"s")
        except OSError:
            raise PostureError(_ended()) from None
        found: dict[str, Any] = json.loads(self._line(ANSWER_S) or "{}")
        return found

    def _line(self, within_s: float) -> str:
        try:
            return _line_of(self._link, within_s)
        except (OSError, EOFError):
            raise PostureError(_ended()) from None

    def command(self, *words: str) -> None:
        """Run a command of posture that reaches it by its control channel."""
        done = subprocess.run(
            own_command("posture", *words),
            env=self._environment,
            cwd=self.folder,
            capture_output=True,
            timeout=START_S,
            check=False,
            **APART,
        )
        if done.returncode:
            raise PostureError(done.stderr.decode("utf-8", "replace").strip().removeprefix("posture: ") or _ended())

    def used(self, told: Mapping[str, Any] | None = None) -> Used:
        """Give what it has used; where the system does not tell, what it says itself."""
        if not ON_LINUX:
            told = told or self.ask()  # paused, there is no sensor
            return Used(now_s(), (told["cost"] or {"total_s": 0.0})["total_s"], told["cpu_s"])
        else:
            at_s, sensor_s, others_s = now_s(), 0.0, 0.0
            for pid in family(self.pid):
                with contextlib.suppress(OSError):
                    if self.is_sensor(pid):
                        sensor_s += cpu_s(pid)
                    else:
                        others_s += cpu_s(pid)
            return Used(at_s, sensor_s, others_s)

    @staticmethod
    def is_sensor(pid: int) -> bool:
        """Whether that is a process that sees."""
        with contextlib.suppress(OSError):
            return b"posture.sensor.process" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return False

    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def noticed(self) -> list[tuple[float, str]]:
        """What began, as its log has it, and when, in seconds of its watch."""
        found = []
        for path in sorted((self.folder / "state").glob("daemon.log*"), reverse=True):
            seen = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
            found += [(float(one["t"]), what_began(one)) for one in seen if one["event"] == "seen"]
        return found

    def close(self) -> None:
        """End it, and wait for that: it ends with its link."""
        self._link.close()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _ended() -> str:
    return tr("The daemon has ended while it was measured: run posture bench again, with POSTURE_DEBUG=1 to see why.")


@contextlib.contextmanager
def _desktop(folder: Path) -> Iterator[str | None]:
    """A bus with a desktop on it; None where there is no bus daemon to start."""
    if not ON_LINUX or shutil.which("dbus-daemon") is None:
        yield None
        return
    ours, theirs = pair()
    try:
        child = started(
            own_command("posture.desktop.stand_in"),
            [str(folder)],
            [theirs],
            env=own_environment(),
            stdout=None if "POSTURE_DEBUG" in os.environ else subprocess.DEVNULL,
        )
    finally:
        theirs.close()
    try:
        address = ""
        with contextlib.suppress(OSError, EOFError):
            address = _line_of(ours, START_S)
        yield address or None
    finally:
        ours.close()
        try:
            child.wait(END_S)
        except subprocess.TimeoutExpired:
            child.terminate()
            child.wait()


def _line_of(link: Link, within_s: float) -> str:
    """Give the line that comes through a link; OSError or EOFError where none comes in time."""
    answer, until_s = b"", now_s() + within_s
    while not answer.endswith(b"\n"):
        answer += link.receive(65536, max(0.0, until_s - now_s()))
    return answer.decode("utf-8", "replace").strip()


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Have this process clean up when it is asked to end, as at Ctrl-C, and not be disturbed while it does."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    if sys.platform != "win32":
        numbers.append(signal.SIGHUP)

    def interrupt(*_: object) -> None:
        for one in numbers:
            signal.signal(one, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {one: signal.signal(one, interrupt) for one in numbers}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextlib.contextmanager
def running_program(source: str, overrides: Sequence[str]) -> Iterator[tuple[Program, list[str]]]:
    """Run the program on a source, with what is left out of it; everything ends with the block, however that ends."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(_interruptible())
        # Its path is short, for the sockets in it.
        own = tempfile.TemporaryDirectory(prefix="posture-bench-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(own))
        bus = stack.enter_context(_desktop(folder))
        program = Program(folder, source, overrides, bus)
        stack.callback(program.close)
        program.begin()
        yield program, ["desktop"] if ON_LINUX and bus is None else []


def measure_program(
    settings: Settings,
    overrides: Sequence[str],
    source: str,
    seconds: float,
    progress: Callable[[float], None] = lambda done: None,
    paused_s: float | None = None,
    begun_s: float | None = None,
) -> dict[str, Any]:
    """Run the program on a source for `seconds`, then paused, and report what that cost.

    Parameters
    ----------
    settings, overrides : Settings, sequence of str
        What the user has set, and for this run.
    source : str
        A video file, or a camera by index, path or name.
    seconds : float
        Monitored time; less when a file ends earlier.
    progress : callable
        Called with the share that is done, 0 to 1.
    paused_s : float, optional
        How long it is measured while paused; by default `seconds`, `MOST_PAUSED_S` at most.
    begun_s : float, optional
        How long it watches before the monitored time, after the calibration; by default `BEGUN_S`.

    Returns
    -------
    dict
        See docs/performance.md.

    Raises
    ------
    posture.errors.PostureError
        The source cannot be used, or the daemon does not start.
    """
    paused_s = min(seconds, MOST_PAUSED_S) if paused_s is None else paused_s
    whole_s = seconds + paused_s
    with running_program(source, overrides) as (program, left_out):
        began_s = now_s()
        until_it_watches(program, BEGUN_S if begun_s is None else begun_s)
        start = program.ask(cost=True)
        if start["clip_s"] is not None:
            seconds = min(seconds, start["clip_s"] - start["t_s"] - LEFT_S)
        if seconds < 1.0:
            raise too_short(source, round(now_s() - began_s))
        waited_s = now_s() - began_s
        before = program.used(start)
        _pass_time(program, seconds, lambda passed_s: progress(passed_s / whole_s))
        end = program.ask(cost=True) if not ON_LINUX else None
        used = program.used(end).since(before)
        end = end or program.ask(cost=True)
        memory = _memory(program, end)
        noticed = program.noticed()
        paused_ms = _paused(program, paused_s, lambda passed_s: progress((seconds + passed_s) / whole_s))
    if start["cost"] is None or end["cost"] is None or end["restarts"] != start["restarts"]:
        raise PostureError(tr(SENSOR_STOPPED))
    first, last = CostReport(**start["cost"]), CostReport(**end["cost"])
    return {
        "policy": "default",
        "whole_program": True,
        "left_out": left_out,
        "model": settings.pose.judge,
        "seconds": round(used.at_s, 2),
        **figures(first, last, used.at_s, used.others_s, used.sensor_s),
        "paused_cpu_ms_per_s": paused_ms,
        "latency_s": latency(source, noticed, start["t_s"], used.at_s) if start["clip_s"] is not None else None,
        **memory,
        "startup": {
            "load_cpu_ms": round(1e3 * end["load_cpu_s"]) if end["load_cpu_s"] is not None else None,
            "until_monitored_s": round(waited_s, 1),
        },
        "feeder_cpu_ms": round(1e3 * (last.feeder_cpu_s - first.feeder_cpu_s)) if start["clip_s"] is not None else None,
        "restarts": end["restarts"],
    }


def until_it_watches(program: Program, begun_s: float) -> None:
    """Wait until the camera is open and how the user sits is known, or was looked for long enough; then `begun_s`."""
    until_s = now_s() + LOAD_S
    while not (state := program.ask())["open"]:
        if state["trouble"] or state["camera"] in ("in use", "gone", "forbidden", "failed", "ended"):
            raise PostureError(state["trouble"] or state["sentence"] or tr(NO_SENSOR))
        if now_s() > until_s:
            raise PostureError(tr(NO_SENSOR))
        time.sleep(0.2)
    until_s = now_s() + CALIBRATE_S
    while program.ask()["calibrating"] and now_s() < until_s:
        time.sleep(0.2)
    time.sleep(begun_s)


def _pass_time(program: Program, seconds: float, passed: Callable[[float], None]) -> None:
    began_s = now_s()
    while (left_s := began_s + seconds - now_s()) > 0:
        time.sleep(min(left_s, 1.0))
        if not program.running():
            raise PostureError(_ended())
        passed(min(seconds, now_s() - began_s))


def _paused(program: Program, seconds: float, passed: Callable[[float], None]) -> float | None:
    """Give the CPU milliseconds a second of a daemon that is paused."""
    if seconds <= 0:
        return None
    program.command("pause")
    until_s = now_s() + END_S
    while program.ask()["sensor_pid"] is not None and now_s() < until_s:
        time.sleep(0.1)
    time.sleep(SETTLE_S)
    before = program.used()
    _pass_time(program, seconds, passed)
    used = program.used().since(before)
    return round(1e3 * (used.sensor_s + used.others_s) / used.at_s, 3)


def _memory(program: Program, told: Mapping[str, Any]) -> dict[str, Any]:
    """Give the peaks of both processes and, on Linux, what they have in memory now, by what."""
    pids = {"sensor": told["sensor_pid"], "daemon": program.pid}
    own = {"sensor": (told["cost"] or {"peak_rss_mb": 0.0})["peak_rss_mb"], "daemon": told["peak_mb"]}
    peaks = {name: (peak_mb(pid) if pid is not None else None) or own[name] for name, pid in pids.items()}
    return {
        "peak_rss_mb": {name: round(peak, 1) for name, peak in peaks.items()},
        "memory_mb": {name: None if pid is None else memory_mb(pid) for name, pid in pids.items()},
    }
