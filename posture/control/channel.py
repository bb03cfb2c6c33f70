"""Asking the daemon and answering for it, over a socket or, on Windows, a named pipe.

What carries the lines of `protocol` is chosen in `connect` and `listener`, and nowhere else. This module imports only
what light commands can afford.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any

from posture.control import protocol
from posture.errors import PostureError
from posture.language import mark, tr

if TYPE_CHECKING:
    from posture.control.ends import ControlLink, Listener, Reply

ANSWER_TIMEOUT_S = 3.0
ASKED_AGAIN_S = 0.2
REMADE_S = 5.0
"""A daemon whose socket was removed makes it anew within seconds."""
ENDED = mark("The daemon has ended without saying so: see posture logs, and posture start.")
NO_ANSWER = mark("The daemon does not answer: run posture restart, and see posture logs.")


def connect(timeout_s: float, path: str = "") -> ControlLink:
    """Reach the daemon at its usual place or, on Unix, at the socket that `path` names.

    FileNotFoundError or ConnectionRefusedError when there is none.
    """
    if sys.platform == "win32":
        from posture.control.named_pipe import connected, server_of
        from posture.control.pipe import PipeLink
        from posture.paths import pipe_name

        reached = connected(pipe_name(), timeout_s)
        return PipeLink(reached, timeout_s, server_of(reached.handle))
    else:
        from posture.control.unix import UnixLink

        return UnixLink(timeout_s, path)


def listener() -> Listener:
    """What the daemon listens on."""
    if sys.platform == "win32":
        from posture.control.named_pipe import NamedPipe
        from posture.control.pipe import PipeListener
        from posture.paths import pipe_name

        return PipeListener(NamedPipe(pipe_name()))
    else:
        from posture.control.unix import UnixListener

        return UnixListener()


class UnreachableError(PostureError):
    """There is a daemon, and nobody can reach it."""

    def __init__(self, pid: int) -> None:
        super().__init__(tr("posture is running (process {pid}) and cannot be reached: run posture restart.", pid=pid))


# -- asking ---------------------------------------------------------------------------------------------------------


def ask(command: str, timeout_s: float = ANSWER_TIMEOUT_S, **args: object) -> dict[str, Any]:
    """Ask the daemon to do something, and return the result.

    Parameters
    ----------
    timeout_s : float
        How long to wait for the answer.
    **args
        What the command takes, as plain JSON.

    Raises
    ------
    protocol.NotRunningError
        There is no daemon; a socket that one has left behind does not count.
    protocol.TakenError
        There is none, and another program has its place.
    PostureError
        It does not answer, is of another version, or refuses.
    """
    with contextlib.closing(_connect(timeout_s)) as link:
        return _exchange(link, command, args)


def ask_until(settled: Callable[[dict[str, Any]], bool], patience_s: float) -> dict[str, Any]:
    """Ask for the status until something in it is known, but no longer than so; errors as for `ask`."""
    until_s = time.monotonic() + patience_s
    while not settled(status := ask("status")) and time.monotonic() < until_s:
        time.sleep(ASKED_AGAIN_S)
    return status


def follow(most: int, output: int | None = None) -> Iterator[dict[str, Any]]:
    """Follow what happens: yield the status and the last events, see `posture.daemon.happenings`, then each that comes.

    It ends when the daemon says that it stops, or when nobody reads from the descriptor `output` any more. Errors are
    those of `ask`; a PostureError also says that the daemon was ended.
    """
    with contextlib.closing(_connect(ANSWER_TIMEOUT_S)) as link:
        lines = link.follow(protocol.request_line("events", {"recent": most, "follow": True}), output)
        try:
            yield protocol.parse_answer(next(lines, b""))
            for line in lines:
                event: dict[str, Any] = json.loads(line)
                yield event
                if event.get("event") == "stopped":
                    return
        except TimeoutError:
            raise _unanswered(tr(NO_ANSWER), link.server_pid) from None
        except (OSError, ValueError):
            raise PostureError(tr(ENDED)) from None
        if not _is_closed(output):
            raise PostureError(tr(ENDED))


def _is_closed(output: int | None) -> bool:
    """Whether nobody reads from a descriptor any more."""
    if output is None or sys.platform == "win32":
        return False
    else:
        import select

        waiting = select.poll()
        waiting.register(output, 0)
        return bool(waiting.poll(0))


def tell(command: str) -> None:
    """Have a daemon go by something at once; there may be none, or one of an older release."""
    with contextlib.suppress(PostureError):
        ask(command)


@contextlib.contextmanager
def borrow_camera(reason: str) -> Iterator[bool]:
    """Borrow the camera from the daemon for the block, and yield whether there was a daemon.

    The daemon takes it back even if the borrower is killed. `reason` is what `posture status` shows meanwhile, such as
    "calibrating".
    """
    try:
        link = _connect(ANSWER_TIMEOUT_S)
    except protocol.NotRunningError:
        yield False
        return
    with contextlib.closing(link):
        _exchange(link, "hold", {"reason": reason})
        yield True


def _connect(timeout_s: float) -> ControlLink:
    """Reach the daemon. It counts as not running only when nobody has its lock: its socket may have been removed."""
    no_place: PostureError = protocol.NotRunningError()
    try:
        try:
            return connect(timeout_s)
        except (FileNotFoundError, ConnectionRefusedError):
            pass
        except PostureError as error:  # there is no runtime folder here
            no_place = error
        from posture.control.instance import daemon_holder

        until_s = time.monotonic() + REMADE_S
        while (holder := daemon_holder()) is not None:
            with contextlib.suppress(FileNotFoundError, ConnectionRefusedError, PostureError):
                return connect(timeout_s, holder.socket)
            if time.monotonic() > until_s:
                raise UnreachableError(holder.pid)
            time.sleep(0.1)
        raise no_place
    except TimeoutError:
        raise _unanswered(tr(NO_ANSWER)) from None
    except BlockingIOError:  # too many wait to be let in
        raise _unanswered(tr(protocol.BUSY)) from None
    except OSError as error:
        raise _unanswered(
            tr("The daemon cannot be asked ({reason}): run posture restart.", reason=error.strerror or error)
        ) from None


def _unanswered(sentence: str, pid: int = 0) -> PostureError:
    """Give the error to raise where nobody answers: with this sentence where there is a daemon."""
    from posture.control.instance import daemon_holder

    return PostureError(sentence) if daemon_holder() is not None else protocol.TakenError(pid)


def _exchange(link: ControlLink, command: str, args: dict[str, Any]) -> dict[str, Any]:
    try:
        line = link.exchange(protocol.request_line(command, args))
    except TimeoutError:
        raise _unanswered(tr(NO_ANSWER), link.server_pid) from None
    except OSError:
        line = b""
    return protocol.parse_answer(line)


# -- answering ------------------------------------------------------------------------------------------------------

Handler = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]


class ControlServer:
    """Answers requests; no client can stall or end the daemon.

    Parameters
    ----------
    handle : callable
        Does what was asked and returns the result; the sentence of a PostureError goes back to the client.
    lend : callable
        Lends the camera, for a reason, and returns the function that takes it back.
    follow : callable, optional
        Begins to tell a client what happens, by the arguments of its request.
    """

    def __init__(
        self,
        handle: Handler,
        lend: Callable[[str], Callable[[], None]],
        follow: Callable[[dict[str, Any]], Awaitable[Reply]] | None = None,
    ) -> None:
        self._handle, self._lend, self._follow = handle, lend, follow
        self._listener: Listener | None = None

    async def start(self) -> None:
        """Listen; the caller has the lock of the one daemon. PostureError where the place cannot be listened at."""
        found = listener()
        await found.start(self.reply)
        self._listener = found

    async def renew(self) -> bool:
        """Listen anew if the place was removed; whether it was. PostureError as for `start`."""
        return self._listener is not None and await self._listener.renew()

    @property
    def place(self) -> str:
        """Where this listens."""
        return self._listener.place if self._listener is not None else ""

    async def close(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            await self._listener.close()

    async def reply(self, line: bytes) -> Reply:
        """Do what a line asks; there is an answer to any line."""
        from posture.control.ends import Reply

        try:
            command, args = protocol.parse_request(line)
            if command == "events" and self._follow is not None:
                return await self._follow(args)
            if command != "hold":
                return Reply(protocol.answer_line(await self._handle(command, args)))
        except PostureError as error:
            return Reply(protocol.refusal(str(error)))
        reason = args.get("reason")
        # Half of a surrogate pair could not be stored in the history.
        shown = reason.encode(errors="replace").decode()[:60] if isinstance(reason, str) else ""
        return Reply(protocol.answer_line({}), self._lend(shown or mark("camera in use")))
