"""The daemon's connections to the desktop: session bus with tray and notices, system bus with logind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NoReturn

from posture.backoff import Backoff
from posture.clock import now_s
from posture.daemon.logs import Log
from posture.daemon.status import TRAY_AWAITED
from posture.desktop.bus import Bus, BusError
from posture.desktop.notices import Button, Notices
from posture.desktop.notify import open_notifier
from posture.desktop.session import SessionChange, SessionWatch
from posture.desktop.tray import tray_for
from posture.desktop.tray_base import Tray, TrayState
from posture.language import mark, tr
from posture.settings import DesktopSettings

SESSION_AGAIN, SYSTEM_AGAIN = Backoff(15.0, 120.0), Backoff(150.0, 600.0)
"""When a bus that is not there is looked for again: a desktop may begin later than the daemon [design choice]."""


class DesktopLink:
    """Shows the tray and notices, and hears of the session; a lost bus is looked for again.

    Parameters
    ----------
    settings : callable
        Returns the present settings.
    tray_state : callable
        Returns what a tray that has just appeared shows first.
    clicked : callable
        Called with the key of a menu item, or ``"activate"`` for the icon itself.
    pressed : callable
        Called with the key of a button of a notice.
    session_changed : callable
        Called when the screen is locked, the machine falls asleep and so on.
    """

    def __init__(
        self,
        log: Log,
        settings: Callable[[], DesktopSettings],
        tray_state: Callable[[], TrayState],
        clicked: Callable[[str], None],
        pressed: Callable[[str], None],
        session_changed: Callable[[SessionChange], None],
    ) -> None:
        self._log, self._settings, self._tray_state = log, settings, tray_state
        self._clicked, self._pressed = clicked, pressed
        self._session = SessionWatch(session_changed)
        self._tray: Tray | None = None
        self._notices: Notices | None = None
        self._tried = asyncio.Event()
        self._said: dict[str, tuple[object, ...]] = {}
        self._bus_note = TRAY_AWAITED
        self.bus: Bus | None = None
        self.notice_note = ""
        """Why the last notice was not shown by the desktop; empty when it was."""

    @property
    def tray_note(self) -> str:
        """Why there is no icon; empty when there is one."""
        return self._tray.note if self._tray is not None and not self._bus_note else self._bus_note

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
            self.bus, self._bus_note = None, why or self._bus_note
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
                await self._session.watch_logind(bus)
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
            self._log.write(event, **what)

    async def _join(self, bus: Bus | None) -> None:
        self.bus = bus
        # Without a bus, notices go to the log: nobody reads the terminal of a daemon.
        fallback = open_notifier(self._settings(), lambda line: self._log.write("message", text=line))
        self._notices = Notices(bus, fallback, self._pressed, self._not_shown)
        await self._notices.start()
        self._tray = tray_for(bus, self._clicked)
        await self._tray.start(self._tray_state())
        self._bus_note = ""
        if bus is not None:
            await self._session.watch_lockers(bus)

    def _not_shown(self, message: str, why: str) -> None:
        self._log.write("message", text=message, why=why)

    def show(self) -> None:
        """Show the present state in the tray."""
        if self._tray is not None:
            self._tray.show(self._tray_state())

    async def notify(self, title: str, body: str, buttons: Sequence[Button] = ()) -> None:
        """Show a notice in place of the last one, or log it where notices are turned off or impossible.

        The labels of its buttons may be marked texts.
        """
        await self._tried.wait()  # a notice of the first second waits until it is known whether there is a desktop
        if self._notices is None or not self._settings().notifications:
            self._log.write("message", title=title, body=body)
            return
        spoken = [Button(button.key, tr(button.label)) for button in buttons]
        delivery = await self._notices.show(title, body, spoken)
        self.notice_note = "" if delivery.via == "desktop" else delivery.note
        self._log.write("notice", title=title, via=delivery.via, note=delivery.note)

    async def withdraw(self) -> None:
        """Take away the notice that is shown, if there is one."""
        if self._notices is not None:
            await self._notices.withdraw()

    def forget_screen(self) -> None:
        """Count the session as unlocked, shown and awake until something else is heard."""
        self._session.locked = self._session.asleep = self._session.hidden = False

    async def close(self) -> None:
        """Take tray and notice away."""
        if self._notices is not None:
            await self._notices.close()
        if self._tray is not None:
            await self._tray.close()
        if self.bus is not None:
            self.bus.close()
