"""Hears that a file was written, replaced or removed: by inotify on Linux; elsewhere nothing is heard."""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from posture.camera.inotify import events_in

# linux/inotify.h
ATTRIB, CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE = 0x4, 0x8, 0x40, 0x80, 0x100, 0x200
DELETE_SELF, MOVE_SELF, IGNORED, ONLY_FOLDERS, AND_BEFORE = 0x400, 0x800, 0x8000, 1 << 24, 1 << 29
WRITTEN, GONE = CLOSE_WRITE | MOVED_FROM | MOVED_TO | CREATE | DELETE, DELETE_SELF | MOVE_SELF


class FileNews:
    """Calls `changed`, in the loop that runs, when one of the files may be another one by now.

    What happens on another machine, to a folder far above, or by a mount is not heard: look again now and then.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._library: Any = None
        self._fd = -1
        self._names: dict[int, set[str]] = defaultdict(set)
        """By the watch of a folder, the names in it that matter."""

    def start(self) -> None:
        """Listen; where the system has no inotify, or refuses, nothing is heard."""
        if sys.platform == "linux":
            self._library = ctypes.CDLL(None, use_errno=True)
            self._fd = self._library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            if self._fd >= 0:
                asyncio.get_running_loop().add_reader(self._fd, self._read)

    def watch(self, changing: Iterable[Path] = (), held: Iterable[Path] = ()) -> bool:
        """Hear of these files; again after each news, since there may be another file at the same place.

        Parameters
        ----------
        changing : iterable of Path
            They may be written, made and replaced.
        held : iterable of Path
            They are there: it matters that they are removed or moved away, and nothing else.

        Returns
        -------
        bool
            Whether all of them are heard of.
        """
        if self._fd < 0:
            return False
        found = []
        for path in changing:
            for at in {_known_part(path), _known_part(Path(os.path.realpath(path)))}:
                folder = self._add(at.parent, WRITTEN | GONE | ONLY_FOLDERS)
                self._names[folder].add(at.name)
                found.append(folder)
        for path in held:
            found += [self._add(path, ATTRIB | GONE), self._add(path.parent, GONE | ONLY_FOLDERS)]
        return all(watch >= 0 for watch in found)

    def _add(self, path: Path, mask: int) -> int:
        return int(self._library.inotify_add_watch(self._fd, os.fsencode(path), mask | AND_BEFORE))

    def _read(self) -> None:
        matters = False
        for watch, mask, name in self._events():
            matters = matters or not name or name in self._names[watch]
            if mask & IGNORED:
                self._names.pop(watch, None)
        if matters:
            self._changed()

    def _events(self) -> Iterator[tuple[int, int, str]]:
        while True:
            try:
                found = os.read(self._fd, 1 << 14)
            except OSError:
                return
            yield from events_in(found)

    def close(self) -> None:
        """Listen no longer; safe to call twice."""
        if self._fd >= 0:
            asyncio.get_running_loop().remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1


def _known_part(path: Path) -> Path:
    """The path, or the first part of it that is missing."""
    while not path.parent.exists():
        path = path.parent
    return path
