"""The two ends of the control channel, whatever carries its lines, and what the daemon's answers with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import NamedTuple, Protocol


class ControlLink(Protocol):
    """A client's end of the channel."""

    @property
    def server_pid(self) -> int:
        """The process at the other end; 0 where the system does not say."""

    def exchange(self, line: bytes) -> bytes:
        """Send a line and return the answer, or what arrived of it before the daemon ended; OSError on failure."""

    def follow(self, line: bytes, output: int | None = None) -> Iterator[bytes]:
        """Send a line and yield its answer, then each line that comes, until the daemon hangs up.

        It also ends when nobody reads from the descriptor `output` any more, where the system can tell. OSError on
        failure, TimeoutError where there is no answer.
        """

    def close(self) -> None:
        """Hang up."""


class Reply(NamedTuple):
    """What goes back to a client."""

    line: bytes
    release: Callable[[], None] | None = None
    """If set, the connection stays open and this is called once the client has left."""
    more: AsyncIterator[bytes] | None = None
    """Lines that follow as they come; at their end the daemon hangs up."""


class Listener(Protocol):
    """The daemon's end. It keeps to MAX_CLIENTS, MAX_LINE_BYTES and CLIENT_TIMEOUT_S."""

    async def start(self, reply: Callable[[bytes], Awaitable[Reply]]) -> None:
        """Answer the one line of each client with what `reply` returns for it."""

    async def renew(self) -> bool:
        """Listen anew if the place was removed, keeping the clients; whether it was. PostureError if that fails."""

    @property
    def place(self) -> str:
        """Where this listens; empty before it does."""

    async def close(self) -> None:
        """Stop listening."""
