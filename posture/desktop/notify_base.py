"""What every way of notifying the user shares; `posture.desktop.notify` chooses one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from posture.errors import PostureError

TIMEOUT_S = 2.0
"""A service that takes longer counts as frozen, and the terminal is used."""


class NotifyError(PostureError):
    """No notification service has taken the message."""


@dataclass(frozen=True)
class Delivery:
    """What became of a message."""

    via: Literal["desktop", "console"]
    """Where it was shown."""
    note: str = ""
    """Why it went to the console, or what the desktop does not tell; empty where there is nothing to add."""


class Notifier(Protocol):
    """Notifies the user."""

    def send(self, title: str, body: str) -> Delivery:
        """Show a message; returns within about 2 s and never fails."""


class NotificationService(Protocol):
    """A notification service of the system."""

    def probe(self) -> str:
        """Give the name of the service that answers; where none does, a NotifyError says what to do."""

    def show(self, title: str, body: str) -> str:
        """Show a message of plain text; returns a note, usually empty.

        A NotifyError says that the service has not taken it.
        """
