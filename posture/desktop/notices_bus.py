"""Reminders over the session bus, with buttons; where there is none, on any system, plainly.

The daemon's own connection to the session bus is used, since only then a pressed button is reported back; where there
is no bus, as on Windows and macOS, `notify`, without buttons. Whatever the notification service does, a
call ends within about 2 s and nothing piles up behind it.

The number of a message belongs to the program that gave it. So a message is sent to the program that owns the name of
the service now, by its own name: one that takes its place never gets a number of another, and nobody else presses a
button.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import escape
from typing import TYPE_CHECKING, Any

from posture.desktop.bus import Bus, BusError
from posture.desktop.launcher import icon_file
from posture.desktop.notices import Button
from posture.desktop.notify_base import TIMEOUT_S, Delivery, Notifier
from posture.language import tr
from posture.plain_text import plain, plain_lines

if TYPE_CHECKING:
    from dbus_fast import Message

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
NORMAL = 1  # critical (2) breaks through do-not-disturb and stays: it is never used
ICON = icon_file().as_uri()
"""The program's icon, wherever it is installed."""
AFTER_PRESS_S = 1.0
"""What was answered and is still shown then is taken away [design choice]."""
MOST_EARLY = 16
"""Signals kept while a message is under way: they may be of it, and come before the answer that gives its number."""


class BusNotices:
    """Shows reminders: see `posture.desktop.notices.Notices`.

    Parameters
    ----------
    bus : Bus or None
        The connected session bus.
    fallback : Notifier
        Shows messages where there is no bus; called in a thread of its own.
    pressed : callable
        Called with the key of the button that was pressed.
    say : callable
        Takes a message that could not be shown, and the reason, for the log.
    """

    def __init__(
        self, bus: Bus | None, fallback: Notifier, pressed: Callable[[str], None], say: Callable[[str, str], None]
    ) -> None:
        self._bus, self._fallback, self._pressed, self._say = bus, fallback, pressed, say
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="posture-notice")
        self._busy: asyncio.Future[Any] | None = None
        self._service = ""  # the program that has shown the last message, by its own name on the bus
        self._shown = 0  # its number of the message on the screen; 0 for none
        self._early: list[Message] = []
        self._wanted = False
        self._messages = 0  # how many there were: a later one may have the same number of the service
        self._later: asyncio.Future[None] | None = None
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """Listen for buttons."""
        if self._bus is not None:
            await self._bus.listen(NAME, self._heard, interface=NAME)

    async def show(self, title: str, body: str, buttons: Sequence[Button] = ()) -> Delivery:
        """See `Notices.show`."""
        async with self._turn:
            self._wanted = True
            self._messages += 1
            try:
                if self._bus is None:
                    return await self._in_worker(title, body)
                await self._on_bus(self._bus, title, body, buttons)
                return Delivery("desktop")
            except BusError as error:
                self._say(f"{title}: {body}", str(error))
                return Delivery("console", str(error))

    async def withdraw(self) -> None:
        """Withdraw what is shown, if anything is."""
        async with self._turn:
            self._wanted = False
            await self._take_away()

    async def close(self) -> None:
        """Withdraw what is shown, without waiting for calls that are under way."""
        await self.withdraw()
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def _on_bus(self, bus: Bus, title: str, body: str, buttons: Sequence[Button]) -> None:
        from dbus_fast import Variant

        self._refuse_while_busy()
        # This starts a service where there is none yet.
        (capabilities,) = await bus.call(NAME, PATH, NAME, "GetCapabilities", answer="as", timeout_s=TIMEOUT_S)
        service = await bus.owner(NAME)
        if not service:
            raise BusError(tr("The notification service has just ended."), "closed")
        if service != self._service:
            self._service, self._shown = service, 0
        text = plain_lines(body)
        text = escape(text, quote=False) if "body-markup" in capabilities else text
        actions = (
            [part for button in buttons for part in (button.key, button.label)] if "actions" in capabilities else []
        )
        hints = {
            "urgency": Variant("y", NORMAL),
            "desktop-entry": Variant("s", "posture"),
            "category": Variant("s", "presence"),
        }
        # What can be answered stays until it is, or is withdrawn; where there are no buttons it goes by itself.
        stays_ms = 0 if actions else -1
        summary = plain(" ".join(title.split()))
        arguments = ["Posture", self._shown, ICON, summary, text, actions, hints, stays_ms]
        # Never cancelled: when a frozen service wakes up, its answer tells what to withdraw.
        call = asyncio.ensure_future(
            bus.call(service, PATH, NAME, "Notify", "susssasa{sv}i", *arguments, answer="u", timeout_s=None)
        )
        self._early = []
        call.add_done_callback(self._answered)
        self._busy = call
        done, _ = await asyncio.wait([call], timeout=TIMEOUT_S)
        if not done:
            raise _frozen(TIMEOUT_S)
        await call

    async def _in_worker(self, title: str, body: str) -> Delivery:
        self._refuse_while_busy()
        call = asyncio.get_running_loop().run_in_executor(self._worker, self._fallback.send, title, body)
        self._busy = call
        done, _ = await asyncio.wait([call], timeout=2 * TIMEOUT_S)
        if not done:
            raise _frozen(2 * TIMEOUT_S)
        return await call

    def _refuse_while_busy(self) -> None:
        if self._busy is not None and not self._busy.done():
            raise BusError(
                tr("The notification service still has not answered: restart it, or log in again."), "timeout"
            )

    def _answered(self, call: asyncio.Future[list[Any]]) -> None:
        early, self._early = self._early, []
        if call.cancelled() or call.exception() is not None:
            return
        self._shown = call.result()[0]
        for message in early:
            self._take(message)
        if not self._wanted:
            self._later = asyncio.ensure_future(self._take_away())

    async def _take_away(self) -> None:
        if self._bus is None or not self._shown:
            return
        number, self._shown = self._shown, 0
        try:
            await self._bus.call(self._service, PATH, NAME, "CloseNotification", "u", number, timeout_s=TIMEOUT_S)
        except BusError:
            return  # it is gone, or its service is

    def _heard(self, message: Message) -> None:
        if message.interface != NAME or message.sender != self._service:
            return
        under_way = self._busy is not None and not self._busy.done()
        if under_way and message.body and message.body[0] != self._shown:
            self._early = [*self._early, message][-MOST_EARLY:]
        self._take(message)

    def _take(self, message: Message) -> None:
        """Take a signal if it is of the message that is shown."""
        if not self._shown or not message.body or message.body[0] != self._shown:
            return
        if message.member == "NotificationClosed" and message.signature == "uu":
            self._shown = 0
        elif message.member == "ActionInvoked" and message.signature == "us":
            # Most services take it away themselves by then; mako leaves it to its user, who has just answered it.
            asyncio.get_running_loop().call_later(AFTER_PRESS_S, self._close_answered, self._messages)
            self._pressed(message.body[1])

    def _close_answered(self, message: int) -> None:
        if self._shown and message == self._messages:
            self._later = asyncio.ensure_future(self._take_away())


def _frozen(waited_s: float) -> BusError:
    return BusError(
        tr(
            "The notification service has not answered within {seconds} s: restart it, or log in again.",
            seconds=f"{waited_s:g}",
        ),
        "timeout",
    )
