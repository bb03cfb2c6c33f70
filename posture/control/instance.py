"""One process at a time that records a history, and one daemon at a time that listens: locks and who holds them.

The locks beside the history keep two processes from recording one sitting twice, from whatever terminal they were
started: one is the daemon's, the other that of `posture run`, to which a daemon lends the camera. No daemon starts
while `posture run` watches, also not the one that had lent it the camera and was ended. The locks also say where their
holder can be reached: a login over ssh has another runtime folder, or none. The lock in the runtime folder belongs to
whoever listens at the socket there.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from posture.access import make_folder
from posture.errors import PostureError
from posture.file_lock import LockFile, is_locked
from posture.language import tr
from posture.paths import lock_path, run_lock_path, store_lock_in, store_lock_path
from posture.plain_file import read_plain
from posture.settings_text import raw_setting

if TYPE_CHECKING:
    from posture.settings import Settings

ALREADY = "already running"
"""What a second daemon reports to whoever started it."""
DAEMON, RUN = "daemon", "posture run"
"""Who may hold the lock beside a history."""
_TRIES, _STEP_S = 10, 0.02
"""Whoever asks whether a lock is held keeps it for a moment."""
_MOST_BYTES = 4096


class Holder(NamedTuple):
    """Who holds a lock."""

    lock: Path
    pid: int
    who: str = DAEMON
    socket: str = ""
    """Where it can be reached; empty where that is not known."""


class SingleInstance:
    """The locks of one process: one beside the history and, for a daemon, that in the runtime folder.

    Parameters
    ----------
    settings : Settings, optional
        They say where the history is; by default those of the user.
    who : str
        `DAEMON` or `RUN`.
    """

    def __init__(self, settings: Settings | None = None, who: str = DAEMON) -> None:
        self._settings, self._who, self._socket = settings or _settings(), who, ""
        self._held: dict[Path, LockFile] = {}
        self.other: Holder | None = None
        """Who has what could not be taken."""

    def take(self) -> bool:
        """Take the locks; False when another process has one of them. A PostureError says why none can be made."""
        if self._who == DAEMON:
            lock_path()  # raises where there can be no runtime folder
        taken = self.keep(self._settings)
        # Asked with the own lock in hand: of two that start at once, at least one sees the other.
        if taken and self._who == DAEMON and (run := _found(lambda: run_lock_path(self._settings))) is not None:
            self.other, taken = run, False
        if not taken:
            self.release()
        return taken

    def keep(self, settings: Settings, socket: str = "") -> bool:
        """See to it that the locks are ours and lie where others look for them; False when another process has one.

        A lock whose file was removed is made anew, and one follows a history that now lies elsewhere. Where no file can
        be made, such as on a disk that may only be read, nobody records either, and it is tried again the next time.

        Parameters
        ----------
        settings : Settings
            The present ones.
        socket : str
            Where this process can be reached.
        """
        paths = [store_lock_path(settings) if self._who == DAEMON else run_lock_path(settings)]
        with contextlib.suppress(PostureError):
            paths = [lock_path(), *paths] if self._who == DAEMON else paths
        for path in paths:
            lock = self._held.get(path, LockFile(path))
            if lock.held and socket == self._socket:
                continue
            try:
                make_folder(path.parent)
                if not (lock.held or _taken(lock)):
                    self.other = _holder(path) or Holder(path, 0)
                    return False
            except OSError:
                continue
            self._held[path] = lock
            with contextlib.suppress(OSError):  # on a full disk it is held all the same
                lock.write(f"{os.getpid()}\n{self._who}\n{socket}\n")
        self._socket = socket
        for path in [path for path in self._held if path not in paths]:
            self._held.pop(path).release()
        return True

    @property
    def locks(self) -> tuple[Path, ...]:
        """Where the locks lie that are held."""
        return tuple(self._held)

    def release(self) -> None:
        """Release the locks."""
        for lock in self._held.values():
            lock.release()
        self._held.clear()


def _taken(lock: LockFile) -> bool:
    for n in range(_TRIES):
        if n:
            time.sleep(_STEP_S)
        if lock.take():
            return True
    return False


@contextlib.contextmanager
def recording_alone(settings: Settings) -> Iterator[Callable[[], bool]]:
    """Hold the lock of `posture run` for the block; PostureError where another one records there.

    Take it before a daemon is asked for the camera. Yields what makes the lock anew if its file was removed.
    """
    instance = SingleInstance(settings, RUN)
    if not instance.take():
        raise PostureError(in_the_way(instance.other))
    try:
        yield lambda: instance.keep(settings)
    finally:
        instance.release()


def in_the_way(other: Holder | None) -> str:
    """Say that `posture run` records already, and what to do."""
    if other is not None and other.pid:
        return tr(
            "posture run watches in another terminal (process {pid}): end it there, then try again.", pid=other.pid
        )
    return tr("posture run watches in another terminal: end it there, then try again.")


def daemon_holder() -> Holder | None:
    """The daemon that runs, found by either lock; None when there is none, whatever old files contain."""
    for path_of in (lock_path, lambda: store_lock_in(_history_folder())):
        found = _found(path_of)
        if found is not None and found.who == DAEMON:
            return found
    return None


def daemon_pid() -> int | None:
    """The process of the daemon that runs; None when there is none."""
    found = daemon_holder()
    return found.pid if found is not None else None


def _found(path_of: Callable[[], Path]) -> Holder | None:
    with contextlib.suppress(PostureError, OSError):
        return _holder(path_of())
    return None


def _holder(path: Path) -> Holder | None:
    """Who holds the lock at a path; None when nobody does, or the text does not say who."""
    for n in range(_TRIES):
        if n:
            time.sleep(_STEP_S)
        if not is_locked(path):
            return None
        with contextlib.suppress(OSError, UnicodeDecodeError):
            pid, who, socket, *_ = [*read_plain(path).decode()[:_MOST_BYTES].split("\n"), "", "", ""]
            if pid.isascii() and pid.isdecimal() and int(pid) > 1:
                return Holder(path, int(pid), who or DAEMON, socket)
    return None


def _history_folder() -> str:
    """The setting `history.folder`; where the file does not name one, without checking all settings."""
    return "" if raw_setting("history", "folder") is None else _settings().history.folder


def _settings() -> Settings:
    """The settings of the user; the defaults where they cannot be read, since a daemon must be found all the same."""
    from posture.settings import Settings
    from posture.settings_file import load_settings

    try:
        return load_settings()
    except PostureError:
        return Settings()
