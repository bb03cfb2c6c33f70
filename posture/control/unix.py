"""The control channel on Unix: a socket in the user's runtime folder, mode 0600, that also checks the peer's user."""

from __future__ import annotations

import sys

assert sys.platform != "win32"

import contextlib
import os
import select
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from posture.control.protocol import BUSY, CLIENT_TIMEOUT_S, MAX_CLIENTS, MAX_LINE_BYTES, refusal
from posture.errors import PostureError
from posture.language import tr
from posture.paths import socket_path, spare_runtime_folder

if TYPE_CHECKING:
    import asyncio

    from posture.control.ends import Reply

_PEER = struct.Struct("3i")  # pid, uid, gid: struct ucred
_MAC_PEER = struct.Struct("=IIh2x16I")  # cr_version, cr_uid, cr_ngroups, cr_groups: struct xucred of sys/ucred.h
_MAC_LEVEL, _MAC_PEERCRED = 0, 1  # SOL_LOCAL, LOCAL_PEERCRED of sys/un.h


class UnixLink:
    """See `posture.control.ends.ControlLink`. Each read or write waits for the daemon for `timeout_s`."""

    def __init__(self, timeout_s: float, path: str = "") -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        try:
            self._socket.connect(path or str(socket_path()))
        except BaseException:
            self._socket.close()
            raise

    @property
    def server_pid(self) -> int:
        """See `posture.control.ends.ControlLink`."""
        return _pid_of(self._socket)

    def exchange(self, line: bytes) -> bytes:
        """Send a line and return its answer."""
        # A daemon that is too busy has answered, and hung up, before it is asked.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self._socket.sendall(line)
        answer = b""
        while not answer.endswith(b"\n") and (more := self._socket.recv(65_536)):
            answer += more
        return answer

    def follow(self, line: bytes, output: int | None = None) -> Iterator[bytes]:
        """See `posture.control.ends.ControlLink`."""
        self._socket.sendall(line)
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        if output is not None:
            waiting.register(output, 0)  # tells of an error alone: a pipe that nobody reads any more
        rest, answered = b"", False
        while True:
            ready = dict(waiting.poll(None if answered else 1000.0 * (self._socket.gettimeout() or 0.0)))
            if not ready:
                raise TimeoutError
            if self._socket.fileno() not in ready:
                return
            more = self._socket.recv(65_536)
            if not more:
                return
            *whole, rest = (rest + more).split(b"\n")
            answered = answered or bool(whole)
            yield from (each + b"\n" for each in whole)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()


class UnixListener:
    """See `posture.control.ends.Listener`."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()
        self._path: Path | None = None
        self._made: tuple[int, int] | None = None  # device and inode of the socket

    async def start(self, reply: Callable[[bytes], Awaitable[Reply]]) -> None:
        """Listen; the caller has the lock of the one daemon, so an existing socket is stale.

        A PostureError says that the path is too long for a socket, or cannot be used.
        """
        self._reply = reply
        await self._listen(socket_path())

    async def renew(self) -> bool:
        """See `posture.control.ends.Listener`. Without the runtime folder of a login, the spare one is taken."""
        if self._server is None or self._path is None or _made(self._path) == self._made is not None:
            return False
        before = self._server
        try:
            path = socket_path()
        except PostureError:
            path = spare_runtime_folder() / self._path.name
        await self._listen(path)
        before.close()  # clients that it has stay
        return True

    @property
    def place(self) -> str:
        """See `posture.control.ends.Listener`."""
        return str(self._path or "")

    async def _listen(self, path: Path) -> None:
        import asyncio

        mask = os.umask(0o177)
        try:
            path.unlink(missing_ok=True)
            self._server = await asyncio.start_unix_server(self._serve, str(path), limit=MAX_LINE_BYTES)
        except OSError as error:
            reason = error.strerror or error
            raise PostureError(
                tr(
                    "The socket {path} cannot be made ({reason}): set XDG_RUNTIME_DIR to a short path of your own.",
                    path=path,
                    reason=reason,
                )
            ) from None
        finally:
            os.umask(mask)
        self._path, self._made = path, _made(path)

    async def close(self) -> None:
        """Stop listening and remove the socket."""
        if self._server is None:
            return
        self._server.close()
        for client in list(self._clients):
            client.cancel()
        if self._path is not None and _made(self._path) == self._made:
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import asyncio

        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        try:
            if not _is_mine(writer.get_extra_info("socket")):
                return
            if len(self._clients) <= MAX_CLIENTS:
                await self._answer(reader, writer)
            else:
                writer.write(refusal(tr(BUSY)))
        except (OSError, asyncio.CancelledError, TimeoutError):
            pass  # the client has left or takes too long
        finally:
            self._clients.discard(task)
            # Close at once, even if the client has not read everything.
            writer.transport.abort() if writer.transport.get_write_buffer_size() else writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import asyncio

        from posture.control.ends import Reply

        try:
            line = await asyncio.wait_for(reader.readline(), CLIENT_TIMEOUT_S)
        except ValueError:  # the line is too long
            reply = Reply(refusal(tr("A request has at most {bytes} bytes.", bytes=MAX_LINE_BYTES)))
        else:
            if not line:
                return
            reply = await self._reply(line)
        try:
            writer.write(reply.line)
            await asyncio.wait_for(writer.drain(), CLIENT_TIMEOUT_S)
            if reply.more is not None:
                await _follow(reader, writer, reply.more)
            elif reply.release is not None:
                await _until_left(reader)
        finally:
            if reply.release is not None:
                reply.release()


async def _until_left(reader: asyncio.StreamReader) -> None:
    while await reader.read(1024):
        pass


async def _follow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lines: AsyncIterator[bytes]) -> None:
    """Write the lines as they come, until they end or the client has left. One that does not read is waited for."""
    import asyncio

    async def write() -> None:
        async for line in lines:
            writer.write(line)
            await writer.drain()

    jobs = [asyncio.create_task(write()), asyncio.create_task(_until_left(reader))]
    try:
        await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)


def _made(path: Path) -> tuple[int, int] | None:
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_mine(link: socket.socket) -> bool:
    """Whether the peer is a process of this user; where the kernel cannot say, the folder's mode has to be enough."""
    uid = os.getuid()
    if sys.platform == "darwin":
        _version, uid, *_ = _MAC_PEER.unpack(link.getsockopt(_MAC_LEVEL, _MAC_PEERCRED, _MAC_PEER.size))
    elif (option := getattr(socket, "SO_PEERCRED", None)) is not None:
        _pid, uid, _gid = _PEER.unpack(link.getsockopt(socket.SOL_SOCKET, option, _PEER.size))
    return bool(uid == os.getuid())


def _pid_of(link: socket.socket) -> int:
    """The process at the other end; 0 where the kernel does not say."""
    pid = 0
    if sys.platform != "darwin" and (option := getattr(socket, "SO_PEERCRED", None)) is not None:
        pid, _uid, _gid = _PEER.unpack(link.getsockopt(socket.SOL_SOCKET, option, _PEER.size))
    return pid
