"""Notifications of a Linux desktop: org.freedesktop.Notifications on the session bus, by dbus-fast.

plyer is not used here: where it calls notify-send, it does not learn that nobody answered, waits 75 s for a frozen
service, and loses a title that begins with a dash. The call to the bus says whether the message was taken.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from posture.desktop.notify_base import NotifyError

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus

__all__ = ["DBusService"]

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
# Nobody owns the name, nothing can be started for it, or what was started failed.
NOBODY = ("org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner")
NO_BUS = "No notification service answers, for this session has no bus: log in to a desktop."
NO_SERVICE = "No notification service answers: install one (on Debian or Ubuntu: sudo apt install dunst)."

T = TypeVar("T")


class DBusService:
    """The notification service of the session.

    Parameters
    ----------
    timeout_s : float
        How long to wait for an answer, in all.
    """

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s

    def probe(self) -> str:
        """Name and version of the service that answers."""

        async def ask(bus: MessageBus) -> str:
            name, _vendor, version, _specification = await _call(bus, "GetServerInformation")
            return f"{name} {version}".strip()

        return self._run(ask)

    def show(self, title: str, body: str) -> str:
        """Show a message; there is no note, since the service has answered."""

        async def tell(bus: MessageBus) -> str:
            from dbus_fast import Variant

            (capabilities,) = await _call(bus, "GetCapabilities")
            text = escape(body, quote=False) if "body-markup" in capabilities else body
            hints = {"urgency": Variant("y", 1), "desktop-entry": Variant("s", "posture")}
            # replaces nothing, no icon, no buttons, shown for as long as the service likes
            arguments = ["Posture", 0, "", " ".join(title.split()), text, [], hints, -1]
            await _call(bus, "Notify", "susssasa{sv}i", arguments)
            return ""

        return self._run(tell)

    def _run(self, job: Callable[[MessageBus], Awaitable[T]]) -> T:
        # In a thread, so that it works in a program that has an event loop of its own, too.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, self._bounded(job)).result()

    async def _bounded(self, job: Callable[[MessageBus], Awaitable[T]]) -> T:
        try:
            return await asyncio.wait_for(_with_bus(job), self._timeout_s)
        except NotifyError:
            raise
        except TimeoutError as error:
            raise NotifyError(
                f"The notification service has not answered within {self._timeout_s:g} s: restart it, or log in again."
            ) from error
        except Exception as error:  # whatever is wrong with a bus, the message still goes to the terminal
            raise NotifyError(
                "No notification service answers, for this session has no bus: log in to a desktop."
            ) from error


async def _with_bus(job: Callable[[MessageBus], Awaitable[T]]) -> T:
    from dbus_fast.aio import MessageBus

    bus = await MessageBus(bus_address=_address()).connect()
    try:
        return await job(bus)
    finally:
        bus.disconnect()


def _address() -> str | None:
    """Where the session bus is, when the environment does not say; None leaves it to the environment."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if "DBUS_SESSION_BUS_ADDRESS" in os.environ or not runtime or not Path(runtime, "bus").exists():
        return None
    return f"unix:path={Path(runtime, 'bus')}"


async def _call(bus: MessageBus, member: str, signature: str = "", body: list[Any] | None = None) -> list[Any]:
    from dbus_fast import Message, MessageType

    message = Message(destination=NAME, path=PATH, interface=NAME, member=member, signature=signature, body=body or [])
    reply = await bus.call(message)
    if reply is None:
        raise NotifyError("The session bus has closed: log in again.")
    if reply.message_type is MessageType.ERROR:
        if reply.error_name in NOBODY or str(reply.error_name).startswith("org.freedesktop.DBus.Error.Spawn"):
            raise NotifyError(
                "No notification service answers: install one (on Debian or Ubuntu: sudo apt install dunst)."
            )
        reason = str(reply.body[0]).rstrip(".") if reply.body else reply.error_name
        raise NotifyError(f"The notification service has refused the message ({reason}): restart it.")
    return list(reply.body)
