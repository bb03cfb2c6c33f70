"""posture as a user of Windows runs it, in folders of its own, and what Windows says of its processes."""

from __future__ import annotations

import ctypes
import functools
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from ctypes import wintypes
from pathlib import Path
from typing import Any

import waiting

DATA = Path(__file__).parents[1] / "data"
PATIENCE_S = 120.0
"""A bench is slow, and slower where others use it."""
QUICK = """\
camera.source = '{clip}'
pose.model = "lite"
cadence.look = "500ms"
cadence.steady = "1s"
timeline.presence_dwell = "500ms"
coach.stand_after = "15s"
"""


def until(what: Callable[[], Any], why: str, patience_s: float = PATIENCE_S) -> Any:
    """Wait until `what` is true."""
    return waiting.until(what, why, patience_s, step_s=0.2)


@functools.cache
def sitting(frames: int = 4500) -> Path:
    """Somebody who sits, at five frames a second, made of a clip of 90 s.

    By default for a quarter of an hour: it must not end before a slow test does.
    """
    from posture.camera.opencv import opencv

    cv2 = opencv()
    clip = Path(tempfile.mkdtemp(prefix="posture-tests-"), "sitting.mp4")
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"mp4v"), 5.0, (640, 480))
    while frames:
        film, number = cv2.VideoCapture(str(DATA / "still.mp4")), 0
        while frames and film.grab():
            if number % 6 == 0:  # of thirty pictures a second five
                writer.write(film.retrieve()[1])
                frames -= 1
            number += 1
        film.release()
    writer.release()
    return clip


class Life:
    """Commands with a history and settings of their own."""

    def __init__(self, folder: Path, program: tuple[str, ...] = (sys.executable, "-m", "posture")) -> None:
        self.folder, self.program = folder, program
        self.settings = folder / "settings.toml"
        self.environment = os.environ | {
            "POSTURE_DATA": str(folder / "data"),
            "POSTURE_CONFIG": str(self.settings),
            "XDG_RUNTIME_DIR": str(folder / "run"),  # each has a pipe of its own
            "LOCALAPPDATA": str(folder / "local"),
            "APPDATA": str(folder / "roaming"),
        }
        self.configure()

    def configure(self) -> None:
        self.settings.write_text(QUICK.format(clip=sitting()), encoding="utf-8")

    def started(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        command = [*self.program, *arguments]
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, env=self.environment, text=True, **(pipes | options))

    def run(self, *arguments: str, code: int | None = 0) -> str:
        with self.started(*arguments) as process:
            try:
                out, errors = process.communicate(timeout=2 * PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        assert "Traceback" not in errors, errors
        assert code is None or process.returncode == code, out + errors
        return out + errors

    def begin(self) -> None:
        """Start; on a slow machine it may take longer than `start` waits."""
        until(lambda: re.search("has started|running already", self.run("start", code=None)), "it has started")

    def status(self) -> dict[str, Any]:
        found = json.loads(self.run("status", "--json"))
        assert isinstance(found, dict)
        return found

    def until(self, why: str, what: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Wait until the status is such."""
        last: list[dict[str, Any]] = []

        def there() -> dict[str, Any] | None:
            last[:] = [self.status()]
            return last[0] if what(last[0]) else None

        try:
            found = until(there, why)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{json.dumps(last, indent=1)}") from None
        assert isinstance(found, dict)
        return found

    def seeing(self) -> dict[str, Any]:
        """Wait until somebody is seen, and give the status."""
        return self.until("somebody is seen", lambda status: status["state"] == "sitting" and status["sensor"]["pid"])

    def kept(self) -> list[dict[str, Any]]:
        """Every record of the history."""
        file = self.folder / "export.json"
        self.run("export", "--format", "json", "--output", str(file))
        found = json.loads(file.read_text(encoding="utf-8"))
        return [record for kind in ("intervals", "points") for record in found.get(kind, [])]


class _Entry(ctypes.Structure):
    _fields_ = (
        ("size", wintypes.DWORD),
        ("usage", wintypes.DWORD),
        ("pid", wintypes.DWORD),
        ("heap", ctypes.c_size_t),
        ("module", wintypes.DWORD),
        ("threads", wintypes.DWORD),
        ("parent", wintypes.DWORD),
        ("priority", wintypes.LONG),
        ("flags", wintypes.DWORD),
        ("file", wintypes.WCHAR * 260),
    )


def processes() -> dict[int, int]:
    """Every process with its parent."""
    return {pid: parent for pid, parent, _ in _processes()}


def programs_of() -> dict[int, str]:
    """Every process with the name of its program's file."""
    return {pid: name for pid, _, name in _processes()}


def _processes() -> list[tuple[int, int, str]]:
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]
    kernel.CreateToolhelp32Snapshot.restype = wintypes.HANDLE
    shot = kernel.CreateToolhelp32Snapshot(2, 0)
    entry, found = _Entry(size=ctypes.sizeof(_Entry)), list[tuple[int, int, str]]()
    more = kernel.Process32FirstW(wintypes.HANDLE(shot), ctypes.byref(entry))
    while more:
        found.append((entry.pid, entry.parent, entry.file))
        more = kernel.Process32NextW(wintypes.HANDLE(shot), ctypes.byref(entry))
    kernel.CloseHandle(wintypes.HANDLE(shot))
    return found


def offspring(pid: int) -> set[int]:
    """A process and all that it has started, and they."""
    there = processes()
    family = {pid} & set(there)
    while more := {child for child, parent in there.items() if parent in family} - family:
        family |= more
    return family


def windows() -> list[tuple[int, str, str]]:
    """Process, class and title of every window of the desktop."""
    return [row[1:] for row in windows_with_handles()]


def windows_with_handles() -> list[tuple[int, int, str, str]]:
    """The same, each with its handle before it."""
    import win32gui
    import win32process

    found: list[tuple[int, int, str, str]] = []

    def look(window: int, _: object) -> bool:
        with suppress(win32gui.error):
            pid = win32process.GetWindowThreadProcessId(window)[1]
            found.append((window, pid, win32gui.GetClassName(window), win32gui.GetWindowText(window)))
        return True

    win32gui.EnumWindows(look, None)
    return found
