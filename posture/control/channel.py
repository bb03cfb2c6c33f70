"""Talking with the daemon: one JSON object a line, with a version, over a socket or, on Windows, a named pipe.

A request is ``{"v": 1, "do": "pause", "args": {...}}``; its answer ``{"v": 1, "ok": true, "result": {...}}`` or
``{"v": 1, "ok": false, "error": "a sentence"}``. What carries the lines is chosen in `connect` and `listener`, and
nowhere else. This module imports what light commands can afford.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from posture.errors import PostureError
from posture.paths import lock_path

__all__ = [
    "ALREADY",
    "CLIENT_TIMEOUT_S",
    "MAX_CLIENTS",
    "MAX_LINE_BYTES",
    "VERSION",
    "ControlLink",
    "ControlServer",
    "Listener",
    "NotRunningError",
    "Reply",
    "SingleInstance",
    "ask",
    "borrow_camera",
    "daemon_pid",
    "refusal",
]

VERSION = 1
ALREADY = "already running"
"""What a daemon that is one too many says to whoever has started it."""
MAX_LINE_BYTES = 16_384
MAX_CLIENTS = 16
CLIENT_TIMEOUT_S = 2.0
"""How long a client may take to say what it wants, or to take the answer."""
ANSWER_TIMEOUT_S = 3.0
PIPES = os.name == "nt"
"""Python has no AF_UNIX there."""


class NotRunningError(PostureError):
    """There is no daemon."""

    def __init__(self) -> None:
        super().__init__("posture is not running: start it with posture start.")


class ControlLink(Protocol):
    """A client's end."""

    def exchange(self, line: bytes) -> bytes:
        """Send a line and give its answer, what there is of it when the daemon ends; OSError when it cannot."""

    def close(self) -> None:
        """Hang up."""


@dataclass(frozen=True)
class Reply:
    """What goes back to a client.

    Attributes
    ----------
    line : bytes
    release : callable or None
        To be called when the client has left; None lets it go at once.
    """

    line: bytes
    release: Callable[[], None] | None = None


class Listener(Protocol):
    """The daemon's end. It keeps to MAX_CLIENTS, MAX_LINE_BYTES and CLIENT_TIMEOUT_S."""

    async def start(self, reply: Callable[[bytes], Awaitable[Reply]]) -> None:
        """Answer each client's one line with what `reply` makes of it."""

    async def close(self) -> None:
        """Listen no more."""


def connect(timeout_s: float) -> ControlLink:
    """Reach the daemon; FileNotFoundError or ConnectionRefusedError when there is none."""
    if PIPES:
        from posture.control.pipe import PipeLink
        from posture.paths import pipe_name

        return PipeLink(pipe_name(), "AF_PIPE", timeout_s)
    from posture.control.unix import UnixLink

    return UnixLink(timeout_s)


def listener() -> Listener:
    """What the daemon listens on."""
    if PIPES:
        from posture.control.pipe import PipeListener
        from posture.paths import pipe_name

        return PipeListener(pipe_name(), "AF_PIPE")
    from posture.control.unix import UnixListener

    return UnixListener()


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
    with contextlib.closing(_connect(timeout_s)) as link:
        return _exchange(link, command, args)


@contextlib.contextmanager
def borrow_camera(reason: str) -> Iterator[bool]:
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
    with contextlib.closing(link):
        _exchange(link, "hold", {"reason": reason})
        yield True


def _connect(timeout_s: float) -> ControlLink:
    try:
        return connect(timeout_s)
    except (FileNotFoundError, ConnectionRefusedError):
        raise NotRunningError from None
    except TimeoutError:
        raise _silent() from None
    except OSError as error:
        raise PostureError(f"The daemon cannot be asked ({error.strerror or error}).") from None


def _exchange(link: ControlLink, command: str, args: dict[str, Any]) -> dict[str, Any]:
    try:
        line = link.exchange(json.dumps({"v": VERSION, "do": command, "args": args}).encode() + b"\n")
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
    """Answers requests; no client can stall or end the daemon.

    Parameters
    ----------
    handle : callable
        Does what was asked and gives the result; a PostureError of it goes back as its sentence.
    hold : callable
        Gives the camera away, for a reason, and returns what takes it back.
    """

    def __init__(self, handle: Handler, hold: Callable[[str], Callable[[], None]]) -> None:
        self._handle, self._hold = handle, hold
        self._listener: Listener | None = None

    async def start(self) -> None:
        """Listen; the caller holds the lock of the one daemon.

        Raises
        ------
        PostureError
            The place to listen at cannot be used.
        """
        found = listener()
        await found.start(self.reply)
        self._listener = found

    async def close(self) -> None:
        """Listen no more."""
        if self._listener is not None:
            await self._listener.close()

    async def reply(self, line: bytes) -> Reply:
        """Do what a line asks; whatever it is, there is an answer."""
        release: Callable[[], None] | None = None
        try:
            command, args = _request(line)
            if command == "hold":
                reason = args.get("reason")
                # Halves of characters are nothing that the history could keep.
                said = reason.encode(errors="replace").decode()[:60] if isinstance(reason, str) else ""
                release = self._hold(said or "camera in use")
                result: dict[str, Any] = {}
            else:
                result = await self._handle(command, args)
        except PostureError as error:
            return Reply(refusal(str(error)))
        return Reply(json.dumps({"v": VERSION, "ok": True, "result": result}).encode() + b"\n", release)


def refusal(sentence: str) -> bytes:
    """The line that refuses, with a sentence."""
    return json.dumps({"v": VERSION, "ok": False, "error": sentence}).encode() + b"\n"


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
