"""What the daemon says to the desktop: it shows notices, and speaks them in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from posture.daemon.logs import Log
from posture.daemon.status import TRAY_AWAITED
from posture.desktop.desktop import desktop_for
from posture.desktop.desktop_base import Desktop, Ears, Job
from posture.desktop.notices import Button
from posture.desktop.notify import open_notifier
from posture.desktop.notify_base import Notifier
from posture.desktop.session import SessionChange
from posture.desktop.tray_base import TrayState
from posture.language import tr
from posture.settings import DesktopSettings


class DesktopLink:
    """The link to the desktop, which is another one on each system.

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
    end : callable
        Called when the session ends.
    """

    def __init__(
        self,
        log: Log,
        settings: Callable[[], DesktopSettings],
        tray_state: Callable[[], TrayState],
        clicked: Callable[[str], None],
        pressed: Callable[[str], None],
        session_changed: Callable[[SessionChange], None],
        end: Callable[[], None],
    ) -> None:
        self._log, self._settings = log, settings
        self.desktop: Desktop = desktop_for(
            Ears(tray_state, self._fallback, clicked, pressed, session_changed, end, log.write)
        )
        self.notice_note = ""
        """Why the last notice was not shown by the desktop; empty when it was."""

    def _fallback(self) -> Notifier:
        # What no desktop shows goes to the log: nobody reads the terminal of a daemon.
        return open_notifier(self._settings(), lambda line: self._log.write("message", text=line))

    @property
    def tray_note(self) -> str:
        """Why there is no icon; empty when there is one."""
        note = self.desktop.tray_note
        return TRAY_AWAITED if note is None else note

    def jobs(self) -> Mapping[str, Job]:
        """Give, by their names, what the daemon keeps going for the desktop."""
        return self.desktop.jobs()

    def show(self) -> None:
        """Show the present state in the tray."""
        self.desktop.show_state()

    async def idle_s(self) -> float | None:
        """Give the seconds since the last input of keyboard or mouse; None where that is not known."""
        return await self.desktop.idle_s()

    async def why_quiet(self, programs: Collection[str]) -> str:
        """Give the reason, in English, why reminders should wait; empty when they need not."""
        return await self.desktop.why_quiet(programs)

    async def notify(self, title: str, body: str, buttons: Sequence[Button] = ()) -> None:
        """Show a notice in place of the last one, or log it where notices are turned off or impossible.

        The labels of its buttons may be marked texts.
        """
        if not self._settings().notifications:
            self._log.write("message", title=title, body=body)
            return
        spoken = [Button(button.key, tr(button.label)) for button in buttons]
        delivery = await self.desktop.notify(title, body, spoken)
        self.notice_note = "" if delivery.via == "desktop" else delivery.note
        self._log.write("notice", title=title, via=delivery.via, note=delivery.note)

    async def withdraw(self) -> None:
        """Take away the notice that is shown, if there is one."""
        await self.desktop.withdraw()

    def forget_screen(self) -> None:
        """Count the session as unlocked, shown and awake until something else is heard."""
        self.desktop.session.forget()

    async def close(self) -> None:
        """Take tray and notice away."""
        await self.desktop.close()
