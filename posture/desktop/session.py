"""What the session tells: locked, hidden, asleep. Each system has a file that listens to it.

`session_linux` hears logind and screen lockers, `session_windows` the messages of Windows, `session_mac` the
notifications of macOS.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Literal

SessionChange = Literal["locked", "unlocked", "sleeping", "closing", "awake", "hidden", "shown"]
"""Hidden: another user has the screen, and so sits before the camera. Closing: the machine falls asleep because its
lid is closed."""


class SessionWatch:
    """How the session stands; `happened` is called in the daemon's loop, once for each change.

    A system's own watch calls `lock`, `hide` and `sleep` as often as it likes.
    """

    def __init__(self, happened: Callable[[SessionChange], None]) -> None:
        self._happened = happened
        self.locked = False
        self.asleep = False
        self.hidden = False

    def lock(self, locked: bool) -> None:
        """Take that the screen is locked, or no longer."""
        if locked != self.locked:
            self.locked = locked
            self._happened("locked" if locked else "unlocked")

    def hide(self, hidden: bool) -> None:
        """Take that another user has the screen, or no longer."""
        if hidden != self.hidden:
            self.hidden = hidden
            self._happened("hidden" if hidden else "shown")

    def sleep(self, asleep: bool, *, lid_closed: bool = False) -> None:
        """Take that the machine falls asleep, perhaps because its lid is closed, or that it is awake again."""
        if asleep != self.asleep:
            self.asleep = asleep
            self._happened("awake" if not asleep else "closing" if lid_closed else "sleeping")

    def forget(self) -> None:
        """Count the session as unlocked, shown and awake until something else is heard."""
        self.locked = self.asleep = self.hidden = False


class NativeSession(SessionWatch, ABC):
    """The session of a system without buses."""

    @abstractmethod
    async def start(self) -> None:
        """Listen, and take how the session stands now."""

    @abstractmethod
    async def close(self) -> None:
        """Listen no longer; also after a start that has failed."""
