"""A reminder, as the coach hands it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ReminderKind = Literal["stand", "move", "stretch", "posture", "sit", "eyes"]
ENOUGH = 0.9
"""Part of the time asked for that has to be seen off the chair: looks are seconds apart [design choice]."""


@dataclass(frozen=True)
class OwnText:
    """A user's own words for a kind of reminder; `{lasted}`, `{exercise}` and `{what}` are filled in."""

    kind: ReminderKind
    title: str = ""
    body: str = ""
    """Empty keeps the program's own."""


@dataclass(frozen=True)
class Reminder:
    """One reminder."""

    t_s: float
    """Seconds on the source's clock."""
    kind: ReminderKind
    title: str
    body: str
    """What the notification says."""
    why: str
    """Which measure, for how long, against which limit."""
    covers: tuple[ReminderKind, ...] = ()
    """Kinds of the reminders that were due as well and are merged into this one."""
    side: Literal["left", "right"] | None = None
    """The side that a stretch starts with; None for other kinds."""
    repeat: bool = False
    """It was given before in this episode, or was snoozed."""
    exercise: str = ""
    """Id of the exercise that it names; empty if none."""
    asks_s: float = 0.0
    """How long off the chair it asks for; 0 where that is not what it asks for."""
    said: bool = False
    """It asks whether the user still stands, as they said."""
    setting: str = ""
    value: str = ""
    """The setting whose limit was reached, and its value, as the user writes it."""
    let_pass: int = 0
    """How many of this kind were let pass just before it, one after another."""


@dataclass(frozen=True)
class Silence:
    """A reminder was due and was held back."""

    kind: ReminderKind
    why: str
    """Such as "snoozed"; the same words as long as it is the same reason."""
    setting: str = ""
    value: str = ""
    """The setting that says so, and its value; empty where none does."""
