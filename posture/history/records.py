"""What is stored of a day: intervals, points in time, and how long the user sat at each viewing distance.

No picture and no landmark is ever part of a record. Times are aware UTC datetimes; `report` turns them into local days.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, Protocol, get_args

from posture.coach.pain import MINUTE_S
from posture.measure.observation import DEVIATIONS, Presence
from posture.plain_text import plain

IntervalKind = Literal["presence", "bout", "deviation", "unjudged", "watch"]
PointKind = Literal[
    "shift",
    "reminder",
    "pain",
    "hold",
    "check-in",
    "self-check",
    "referral",
    "answer",
    "silence",
    "tension",
    "direction",
]
Detail = Mapping[str, str | float | bool | None]

LOGGED = ("pain", "tension")
"""The kinds of points that the user logs."""

# Quarter hours, because in some time zones midnight is at a quarter of a UTC hour (Nepal, +5:45).
SLOT_S = 900


def _require_utc(name: str, at: datetime) -> None:
    # `is UTC` first, because it is nearly always true and a year has a quarter of a million records.
    if at.tzinfo is not UTC and at.utcoffset() != timedelta(0):
        raise ValueError(f"{name} must be an aware UTC datetime, got {at!r}")


def _make_plain(record: Interval | Point) -> None:
    """Make the texts of a record harmless, wherever it comes from: no command can show them as they were."""
    if not record.label.isprintable():
        object.__setattr__(record, "label", plain(record.label))
    for key, value in record.detail.items():
        if not key.isprintable() or (isinstance(value, str) and not value.isprintable()):
            object.__setattr__(record, "detail", _plain_detail(record.detail))
            break


def _plain_detail(detail: Detail) -> Detail:
    return {plain(key): plain(value) if isinstance(value, str) else value for key, value in detail.items()}


@dataclass(frozen=True)
class Interval:
    """Something that lasted."""

    kind: IntervalKind
    label: str
    """The presence ("sitting", ...), the deviation ("slump", ...) that was held or not judged, "sitting" for a bout,
    "camera" for a watch."""
    start: datetime
    end: datetime
    """Both aware UTC, end >= start."""
    detail: Detail = field(default_factory=dict, hash=False)
    """For a bout "sitting_s" (seconds of it seen as sitting), and once it is over "ended_by", "busy_s", "unseen_s" and
    "longest_run_s" (see `posture.timeline.events.BoutEnded`); for a presence its "reason", and what is "likely" of one
    that is unknown (left, busy or blind); for a deviation that was not judged "why"; for a watch when the
    "calibration" was made that looks were compared with."""
    open: bool = False
    """It was still going on when this was written, so `end` is the last moment known. A closed record settles it."""

    def __post_init__(self) -> None:
        _make_plain(self)
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
    0 to 10); an exercise that was done until then (the label is the exercise, the detail has "side", "hold_s", the
    seconds that it was held or took, "form", "reps" where they were counted, and "verified", true when the camera
    saw it; records of older releases have no form and no repetitions); a tension (the detail has "level"); a
    directional check (the label is its answer); a check-in; a self-check; a referral that was shown; an answer to a
    reminder (the label is the reminder's kind: the user says that it was done); a silence, which is a reminder that
    was due and was held back (the label is its kind, the detail has "why"). All kinds are listed in
    docs/history.md.
    """

    kind: PointKind
    at: datetime
    label: str = ""
    detail: Detail = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        _make_plain(self)
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
        if self.slot.tzinfo is not UTC:  # of these records there are most, so nothing is called for what is
            _require_utc("slot", self.slot)


# -- from what is stored or imported ----------------------------------------------------------------------------------

EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""No record lies outside these: the calendar of a machine without a battery begins with the first [design choice]."""
MOST_CHARACTERS = 10_000
MOST_DETAILS = 100
MOST_CM = 100_000
_UNITS: dict[str, tuple[float, float]] = {"s": (0, 1e8), "deg": (-360, 360)}
"""What numbers of a detail can be whose name ends in a unit, as "hold_s" does; seconds up to three years."""
_MOST_S = _UNITS["s"][1]
_MEASURED = re.compile(r"[a-z_]{4,}_(s|deg)")
"""A word and a unit."""
_COUNTED: dict[str, tuple[float, float]] = {"level": (0, 10), "reps": (0, 1e5), "repetitions": (0, 1e5)}
"""The same of what a user logs or does."""
_ANY_NUMBER = (-1e12, 1e12)
"""What numbers of other names can be: all are finite, and can be shown and summed [design choice]."""
_ANGLE = _UNITS["deg"]
"""What those of a self-check can be, which are named after the way."""
_NUMBER = (int, float)
"""A tuple, because `int | float` is made anew each time that it is evaluated, which a year of records would notice."""
_UNCOUNTED = ("shift", "reminder")
"""Kinds of points that have none of those."""
_INTERVAL_KINDS: frozenset[str] = frozenset(get_args(IntervalKind))
_POINT_KINDS: frozenset[str] = frozenset(get_args(PointKind))
LABELS: dict[str, frozenset[str]] = {
    "presence": frozenset(get_args(Presence)),
    "bout": frozenset(("sitting",)),
    "deviation": frozenset(DEVIATIONS),
    "unjudged": frozenset(DEVIATIONS),
    "watch": frozenset(("camera",)),
}
"""By kind of interval: figures are made by these names."""


def interval_of(kind: Any, label: Any, start: datetime, end: datetime, detail: Any, still_open: Any) -> Interval:
    """Make an interval of what a file holds.

    This, `point_of` and `distance_of` are the one place where bytes of a file become records: a ValueError or TypeError
    says that they are none, because a number, a text, a time or a kind is one that no release of posture writes.
    """
    if kind not in _INTERVAL_KINDS or label not in LABELS[kind] or still_open not in (0, 1):
        raise ValueError
    return Interval(kind, label, _moment(start), _moment(end), _detail(detail), bool(still_open))


def point_of(kind: Any, at: datetime, label: Any, detail: Any) -> Point:
    """Make a point of what a file holds; see `interval_of`."""
    if kind not in _POINT_KINDS:
        raise ValueError
    other = _ANGLE if kind == "self-check" else _ANY_NUMBER
    return Point(kind, _moment(at), _text(label), _detail(detail, {} if kind in _UNCOUNTED else _COUNTED, other))


def distance_of(slot: datetime, cm: Any, seconds: Any) -> Distance:
    """Make a distance of what a file holds; see `interval_of`."""
    if not isinstance(cm, int) or isinstance(cm, bool) or not 0 <= cm < MOST_CM:
        raise ValueError
    if not isinstance(seconds, _NUMBER) or not 0 <= seconds <= _MOST_S or not _is_slot(slot):
        raise ValueError
    return Distance(slot, cm, float(seconds))


def _moment(at: datetime) -> datetime:
    if not EARLIEST <= at < LATEST:
        raise ValueError
    return at


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_CHARACTERS:
        raise ValueError
    value.encode()  # raises on lone surrogates, which SQLite cannot store
    return value


def _detail(
    value: Any,
    counted: Mapping[str, tuple[float, float]] = MappingProxyType({}),
    other: tuple[float, float] = _ANY_NUMBER,
) -> Detail:
    if not isinstance(value, dict) or len(value) > MOST_DETAILS:
        raise ValueError
    for key, inner in value.items():
        _text(key)
        if isinstance(inner, str):
            _text(inner)
        elif inner is not None and not isinstance(inner, _NUMBER):
            raise ValueError
        elif isinstance(inner, _NUMBER) and not isinstance(inner, bool):
            measured = _MEASURED.fullmatch(key)
            least, most = counted.get(key) or (_UNITS[measured[1]] if measured else other)
            if not least <= inner <= most:  # not a number is none of these
                raise ValueError
    return value


@lru_cache(maxsize=64)  # records of distances come a dozen at a time for the same one
def _is_slot(at: datetime) -> bool:
    return _moment(at) == slot_of(at)


def slot_of(at: datetime) -> datetime:
    """Return the beginning of the quarter hour that `at` lies in."""
    return datetime.fromtimestamp(at.timestamp() // SLOT_S * SLOT_S, UTC)


def one_a_minute(points: Iterable[Point]) -> list[Point]:
    """Take what was logged within a minute as one entry, of which the last stands; points by time, others as they are.

    What the last one leaves out stays as it was said before. Pains of two places that were both named stay two.
    """
    found: list[Point] = []
    began: list[datetime] = []
    for point in points:
        number = None
        if point.kind in LOGGED:
            for earlier in reversed(range(len(found))):
                if (point.at - began[earlier]).total_seconds() > MINUTE_S:
                    break
                old = found[earlier]
                if old.kind == point.kind and (old.label == point.label or not (old.label and point.label)):
                    number = earlier
                    break
        if number is None:
            found.append(point)
            began.append(point.at)
        else:
            old = found[number]
            found[number] = Point(point.kind, point.at, point.label or old.label, {**old.detail, **point.detail})
    return sorted(found, key=lambda point: point.at)


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
        self, intervals: Sequence[Interval] = (), points: Sequence[Point] = (), distances: Sequence[Distance] = ()
    ) -> None:
        """Store all of these or, raising PostureError, none of them.

        Intervals merge by key (see `merged`), a point is stored once, the seconds of a distance add up.
        """


class Reader(Protocol):
    """Where records come from, for a span of time."""

    def intervals(self, start: datetime, stop: datetime, kind: IntervalKind | None = None) -> list[Interval]:
        """Whole intervals that overlap [start, stop), by start."""

    def points(self, start: datetime, stop: datetime, kinds: Collection[PointKind] = ()) -> list[Point]:
        """Points in [start, stop), by time; of these kinds alone where any are given."""

    def distance(self, start: datetime, stop: datetime) -> list[Distance]:
        """Distances of the quarter hours that overlap [start, stop)."""


class Memory:
    """Records in memory only, for a replay that stores nothing."""

    def __init__(self) -> None:
        self._intervals: dict[tuple[IntervalKind, str, datetime], Interval] = {}
        self._points: dict[tuple[datetime, PointKind, str], Point] = {}
        self._distances: dict[tuple[datetime, int], float] = {}

    def write(
        self, intervals: Sequence[Interval] = (), points: Sequence[Point] = (), distances: Sequence[Distance] = ()
    ) -> None:
        """See `Sink.write`."""
        for interval in intervals:
            old = self._intervals.get(interval.key)
            self._intervals[interval.key] = interval if old is None else merged(old, interval)
        for point in points:
            self._points.setdefault(point.key, point)
        for distance in distances:
            key = distance.slot, distance.cm
            self._distances[key] = self._distances.get(key, 0.0) + distance.seconds

    def intervals(self, start: datetime, stop: datetime, kind: IntervalKind | None = None) -> list[Interval]:
        """See `Reader.intervals`."""
        found = (i for i in self._intervals.values() if i.start < stop and i.end > start and kind in (None, i.kind))
        return sorted(found, key=lambda i: (i.start, i.kind, i.label))

    def points(self, start: datetime, stop: datetime, kinds: Collection[PointKind] = ()) -> list[Point]:
        """See `Reader.points`."""
        found = [self._points[key] for key in sorted(self._points) if start <= key[0] < stop]
        return [point for point in found if point.kind in kinds] if kinds else found

    def distance(self, start: datetime, stop: datetime) -> list[Distance]:
        """See `Reader.distance`."""
        first = slot_of(start)
        return [Distance(*key, seconds) for key, seconds in sorted(self._distances.items()) if first <= key[0] < stop]
