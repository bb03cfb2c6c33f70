"""Reminders on Windows with buttons, by desktop-notifier, in a thread of its own.

Its calls into Windows block, so a loop in that thread makes them, and answers come to it; one that takes longer than
TIMEOUT_S is left behind there, and the reminder is shown without buttons. The backend is used by itself: what chooses
one asks WMI which Windows this is, which can hang. It has no network code, and is given no picture but posture's icon.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from typing import Any

from posture.desktop.launcher import icon_file
from posture.desktop.notices import Button, Notices
from posture.desktop.notify_base import TIMEOUT_S, Delivery
from posture.event_loop import loop_factory
from posture.language import mark, tr
from posture.plain_text import plain, plain_lines
from posture.windows_programs import registry

APP = "Posture"
"""Under this name, with its icon, Windows shows the notices and lists posture in its settings."""
APP_KEY = rf"Software\Classes\AppUserModelId\{APP}"
# Translators: the names of the settings are those that Windows has in your language.
REFUSED = mark("Windows is set to show no notifications of posture: see Settings > System > Notifications.")
FROZEN = mark("The notification service has not answered within {seconds} s: log out and in again.")
STILL_FROZEN = mark("The notification service still has not answered: log out and in again.")
NOT_TAKEN = mark("Windows has not taken the notification ({why}).")


class WindowsNotices:
    """See `posture.desktop.notices.Notices`.

    Parameters
    ----------
    plain_ones : Notices
        Shows reminders without buttons, where Windows takes none with them.
    pressed : callable
        Called with the key of the button that was pressed.
    """

    def __init__(self, plain_ones: Notices, pressed: Callable[[str], None]) -> None:
        self._plain_ones, self._pressed = plain_ones, pressed
        self._here: asyncio.AbstractEventLoop | None = None  # the daemon's
        self._loop: asyncio.AbstractEventLoop | None = None  # that of the thread
        self._backend: Any = None  # touched in the thread only
        self._busy: Future[Any] | None = None
        self._number = 0
        self._wanted = 0  # the number of the message that is to be on the screen; 0 for none
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """See `Notices.start`."""
        self._here = asyncio.get_running_loop()
        await self._plain_ones.start()
        if self._loop is None:
            self._loop = (loop_factory() or asyncio.new_event_loop)()
            threading.Thread(target=self._loop.run_forever, name="posture-notice", daemon=True).start()
        # To load the packages takes seconds while a session begins: no reminder waits for it later.
        asyncio.run_coroutine_threadsafe(self._prepare(), self._loop)

    async def show(self, title: str, body: str, buttons: Sequence[Button] = ()) -> Delivery:
        """See `Notices.show`."""
        async with self._turn:
            before, self._number = self._wanted, self._number + 1
            self._wanted = self._number
            why = await self._in_thread(self._send(self._number, before, title, body, buttons))
            if not why:
                return Delivery("desktop")
            if why == tr(REFUSED):
                return Delivery("console", why)
            delivery = await self._plain_ones.show(title, body, buttons)
            return Delivery(delivery.via, " ".join(part for part in (why, delivery.note) if part))

    async def withdraw(self) -> None:
        """See `Notices.withdraw`."""
        async with self._turn:
            shown, self._wanted = self._wanted, 0
            if shown:
                await self._in_thread(self._take_away(shown))
            await self._plain_ones.withdraw()

    async def close(self) -> None:
        """See `Notices.close`."""
        if self._loop is not None:
            await self.withdraw()
        await self._plain_ones.close()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._loop = None

    async def _in_thread(self, job: Coroutine[Any, Any, str]) -> str:
        """Do a job in the thread, and give why it failed; empty when it has not."""
        if self._busy is not None and not self._busy.done():
            job.close()
            return tr(STILL_FROZEN)
        assert self._loop is not None, "it was started"
        self._busy = asyncio.run_coroutine_threadsafe(job, self._loop)
        call = asyncio.wrap_future(self._busy)
        done, _ = await asyncio.wait([call], timeout=TIMEOUT_S)
        return call.result() if done else tr(FROZEN, seconds=f"{TIMEOUT_S:g}")

    # -- in the thread ------------------------------------------------------------------------------------------------

    async def _prepare(self) -> None:
        with contextlib.suppress(Exception):  # `_send` tries it again, and says why
            self._backend = backend(self._take)

    async def _send(self, number: int, before: int, title: str, body: str, buttons: Sequence[Button]) -> str:
        try:
            from desktop_notifier import common

            if self._backend is None:
                self._backend = backend(self._take)
            if not await self._backend.has_authorisation():
                return tr(REFUSED)
            if before:
                await self._backend.clear(_name(before))
            taken: list[bool] = []
            notice = common.Notification(
                title=plain(" ".join(title.split())),
                message=plain_lines(body),
                buttons=tuple(common.Button(title=plain(each.label), identifier=each.key) for each in buttons),
                on_dispatched=lambda: taken.append(True),
                identifier=_name(number),
            )
            await self._backend.send(notice)  # what fails in it is only logged
        except Exception as error:  # of the packages, or of Windows
            return tr(NOT_TAKEN, why=str(error).strip() or type(error).__name__)
        if not taken:
            return tr(NOT_TAKEN, why=tr("it gives no reason"))
        if number != self._wanted:  # given up meanwhile
            await self._take_away(number)
        return ""

    async def _take_away(self, number: int) -> str:
        with contextlib.suppress(Exception):  # it is gone, or its service is
            if self._backend is not None:
                await self._backend.clear(_name(number))
        return ""

    def _take(self, name: str, key: str) -> None:
        if self._here is not None and name == _name(self._wanted):
            with contextlib.suppress(RuntimeError):  # the daemon has ended
                self._here.call_soon_threadsafe(self._pressed, key)


def _name(number: int) -> str:
    return f"posture-{number}"


def backend(pressed: Callable[[str, str], None]) -> Any:
    """Make the backend; Windows learns posture's name and icon from the user's registry."""
    from desktop_notifier import common
    from desktop_notifier.backends.winrt import WinRTDesktopNotifier

    icon = icon_file(128)
    made = WinRTDesktopNotifier(APP, common.Icon(path=icon))
    made.on_button_pressed = pressed
    winreg = registry()
    with contextlib.suppress(OSError), winreg.CreateKey(winreg.HKEY_CURRENT_USER, APP_KEY) as key:
        winreg.SetValueEx(key, "IconUri", 0, winreg.REG_SZ, str(icon))  # a path; what was written is an address
    return made
