"""A link over a pair of sockets (AF_UNIX), see `posture.link`."""

from __future__ import annotations

import contextlib
import math
import select
import socket
import sys
import time
from collections.abc import Callable
from typing import TypeVar

Read = TypeVar("Read", bytes, int)
if sys.platform != "win32":  # where nobody uses this, and it can be imported
    AT_ONCE, TO_READ, TO_WRITE = socket.MSG_DONTWAIT, select.POLLIN, select.POLLOUT
else:
    AT_ONCE, TO_READ, TO_WRITE = 0, 0, 0


class SocketLink:
    """See `posture.link.Link`; `socket` is connected, of stream kind.

    The socket has no time limit of its own, which both directions would share: each waits for itself.
    """

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected

    @classmethod
    def handed(cls, name: str) -> SocketLink:
        """See `posture.link.handed`."""
        return cls(socket.socket(fileno=int(name)))

    def fileno(self) -> int:
        """See `posture.link.Waitable`."""
        return self.socket.fileno()

    def send(self, data: bytes | bytearray | memoryview, timeout_s: float | None = None) -> None:
        """See `posture.link.Link`."""
        view, until_s = memoryview(data).cast("B"), _until_s(timeout_s)
        while view:
            try:
                view = view[self.socket.send(view, AT_ONCE) :]
            except BlockingIOError:
                self._wait(TO_WRITE, until_s)

    def receive(self, most: int, timeout_s: float | None = None) -> bytes:
        """See `posture.link.Link`."""
        return self._received(lambda: self.socket.recv(most, AT_ONCE), timeout_s)

    def receive_into(self, view: memoryview, timeout_s: float | None = None) -> int:
        """See `posture.link.Link`."""
        return self._received(lambda: self.socket.recv_into(view, flags=AT_ONCE), timeout_s)

    def _received(self, read: Callable[[], Read], timeout_s: float | None) -> Read:
        until_s = _until_s(timeout_s)
        while True:
            try:
                if not (found := read()):
                    raise EOFError
                return found
            except BlockingIOError:
                self._wait(TO_READ, until_s)
            except OSError:
                raise EOFError from None

    def _wait(self, what: int, until_s: float) -> None:
        """Wait until something can be read or written; TimeoutError where that takes too long."""
        left_s = until_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        if sys.platform != "win32":
            waiting = select.poll()
            with contextlib.suppress(ValueError):  # it was closed meanwhile, which the next try says
                waiting.register(self.socket, what)
                waiting.poll(None if left_s == math.inf else left_s * 1e3)

    def hang_up(self) -> None:
        """See `posture.link.Link`."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """See `posture.link.Link`."""
        self.socket.close()


def _until_s(timeout_s: float | None) -> float:
    return math.inf if timeout_s is None else time.monotonic() + timeout_s


def pair() -> tuple[SocketLink, SocketLink]:
    """See `posture.link.pair`."""
    one, other = socket.socketpair()
    return SocketLink(one), SocketLink(other)


class Event:
    """See `posture.link.WakeUp`."""

    handle = -1

    def __init__(self) -> None:
        self._in, self._out = socket.socketpair()

    def fileno(self) -> int:
        """What `select` waits for."""
        return self._in.fileno()

    def set(self) -> None:
        """Wake."""
        with contextlib.suppress(OSError):
            self._out.send(b"w")

    def clear(self) -> None:
        """Wake no longer."""
        self._in.recv(4096)

    def close(self) -> None:
        """Close it."""
        self._in.close()
        self._out.close()
