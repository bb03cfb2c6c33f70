"""The user's own files of exercises: the folder `exercises.d` beside the settings file."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from posture.language import language, tr
from posture.plain_file import NO_FILE, read_plain_text
from posture.settings_text import settings_path

LARGEST_B = 262_144
MOST_FILES = 100
"""More, or larger ones, are no exercises that somebody wrote [design choice]."""


@dataclass(frozen=True)
class OwnFile:
    """One file: its text, or why it cannot be read, as a sentence."""

    path: str
    text: str = ""
    fault: str = ""


def own_folder() -> Path:
    """The folder of the user's own exercises; it need not exist."""
    return settings_path().parent / "exercises.d"


def own_files() -> tuple[OwnFile, ...]:
    """Read the user's own files, by name; what has not changed since the last time is not read again."""
    folder = own_folder()
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as error:
        return (OwnFile(str(folder), fault=_unreadable(folder, error)),)
    found = [_read(path, _stamp(path), language()) for path in paths[:MOST_FILES]]
    if len(paths) > MOST_FILES:
        found.append(
            OwnFile(
                str(folder),
                fault=tr(
                    "{folder} holds more than {most} files: move the others away.", folder=folder, most=MOST_FILES
                ),
            )
        )
    return tuple(found)


def _unreadable(path: Path, error: OSError) -> str:
    return tr("{path} cannot be read ({reason}): correct its permissions.", path=path, reason=error.strerror)


def _stamp(path: Path) -> tuple[int, ...]:
    """What changes when a file, or who may read it, does."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@functools.lru_cache(maxsize=MOST_FILES)
def _read(path: Path, stamp: tuple[int, ...], spoken: str) -> OwnFile:
    try:
        return OwnFile(str(path), read_plain_text(path, LARGEST_B))
    except OSError as error:
        if error.errno in NO_FILE:
            return OwnFile(str(path), fault=tr("{path} is not a file of exercises: move it away.", path=path))
        return OwnFile(str(path), fault=_unreadable(path, error))
    except UnicodeDecodeError:
        return OwnFile(str(path), fault=tr("{path} is not UTF-8 text: save it as UTF-8.", path=path))
