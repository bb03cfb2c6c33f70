"""Whether an open history is still the file that its path names: it may have been removed, replaced or written over.

SQLite goes on writing to a file that was removed, and nothing of that is ever read again. So the file and the two files
that SQLite keeps beside it are compared, by device and inode, with what they were after the last write.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Loss = Literal["", "removed", "replaced", "changed", "log removed"]
"""What has become of the file: nothing, it is gone, another file has its name, its content was changed by others, or
only the files beside it are gone."""


@dataclass(frozen=True)
class Footing:
    """A history file and the files beside it, as they were at a moment; each by device and inode."""

    file: tuple[int, int] | None
    beside: tuple[tuple[int, int] | None, ...]
    """The WAL and its index."""
    content: tuple[int, int]
    """Size of the file, and when it was changed last."""


def footing_of(path: Path) -> Footing:
    """Look at the files."""
    try:
        found = path.stat()
    except OSError:
        return Footing(None, (), (0, 0))
    beside = tuple(_inode(path.with_name(path.name + end)) for end in ("-wal", "-shm"))
    return Footing((found.st_dev, found.st_ino), beside, (found.st_size, found.st_mtime_ns))


def loss(before: Footing, now: Footing) -> Loss:
    """Say what has become of a file since."""
    if now.file is None:
        return "removed"
    if now.file != before.file:
        return "replaced"
    if now.content != before.content:
        return "changed"
    return "log removed" if now.beside != before.beside else ""


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
