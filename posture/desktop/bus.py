"""A connection to a D-Bus of Linux, by dbus-fast: calls with a time limit, and signals.

dbus-fast is pure asyncio, 2.5 MB installed, and brings no library of the system with it.

Any program of the user may send a signal to any other, and say in it what it likes; only who sent it cannot be made up.
So a signal is believed from the program alone that owns the name of the service at that time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from posture.errors import PostureError
from posture.language import mark, tr

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

TIMEOUT_S = 2.0
DBUS, DBUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
MOST_VALUES, MOST_CHARACTERS, MOST_DEPTH = 5_000, 100_000, 12
"""What comes back may have so many values, in so many lists within lists, and so much text in all [design choice]."""
REASON_CHARACTERS = 200


class _Texts(NamedTuple):
    not_connected: str
    missing: str
    closed_why: str
    closed: str


_TEXTS = {
    # Translators: the bus is D-Bus, by which the programs of a desktop, or of the system, talk to each other.
    "session": _Texts(
        mark("The session bus is not connected: log in to a desktop."),
        mark("There is no session bus ({why})."),
        mark("The session bus has closed ({why})."),
        mark("The session bus has closed."),
    ),
    "system": _Texts(
        mark("The system bus is not connected: log in to a desktop."),
        mark("There is no system bus ({why})."),
        mark("The system bus has closed ({why})."),
        mark("The system bus has closed."),
    ),
}
"""What a `BusError` says of each bus."""


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


def of_size(body: Sequence[object]) -> bool:
    """Whether what another program has sent is no larger than anything that is asked for here."""
    values = characters = 0
    level: list[object] = list(body)
    for _ in range(MOST_DEPTH):
        values += len(level)
        if values > MOST_VALUES:
            return False
        deeper: list[object] = []
        for value in level:
            found = getattr(value, "value", value)  # of a Variant
            if isinstance(found, str | bytes):
                characters += len(found)
            elif isinstance(found, Mapping):
                deeper += [*found.keys(), *found.values()]
            elif isinstance(found, list | tuple):
                deeper += found
            elif found is not value:
                deeper.append(found)
        if characters > MOST_CHARACTERS:
            return False
        if not deeper:
            return True
        level = deeper
    return False


def _plain(text: object) -> str:
    """A reason as another program words it, on one line of no great length."""
    shown = "".join(part if part.isprintable() else " " for part in str(text)[: 2 * REASON_CHARACTERS])
    return " ".join(shown.split())[:REASON_CHARACTERS]


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
        self._handlers: dict[tuple[object, ...], Callable[[Message], None]] = {}
        self._owners: dict[str, str] = {}

    @property
    def raw(self) -> MessageBus:
        """The connection itself, for exporting objects."""
        if self._bus is None:
            raise BusError(tr(_TEXTS[self.which].not_connected))
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
            raise BusError(tr(_TEXTS[self.which].missing, why=str(error) or type(error).__name__)) from error

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
        answer: str | None = None,
        timeout_s: float | None = TIMEOUT_S,
    ) -> list[Any]:
        """Call a method and give its answer.

        A BusError says that there was none within `timeout_s` (None: no limit), that it is an error, or no answer of
        the signature `answer` (None: any) and of a sensible size.
        """
        from dbus_fast import Message, MessageType

        message = Message(
            destination=service, path=path, interface=interface, member=member, signature=signature, body=list(body)
        )
        try:
            reply = await asyncio.wait_for(self.raw.call(message), timeout_s)
        except TimeoutError:
            raise BusError(
                tr("{service} has not answered within {seconds} s.", service=service, seconds=timeout_s), "timeout"
            ) from None
        except BusError:
            raise
        except Exception as error:  # the connection has ended
            raise BusError(tr(_TEXTS[self.which].closed_why, why=error), "closed") from error
        if reply is None:
            raise BusError(tr(_TEXTS[self.which].closed), "closed")
        if reply.message_type is MessageType.ERROR:
            reason = _plain(reply.body[0] if reply.body else reply.error_name)
            # Translators: {member} is what was asked of the program {service}.
            raise BusError(
                tr("{service} has refused {member} ({why}).", service=service, member=member, why=reason),
                _plain(reply.error_name),
                reason,
            )
        if (answer is not None and reply.signature != answer) or not of_size(reply.body):
            raise BusError(
                tr("{service} has answered {member} with something else.", service=service, member=member), "answer"
            )
        return list(reply.body)

    async def get(self, service: str, path: str, interface: str, name: str) -> Any:
        """Read a property; see `call`."""
        properties = "org.freedesktop.DBus.Properties"
        (value,) = await self.call(service, path, properties, "Get", "ss", interface, name, answer="v")
        return value.value

    async def has_owner(self, service: str) -> bool:
        """Whether a name is owned now."""
        return bool(await self.owner(service))

    async def owner(self, service: str) -> str:
        """Ask for the program that owns a name now, by the name that only it ever has; empty where none does."""
        try:
            (owner,) = await self.call(DBUS, DBUS_PATH, DBUS, "GetNameOwner", "s", service, answer="s")
        except BusError:
            return ""
        return str(owner)

    async def listen(
        self, service: str, heard: Callable[[Message], None], *, interface: str = "", member: str = "", path: str = ""
    ) -> None:
        """Pass on every signal that the owner of the name `service` sends; calling it again changes nothing.

        Interface, member and path, where they are given, are asked of the bus only: `heard` checks them itself.
        """
        if service not in self._owners:
            self._owners[service] = ""
            await self.watch_owner(service, lambda there: None)
            found = await self.owner(service)
            self._owners[service] = self._owners[service] or found  # what was heard meanwhile is newer

        def handler(message: Message) -> None:
            if message.sender and message.sender == self._owners.get(service) and of_size(message.body):
                heard(message)

        parts = {"sender": service, "interface": interface, "member": member, "path": path}
        rule = ",".join(["type='signal'", *(f"{key}='{value}'" for key, value in parts.items() if value)])
        await self._match(rule, (service, heard), _signals_to(handler))

    async def watch_owner(self, service: str, changed: Callable[[bool], None]) -> None:
        """Call `changed`, with whether the name is owned, whenever its owner changes."""

        def handler(message: Message) -> None:
            if message.member == "NameOwnerChanged" and message.sender == DBUS and message.body[0] == service:
                if service in self._owners:
                    self._owners[service] = str(message.body[2])
                changed(bool(message.body[2]))

        rule = f"type='signal',sender='{DBUS}',member='NameOwnerChanged',arg0='{service}'"
        await self._match(rule, ("owner", service, changed), _signals_to(handler))

    async def _match(self, rule: str, name: tuple[object, ...], handler: Callable[[Message], None]) -> None:
        # A handler sees all messages of this connection, those too that only another rule has let in.
        if name not in self._handlers:
            self._handlers[name] = handler
            self.raw.add_message_handler(handler)
        await self.call(DBUS, DBUS_PATH, DBUS, "AddMatch", "s", rule)


def _signals_to(handler: Callable[[Message], None]) -> Callable[[Message], None]:
    """A handler that leaves calls to whoever exports what is called."""

    def of_a_signal(message: Message) -> None:
        from dbus_fast import MessageType

        if message.message_type is MessageType.SIGNAL:
            handler(message)

    return of_a_signal
