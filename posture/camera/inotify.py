"""Notices that a device file is opened or closed, with Linux's inotify through the C library.

In its box a process may watch nothing any more, since that would tell which files the user opens. So `watch_cameras`
makes the watches of the cameras that there are before, and they are used from then on.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

# linux/inotify.h
IN_CLOSE = 0x8 | 0x10
IN_OPEN = 0x20
EVENT = struct.Struct("iIII")


_made: dict[str, int] = {}
"""Descriptors of watches made before the box, by the device file."""


def watch_cameras() -> None:
    """Watch the device files of all cameras that there are, for `OpenWatch` to use later."""
    for path in map(str, Path("/dev").glob("video*")):
        if path not in _made and (descriptor := _watched(path)) >= 0:
            _made[path] = descriptor


def _watched(path: str) -> int:
    """Watch a device file; -1 where the system has no inotify, or refuses."""
    found = -1
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        found = library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if found >= 0 and library.inotify_add_watch(found, os.fsencode(path), IN_OPEN | IN_CLOSE) < 0:
            os.close(found)
            found = -1
    return found


def events_in(found: bytes) -> Iterator[tuple[int, int, str]]:
    """Give the events of what was read: of which watch, what happened, and the name in a watched folder."""
    at = 0
    while at < len(found):
        watch, mask, _, length = EVENT.unpack_from(found, at)
        at += EVENT.size + length
        yield watch, mask, os.fsdecode(found[at - length : at].rstrip(b"\0"))


class OpenWatch:
    """Counts the opens and closes of a device file by any program, this one included.

    Where the path is empty, or the system has no inotify or refuses, it sees nothing and has no descriptor.
    """

    def __init__(self, path: str) -> None:
        self._fd = -1
        if path:
            self._fd = _made[path] if path in _made else _watched(path)

    def fileno(self) -> int:
        """Return the descriptor that `select` waits on, -1 where nothing is watched."""
        return self._fd

    def read(self) -> tuple[int, int]:
        """Count the opens and closes since the last call; does not wait."""
        opens = closes = 0
        while self._fd >= 0:
            try:
                events = os.read(self._fd, 4096)
            except BlockingIOError:
                break
            for _, mask, _ in events_in(events):
                opens += bool(mask & IN_OPEN)
                closes += bool(mask & IN_CLOSE)
        return opens, closes

    def close(self) -> None:
        """Stop watching; safe to call twice."""
        if self._fd >= 0 and self._fd not in _made.values():
            os.close(self._fd)
        self._fd = -1
