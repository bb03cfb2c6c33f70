"""Whether a program runs, by its name: for `coach.quiet_while`. What is found is kept and told nowhere."""

from __future__ import annotations

import sys
from collections.abc import Collection
from typing import Protocol

from posture.language import tr


class Running(Protocol):
    """What the system tells of programs that run."""

    @property
    def note(self) -> str:
        """Why it tells nothing; empty where it does."""

    def any_of(self, names: Collection[str]) -> bool:
        """Whether a program of one of these names runs; upper and lower case are the same."""


class NotTold:
    """A system of which posture does not know how to ask it."""

    @property
    def note(self) -> str:
        """See `Running.note`."""
        return tr(
            "coach.quiet_while has no effect: posture cannot tell yet which programs run on {system}; "
            "snooze by hand there.",
            system=sys.platform,
        )

    def any_of(self, names: Collection[str]) -> bool:
        """False: it is not known."""
        return False


def running() -> Running:
    """What tells it on this system."""
    found: Running
    if sys.platform == "linux":
        from posture.desktop.running_linux import LinuxRunning

        found = LinuxRunning()
    elif sys.platform == "darwin":
        from posture.desktop.running_mac import MacRunning

        found = MacRunning()
    elif sys.platform == "win32":
        from posture.desktop.running_windows import WindowsRunning

        found = WindowsRunning()
    else:
        found = NotTold()
    return found
