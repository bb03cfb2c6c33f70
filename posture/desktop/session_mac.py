"""The session on macOS: not heard yet."""

from __future__ import annotations

from collections.abc import Callable

from posture.desktop.session import NativeSession, SessionChange


class MacSession(NativeSession):
    """Hears of lock, sleep and user switch; `end` is called when the session ends."""

    def __init__(self, happened: Callable[[SessionChange], None], end: Callable[[], None]) -> None:
        super().__init__(happened)
        self._end = end

    async def start(self) -> None:
        """Listen, and take how the session stands now."""

    async def close(self) -> None:
        """Listen no longer."""


def on_battery() -> bool | None:
    """Whether the machine runs on battery; None where it has none, or that is not known."""
    return None
