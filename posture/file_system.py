"""What of files differs from system to system, so that nothing else need ask which system it is.

Windows lets nobody move or delete a file that somebody has open, unless they all have allowed it; the programs of its
own that look into every new file (a scanner for viruses, the index for searching) have it open for a moment. So what
moves and deletes here tries for a while, and says then what the system says.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

PATIENCE_S = 2.0
"""How long a file is waited for that another program of Windows has open [design choice]."""
STEP_S = 0.05
_PIECE = bytes(1 << 16)
_Found = TypeVar("_Found")


if sys.platform == "win32":
    _ACCESS_DENIED, _SHARING_VIOLATION, _LOCK_VIOLATION, _DELETE_PENDING = 5, 32, 33, 303
    IN_USE = (_SHARING_VIOLATION, _LOCK_VIOLATION, _DELETE_PENDING)
    _MAY_PASS = (*IN_USE, _ACCESS_DENIED, None)
    """What may be over in a moment. A file that is replaced while it is open is refused as one that may not be written;
    `os.open` and `open` go through C's library, which keeps the number of Windows to itself."""

    def patiently(do: Callable[[], _Found]) -> _Found:
        """Do something with a file; again for a while, if another program has it open. The last OSError is raised."""
        until_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                return do()
            except PermissionError as error:
                if error.winerror not in _MAY_PASS or time.monotonic() > until_s:
                    raise
            time.sleep(STEP_S)

    def in_use(error: OSError) -> bool:
        """Whether an error says that another program has the file open."""
        return error.winerror in IN_USE

    def flush(file: int) -> None:
        """Wait until the disk has what was written to an open file."""
        os.fsync(file)  # which empties the disk's own cache as well

    def read_at(file: int, size: int, at: int) -> bytes:
        """Read up to `size` bytes of an open file from a byte on; where the file stands afterwards is open."""
        os.lseek(file, at, os.SEEK_SET)
        found = bytearray()
        while len(found) < size and (more := os.read(file, min(size - len(found), 1 << 24))):
            found += more
        return bytes(found)

    def write_at(file: int, data: bytes, at: int) -> None:
        """Write all of `data` to an open file from a byte on; where the file stands afterwards is open."""
        os.lseek(file, at, os.SEEK_SET)
        left = memoryview(data)
        while left:
            left = left[os.write(file, left[: 1 << 24]) :]

    def is_nameless(file: int, path: Path) -> bool:
        """Whether an open file has lost its last name, which it had at `path`."""
        ours = os.fstat(file)
        try:
            there = path.lstat()
        except OSError:  # gone, or about to be
            return ours.st_nlink <= 1
        return ours.st_nlink == 0 or (ours.st_nlink == 1 and (ours.st_dev, ours.st_ino) != (there.st_dev, there.st_ino))

    def open_shared(path: Path) -> int:
        """Open a file to read and write it, and let others move and delete it meanwhile, as everywhere but here."""
        import win32con

        every = win32con.FILE_SHARE_READ | win32con.FILE_SHARE_WRITE | win32con.FILE_SHARE_DELETE
        return _create(path, win32con.GENERIC_READ | win32con.GENERIC_WRITE, every)

    def open_to_erase(path: Path) -> int:
        """Open a file to overwrite and delete it; PermissionError where somebody who does not allow it has it open."""
        import win32con

        every = win32con.FILE_SHARE_READ | win32con.FILE_SHARE_WRITE | win32con.FILE_SHARE_DELETE
        access = win32con.GENERIC_READ | win32con.GENERIC_WRITE | win32con.DELETE
        return patiently(lambda: _create(path, access, every))

    def may_move(path: Path) -> bool:
        """Whether a file can be moved now: nobody has it open who does not allow that."""
        import win32con

        every = win32con.FILE_SHARE_READ | win32con.FILE_SHARE_WRITE | win32con.FILE_SHARE_DELETE
        try:
            os.close(_create(path, win32con.GENERIC_READ | win32con.DELETE, every))
        except OSError:
            return False
        return True

    def open_alone(path: Path) -> int:
        """Open a file that nobody else has open, and let nobody open it until it is closed.

        BlockingIOError says that somebody has it open.
        """
        import win32con

        try:
            return patiently(lambda: _create(path, win32con.GENERIC_READ | win32con.GENERIC_WRITE, 0))
        except PermissionError as error:
            if in_use(error):
                raise BlockingIOError(error.errno, error.strerror, str(path)) from None
            raise

    def _create(path: Path, access: int, share: int) -> int:
        import msvcrt

        import pywintypes
        import win32con
        import win32file

        try:
            handle = win32file.CreateFile(str(path), access, share, None, win32con.OPEN_EXISTING, 0, None)
        except pywintypes.error as error:
            raise OSError(0, error.strerror.strip(" .\r\n"), str(path), error.winerror) from None
        return msvcrt.open_osfhandle(int(handle.Detach()), os.O_RDWR | os.O_BINARY | os.O_NOINHERIT)

else:

    def patiently(do: Callable[[], _Found]) -> _Found:
        """Do something with a file; again for a while, if another program has it open. The last OSError is raised."""
        return do()

    def in_use(error: OSError) -> bool:
        """Whether an error says that another program has the file open."""
        return False

    def may_move(path: Path) -> bool:
        """Whether a file can be moved now, though somebody may have it open."""
        return True

    if sys.platform == "darwin":

        def flush(file: int) -> None:
            """Wait until the disk has what was written to an open file."""
            import fcntl

            try:
                fcntl.fcntl(file, fcntl.F_FULLFSYNC)  # fsync leaves it in the disk's own cache
            except OSError:  # a file system without it, such as a network's
                os.fsync(file)
    else:

        def flush(file: int) -> None:
            """Wait until the disk has what was written to an open file."""
            os.fsync(file)

    def read_at(file: int, size: int, at: int) -> bytes:
        """Read up to `size` bytes of an open file from a byte on; where the file stands afterwards is open."""
        return os.pread(file, size, at)

    def write_at(file: int, data: bytes, at: int) -> None:
        """Write all of `data` to an open file from a byte on; where the file stands afterwards is open."""
        left = memoryview(data)
        while left:
            written = os.pwrite(file, left, at)
            left, at = left[written:], at + written

    def is_nameless(file: int, path: Path) -> bool:
        """Whether an open file has lost its last name, which it had at `path`."""
        return os.fstat(file).st_nlink == 0

    def open_shared(path: Path) -> int:
        """Open a file to read and write it, and let others move and delete it meanwhile."""
        return os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)

    def open_to_erase(path: Path) -> int:
        """Open a file to overwrite and delete it."""
        return open_shared(path)


if sys.platform == "linux":

    def make_room(file: int, at: int, size: int) -> None:
        """See to it that an open file has `size` bytes from its end, at `at`, on; an OSError says that it has no room.

        After an error the file is as long as it was.
        """
        os.posix_fallocate(file, at, size)

else:

    def make_room(file: int, at: int, size: int) -> None:
        """See to it that an open file has `size` bytes from its end, at `at`, on; an OSError says that it has no room.

        After an error the file is as long as it was.
        """
        try:
            for start in range(at, at + size, len(_PIECE)):
                write_at(file, _PIECE[: at + size - start], start)
            flush(file)
        except OSError:
            with suppress(OSError):
                os.ftruncate(file, at)
            raise


def move(one: Path, other: Path) -> None:
    """Give a file another name, in place of what has that name; an OSError says that it cannot be, and nothing was."""
    patiently(lambda: one.replace(other))


def remove(path: Path) -> None:
    """Take a name away; an OSError says that it cannot be."""
    patiently(path.unlink)
