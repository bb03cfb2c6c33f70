"""The events of the timeline. All times are seconds on the source's clock; `t_s` is when it became certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from posture.measure.observation import Deviation, Presence
from posture.timeline.state import UnknownKind


@dataclass(frozen=True)
class PresenceChanged:
    """A new presence has lasted for its dwell; it began at `since_s`, where `was` ended."""

    t_s: float
    since_s: float
    presence: Presence
    was: Presence
    reason: str = ""
    unknown: UnknownKind | None = None
    """What is likely, if it is unknown now."""


@dataclass(frozen=True)
class BoutStarted:
    """Sitting began at `since_s`."""

    t_s: float
    since_s: float


@dataclass(frozen=True)
class BoutEnded:
    """A sitting bout from `since_s` to `until_s` is over; `sitting_s` of it was seen as sitting.

    `ended_by` is "break" (seen away or standing for the length of a break), "session" (seen leaving, and then locked or
    asleep for that long), "unknown" (out of sight for long: not a break) or "end" (watching stopped).
    """

    t_s: float
    since_s: float
    until_s: float
    sitting_s: float
    ended_by: Literal["break", "session", "unknown", "end"]
    busy_s: float = 0.0
    unseen_s: float = 0.0
    """Time in calls, and time in which nothing could be told, in it or just before and after it."""
    longest_run_s: float = 0.0
    """The longest sitting in it in which no break can have gone unseen."""


@dataclass(frozen=True)
class DeviationStarted:
    """A deviation has lasted for its dwell since `since_s`; `level` is its size in parts of the threshold."""

    t_s: float
    since_s: float
    kind: Deviation
    level: float


@dataclass(frozen=True)
class DeviationEnded:
    """A deviation was active from `since_s` to `until_s`."""

    t_s: float
    since_s: float
    until_s: float
    kind: Deviation


@dataclass(frozen=True)
class UnjudgedStarted:
    """For the length of a dwell nothing could be said of these deviations of somebody who sits, since `since_s`.

    `why` is read after "because".
    """

    t_s: float
    since_s: float
    kinds: tuple[Deviation, ...]
    why: str


@dataclass(frozen=True)
class UnjudgedEnded:
    """These deviations were not judged from `since_s` to `until_s`, for this reason.

    Either they are judged again, or another reason has taken its place, or nobody sits there.
    """

    t_s: float
    since_s: float
    until_s: float
    kinds: tuple[Deviation, ...]
    why: str


@dataclass(frozen=True)
class PosturalShift:
    """The person took another posture at `since_s` and stayed in it."""

    t_s: float
    since_s: float


Event = (
    PresenceChanged
    | BoutStarted
    | BoutEnded
    | DeviationStarted
    | DeviationEnded
    | UnjudgedStarted
    | UnjudgedEnded
    | PosturalShift
)
