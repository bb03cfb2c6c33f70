"""A connection to a D-Bus of Linux, by dbus-fast: calls with a time limit, and signals.

dbus-fast is pure asyncio, 2.5 MB installed, and brings no library of the system with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from posture.errors import PostureError

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

TIMEOUT_S = 2.0
DBUS, DBUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"


class BusError(PostureError):
    """A call was not answered, or was refused.

    Parameters
    ----------
    name : str
        Of the error on the bus; "timeout" or "closed" where there was no answer, empty where there is no bus.
    reason : str
        What the other side says.
    """

    def __init__(self, message: str, name: str = "", reason: str = "") -> None:
        super().__init__(message)
        self.name, self.reason = name, reason


def session_address() -> str | None:
    """Give the address of the session bus where the environment lacks it; None leaves it to the environment."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if "DBUS_SESSION_BUS_ADDRESS" in os.environ or not runtime or not Path(runtime, "bus").exists():
        return None
    return f"unix:path={Path(runtime, 'bus')}"


class Bus:
    """A bus; `connect` connects it.

    Parameters
    ----------
    which : {"session", "system"}
    """

    def __init__(self, which: Literal["session", "system"]) -> None:
        self.which = which
        self._bus: MessageBus | None = None
        self._handlers: list[Callable[[Message], None]] = []

    @property
    def raw(self) -> MessageBus:
        """The connection itself, for exporting objects."""
        if self._bus is None:
            raise BusError(f"The {self.which} bus is not connected: log in to a desktop.")
        return self._bus

    async def connect(self) -> None:
        """Connect; BusError where there is no such bus."""
        try:
            from dbus_fast import BusType
            from dbus_fast.aio import MessageBus

            kind = BusType.SESSION if self.which == "session" else BusType.SYSTEM
            address = session_address() if self.which == "session" else None
            self._bus = await asyncio.wait_for(MessageBus(bus_address=address, bus_type=kind).connect(), TIMEOUT_S)
        except Exception as error:  # the bus is missing, closed or foreign, or dbus-fast is not installed
            raise BusError(f"There is no {self.which} bus ({str(error) or type(error).__name__}).") from error

    async def lost(self) -> None:
        """Return when the connection has ended."""
        with contextlib.suppress(Exception):  # why it ended does not matter
            await self.raw.wait_for_disconnect()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Disconnect; safe to call twice."""
        if self._bus is not None:
            self._bus.disconnect()
            self._bus = None

    async def call(
        self,
        service: str,
        path: str,
        interface: str,
        member: str,
        signature: str = "",
        *body: object,
        timeout_s: float | None = TIMEOUT_S,
    ) -> list[Any]:
        """Call a method and give its answer.

        A BusError says that there was none within `timeout_s` (None: no limit), or that it is an error.
        """
        from dbus_fast import Message, MessageType

        message = Message(
            destination=service, path=path, interface=interface, member=member, signature=signature, body=list(body)
        )
        try:
            reply = await asyncio.wait_for(self.raw.call(message), timeout_s)
        except TimeoutError:
            raise BusError(f"{service} has not answered within {timeout_s} s.", "timeout") from None
        except BusError:
            raise
        except Exception as error:  # the connection has ended
            raise BusError(f"The {self.which} bus has closed ({error}).", "closed") from error
        if reply is None:
            raise BusError(f"The {self.which} bus has closed.", "closed")
        if reply.message_type is MessageType.ERROR:
            reason = str(reply.body[0]) if reply.body else str(reply.error_name)
            raise BusError(f"{service} has refused {member} ({reason}).", str(reply.error_name), reason)
        return list(reply.body)

    async def get(self, service: str, path: str, interface: str, name: str) -> Any:
        """Read a property; see `call`."""
        (value,) = await self.call(service, path, "org.freedesktop.DBus.Properties", "Get", "ss", interface, name)
        return value.value

    async def has_owner(self, service: str) -> bool:
        """Whether a name is owned now."""
        try:
            (owned,) = await self.call(DBUS, DBUS_PATH, DBUS, "NameHasOwner", "s", service)
        except BusError:
            return False
        return bool(owned)

    async def listen(self, rule: str, handler: Callable[[Message], None]) -> None:
        """Pass every signal that fits a match rule to `handler`, once.

        `handler` sees all messages of this connection: it must check interface and member itself.
        """
        if handler not in self._handlers:
            self._handlers.append(handler)
            self.raw.add_message_handler(handler)
        await self.call(DBUS, DBUS_PATH, DBUS, "AddMatch", "s", rule)

    async def watch_owner(self, service: str, changed: Callable[[bool], None]) -> None:
        """Call `changed`, with whether the name is owned, whenever its owner changes."""

        def handler(message: Message) -> None:
            if message.member == "NameOwnerChanged" and message.sender == DBUS and message.body[0] == service:
                changed(bool(message.body[2]))

        rule = f"type='signal',sender='{DBUS}',member='NameOwnerChanged',arg0='{service}'"
        await self.listen(rule, handler)
