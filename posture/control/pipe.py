"""The control channel of Windows: a named pipe, by multiprocessing.connection. One line is one message of plain bytes.

Nothing is ever pickled: only `send_bytes` and `recv_bytes` are used. Whoever has the name first has it alone. A pipe
blocks, so each client has a thread of its own, which ends with the process; the loop never waits for one. The same code
runs over the module's AF_UNIX family, which is how it is tested.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any, Literal

from posture.control.channel import CLIENT_TIMEOUT_S, MAX_CLIENTS, MAX_LINE_BYTES, Reply
from posture.errors import PostureError

if TYPE_CHECKING:
    from multiprocessing import connection

__all__ = ["PipeLink", "PipeListener"]

Family = Literal["AF_PIPE", "AF_UNIX"]
RETRY_S = 0.2
CLOSE_S = 2.0
"""What the name is given to be free again [design choice]."""


class PipeLink:
    """See `posture.control.channel.ControlLink`.

    Parameters
    ----------
    name : str
        Of the pipe.
    family : {"AF_PIPE", "AF_UNIX"}
    timeout_s : float
        How long to wait for an answer.
    """

    def __init__(self, name: str, family: Family, timeout_s: float) -> None:
        from multiprocessing.connection import Client

        self._link = Client(name, family)
        self._timeout_s = timeout_s

    def exchange(self, line: bytes) -> bytes:
        """Send a line and give its answer."""
        self._link.send_bytes(line)
        if not self._link.poll(self._timeout_s):
            raise TimeoutError
        try:
            return self._link.recv_bytes()
        except EOFError:
            return b""

    def close(self) -> None:
        """Hang up."""
        self._link.close()


class PipeListener:
    """See `posture.control.channel.Listener`.

    Parameters
    ----------
    name : str
        Of the pipe.
    family : {"AF_PIPE", "AF_UNIX"}
    """

    def __init__(self, name: str, family: Family) -> None:
        self._name, self._family = name, family
        self._listener: connection.Listener | None = None
        self._closing = threading.Event()
        self._places = threading.Semaphore(MAX_CLIENTS)

    async def start(self, reply: Callable[[bytes], Awaitable[Reply]]) -> None:
        """Listen.

        Raises
        ------
        PostureError
            Another process has the name.
        """
        import asyncio
        from multiprocessing.connection import Listener

        self._reply, self._loop = reply, asyncio.get_running_loop()
        try:
            self._listener = Listener(self._name, self._family)
        except OSError as error:
            raise PostureError(
                f"The pipe {self._name} cannot be made ({error.strerror or error}): another posture may have it."
            ) from None
        self._thread = threading.Thread(target=self._accept, args=(self._listener,), name="control", daemon=True)
        self._thread.start()

    async def close(self) -> None:
        """Listen no more; who is connected is let go with the process."""
        import asyncio

        if self._listener is None or self._closing.is_set():
            return
        self._closing.set()
        await asyncio.to_thread(self._wake)

    def _wake(self) -> None:
        """A call that waits for a client sees that it is over when one comes."""
        with contextlib.suppress(OSError):
            PipeLink(self._name, self._family, 0.0).close()
        self._thread.join(CLOSE_S)

    def _accept(self, listener: connection.Listener) -> None:
        with listener:
            while not self._closing.is_set():
                try:
                    link = listener.accept()
                except OSError:  # the client has left already
                    self._closing.wait(RETRY_S)
                    continue
                if self._closing.is_set() or not self._places.acquire(blocking=False):
                    link.close()
                    continue
                threading.Thread(target=self._serve, args=(link,), name="control client", daemon=True).start()

    def _serve(self, link: connection.Connection[Any, Any]) -> None:
        try:
            # A message that is too long is an OSError; with the loop go RuntimeError and CancelledError.
            with contextlib.suppress(OSError, EOFError, RuntimeError, CancelledError), link:
                if link.poll(CLIENT_TIMEOUT_S):
                    self._answer(link, link.recv_bytes(MAX_LINE_BYTES))
        finally:
            self._places.release()

    def _answer(self, link: connection.Connection[Any, Any], line: bytes) -> None:
        reply = self._on_loop(line)
        try:
            link.send_bytes(reply.line)
            while reply.release is not None:
                link.recv_bytes(MAX_LINE_BYTES)  # until the client has left
        finally:
            if reply.release is not None:
                self._loop.call_soon_threadsafe(reply.release)

    def _on_loop(self, line: bytes) -> Reply:
        import asyncio

        async def job() -> Reply:
            return await self._reply(line)

        return asyncio.run_coroutine_threadsafe(job(), self._loop).result()
