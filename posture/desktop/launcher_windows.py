"""The entry in the Start menu of Windows: a shortcut of the user's own, with posture's icon."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Iterable
from pathlib import Path

from posture.errors import PostureError
from posture.home import home_folder
from posture.language import tr
from posture.own_command import windowless

APP = "Posture"
ICON_SIZES_PX = (16, 24, 32, 48, 64, 128, 256)
HEADER, ENTRY = struct.Struct("<HHH"), struct.Struct("<BBBBHHII")  # of an .ico file


def place() -> str:
    """Say which file the entry is; empty where there is none."""
    return str(_shortcut()) if _shortcut().is_file() else ""


def add(drawings: Iterable[Path]) -> str:
    """Make the entry, and say which file it is; `drawings` are the icon in its sizes, of `ICON_SIZES_PX`."""
    try:
        _icon().parent.mkdir(parents=True, exist_ok=True)
        with _icon().open("wb") as file:
            file.write(icon([drawing.read_bytes() for drawing in drawings]))
        _shortcut().parent.mkdir(parents=True, exist_ok=True)
        _write()
    except OSError as error:
        raise PostureError(
            tr("{file} cannot be written ({why}): check the folder.", file=_shortcut(), why=error.strerror)
        ) from None
    return str(_shortcut())


def remove() -> bool:
    """Take the entry and its icon away; returns whether there was one."""
    was_there = _shortcut().is_file()
    try:
        for file in (_shortcut(), _icon()):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise PostureError(
            tr("{file} cannot be removed ({why}): remove it by hand.", file=error.filename, why=error.strerror)
        ) from None
    return was_there


def icon(drawings: Iterable[bytes]) -> bytes:
    """Join PNG files, each square, into an .ico file."""
    pictures = list(drawings)
    at, entries = HEADER.size + ENTRY.size * len(pictures), b""
    for picture in pictures:
        size_px = int.from_bytes(picture[16:20], "big")
        entries += ENTRY.pack(size_px % 256, size_px % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return HEADER.pack(0, 1, len(pictures)) + entries + b"".join(pictures)


def _write() -> None:
    import pythoncom
    from win32com.shell import shell

    program, *words = windowless("posture", "open")
    pythoncom.CoInitialize()
    try:
        link = pythoncom.CoCreateInstance(
            shell.CLSID_ShellLink, None, pythoncom.CLSCTX_INPROC_SERVER, shell.IID_IShellLink
        )
        link.SetPath(program)
        link.SetArguments(subprocess.list2cmdline(words))
        link.SetDescription(tr("How and how long you sit; when to stand, move or stretch"))
        link.SetIconLocation(str(_icon()), 0)
        link.SetWorkingDirectory(str(home_folder()))
        link.QueryInterface(pythoncom.IID_IPersistFile).Save(str(_shortcut()), 0)
    except pythoncom.com_error as error:
        raise OSError(0, str(error.strerror)) from None
    finally:
        pythoncom.CoUninitialize()


def programs_folder() -> Path:
    """Give the user's own folder of the Start menu."""
    roaming = Path(os.environ.get("APPDATA") or home_folder() / "AppData/Roaming")
    return roaming / "Microsoft/Windows/Start Menu/Programs"


def _shortcut() -> Path:
    return programs_folder() / f"{APP}.lnk"


def _icon() -> Path:
    return Path(os.environ.get("LOCALAPPDATA") or home_folder() / "AppData/Local") / APP / "posture.ico"
