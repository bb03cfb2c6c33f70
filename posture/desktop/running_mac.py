"""Which programs run on macOS, by libproc: the names of their files, and of the .app they lie in."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from posture.desktop.mac_frameworks import call

LONGEST_PATH = 4096  # PROC_PIDPATHINFO_MAXSIZE
MORE_PROCESSES = 64
"""Room for those that are started between counting them and listing them [design choice]."""


class MacRunning:
    """See `posture.desktop.running.Running`."""

    note = ""

    def any_of(self, names: Collection[str]) -> bool:
        """See `posture.desktop.running.Running.any_of`; "zoom.us" and "zoom.us.app" are the same."""
        wanted = {name.lower().removesuffix(".app") for name in names}
        try:
            return any(wanted & names_of(path) for path in _paths())
        except Exception:  # of any kind of system
            return False


def names_of(path: str) -> set[str]:
    """Give the names by which the program with this file is known, in lower case."""
    parts = PurePosixPath(path.lower()).parts
    return {part.removesuffix(".app") for part in parts if part.endswith(".app")} | set(parts[-1:])


def _paths() -> Iterator[str]:
    """Give the files of the programs that run; those of other users may not be told."""
    room = max(call("proc_listallpids", None, 0), 0) + MORE_PROCESSES
    processes = (ctypes.c_int32 * room)()
    count = call("proc_listallpids", processes, ctypes.sizeof(processes))
    path = ctypes.create_string_buffer(LONGEST_PATH)
    for process in processes[: max(0, min(count, room))]:
        if call("proc_pidpath", process, path, LONGEST_PATH) > 0:
            yield os.fsdecode(path.value)
