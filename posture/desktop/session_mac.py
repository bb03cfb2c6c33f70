"""The session on macOS: sleep is heard, lock and user switch are looked up every two seconds.

macOS would tell of lock and user switch as well, but in the run loop of the main thread alone; the daemon's has none.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import NoReturn

from posture.desktop.power_mac import SleepWatch, lid_closed
from posture.desktop.screen_mac import screen
from posture.desktop.session import NativeSession, SessionChange

LOOK_S = 2.0
"""How often the screen is asked about; the camera closes that much later [design choice]."""


class MacSession(NativeSession):
    """See `posture.desktop.session.NativeSession`. At the end of a session launchd ends all that runs in it."""

    def __init__(self, happened: Callable[[SessionChange], None]) -> None:
        super().__init__(happened)
        self._sleep_watch: SleepWatch | None = None
        self._looking: asyncio.Task[NoReturn] | None = None

    async def start(self) -> None:
        """See `NativeSession.start`."""
        loop = asyncio.get_running_loop()
        if self._sleep_watch is None:  # it listens as long as the process lives
            self._sleep_watch = SleepWatch(lambda asleep: loop.call_soon_threadsafe(self._slept, asleep))
            self._sleep_watch.start()
        self._look()
        self._looking = loop.create_task(self._keep_looking())

    async def close(self) -> None:
        """See `NativeSession.close`."""
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking
            self._looking = None

    async def _keep_looking(self) -> NoReturn:
        while True:
            await asyncio.sleep(LOOK_S)
            self._look()

    def _look(self) -> None:
        found = screen()
        if found is not None:
            locked, elsewhere = found
            self.lock(locked)
            self.hide(elsewhere)

    def _slept(self, asleep: bool) -> None:
        self.sleep(asleep, lid_closed=asleep and lid_closed())
        self._look()
