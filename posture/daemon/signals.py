"""What the process that draws signals is to show now: the glow, the break card, and the soft sound.

The daemon draws nothing. It starts that process when there is something to show, and answers what it asks each second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from posture.coach.reminder import Reminder, ReminderKind
from posture.daemon.status import Status
from posture.language import tr
from posture.settings import SignalSettings

ON_CARD: tuple[ReminderKind, ...] = ("stand", "stretch")
"""The kinds that ask for a break; the others get no card [design choice]."""
SOUND_FOR_S = 10.0
"""A sound that was not played this long after its reminder is not played at all [design choice]."""
START_AGAIN_S = 20.0
"""The process has this long to ask before it is started again [design choice]."""
REFUSED_S = 600.0
"""Where it could not be started it is tried again after this [design choice]."""
FULL_LEVEL = 2.0
"""At this level of a deviation, in parts of its threshold, the glow has its whole strength [design choice]."""


@dataclass(frozen=True)
class Told:
    """A reminder that was shown, as the signals tell of it."""

    number: int
    """Counts from 1 in each run of the daemon."""
    at_s: float
    kind: ReminderKind
    title: str
    body: str
    exercise: str
    side: str


def glow_of(status: Status, settings: SignalSettings) -> float:
    """How strong the glow is, 0 to 1: half of the setting at a threshold, all of it at twice that; 0 for none."""
    silent = status.paused is not None or status.snoozed is not None or status.state != "sitting"
    if not settings.glow or silent or not status.active:
        return 0.0
    level = max(active.level for active in status.active)
    return settings.glow_strength * (0.5 + 0.5 * min(1.0, max(0.0, (level - 1.0) / (FULL_LEVEL - 1.0))))


def signals_json(
    status: Status, told: Told | None, shown: ReminderKind | None, settings: SignalSettings, now_s: float, quiet: str
) -> dict[str, Any]:
    """Give what is to be shown now.

    Parameters
    ----------
    told : Told or None
        The last reminder.
    shown : str or None
        The kind of the reminder that is on the screen: neither answered, nor followed, nor withdrawn.
    now_s : float
        On the clock of `Told.at_s`.
    quiet : str
        Why nothing may be shown; empty where it may.
    """
    found: dict[str, Any] = {"glow": 0.0 if quiet else glow_of(status, settings), "card": None, "sound": None}
    if told is None or shown != told.kind or status.paused is not None or status.snoozed is not None:
        return found
    since_s = now_s - told.at_s
    if settings.sound and since_s < SOUND_FOR_S:
        found["sound"] = {"number": told.number, "strength": settings.sound_strength}
    if settings.card and told.kind in ON_CARD and since_s < settings.card_for_s:
        found["card"] = {
            "number": told.number,
            "title": told.title,
            "body": told.body,
            "exercise": told.exercise,
            "side": told.side,
            "left_s": settings.card_for_s - since_s,
            "strength": settings.card_strength,
        }
    return found


def anything(found: dict[str, Any]) -> bool:
    """Whether there is something to show."""
    return bool(found["glow"] or found["card"] or found["sound"])


class Signals:
    """Starts the process that draws; `start` does so, and says whether it could be tried."""

    def __init__(self, start: Callable[[], bool]) -> None:
        self._start = start
        self._told: Told | None = None
        self._not_before_s = float("-inf")
        self.problem = ""
        """Why signals cannot be shown; empty where they can."""

    def remind(self, reminder: Reminder, now_s: float) -> None:
        """Take a reminder that is shown."""
        number = self._told.number + 1 if self._told is not None else 1
        self._told = Told(
            number, now_s, reminder.kind, reminder.title, reminder.body, reminder.exercise, reminder.side or "left"
        )

    def failed(self, why: str, now_s: float) -> None:
        """The process could not show anything."""
        self.problem = tr("Glow, card and sound are not shown: {why}", why=why)
        self._not_before_s = now_s + REFUSED_S

    def answer(
        self, status: Status, shown: ReminderKind | None, settings: SignalSettings, now_s: float, quiet: str
    ) -> dict[str, Any]:
        """Answer the process: it is there."""
        self._not_before_s, self.problem = now_s + START_AGAIN_S, ""
        return signals_json(status, self._told, shown, settings, now_s, quiet)

    def start_if_wanted(
        self, status: Status, shown: ReminderKind | None, settings: SignalSettings, now_s: float, quiet: str
    ) -> None:
        """Start the process if there is something to show, and none has asked for a while."""
        if not (settings.glow or settings.card or settings.sound):
            self.problem = ""
        elif now_s >= self._not_before_s and anything(signals_json(status, self._told, shown, settings, now_s, quiet)):
            self._not_before_s = now_s + START_AGAIN_S
            self._start()
