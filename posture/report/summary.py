"""Summarises records: the figures of a span of time. Pure. Evidence, section 7, says which figures and how."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import accumulate
from typing import get_args

from posture.coach.reminder import ReminderKind
from posture.history.records import LOGGED, Distance, Interval, IntervalKind, Point, Reader, one_a_minute, slot_of
from posture.language import mark, number, tr
from posture.measure.observation import DEVIATIONS, Deviation, Presence
from posture.report.figures import (
    Bouts,
    Breaks,
    DeviationFigures,
    Figures,
    Holds,
    Lean,
    NotJudged,
    Pain,
    Prompt,
    Reminders,
    Shifts,
    Summary,
    Viewing,
)
from posture.report.prompts import FOLLOW_S, prompts_of
from posture.report.sitting import LONGEST_HIDDEN_S, Sittings, hidden_breaks, sittings_of, spells_of, within
from posture.report.spans import Span, Track, clip, meet, minus, seconds, union
from posture.settings import Settings

MIN_COVERAGE = 0.6
"""Below this share of known time the other figures are hidden (evidence, section 7); and below this share of sitting in
which a deviation was judged, its own."""
MIN_LEAN_S = 600.0
"""Less leaning than this says nothing about a side (evidence, section 7)."""
MIN_RATE_S = 600.0
"""With less sitting than this there is no rate per sitting hour, lest a minute be scaled up to one: a design choice."""
MAX_BREAK_S = 4 * 3600.0
"""Between bouts further apart than this lies an evening or a night, not a break: a design choice."""
CONTEXT = timedelta(seconds=MAX_BREAK_S)
"""How far before and after a span records are read, to judge the breaks and the reminders at its edges."""
REMINDERS: tuple[ReminderKind, ...] = get_args(ReminderKind)
DIRECTION_ANSWERS = ("extension", "flexion", "neutral", "worse", "left")
UNSEEN = ("left", "busy", "blind")
KNOWN: tuple[Presence, ...] = ("sitting", "away", "standing")


class Records:
    """Records of a long time, read once and summarised span by span.

    `start` and `stop` are aware UTC; intervals up to 4 hours before and after are read as well, see `CONTEXT`.
    """

    def __init__(self, reader: Reader, start: datetime, stop: datetime) -> None:
        self._intervals = reader.intervals(start - CONTEXT, stop + CONTEXT)
        self._points = reader.points(start, stop)
        self._distances = reader.distance(start, stop)
        self._starts = [interval.start for interval in self._intervals]
        # The latest end so far never decreases, so bisecting it finds the first interval that may overlap a span.
        self._ends = list(accumulate((interval.end for interval in self._intervals), max))
        self._ats = [point.at for point in self._points]
        self._slots = [distance.slot for distance in self._distances]

    def summarise(self, start: datetime, stop: datetime, settings: Settings) -> Summary:
        """Summarise [start, stop), which must lie within the time that was read."""
        early, late = start - CONTEXT, stop + CONTEXT
        return summarise(
            self._intervals[bisect_left(self._ends, early) : bisect_left(self._starts, late)],
            self._points[bisect_left(self._ats, start) : bisect_left(self._ats, stop)],
            self.distances(start, stop),
            start,
            stop,
            settings,
        )

    def until(self, start: datetime, stop: datetime, settings: Settings) -> Summary:
        """Summarise [start, stop) by what was known at `stop`: what lasted beyond it is cut there."""
        early = start - CONTEXT
        near = self._intervals[bisect_left(self._ends, early) : bisect_left(self._starts, stop)]
        return summarise(
            [interval if interval.end <= stop else _cut(interval, stop) for interval in near],
            self._points[bisect_left(self._ats, start) : bisect_left(self._ats, stop)],
            self._distances[bisect_left(self._slots, slot_of(start)) : bisect_left(self._slots, slot_of(stop))],
            start,
            stop,
            settings,
        )

    def distances(self, start: datetime, stop: datetime) -> list[Distance]:
        """The viewing distances of the quarter hours that overlap [start, stop)."""
        return self._distances[bisect_left(self._slots, slot_of(start)) : bisect_left(self._slots, stop)]

    def deviations(self, start: datetime, stop: datetime) -> list[Interval]:
        """The deviations that overlap [start, stop), uncut."""
        return self._overlapping("deviation", start, stop)

    def unjudged(self, start: datetime, stop: datetime) -> dict[Deviation, list[Span]]:
        """When in [start, stop) each deviation was not judged, sitting or not."""
        inside = self._overlapping("deviation", start, stop) + self._overlapping("unjudged", start, stop)
        return {
            kind: union(span for spans in by_reason.values() for span in spans)
            for kind, by_reason in _unjudged(inside, [(start, stop)]).items()
        }

    def _overlapping(self, kind: IntervalKind, start: datetime, stop: datetime) -> list[Interval]:
        near = self._intervals[bisect_left(self._ends, start) : bisect_left(self._starts, stop)]
        return [interval for interval in near if interval.kind == kind and interval.end > start]


def _cut(interval: Interval, stop: datetime) -> Interval:
    # How much of a bout was seen, and what ended it, was told at its end.
    detail = {} if interval.kind == "bout" else interval.detail
    return replace(interval, end=stop, detail=detail)


def day_bounds(day: date, tz: tzinfo | None = None) -> Span:
    """Return the start and the end of a local day, aware UTC: 23 or 25 hours apart when the clocks change.

    Local is by `tz`, None for the machine's time zone.
    """

    def midnight(of: date) -> datetime:
        # Without a time zone, astimezone takes it as the machine's local time. A midnight that a clock change skips
        # becomes the moment of the change.
        return datetime(of.year, of.month, of.day, tzinfo=tz).astimezone(UTC)

    return midnight(day), midnight(day + timedelta(days=1))


def summarise(
    intervals: Sequence[Interval],
    points: Sequence[Point],
    distances: Sequence[Distance],
    start: datetime,
    stop: datetime,
    settings: Settings,
) -> Summary:
    """Summarise [start, stop).

    Parameters
    ----------
    intervals, points, distances
        Records in the order in which a `Store` or a `Memory` returns them. Those outside the span count in no figure,
        but those up to 4 hours around it are needed to judge breaks and reminders at its edges (`Records` reads them).
    start, stop : datetime
        Aware UTC.
    settings : Settings
        For the limit of a bout, the lengths of breaks, and the distance that is too close.
    """
    inside = [record for record in intervals if record.start < stop and record.end > start]
    happened = [point for point in points if start <= point.at < stop]
    watched_around = union((watch.start, watch.end) for watch in _of(intervals, "watch"))
    watched = clip(watched_around, start, stop)
    presence = _one_at_a_time(_of(intervals, "presence"))
    known_around: dict[Presence, list[Span]] = {
        label: meet(union((a, b) for a, b, record in presence if record.label == label), watched_around)
        for label in KNOWN
    }
    known = {label: clip(spans, start, stop) for label, spans in known_around.items()}
    off_chair = Track(union([*known_around["away"], *known_around["standing"]]))
    watched_s = seconds(watched)
    observed_s = sum(seconds(spans) for spans in known.values())
    coverage = observed_s / watched_s if watched_s > 0 else None
    bouts = [(bout.start, bout.end, _sitting_s(bout)) for bout in _of(inside, "bout")]
    spells = within(spells_of(presence, watched_around), start - CONTEXT, stop + CONTEXT)
    unseen = {kind: [(spell.start, spell.end) for spell in spells if spell.kind == kind] for kind in UNSEEN}
    away = Track(union([*off_chair.spans, *unseen["left"]]))
    breaks = _breaks(_of(intervals, "bout"), off_chair, away, start, stop, settings.timeline.effective_break_s)
    sittings = sittings_of(spells, settings.timeline.break_after_s, start, stop)
    reminders = [point for point in happened if point.kind == "reminder"]
    prompts = prompts_of(happened, away, Track(watched_around), settings.timeline.break_after_s)
    outcomes = Counter(prompt.outcome for prompt in prompts)
    likely_s = seconds(meet(watched, union([*unseen["left"], *unseen["busy"]])))
    unseen_s = {kind: _unseen_s(spans, start, stop) for kind, spans in unseen.items()}
    holds = [point for point in happened if point.kind == "hold"]
    first_slot = slot_of(start)

    sitting = Track(known["sitting"])
    sitting_s = seconds(known["sitting"])
    hours = sitting_s / 3600.0 if sitting_s >= MIN_RATE_S else None
    shifts = sum(point.kind == "shift" for point in happened)
    unjudged = _unjudged(inside, known["sitting"])
    held = _by_label(_of(inside, "deviation"))
    deviations = {
        kind: _deviation(held.get(kind, ()), unjudged[kind], known["sitting"], sitting_s) for kind in DEVIATIONS
    }
    # A shift takes the same points as a lean.
    seen_shifts = not deviations["lean_left"].hardly_judged
    figures = Figures(
        sitting_s=sitting_s,
        standing_s=seconds(known["standing"]),
        away_s=seconds(known["away"]),
        sitting=sittings.total,
        left_s=unseen_s["left"],
        busy_s=unseen_s["busy"],
        blind_s=unseen_s["blind"],
        bouts=replace(
            _bouts(bouts, sitting, settings.coach.stand_after_s, sittings),
            sat_on_share=_sat_on_share(
                bouts, prompts, Track(known_around["sitting"]), sitting, settings.coach.stand_after_s
            ),
        ),
        breaks=Breaks(
            effective=len(breaks),
            per_sitting_hour=None if hours is None else len(breaks) / hours,
            median_s=_median([length_s for _, _, length_s, _ in breaks]),
            by_session=sum(not seen for *_, seen in breaks),
            hidden=hidden_breaks(within(spells, start, stop), settings.timeline.effective_break_s),
        ),
        reminders=Reminders(
            by_kind={kind: sum(reminder.label == kind for reminder in reminders) for kind in REMINDERS},
            asked_break=len(prompts) - outcomes[None],
            kept=outcomes["kept"],
            late=outcomes["late"],
            told=outcomes["told"],
            partly=outcomes["partly"],
        ),
        shifts=Shifts(shifts, shifts / hours if hours is not None and seen_shifts else None),
        deviations=deviations,
        not_judged=_not_judged(unjudged),
        lean=_lean(deviations["lean_left"].total_s, deviations["lean_right"].total_s),
        viewing=_viewing([d for d in distances if first_slot <= d.slot < stop], settings.measure.too_close_cm),
    )
    logged = one_a_minute(point for point in happened if point.kind in LOGGED)
    return Summary(
        start=start,
        stop=stop,
        watched_s=watched_s,
        observed_s=observed_s,
        unknown_s=max(0.0, watched_s - observed_s),
        coverage=coverage,
        unknown_reasons=_unknown_reasons(presence, Track(watched)),
        unseen_reasons=_unseen_reasons(presence, start, stop),
        figures=figures,
        hidden=_hidden(observed_s, likely_s, watched_s),
        spells=tuple(sorted((a, b, label) for label in KNOWN for a, b in known[label])),
        left=tuple(_short(clip(unseen["left"], start, stop))),
        busy=tuple(_short(clip(unseen["busy"], start, stop))),
        unjudged=tuple(_all_unjudged(unjudged)),
        watches=tuple(watched),
        bouts=tuple(bouts),
        breaks=tuple((a, b) for a, b, *_ in breaks),
        prompts=tuple(prompts),
        pain=tuple(_logged(point) for point in logged if point.kind == "pain"),
        tension=tuple(_logged(point) for point in logged if point.kind == "tension"),
        verified=_holds([hold for hold in holds if hold.detail.get("verified") is True]),
        self_reported=_holds([hold for hold in holds if hold.detail.get("verified") is not True]),
        self_checks=tuple(point.label for point in happened if point.kind == "self-check"),
        # The others of that kind say how it was the day after.
        directions=tuple(p.label for p in happened if p.kind == "direction" and p.label in DIRECTION_ANSWERS),
    )


# -- figures ----------------------------------------------------------------------------------------------------------


def _unseen_s(spans: Sequence[Span], start: datetime, stop: datetime) -> float:
    return seconds(clip(_short(spans), start, stop))


def _short(spans: Sequence[Span]) -> list[Span]:
    """Without those between which lies an evening or a night, or a machine that was forgotten."""
    return [(a, b) for a, b in spans if (b - a).total_seconds() < LONGEST_HIDDEN_S]


def _hidden(observed_s: float, likely_s: float, watched_s: float) -> str:
    """Why there are no figures; `likely_s` is the time in which the person had left, or was likely in a call."""
    if watched_s <= 0:
        return tr("nothing was watched")
    known = (observed_s + likely_s) / watched_s
    if known >= MIN_COVERAGE:
        return ""
    # Translators: after "The other figures are hidden:".
    shares = {"percent": number(100 * known), "least": number(100 * MIN_COVERAGE)}
    if likely_s > 0:
        return tr(
            "only {percent} % of the watched time was seen, spent in calls or after you left, and under {least} % the "
            "figures would mislead",
            **shares,
        )
    return tr("only {percent} % of the watched time is known, and under {least} % the figures would mislead", **shares)


def _sitting_s(bout: Interval) -> float:
    seen_s = bout.detail.get("sitting_s")
    return float(seen_s) if isinstance(seen_s, int | float) else bout.length_s


def _bouts(
    bouts: Sequence[tuple[datetime, datetime, float]], sitting: Track, limit_s: float, sittings: Sittings
) -> Bouts:
    weighted = sorted((length_s, sitting.seconds(a, b)) for a, b, length_s in bouts)
    whole_s = sum(weight_s for _, weight_s in weighted)
    over_s = sum(weight_s for length_s, weight_s in weighted if length_s > limit_s)
    return Bouts(
        count=len(weighted),
        longest_s=weighted[-1][0] if weighted else None,
        w50_s=_weighted_median(weighted),
        limit_s=limit_s,
        over_limit_share=over_s / whole_s if whole_s > 0 else None,
        longest=sittings.longest,
        w50=sittings.w50,
    )


def _sat_on_share(
    bouts: Sequence[tuple[datetime, datetime, float]],
    prompts: Sequence[Prompt],
    sat: Track,
    inside: Track,
    limit_s: float,
) -> float | None:
    """See `Bouts.sat_on_share`; `sat` is all sitting, `inside` that of the span."""
    whole_s = over_s = 0.0
    ats = [prompt.at for prompt in prompts]
    for begin, end, _ in bouts:
        whole_s += inside.seconds(begin, end)
        at, asked = begin, False
        for prompt in prompts[bisect_left(ats, begin) : bisect_right(ats, end)]:
            if prompt.outcome is None:
                continue
            if prompt.outcome != "kept":  # who says it was done and was seen sitting, sat on
                asked = True
                continue
            if asked and sat.seconds(at, prompt.at) > limit_s + FOLLOW_S:
                over_s += inside.seconds(at, prompt.at)
            at, asked = prompt.at, False
        if sat.seconds(at, end) > limit_s + FOLLOW_S:
            over_s += inside.seconds(at, end)
    return over_s / whole_s if whole_s > 0 else None


def _breaks(
    bouts: Sequence[Interval], off_chair: Track, away: Track, start: datetime, stop: datetime, least_s: float
) -> list[tuple[datetime, datetime, float, bool]]:
    """(start, end, seconds off the chair, whether that was seen for long enough) of the effective breaks.

    Off the chair is what was seen of it, `away` with the time that the person had left; anything else counts as none.
    """
    found = []
    before: Interval | None = None
    for bout in bouts:
        if before is not None and start <= bout.start < stop and before.detail.get("ended_by") in ("break", "session"):
            gap_s = (bout.start - before.end).total_seconds()
            off_s = away.seconds(before.end, bout.start)
            if gap_s <= MAX_BREAK_S and off_s >= least_s:
                seen = off_chair.seconds(before.end, bout.start) >= least_s
                found.append((before.end, bout.start, off_s, seen))
        if before is None or (bout.end, bout.start) > (before.end, before.start):
            before = bout
    return found


def _deviation(
    found: Sequence[Interval], unjudged: Mapping[str, Sequence[Span]], sitting: Sequence[Span], sitting_s: float
) -> DeviationFigures:
    total_s = seconds(meet(union((record.start, record.end) for record in found), sitting))
    judged_s = sitting_s - seconds(union(span for spans in unjudged.values() for span in spans))
    enough = judged_s > 0 and judged_s >= MIN_COVERAGE * sitting_s
    return DeviationFigures(
        total_s=total_s,
        share_of_sitting=total_s / sitting_s if sitting_s > 0 else None,
        median_dwell_s=_median([record.length_s for record in found]),
        judged_s=judged_s,
        share_of_judged=total_s / judged_s if enough else None,
        why=max(unjudged, key=lambda why: seconds(unjudged[why]), default=""),
    )


def _unjudged(inside: Sequence[Interval], sitting: Sequence[Span]) -> dict[Deviation, dict[str, list[Span]]]:
    """When each deviation was not judged while sitting, by reason; while it was active it was."""
    records, held = _by_label(_of(inside, "unjudged")), _by_label(_of(inside, "deviation"))
    found: dict[Deviation, dict[str, list[Span]]] = {kind: {} for kind in DEVIATIONS}
    for kind in DEVIATIONS:
        own = records.get(kind)
        if own:
            active = union((record.start, record.end) for record in held.get(kind, ()))
            for why in dict.fromkeys(_why(record) for record in own):
                spans = union((record.start, record.end) for record in own if _why(record) == why)
                found[kind][why] = minus(meet(spans, sitting), active)
    return {kind: {why: spans for why, spans in by.items() if spans} for kind, by in found.items()}


def _why(record: Interval) -> str:
    return str(record.detail.get("why") or mark("it is not known why"))


def _not_judged(unjudged: Mapping[Deviation, Mapping[str, Sequence[Span]]]) -> tuple[NotJudged, ...]:
    reasons = dict.fromkeys(why for by_reason in unjudged.values() for why in by_reason)
    found = []
    for why in reasons:
        kinds = tuple(kind for kind in DEVIATIONS if why in unjudged[kind])
        found.append(NotJudged(why, seconds(union(span for kind in kinds for span in unjudged[kind][why])), kinds))
    return tuple(sorted(found, key=lambda it: (-it.total_s, it.why)))


def _all_unjudged(unjudged: Mapping[Deviation, Mapping[str, Sequence[Span]]]) -> list[Span]:
    """When nothing was judged."""
    first, *others = [union(span for spans in by.values() for span in spans) for by in unjudged.values()]
    for spans in others:
        first = meet(first, spans)
    return first


def _lean(left_s: float, right_s: float) -> Lean:
    whole_s = left_s + right_s
    return Lean(left_s, right_s, (left_s - right_s) / whole_s if whole_s >= MIN_LEAN_S else None)


def _logged(point: Point) -> Pain:
    when, better, note = (str(point.detail.get(name) or "") for name in ("when", "better", "note"))
    return Pain(point.at, _float(point.detail.get("level")), point.label, note, when, better)


def _holds(done: Sequence[Point]) -> Holds:
    def seconds(form: str, side: str) -> float:
        those = [one.detail for one in done if one.detail.get("form", "hold") == form]
        return sum(_float(detail.get("hold_s")) for detail in those if detail.get("side", "both") == side)

    return Holds(
        count=len(done),
        left_s=seconds("hold", "left"),
        right_s=seconds("hold", "right"),
        both_s=seconds("hold", "both"),
        reps=round(sum(_float(point.detail.get("reps")) for point in done)),
        walked_s=seconds("walk", "both"),
    )


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _viewing(distances: Sequence[Distance], near_cm: float) -> Viewing:
    # Each centimetre is taken at its middle.
    weighted = sorted((distance.cm + 0.5, distance.seconds) for distance in distances)
    known_s = sum(weight_s for _, weight_s in weighted)
    near_s = sum(weight_s for cm, weight_s in weighted if cm < near_cm)
    return Viewing(
        known_s=known_s,
        median_cm=_weighted_median(weighted),
        near_cm=near_cm,
        near_share=near_s / known_s if known_s > 0 else None,
    )


def _unknown_reasons(presence: Sequence[tuple[datetime, datetime, Interval]], watched: Track) -> dict[str, float]:
    reasons: dict[str, float] = {}
    for a, b, record in presence:
        reason = record.detail.get("reason")
        unknown_s = watched.seconds(a, b) if record.label == "unknown" and reason else 0.0
        if unknown_s > 0:
            reasons[str(reason)] = reasons.get(str(reason), 0.0) + unknown_s
    return reasons


def _unseen_reasons(
    presence: Sequence[tuple[datetime, datetime, Interval]], start: datetime, stop: datetime
) -> dict[str, float]:
    """Seconds of the blind time by reason, watched or not; the longest first."""
    reasons: dict[str, float] = {}
    for a, b, record in presence:
        if record.label == "unknown" and record.detail.get("likely") not in ("left", "busy"):
            reason = str(record.detail.get("reason") or "")
            reasons[reason] = reasons.get(reason, 0.0) + _unseen_s([(a, b)], start, stop)
    named = ((reason, unseen_s) for reason, unseen_s in reasons.items() if reason and unseen_s > 0)
    return dict(sorted(named, key=lambda item: -item[1]))


def _of(intervals: Sequence[Interval], kind: IntervalKind) -> list[Interval]:
    return [interval for interval in intervals if interval.kind == kind]


def _by_label(intervals: Iterable[Interval]) -> dict[str, list[Interval]]:
    found: dict[str, list[Interval]] = {}
    for interval in intervals:
        found.setdefault(interval.label, []).append(interval)
    return found


def _one_at_a_time(presence: Sequence[Interval]) -> list[tuple[datetime, datetime, Interval]]:
    """Presence without overlaps, latest first: at each moment the record that began last holds.

    Records overlap when a heartbeat was written just before a kill, or the clock was set back.
    """
    found: list[tuple[datetime, datetime, Interval]] = []
    covered: list[Span] = []  # by later records; disjoint, the earliest last
    for record in sorted(presence, key=lambda record: (record.start, record.end, record.label), reverse=True):
        at = record.start
        while covered and covered[-1][0] <= record.end:
            a, b = covered.pop()
            if at < a:
                found.append((at, a, record))
            at = max(at, b)
        if at < record.end:
            found.append((at, record.end, record))
        covered.append((record.start, max(at, record.end)))
    return found


def _median(values: Sequence[float]) -> float | None:
    # Not statistics.median: importing that module costs more than a summary.
    ordered = sorted(values)
    middle = len(ordered) // 2
    if not ordered:
        return None
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _weighted_median(weighted: Sequence[tuple[float, float]]) -> float | None:
    """The least value up to which half of the weight lies, of (value, weight) in order of value."""
    whole = sum(weight for _, weight in weighted)
    run = 0.0
    for value, weight in weighted:
        run += weight
        if weight > 0 and run >= whole / 2:
            return value
    return None
