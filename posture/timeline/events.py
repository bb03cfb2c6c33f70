"""What the timeline says. All times are seconds on the source's clock (`t_s`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from posture.measure.observation import Deviation, Presence

__all__ = [
    "BoutEnded",
    "BoutStarted",
    "DeviationEnded",
    "DeviationStarted",
    "Event",
    "PosturalShift",
    "PresenceChanged",
]


@dataclass(frozen=True)
class PresenceChanged:
    """A new presence has held for its dwell; it began at `since_s`, and `was` ended there."""

    t_s: float
    since_s: float
    presence: Presence
    was: Presence
    reason: str = ""


@dataclass(frozen=True)
class BoutStarted:
    """Sitting began at `since_s`."""

    t_s: float
    since_s: float


@dataclass(frozen=True)
class BoutEnded:
    """A sitting bout from `since_s` to `until_s` is over; `sitting_s` of it was seen as sitting.

    `ended_by` is "break" (away or standing for the break length, seen), "unknown" (lost from sight, not a break) or
    "end" (watching stopped).
    """

    t_s: float
    since_s: float
    until_s: float
    sitting_s: float
    ended_by: Literal["break", "unknown", "end"]


@dataclass(frozen=True)
class DeviationStarted:
    """A deviation has held for its dwell; it began at `since_s`. `level` is its size in parts of the threshold."""

    t_s: float
    since_s: float
    kind: Deviation
    level: float


@dataclass(frozen=True)
class DeviationEnded:
    """An active deviation was over at `until_s`."""

    t_s: float
    since_s: float
    until_s: float
    kind: Deviation


@dataclass(frozen=True)
class PosturalShift:
    """The person took another posture and kept it."""

    t_s: float
    since_s: float


Event = PresenceChanged | BoutStarted | BoutEnded | DeviationStarted | DeviationEnded | PosturalShift
