"""The watch with the kernel's test driver (vivid) as its camera: run in the virtual machine of tools/vivid, as root.

Each fault is made with the driver's own means, must be noticed, is relieved, and watching must go on. A line of JSON
for each says what happened; the last says whether all passed. vivid shows bars of colour: away and unknown are true
there, sitting and standing never are.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from posture.errors import PostureError

HOME = Path("/run/posture")
ENVIRONMENT = {
    "HOME": str(HOME),
    "XDG_RUNTIME_DIR": str(HOME / "run"),
    "XDG_STATE_HOME": str(HOME / "state"),
    "POSTURE_CONFIG": str(HOME / "settings.toml"),
    "POSTURE_DATA": str(HOME / "data"),
}
SETTINGS = {
    "camera.source": "vivid",
    "cadence.look": "500ms",
    "timeline.presence_dwell": "0s",
    "pose.model": "lite",
    "desktop.notifications": "false",
}
DRIVER = ["n_devs=1", "node_types=0x1", "num_inputs=1", "input_types=0x00"]
PATIENCE_S = 600.0
"""The machine is emulated, ten to a hundred times slower than a real one; what is waited for may take minutes."""
SLACK_S = 8.0
"""How much of a watch's time may be missing at its end: it ends with its last look, which takes seconds there."""
CLOCK_S = 0.1
"""By how much calendar and monotonic clock may differ, between two intervals and in the sums."""
MOST_TRIES = 30
"""How often another program may have to ask for the camera: it is in use before its first try, and during a look."""
TRUE = {"away", "unknown"}


class BrokenError(Exception):
    """A promise was not kept."""


def node() -> str:
    """Find the device file of the camera; it may change when the driver is loaded again."""
    found = [path for path in Path("/sys/class/video4linux").glob("video*") if "vivid" in (path / "name").read_text()]
    if len(found) != 1:
        raise BrokenError(f"{len(found)} cameras")
    return f"/dev/{found[0].name}"


def run(*command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise BrokenError(
            f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}"
        )
    return done


def posture(*args: str) -> str:
    """Run a command of ours."""
    return run(sys.executable, "-m", "posture", *args).stdout


def driver(*options: str) -> str:
    """Query or set the driver through a device file of our own, which the daemon does not watch."""
    own = HOME / "own"
    own.unlink(missing_ok=True)
    os.mknod(own, 0o600 | stat.S_IFCHR, Path(node()).stat().st_rdev)
    return run("v4l2-ctl", "-d", str(own), *options).stdout


def control(**values: int) -> None:
    """Set controls of the driver."""
    driver("-c", ",".join(f"{name}={value}" for name, value in values.items()))


@contextmanager
def other_program(*options: str) -> Any:
    """Let another program stream from the camera until the block ends; gives how often it had to try."""
    command = ["v4l2-ctl", "-d", node(), "--stream-mmap", *options]
    tries = 0
    while True:
        tries += 1
        program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert program.stderr is not None
        # It writes a mark for each frame, or why it has none.
        said = program.stderr.read(1)
        if said == "<":
            break
        said += program.communicate()[1]
        if tries == MOST_TRIES:
            raise BrokenError(f"another program never gets the camera: {said}")
        time.sleep(1.0)
    try:
        yield tries
    finally:
        program.terminate()
        program.communicate()


# -- what the daemon says ---------------------------------------------------------------------------------------------


def status() -> dict[str, Any]:
    """Give what `posture status --json` prints, without starting a process for it."""
    from posture.control.channel import ask

    return ask("status", timeout_s=20.0)


def until(what: str, **wanted: object) -> dict[str, Any]:
    """Wait until the status has these values; `camera` is the camera's state."""
    end_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            found = status()
        except PostureError as error:
            if time.monotonic() > end_s:
                raise BrokenError(str(error)) from None
            time.sleep(1.0)
            continue
        seen = {**found, "camera": found["camera"]["state"]}
        if all(seen[k] in value if isinstance(value, tuple) else seen[k] == value for k, value in wanted.items()):
            return found
        if time.monotonic() > end_s:
            raise BrokenError(f"{what} not within {PATIENCE_S:g} s: {json.dumps(found)}")
        time.sleep(0.1)


def watching() -> dict[str, Any]:
    """Wait until the picture is judged again."""
    return until("watching", camera="open", state="away")


def log() -> list[dict[str, Any]]:
    """Give the lines of the daemon's log."""
    return [json.loads(line) for line in (HOME / "state/posture/daemon.log").read_text().splitlines()]


def cameras(since: int) -> list[dict[str, Any]]:
    """Give the log's lines about the camera, from line `since` on."""
    return [line for line in log()[since:] if line["event"] == "camera"]


# -- the faults -------------------------------------------------------------------------------------------------------

Found = dict[str, Any]
FAULTS: list[tuple[str, Callable[[], Found]]] = []


def fault(name: str) -> Callable[[Callable[[], Found]], Callable[[], Found]]:
    """Add a fault to the list; they are made in this order."""

    def note(make: Callable[[], Found]) -> Callable[[], Found]:
        FAULTS.append((name, make))
        return make

    return note


def noticed(what: str, *camera: str) -> Found:
    """Wait until the daemon reports one of these states of the camera, and nobody in the picture."""
    since_s = time.monotonic()
    found = until(what, camera=camera, state="unknown")
    return {
        "noticed_s": round(time.monotonic() - since_s, 1),
        "sentence": found["camera"]["sentence"] or found["trouble"],
    }


def relieved(found: Found) -> Found:
    """Wait until watching goes on."""
    since_s = time.monotonic()
    watching()
    return {**found, "back_s": round(time.monotonic() - since_s, 1)}


@fault("the camera is unplugged while it streams, and is back at once")
def disconnect() -> Found:
    """Every call on the open device fails with ENODEV; the driver comes back when it is closed."""
    before = len(log())
    control(disconnect=1)
    end_s = time.monotonic() + PATIENCE_S
    while not (gone := [line for line in cameras(before) if line["state"] == "gone"]):
        if time.monotonic() > end_s:
            raise BrokenError("an unplug was not noticed")
        time.sleep(0.1)
    return relieved({"sentence": gone[0]["sentence"]})


@fault("a fatal streaming error")
def streaming_error() -> Found:
    """The driver's queue is in error: no buffer comes until the stream is begun anew."""
    before = len(log())
    control(inject_fatal_streaming_error=1)
    end_s = time.monotonic() + PATIENCE_S
    while not (gone := [line for line in cameras(before) if line["state"] == "gone"]):
        if time.monotonic() > end_s:
            raise BrokenError("a streaming error was not noticed")
        time.sleep(0.1)
    return relieved({"sentence": gone[0]["sentence"]})


@fault("every buffer is dropped, then none")
def dropped() -> Found:
    """The stream goes on, but no picture comes."""
    control(percentage_of_dropped_buffers=100)
    found = noticed("a stall", "gone", "failed")
    control(percentage_of_dropped_buffers=0)
    return relieved(found)


@fault("half of the buffers are dropped")
def half_dropped() -> Found:
    """The rate is halved, no more."""
    before = len(log())
    control(percentage_of_dropped_buffers=50)
    time.sleep(8.0)
    control(percentage_of_dropped_buffers=0)
    states = [line["state"] for line in cameras(before)]
    return relieved({"camera": states})


@fault("another program streams from the camera")
def taken() -> Found:
    """The camera is given away, and taken back when the other has closed it."""
    with other_program() as tries:
        found = noticed("giving way", "in use")
        time.sleep(5.0)
        if status()["camera"]["state"] != "in use":
            raise BrokenError("the camera was taken from another program")
    return relieved({**found, "tries_of_the_other": tries})


@fault("another program leaves the camera with another size and rate")
def other_format() -> Found:
    """The driver keeps the format of whoever had it last."""
    with other_program("--set-fmt-video=width=1280,height=720,pixelformat=UYVY", "--set-parm=10"):
        found = noticed("giving way", "in use")
    return relieved(found)


@fault("another size and rate are set")
def other_size() -> Found:
    """A change of settings begins the stream anew; the driver has what is asked for."""
    configure({"camera.width_px": "1280", "camera.height_px": "720", "camera.rate_fps": "10"})
    from posture.control.channel import ask

    ask("reload", timeout_s=20.0)
    end_s = time.monotonic() + PATIENCE_S
    while "1280/720" not in (given := driver("--get-fmt-video", "--get-parm")):
        if time.monotonic() > end_s:
            raise BrokenError(f"the driver gives {given}")
        time.sleep(0.5)
    rate = re.search(r"Frames per second: (\S+)", given)
    assert rate is not None
    return relieved({"size": "1280x720", "rate": float(rate[1])})


@fault("a lens cap: all black, without text")
def black() -> Found:
    """A picture without contrast is unknown, never away."""
    control(test_pattern=5, osd_text_mode=2)
    since_s = time.monotonic()
    found = until("a black picture", camera="open", state="unknown")
    seen = {"noticed_s": round(time.monotonic() - since_s, 1), "reason": found["reason"]}
    control(test_pattern=0, osd_text_mode=0)
    return relieved(seen)


@fault("noise from the lens")
def noise() -> Found:
    """A picture without a person is away."""
    control(test_pattern=21, osd_text_mode=2)
    time.sleep(6.0)
    seen = status()
    control(test_pattern=0, osd_text_mode=0)
    return relieved({"state": seen["state"], "reason": seen["reason"]})


@fault("the driver is taken from under the stream, unloaded and loaded again")
def unloaded() -> Found:
    """The device node goes and comes."""
    was = node()
    Path("/sys/bus/platform/drivers/vivid/unbind").write_text("vivid.0")
    found = noticed("a driver that is gone", "gone")
    run("rmmod", "vivid")
    time.sleep(3.0)
    if status()["state"] != "unknown":
        raise BrokenError("somebody is seen without a camera")
    run("modprobe", "-d", kernel(), "vivid", *DRIVER)
    return relieved({**found, "node": [was, node()]})


@fault("the camera is back under another number")
def renumbered() -> Found:
    """The same camera, but /dev/video7."""
    was = node()
    Path("/sys/bus/platform/drivers/vivid/unbind").write_text("vivid.0")
    found = noticed("a driver that is gone", "gone")
    run("rmmod", "vivid")
    run("modprobe", "-d", kernel(), "vivid", *DRIVER, "vid_cap_nr=7")
    if node() == was:
        raise BrokenError("the driver did not take another number")
    return relieved({**found, "node": [was, node()]})


@fault("the sensor is killed while it streams")
def killed() -> Found:
    """Another is started."""
    old = status()["sensor"]["pid"]
    os.kill(old, 9)
    end_s = time.monotonic() + PATIENCE_S
    while (new := status()["sensor"]["pid"]) in (old, None):
        if time.monotonic() > end_s:
            raise BrokenError("no sensor was started")
        time.sleep(0.1)
    return relieved({"sensor": [old, new]})


# -- the whole --------------------------------------------------------------------------------------------------------


def kernel() -> str:
    """Where the kernel's modules are."""
    return sys.argv[1]


def configure(more: dict[str, str]) -> None:
    """Write the settings file."""
    text = ""
    for key, value in {**SETTINGS, **more}.items():
        text += f"{key} = {value if value.isdecimal() or value == 'false' else json.dumps(value)}\n"
    Path(ENVIRONMENT["POSTURE_CONFIG"]).write_text(text)


def in_use_at_the_start() -> Found:
    """`posture run` while another program streams: it waits, watches, and its totals add up."""
    with other_program():
        watch = subprocess.Popen(
            [sys.executable, "-m", "posture", "run", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert watch.stdout is not None
        events: list[Found] = [json.loads(watch.stdout.readline())]
        while events[-1].get("state") != "in use":
            events.append(json.loads(watch.stdout.readline()))
    while events[-1].get("state") != "away":
        events.append(json.loads(watch.stdout.readline()))
    time.sleep(5.0)
    watch.terminate()
    out, errors = watch.communicate()
    events += [json.loads(line) for line in out.splitlines()]
    claimed = {event["state"] for event in events if event["event"] == "presence"} - TRUE
    if watch.returncode or claimed or errors:
        raise BrokenError(f"ended with {watch.returncode}, claimed {claimed}, said {errors}")
    states = [event["state"] for event in events if event["event"] == "camera"]
    lasted_s = events[-1]["t"] - events[0]["t"]
    return {"camera": states, "lasted_s": round(lasted_s, 1), **add_up(lasted_s, waited_s=lasted_s)}


def add_up(least_s: float, waited_s: float = 0.0) -> Found:
    """Check the history: nobody is claimed, and its intervals fill the time that was watched without overlapping.

    Parameters
    ----------
    least_s : float
        How long was watched, seconds.
    waited_s : float
        The longest part of it, in seconds, in which there was no picture yet.
    """
    from posture.history.store import Store

    with Store(Path(ENVIRONMENT["POSTURE_DATA"], "history.sqlite3"), read_only=True) as store:
        far = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
        stored, watches = store.intervals(*far, "presence"), store.intervals(*far, "watch")
        problems = store.problems()
    if problems or not stored:
        raise BrokenError(f"the history: {problems or 'nothing in it'}")
    false = {interval.label for interval in stored} - TRUE
    if false:
        raise BrokenError(f"the history claims {false}")
    sums = {
        name: round(sum(interval.length_s for interval in stored if interval.label == name), 2) for name in sorted(TRUE)
    }
    watched_s = sum(interval.length_s for interval in watches)
    gaps_s = [(after.start - before.end).total_seconds() for before, after in pairwise(stored)]
    found = {"watched_s": round(watched_s, 2), **sums, "stretches": len(stored)}
    if any(abs(gap_s) > CLOCK_S for gap_s in gaps_s):
        raise BrokenError(f"between stretches lie {min(gaps_s)} to {max(gaps_s)} s: {found}")
    if not -CLOCK_S <= watched_s - sum(sums.values()) <= waited_s + CLOCK_S:
        raise BrokenError(f"the stretches are not what was watched: {found}")
    if watched_s < least_s - SLACK_S:
        raise BrokenError(f"{least_s:.1f} s were watched: {found}")
    return found


def privacy() -> Found:
    """`posture doctor --privacy` in this kernel: each attempt is refused in the sensor, and none outside of it."""
    from posture import sandbox

    folder = HOME / "tried"
    folder.mkdir()
    (folder / "there").touch()
    Path("/dev/shm/there").touch()
    (folder / "shared").symlink_to("/dev/shm/there")
    outside = sandbox.attempts(folder)
    if any(sandbox.refused(outcome) for outcome in outside.values()):
        raise BrokenError(f"refused without a sandbox: {outside}")
    shown = run(sys.executable, "-m", "posture", "doctor", "--privacy", check=False)
    attempts = dict(re.findall(r"^(?:pass|fail|warn)\s+sensor: (.*?)\s{2,}(.*)$", shown.stdout, re.MULTILINE))
    if shown.returncode or set(attempts) != set(outside) or not all(map(sandbox.refused, attempts.values())):
        raise BrokenError(f"doctor --privacy ended with {shown.returncode}: {shown.stdout}{shown.stderr}")
    return {"landlock": sandbox.landlock_abi(), "refused": sorted(attempts), "tells": sandbox.guarantee()}


def say(name: str, make: Callable[[], Found]) -> bool:
    """Make a fault, and print what happened."""
    since_s = time.monotonic()
    try:
        found, passed = make(), True
    except Exception as error:
        found, passed = {"error": f"{type(error).__name__}: {error}"}, False
    took_s = round(time.monotonic() - since_s, 1)
    print(json.dumps({"fault": name, "passed": passed, "took_s": took_s, **found}, ensure_ascii=False), flush=True)
    return passed


def with_daemon() -> bool:
    """Every fault under one daemon, from its start to its end."""
    well = True
    # The machine may be slower than it is patient with an answer; the next waits for longer.
    run(sys.executable, "-m", "posture", "start", check=False)
    first = watching()
    began = datetime.now(UTC)
    for name, make in FAULTS:
        well &= say(name, make)
        with suppress(Exception):
            watching()
    last = status()
    ended = datetime.now(UTC)

    def whole() -> Found:
        if last["pid"] != first["pid"]:
            raise BrokenError("the daemon was restarted")
        posture("stop")
        noted = log()
        claimed = {line["state"] for line in noted if line.get("what") == "presence"} - TRUE
        wrong = [line for line in noted if line["event"] in ("error", "history")]
        crashed = (HOME / "state/posture/daemon.err").read_text()
        if claimed or wrong or crashed:
            raise BrokenError(f"claimed {claimed}, noted {wrong}, crashed {crashed!r}")
        return {"restarts": last["sensor"]["restarts"], **add_up((ended - began) / timedelta(seconds=1))}

    return say("the daemon after all of it", whole) and well


def main() -> int:
    """Run everything; 1 when a promise was not kept."""
    os.environ.update(ENVIRONMENT)
    for name in ("run", "data"):
        (HOME / name).mkdir(mode=0o700, parents=True)
    configure({})
    print(json.dumps({"kernel": os.uname().release, "camera": node(), "python": sys.version.split()[0]}), flush=True)
    well = say("the camera is in use at the start", in_use_at_the_start)
    for path in Path(ENVIRONMENT["POSTURE_DATA"]).iterdir():
        path.unlink()
    well &= say("doctor --privacy in this kernel", privacy)
    well &= with_daemon()
    print(json.dumps({"passed": well}), flush=True)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
