"""A reminder, as the coach hands it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ReminderKind = Literal["stand", "move", "stretch", "posture", "sit"]


@dataclass(frozen=True)
class Reminder:
    """One reminder.

    Attributes
    ----------
    t_s : float
        Seconds on the source's clock.
    kind : {"stand", "move", "stretch", "posture", "sit"}
    title, body : str
        What the notification says.
    why : str
        Which measure, for how long, against which limit.
    covers : tuple of str
        Kinds of the reminders that were due as well and are merged into this one.
    side : {"left", "right"} or None
        The side that a stretch starts with; None for other kinds.
    repeat : bool
        It is given for the second and last time.
    exercise : str
        Id of the exercise that it names; empty if none.
    """

    t_s: float
    kind: ReminderKind
    title: str
    body: str
    why: str
    covers: tuple[ReminderKind, ...] = ()
    side: Literal["left", "right"] | None = None
    repeat: bool = False
    exercise: str = ""
