"""A Linux desktop: the session bus with tray and notices, the system bus with logind."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from typing import NoReturn

from posture.backoff import Backoff
from posture.clock import now_s
from posture.desktop.bus import Bus, BusError
from posture.desktop.desktop_base import Ears, Job
from posture.desktop.idle_linux import idle_s
from posture.desktop.idle_wayland import WaylandIdle
from posture.desktop.notices import Button
from posture.desktop.notices_bus import BusNotices
from posture.desktop.notify_base import Delivery
from posture.desktop.quiet_linux import why_quiet
from posture.desktop.session_linux import LinuxSession
from posture.desktop.tray import tray_for
from posture.desktop.tray_base import Tray
from posture.language import mark

SESSION_AGAIN, SYSTEM_AGAIN = Backoff(15.0, 120.0), Backoff(150.0, 600.0)
"""When a bus that is not there is looked for again: a desktop may begin later than the daemon [design choice]."""


class LinuxDesktop:
    """Shows the tray and notices, and hears of the session; a lost bus is looked for again."""

    def __init__(self, ears: Ears) -> None:
        self._ears = ears
        self.session = LinuxSession(ears.session_changed)
        self._tray: Tray | None = None
        self._notices: BusNotices | None = None
        self._tried = asyncio.Event()
        self._said: dict[str, tuple[object, ...]] = {}
        self._bus_note: str | None = None
        self._bus: Bus | None = None
        self._wayland_idle = WaylandIdle()

    @property
    def tray_note(self) -> str | None:
        """See `Desktop.tray_note`."""
        return self._tray.note if self._tray is not None and self._bus_note == "" else self._bus_note

    def jobs(self) -> Mapping[str, Job]:
        """See `Desktop.jobs`."""
        return {
            mark("keeping the link to the desktop"): self.keep_session_bus,
            mark("listening to the session"): self.keep_system_bus,
        }

    async def keep_session_bus(self) -> NoReturn:
        """Join the desktop, and again whenever its bus is lost; what is found is said once."""
        again, alone = SESSION_AGAIN, False
        while True:
            bus: Bus | None = Bus("session")
            assert bus is not None
            why = ""
            try:
                await bus.connect()
            except BusError:
                bus = None
            try:
                if bus is not None or not alone:
                    await self._join(bus)
                    alone = bus is None
                self._say("desktop", tray=self._tray.note if self._tray else "", bus=bus is not None)
                self._tried.set()
                if bus is not None:
                    again = again.reset()
                    await bus.lost()
                    why = mark("the session bus has closed")
            except BusError as error:
                why, alone = str(error), False
            self._bus, self._bus_note = None, why or self._bus_note
            self._tried.set()
            again = again.failed(now_s())
            await asyncio.sleep(again.wait_s)

    async def keep_system_bus(self) -> NoReturn:
        """Listen to logind, and look for it again whenever it is gone."""
        again = SYSTEM_AGAIN
        while True:
            bus = Bus("system")
            try:
                await bus.connect()
                await self.session.watch_logind(bus)
                self._say("logind", found=True)
                again = again.reset()
                await bus.lost()
            except BusError as error:
                self._say("logind", found=False, why=str(error))
            bus.close()
            again = again.failed(now_s())
            await asyncio.sleep(again.wait_s)

    def _say(self, event: str, **what: object) -> None:
        """Write to the log what has changed since it was last said."""
        if self._said.get(event) != tuple(what.values()):
            self._said[event] = tuple(what.values())
            self._ears.say(event, **what)

    async def _join(self, bus: Bus | None) -> None:
        self._bus = bus
        self._notices = BusNotices(bus, self._ears.fallback(), self._ears.pressed, self._not_shown)
        await self._notices.start()
        self._tray = tray_for(bus, self._ears.clicked)
        await self._tray.start(self._ears.tray_state())
        self._bus_note = ""
        if bus is not None:
            await self.session.watch_lockers(bus)

    def _not_shown(self, message: str, why: str) -> None:
        self._ears.say("message", text=message, why=why)

    def show_state(self) -> None:
        """See `Desktop.show_state`."""
        if self._tray is not None:
            self._tray.show(self._ears.tray_state())

    async def notify(self, title: str, body: str, buttons: Sequence[Button]) -> Delivery:
        """See `Desktop.notify`; a notice of the first second waits until it is known whether there is a desktop."""
        await self._tried.wait()
        if self._notices is None:
            return Delivery("console", self._bus_note or "")
        return await self._notices.show(title, body, buttons)

    async def withdraw(self) -> None:
        """See `Desktop.withdraw`."""
        if self._notices is not None:
            await self._notices.withdraw()

    async def idle_s(self) -> float | None:
        """See `Desktop.idle_s`."""
        return await idle_s(self._bus, self._wayland_idle)

    async def why_quiet(self, programs: Collection[str]) -> str:
        """See `Desktop.why_quiet`; it is asked for a while before a reminder, so that idle time is known by then."""
        self._wayland_idle.begin()
        return await why_quiet(self._bus, programs)

    async def close(self) -> None:
        """See `Desktop.close`."""
        self._wayland_idle.end()
        if self._notices is not None:
            await self._notices.close()
        if self._tray is not None:
            await self._tray.close()
        if self._bus is not None:
            self._bus.close()
