"""A private session for tests: a bus, programs on it, a screen. Everything ends with the test."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from waiting import PATIENCE_S, until

__all__ = [
    *("DATA", "EVER", "MOCK", "OFTEN", "PATIENCE_S", "SAMPLES"),
    *("Daemon", "Program", "Session", "daemon", "session", "until"),
]

DATA = Path(__file__).parent / "data"
SAMPLES = Path(__file__).parent.parent / "samples"
SERVER = Path(__file__).parent / "notification_server.py"
EVER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""A span that holds every record."""
MOCK = "org.freedesktop.DBus.Mock"
"""What a mocked service takes orders by."""
OFTEN = """\
camera.source = "0"
cadence.look = "500ms"
cadence.steady = "1s"
cadence.verify = "1s"
timeline.presence_dwell = "500ms"
pose.model = "lite"
"""
"""Settings of a watch of the fake camera that looks twice a second."""


class Program:
    """A program with its standard output read line by line."""

    def __init__(self, *command: str, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(command, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line(self) -> str:
        """The next line it writes."""
        return self._lines.get(timeout=PATIENCE_S)

    def told(self) -> dict[str, Any]:
        """The next line it writes, as JSON."""
        found = json.loads(self.line())
        assert isinstance(found, dict)
        return found

    def silent(self) -> bool:
        """Whether there is no unread line."""
        return self._lines.empty()

    def write(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Session:
    """A private bus and what is started on it.

    Attributes
    ----------
    env : dict
        The environment of its programs: private folders, the bus, and a screen once `screen` has started it.
    """

    def __init__(self, folder: Path, bus_daemon: str) -> None:
        self.folder = folder
        self._programs: list[Program] = []
        self.env = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(folder / "home"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "XDG_CONFIG_HOME": str(folder / "home/.config"),
            "XDG_STATE_HOME": str(folder / "home/.local/state"),
            "XDG_DATA_HOME": str(folder / "home/.local/share"),
            "XDG_CACHE_HOME": str(folder / "home/.cache"),
            "XDG_DATA_DIRS": "/usr/local/share:/usr/share",
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
            # Where the package is, for a test run from the checkout.
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        for name in ("home", "run"):
            (folder / name).mkdir(mode=0o700)
        self.bus = self.start(bus_daemon, "--session", "--nofork", "--print-address")
        self.env["DBUS_SESSION_BUS_ADDRESS"] = self.bus.line()
        # The machine's own system bus and logind stay out of it.
        self.system = self.start(bus_daemon, "--session", "--nofork", "--print-address")
        self.env["DBUS_SYSTEM_BUS_ADDRESS"] = self.system.line()

    def start(self, *command: str, **env: str) -> Program:
        program = Program(*command, env=self.env | env)
        self._programs.append(program)
        return program

    def python(self, *args: str) -> Program:
        return self.start(sys.executable, *args)

    def notifications(self, *capabilities: str) -> Program:
        """Start the recording notification service."""
        server = self.python(str(SERVER), *capabilities)
        assert server.told() == {"ready": True}
        return server

    def screen(self, require_tool: Callable[[str], str], size: str = "900x500", managed: bool = True) -> None:
        """Start an X server, with a window manager unless `managed` says otherwise."""
        xvfb = self.start(
            require_tool("Xvfb"), "-displayfd", "1", "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"
        )
        self.env["DISPLAY"] = f":{xvfb.line()}"
        if managed:
            # It loses windows that come while it starts, and says when it has.
            manager = self.start(require_tool("openbox"), "--startup", "echo ready")
            while manager.line() != "ready":
                pass

    def run(self, *command: str, check: bool = True, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            env=self.env | env,
            text=True,
            capture_output=True,
            check=check,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )

    def end(self) -> None:
        for program in reversed(self._programs):
            program.end()


@pytest.fixture
def session(require_tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A private session, whose buses this process speaks to as well."""
    if not sys.platform.startswith("linux"):
        pytest.skip("D-Bus needs Linux")
    # A short path: that of a socket may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="posture-") as folder:
        private = Session(Path(folder), require_tool("dbus-daemon"))
        for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, private.env[name])
        try:
            yield private
        finally:
            private.end()


class Daemon:
    """The daemon of a private session, as a user runs it; the camera is a clip played at its own pace."""

    def __init__(self, own: Session) -> None:
        self.session = own
        self.settings = own.folder / "settings.toml"
        self.settings.touch(0o600)  # or it would be tightened, with a notice
        own.env["POSTURE_CONFIG"] = str(self.settings)
        self.configure()

    def configure(self, clip: Path = DATA / "still.mp4", more: str = "") -> None:
        self.settings.write_text(f'camera.source = "{clip}"\n{more}')

    def run(self, *args: str, check: bool = True) -> str:
        done = self.session.run(sys.executable, "-m", "posture", *args, check=False)
        if check:
            assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def status(self) -> dict[str, Any]:
        found = json.loads(self.run("status", "--json"))
        assert isinstance(found, dict)
        return found

    def until(self, what: str, **wanted: object) -> dict[str, Any]:
        """Wait until the status has these values; `a__b` means b within a."""

        def value(status: dict[str, Any], name: str) -> object:
            found: Any = status
            for part in name.split("__"):
                found = found[part] if found is not None else None
            return found

        def there() -> dict[str, Any] | None:
            status = self.status()
            return status if all(value(status, name) == expected for name, expected in wanted.items()) else None

        try:
            found = until(there, what, 40.0)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{json.dumps(self.status(), indent=1)}\n{self.log()}") from None
        assert isinstance(found, dict)
        return found

    def log(self) -> str:
        return "".join(path.read_text() for path in self.log_folder.glob("daemon.*"))

    @property
    def log_folder(self) -> Path:
        return Path(self.session.env["XDG_STATE_HOME"]) / "posture"

    def events(self) -> list[str]:
        text = (self.log_folder / "daemon.log").read_text()
        return [json.loads(line)["event"] for line in text.splitlines()]


@pytest.fixture
def daemon(session: Session) -> Iterator[Daemon]:
    running = Daemon(session)
    yield running
    running.run("stop", check=False)
