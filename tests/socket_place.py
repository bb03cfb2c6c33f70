"""What the named pipe of Windows is to the control channel, made of a socket: the same code runs over it."""

from __future__ import annotations

import socket
from pathlib import Path

from posture.link_socket import SocketLink


class Place:
    """What a named pipe is on Windows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._socket = socket.socket(socket.AF_UNIX)

    def listen(self) -> None:
        self._socket.bind(self.name)
        self._socket.listen()

    def accept(self) -> SocketLink | None:
        try:
            return SocketLink(self._socket.accept()[0])
        except OSError:
            if self._socket.fileno() < 0 or not Path(self.name).exists():
                return None
            raise

    def close(self) -> None:
        Path(self.name).unlink()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def reached(name: str) -> SocketLink:
    link = socket.socket(socket.AF_UNIX)
    link.connect(name)
    return SocketLink(link)
