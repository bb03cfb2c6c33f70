"""What is asked of Windows, played (`fake_windows`): the bench of docs/platforms.md asks a Wine."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from posture import windows_programs
from posture.desktop import autostart_windows, quiet, session_windows
from posture.desktop.autostart_windows import ALLOWED, NAME, RUN, RunKey
from posture.desktop.idle_windows import idle_s
from posture.desktop.quiet import DO_NOT_DISTURB, FULL_SCREEN, MICROPHONE
from posture.desktop.quiet_windows import notification_state, why_quiet
from posture.desktop.running_windows import WindowsRunning
from posture.desktop.session_windows import (
    LID,
    SETTING,
    WM_ENDSESSION,
    WM_POWERBROADCAST,
    WM_WTSSESSION_CHANGE,
    WindowsSession,
    on_battery,
    session_now,
)
from posture.errors import PostureError
from posture.windows_programs import EPOCH_S, STORE, camera_refused, users_of
from tests.desktop.fake_windows import BOOTED_S, FakeWindows, started_windows

ZOOM = r"C:#Users#Jörg 100% & Söhne#AppData#Roaming#Zoom#bin#Zoom.exe"
TEAMS = "MSTeams_8wekyb3d8bbwe"


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> FakeWindows:
    return started_windows(monkeypatch)


def used(windows: FakeWindows, what: str, program: str, started_s: float, stopped: int) -> None:
    under = r"\NonPackaged" if "#" in program else ""
    windows.registry.keys["HKCU", rf"{STORE}\{what}{under}\{program}"] = {
        "LastUsedTimeStart": int((started_s + EPOCH_S) * 1e7),
        "LastUsedTimeStop": stopped,
    }


# -- programs ---------------------------------------------------------------------------------------------------------


def test_a_program_runs_by_any_case_and_with_or_without_exe(windows: FakeWindows) -> None:
    running = WindowsRunning()
    assert running.note == ""
    for name in ("zoom", "ZOOM.EXE", "Explorer", "system"):
        assert running.any_of([name]), name
    assert not running.any_of(["zoo", "exe", "obs"])
    assert not running.any_of([])


def test_who_uses_the_microphone(windows: FakeWindows) -> None:
    assert users_of("microphone") == []
    used(windows, "microphone", ZOOM, BOOTED_S + 60, 0)
    used(windows, "microphone", TEAMS, BOOTED_S + 60, 0)
    used(windows, "microphone", r"C:#obs64.exe", BOOTED_S + 60, 1)
    assert users_of("microphone") == ["MSTeams", "Zoom"]
    assert users_of("webcam") == []


def test_one_that_was_killed_or_of_before_the_start_uses_nothing(windows: FakeWindows) -> None:
    used(windows, "webcam", ZOOM, BOOTED_S + 60, 0)
    used(windows, "webcam", TEAMS, BOOTED_S - 3600, 0)
    assert users_of("webcam") == ["Zoom"]
    windows.programs = ["explorer.exe"]
    assert users_of("webcam") == []


def test_this_program_is_no_other(windows: FakeWindows, monkeypatch: pytest.MonkeyPatch) -> None:
    windows.programs += ["python.exe", "pythonw.exe"]
    started, real = r"C:\venv\Scripts\python.exe", r"C:\Python312\Python.exe"
    monkeypatch.setattr(windows_programs.sys, "executable", started)
    monkeypatch.setattr(windows_programs.sys, "_base_executable", real, raising=False)
    for path in (started, real):
        used(windows, "webcam", path.lower().replace("\\", "#"), BOOTED_S + 60, 0)
    assert users_of("webcam") == []
    used(windows, "webcam", r"C:#other#python.exe", BOOTED_S + 60, 0)
    assert users_of("webcam") == ["python"]


@pytest.mark.parametrize(
    ("root", "under"), [("HKLM", ""), ("HKCU", ""), ("HKCU", r"\NonPackaged")], ids=["machine", "user", "programs"]
)
def test_the_privacy_settings_refuse_the_camera(windows: FakeWindows, root: str, under: str) -> None:
    assert not camera_refused()
    windows.registry.keys[root, rf"{STORE}\webcam{under}"] = {"Value": "Allow"}
    assert not camera_refused()
    windows.registry.keys[root, rf"{STORE}\webcam{under}"] = {"Value": "Deny"}
    assert camera_refused()


# -- a bad time -------------------------------------------------------------------------------------------------------


def test_why_it_is_quiet(windows: FakeWindows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet, "running", WindowsRunning)
    assert asyncio.run(why_quiet(["obs"])) == ""
    windows.state = 4
    assert asyncio.run(why_quiet()) == DO_NOT_DISTURB
    assert asyncio.run(why_quiet(["zoom"])) == "a program of coach.quiet_while is running"
    used(windows, "microphone", TEAMS, BOOTED_S + 60, 0)
    assert asyncio.run(why_quiet(["zoom"])) == MICROPHONE


@pytest.mark.parametrize(
    ("state", "reason"), [(1, ""), (2, FULL_SCREEN), (3, FULL_SCREEN), (5, ""), (6, DO_NOT_DISTURB), (7, "")]
)
def test_what_windows_says_of_notices(windows: FakeWindows, state: int, reason: str) -> None:
    windows.state = state
    assert notification_state() == reason


def test_idle_time_outlives_the_counter(windows: FakeWindows) -> None:
    assert idle_s() == 0.0
    windows.tick_ms = 5500
    assert idle_s() == 4.5
    windows.input_ms, windows.tick_ms = 2**32 - 500, 1500
    assert idle_s() == 2.0


# -- the session ------------------------------------------------------------------------------------------------------


def test_messages_become_changes(windows: FakeWindows) -> None:
    changes: list[str] = []
    ended: list[bool] = []
    session = WindowsSession(changes.append, lambda: ended.append(True))
    for about in (7, 7, 8, 2, 3, 4, 1, 9):
        session.heard(WM_WTSSESSION_CHANGE, about)
    assert changes == ["locked", "unlocked", "hidden", "shown", "hidden", "shown"]
    changes.clear()
    for about in (4, 0x12, 7, 10):
        session.heard(WM_POWERBROADCAST, about)
    session.heard(WM_POWERBROADCAST, SETTING, (bytes(16), 0))
    session.heard(WM_POWERBROADCAST, SETTING, (LID, 0))
    session.heard(WM_POWERBROADCAST, 4)
    session.heard(WM_POWERBROADCAST, SETTING, (LID, 1))
    session.heard(WM_POWERBROADCAST, 7)
    session.heard(WM_POWERBROADCAST, 4)
    assert changes == ["sleeping", "awake", "closing", "awake", "sleeping"]
    session.heard(WM_ENDSESSION, 0)
    assert not ended
    session.heard(WM_ENDSESSION, 1)
    assert ended


def test_a_window_that_came_late_still_hears_the_end(windows: FakeWindows, monkeypatch: pytest.MonkeyPatch) -> None:
    windows.session = b"".join(number.to_bytes(4, "little") for number in (1, 0, 3, 0, 1))
    given_on: list[int] = []
    api = ModuleType("win32gui")
    api.error = OSError  # type: ignore[attr-defined]
    api.PostMessage = lambda *message: None  # type: ignore[attr-defined]
    api.DefWindowProc = lambda window, message, about, more: given_on.append(message) or 0  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "win32gui", api)
    monkeypatch.setattr(session_windows, "END_S", 0.0)
    ended: list[bool] = []
    session = WindowsSession(lambda change: None, lambda: ended.append(True))

    async def job() -> None:
        monkeypatch.setattr(session, "_listen", session._there.set)
        with pytest.raises(OSError, match="window"):
            await session.start()
        await session.close()
        session._window = 5
        await session.start()
        assert session._take(5, WM_ENDSESSION, 1, 0) == 1
        await asyncio.sleep(0)
        assert ended
        await session.close()
        session._take(5, WM_ENDSESSION, 1, 0)

    asyncio.run(job())
    assert given_on == [WM_ENDSESSION]  # what is no longer listened to is not waited for


@pytest.mark.parametrize(
    ("level", "locked", "nowhere"),
    [
        ((1, 0, 3, 0, 0), True, False),
        ((1, 0, 3, 0, 1), False, False),
        ((1, 0, 3, 4, 1), False, True),
        ((1, 0, 3, 0, -1), False, False),
        ((1, 0), False, False),
        (None, False, False),
    ],
)
def test_how_the_session_stands_at_the_start(
    windows: FakeWindows, level: tuple[int, ...] | None, locked: bool, nowhere: bool
) -> None:
    if level is not None:
        windows.session = b"".join(number.to_bytes(4, "little", signed=True) for number in level)
    assert session_now() == (locked, nowhere)
    assert windows.freed == (level is not None)


@pytest.mark.parametrize(
    ("line", "flag", "told"), [(1, 8, False), (0, 1, True), (1, 128, None), (255, 1, None), (255, 255, None)]
)
def test_the_battery(windows: FakeWindows, line: int, flag: int, told: bool | None) -> None:
    windows.power = {"ACLineStatus": line, "BatteryFlag": flag}
    assert on_battery() is told


# -- start with the session -------------------------------------------------------------------------------------------


@pytest.fixture
def installed(windows: FakeWindows, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    folder = tmp_path / "Jörg 100% & Söhne ^!"
    folder.mkdir()
    for name in ("python.exe", "pythonw.exe"):
        (folder / name).touch()
    monkeypatch.setattr(sys, "executable", str(folder / "python.exe"))
    return folder


def test_it_starts_without_a_window_wherever_it_lies(windows: FakeWindows, installed: Path) -> None:
    entry = RunKey()
    assert not entry.exists()
    entry.write()
    assert entry.exists()
    (value,) = windows.registry.keys["HKCU", RUN].values()
    assert value == f'"{installed / "pythonw.exe"}" -P -m posture start'
    assert entry.remove()
    assert not entry.remove()
    assert windows.registry.keys["HKCU", RUN] == {}


def test_the_old_script_is_removed(windows: FakeWindows, installed: Path) -> None:
    script = autostart_windows._script()
    script.parent.mkdir(parents=True)
    script.write_text("@start\r\n")
    assert RunKey().exists()
    RunKey().write()
    assert not script.exists()
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("@start\r\n")
    assert RunKey().remove()
    assert not RunKey().exists()


def test_what_the_task_manager_has_turned_off_is_said(windows: FakeWindows, installed: Path) -> None:
    entry = RunKey()
    entry.write()
    windows.registry.keys["HKCU", ALLOWED] = {NAME: b"\x02" + bytes(11)}
    assert "turned off" not in entry.words
    windows.registry.keys["HKCU", ALLOWED] = {NAME: b"\x03" + bytes(11)}
    assert "turned off" in entry.words
    entry.write()
    assert "turned off" not in entry.words


def test_what_cannot_be_is_said(windows: FakeWindows, installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    RunKey().write()
    windows.registry.refuses = True
    with pytest.raises(PostureError, match="Access is denied"):
        RunKey().write()
    with pytest.raises(PostureError, match="Settings > Apps > Startup"):
        RunKey().remove()
    long: Any = ["C:\\" + "x" * 250 + "\\pythonw.exe", "-P", "-m", "posture", "start"]
    monkeypatch.setattr(autostart_windows, "windowless", lambda *_words: long)
    with pytest.raises(PostureError, match="path is so long"):
        RunKey().write()
    assert len(subprocess.list2cmdline(long)) > autostart_windows.MOST_CHARACTERS
