"""A two-way stream of bytes between two processes of ours: a pair of sockets on Unix, a named pipe on Windows.

None of them can be reached from another machine, and none has a name that another program could use: the two ends are
made together, and one is handed to a child (`posture.child`). On Windows a pair of sockets would be a TCP connection.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from typing import Any, Protocol


class Waitable(Protocol):
    """What `wait` waits for."""

    def fileno(self) -> int:
        """Return the descriptor that `select` waits on, -1 where the system has none for it."""


class Link(Waitable, Protocol):
    """One end. One thread may send while another receives; `hang_up` may be called by any."""

    def send(self, data: bytes | bytearray | memoryview, timeout_s: float | None = None) -> None:
        """Send all; TimeoutError where the other end has not read it in time, OSError where that is gone."""

    def receive(self, most: int, timeout_s: float | None = None) -> bytes:
        """Wait for some bytes; TimeoutError where none came in time, EOFError where the other end is gone."""

    def receive_into(self, view: memoryview, timeout_s: float | None = None) -> int:
        """Receive into the beginning of `view`, how much is returned; errors as `receive`."""

    def hang_up(self) -> None:
        """End it at both ends, also what other threads wait for; close it afterwards."""

    def close(self) -> None:
        """Close it, which the other end notices once no process has this end any more; safe to call twice."""


def pair() -> tuple[Link, Link]:
    """Make a link, and give its two ends."""
    if sys.platform == "win32":
        from posture import link_pipe

        return link_pipe.pair()
    else:
        from posture import link_socket

        return link_socket.pair()


def handed(name: str) -> Link:
    """Give the link that the process which started this one has handed to it, by its name on the command line."""
    if sys.platform == "win32":
        from posture.link_pipe import PipeLink

        return PipeLink.handed(name)
    else:
        from posture.link_socket import SocketLink

        return SocketLink.handed(name)


def wait(waited: Sequence[Any], timeout_s: float | None) -> list[Any]:
    """Wait until something can be received from one of these, another has ended, or was woken; give those."""
    if sys.platform == "win32":
        from posture import link_pipe

        return link_pipe.wait(waited, timeout_s)
    else:
        import select

        return select.select(waited, [], [], timeout_s)[0]


class WakeUp:
    """Ends a `wait` from another thread or a signal handler."""

    def __init__(self) -> None:
        if sys.platform == "win32":
            from posture.link_pipe import Event

            self._event: Any = Event()
        else:
            from posture.link_socket import Event

            self._event = Event()

    def fileno(self) -> int:
        """See `Waitable`."""
        return int(self._event.fileno())

    @property
    def handle(self) -> int:
        """What Windows waits for."""
        return int(self._event.handle)

    def __call__(self) -> None:
        """Wake whoever waits, or the next one that does."""
        self._event.set()

    def clear(self) -> None:
        """Take note of it."""
        self._event.clear()

    def close(self) -> None:
        """Let it go."""
        self._event.close()


class _Stream(io.RawIOBase):
    def __init__(self, link: Link) -> None:
        self._link = link

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        try:
            return self._link.receive_into(memoryview(into))
        except EOFError:
            return 0

    def write(self, data: Any) -> int:
        self._link.send(data)
        return len(data)


def reader(link: Link) -> io.BufferedReader:
    """Read a link as a file is read, to its end; closing that leaves the link open."""
    return io.BufferedReader(_Stream(link), 1 << 16)


def writer(link: Link) -> io.BufferedWriter:
    """Write to a link as a file is written."""
    return io.BufferedWriter(_Stream(link), 1 << 16)
