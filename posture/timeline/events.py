"""What the timeline takes in and what it says. All times are seconds on the source's clock (`t_s`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "DEVIATIONS",
    "BoutEnded",
    "BoutStarted",
    "Deviation",
    "DeviationEnded",
    "DeviationStarted",
    "Event",
    "Observation",
    "PosturalShift",
    "Presence",
    "PresenceChanged",
]

Presence = Literal["sitting", "standing", "away", "unknown"]

Deviation = Literal["slump", "forward_head", "lean_left", "lean_right", "shoulder_tilt", "head_tilt", "too_close"]
DEVIATIONS: tuple[Deviation, ...] = (
    "slump",
    "forward_head",
    "lean_left",
    "lean_right",
    "shoulder_tilt",
    "head_tilt",
    "too_close",
)


@dataclass(frozen=True)
class Observation:
    """What one look saw.

    Attributes
    ----------
    t_s : float
        Seconds on the source's clock.
    presence : {"sitting", "standing", "away", "unknown"}
        What this one look says, before any dwell.
    reason : str
        Why it is unknown, in plain words; empty otherwise.
    levels : mapping of deviation to float or None
        Size of each deviation in parts of its threshold (1.0 is at the threshold); None where it is not known.
    posture : tuple of float
        Where head and shoulders are, each in parts of a shift: two of them more than 1 apart are different postures.
        Empty where not known.
    distance_cm : float or None
        Eyes to camera.
    """

    t_s: float
    presence: Presence
    reason: str = ""
    levels: Mapping[Deviation, float | None] = field(default_factory=dict)
    posture: tuple[float, ...] = ()
    distance_cm: float | None = None


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
    """A held deviation was over at `until_s`."""

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
