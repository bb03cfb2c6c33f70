"""The programs of Windows: which run, and which of them use the microphone or a camera.

Windows notes in the user's registry (ConsentStore) when a program began to use one of these and when it ended; it is
what the settings under Privacy show, and no permission is needed to read it. Read only; kept and told nowhere.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Iterator
from ctypes import c_long, c_size_t, c_uint16, c_uint32, c_void_p
from pathlib import PureWindowsPath
from typing import Any, Literal

from posture.clock import now_s

STORE = r"Software\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore"
FOR_ALL, OF_USER = "HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER"
MOST_PROGRAMS = 1000
EPOCH_S = 11_644_473_600
"""From 1601, when the time of Windows begins, to 1970, when that of Python does."""
SLACK_S = 120.0
"""How much the clock may have been set since the start of the machine [design choice]."""
PROCESS_QUERY_LIMITED_INFORMATION = 0x1000
"""The right to ask for little of a process; pywin32 has not always had its name."""
PROCESSES, NO_HANDLE = 0x2, c_void_p(-1).value  # TH32CS_SNAPPROCESS, INVALID_HANDLE_VALUE

Used = Literal["microphone", "webcam"]


class _Process(ctypes.Structure):
    """PROCESSENTRY32W of tlhelp32.h."""

    _fields_ = (
        ("size", c_uint32),
        ("usage", c_uint32),
        ("process", c_uint32),
        ("heap", c_size_t),
        ("module", c_uint32),
        ("threads", c_uint32),
        ("parent", c_uint32),
        ("priority", c_long),
        ("flags", c_uint32),
        ("name", c_uint16 * 260),
    )


def library(name: str) -> Any:
    """Load a library of Windows; on 64 bits there is one way to call all of them."""
    return ctypes.CDLL(name)


def registry() -> Any:
    """Give the module that reads the registry."""
    import winreg

    return winreg


def program_names() -> set[str]:
    """List the names of the files of the programs that run, in lower case, such as ``zoom.exe``."""
    kernel = library("kernel32")
    kernel.CreateToolhelp32Snapshot.restype = c_void_p
    snapshot = kernel.CreateToolhelp32Snapshot(PROCESSES, 0)
    if snapshot in (None, NO_HANDLE):
        return set()
    found = set()
    try:
        entry = _Process(size=ctypes.sizeof(_Process))
        more = kernel.Process32FirstW(c_void_p(snapshot), ctypes.byref(entry))
        while more:
            found.add(bytes(entry.name).decode("utf-16-le", "replace").partition("\0")[0].lower())
            more = kernel.Process32NextW(c_void_p(snapshot), ctypes.byref(entry))
    finally:
        kernel.CloseHandle(c_void_p(snapshot))
    return found


def users_of(what: Used) -> list[str]:
    """Name the other programs that use the microphone or a camera now.

    What Windows has noted before the machine was started, or of a program that runs no longer, is left out: a program
    that was killed has no end there.
    """
    since_s = time.time() - now_s() - SLACK_S
    running: set[str] | None = None
    found = []
    for program, is_file in _noted(what, since_s):
        if not is_file:
            found.append(program.partition("_")[0].rpartition(".")[2])
        elif program.lower() not in _own():
            running = program_names() if running is None else running
            if (name := PureWindowsPath(program).name).lower() in running:
                found.append(name.removesuffix(".exe"))
    return sorted(set(found))


def camera_refused() -> bool:
    """Whether the privacy settings let programs for the desktop use no camera."""
    places = ((FOR_ALL, ""), (OF_USER, ""), (OF_USER, r"\NonPackaged"))
    return any(_value(root, rf"{STORE}\webcam{under}", "Value") == "Deny" for root, under in places)


def _own() -> set[str]:
    """Give the files that this program runs as: in a virtual environment that is another Python than is started."""
    return {str(file).lower() for file in (sys.executable, getattr(sys, "_base_executable", "")) if file}


def _noted(what: Used, since_s: float) -> Iterator[tuple[str, bool]]:
    """Give what is noted as used since then and not ended: a package's name, or a program's file and True."""
    root = rf"{STORE}\{what}"
    for under in (root, rf"{root}\NonPackaged"):
        for name in _keys(under):
            started, stopped = (
                _value(OF_USER, rf"{under}\{name}", value) for value in ("LastUsedTimeStart", "LastUsedTimeStop")
            )
            if stopped == 0 and isinstance(started, int) and started / 1e7 - EPOCH_S > since_s:
                yield name.replace("#", "\\"), under != root


def _keys(path: str) -> Iterator[str]:
    winreg = registry()
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path) as key:
            for index in range(MOST_PROGRAMS):
                yield winreg.EnumKey(key, index)
    except OSError:  # there is no such key, or no more below it
        return


def _value(root: str, path: str, name: str) -> object:
    winreg = registry()
    try:
        with winreg.OpenKey(getattr(winreg, root), path) as key:
            return winreg.QueryValueEx(key, name)[0]
    except OSError:
        return None
