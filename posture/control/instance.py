"""One daemon at a time: a lock that the kernel releases however the daemon ends."""

from __future__ import annotations

import os
import sys

from posture.paths import lock_path

ALREADY = "already running"
"""What a second daemon reports to whoever started it."""


class SingleInstance:
    """The lock of the one daemon."""

    def __init__(self) -> None:
        self._file: int | None = None

    def take(self) -> bool:
        """Take the lock; False when another process has it."""
        path = lock_path()
        file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        if not _lock(file):
            os.close(file)
            return False
        os.truncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        self._file = file
        return True

    def release(self) -> None:
        """Release the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte far behind the text, which others may read.
            os.lseek(file, 1 << 20, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def daemon_pid() -> int | None:
    """The process that has the lock; None when nobody has it, whatever an old file contains."""
    probe = SingleInstance()
    try:
        text = lock_path().read_text(encoding="ascii")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    if probe.take():
        probe.release()
        return None
    return int(text) if text.isdecimal() else None
