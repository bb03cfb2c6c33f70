"""The control channel on Windows: a named pipe through multiprocessing.connection, one message of plain bytes a line.

Nothing is ever pickled: only `send_bytes` and `recv_bytes` are used. The first process to create the pipe owns its
name. Pipes block, so each client gets a daemon thread and the event loop never waits for one. The tests run the same
code over AF_UNIX.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, Literal

from posture.control.protocol import BUSY, CLIENT_TIMEOUT_S, MAX_CLIENTS, MAX_LINE_BYTES, Reply, refusal
from posture.errors import PostureError
from posture.language import tr

if TYPE_CHECKING:
    from multiprocessing import connection

Family = Literal["AF_PIPE", "AF_UNIX"]
RETRY_S = 0.2
CLOSE_S = 2.0
"""How long closing waits for the name to become free [design choice]."""


class PipeLink:
    """See `posture.control.protocol.ControlLink`.

    Parameters
    ----------
    name : str
        Name of the pipe.
    family : {"AF_PIPE", "AF_UNIX"}
    timeout_s : float
        How long to wait for an answer.
    """

    def __init__(self, name: str, family: Family, timeout_s: float) -> None:
        from multiprocessing.connection import Client

        self._link = Client(name, family)
        self._timeout_s = timeout_s

    def exchange(self, line: bytes) -> bytes:
        """Send a line and return its answer."""
        # A daemon that is too busy has answered, and hung up, before it is asked.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._link.send_bytes(line)
        if not self._link.poll(self._timeout_s):
            raise TimeoutError
        try:
            return self._link.recv_bytes()
        except EOFError:
            return b""

    def follow(self, line: bytes, output: int | None = None) -> Iterator[bytes]:
        """See `posture.control.protocol.ControlLink`; that nobody reads is seen at the next line."""
        yield self.exchange(line)
        with contextlib.suppress(EOFError):
            while True:
                yield self._link.recv_bytes()

    def close(self) -> None:
        """Hang up."""
        self._link.close()


class PipeListener:
    """See `posture.control.protocol.Listener`; `name` and `family` are those of `PipeLink`."""

    def __init__(self, name: str, family: Family) -> None:
        self._name, self._family = name, family
        self._listener: connection.Listener | None = None
        self._closing = threading.Event()
        self._places = threading.Semaphore(MAX_CLIENTS)

    async def start(self, reply: Callable[[bytes], Awaitable[Reply]]) -> None:
        """Listen; PostureError where another process has the name."""
        import asyncio
        from multiprocessing.connection import Listener

        self._reply, self._loop = reply, asyncio.get_running_loop()
        try:
            self._listener = Listener(self._name, self._family)
        except OSError as error:
            raise PostureError(
                tr(
                    "The pipe {name} cannot be made ({reason}): another posture may have it.",
                    name=self._name,
                    reason=error.strerror or error,
                )
            ) from None
        self._thread = threading.Thread(target=self._accept, args=(self._listener,), name="control", daemon=True)
        self._thread.start()

    async def renew(self) -> bool:
        """Nobody can remove a pipe."""
        return False

    @property
    def place(self) -> str:
        """See `posture.control.protocol.Listener`."""
        return self._name if self._listener is not None else ""

    async def close(self) -> None:
        """Stop listening; open connections end with the process."""
        import asyncio

        if self._listener is None or self._closing.is_set():
            return
        self._closing.set()
        await asyncio.to_thread(self._wake)

    def _wake(self) -> None:
        """Connect once, so that a pending `accept` returns and sees that the listener is closing."""
        with contextlib.suppress(OSError):
            PipeLink(self._name, self._family, 0.0).close()
        self._thread.join(CLOSE_S)

    def _accept(self, listener: connection.Listener) -> None:
        with listener:
            while not self._closing.is_set():
                try:
                    link = listener.accept()
                except OSError:  # the client has already left
                    self._closing.wait(RETRY_S)
                    continue
                if self._closing.is_set() or not self._places.acquire(blocking=False):
                    with contextlib.suppress(OSError), link:
                        link.send_bytes(refusal(tr(BUSY)))
                    continue
                threading.Thread(target=self._serve, args=(link,), name="control client", daemon=True).start()

    def _serve(self, link: connection.Connection[Any, Any]) -> None:
        try:
            # OSError: the message is too long. RuntimeError and CancelledError: the loop is ending.
            with contextlib.suppress(OSError, EOFError, RuntimeError, CancelledError), link:
                if link.poll(CLIENT_TIMEOUT_S):
                    self._answer(link, link.recv_bytes(MAX_LINE_BYTES))
        finally:
            self._places.release()

    def _answer(self, link: connection.Connection[Any, Any], line: bytes) -> None:
        import asyncio

        async def job() -> Reply:
            return await self._reply(line)

        reply = asyncio.run_coroutine_threadsafe(job(), self._loop).result()
        try:
            link.send_bytes(reply.line)
            more = reply.more
            while more is not None and (line := asyncio.run_coroutine_threadsafe(_next(more), self._loop).result()):
                link.send_bytes(line)  # fails once the client has left
            while more is None and reply.release is not None:
                link.recv_bytes(MAX_LINE_BYTES)  # until the client has left
        finally:
            if reply.release is not None:
                self._loop.call_soon_threadsafe(reply.release)


async def _next(lines: AsyncIterator[bytes]) -> bytes:
    """The next line; nothing at their end."""
    return await anext(lines, b"")
