"""A desktop without buses: Windows and macOS. It joins what the files of the system bring."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import NoReturn

from posture.desktop.desktop_base import Ears, Job
from posture.desktop.notices import Button, Notices
from posture.desktop.notices_bus import BusNotices
from posture.desktop.notify_base import Delivery
from posture.desktop.session import NativeSession
from posture.desktop.tray import tray_for
from posture.language import mark


def plain_notices(ears: Ears) -> Notices:
    """Make what shows reminders without buttons: what Linux has where there is no bus."""
    return BusNotices(None, ears.fallback(), ears.pressed, lambda what, why: ears.say("message", text=what, why=why))


class NativeDesktop:
    """See `posture.desktop.desktop_base.Desktop`.

    Parameters
    ----------
    session : NativeSession
        Hears of the session once it is started.
    notices : Notices
        Shows reminders.
    idle_s : callable
        Gives the seconds since the last input; None where that is not known. It answers at once.
    why_quiet : callable
        Gives the reason, in English, why reminders should wait, when told the names of programs; empty when they need
        not.
    """

    def __init__(
        self,
        ears: Ears,
        session: NativeSession,
        notices: Notices,
        idle_s: Callable[[], float | None],
        why_quiet: Callable[[Collection[str]], Awaitable[str]],
    ) -> None:
        self._ears, self.session, self._notices = ears, session, notices
        self._idle_s, self._why_quiet = idle_s, why_quiet
        self._tray = tray_for(None, ears.clicked)
        self._joined = asyncio.Event()

    @property
    def tray_note(self) -> str | None:
        """See `Desktop.tray_note`."""
        return self._tray.note if self._joined.is_set() else None

    def jobs(self) -> Mapping[str, Job]:
        """See `Desktop.jobs`."""
        return {
            mark("keeping the link to the desktop"): self._keep_tray,
            mark("listening to the session"): self._listen,
        }

    async def _keep_tray(self) -> NoReturn:
        try:
            await self._notices.start()
            await self._tray.start(self._ears.tray_state())
        finally:
            self._joined.set()
        self._ears.say("desktop", tray=self._tray.note)
        while True:
            await asyncio.Event().wait()

    async def _listen(self) -> NoReturn:
        try:
            await self.session.start()
            while True:
                await asyncio.Event().wait()
        finally:
            await self.session.close()

    def show_state(self) -> None:
        """See `Desktop.show_state`."""
        if self._joined.is_set():
            self._tray.show(self._ears.tray_state())

    async def notify(self, title: str, body: str, buttons: Sequence[Button]) -> Delivery:
        """See `Desktop.notify`."""
        await self._joined.wait()
        return await self._notices.show(title, body, buttons)

    async def withdraw(self) -> None:
        """See `Desktop.withdraw`."""
        await self._notices.withdraw()

    async def idle_s(self) -> float | None:
        """See `Desktop.idle_s`."""
        return self._idle_s()

    async def why_quiet(self, programs: Collection[str]) -> str:
        """See `Desktop.why_quiet`."""
        return await self._why_quiet(programs)

    async def close(self) -> None:
        """See `Desktop.close`."""
        await self._notices.close()
        await self._tray.close()
