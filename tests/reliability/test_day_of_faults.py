"""A day of faults under a single daemon with a single history.

The daemon is the real one, with its sensor, model, V4L2 back end and SQLite; the camera is played by umockdev and shows
rendered people, logind is played by dbusmock, the calendar is moved by calendar.c. All day long a witness asks the
daemon who is there, each few milliseconds. After each fault the daemon is the same process, the witness has heard
nothing but the truth or that it is not known, and the records add up: each begins where the one before it has ended,
and what was sat, stood, away and unknown is what was watched.
"""

from __future__ import annotations

import json
import mmap
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import footage
import pytest
from private_session import EVER, MOCK, OFTEN, Daemon, until

from posture.control.channel import ask
from posture.desktop.session_linux import LOGIND, LOGIND_PATH
from posture.errors import PostureError
from posture.history.records import Interval, IntervalKind
from posture.history.store import Store
from posture.report.summary import day_bounds, summarise
from posture.settings import Settings

if TYPE_CHECKING:
    from conftest import FakeCamera

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="V4L2, D-Bus and preloading are of Linux"),
]

ZONE = ZoneInfo("Europe/Berlin")
GAP_S = 5.0
SETTINGS = f"""\
{OFTEN}timeline.gap = "{GAP_S:g}s"
desktop.notifications = false
"""
NOTHING_KNOWN = {"unknown", "held off", "starting"}
LABELS = "sitting", "standing", "away", "unknown"
SESSION = f"{LOGIND_PATH}/session/c1"
ALMOST = timedelta(milliseconds=1)
NOBODY = 65534


class Calendar:
    """The calendar of processes started with `environment`; see calendar.c."""

    def __init__(self, folder: Path, compiler: str) -> None:
        library = folder / "calendar.so"
        source = Path(__file__).with_name("calendar.c")
        subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
        self._file = folder / "calendar"
        self._file.write_bytes(struct.pack("=q", 0))
        with self._file.open("r+b") as file:
            self._ahead = mmap.mmap(file.fileno(), 8)
        self.environment = {"LD_PRELOAD": str(library), "CALENDAR_FILE": str(self._file), "TZ": ZONE.key}
        self.ahead_ns = 0

    def now(self) -> datetime:
        return datetime.fromtimestamp((time.time_ns() + self.ahead_ns) / 1e9, UTC)

    def set(self, to: datetime) -> float:
        """Set it; by how many seconds it jumps."""
        jump_s = (to - self.now()).total_seconds()
        self.ahead_ns += round(jump_s * 1e9)
        self._ahead[:] = struct.pack("=q", self.ahead_ns)
        return jump_s


class Witness(threading.Thread):
    """Asks the daemon all the time who is there, and collects what is false."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.truth: frozenset[str] = frozenset()
        """What may be reported besides that nothing is known."""
        self.asked = 0
        self.lies: list[str] = []
        self._pause, self._end = threading.Event(), threading.Event()
        self._idle = threading.Event()

    def run(self) -> None:
        while not self._end.wait(0.02):
            if self._pause.is_set():
                self._idle.set()
                continue
            self._idle.clear()
            before = self.truth
            try:
                state = ask("status", 20.0)["state"]
            except PostureError as error:
                state = str(error)
            self.asked += 1
            if state not in NOTHING_KNOWN | before | self.truth:
                self.lies.append(f"{state}, where it is {sorted(before | self.truth)}")

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """While the daemon cannot answer."""
        self._pause.set()
        self._idle.wait(30)
        yield
        self._idle.clear()
        self._pause.clear()

    def end(self) -> None:
        self._end.set()
        self.join(30)


class Day:
    """The daemon, what is done to it, and what must be true afterwards."""

    def __init__(self, daemon: Daemon, camera: FakeCamera, calendar: Calendar, scenes: Path) -> None:
        self.daemon, self.camera, self.calendar, self.scenes = daemon, camera, calendar, scenes
        self.witness = Witness()
        self.jumps_s: list[float] = []
        self.began: datetime | None = None
        self.size = ""
        self.pid = 0
        own = daemon.session
        path = own.env["PYTHONPATH"]
        own.env |= camera.environment | calendar.environment
        own.env["PYTHONPATH"] = path
        own.env["LD_PRELOAD"] = f"{camera.environment['LD_PRELOAD']} {calendar.environment['LD_PRELOAD']}"
        daemon.settings.write_text(SETTINGS)

    # -- what the camera sees ---------------------------------------------------------------------------------------

    def show(self, who: str) -> None:
        self.camera.tell(f"show {self.scenes / (who + self.size + '.jpg')}")

    def enter(self) -> None:
        """Somebody sits down."""
        self.witness.truth |= {"sitting"}
        self.show("person")
        self.sitting()

    def leave(self) -> None:
        """They leave."""
        self.witness.truth |= {"away"}
        self.show("empty")
        self.away()

    def sitting(self) -> None:
        self.until("somebody is seen to sit", state="sitting", camera__state="open")
        self.witness.truth = frozenset({"sitting"})

    def away(self) -> None:
        self.until("nobody is seen", state="away", camera__state="open")
        self.witness.truth = frozenset({"away"})

    def frames(self, number: int) -> None:
        """So many frames pass."""
        last = self.camera.tell("state")["frame"] + number
        until(lambda: self.camera.tell("state")["frame"] >= last, f"{number} frames")

    # -- what the daemon says ---------------------------------------------------------------------------------------

    def until(self, why: str, **wanted: object) -> dict[str, Any]:
        """Wait until the status is so; a dotted name goes down."""
        found: dict[str, Any] = {}

        def there() -> bool:
            found.update(ask("status", 20.0))
            for name, value in wanted.items():
                reached: Any = found
                for part in name.split("__"):
                    reached = reached[part]
                if reached != value:
                    return False
            return True

        try:
            until(there, why)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{json.dumps(found, indent=1)}\n{self.daemon.log()[-6000:]}") from None
        return found

    def logged(self, event: str) -> list[dict[str, Any]]:
        lines = (self.daemon.log_folder / "daemon.log").read_text().splitlines()
        return [entry for entry in map(json.loads, lines) if entry["event"] == event]

    def set(self, to: datetime) -> None:
        """Set the calendar, and wait until it is noticed."""
        self.jumps_s.append(self.calendar.set(to))
        until(lambda: len(self.logged("the calendar was set")) == len(self.jumps_s), "the daemon sees the calendar set")
        assert self.logged("the calendar was set")[-1]["jump_s"] == pytest.approx(self.jumps_s[-1], abs=0.5)

    # -- what must hold after each fault ----------------------------------------------------------------------------

    def well(self, after: str) -> None:
        """The daemon is up, has reported nothing false, and its totals add up."""
        status = ask("status", 20.0)
        assert status["pid"] == self.pid, after
        assert (status["trouble"], status["problems"]) == ("", []), after
        assert not self.logged("error"), after
        assert self.witness.lies == [], f"{after}\n{self.daemon.log()[-6000:]}"
        self.add_up(after)

    def add_up(self, after: str) -> float:
        """Check that the records of presence fill those of the watch day by day; return how long was watched."""
        path = Path(self.daemon.session.env["XDG_DATA_HOME"], "posture/history.sqlite3")
        with Store(path, read_only=True) as store:
            records, points, distances = store.intervals(*EVER), store.points(*EVER), store.distance(*EVER)
            assert store.problems() == [], after
        presence, watches = self.in_order(records, "presence"), self.in_order(records, "watch")
        watched_s = sum(watch.length_s for watch in watches)
        first_unknown_s = (presence[0].start - watches[0].start).total_seconds()
        assert first_unknown_s >= 0.0, after
        stored = {label: sum(spell.length_s for spell in presence if spell.label == label) for label in LABELS}
        stored["unknown"] += first_unknown_s
        assert sum(stored.values()) == pytest.approx(watched_s, abs=0.01), after
        shown = dict.fromkeys(LABELS, 0.0)
        total_s = 0.0
        for day in sorted({record.start.astimezone(ZONE).date() for record in records} | {self.today()}):
            found = summarise(records, points, distances, *day_bounds(day, ZONE), Settings())
            figures = found.figures
            parts = figures.sitting_s, figures.standing_s, figures.away_s, found.unknown_s
            assert min(parts) >= 0.0, after
            assert sum(parts) == pytest.approx(found.watched_s, abs=0.01), after
            shown = {label: shown[label] + part for label, part in zip(LABELS, parts, strict=True)}
            total_s += found.watched_s
        assert shown == pytest.approx(stored, abs=0.01), after  # nothing stored is missing from its day
        assert shown["standing"] == 0.0, after
        assert total_s == pytest.approx(watched_s, abs=0.01), after
        return watched_s

    def today(self) -> date:
        return self.calendar.now().astimezone(ZONE).date()

    def in_order(self, records: list[Interval], kind: IntervalKind) -> list[Interval]:
        """The records in order: each begins where the last ended, or as far from there as the calendar jumped."""
        left = [record for record in records if record.kind == kind]
        assert all(record.end >= record.start for record in left)
        if self.began is None:
            self.began = min(record.start for record in left)
        jumps = list(self.jumps_s)
        found = [min(left, key=lambda record: abs(record.start - self.began))]
        left.remove(found[0])
        while left:
            at = found[-1].end
            following = [record for record in left if abs(record.start - at) <= ALMOST]
            while not following and jumps:
                at += timedelta(seconds=jumps.pop(0))
                following = [record for record in left if abs(record.start - at) <= 100 * ALMOST]
            assert following, f"{kind}: nothing follows {found[-1]} of {left}"
            # Of two records that begin together, the one of no length comes first.
            found.append(min(following, key=lambda record: record.end))
            left.remove(found[-1])
        return found


@pytest.fixture
def scenes(tmp_path: Path, frames: Path) -> Path:
    """Somebody at a desk and the same desk without them, in the agreed size and two others.

    Also with a poster of a face on the wall, with somebody else behind, and under a half-closed lid.
    """
    from posture.camera.opencv import opencv

    cv2 = opencv()
    person, empty, other = (
        cv2.imread(str(frames / f"{name}.jpg")) for name in ("White_M_1__base", "White_M_1__absent", "Asian_F_1__base")
    )
    poster = footage.hung(empty, footage.portrait(other), 530, 110, 300)
    behind = footage.hung(empty, footage.portrait(other)[:, 60:320], 110, 200, 190)
    for name, image in (
        ("person beside a poster", footage.before(person, empty, poster)),
        ("poster", poster),
        ("person before another", footage.before(person, empty, behind)),
        ("another behind", behind),
        ("person under a lid", footage.turned(person, 30.0)),
        ("empty under a lid", footage.turned(empty, 30.0)),
    ):
        cv2.imwrite(str(tmp_path / f"{name}.jpg"), image)
    for name, image in (("person", person), ("empty", empty)):
        for end, size in (("", (640, 480)), (".small", (320, 240)), (".large", (1280, 960))):
            cv2.imwrite(str(tmp_path / f"{name}{end}.jpg"), cv2.resize(image, size))
    return tmp_path


@pytest.fixture
def day(
    daemon: Daemon,
    fake_camera: FakeCamera,
    scenes: Path,
    tmp_path: Path,
    require_tool: Callable[[str], str],
    missing: Callable[[str], None],
) -> Iterator[Day]:
    own = daemon.session
    python = "/usr/bin/python3"
    if not Path(python).exists() or own.run(python, "-c", "import dbusmock", check=False, PYTHONPATH="").returncode:
        missing("python3-dbusmock")
    own.start(python, "-m", "dbusmock", "--template", "logind", PYTHONPATH="")
    me = ("c1", "seat0", str(os.getuid()), "me", "true")
    until(lambda: logind(daemon, LOGIND_PATH, "AddSession", *me, check=False), "dbusmock answers")
    faults = Day(daemon, fake_camera, Calendar(tmp_path, require_tool("cc")), scenes)
    yield faults
    faults.witness.end()


def logind(daemon: Daemon, path: str, member: str, *args: str, check: bool = True) -> bool:
    """Tell the mocked logind to do something."""
    own = daemon.session
    where = ["--address", own.env["DBUS_SYSTEM_BUS_ADDRESS"], "--dest", LOGIND, "--object-path", path]
    done = own.run("gdbus", "call", *where, "--method", f"{MOCK}.{member}", *args, check=check, LD_PRELOAD="")
    return done.returncode == 0


@pytest.mark.nightly
def test_a_day_of_faults(day: Day, require_tool: Callable[[str], str], missing: Callable[[str], None]) -> None:
    tell, witness = day.camera.tell, day.witness
    require_tool("gdbus")
    day.calendar.set(datetime(2026, 3, 28, 12, tzinfo=ZONE))
    tell("rate 15")
    day.show("person")
    started_s = time.monotonic()
    day.daemon.run("start")
    day.pid = ask("status")["pid"]
    witness.truth = frozenset({"sitting"})
    witness.start()
    day.sitting()
    watching_s = time.monotonic()
    until(lambda: day.logged("calibrated"), "the calibration of the session")
    assert day.logged("calibrated")[0]["ok"]
    day.well("the start")

    the_camera_fails(day)
    the_camera_is_odd(day)
    others_are_in_the_picture(day)
    the_lid_is_half_closed(day)
    the_session_changes(day)
    others_of_the_machine(day, require_tool, missing)
    the_calendar_is_set(day)

    stopping_s = time.monotonic()
    witness.end()
    assert "has stopped" in day.daemon.run("stop")
    stopped_s = time.monotonic()
    assert witness.lies == []
    # The day is complete at both ends too, except for the last look.
    watched_s = day.add_up("the end")
    assert stopping_s - watching_s - 3.0 <= watched_s <= stopped_s - started_s
    shown = 0.0
    for date_ in ("2026-03-28", "2026-03-29", "2026-10-25"):
        found = json.loads(day.daemon.run("summary", "--day", date_, "--json"))
        shown += found["watched_s"]
    assert shown == pytest.approx(watched_s, abs=3.0)  # each rounded


def the_camera_fails(day: Day) -> None:
    tell = day.camera.tell
    for name, trouble, relief in (
        ("unplugged", "unplug", "plug"),
        ("no frames", "stall on", "stall off"),
        ("torn", "tear on", "tear off"),
        ("buffers too short", "short on", "short off"),
        ("black", "dark on", "dark off"),
        ("back under another number", "unplug", "plug 2"),
    ):
        tell(trouble)
        day.until(f"{name} is unknown", state="unknown")
        tell(relief)
        day.sitting()
        day.well(name)
    assert ask("status")["camera"]["name"].endswith("(/dev/video2)")

    # A frozen camera goes on showing somebody who has left.
    tell("freeze on")
    day.until("a frozen picture is no person", state="unknown")
    day.witness.truth = frozenset()
    day.show("empty")
    day.frames(30)
    tell("freeze off")
    day.witness.truth = frozenset({"away"})
    day.away()
    day.enter()
    day.well("frozen")

    # Another program takes it, as video calls do.
    with Path(day.camera.tell.hello["root"], "dev/video2").open("rb"):
        tell("busy on")
        status = day.until("busy", state="unknown", camera__state="in use")
        assert status["reason"] == "camera in use"
    tell("busy off")
    day.sitting()
    day.well("busy")


def the_camera_is_odd(day: Day) -> None:
    """The camera behaves oddly but shows what is there, so that must be seen."""
    tell = day.camera.tell
    for name, odd, even in (
        ("smaller than agreed", "small", ""),
        ("larger than agreed", "large", ""),
        ("one frame a second", "rate 1", "rate 15"),
        ("120 frames a second", "rate 120", "rate 15"),
    ):
        if odd.startswith("rate"):
            tell(odd)
        else:
            day.size = f".{odd}"
            day.show("person")
        day.leave()
        day.size = ""
        if even:
            tell(even)
        day.enter()
        day.well(name)


def others_are_in_the_picture(day: Day) -> None:
    for name, together, alone in (
        ("a poster with a face", "person beside a poster", "poster"),
        ("a second person", "person before another", "another behind"),
    ):
        day.show(together)
        day.frames(30)
        day.sitting()
        day.witness.truth |= {"away"}
        day.show(alone)
        day.away()
        day.frames(30)
        assert ask("status")["state"] == "away"
        day.witness.truth |= {"sitting"}
        day.show(together)
        day.sitting()
        day.well(name)
    day.show("person")


def the_lid_is_half_closed(day: Day) -> None:
    day.show("person under a lid")
    day.frames(30)
    day.show("empty under a lid")
    seen = day.until("a keyboard is no empty chair", state="unknown")
    assert seen["reason"] == "the camera looks elsewhere than before"
    day.witness.truth = frozenset()
    day.frames(30)
    day.witness.truth = frozenset({"away"})
    day.show("empty")
    day.away()
    day.enter()
    day.well("a lid half closed")


def the_session_changes(day: Day) -> None:
    def emit(path: str, interface: str, member: str, *body: str) -> None:
        values = f"[{', '.join(f'<{value}>' for value in body)}]" if body else "@av []"
        signature = "b" * len(body)
        logind(day.daemon, path, "EmitSignal", f"{LOGIND}.{interface}", member, signature, values)

    for name, path, interface, (off, *off_body), (on, *on_body), reason in (
        ("locked", SESSION, "Session", ("Lock",), ("Unlock",), "the screen is locked"),
        ("asleep", LOGIND_PATH, "Manager", ("PrepareForSleep", "true"), ("PrepareForSleep", "false"), "asleep"),
    ):
        emit(path, interface, off, *off_body)
        day.until(name, state="held off", reason=reason, sensor__pid=None)
        assert day.camera.tell("state")["streaming"] is False
        day.show("empty")  # whoever has locked the screen has left
        day.witness.truth = frozenset({"away"})
        emit(path, interface, on, *on_body)
        day.away()
        day.enter()
        day.well(name)

    # Asleep without notice, as without logind when the lid closes: no process runs, and time goes on.
    processes = day.pid, ask("status")["sensor"]["pid"]
    with day.witness.looking_away():
        for pid in processes:
            os.kill(pid, signal.SIGSTOP)
        day.show("empty")
        woken_s = time.monotonic() + GAP_S + 1.0
        until(lambda: time.monotonic() > woken_s, "time passes")
        day.witness.truth = frozenset({"away"})
        for pid in processes:
            os.kill(pid, signal.SIGCONT)
    day.away()
    day.enter()
    assert "no look" in {entry.get("reason") for entry in day.logged("seen")}
    day.well("asleep without a word")


def others_of_the_machine(day: Day, require_tool: Callable[[str], str], missing: Callable[[str], None]) -> None:
    # Another user takes the screen and sits in the same place.
    def shown(now: str) -> None:
        logind(day.daemon, SESSION, "UpdateProperties", f"{LOGIND}.Session", f"{{'Active': <{now}>}}")

    shown("false")
    day.until("hidden", state="held off", reason="another user has the screen", sensor__pid=None)
    day.witness.truth = frozenset()
    day.frames(30)
    day.show("empty")
    day.witness.truth = frozenset({"away"})
    shown("true")
    day.away()
    day.enter()
    day.well("another user has the screen")

    if os.geteuid() != 0:
        if os.environ.get("POSTURE_REQUIRE_ALL") == "1":
            missing("the right to be another user (root)")
        return
    # The right to open any file is given, so that only the daemon's own check keeps them out.
    rights = "+dac_override,+dac_read_search"
    other = [require_tool("setpriv"), f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    other += [f"--inh-caps={rights}", f"--ambient-caps={rights}"]
    path = Path(day.daemon.session.env["XDG_RUNTIME_DIR"], "posture/control")
    request = json.dumps({"v": 1, "do": "pause", "args": {}})
    program = (
        "import socket, sys; s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect(sys.argv[1]);"
        "\ntry: s.sendall(sys.argv[2].encode() + b'\\n'); print(s.recv(99))"
        "\nexcept (BrokenPipeError, ConnectionResetError): print(b'')"
    )
    run = day.daemon.session.run
    done = run(*other, sys.executable, "-c", program, str(path), request, LD_PRELOAD="")
    assert done.stdout == "b''\n"
    assert ask("status")["paused"] is None
    with socket.socket(socket.AF_UNIX) as link:  # this user is answered over the same socket
        link.connect(str(path))
        link.sendall(b'{"v": 1, "do": "status"}\n')
        assert link.recv(9)
    day.well("another user at the socket")

    # And their own daemon, which wants the camera that is in use.
    rig = Path(day.camera.tell.hello["root"])
    for path in (rig, *rig.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o777)  # open to every local user, as a camera may be
    theirs = day.daemon.session.folder / "theirs"
    theirs.mkdir()
    os.chown(theirs, NOBODY, NOBODY)
    env = {name: str(theirs) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    env |= {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/none", "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/none"}

    def posture(*args: str) -> str:
        return run(*other, sys.executable, "-m", "posture", *args, **env).stdout

    posture("start", "--set", "camera.source=/dev/v4l/by-id/usb-Fake_UVC_Cam-video-index0")
    try:
        their = until(
            lambda: (found := json.loads(posture("status", "--json")))["camera"]["state"] == "in use" and found,
            "their daemon finds the camera in use",
        )
        assert their["pid"] != day.pid
        assert their["state"] in NOTHING_KNOWN | {"sitting"}  # ours lets them have it for a while
    finally:
        posture("stop")
    day.sitting()
    day.well("another user's daemon")


def the_calendar_is_set(day: Day) -> None:
    for name, by in (("an hour forward", timedelta(hours=1)), ("an hour back", timedelta(hours=-1))):
        day.set(day.calendar.now() + by)
        day.leave()
        day.enter()
        day.well(name)
    for name, to in (
        ("midnight", datetime(2026, 3, 29, 0, tzinfo=ZONE)),
        ("the hour that is not there", datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("the hour that comes twice", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ):
        day.set(to - timedelta(seconds=4))
        before = day.calendar.now().astimezone(ZONE)
        assert day.calendar.now() < to
        day.leave()
        until(lambda to=to: day.calendar.now() > to, name)  # type: ignore[misc]
        day.enter()
        now = day.calendar.now().astimezone(ZONE)
        assert (now.date() != before.date()) == (name == "midnight")
        assert (now.utcoffset() != before.utcoffset()) == (name != "midnight")
        day.well(name)
