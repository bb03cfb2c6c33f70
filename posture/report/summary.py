"""What a span of time was like: pure figures from records. Evidence, section 7, says which and how.

Each figure stands by itself; there is no composite score, because no validation for one was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import get_args

from posture.coach.reminder import ReminderKind
from posture.history.records import Distance, Interval, IntervalKind, Point, slot_of
from posture.measure.observation import DEVIATIONS, Deviation, Presence
from posture.settings import Settings

__all__ = [
    "Bouts",
    "Breaks",
    "Figures",
    "Held",
    "Lean",
    "Reminders",
    "Shifts",
    "Span",
    "Summary",
    "Viewing",
    "day_bounds",
    "summarise",
]

Span = tuple[datetime, datetime]

MIN_COVERAGE = 0.6
"""Below this share of known time the other figures are hidden (evidence, section 7)."""
MIN_LEAN_S = 600.0
"""Less leaning than this says nothing about a side (evidence, section 7)."""
MIN_RATE_S = 600.0
"""Less sitting than this makes no "per sitting hour": a design choice, so that a minute is not blown up to an hour."""
FOLLOW_S = 300.0
"""A reminder is followed when a break begins within this (evidence, section 7)."""
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

    How much is `timeline.effective_break`.
    """

    effective: int
    per_sitting_hour: float | None
    median_s: float | None


@dataclass(frozen=True)
class Reminders:
    """What was said, by kind.

    `asked_break` of them ask for a break and were watched for long enough to judge; `followed_share` of these were
    followed by a break of at least `timeline.break_after` that began within 5 minutes.
    """

    by_kind: Mapping[ReminderKind, int]
    asked_break: int
    followed_share: float | None

    @property
    def given(self) -> int:
        """All of them."""
        return sum(self.by_kind.values())


@dataclass(frozen=True)
class Shifts:
    """Postural shifts."""

    count: int
    per_sitting_hour: float | None


@dataclass(frozen=True)
class Held:
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
class Figures:
    """All that is hidden when too little is known. Sitting, standing and away sum to the observed time."""

    sitting_s: float
    standing_s: float
    away_s: float
    bouts: Bouts
    breaks: Breaks
    reminders: Reminders
    shifts: Shifts
    deviations: Mapping[Deviation, Held]
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
    reminded : tuple of datetime
        When reminders were given.
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
    reminded: tuple[datetime, ...] = field(default=(), repr=False)


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
        Records as a `Store` or a `Memory` gives them; what lies outside of the span is left out.
    start, stop : datetime
        Aware UTC.
    settings : Settings
        The limit of a bout, the lengths of breaks, and what is too close.

    Returns
    -------
    Summary
    """
    inside = [one for one in intervals if one.start < stop and one.end > start]
    said = [one for one in points if start <= one.at < stop]
    watched = _union(_clip(((one.start, one.end) for one in inside if one.kind == "watch"), start, stop))
    presence = _one_at_a_time(inside)
    known: dict[Presence, list[Span]] = {
        label: _meet(_union((a, b) for a, b, one in presence if one.label == label), watched) for label in KNOWN
    }
    watched_s = _seconds(watched)
    observed_s = sum(_seconds(spans) for spans in known.values())
    coverage = observed_s / watched_s if watched_s > 0 else None
    hidden = ""
    if coverage is None:
        hidden = "nothing was watched"
    elif coverage < MIN_COVERAGE:
        hidden = (
            f"only {100 * coverage:.0f} % of the watched time is known, and under {100 * MIN_COVERAGE:.0f} %"
            " the figures would mislead"
        )
    return Summary(
        start=start,
        stop=stop,
        watched_s=watched_s,
        observed_s=observed_s,
        unknown_s=max(0.0, watched_s - observed_s),
        coverage=coverage,
        unknown_reasons=_unknown_reasons(presence, watched),
        figures=_figures(inside, said, distances, known, watched, start, stop, settings),
        hidden=hidden,
        spells=tuple(sorted((a, b, label) for label in KNOWN for a, b in known[label])),
        watches=tuple(watched),
        reminded=tuple(one.at for one in said if one.kind == "reminder"),
    )


def _figures(
    inside: Sequence[Interval],
    said: Sequence[Point],
    distances: Iterable[Distance],
    known: Mapping[Presence, list[Span]],
    watched: list[Span],
    start: datetime,
    stop: datetime,
    settings: Settings,
) -> Figures:
    sitting = known["sitting"]
    sitting_s = _seconds(sitting)
    hours = sitting_s / 3600.0 if sitting_s >= MIN_RATE_S else None
    off_chair = _union([*known["away"], *known["standing"]])
    shifts = sum(one.kind == "shift" for one in said)
    breaks_s = _breaks(inside, off_chair, settings.timeline.effective_break_s)
    deviations = {kind: _held(inside, kind, sitting) for kind in DEVIATIONS}
    left_s, right_s = deviations["lean_left"].total_s, deviations["lean_right"].total_s
    return Figures(
        sitting_s=sitting_s,
        standing_s=_seconds(known["standing"]),
        away_s=_seconds(known["away"]),
        bouts=_bouts(inside, sitting, settings.coach.stand_after_s),
        breaks=Breaks(
            effective=len(breaks_s),
            per_sitting_hour=None if hours is None else len(breaks_s) / hours,
            median_s=_median(breaks_s),
        ),
        reminders=_reminders(said, off_chair, watched, settings.timeline.break_after_s),
        shifts=Shifts(shifts, None if hours is None else shifts / hours),
        deviations=deviations,
        lean=Lean(
            left_s,
            right_s,
            (left_s - right_s) / (left_s + right_s) if left_s + right_s >= MIN_LEAN_S else None,
        ),
        viewing=_viewing(
            [one for one in distances if slot_of(start) <= one.slot < stop], settings.measure.too_close_cm
        ),
    )


# -- figures ----------------------------------------------------------------------------------------------------------


def _bouts(inside: Sequence[Interval], sitting: list[Span], limit_s: float) -> Bouts:
    weighed = []
    for bout in _of(inside, "bout"):
        seen = bout.detail.get("sitting_s")
        length_s = float(seen) if isinstance(seen, int | float) else bout.length_s
        weighed.append((length_s, _seconds(_meet([(bout.start, bout.end)], sitting))))
    weighed.sort()
    whole_s = sum(weight_s for _, weight_s in weighed)
    return Bouts(
        count=len(weighed),
        longest_s=weighed[-1][0] if weighed else None,
        w50_s=_weighted_median(weighed),
        limit_s=limit_s,
        over_limit_share=sum(w for length_s, w in weighed if length_s > limit_s) / whole_s if whole_s > 0 else None,
    )


def _breaks(inside: Sequence[Interval], off_chair: list[Span], least_s: float) -> list[float]:
    """Lengths of the effective breaks; unknown time in one adds nothing to it."""
    bouts = _of(inside, "bout")
    lengths_s = (
        _seconds(_meet([(one.end, after.start)], off_chair))
        for one, after in pairwise(bouts)
        if one.detail.get("ended_by") == "break" and one.end < after.start
    )
    return [length_s for length_s in lengths_s if length_s >= least_s]


def _reminders(said: Sequence[Point], off_chair: list[Span], watched: list[Span], break_s: float) -> Reminders:
    given = [one for one in said if one.kind == "reminder"]
    asked = followed = 0
    for one in given:
        if one.label not in ASKS_FOR_BREAK:
            continue
        latest = one.at + timedelta(seconds=FOLLOW_S)
        if any(a <= latest and (b - max(a, one.at)).total_seconds() >= break_s for a, b in off_chair if b > one.at):
            asked, followed = asked + 1, followed + 1
        else:
            # Not followed is only what was watched to the end of the chance; the lid may have been closed.
            chance = (one.at, latest + timedelta(seconds=break_s))
            asked += _seconds(_meet([chance], watched)) >= FOLLOW_S + break_s
    return Reminders(
        by_kind={kind: sum(one.label == kind for one in given) for kind in REMINDERS},
        asked_break=asked,
        followed_share=followed / asked if asked else None,
    )


def _held(inside: Sequence[Interval], kind: Deviation, sitting: list[Span]) -> Held:
    found = [one for one in inside if one.kind == "deviation" and one.label == kind]
    total_s = _seconds(_meet(_union((one.start, one.end) for one in found), sitting))
    sitting_s = _seconds(sitting)
    return Held(
        total_s=total_s,
        share_of_sitting=total_s / sitting_s if sitting_s > 0 else None,
        median_dwell_s=_median([one.length_s for one in found]),
    )


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


def _unknown_reasons(presence: Sequence[tuple[datetime, datetime, Interval]], watched: list[Span]) -> dict[str, float]:
    reasons: dict[str, float] = {}
    for a, b, one in presence:
        reason = one.detail.get("reason")
        if one.label == "unknown" and reason:
            seconds = _seconds(_meet([(a, b)], watched))
            if seconds > 0:
                reasons[str(reason)] = reasons.get(str(reason), 0.0) + seconds
    return reasons


# -- spans ------------------------------------------------------------------------------------------------------------


def _of(inside: Sequence[Interval], kind: IntervalKind) -> list[Interval]:
    return sorted((one for one in inside if one.kind == kind), key=lambda one: one.start)


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


def _clip(spans: Iterable[Span], start: datetime, stop: datetime) -> list[Span]:
    return [(max(a, start), min(b, stop)) for a, b in spans if a < stop and b > start]


def _union(spans: Iterable[Span]) -> list[Span]:
    """Disjoint spans in order that cover the same time; those that touch become one."""
    out: list[Span] = []
    for a, b in sorted(spans):
        if b <= a:
            continue
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        else:
            out.append((a, b))
    return out


def _meet(one: list[Span], other: list[Span]) -> list[Span]:
    """The time in both of two lists, each disjoint and in order."""
    out: list[Span] = []
    i = j = 0
    while i < len(one) and j < len(other):
        a, b = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if a < b:
            out.append((a, b))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return out


def _seconds(spans: Iterable[Span]) -> float:
    return sum((b - a for a, b in spans), timedelta()).total_seconds()


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
