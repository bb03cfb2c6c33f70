"""What a span of time was like: pure figures from records. Evidence, section 7, says which and how.

Each figure stands by itself; there is no composite score, because no validation for one was found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate
from typing import Literal, get_args

from posture.coach.reminder import ReminderKind
from posture.history.records import Distance, Interval, IntervalKind, Point, Reader, slot_of
from posture.measure.observation import DEVIATIONS, Deviation, Presence
from posture.report.spans import Span, Track, clip, meet, seconds, union
from posture.settings import Settings

__all__ = [
    "Bouts",
    "Breaks",
    "DeviationFigures",
    "Figures",
    "Holds",
    "Lean",
    "Pain",
    "Prompt",
    "Records",
    "Reminders",
    "Shifts",
    "Span",
    "Summary",
    "Viewing",
    "day_bounds",
    "summarise",
]

MIN_COVERAGE = 0.6
"""Below this share of known time the other figures are hidden (evidence, section 7)."""
MIN_LEAN_S = 600.0
"""Less leaning than this says nothing about a side (evidence, section 7)."""
MIN_RATE_S = 600.0
"""Less sitting than this makes no "per sitting hour": a design choice, so that a minute is not blown up to an hour."""
FOLLOW_S = 300.0
"""A reminder is followed when a break begins within this (evidence, section 7)."""
LATE_S = 900.0
"""A break that begins after that, but within this, is late: a design choice, the cool-down of a reminder."""
MAX_BREAK_S = 4 * 3600.0
"""Bouts further apart than this have no break between them, but an evening or a night: a design choice."""
CONTEXT = timedelta(seconds=MAX_BREAK_S)
"""How far around a span records are looked at, to judge the breaks and the reminders at its edges."""
ASKS_FOR_BREAK: tuple[ReminderKind, ...] = ("stand", "stretch")
REMINDERS: tuple[ReminderKind, ...] = get_args(ReminderKind)
OFF_CHAIR: tuple[Presence, ...] = ("away", "standing")
KNOWN: tuple[Presence, ...] = ("sitting", *OFF_CHAIR)


@dataclass(frozen=True)
class Bouts:
    """Sitting bouts that lie at least partly in the span.

    The length of a bout is the sitting seen in it, whole, also of one that crosses the edge of the span; weights are
    the sitting inside the span. `w50_s` is the length that half of all sitting time is spent in bouts no longer than;
    `over_limit_share` is the share of sitting in bouts longer than `limit_s` (`coach.stand_after`).
    """

    count: int
    longest_s: float | None
    w50_s: float | None
    limit_s: float
    over_limit_share: float | None


@dataclass(frozen=True)
class Breaks:
    """Effective breaks: between two bouts, the second begun in the span, that much time was seen away or standing.

    How much is `timeline.effective_break`. Bouts more than 4 hours apart have a night between them, not a break.
    """

    effective: int
    per_sitting_hour: float | None
    median_s: float | None


@dataclass(frozen=True)
class Prompt:
    """A reminder that was given, and what came of it.

    `outcome` is "kept" (a break of at least `timeline.break_after` began within 5 minutes), "late" (within 15) or
    "missed"; None when it asks for no break, or was not watched for long enough to judge.
    """

    at: datetime
    kind: str
    outcome: Literal["kept", "late", "missed"] | None


@dataclass(frozen=True)
class Reminders:
    """What was said, by kind.

    `asked_break` of them ask for a break and were watched for long enough to judge: they were `kept`, `late` or missed,
    see `Prompt`. `followed_share` is the share that was kept.
    """

    by_kind: Mapping[ReminderKind, int]
    asked_break: int
    kept: int
    late: int

    @property
    def given(self) -> int:
        """All of them."""
        return sum(self.by_kind.values())

    @property
    def missed(self) -> int:
        """Those that no break came after in time."""
        return self.asked_break - self.kept - self.late

    @property
    def followed_share(self) -> float | None:
        """Share of those that ask for a break that were kept."""
        return self.kept / self.asked_break if self.asked_break else None


@dataclass(frozen=True)
class Shifts:
    """Postural shifts."""

    count: int
    per_sitting_hour: float | None


@dataclass(frozen=True)
class DeviationFigures:
    """A deviation: how long it was held while sitting, that as a share of sitting, and the median dwell."""

    total_s: float
    share_of_sitting: float | None
    median_dwell_s: float | None


@dataclass(frozen=True)
class Lean:
    """Leaning to the sides; `balance` is (left - right) / (left + right), None under 10 minutes in all."""

    left_s: float
    right_s: float
    balance: float | None


@dataclass(frozen=True)
class Viewing:
    """Viewing distance while it was known; `near_share` of that time was closer than `near_cm`."""

    known_s: float
    median_cm: float | None
    near_cm: float
    near_share: float | None


@dataclass(frozen=True)
class Pain:
    """A pain that was logged, 0 to 10."""

    at: datetime
    level: float
    where: str = ""
    note: str = ""


@dataclass(frozen=True)
class Holds:
    """Stretches held, seen by the camera (`verified`) or said by the user: how many, and seconds a side."""

    count: int
    left_s: float
    right_s: float
    both_s: float


@dataclass(frozen=True)
class Figures:
    """All that is hidden when too little is known. Sitting, standing and away sum to the observed time."""

    sitting_s: float
    standing_s: float
    away_s: float
    bouts: Bouts
    breaks: Breaks
    reminders: Reminders
    shifts: Shifts
    deviations: Mapping[Deviation, DeviationFigures]
    lean: Lean
    viewing: Viewing


@dataclass(frozen=True)
class Summary:
    """A span of time.

    Attributes
    ----------
    start, stop : datetime
        Aware UTC.
    watched_s, observed_s, unknown_s : float
        Time the camera watched; of it, time with a known presence; and the rest of it.
    coverage : float or None
        observed_s / watched_s, 0 to 1; None when nothing was watched.
    unknown_reasons : mapping
        Reason to seconds, of the unknown time that has a reason.
    figures : Figures
    hidden : str
        Why the figures must not be shown; empty when they may be.
    spells : tuple
        (start, end, presence) of the known time, disjoint and in order, for a timeline.
    watches : tuple of Span
        When the camera watched, disjoint and in order.
    bouts : tuple
        (start, end, sitting seen in it) of the bouts, whole, by start.
    breaks : tuple of Span
        The effective breaks, from bout to bout.
    prompts : tuple of Prompt
        The reminders that were given, by time.
    pain : tuple of Pain
        What was logged, by time. Not hidden: no camera had to see it.
    verified, self_reported : Holds
        Stretches, seen by the camera and said by the user.
    """

    start: datetime
    stop: datetime
    watched_s: float
    observed_s: float
    unknown_s: float
    coverage: float | None
    unknown_reasons: Mapping[str, float]
    figures: Figures
    hidden: str = ""
    spells: tuple[tuple[datetime, datetime, Presence], ...] = field(default=(), repr=False)
    watches: tuple[Span, ...] = field(default=(), repr=False)
    bouts: tuple[tuple[datetime, datetime, float], ...] = field(default=(), repr=False)
    breaks: tuple[Span, ...] = field(default=(), repr=False)
    prompts: tuple[Prompt, ...] = field(default=(), repr=False)
    pain: tuple[Pain, ...] = field(default=(), repr=False)
    verified: Holds = Holds(0, 0.0, 0.0, 0.0)
    self_reported: Holds = Holds(0, 0.0, 0.0, 0.0)


class Records:
    """Records of a long time, read once and given out span by span.

    Parameters
    ----------
    reader : Reader
    start, stop : datetime
        Aware UTC; records up to 4 hours around are read as well, to judge breaks and reminders at the edges.
    """

    def __init__(self, reader: Reader, start: datetime, stop: datetime) -> None:
        self._intervals = reader.intervals(start - CONTEXT, stop + CONTEXT)
        self._points = reader.points(start - CONTEXT, stop + CONTEXT)
        self._distances = reader.distance(start, stop)
        self._starts = [one.start for one in self._intervals]
        # The latest end so far never falls, so it tells where what overlaps a span may begin.
        self._ends = list(accumulate((one.end for one in self._intervals), max))
        self._ats = [one.at for one in self._points]
        self._slots = [one.slot for one in self._distances]

    def summarise(self, start: datetime, stop: datetime, settings: Settings) -> Summary:
        """Summarise [start, stop), which must lie in what was read."""
        early, late = start - CONTEXT, stop + CONTEXT
        return summarise(
            self._intervals[bisect_left(self._ends, early) : bisect_left(self._starts, late)],
            self._points[bisect_left(self._ats, start) : bisect_left(self._ats, stop)],
            self._distances[bisect_left(self._slots, slot_of(start)) : bisect_left(self._slots, stop)],
            start,
            stop,
            settings,
        )

    def distances(self, start: datetime, stop: datetime) -> list[Distance]:
        """The viewing distances of the quarter hours that overlap [start, stop)."""
        return self._distances[bisect_left(self._slots, slot_of(start)) : bisect_left(self._slots, stop)]

    def deviations(self, start: datetime, stop: datetime) -> list[Interval]:
        """The deviations that overlap [start, stop), whole."""
        some = self._intervals[bisect_left(self._ends, start) : bisect_left(self._starts, stop)]
        return [one for one in some if one.kind == "deviation" and one.end > start]


def day_bounds(day: date, tz: tzinfo | None = None) -> Span:
    """Return the start and the end of a local day, aware UTC: 23 or 25 hours apart when the clocks change.

    Parameters
    ----------
    day : date
    tz : tzinfo or None
        The time zone; None is the machine's.
    """

    def midnight(of: date) -> datetime:
        # Without a time zone it is taken as the machine's local time. A midnight that a clock change skips becomes
        # the moment of the change.
        return datetime(of.year, of.month, of.day, tzinfo=tz).astimezone(UTC)

    return midnight(day), midnight(day + timedelta(days=1))


def summarise(
    intervals: Iterable[Interval],
    points: Iterable[Point],
    distances: Iterable[Distance],
    start: datetime,
    stop: datetime,
    settings: Settings,
) -> Summary:
    """Summarise [start, stop).

    Parameters
    ----------
    intervals, points, distances
        Records as a `Store` or a `Memory` gives them. What lies outside of the span is left out of every figure; that
        of 4 hours around serves to judge breaks and reminders at the edges (`Records` reads it).
    start, stop : datetime
        Aware UTC.
    settings : Settings
        The limit of a bout, the lengths of breaks, and what is too close.

    Returns
    -------
    Summary
    """
    near = [one for one in intervals if one.start < stop + CONTEXT and one.end > start - CONTEXT]
    inside = [one for one in near if one.start < stop and one.end > start]
    said = [one for one in points if start <= one.at < stop]
    watched_around = union((one.start, one.end) for one in near if one.kind == "watch")
    watched = clip(watched_around, start, stop)
    presence = _one_at_a_time(near)
    known_around: dict[Presence, list[Span]] = {
        label: meet(union((a, b) for a, b, one in presence if one.label == label), watched_around) for label in KNOWN
    }
    known = {label: clip(spans, start, stop) for label, spans in known_around.items()}
    off_chair = Track(union([*known_around["away"], *known_around["standing"]]))
    watched_s = seconds(watched)
    observed_s = sum(seconds(spans) for spans in known.values())
    coverage = observed_s / watched_s if watched_s > 0 else None
    hidden = ""
    if coverage is None:
        hidden = "nothing was watched"
    elif coverage < MIN_COVERAGE:
        hidden = (
            f"only {100 * coverage:.0f} % of the watched time is known, and under {100 * MIN_COVERAGE:.0f} %"
            " the figures would mislead"
        )
    bouts = [(one.start, one.end, _sitting_s(one)) for one in _of(inside, "bout")]
    breaks = _breaks(_of(near, "bout"), off_chair, start, stop, settings.timeline.effective_break_s)
    prompts = _prompts(said, off_chair, Track(watched_around), settings.timeline.break_after_s)
    first_slot = slot_of(start)
    slots = [one for one in distances if first_slot <= one.slot < stop]

    sitting = Track(known["sitting"])
    sitting_s = seconds(known["sitting"])
    hours = sitting_s / 3600.0 if sitting_s >= MIN_RATE_S else None
    shifts = sum(one.kind == "shift" for one in said)
    deviations = {kind: _held(inside, kind, known["sitting"], sitting_s) for kind in DEVIATIONS}
    figures = Figures(
        sitting_s=sitting_s,
        standing_s=seconds(known["standing"]),
        away_s=seconds(known["away"]),
        bouts=_bouts(bouts, sitting, settings.coach.stand_after_s),
        breaks=Breaks(
            effective=len(breaks),
            per_sitting_hour=None if hours is None else len(breaks) / hours,
            median_s=_median([length_s for _, _, length_s in breaks]),
        ),
        reminders=Reminders(
            by_kind={kind: sum(one.kind == kind for one in prompts) for kind in REMINDERS},
            asked_break=sum(one.outcome is not None for one in prompts),
            kept=sum(one.outcome == "kept" for one in prompts),
            late=sum(one.outcome == "late" for one in prompts),
        ),
        shifts=Shifts(shifts, None if hours is None else shifts / hours),
        deviations=deviations,
        lean=_lean(deviations["lean_left"].total_s, deviations["lean_right"].total_s),
        viewing=_viewing(slots, settings.measure.too_close_cm),
    )
    return Summary(
        start=start,
        stop=stop,
        watched_s=watched_s,
        observed_s=observed_s,
        unknown_s=max(0.0, watched_s - observed_s),
        coverage=coverage,
        unknown_reasons=_unknown_reasons(presence, Track(watched), start, stop),
        figures=figures,
        hidden=hidden,
        spells=tuple(sorted((a, b, label) for label in KNOWN for a, b in known[label])),
        watches=tuple(watched),
        bouts=tuple(bouts),
        breaks=tuple((a, b) for a, b, _ in breaks),
        prompts=tuple(prompts),
        pain=tuple(_pain(one) for one in said if one.kind == "pain"),
        verified=_holds([one for one in said if one.kind == "hold" and one.detail.get("verified") is True]),
        self_reported=_holds([one for one in said if one.kind == "hold" and one.detail.get("verified") is not True]),
    )


# -- figures ----------------------------------------------------------------------------------------------------------


def _sitting_s(bout: Interval) -> float:
    seen = bout.detail.get("sitting_s")
    return float(seen) if isinstance(seen, int | float) else bout.length_s


def _bouts(bouts: Sequence[tuple[datetime, datetime, float]], sitting: Track, limit_s: float) -> Bouts:
    weighed = sorted((length_s, sitting.seconds(a, b)) for a, b, length_s in bouts)
    whole_s = sum(weight_s for _, weight_s in weighed)
    return Bouts(
        count=len(weighed),
        longest_s=weighed[-1][0] if weighed else None,
        w50_s=_weighted_median(weighed),
        limit_s=limit_s,
        over_limit_share=sum(w for length_s, w in weighed if length_s > limit_s) / whole_s if whole_s > 0 else None,
    )


def _breaks(
    bouts: Sequence[Interval], off_chair: Track, start: datetime, stop: datetime, least_s: float
) -> list[tuple[datetime, datetime, float]]:
    """(start, end, time seen off the chair) of the effective breaks; unknown time in one adds nothing to it."""
    out = []
    before: Interval | None = None
    for one in bouts:
        if before is not None and start <= one.start < stop and before.detail.get("ended_by") == "break":
            gap_s = (one.start - before.end).total_seconds()
            length_s = off_chair.seconds(before.end, one.start) if 0 < gap_s <= MAX_BREAK_S else 0.0
            if length_s >= least_s:
                out.append((before.end, one.start, length_s))
        if before is None or (one.end, one.start) > (before.end, before.start):
            before = one
    return out


def _prompts(said: Sequence[Point], off_chair: Track, watched: Track, break_s: float) -> list[Prompt]:
    out = []
    for one in said:
        if one.kind != "reminder":
            continue
        outcome: Literal["kept", "late", "missed"] | None = None
        if one.label in ASKS_FOR_BREAK:
            broke = (
                max(a, one.at) for a, b in off_chair.from_on(one.at) if (b - max(a, one.at)).total_seconds() >= break_s
            )
            first = next(broke, None)
            after_s = LATE_S + 1 if first is None else (first - one.at).total_seconds()
            # Not kept is only what was watched to the end of the chance; the lid may have been closed.
            chance_s = FOLLOW_S + break_s
            if after_s <= FOLLOW_S:
                outcome = "kept"
            elif watched.seconds(one.at, one.at + timedelta(seconds=chance_s)) >= chance_s:
                outcome = "late" if after_s <= LATE_S else "missed"
        out.append(Prompt(one.at, one.label, outcome))
    return out


def _held(inside: Sequence[Interval], kind: Deviation, sitting: Sequence[Span], sitting_s: float) -> DeviationFigures:
    found = [one for one in inside if one.kind == "deviation" and one.label == kind]
    total_s = seconds(meet(union((one.start, one.end) for one in found), sitting))
    return DeviationFigures(
        total_s=total_s,
        share_of_sitting=total_s / sitting_s if sitting_s > 0 else None,
        median_dwell_s=_median([one.length_s for one in found]),
    )


def _lean(left_s: float, right_s: float) -> Lean:
    whole_s = left_s + right_s
    return Lean(left_s, right_s, (left_s - right_s) / whole_s if whole_s >= MIN_LEAN_S else None)


def _pain(one: Point) -> Pain:
    return Pain(one.at, _float(one.detail.get("level")), one.label, str(one.detail.get("note") or ""))


def _holds(found: Sequence[Point]) -> Holds:
    def held_s(side: str) -> float:
        return sum(_float(one.detail.get("hold_s")) for one in found if one.detail.get("side", "both") == side)

    return Holds(len(found), held_s("left"), held_s("right"), held_s("both"))


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _viewing(distances: Sequence[Distance], near_cm: float) -> Viewing:
    # Each centimetre is taken at its middle.
    weighed = sorted((one.cm + 0.5, one.seconds) for one in distances)
    known_s = sum(seconds for _, seconds in weighed)
    return Viewing(
        known_s=known_s,
        median_cm=_weighted_median(weighed),
        near_cm=near_cm,
        near_share=sum(seconds for cm, seconds in weighed if cm < near_cm) / known_s if known_s > 0 else None,
    )


def _unknown_reasons(
    presence: Sequence[tuple[datetime, datetime, Interval]], watched: Track, start: datetime, stop: datetime
) -> dict[str, float]:
    reasons: dict[str, float] = {}
    for a, b, one in presence:
        reason = one.detail.get("reason")
        if one.label == "unknown" and reason and a < stop and b > start:
            unknown_s = watched.seconds(a, b)
            if unknown_s > 0:
                reasons[str(reason)] = reasons.get(str(reason), 0.0) + unknown_s
    return reasons


def _of(inside: Sequence[Interval], kind: IntervalKind) -> list[Interval]:
    return sorted((one for one in inside if one.kind == kind), key=lambda one: (one.start, one.end))


def _one_at_a_time(inside: Sequence[Interval]) -> list[tuple[datetime, datetime, Interval]]:
    """What holds at each moment is the record that began last: a person is in one place at a time.

    Records overlap when a heartbeat was written just before a kill, or the clock was set back.
    """
    out: list[tuple[datetime, datetime, Interval]] = []
    covered: list[Span] = []  # by later records; disjoint, the earliest last
    of_presence = (one for one in inside if one.kind == "presence")
    for one in sorted(of_presence, key=lambda one: (one.start, one.end, one.label), reverse=True):
        at = one.start
        while covered and covered[-1][0] <= one.end:
            a, b = covered.pop()
            if at < a:
                out.append((at, a, one))
            at = max(at, b)
        if at < one.end:
            out.append((at, one.end, one))
        covered.append((one.start, max(at, one.end)))
    return out


def _median(values: Sequence[float]) -> float | None:
    # Not statistics.median: importing that module costs more than a summary.
    ordered = sorted(values)
    middle = len(ordered) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _weighted_median(weighed: Sequence[tuple[float, float]]) -> float | None:
    """The least value up to which half of the weight lies, of (value, weight) in order of value."""
    whole = sum(weight for _, weight in weighed)
    run = 0.0
    for value, weight in weighed:
        run += weight
        if weight > 0 and run >= whole / 2:
            return value
    return None
