"""Whether a program runs, by its name: for `coach.quiet_while`. What is found is kept and told nowhere."""

from __future__ import annotations

import contextlib
import platform
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from posture.language import tr

PROC = Path("/proc")
COMM_CHARACTERS = 15
"""The kernel cuts the name of a process to this length."""


class Running(Protocol):
    """What the system tells of programs that run."""

    @property
    def note(self) -> str:
        """Why it tells nothing; empty where it does."""

    def any_of(self, names: Collection[str]) -> bool:
        """Whether a program of one of these names runs; upper and lower case are the same."""


class LinuxRunning:
    """By /proc: the name of a process, which is often that of its program, and the name of the program's file."""

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


class NotTold:
    """A system of which posture does not know how to ask it."""

    @property
    def note(self) -> str:
        """See `Running.note`."""
        return tr(
            "coach.quiet_while has no effect: posture cannot tell yet which programs run on {system}; "
            "snooze by hand there.",
            system=platform.system(),
        )

    def any_of(self, names: Collection[str]) -> bool:
        """False: it is not known."""
        return False


def running() -> Running:
    """What tells it on this system."""
    return LinuxRunning() if sys.platform == "linux" else NotTold()
