"""The entry in the desktop's menu of programs, with its icons: how the window is opened without a terminal.

A package of the system brings its own; for any other way to install, the files go into the user's own folders, and
`remove` takes them away. On Linux a desktop entry, on Windows a shortcut in the Start menu (`launcher_windows`); on
macOS it is the installer's.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from posture.atomic_write import write_atomically
from posture.desktop.autostart_linux import desktop_command, localised
from posture.errors import PostureError
from posture.home import xdg_folder
from posture.language import mark, tr

ART = Path(__file__).parent / "art"
NAME = "posture"


def icon_file(size_px: int = 64) -> Path:
    """The program's icon as a PNG, of 16, 22, 24, 32, 48, 64, 128 or 256 px."""
    return ART / f"{NAME}-{size_px}.png"


def launcher_entry(command: Callable[..., str] = desktop_command) -> str:
    """Write the entry; `command` writes the command line of a command of posture and its arguments."""
    actions = (
        ("today", mark("Today"), ("open", "today")),
        ("stretch", mark("Stretch"), ("open", "stretch")),
        ("live", mark("What the camera sees"), ("open", "live")),
        ("pause", mark("Pause, or watch again"), ("toggle",)),
    )
    # Translators: words by which the program is looked for; each ends with a semicolon.
    keywords = mark("sitting;break;back;stretch;webcam;posture;")
    text = f"""[Desktop Entry]
Type=Application
Name=Posture
{localised("GenericName", mark("Sitting and breaks"))}
{localised("Comment", mark("How and how long you sit; when to stand, move or stretch"))}
Exec={command("open")}
Icon={NAME}
Terminal=false
Categories=Utility;
{localised("Keywords", keywords)}
StartupNotify=true
StartupWMClass=posture
Actions={";".join(key for key, _, _ in actions)};
"""
    return text + "".join(
        f"\n[Desktop Action {key}]\n{localised('Name', name)}\nExec={command(*words)}\n" for key, name, words in actions
    )


def launcher_place() -> str:
    """Say which file the entry is; empty where there is none. One of the system counts."""
    if sys.platform == "win32":
        from posture.desktop import launcher_windows

        found = launcher_windows.place()
    else:
        found = next((str(file) for file in (_entry(), *_of_the_system()) if file.is_file()), "")
    return found


def add_launcher() -> str:
    """Make the entry, and say which file it is; a PostureError says that it cannot be written."""
    if sys.platform == "win32":
        from posture.desktop import launcher_windows

        found = launcher_windows.add(icon_file(size_px) for size_px in launcher_windows.ICON_SIZES_PX)
    else:
        found = _add_entry()
    return found


def _add_entry() -> str:
    if not _has_menu():
        raise PostureError(tr("The menu of programs is the installer's on this system."))
    for file in _of_the_system():
        if file.is_file():
            return str(file)
    try:
        for drawing in sorted(ART.glob(f"{NAME}*")):
            place = icon_place(drawing, _data())
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(drawing, place)
        _entry().parent.mkdir(parents=True, exist_ok=True)
        write_atomically(_entry(), launcher_entry(), 0o644)
    except OSError as error:
        raise PostureError(
            tr("{file} cannot be written ({why}): check the folder.", file=error.filename, why=error.strerror)
        ) from None
    return str(_entry())


def _has_menu() -> bool:
    return sys.platform.startswith("linux")


def remove_launcher() -> bool:
    """Take the entry and its icons away; returns whether there was one."""
    if sys.platform == "win32":
        from posture.desktop import launcher_windows

        found = launcher_windows.remove()
    else:
        found = _remove_entry()
    return found


def _remove_entry() -> bool:
    was_there = _entry().is_file()
    try:
        for file in (_entry(), *(icon_place(drawing, _data()) for drawing in ART.glob(f"{NAME}*"))):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise PostureError(
            tr("{file} cannot be removed ({why}): remove it by hand.", file=error.filename, why=error.strerror)
        ) from None
    return was_there


def _data() -> Path:
    return xdg_folder("XDG_DATA_HOME", ".local/share")


def _entry() -> Path:
    return _data() / "applications" / f"{NAME}.desktop"


def _of_the_system() -> list[Path]:
    folders = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [Path(folder, "applications", f"{NAME}.desktop") for folder in folders.split(":") if folder]


def icon_place(drawing: Path, data: Path) -> Path:
    """Say where a drawing of `ART` belongs below a folder of data, such as ``/usr/share``."""
    _, _, size = drawing.stem.partition("-")
    folder = f"{size}x{size}" if size else "scalable"
    return data / "icons/hicolor" / folder / "apps" / f"{NAME}{drawing.suffix}"
