"""What is kept of a day: intervals, points in time, and how long each viewing distance was held.

No picture and no landmark is ever part of a record. Times are aware UTC datetimes; local days are made in `report`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

__all__ = [
    "SLOT_S",
    "Detail",
    "Distance",
    "Interval",
    "IntervalKind",
    "Memory",
    "Point",
    "PointKind",
    "Reader",
    "Sink",
    "merged",
    "slot_of",
]

IntervalKind = Literal["presence", "bout", "deviation", "watch"]
PointKind = Literal["shift", "reminder", "pain", "hold", "check-in", "self-check", "referral"]
Detail = Mapping[str, str | float | bool | None]

# Quarter hours, because there are time zones whose midnight is at a quarter of a UTC hour (Nepal, +5:45).
SLOT_S = 900


def _require_utc(name: str, at: datetime) -> None:
    # Ours nearly always: a year has a quarter of a million of them.
    if at.tzinfo is not UTC and at.utcoffset() != timedelta(0):
        raise ValueError(f"{name} must be an aware UTC datetime, got {at!r}")


@dataclass(frozen=True)
class Interval:
    """Something that lasted.

    Attributes
    ----------
    kind : {"presence", "bout", "deviation", "watch"}
    label : str
        The presence ("sitting", ...), the deviation ("slump", ...), "sitting" for a bout, "camera" for a watch.
    start, end : datetime
        Aware UTC, end >= start.
    detail : mapping
        For a bout "sitting_s" (seconds of it seen as sitting) and "ended_by" once it is over; for an unknown presence
        its "reason".
    open : bool
        It was still going on when this was written, so `end` is only the last moment known. Closing settles the end.
    """

    kind: IntervalKind
    label: str
    start: datetime
    end: datetime
    detail: Detail = field(default_factory=dict, hash=False)
    open: bool = False

    def __post_init__(self) -> None:
        _require_utc("start", self.start)
        _require_utc("end", self.end)
        if self.end < self.start:
            raise ValueError(f"an interval cannot end before it starts: {self.start} .. {self.end}")

    @property
    def key(self) -> tuple[IntervalKind, str, datetime]:
        """What makes two records the same interval."""
        return self.kind, self.label, self.start

    @property
    def length_s(self) -> float:
        """Seconds from start to end."""
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True)
class Point:
    """Something that happened at a moment.

    A postural shift; a reminder (the label is its kind); a logged pain (the label is where, the detail has "level",
    0 to 10); a stretch that was held until then (the label is the exercise, the detail has "side", "hold_s" and
    "verified", true when the camera saw it); a check-in, a self-check, a referral that was shown. docs/history.md lists
    them all.
    """

    kind: PointKind
    at: datetime
    label: str = ""
    detail: Detail = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        _require_utc("at", self.at)

    @property
    def key(self) -> tuple[datetime, PointKind, str]:
        """What makes two records the same point."""
        return self.at, self.kind, self.label


@dataclass(frozen=True)
class Distance:
    """How long the eyes were `cm` to `cm + 1` centimetres from the camera, in the quarter hour from `slot` on."""

    slot: datetime
    cm: int
    seconds: float

    def __post_init__(self) -> None:
        _require_utc("slot", self.slot)


def slot_of(at: datetime) -> datetime:
    """Return the beginning of the quarter hour that `at` lies in."""
    return datetime.fromtimestamp(at.timestamp() // SLOT_S * SLOT_S, UTC)


def merged(old: Interval, new: Interval) -> Interval:
    """Merge a record into the stored one of the same key, after ActivityWatch's heartbeats.

    A heartbeat only ever extends. The first closed record settles the end, which may lie before the last heartbeat
    (a break is known only once it has lasted); heartbeats that arrive after it change nothing.
    """
    if old.open != new.open:
        return old if new.open else new
    return old if new.end < old.end else new


class Sink(Protocol):
    """Where records go."""

    def write(
        self,
        intervals: Sequence[Interval] = (),
        points: Sequence[Point] = (),
        distances: Sequence[Distance] = (),
    ) -> None:
        """Keep all of these or, raising PostureError, none of them.

        Intervals merge by key, points are kept once, the seconds of distances add up.
        """


class Reader(Protocol):
    """Where records come from, for a span of time."""

    def intervals(self, start: datetime, stop: datetime, kind: IntervalKind | None = None) -> list[Interval]:
        """Whole intervals that overlap [start, stop), by start."""

    def points(self, start: datetime, stop: datetime) -> list[Point]:
        """Points in [start, stop), by time."""

    def distance(self, start: datetime, stop: datetime) -> list[Distance]:
        """Distances of the quarter hours that overlap [start, stop); the edges of days lie on quarter hours."""


class Memory:
    """Records kept in memory only: for a replay that stores nothing."""

    def __init__(self) -> None:
        self._intervals: dict[tuple[IntervalKind, str, datetime], Interval] = {}
        self._points: dict[tuple[datetime, PointKind, str], Point] = {}
        self._distances: dict[tuple[datetime, int], float] = {}

    def write(
        self,
        intervals: Sequence[Interval] = (),
        points: Sequence[Point] = (),
        distances: Sequence[Distance] = (),
    ) -> None:
        """See `Sink.write`."""
        for interval in intervals:
            old = self._intervals.get(interval.key)
            self._intervals[interval.key] = interval if old is None else merged(old, interval)
        for point in points:
            self._points.setdefault(point.key, point)
        for one in distances:
            self._distances[one.slot, one.cm] = self._distances.get((one.slot, one.cm), 0.0) + one.seconds

    def intervals(self, start: datetime, stop: datetime, kind: IntervalKind | None = None) -> list[Interval]:
        """See `Reader.intervals`."""
        found = (one for one in self._intervals.values() if one.start < stop and one.end > start)
        return sorted((one for one in found if kind in (None, one.kind)), key=lambda i: (i.start, i.kind, i.label))

    def points(self, start: datetime, stop: datetime) -> list[Point]:
        """See `Reader.points`."""
        return [self._points[key] for key in sorted(self._points) if start <= key[0] < stop]

    def distance(self, start: datetime, stop: datetime) -> list[Distance]:
        """See `Reader.distance`."""
        first = slot_of(start)
        return [Distance(*key, seconds) for key, seconds in sorted(self._distances.items()) if first <= key[0] < stop]
