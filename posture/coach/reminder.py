"""What the coach says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Reminder", "ReminderKind"]

ReminderKind = Literal["stand", "move", "stretch", "posture", "sit"]


@dataclass(frozen=True)
class Reminder:
    """One thing said to the user.

    Attributes
    ----------
    t_s : float
        Seconds on the source's clock.
    kind : {"stand", "move", "stretch", "posture", "sit"}
    title, body : str
        What the notification says.
    why : str
        Which measure, how long, which threshold.
    covers : tuple of str
        Reminders that were due as well and are merged into this one.
    side : {"left", "right"} or None
        The side to start a stretch with.
    repeat : bool
        The second and last time it is said.
    exercise : str
        Id of the exercise that it names; empty when it names none.
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
