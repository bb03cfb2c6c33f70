"""What every way to start with the session shares; `posture.desktop.autostart` chooses one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Protocol

Run = Callable[..., bool]
"""Runs a command and returns whether it succeeded."""


class Way(Protocol):
    """A way to start with the session."""

    @property
    def words(self) -> str:
        """By what posture starts: "posture starts with the session, by XDG autostart"; marked for translation."""

    def fits(self) -> bool:
        """Whether this way is one for the session that runs now."""

    def exists(self) -> bool:
        """Whether there is an entry."""

    def write(self) -> None:
        """Make the entry, or make it anew; a PostureError says that it cannot be written."""

    def remove(self) -> bool:
        """Take the entry away, and return whether there was one; a PostureError says that it cannot be removed."""

    def note(self) -> str:
        """Say what else has to be done, in this session, for it to start; empty where nothing has."""


def run(*command: str) -> bool:
    """Run a command of the system, and return whether it succeeded."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
