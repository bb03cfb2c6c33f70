"""Removing a file so that its content is gone from the disk too, as far as a program can see to that.

Zeros that are written and not synced before the name goes are never written at all: the kernel drops them with the
file, and the old content stays in the blocks. So it is overwrite, sync, remove, in this order. What a program
cannot reach is in PRIVACY.md: copies that a file system or the flash of a disk makes by itself, and backups.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

from posture.file_system import flush, is_nameless, open_shared, open_to_erase, patiently, remove
from posture.plain_file import open_plain

_PIECE = bytes(1 << 16)


def erase(path: Path) -> None:
    """Overwrite a file and remove it; without it nothing is done. Where it is a link to one, that is done to both.

    Something that is no file, such as a pipe, is removed alone. An OSError says that it cannot be removed; on Windows,
    where that may be because another program has it open, nothing of it was changed.
    """
    with suppress(FileNotFoundError):
        if path.is_symlink():
            with suppress(OSError, RuntimeError):  # one that leads nowhere, or in a circle
                real = path.resolve(strict=True)
                if stat.S_ISREG(real.lstat().st_mode):  # a device that it leads to is not ours
                    erase(real)
        elif stat.S_ISREG((found := path.lstat()).st_mode):
            _overwrite_all(path, found)
        remove(path)
        sync_folder(path.parent)


def _overwrite_all(path: Path, found: os.stat_result) -> None:
    file = open_to_erase(path)
    try:
        opened = os.fstat(file)
        if (opened.st_dev, opened.st_ino) != (found.st_dev, found.st_ino):
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))  # it was exchanged meanwhile
        wipe(file)
    finally:
        os.close(file)


def overwrite(path: Path) -> None:
    """Overwrite all of a file; without it nothing is done. An OSError says that it cannot be."""
    with suppress(FileNotFoundError):
        file = open_plain(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            wipe(file)
        finally:
            os.close(file)


def empty(path: Path) -> None:
    """Overwrite a file and make it empty; another program may have it open. An OSError says that it cannot be."""
    with suppress(FileNotFoundError):
        file = open_plain(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            cut(file, 0)
        finally:
            os.close(file)


def cut(file: int, at: int) -> None:
    """Shorten an open file to `at` bytes; what lies behind is overwritten, and on the disk, before that."""
    wipe(file, at)
    # On Windows a file cannot be shortened while a part of it is mapped into memory, as a scanner does for a moment.
    patiently(lambda: os.ftruncate(file, at))
    flush(file)


def wipe(file: int, at: int = 0) -> None:
    """Overwrite an open file from a byte on, up to its end, and wait until the disk has it; it takes no room."""
    for start, stop in _parts(file, at):
        os.lseek(file, start, os.SEEK_SET)
        left = stop - start
        while left > 0:
            left -= os.write(file, _PIECE[:left])
    flush(file)


if sys.platform == "win32":

    def _parts(file: int, at: int) -> list[tuple[int, int]]:
        """Where an open file has something; all of it, as far as anybody can tell here."""
        size = os.fstat(file).st_size
        return [(at, size)] if at < size else []

else:

    def _parts(file: int, at: int) -> list[tuple[int, int]]:
        """Where an open file has something: what was never written has no place on the disk, and would be given one."""
        size, parts = os.fstat(file).st_size, list[tuple[int, int]]()
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

    On Windows a file that is held so can be deleted, but not replaced: see `posture.atomic_write.put_in_place`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def __enter__(self) -> LastName:
        with suppress(OSError):
            if stat.S_ISREG(self._path.lstat().st_mode):
                self._file = open_shared(self._path)
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is None:
            return
        with suppress(OSError):
            if is_nameless(self._file, self._path) and stat.S_ISREG(os.fstat(self._file).st_mode):
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
