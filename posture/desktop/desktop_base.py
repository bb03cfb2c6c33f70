"""What every desktop shares, as the daemon sees it; `posture.desktop.desktop` chooses one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, Protocol

from posture.desktop.notices import Button
from posture.desktop.notify_base import Delivery, Notifier
from posture.desktop.session import SessionChange, SessionWatch
from posture.desktop.tray_base import TrayState

Job = Callable[[], Coroutine[Any, Any, NoReturn]]


class Say(Protocol):
    """Writes a line to the log."""

    def __call__(self, event: str, **what: object) -> None:
        """Write what has happened, and what belongs to it."""


@dataclass(frozen=True)
class Ears:
    """What a desktop asks of the daemon, and tells it. All is called in the daemon's loop."""

    tray_state: Callable[[], TrayState]
    """What the tray shows now."""
    fallback: Callable[[], Notifier]
    """What shows messages where the desktop has no better way."""
    clicked: Callable[[str], None]
    """Called with the key of a menu item, or ``"activate"`` for the icon itself."""
    pressed: Callable[[str], None]
    """Called with the key of a button of a notice."""
    session_changed: Callable[[SessionChange], None]
    """Called when the screen is locked, the machine falls asleep and so on."""
    end: Callable[[], None]
    """Called when the session ends, and the daemon has to."""
    say: Say
    """Writes to the log."""


class Desktop(Protocol):
    """A desktop: it tells of the session, says whether now is a good time, and shows tray and notices."""

    @property
    def session(self) -> SessionWatch:
        """How the session stands."""

    @property
    def tray_note(self) -> str | None:
        """Why there is no icon; empty when there is one, None while that is not known yet."""

    def jobs(self) -> Mapping[str, Job]:
        """Give, by their names, what the daemon keeps going while it runs; none ends by itself."""

    def show_state(self) -> None:
        """Show the present state in the tray."""

    async def notify(self, title: str, body: str, buttons: Sequence[Button]) -> Delivery:
        """Show a notice in place of the last one; never fails. See `posture.desktop.notices.Notices`."""

    async def withdraw(self) -> None:
        """Take away the notice that is shown, if there is one."""

    async def idle_s(self) -> float | None:
        """Give the seconds since the last input of keyboard or mouse; None where that is not known."""

    async def why_quiet(self, programs: Collection[str]) -> str:
        """Give the reason, in English, why reminders should wait; empty when they need not.

        `programs` are the names of programs while one of which runs it is quiet.
        """

    async def close(self) -> None:
        """Take tray and notice away, and listen no longer."""
