"""Reminders on the desktop: said at a moment that does not disturb, and withdrawn once they are followed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from posture.clock import now_s
from posture.coach.reminder import Reminder, ReminderKind
from posture.coach.state import Due
from posture.coach.words import minutes
from posture.daemon.desktop_link import DesktopLink
from posture.daemon.due import ASK_BEFORE_S, ASK_DESKTOP_S, ASK_TYPING_BEFORE_S, Asking, asks_in_s
from posture.daemon.less_often import ASK
from posture.daemon.logs import Log
from posture.desktop.idle import TYPING, wait_for_typing
from posture.desktop.notices import Button
from posture.language import mark, tr
from posture.monitor.engine import Engine
from posture.settings import Settings, parse_names
from posture.timeline.events import DeviationEnded, Event, PosturalShift, PresenceChanged

FOLLOWED_BY: dict[ReminderKind, tuple[str, ...]] = {
    "stand": ("standing", "away"),
    "stretch": ("standing", "away"),
    "move": ("standing", "away"),
    "posture": ("standing", "away"),
    "sit": ("sitting", "away"),
    "eyes": ("standing", "away"),
}
"""The presences that show that a reminder was followed."""
# Translators: buttons of a notification, as short as can be: it has been done; say this less often; show me how.
DONE, LESS, SHOW = Button("done", mark("Done")), Button("less", mark("Less often")), Button("show", mark("Show me"))
NOT_SHOWN = "walk"
"""Nobody has to be shown how to walk."""


class Reminders:
    """The reminder on the screen, and the one that waits; `do` runs a coroutine in the background."""

    def __init__(
        self, log: Log, engine: Engine, desktop: DesktopLink, do: Callable[[Coroutine[Any, Any, None]], None]
    ) -> None:
        self._log, self._engine, self._desktop, self._do = log, engine, desktop, do
        self._shown: ReminderKind | None = None
        self.exercise = ""
        """What the reminder on the screen names and "Show me" shows; empty for nothing."""
        self._waits: tuple[float, str] | None = None  # since when, and why
        self._near = False
        self._quiet = ""
        self._typing_since_s: float | None = None
        self._asked_s = float("-inf")

    @property
    def shown(self) -> ReminderKind | None:
        """The kind of the reminder on the screen; None for none."""
        return self._shown

    @property
    def waiting(self) -> str:
        """Why a reminder that is due waits; empty when none does."""
        return self._waits[1] if self._waits is not None else ""

    @property
    def busy(self) -> bool:
        """Whether a reminder is shown that was neither answered nor followed, or waits, or comes in a moment."""
        return self._shown is not None or self._waits is not None or self._near

    def due_in_s(self, in_s: float | None) -> float:
        """In how many seconds `prepare` is to be called; the next reminder is due in `in_s`, None for none."""
        asking = Asking(in_s, now_s() - self._asked_s, self._near or self._waits is not None, bool(self._quiet))
        return asks_in_s(asking)

    async def prepare(self, settings: Settings, in_s: float, due: Due | None, elsewhere: str = "") -> None:
        """Before a reminder is due, ask the desktop whether it may be shown; while it may not, keep asking.

        Parameters
        ----------
        in_s : float
            Seconds until the reminder is due.
        due : Due or None
            As of the last look; None when none is in sight.
        elsewhere : str
            Why nobody reads the screen, although the camera looks on; empty while somebody may.
        """
        self._near = due is not None and in_s <= ASK_BEFORE_S
        if due is None or in_s > ASK_BEFORE_S:
            self._waits = self._typing_since_s = None
            return
        if now_s() - self._asked_s >= ASK_DESKTOP_S:
            self._asked_s = now_s()
            self._quiet = await self._desktop.why_quiet(parse_names(settings.coach.quiet_while))
        overdue = due.in_s <= 0
        reason = elsewhere or self._quiet or await self._typing(settings.desktop.typing_wait_s, in_s, overdue)
        self._engine.wait_for(reason, 3 * ASK_DESKTOP_S, passing=reason == TYPING)
        # Also one that has come due since the last look: nothing says "now" of what is not said now.
        if reason and in_s <= 0:
            if self._waits is None:
                self._log.write("waiting", kind=due.kind, reason=reason)
            self._waits = (self._waits[0] if self._waits else now_s(), reason)
        elif not reason and not overdue:
            self._waits = None

    async def _typing(self, most_s: float, in_s: float, overdue: bool) -> str:
        if in_s > ASK_TYPING_BEFORE_S or most_s <= 0:
            self._typing_since_s = None
            return ""
        untouched_s = await self._desktop.idle_s()
        self._typing_since_s, waits = wait_for_typing(self._typing_since_s, now_s(), overdue, untouched_s, most_s)
        return TYPING if waits else ""

    def show(self, reminder: Reminder, snooze_s: float, *, asks_less: bool = False) -> None:
        """Show a reminder; its snooze button lasts `snooze_s`, and `asks_less` asks whether to say it less often."""
        body = f"{reminder.body} {tr(ASK)}" if asks_less else reminder.body
        if self._waits is not None and now_s() - self._waits[0] >= 60:
            since_s, why = self._waits
            # Translators: of this reminder; {reason} is such as "the microphone is in use".
            waited = tr("(It waited {duration}: {reason}.)", duration=minutes(now_s() - since_s), reason=tr(why))
            body = f"{body} {waited}"
        self._waits = None
        self._log.write("reminder", kind=reminder.kind, title=reminder.title, why=reminder.why, covers=reminder.covers)
        self._shown = reminder.kind
        self.exercise = "" if reminder.exercise == NOT_SHOWN else reminder.exercise
        self._do(self._desktop.notify(reminder.title, body, self._buttons(reminder, snooze_s, asks_less=asks_less)))

    def _buttons(self, reminder: Reminder, snooze_s: float, *, asks_less: bool) -> tuple[Button, Button, Button]:
        """Desktops show three."""
        # Translators: buttons of a notification, as short as can be; the first: no reminders for {duration}.
        snooze = Button("snooze", tr("Snooze {duration}", duration=minutes(snooze_s)))
        if reminder.said:
            sits, stands = Button("sits", tr("I'm sitting")), Button("stands", tr("Still standing"))
            return sits, stands, LESS if asks_less else snooze
        if self.exercise:
            return SHOW, DONE, LESS if asks_less else snooze
        return DONE, snooze, LESS if asks_less else Button("meeting", tr("In a meeting"))

    def take_shown(self) -> ReminderKind | None:
        """The reminder on the screen; from now on it is not: a button was pressed, or another notice replaces it."""
        kind, self._shown = self._shown, None
        self.exercise = ""
        return kind

    def withdraw(self, *kinds: ReminderKind) -> None:
        """Withdraw the reminder on the screen if it is of one of these kinds."""
        if self._shown in kinds:
            self.take_shown()
            self._do(self._desktop.withdraw())

    def withdraw_after(self, event: Event) -> None:
        """Withdraw the reminder on the screen when the event shows that it was followed."""
        kind = self._shown
        if kind is None:
            return
        match event:
            case PresenceChanged():
                followed = event.presence in FOLLOWED_BY[kind]
            case DeviationEnded():
                followed = kind == "posture"
            case PosturalShift():
                followed = kind == "move"
            case _:
                followed = False
        if followed:
            self.withdraw(kind)
