"""The control channel over links, as on Windows: one line a request, a thread for each client.

What the links are made of is a `Place`: a named pipe on Windows (`posture.control.named_pipe`). Reads and writes of a
link block, so each client gets a daemon thread and the event loop never waits for one. The tests run the same code over
sockets.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import CancelledError, Future
from typing import Protocol

from posture.control.ends import Reply
from posture.control.protocol import BUSY, CLIENT_TIMEOUT_S, MAX_CLIENTS, MAX_LINE_BYTES, refusal
from posture.errors import PostureError
from posture.language import tr
from posture.link import Link

RETRY_S = 0.2
CLOSE_S = 2.0
"""How long closing waits for the name to become free [design choice]."""
MOST_REFUSED = 8
"""So many clients at once are told that the daemon is busy; others wait to be let in [design choice]."""


class Place(Protocol):
    """Where a daemon can be reached."""

    name: str

    def listen(self) -> None:
        """Take the name; OSError where another process has it."""

    def accept(self) -> Link | None:
        """Wait for the next client; None once it is closed. An OSError says that the client has already left."""

    def close(self) -> None:
        """Let go of the name; any thread may do so."""


class PipeLink:
    """See `posture.control.ends.ControlLink`.

    Parameters
    ----------
    link : Link
        To the daemon.
    timeout_s : float
        How long to wait for an answer.
    server_pid : int
        The process at the other end; 0 where that is not known.
    """

    def __init__(self, link: Link, timeout_s: float, server_pid: int = 0) -> None:
        self._link, self._timeout_s, self._rest, self.server_pid = link, timeout_s, b"", server_pid

    def exchange(self, line: bytes) -> bytes:
        """Send a line and return its answer."""
        # A daemon that is too busy has answered, and hung up, before it is asked.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._link.send(line, self._timeout_s)
        return self._line(self._timeout_s)

    def _line(self, timeout_s: float | None) -> bytes:
        """The next line; what there is of it where the daemon has hung up."""
        until_s = math.inf if timeout_s is None else time.monotonic() + timeout_s
        while b"\n" not in self._rest:
            try:
                left_s = None if timeout_s is None else max(0.0, until_s - time.monotonic())
                self._rest += self._link.receive(65_536, left_s)
            except EOFError:
                break
        line, end, self._rest = self._rest.partition(b"\n")
        return line + end

    def follow(self, line: bytes, output: int | None = None) -> Iterator[bytes]:
        """See `posture.control.ends.ControlLink`; that nobody reads is seen at the next line."""
        yield self.exchange(line)
        while more := self._line(None):
            yield more

    def close(self) -> None:
        """Hang up."""
        self._link.close()


class PipeListener:
    """See `posture.control.ends.Listener`."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._listening, self._closing = False, threading.Event()
        self._places = threading.Semaphore(MAX_CLIENTS)
        self._refusing = threading.Semaphore(MOST_REFUSED)

    async def start(self, reply: Callable[[bytes], Awaitable[Reply]]) -> None:
        """Listen; PostureError where another process has the name."""
        import asyncio

        self._reply, self._loop = reply, asyncio.get_running_loop()
        try:
            self._place.listen()
        except OSError as error:
            raise PostureError(
                tr(
                    "The pipe {name} cannot be made ({reason}): another program has taken its name. End that program, "
                    "or sign out and in again.",
                    name=self._place.name,
                    reason=error.strerror or error,
                )
            ) from None
        self._listening = True
        self._thread = threading.Thread(target=self._accept, name="control", daemon=True)
        self._thread.start()

    async def renew(self) -> bool:
        """Nobody can remove a pipe."""
        return False

    @property
    def place(self) -> str:
        """See `posture.control.ends.Listener`."""
        return self._place.name if self._listening else ""

    async def close(self) -> None:
        """Stop listening; open connections end with the process."""
        import asyncio

        if not self._listening or self._closing.is_set():
            return
        self._closing.set()
        self._place.close()
        await asyncio.to_thread(self._thread.join, CLOSE_S)

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                link = self._place.accept()
            except OSError:  # the client has already left
                self._closing.wait(RETRY_S)
                continue
            if link is None or self._closing.is_set():
                return
            served = self._places.acquire(blocking=False)
            if not served:
                self._refusing.acquire()
            work = self._serve if served else self._refuse
            threading.Thread(target=work, args=(link,), name="control client", daemon=True).start()

    def _refuse(self, link: Link) -> None:
        try:
            with contextlib.suppress(OSError, EOFError), contextlib.closing(link):
                link.send(refusal(tr(BUSY)), CLIENT_TIMEOUT_S)
                _until_left(link, CLIENT_TIMEOUT_S)
        finally:
            self._refusing.release()

    def _serve(self, link: Link) -> None:
        try:
            # RuntimeError and CancelledError: the loop is ending.
            with contextlib.suppress(OSError, EOFError, RuntimeError, CancelledError), contextlib.closing(link):
                line = _request(link)
                if line is None:
                    link.send(refusal(tr("A request has at most {bytes} bytes.", bytes=MAX_LINE_BYTES)), 0.0)
                    _until_left(link, CLIENT_TIMEOUT_S)
                else:
                    self._answer(link, line)
        finally:
            self._places.release()

    def _answer(self, link: Link, line: bytes) -> None:
        import asyncio

        async def job() -> Reply:
            return await self._reply(line)

        reply = asyncio.run_coroutine_threadsafe(job(), self._loop).result()
        try:
            link.send(reply.line, CLIENT_TIMEOUT_S)
            if reply.more is not None:
                self._tell(link, reply.more)
            else:
                # A client that has not read all of it yet would lose it when this hangs up.
                _until_left(link, None if reply.release is not None else CLIENT_TIMEOUT_S)
        finally:
            if reply.release is not None:
                self._loop.call_soon_threadsafe(reply.release)

    def _tell(self, link: Link, lines: AsyncIterator[bytes]) -> None:
        """Send the lines as they come, until they end or the client has left.

        One that does not read is waited for, and holds up nobody else: this thread is its own, as is that which sees it
        leave. The event loop's few threads are for all.
        """
        import asyncio

        left = threading.Event()
        coming: list[Future[bytes]] = []

        def watch() -> None:
            with contextlib.suppress(OSError):
                _until_left(link)
            left.set()
            for line in coming:
                line.cancel()
            link.hang_up()  # a line that is being sent

        async def next_line() -> bytes:
            return await anext(lines, b"")

        threading.Thread(target=watch, name="control client leaves", daemon=True).start()
        try:
            while not left.is_set():
                coming[:] = [asyncio.run_coroutine_threadsafe(next_line(), self._loop)]
                if left.is_set():  # it may have left before it could cancel this
                    coming[0].cancel()
                if not (line := coming[0].result()):
                    return
                link.send(line)
        finally:
            link.hang_up()


def _request(link: Link) -> bytes | None:
    """The line of a client, None where it is too long; TimeoutError where it is not whole in time."""
    until_s, found = time.monotonic() + CLIENT_TIMEOUT_S, b""
    while not found.endswith(b"\n") and b"\n" not in found:
        found += link.receive(4096, max(0.0, until_s - time.monotonic()))
        if len(found) > MAX_LINE_BYTES:
            return None
    return found.partition(b"\n")[0] + b"\n"


def _until_left(link: Link, timeout_s: float | None = None) -> None:
    """Wait until the client has left, or the time is over; what it says meanwhile counts for nothing."""
    until_s = math.inf if timeout_s is None else time.monotonic() + timeout_s
    with contextlib.suppress(EOFError, TimeoutError):
        while True:
            link.receive(4096, None if timeout_s is None else max(0.0, until_s - time.monotonic()))
