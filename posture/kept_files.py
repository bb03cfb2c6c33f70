"""What posture stores on this machine: where, how large, and who may read it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_OTHERS = 0o077
OWN_FOLDER = "posture"
"""Folders of this name are ours; one that the user has chosen may hold other files too."""

# By the beginning of the file's name, in its folder; the first that fits.
_HISTORY = (
    ("history.sqlite3.v", "the history as it was before an update"),
    ("history.sqlite3.damaged-", "a damaged history, set aside"),
    ("history.sqlite3-", "the last writes to the history"),
    ("history.sqlite3", "the history: when you sat, stood, were away, leaned; reminders, pains, exercises"),
    ("calibrations.json", "calibrations: for each camera 33 landmarks of you sitting upright, or standing, as numbers"),
    (".calibrations-", "left by a calibration that was interrupted"),
    (".calibrations.json.lock", "left by a calibration that was interrupted"),
)
_STATE = (
    ("daemon.log", "the daemon's log: what was seen and said, and when"),
    ("daemon.err", "what Python said when the daemon crashed"),
    ("daemon.json", "until when it is paused or snoozed"),
    (".daemon-", "left by a daemon that was killed"),
    ("report.html", "the report that was shown last"),
)
_RUNTIME = (("control", "the daemon's socket"), ("lock", "the number of the daemon's process"))
_LOCK = (
    (".posture.lock", "the number of the daemon's process"),
    (".posture-run.lock", "the number of the process of posture run"),
)


@dataclass(frozen=True)
class Places:
    """Where posture stores things."""

    history: Path
    """The history file; calibrations lie beside it."""
    state: Path
    """The folder of the daemon's log and memory."""
    runtime: Path
    """The folder of the daemon's socket."""
    settings: Path
    """The settings file."""


@dataclass(frozen=True)
class KeptFile:
    """One file."""

    path: Path
    what: str
    """Its content in words."""
    size_bytes: int
    mode: int
    """Its permissions."""
    about_you: bool
    """Whether it says something about the user, so that `posture forget --all` removes it."""

    @property
    def loose(self) -> bool:
        """Whether anyone but the user may read or write it."""
        return bool(self.mode & _OTHERS)


def kept_files(places: Places) -> list[KeptFile]:
    """List every file that posture has made and that exists; reports and exports lie where the user put them."""
    return [
        *_of(places.history.parent, _HISTORY, about_you=True),
        *_of(places.history.parent, _LOCK, about_you=False),
        *_of(places.state, _STATE, about_you=True),
        *_of(places.runtime, _RUNTIME, about_you=False),
        *_of(places.settings.parent, ((places.settings.name, "your settings"),), about_you=False),
    ]


def _of(folder: Path, kinds: tuple[tuple[str, str], ...], *, about_you: bool) -> Iterator[KeptFile]:
    names: list[str] = []
    with suppress(OSError):
        names = sorted(os.listdir(folder))  # noqa: PTH208 - names are enough
    for name in names:
        what = next((what for begin, what in kinds if name.startswith(begin)), "")
        with suppress(OSError):
            status = (folder / name).lstat()
            if what and not stat.S_ISDIR(status.st_mode) and not stat.S_ISLNK(status.st_mode):
                yield KeptFile(folder / name, what, status.st_size, stat.S_IMODE(status.st_mode), about_you)


def tighten(places: Places) -> list[Path]:
    """Take away the rights of other users to our files and folders; gives those that were open to others.

    There are none where permissions are not those of POSIX.
    """
    if not hasattr(os, "getuid"):
        return []
    found = []
    folders = {places.history.parent, places.state, places.runtime, places.settings.parent}
    for path in (*sorted(folders), *(kept.path for kept in kept_files(places))):
        with suppress(OSError):
            status = path.lstat()
            ours = status.st_uid == os.getuid() and not stat.S_ISLNK(status.st_mode)
            if stat.S_ISDIR(status.st_mode):
                ours = ours and path.name == OWN_FOLDER
            if ours and status.st_mode & _OTHERS:
                path.chmod(stat.S_IMODE(status.st_mode) & ~_OTHERS)
                found.append(path)
    return found
