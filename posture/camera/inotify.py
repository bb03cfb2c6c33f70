"""Notices that a device file is opened or closed, with Linux's inotify through the C library."""

from __future__ import annotations

import ctypes
import os
import struct
import sys

# linux/inotify.h
IN_CLOSE = 0x8 | 0x10
IN_OPEN = 0x20
EVENT = struct.Struct("iIII")


class OpenWatch:
    """Counts the opens and closes of a device file by any program, this one included.

    Where the path is empty, or the system has no inotify or refuses, it sees nothing and has no descriptor.
    """

    def __init__(self, path: str) -> None:
        self._fd = -1
        if sys.platform != "linux" or not path:
            return
        library = ctypes.CDLL(None, use_errno=True)
        self._fd = library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd >= 0 and library.inotify_add_watch(self._fd, os.fsencode(path), IN_OPEN | IN_CLOSE) < 0:
            self.close()

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
            at = 0
            while at < len(events):
                _, mask, _, name_bytes = EVENT.unpack_from(events, at)
                at += EVENT.size + name_bytes
                opens += bool(mask & IN_OPEN)
                closes += bool(mask & IN_CLOSE)
        return opens, closes

    def close(self) -> None:
        """Stop watching; safe to call twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
