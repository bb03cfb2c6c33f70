"""A compositor for tests: it speaks the wire of Wayland, has seats and windows, and no screen."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

from posture.desktop.wayland import bytes_at, string

SEAT = ("wl_seat", 7)


class Compositor:
    """Listens at a path; `offers` are interface and version of its globals, whose names are their places from 1 on.

    Attributes
    ----------
    asked : list
        Each request for a notification of idle time: its number, its time in ms, and the name of the seat.
    windows : list
        The states of each window.
    """

    def __init__(self, offers: Sequence[tuple[str, int]], windows: Sequence[Sequence[int]] = ()) -> None:
        self.offers, self.windows = dict(enumerate(offers, 1)), windows
        self.asked: list[tuple[int, int, int]] = []
        self.destroyed: list[int] = []
        self.reads = True
        self._server: asyncio.Server | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._bound: dict[int, int] = {}
        self._notifications: dict[int, int] = {}
        self._registry = 0

    async def start(self, path: Path) -> None:
        self._server = await asyncio.start_unix_server(self._serve, path)

    async def stop(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()
        if self._server is not None:
            self._server.close()

    @property
    def connected(self) -> bool:
        return self._writer is not None

    def tell(self, of: int, event: int, body: bytes = b"") -> None:
        assert self._writer is not None
        self._writer.write(struct.pack("=II", of, (8 + len(body)) << 16 | event) + body)

    def write(self, garbage: bytes) -> None:
        assert self._writer is not None
        self._writer.write(garbage)

    def idle(self, event: int, seat: int) -> None:
        """Tell that the seat of this name is idle (0), or no longer (1)."""
        for number, name in self._notifications.items():
            if name == seat:
                self.tell(number, event)

    def add(self, name: int, interface: str, version: int) -> None:
        self.offers[name] = interface, version
        body = struct.pack("=I", name) + string(interface) + struct.pack("=I", version)
        self.tell(self._registry, 0, body)

    def remove(self, name: int) -> None:
        self.tell(self._registry, 1, struct.pack("=I", name))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        try:
            while self.reads:
                of, word = struct.unpack("=II", await reader.readexactly(8))
                self._take(of, word & 0xFFFF, await reader.readexactly((word >> 16) - 8))
            await asyncio.Event().wait()
        except (asyncio.IncompleteReadError, ConnectionError):
            self._writer = None

    def _take(self, of: int, request: int, body: bytes) -> None:
        if of == 1:
            (new,) = struct.unpack("=I", body)
            if request == 0:
                self.tell(new, 0, b"\0\0\0\0")
                self.tell(1, 1, struct.pack("=I", new))
            else:
                self._registry = new
                for name, offered in self.offers.items():
                    self.add(name, *offered)
        elif of == self._registry:
            (name,) = struct.unpack_from("=I", body)
            *_, version, new = struct.unpack(f"={len(body) // 4}I", body)
            interface = bytes_at(body, 4).rstrip(b"\0").decode()
            assert (interface, version <= self.offers[name][1]) == (self.offers[name][0], True)
            self._bound[new] = name
            if "toplevel" in interface:
                self._show_windows(new)
        elif self._bound.get(of) is not None and "idle" in self.offers[self._bound[of]][0]:
            new, *rest = struct.unpack("=III", body)
            seat, rest_ms = rest if self.offers[self._bound[of]][0] == "org_kde_kwin_idle" else rest[::-1]
            self._notifications[new] = self._bound[seat]
            self.asked.append((request, rest_ms, self._bound[seat]))
        elif of in self._notifications:
            self.destroyed.append(self._notifications.pop(of))

    def _show_windows(self, manager: int) -> None:
        for place, states in enumerate(self.windows):
            window = 0xFF000000 + place
            self.tell(manager, 0, struct.pack("=I", window))
            self.tell(window, 0, string("a title"))
            self.tell(window, 4, struct.pack(f"={len(states) + 1}I", 4 * len(states), *states))
            self.tell(window, 5)


async def until_so(what: Callable[[], object]) -> None:
    """Let the loop go on until `what` is true."""
    while not what():
        await asyncio.sleep(0.001)
