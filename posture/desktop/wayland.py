"""A connection to a Wayland compositor: the few messages of its wire that posture needs, over the session's socket.

A message is the number of an object, its own number and length in one word, and its arguments in words of four bytes
(the Wayland book, "Wire protocol"). Of what a compositor says nothing is believed but its form: what is not of that
form, or more than there can be, ends the connection. Nothing here waits for a compositor that does not read.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

TIMEOUT_S = 2.0
DISPLAY, FIRST_OF_OURS, FIRST_OF_THE_COMPOSITOR = 1, 2, 0xFF000000
MOST_MESSAGE_BYTES, MOST_GLOBALS, MOST_OBJECTS, MOST_UNREAD_BYTES = 4096, 500, 1000, 65_536
"""The first is the longest message of libwayland's; the others are more than a real session needs [design choice]."""
SYNC, GET_REGISTRY, BIND = 0, 1, 0
"""Requests of wl_display and wl_registry."""

Heard = Callable[[int, bytes], None]
"""Takes the number of an event, and its arguments."""


class WaylandError(Exception):
    """There is no such session, or no more; or what the compositor says cannot be."""


def socket_path() -> str:
    """Where the compositor listens; empty outside of a Wayland session."""
    name, runtime = os.environ.get("WAYLAND_DISPLAY", ""), os.environ.get("XDG_RUNTIME_DIR", "")
    if name.startswith("/"):
        return name
    return str(Path(runtime, name)) if name and runtime else ""


def string(value: str) -> bytes:
    """A text as an argument."""
    return array(value.encode() + b"\0")


def array(value: bytes) -> bytes:
    """Bytes as an argument."""
    return struct.pack("=I", len(value)) + value + bytes(-len(value) % 4)


def words(body: bytes, count: int) -> tuple[int, ...]:
    """The first arguments, each a number; a WaylandError where there are not so many."""
    try:
        return struct.unpack_from(f"={count}I", body)
    except struct.error:
        raise WaylandError("an event is too short") from None


def bytes_at(body: bytes, at: int) -> bytes:
    """The array, or the text with its final zero, that begins there."""
    (length,) = words(body[at:], 1)
    if at + 4 + length > len(body):
        raise WaylandError("an argument is longer than its event")
    return body[at + 4 : at + 4 + length]


class Wayland(asyncio.Protocol):
    """A connection, and what the compositor offers by it; `connect` makes one.

    Attributes
    ----------
    offered : dict
        Interface and version of each global, by its name, which is a number.
    appeared, disappeared : callable
        Called with the name of a global that has come, or gone, since `settled`.
    lost : callable
        Called once, when the connection has ended by itself.
    """

    def __init__(self) -> None:
        self.offered: dict[int, tuple[str, int]] = {}
        self.appeared: Callable[[int], None] = lambda name: None
        self.disappeared: Callable[[int], None] = lambda name: None
        self.lost: Callable[[], None] = lambda: None
        self._transport: asyncio.Transport | None = None
        self._unread = b""
        self._last = FIRST_OF_OURS - 1
        self._heard: dict[int, Heard] = {DISPLAY: self._of_the_display}
        self._settling: asyncio.Future[None] | None = None

    @classmethod
    async def connect(cls) -> Wayland:
        """Connect, and hear what is offered; a WaylandError where there is no session, or it does not answer."""
        path = socket_path()
        if not path:
            raise WaylandError("this is no Wayland session")
        found = cls()
        try:
            async with asyncio.timeout(TIMEOUT_S):
                if sys.platform != "win32":
                    await asyncio.get_running_loop().create_unix_connection(lambda: found, path)
                found.hear(found.new(DISPLAY, GET_REGISTRY), found._of_the_registry)
                await found.settled()
        except (OSError, ValueError, WaylandError) as error:  # a timeout is an OSError; a path may be too long
            found.close()
            raise WaylandError(str(error) or "no answer") from None
        except BaseException:
            found.close()
            raise
        return found

    async def settled(self) -> None:
        """Return when the compositor has answered all there was to answer."""
        self._settling = asyncio.get_running_loop().create_future()
        callback = self.new(DISPLAY, SYNC)
        self.hear(callback, lambda event, body: self._settle())
        await self._settling

    def close(self) -> None:
        """End it; safe to call twice."""
        self.lost = lambda: None
        if self._transport is not None:
            self._transport.abort()

    def named(self, interface: str) -> list[int]:
        """The names of all globals of an interface."""
        return [name for name, (offered, _) in self.offered.items() if offered == interface]

    def bind(self, name: int, version: int) -> int:
        """Get the object of a global, at no higher version than so."""
        interface, offered = self.offered[name]
        number = self._next()
        self.request(self._registry, BIND, struct.pack("=I", name) + string(interface), min(version, offered), number)
        return number

    def new(self, of: int, number: int, *arguments: int) -> int:
        """Make a request whose first argument is a new object, and give that."""
        made = self._next()
        self.request(of, number, made, *arguments)
        return made

    def request(self, of: int, number: int, *arguments: int | bytes) -> None:
        """Make a request; nothing happens once the connection has ended."""
        if self._transport is None or self._transport.is_closing():
            return
        body = b"".join(part if isinstance(part, bytes) else struct.pack("=I", part) for part in arguments)
        self._transport.write(struct.pack("=II", of, (8 + len(body)) << 16 | number) + body)
        if self._transport.get_write_buffer_size() > MOST_UNREAD_BYTES:
            self._transport.abort()

    def hear(self, of: int, heard: Heard) -> None:
        """Pass on the events of an object."""
        if len(self._heard) >= MOST_OBJECTS:
            raise WaylandError("too many objects")
        self._heard[of] = heard

    def forget(self, of: int) -> None:
        """Pass on nothing more of an object."""
        self._heard.pop(of, None)

    def _next(self) -> int:
        self._last += 1
        return self._last

    # -- what the compositor says ---------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        """See `asyncio.Protocol`."""
        if self._settling is not None and not self._settling.done():
            self._settling.set_exception(WaylandError("the connection has ended"))
        self.lost()

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        self._unread += data
        try:
            at = 0
            while len(self._unread) - at >= 8:
                of, word = words(self._unread[at : at + 8], 2)
                length = word >> 16
                if not 8 <= length <= MOST_MESSAGE_BYTES or length % 4:
                    raise WaylandError("that is no event")
                if len(self._unread) - at < length:
                    break
                heard = self._heard.get(of)
                if heard is not None:
                    heard(word & 0xFFFF, self._unread[at + 8 : at + length])
                at += length
            self._unread = self._unread[at:]
        except WaylandError:
            assert self._transport is not None
            self._transport.abort()

    def _of_the_display(self, event: int, body: bytes) -> None:
        if event == 0:
            raise WaylandError("the compositor has refused a request")
        if event == 1:  # the number is free again
            self.forget(*words(body, 1))

    def _of_the_registry(self, event: int, body: bytes) -> None:
        (name,) = words(body, 1)
        if event == 0:
            interface = bytes_at(body, 4)
            (version,) = words(body[8 + len(interface) + -len(interface) % 4 :], 1)
            if len(self.offered) >= MOST_GLOBALS:
                raise WaylandError("too many globals")
            self.offered[name] = interface.rstrip(b"\0").decode("utf-8", "replace"), version
            self.appeared(name)
        elif event == 1:
            self.offered.pop(name, None)
            self.disappeared(name)

    @property
    def _registry(self) -> int:
        return FIRST_OF_OURS

    def _settle(self) -> None:
        if self._settling is not None and not self._settling.done():
            self._settling.set_result(None)


async def connected() -> Wayland | None:
    """Connect; None where there is no Wayland session, or none that answers."""
    with contextlib.suppress(WaylandError):
        return await Wayland.connect()
    return None
