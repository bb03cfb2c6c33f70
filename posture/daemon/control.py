"""Talking with the daemon: a socket in the user's runtime folder, one JSON object a line, with a version.

A request is ``{"v": 1, "do": "pause", "args": {...}}``; its answer ``{"v": 1, "ok": true, "result": {...}}`` or
``{"v": 1, "ok": false, "error": "a sentence"}``. This module imports what light commands can afford.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posture.daemon.paths import lock_path, socket_path
from posture.errors import PostureError

if TYPE_CHECKING:
    import asyncio

__all__ = [
    "ALREADY",
    "VERSION",
    "ControlServer",
    "NotRunningError",
    "SingleInstance",
    "ask",
    "daemon_pid",
    "hold_camera",
]

VERSION = 1
ALREADY = "already running"
"""What a daemon that is one too many says to whoever has started it."""
MAX_LINE_BYTES = 16_384
MAX_CLIENTS = 16
CLIENT_TIMEOUT_S = 2.0
"""How long a client may take to say what it wants, or to take the answer."""
ANSWER_TIMEOUT_S = 3.0
_PEER = struct.Struct("3i")  # pid, uid, gid: struct ucred


class NotRunningError(PostureError):
    """There is no daemon."""

    def __init__(self) -> None:
        super().__init__("posture is not running: start it with posture start.")


class SingleInstance:
    """The right to be the one daemon, held through a lock that the kernel takes back however the daemon ends."""

    def __init__(self) -> None:
        self._file: int | None = None

    def take(self) -> bool:
        """Take it; False when another process has it."""
        path = lock_path()
        file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        if not _lock(file):
            os.close(file)
            return False
        os.truncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        self._file = file
        return True

    def release(self) -> None:
        """Give it back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # A byte far behind the text, which others may read.
            os.lseek(file, 1 << 20, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def daemon_pid() -> int | None:
    """The process that holds the lock; None when nobody does, whatever an old file may say."""
    probe = SingleInstance()
    try:
        text = lock_path().read_text(encoding="ascii")
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    if probe.take():
        probe.release()
        return None
    return int(text) if text.isdecimal() else None


# -- asking ---------------------------------------------------------------------------------------------------------


def ask(command: str, timeout_s: float = ANSWER_TIMEOUT_S, **args: object) -> dict[str, Any]:
    """Ask the daemon to do something.

    Parameters
    ----------
    command : str
    timeout_s : float
        How long to wait for the answer.
    **args
        What belongs to it, plain JSON.

    Returns
    -------
    dict
        The result.

    Raises
    ------
    NotRunningError
        There is no daemon; a socket that one has left behind does not count.
    PostureError
        It does not answer, speaks another version, or refuses.
    """
    with _connected(timeout_s) as link:
        return _exchange(link, command, args)


@contextlib.contextmanager
def hold_camera(reason: str) -> Iterator[bool]:
    """Let the daemon give the camera away while the block lasts; it takes it back by itself, also after a kill.

    Parameters
    ----------
    reason : str
        What `posture status` says meanwhile, such as "calibrating".

    Yields
    ------
    bool
        Whether there was a daemon.
    """
    try:
        link = _connect(ANSWER_TIMEOUT_S)
    except NotRunningError:
        yield False
        return
    with link:
        _exchange(link, "hold", {"reason": reason})
        yield True


@contextlib.contextmanager
def _connected(timeout_s: float) -> Iterator[socket.socket]:
    with _connect(timeout_s) as link:
        yield link


def _connect(timeout_s: float) -> socket.socket:
    if not hasattr(socket, "AF_UNIX"):
        raise PostureError("The daemon does not run on this system yet: use posture run.")
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.settimeout(timeout_s)
    try:
        link.connect(str(socket_path()))
    except (FileNotFoundError, ConnectionRefusedError):
        link.close()
        raise NotRunningError from None
    except TimeoutError:
        link.close()
        raise _silent() from None
    except OSError as error:
        link.close()
        raise PostureError(f"The daemon cannot be asked ({error.strerror or error}).") from None
    return link


def _exchange(link: socket.socket, command: str, args: dict[str, Any]) -> dict[str, Any]:
    line = b""
    try:
        link.sendall(json.dumps({"v": VERSION, "do": command, "args": args}).encode() + b"\n")
        while not line.endswith(b"\n") and (more := link.recv(65_536)):
            line += more
    except TimeoutError:
        raise _silent() from None
    except OSError:
        line = b""
    try:
        answer = json.loads(line)
        if answer["v"] != VERSION:
            raise PostureError("The daemon is of another release: run posture restart.")
        if not answer["ok"]:
            raise PostureError(str(answer["error"]))
        found: dict[str, Any] = answer["result"]
    except (ValueError, KeyError, TypeError):
        raise PostureError("The daemon has ended while it was asked: see posture logs.") from None
    return found


def _silent() -> PostureError:
    return PostureError("The daemon does not answer: run posture restart, and see posture logs.")


# -- answering ------------------------------------------------------------------------------------------------------

Handler = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


class ControlServer:
    """Answers requests on the socket; no client can stall or end the daemon.

    Parameters
    ----------
    handle : callable
        Does what was asked and gives the result; a PostureError of it goes back as its sentence.
    hold : callable
        Gives the camera away, for a reason, and returns what takes it back.
    """

    def __init__(self, handle: Handler, hold: Callable[[str], Callable[[], None]]) -> None:
        self._handle, self._hold = handle, hold
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()
        self._path: Path | None = None

    async def start(self) -> None:
        """Listen; the caller holds the lock of the one daemon, so what lies there is a stale socket.

        Raises
        ------
        PostureError
            The path is too long for a socket, or cannot be used.
        """
        import asyncio

        path = socket_path()
        path.unlink(missing_ok=True)
        mask = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(self._serve, str(path), limit=MAX_LINE_BYTES)
        except OSError as error:
            reason = error.strerror or error
            raise PostureError(
                f"The socket {path} cannot be made ({reason}): set XDG_RUNTIME_DIR to a short path of your own."
            ) from None
        finally:
            os.umask(mask)
        self._path = path

    async def close(self) -> None:
        """Listen no more, and take the socket away."""
        if self._server is None:
            return
        self._server.close()
        for client in list(self._clients):
            client.cancel()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import asyncio

        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        try:
            if len(self._clients) <= MAX_CLIENTS and _is_mine(writer.get_extra_info("socket")):
                await self._answer(reader, writer)
        except (OSError, asyncio.CancelledError, TimeoutError):
            pass  # the client has left, or takes too long
        finally:
            self._clients.discard(task)
            # At once, whatever it has not read.
            writer.transport.abort() if writer.transport.get_write_buffer_size() else writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import asyncio

        release: Callable[[], None] | None = None
        try:
            line = await asyncio.wait_for(reader.readline(), CLIENT_TIMEOUT_S)
            if not line:
                return
            command, args = _request(line)
            if command == "hold":
                release = self._hold(str(args.get("reason", ""))[:60] or "camera in use")
                result: dict[str, Any] = {}
            else:
                result = await self._handle(command, args)
            answer: dict[str, Any] = {"v": VERSION, "ok": True, "result": result}
        except PostureError as error:
            answer = {"v": VERSION, "ok": False, "error": str(error)}
        except ValueError:  # a line without end
            answer = {"v": VERSION, "ok": False, "error": f"A request has at most {MAX_LINE_BYTES} bytes."}
        try:
            writer.write(json.dumps(answer).encode() + b"\n")
            await asyncio.wait_for(writer.drain(), CLIENT_TIMEOUT_S)
            if release is not None:
                while await reader.read(1024):
                    pass
        finally:
            if release is not None:
                release()


def _request(line: bytes) -> tuple[str, dict[str, Any]]:
    try:
        request = json.loads(line)
        version, command, args = request["v"], request["do"], request.get("args", {})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PostureError("That is no request.") from None
    if version != VERSION:
        raise PostureError("The daemon is of another release: run posture restart.")
    if not isinstance(command, str) or not isinstance(args, dict):
        raise PostureError("That is no request.")
    return command, args


def _is_mine(link: socket.socket) -> bool:
    """Whether the other end is a process of this user; the folder's mode says it where the kernel does not."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return True
    _pid, uid, _gid = _PEER.unpack(link.getsockopt(socket.SOL_SOCKET, option, _PEER.size))
    return bool(uid == os.getuid())
