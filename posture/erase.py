"""Removing a file so that its content is gone from the disk too, as far as a program can see to that.

Zeros that are written and not synced before the name goes are never written at all: the kernel drops them with the
file, and the old content stays in the blocks. So it is overwrite, sync, remove, in this order. What a program
cannot reach is in PRIVACY.md: copies that a file system or the flash of a disk makes by itself, and backups.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from posture.plain_file import open_plain

_PIECE = bytes(1 << 16)


def erase(path: Path) -> None:
    """Overwrite a file and remove it; without it nothing is done. Where it is a link to one, that is done to both.

    Something that is no file, such as a pipe, is removed alone. An OSError says that it cannot be removed.
    """
    with suppress(FileNotFoundError):
        if path.is_symlink():
            with suppress(OSError, RuntimeError):  # one that leads nowhere, or in a circle
                real = path.resolve(strict=True)
                if stat.S_ISREG(real.lstat().st_mode):  # a device that it leads to is not ours
                    erase(real)
        elif stat.S_ISREG(path.lstat().st_mode):
            overwrite(path)
        path.unlink()
        sync_folder(path.parent)


def overwrite(path: Path) -> None:
    """Overwrite all of a file; without it nothing is done. An OSError says that it cannot be."""
    with suppress(FileNotFoundError):
        file = open_plain(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            wipe(file)
        finally:
            os.close(file)


def cut(file: int, at: int) -> None:
    """Shorten an open file to `at` bytes; what lies behind is overwritten, and on the disk, before that."""
    wipe(file, at)
    os.ftruncate(file, at)
    os.fsync(file)


def wipe(file: int, at: int = 0) -> None:
    """Overwrite an open file from a byte on, up to its end, and wait until the disk has it; it takes no room."""
    for start, stop in _parts(file, at):
        os.lseek(file, start, os.SEEK_SET)
        left = stop - start
        while left > 0:
            left -= os.write(file, _PIECE[:left])
    os.fsync(file)


def _parts(file: int, at: int) -> list[tuple[int, int]]:
    """Where an open file has something: what was never written has no place on the disk, and would be given one."""
    size, parts = os.fstat(file).st_size, list[tuple[int, int]]()
    if not hasattr(os, "SEEK_DATA"):
        return [(at, size)] if at < size else []
    while at < size:
        try:
            start = os.lseek(file, at, os.SEEK_DATA)
            at = os.lseek(file, start, os.SEEK_HOLE)
        except OSError as error:
            if error.errno == errno.ENXIO:  # nothing more
                break
            return [*parts, (at, size)]  # this file system cannot tell
        parts.append((start, at))
    return parts


class LastName:
    """Holds a file open while its name may be removed by others, and overwrites it if it was the last name.

    ``with LastName(path): ...`` is for a file that is replaced or deleted within the block. One that has another name,
    such as in a backup made of hard links, is left alone. Nothing is raised: what happens in the block counts.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def __enter__(self) -> LastName:
        flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
        if os.name == "posix":  # elsewhere an open file can be neither removed nor replaced
            with suppress(OSError):
                self._file = os.open(self._path, flags)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is None:
            return
        with suppress(OSError):
            status = os.fstat(self._file)
            if status.st_nlink == 0 and stat.S_ISREG(status.st_mode):
                wipe(self._file)
        with suppress(OSError):
            os.close(self._file)


def sync_folder(folder: Path) -> None:
    """Make a new or a removed name itself survive a power cut, on systems where a folder can be opened."""
    if os.name == "posix":
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
