"""Whether a program runs on Linux, by its name."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from pathlib import Path

PROC = Path("/proc")
COMM_CHARACTERS = 15
"""The kernel cuts the name of a process to this length."""


class LinuxRunning:
    """By /proc: the name of a process, which is often that of its program, and the name of the program's file.

    See `posture.desktop.running.Running`.
    """

    note = ""

    def __init__(self, proc: Path = PROC) -> None:
        self._proc = proc

    def any_of(self, names: Collection[str]) -> bool:
        """See `Running.any_of`."""
        wanted = {name.lower() for name in names}
        cut = {name[:COMM_CHARACTERS] for name in wanted}
        for process in self._proc.glob("[0-9]*"):
            with contextlib.suppress(OSError):  # it has ended
                if (process / "comm").read_text(errors="replace").rstrip("\n").lower() in cut:
                    return True
            with contextlib.suppress(OSError):  # another user's
                if (process / "exe").readlink().name.lower() in wanted:
                    return True
        return False
