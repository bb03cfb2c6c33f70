"""Notifying the user on the desktop, or in the terminal where no notification service answers.

This chooses the way that fits the system: `notify_dbus` talks to the notification service of a Linux desktop and learns
whether it answered; `notify_osascript` has macOS's own program do it; `notify_windows` and `notify_plyer` go through
the package plyer.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable

from posture.desktop.notify_base import TIMEOUT_S, Delivery, NotificationService, Notifier, NotifyError
from posture.language import tr
from posture.settings import DesktopSettings


def notification_service() -> NotificationService:
    """Choose the service for this system; it is not connected yet."""
    found: NotificationService
    if sys.platform == "linux" and importlib.util.find_spec("dbus_fast"):
        from posture.desktop.notify_dbus import DBusService

        found = DBusService(TIMEOUT_S)
    elif sys.platform == "darwin":
        from posture.desktop.notify_osascript import OsascriptService

        found = OsascriptService(TIMEOUT_S)
    elif sys.platform == "win32":
        from posture.desktop.notify_windows import WindowsService

        found = WindowsService(TIMEOUT_S)
    else:
        from posture.desktop.notify_plyer import PlyerService

        found = PlyerService(TIMEOUT_S)
    return found


def open_notifier(settings: DesktopSettings, say: Callable[[str], None] | None = None) -> Notifier:
    """Give a notifier; `say` writes one line to the terminal, to standard error when left out."""
    say = say or (lambda line: print(line, file=sys.stderr, flush=True))
    return DesktopOrConsole(notification_service() if settings.notifications else None, say)


class DesktopOrConsole:
    """Uses the service where it answers, otherwise the terminal; each reason for that is printed once.

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
        self._reported: set[str] = set()

    def send(self, title: str, body: str) -> Delivery:
        """Show a message."""
        if self._service is None:
            reason = tr("desktop notifications are switched off (desktop.notifications)")
        else:
            try:
                return Delivery("desktop", self._service.show(title, body))
            except NotifyError as error:
                reason = str(error)
                if reason not in self._reported:
                    self._reported.add(reason)
                    self._say(f"{reason} {tr('Messages are shown here instead.')}")
        self._say(f"{title}: {body}" if body else title)
        return Delivery("console", reason)
