"""Notifications of a Linux desktop: org.freedesktop.Notifications on the session bus.

plyer is not used here: where it calls notify-send, it does not learn that nobody answered, waits 75 s for a frozen
service, and loses a title that begins with a dash. A call on the bus reports whether the message was taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from html import escape

from posture.desktop.bus import Bus, BusError
from posture.desktop.launcher import icon_file
from posture.desktop.notify_base import NotifyError
from posture.language import tr
from posture.plain_text import plain, plain_lines

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
NOBODY = ("ServiceUnknown", "NameHasNoOwner", "Spawn.")
"""Beginnings of errors of the bus: the name has no owner, nothing can be started for it, or what was started failed."""


class DBusService:
    """The notification service of the session; a message or a probe may take `timeout_s` in all."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s

    def probe(self) -> str:
        """Give name and version of the service that answers."""

        async def ask(bus: Bus) -> str:
            name, _, version, _ = await bus.call(
                NAME, PATH, NAME, "GetServerInformation", answer="ssss", timeout_s=None
            )
            return f"{name} {version}".strip()

        return self._run(ask)

    def show(self, title: str, body: str) -> str:
        """Show a message; the note is empty, since the service has answered."""

        async def notify(bus: Bus) -> str:
            from dbus_fast import Variant

            (capabilities,) = await bus.call(NAME, PATH, NAME, "GetCapabilities", answer="as", timeout_s=None)
            text = plain_lines(body)
            text = escape(text, quote=False) if "body-markup" in capabilities else text
            hints = {"urgency": Variant("y", 1), "desktop-entry": Variant("s", "posture")}
            # replaces nothing, no buttons, shown for as long as the service likes
            arguments = ["Posture", 0, icon_file().as_uri(), plain(" ".join(title.split())), text, [], hints, -1]
            await bus.call(NAME, PATH, NAME, "Notify", "susssasa{sv}i", *arguments, answer="u", timeout_s=None)
            return ""

        return self._run(notify)

    def _run(self, job: Callable[[Bus], Awaitable[str]]) -> str:
        # In a thread, so that it also works in a program that runs an event loop.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._bounded(job)).result()

    async def _bounded(self, job: Callable[[Bus], Awaitable[str]]) -> str:
        try:
            return await asyncio.wait_for(_with_bus(job), self._timeout_s)
        except TimeoutError as error:
            raise NotifyError(
                tr(
                    "The notification service has not answered within {seconds} s: restart it, or log in again.",
                    seconds=f"{self._timeout_s:g}",
                )
            ) from error
        except BusError as error:
            raise NotifyError(_sentence(error)) from error


async def _with_bus(job: Callable[[Bus], Awaitable[str]]) -> str:
    bus = Bus("session")
    await bus.connect()
    try:
        return await job(bus)
    finally:
        bus.close()


def _sentence(error: BusError) -> str:
    """Say what is wrong and what to do."""
    if not error.name:
        return tr("No notification service answers, for this session has no bus: log in to a desktop.")
    if error.name == "closed":
        return tr("The session bus has closed: log in again.")
    if error.name.removeprefix("org.freedesktop.DBus.Error.").startswith(NOBODY):
        return tr("No notification service answers: install one (on Debian or Ubuntu: sudo apt install dunst).")
    return tr("The notification service has refused the message ({why}): restart it.", why=error.reason.rstrip("."))
