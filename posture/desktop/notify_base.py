"""What every way of notifying the user shares; `posture.desktop.notify` chooses one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from posture.errors import PostureError

__all__ = ["TIMEOUT_S", "Delivery", "NotificationService", "Notifier", "NotifyError"]

TIMEOUT_S = 2.0
"""After this a service counts as frozen, and the terminal is used."""


class NotifyError(PostureError):
    """No notification service took the message."""


@dataclass(frozen=True)
class Delivery:
    """What became of a message.

    Attributes
    ----------
    via : {"desktop", "console"}
        Where it was shown.
    note : str
        Why it went to the console, or what is not known about the desktop; empty if there is nothing to say.
    """

    via: Literal["desktop", "console"]
    note: str = ""


class Notifier(Protocol):
    """Tells the user something."""

    def send(self, title: str, body: str) -> Delivery:
        """Show a message; always comes back within about 2 s, and never fails."""
        ...


class NotificationService(Protocol):
    """A notification service of the system."""

    def probe(self) -> str:
        """Name what answers.

        Raises
        ------
        NotifyError
            Nothing does; the sentence says what to do.
        """
        ...

    def show(self, title: str, body: str) -> str:
        """Show a message, plain text; returns a note on what is not known, usually empty.

        Raises
        ------
        NotifyError
            It was not taken.
        """
        ...
