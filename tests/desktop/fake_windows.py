"""Windows, as far as posture asks it, played: its registry and its libraries. No Windows has run these tests."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from posture import windows_programs
from posture.desktop import quiet_windows, session_windows

BOOTED_S = 1_790_000_000.0


class FakeRegistry(ModuleType):
    """The module winreg over a dict: by root and path, the values of a key."""

    HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE = "HKCU", "HKLM"
    REG_SZ, KEY_SET_VALUE = 1, 2

    def __init__(self) -> None:
        super().__init__("winreg")
        self.keys: dict[tuple[str, str], dict[str, Any]] = {}
        self.refuses = False

    @contextmanager
    def OpenKey(self, root: str, path: str, _reserved: int = 0, _access: int = 0) -> Iterator[tuple[str, str]]:  # noqa: N802
        if not any(at == root and (name + "\\").startswith(path + "\\") for at, name in self.keys):
            raise FileNotFoundError(2, "no such key")
        yield root, path

    @contextmanager
    def CreateKey(self, root: str, path: str) -> Iterator[tuple[str, str]]:  # noqa: N802
        if self.refuses:
            raise PermissionError(5, "Access is denied")
        self.keys.setdefault((root, path), {})
        yield root, path

    def EnumKey(self, key: tuple[str, str], index: int) -> str:  # noqa: N802
        root, path = key
        below = [
            name.removeprefix(path + "\\") for at, name in self.keys if at == root and name.startswith(path + "\\")
        ]
        names = sorted({name.partition("\\")[0] for name in below})
        if index >= len(names):
            raise OSError(259, "no more data")
        return names[index]

    def QueryValueEx(self, key: tuple[str, str], name: str) -> tuple[Any, int]:  # noqa: N802
        if name not in self.keys.get(key, {}):
            raise FileNotFoundError(2, "no such value")
        return self.keys[key][name], 1

    def SetValueEx(self, key: tuple[str, str], name: str, _reserved: int, _kind: int, value: Any) -> None:  # noqa: N802
        self.keys[key][name] = value

    def DeleteValue(self, key: tuple[str, str], name: str) -> None:  # noqa: N802
        if self.refuses:
            raise PermissionError(5, "Access is denied")
        del self.keys[key][name]


class FakeWindows:
    """What its libraries answer."""

    def __init__(self) -> None:
        self.registry = FakeRegistry()
        self.programs = ["System", "explorer.exe", "Zoom.exe"]
        self.state = 5
        self.session: bytes | None = None
        self.power = {"ACLineStatus": 1, "BatteryFlag": 128}
        self.tick_ms, self.input_ms = 1000, 1000
        self.freed = 0

    def library(self, name: str) -> Any:
        return {"kernel32": self._kernel(), "shell32": self._shell(), "wtsapi32": self._terminals()}[name]

    def _kernel(self) -> Any:
        left = iter(self.programs)

        def told(_snapshot: Any, place: Any) -> int:
            name = next(left, None)
            if name is None:
                return 0
            entry = place._obj
            assert entry.size == ctypes.sizeof(entry)
            entry.name[:] = [ord(letter) for letter in name.ljust(260, "\0")]
            return 1

        def snapshot(what: int, _process: int) -> int:
            assert what == 2
            return 77

        return SimpleNamespace(
            CreateToolhelp32Snapshot=_Function(snapshot),
            Process32FirstW=told,
            Process32NextW=told,
            CloseHandle=lambda _handle: 1,
        )

    def _shell(self) -> Any:
        def state(place: Any) -> int:
            place._obj.value = self.state
            return 0

        return SimpleNamespace(SHQueryUserNotificationState=state)

    def _terminals(self) -> Any:
        kept = ctypes.create_string_buffer(self.session or b"")

        def query(_server: None, session: int, what: int, place: Any, length: Any) -> int:
            assert (session, what) == (0xFFFFFFFF, 25)
            if self.session is None:
                return 0
            place._obj.value, length._obj.value = ctypes.addressof(kept), len(self.session)
            return 1

        def free(_place: Any) -> None:
            assert kept  # it is still there
            self.freed += 1

        return SimpleNamespace(WTSQuerySessionInformationW=query, WTSFreeMemory=free)


class _Function:
    """A function of a library, whose return type can be declared."""

    restype: Any = None

    def __init__(self, call: Any) -> None:
        self._call = call

    def __call__(self, *arguments: Any) -> Any:
        return self._call(*arguments)


def play(played: FakeWindows, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put it in the place of Windows."""
    for module in (windows_programs, quiet_windows, session_windows):
        monkeypatch.setattr(module, "library", played.library)
    monkeypatch.setitem(sys.modules, "winreg", played.registry)
    api = ModuleType("win32api")
    api.error = OSError  # type: ignore[attr-defined]
    api.GetTickCount = lambda: played.tick_ms  # type: ignore[attr-defined]
    api.GetLastInputInfo = lambda: played.input_ms  # type: ignore[attr-defined]
    api.GetSystemPowerStatus = lambda: played.power  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "win32api", api)


def started_windows(monkeypatch: pytest.MonkeyPatch) -> FakeWindows:
    """Play a Windows that was started at `BOOTED_S`, 5000 s ago."""
    played = FakeWindows()
    play(played, monkeypatch)
    monkeypatch.setattr(windows_programs, "now_s", lambda: 5000.0)
    monkeypatch.setattr(windows_programs.time, "time", lambda: BOOTED_S + 5000.0)
    return played
