"""The event loop of Windows without its connection to itself.

asyncio wakes its loop there through a TCP connection of the process to itself. It carries nothing, but it is a network
connection all the same; here the port that the loop waits at is told directly.
"""

from __future__ import annotations

import sys

assert sys.platform == "win32"

import _overlapped
import asyncio
from typing import Any

NOTHING = 1
"""An address at which nothing can lie: the loop takes note of it, and finds nothing that waits for it."""


class _NoSocket:
    def fileno(self) -> int:
        return -1

    def close(self) -> None:
        pass


class QuietLoop(asyncio.ProactorEventLoop):
    """See asyncio.ProactorEventLoop."""

    _proactor: Any
    _internal_fds: int

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = _NoSocket()
        self._internal_fds += 1

    def _loop_self_reading(self, f: Any = None) -> None:
        pass

    def _write_to_self(self) -> None:
        if (port := getattr(self._proactor, "_iocp", None)) is not None:
            _overlapped.PostQueuedCompletionStatus(port, 0, 0, NOTHING)
