"""A link over a pair of sockets (AF_UNIX), see `posture.link`."""

from __future__ import annotations

import contextlib
import socket


class SocketLink:
    """See `posture.link.Link`; `socket` is connected, of stream kind."""

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
        self.socket.settimeout(timeout_s)
        self.socket.sendall(data)

    def receive(self, most: int, timeout_s: float | None = None) -> bytes:
        """See `posture.link.Link`."""
        self.socket.settimeout(timeout_s)
        try:
            found = self.socket.recv(most)
        except BlockingIOError:  # for a time of 0
            raise TimeoutError from None
        except TimeoutError:
            raise
        except OSError:
            raise EOFError from None
        if not found:
            raise EOFError
        return found

    def receive_into(self, view: memoryview, timeout_s: float | None = None) -> int:
        """See `posture.link.Link`."""
        self.socket.settimeout(timeout_s)
        try:
            count = self.socket.recv_into(view)
        except BlockingIOError:
            raise TimeoutError from None
        except TimeoutError:
            raise
        except OSError:
            raise EOFError from None
        if not count:
            raise EOFError
        return count

    def hang_up(self) -> None:
        """See `posture.link.Link`."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """See `posture.link.Link`."""
        self.socket.close()


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
