"""The frozen build, as it is unpacked in the folder of a user with an uncommon name, without a Python beside it.

The program starts, sees, says so and stops; its window opens and draws; it starts with the session.
"""

from __future__ import annotations

import os
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from life import Life, offspring, processes, programs_of, until, windows_with_handles
from PIL import Image

BUILD = os.environ.get("POSTURE_FROZEN", "")
SCREEN = os.environ.get("POSTURE_SCREEN", "")
"""The file in which the bench's screen lies, as Xvfb writes it; a picture of it is left beside it."""
USER = "Zoë Łukasik (日本)"
RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "win32" or not BUILD, reason="no frozen build is named in POSTURE_FROZEN"),
]


class Unpacked(Life):
    """A user's own copy, which needs no console to be seen."""

    def started(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        return super().started(*arguments, **({"creationflags": subprocess.CREATE_NO_WINDOW} | options))  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds posture.exe, below that of the user."""
    (program,) = (path for path in Path(BUILD).rglob("posture.exe"))
    place = tmp_path_factory.mktemp("users") / USER / "Programs" / "posture"
    shutil.copytree(program.parent, place)
    return place


@pytest.fixture
def life(programs: Path) -> Iterator[Life]:
    home = programs.parents[1]
    for name in ("data", "local", "roaming"):
        shutil.rmtree(home / name, ignore_errors=True)
    (home / "temporary").mkdir(exist_ok=True)
    one = Unpacked(home, (str(programs / "posture.exe"),))
    for name in ("PYTHONPATH", "PYTHONUTF8", "PYTHONIOENCODING"):
        one.environment.pop(name, None)
    one.environment |= {"USERPROFILE": str(home)} | dict.fromkeys(("TEMP", "TMP"), str(home / "temporary"))
    yield one
    one.run("stop", code=None)


def test_it_starts_sees_and_stops(life: Life) -> None:
    life.begin()
    seen = life.seeing()
    family = offspring(seen["pid"])
    assert seen["sensor"]["pid"] in family
    assert "running already" in life.run("start")
    assert "Sitting" in life.run("status")
    assert "has stopped" in life.run("stop")
    until(lambda: not family & set(processes()), "nothing is left")
    life.run("history", "check")


def test_its_window_opens_and_draws(life: Life, programs: Path) -> None:
    """As the entry in the Start menu opens it."""
    opened = subprocess.Popen([programs / "posturew.exe", "open", "today"], env=life.environment)
    try:
        window = until(lambda: _shown(offspring(opened.pid)), "its window is there")
        assert "posture" in window["title"].lower()
        assert window["right"] - window["left"] > 400
        assert window["bottom"] - window["top"] > 300
        if SCREEN:
            colours = until(lambda: (found := _colours(window)) > 50 and found, "it draws text and more")
            print(f"{window['title']}: {colours} colours")
        assert not _consoles()
    finally:
        for pid in offspring(opened.pid):
            os.kill(pid, signal.SIGTERM)
        opened.wait(60)


def test_it_starts_with_the_session(life: Life, programs: Path) -> None:
    assert "posture autostart on" in life.run("autostart")
    assert "starts with the session" in life.run("autostart", "on")
    command = _run_value()
    assert command == f'"{programs / "posturew.exe"}" start'
    assert "Windows" in life.run("autostart")
    assert list((life.folder / "roaming").rglob("Start Menu/**/*.lnk"))

    # At a login, Windows runs the line in a folder of its own and without a console.
    before, consoles = _consoles(), set[int]()
    folder = os.environ["SYSTEMROOT"]
    begun = subprocess.Popen(command, env=life.environment, cwd=folder, creationflags=subprocess.DETACHED_PROCESS)  # type: ignore[attr-defined]
    until(lambda: consoles.update(_consoles()) or begun.poll() is not None, "the command has ended")
    seen = life.until("it watches", lambda status: consoles.update(_consoles()) or status["sensor"]["pid"])
    assert begun.returncode == 0
    assert not consoles - before, "no console comes up"
    assert {"posture.exe", "posturew.exe"} >= _programs(offspring(seen["pid"]))

    assert "no longer starts" in life.run("autostart", "off")
    assert _run_value() is None
    assert "posture autostart on" in life.run("autostart", "off")
    assert life.status()["pid"] == seen["pid"], "what runs goes on"


def _shown(pids: set[int]) -> dict[str, Any] | None:
    """The visible window of Qt that one of these processes has, with its place."""
    import win32gui

    for window, pid, kind, title in windows_with_handles():
        if pid in pids and "QWindow" in kind and title and win32gui.IsWindowVisible(window):
            place = win32gui.GetWindowRect(window)
            return {"title": title} | dict(zip(("left", "top", "right", "bottom"), place, strict=True))
    return None


def _consoles() -> set[int]:
    """The consoles that can be seen."""
    import win32gui

    return {
        window
        for window, _, kind, _ in windows_with_handles()
        if "console" in kind.lower() and win32gui.IsWindowVisible(window)
    }


def _run_value() -> object:
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, RUN) as key:  # type: ignore[attr-defined]
            return winreg.QueryValueEx(key, "Posture")[0]  # type: ignore[attr-defined]
    except FileNotFoundError:
        return None


def _programs(pids: set[int]) -> set[str]:
    return {name.lower() for pid, name in programs_of().items() if pid in pids} - {"conhost.exe"}


def _colours(window: dict[str, Any]) -> int:
    """How many colours a window has on the screen, of which a picture is left beside the file."""
    data = Path(SCREEN).read_bytes()
    size, _, _, _, width, height, *_, line = struct.unpack(">13I", data[:52])
    colours = struct.unpack(">20I", data[:80])[19]
    screen = Image.frombuffer("RGB", (width, height), data[size + 12 * colours :], "raw", "BGRX", line, 1)
    screen.save(Path(SCREEN).with_name("window.png"))
    shown = screen.crop(tuple(window[side] for side in ("left", "top", "right", "bottom")))
    return len(shown.getcolors(1 << 24) or ())
