"""Locks between processes: files that the kernel lets go of however their holder ends."""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from posture.access import make_folder
from posture.errors import PostureError
from posture.file_system import patiently
from posture.language import tr

PATIENCE_S = 60.0
"""How long a change waits for other changes of the same file [design choice]."""
STEP_S = 0.01
TRIES = 100
"""How often a lock file may vanish between being opened and being locked."""
_NOT_HERE = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EINVAL)
"""Some network file systems have no locks: things are then as they were before there was one."""


class LockFile:
    """A lock at a path, held by at most one `LockFile` at a time, in whichever process or thread.

    The file is removed when the lock is released. It never follows a link and never writes through a second name of
    another file, since whoever can write in the folder could put one there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: int | None = None

    def take(self) -> bool:
        """Take the lock; False when somebody else has it. An OSError says that no file can be made there."""
        self.release()
        for _ in range(TRIES):
            file = _open(self.path)
            try:
                if not _lock(file):
                    return False
                # Whoever held it before may have removed the file that was waited for.
                if _is_at(file, self.path):
                    self._file, file = file, -1
                    return True
            finally:
                if file >= 0:
                    os.close(file)
        return False

    @property
    def held(self) -> bool:
        """Whether the lock is ours and lies where others look for it: the file may have been removed."""
        return self._file is not None and _is_at(self._file, self.path)

    def write(self, text: str) -> None:
        """Say in the file who holds the lock."""
        assert self._file is not None
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, text.encode())
        os.ftruncate(self._file, len(text.encode()))

    def release(self) -> None:
        """Let go of the lock. Safe to call twice."""
        if self._file is None:
            return
        file, self._file = self._file, None
        with suppress(OSError):
            if sys.platform == "win32":
                # It removes no file that is open: not ours, nor that of whoever takes the lock between these two.
                os.close(file)
                file = -1
                self.path.unlink()
            elif _is_at(file, self.path):
                self.path.unlink()
        if file >= 0:
            os.close(file)


def is_locked(path: Path) -> bool:
    """Whether somebody holds the lock at a path; asking makes no file and keeps nobody from taking the lock for long.

    An OSError says that nobody can tell.
    """
    try:
        file = patiently(lambda: os.open(path, os.O_RDWR | _CAREFULLY))
    except FileNotFoundError:
        return False
    except OSError as error:
        if error.errno == errno.ELOOP:  # a link is no lock of ours
            return False
        raise
    try:
        return not _lock(file, shared=True)
    finally:
        os.close(file)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let nobody else change a file while the block reads, changes and replaces it.

    The lock lies beside the file, wherever a link to it leads, and is gone afterwards. The folder is made if missing.

    Raises
    ------
    OSError
        Nothing can be written in the folder.
    PostureError
        Another program has been changing the file for a minute.
    """
    real = Path(os.path.realpath(path))
    make_folder(real.parent)
    lock = LockFile(real.with_name(f".{real.name[:40]}.lock"))
    until_s = time.monotonic() + PATIENCE_S
    while not lock.take():
        if time.monotonic() > until_s:
            raise PostureError(
                tr("Another posture is changing {path} and does not end: end it, then try again.", path=path)
            )
        time.sleep(STEP_S)
    try:
        yield
    finally:
        lock.release()


_CAREFULLY = (
    getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


def _open(path: Path) -> int:
    for _ in range(TRIES):
        try:
            # Windows refuses for a moment what is about to be gone.
            file = patiently(lambda: os.open(path, os.O_RDWR | os.O_CREAT | _CAREFULLY, 0o600))
        except OSError as error:
            if error.errno != errno.ELOOP or not path.is_symlink():
                raise
            path.unlink(missing_ok=True)
            continue
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            os.close(file)
            raise OSError(errno.EEXIST, tr("something that is no file has its name"), str(path))
        if status.st_nlink <= 1:
            return file
        os.close(file)
        path.unlink(missing_ok=True)
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))


def _is_at(file: int, path: Path) -> bool:
    try:
        ours, there = os.fstat(file), path.lstat()
    except OSError:
        return False
    return (ours.st_dev, ours.st_ino) == (there.st_dev, there.st_ino)


if sys.platform == "win32":
    _TAKEN = (33, 997)
    """What Windows says of a lock that another has: a violation, or that it would have to be waited for."""

    def _lock(file: int, *, shared: bool = False) -> bool:
        import msvcrt

        import pywintypes
        import win32con
        import win32file

        # A byte far behind the text, which others may read: what is locked there nobody else reads or writes.
        place = pywintypes.OVERLAPPED()
        place.Offset = 1 << 20
        how = win32con.LOCKFILE_FAIL_IMMEDIATELY | (0 if shared else win32con.LOCKFILE_EXCLUSIVE_LOCK)
        try:
            win32file.LockFileEx(msvcrt.get_osfhandle(file), how, 1, 0, place)
        except pywintypes.error as error:
            return error.winerror not in _TAKEN
        return True

else:

    def _lock(file: int, *, shared: bool = False) -> bool:
        import fcntl

        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno in _NOT_HERE
        return True
