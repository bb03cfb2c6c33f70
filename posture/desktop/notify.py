"""Telling the user on the desktop, or in the terminal where no notification service answers. One name for all systems.

Each way lies in a file of its own: `notify_dbus` speaks to the notification service of a Linux desktop and knows
whether it answered; `notify_plyer` is for every other system, through the package plyer.
"""

from __future__ import annotations

import importlib.util
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from posture.errors import PostureError
from posture.settings import DesktopSettings

__all__ = ["Delivery", "NotificationService", "Notifier", "NotifyError", "notification_service", "open_notifier"]

# After this a service counts as frozen, and the terminal is used.
TIMEOUT_S = 2.0


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


def notification_service() -> NotificationService:
    """Choose the way to this desktop; nothing is connected yet."""
    if platform.system() == "Linux" and importlib.util.find_spec("dbus_fast"):
        from posture.desktop.notify_dbus import DBusService

        return DBusService(TIMEOUT_S)
    from posture.desktop.notify_plyer import PlyerService

    return PlyerService(TIMEOUT_S)


def open_notifier(settings: DesktopSettings, say: Callable[[str], None] | None = None) -> Notifier:
    """Give what tells the user.

    Parameters
    ----------
    settings : DesktopSettings
        Whether desktop notifications are wanted.
    say : callable, optional
        Writes one line to the terminal; standard error when left out.
    """
    return DesktopOrConsole(notification_service() if settings.notifications else None, say or _to_terminal)


class DesktopOrConsole:
    """The service where it answers, otherwise the terminal; why is said once for each reason.

    Parameters
    ----------
    service : NotificationService or None
        None where the user wants no desktop notifications.
    say : callable
        Writes one line to the terminal.
    """

    def __init__(self, service: NotificationService | None, say: Callable[[str], None]) -> None:
        self._service = service
        self._say = say
        self._said: set[str] = set()

    def send(self, title: str, body: str) -> Delivery:
        """Show a message."""
        if self._service is None:
            reason = "desktop notifications are switched off (desktop.notifications)"
        else:
            try:
                return Delivery("desktop", self._service.show(title, body))
            except NotifyError as error:
                reason = str(error)
                if reason not in self._said:
                    self._said.add(reason)
                    self._say(f"{reason} Messages are shown here instead.")
        self._say(f"{title}: {body}" if body else title)
        return Delivery("console", reason)


def _to_terminal(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
