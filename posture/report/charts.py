"""The charts of a report: what each shows, from the figures of a review."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo

from posture.coach.words import DEVIATION_WORDS
from posture.language import dated, mark, mark_of, number, tr, trc, trn
from posture.measure.observation import DEVIATIONS, Deviation
from posture.report import chart_svg as svg
from posture.report.chart_svg import Axis, Chart, Look, Mark, Parts, Plot, one_size, steps, two_sizes
from posture.report.figures import IN_CALL, LEFT, NOT_JUDGED, Bouts, Figures, Outcome, Range, State, Summary, states
from posture.report.prompts import FOLLOW_S
from posture.report.review import Review
from posture.report.spans import Span, Track, meet, minus, union
from posture.report.summary import MIN_COVERAGE
from posture.report.words import (
    breaks,
    by_session,
    duration,
    is_range,
    lasted,
    outcome,
    outcome_words,
    reminder_words,
    share,
    short_number,
    so_many_breaks,
    state_words,
    unjudged_lines,
)

CALENDAR_DAYS = 84
"""The calendar shows twelve weeks."""
LEAST_KNOWN = 7
"""With fewer known days twelve weeks are an empty square [design choice]."""
MOST_WEEKS = 93
"""Of more days a bar is a month."""
CONTEXT_DAYS = 14
"""Charts over the days show at least this many."""

_STATES: dict[State, Look] = {
    "sitting": Look(svg.SITTING),
    NOT_JUDGED: Look(svg.SITTING, 0.55, "/"),
    "standing": Look(svg.STANDING),
    "away": Look(svg.AWAY),
    LEFT: Look(svg.AWAY, hatch="."),
    IN_CALL: Look(svg.UNKNOWN, hatch="\\"),
    "unknown": Look(svg.UNKNOWN),
}
_UNJUDGED = Look(svg.FAINT, 0.55, "/")
"""How a deviation is drawn that was not judged."""
_OUTCOMES: tuple[tuple[Outcome, str, str, str], ...] = (
    ("kept", svg.STANDING, "o", ""),
    ("told", svg.STANDING, "plus", "x"),
    ("partly", svg.SITTING, "up", "\\"),
    ("late", svg.ACCENT, "square", "."),
    ("missed", svg.WARN, "cross", "/"),
)
"""How each is drawn: colour, mark, hatch."""
_DASHED, _DOTTED = "5 2.5", "1.5 2"
_BAR = 0.4
"""Half the breadth of a bar, of the distance of two."""
_PAIN = Mark("diamond", svg.INK, 2.7)
_TICKS: dict[Deviation, str] = DEVIATION_WORDS | {
    # Translators: at the axis of a chart: a long one may take two lines.
    "shoulder_tilt": mark("one shoulder\nhigher"),
    # Translators: at the axis of a chart: a long one may take two lines.
    "too_close": mark("close to\nthe screen"),
}
"""The words at an axis, where a long one takes two lines."""


@dataclass(frozen=True)
class _Bucket:
    """A day, a week or a month of a chart over time."""

    label: str
    summary: Summary


def draw(review: Review, done: Callable[[], None] = lambda: None) -> list[Chart]:
    """Draw every chart for which there is something to show; the calendar needs at least 84 days in all.

    `done` is called after each chart, for a progress line.
    """
    buckets = _buckets(review)
    charts = []
    makers: Sequence[Callable[[], Chart | None]] = (
        lambda: _timeline(review),
        lambda: _bouts(review, buckets),
        lambda: _deviations(review),
        lambda: _lean(buckets),
        lambda: _distance(review),
        lambda: _prompts(buckets),
        lambda: _pain(buckets),
        lambda: _calendar(review),
    )
    for maker in makers:
        chart = maker()
        if chart is not None:
            charts.append(chart)
        done()
    return charts


# -- the day and the days ---------------------------------------------------------------------------------------------


def _timeline(review: Review) -> Chart | None:
    if len(review.days) == 1:
        return _day(review)
    if len(review.days) > 31 or not review.whole.watches:
        return None
    parts = Parts("hours-of-the-days", tr("Hours of the days"), "", (tr("day"), *_time_names()))
    for day, summary in review.days:
        parts.rows.append((dated(day, "%a %d %b"), *_times(summary)))
    parts.alt = tr("A row for each of {days} days: when you sat, stood or were away.", days=len(review.days))

    found: list[tuple[int, float, float, State]] = []
    for row, (day, summary) in enumerate(review.days):
        for a, b, state in states(summary):
            first = _wall_h(a, day, review.tz)
            found.append((row, first, max(first, _wall_h(b, day, review.tz)), state))
    begin, end = min((first for _, first, _, _ in found), default=0.0), max((b for _, _, b, _ in found), default=24.0)

    def paint(plot: Plot) -> None:
        every = 1 if len(review.days) <= 8 else 5
        step = 2 if end - begin < 14 else 4
        hours = range(int(begin // step) * step, math.ceil(end / step) * step + 1, step)
        plot.lay_out(
            Axis(hours[0], hours[-1], [(hour, f"{hour:02d}") for hour in hours], grid=True),
            Axis(
                len(review.days) - 0.4,
                -0.6,
                [(row, dated(review.days[row][0], "%a %d")) for row in range(0, len(review.days), every)],
            ),
            legend=_legend({state for *_, state in found}),
        )
        for row, first, last, state in found:
            plot.area(first, last, row - 0.36, row + 0.36, _STATES[state])

    return two_sizes(parts, paint, 44.0 + (17.0 if len(review.days) <= 8 else 8.6) * len(review.days))


def _day(review: Review) -> Chart | None:
    _, day = review.days[0]
    if not day.watches:
        return None
    active: dict[str, list[Span]] = {}
    unjudged: dict[Deviation, list[Span]] = {}
    if not day.hidden:
        for interval in review.records.deviations(day.start, day.stop):
            active.setdefault(interval.label, []).append((interval.start, interval.end))
        unjudged = _unjudged(review)
    # Where nothing is judged, the first row says so.
    kinds = [kind for kind in DEVIATIONS if kind in active or minus(unjudged.get(kind, []), day.unjudged)]
    parts = Parts("the-day", tr("The day"), "", (tr("from"), tr("to"), tr("what")))

    def clock(at: datetime) -> str:
        return f"{at.astimezone(review.tz):%H:%M}"

    # Translators: when it is not known whether somebody sat, stood or was away.
    unknown = mark_of("state", "unknown")
    entries = [(a, b, trc("state", unknown if state == "unknown" else state)) for a, b, state in states(day)]
    for kind in kinds:
        entries += [(a, b, _name(kind)) for a, b in active.get(kind, [])]
        missed = minus(unjudged[kind], day.unjudged)
        entries += [(a, b, tr("{posture} not judged", posture=_name(kind))) for a, b in missed]
    for prompt in day.prompts:
        about, what = reminder_words(prompt.kind), outcome(prompt)
        entries.append((prompt.at, prompt.at, tr("reminder: {about}, {outcome}", about=about, outcome=what)))
    entries += [(pain.at, pain.at, tr("pain {level}", level=short_number(pain.level))) for pain in day.pain]
    parts.rows = [(clock(a), clock(b) if b > a else "", what) for a, b, what in sorted(entries)]
    first, last = clock(day.watches[0][0]), clock(day.watches[-1][1])
    # Translators: "From 08:30 to 17:10: sitting 5 h 02, standing 40 min; 5 breaks; 3 reminders."
    parts.alt = tr("From {first} to {last}: {what}.", first=first, last=last, what=_what_was(day))
    if not day.hidden:
        parts.alt = " ".join([parts.alt, *unjudged_lines(day)])

    marks: list[tuple[datetime, str, Mark]] = []
    for name, colour, shape, _ in (*_OUTCOMES, (None, svg.FAINT, "down", "")):
        label = tr("reminder {outcome}", outcome=outcome_words(name)) if name is not None else tr("reminder")
        marks += [(prompt.at, label, Mark(shape, colour)) for prompt in day.prompts if prompt.outcome == name]
    marks += [(pain.at, tr("pain"), _PAIN) for pain in day.pain]

    def paint(plot: Plot) -> None:
        def hour(at: datetime) -> float:
            return (at - day.start).total_seconds() / 3600.0

        first, last = int(hour(day.watches[0][0])), math.ceil(hour(day.watches[-1][1]))
        last = max(last, first + 1)
        step = 1 if last - first <= 8 else 2
        times = [(t, (day.start + timedelta(hours=t)).astimezone(review.tz)) for t in range(first, last + 1, step)]
        # Translators: the row of a chart that shows whether you sat, stood or were away.
        rows = [tr("you"), *(tr(_TICKS[kind]) for kind in kinds)]
        legend = _legend({state for *_, state in states(day)}, unjudged=any(unjudged[kind] for kind in kinds))
        plot.lay_out(
            Axis(first, last, [(t, f"{at:%H}") for t, at in times], grid=True),
            Axis(len(kinds) + 0.6, -1.25, list(enumerate(rows))),
            legend=[*legend, *{label: shape for _, label, shape in marks}.items()],
        )
        for a, b, state in states(day):
            plot.area(hour(a), hour(b), -0.45, 0.45, _STATES[state])
        for row, kind in enumerate(kinds, 1):
            for spans, look in ((unjudged[kind], _UNJUDGED), (active.get(kind, []), Look(svg.ACCENT))):
                for a, b in spans:
                    plot.area(hour(a), hour(b), row - 0.3, row + 0.3, look)
        for at, _, shape in marks:
            plot.mark(hour(at), -0.85, shape)

    return two_sizes(parts, paint, 100.0 + 16.0 * len(kinds))


def _unjudged(review: Review) -> dict[Deviation, list[Span]]:
    """When each deviation was not judged while sitting."""
    sitting = [(a, b) for a, b, presence in review.whole.spells if presence == "sitting"]
    found = review.records.unjudged(review.whole.start, review.whole.stop)
    return {kind: meet(spans, sitting) for kind, spans in found.items()}


def _legend(shown: set[State], *, unjudged: bool = False) -> list[tuple[str, Look | Mark]]:
    looks: list[tuple[str, Look | Mark]] = [
        (state_words(name), look) for name, look in _STATES.items() if name in shown
    ]
    return [*looks, (tr("not judged"), _UNJUDGED)] if unjudged else looks


# -- sitting, deviations ----------------------------------------------------------------------------------------------


def _bouts(review: Review, buckets: Sequence[_Bucket]) -> Chart | None:
    it = review.whole.figures.bouts
    if review.whole.hidden or not review.whole.bouts:
        return None
    limit_min = it.limit_s / 60.0
    alt = trn(
        "{n} sitting, the longest {longest}; half of the time in sittings of up to {typical}. Your stand reminder is "
        "set to {limit}.",
        "{n} sittings, the longest {longest}; half of the time in sittings of up to {typical}. Your stand reminder is "
        "set to {limit}.",
        it.count,
        longest=lasted(it.longest, it.longest_s),
        typical=lasted(it.w50, it.w50_s),
        limit=duration(it.limit_s),
    )
    if len(review.days) == 1:
        parts = Parts("sittings", tr("Sittings"), alt, (tr("began"), tr("sitting")))
        bouts = [(a.astimezone(review.tz), length_s) for a, _, length_s in review.whole.bouts]
        parts.rows = [(f"{a:%H:%M}", duration(length_s)) for a, length_s in bouts]

        def paint(plot: Plot) -> None:
            every = math.ceil(len(bouts) / 6)
            begun = [(place, f"{bouts[place][0]:%H:%M}") for place in range(0, len(bouts), every)]
            highest = max(limit_min, *(length_s / 60.0 for _, length_s in bouts), *_minutes(it.w50, it.w50_s))
            if is_range(it.longest):
                highest = 1.08 * max(highest, it.longest.at_most_s / 60.0)
            plot.lay_out(Axis(-0.6, len(bouts) - 0.4, begun), _minutes_axis(highest))
            if is_range(it.longest):
                first, last = _minutes(it.longest, None)
                plot.band(first, last, Look(svg.FAINT, 0.35, "/"))
                plot.note(len(bouts) - 0.4, last, tr("longest"), "end")
            for place, (_, length_s) in enumerate(bouts):
                over = length_s > it.limit_s + FOLLOW_S  # who gets up at the reminder is not
                look = Look(svg.WARN, hatch="/") if over else Look(svg.SITTING)
                plot.area(place - _BAR, place + _BAR, 0.0, length_s / 60.0, look)
            _limit_line(plot, limit_min, len(bouts))
            for w50_min in _minutes(it.w50, it.w50_s):
                plot.level(w50_min, svg.INK, dash=_DOTTED)
                plot.note(-0.55, w50_min, tr("typical"), "start")

        return one_size(parts, paint, _unseen_note(it))

    recent = buckets[-len(review.past) :] if len(review.days) <= 31 else buckets
    shown = [b for b in recent if not b.summary.hidden and b.summary.bouts]
    parts = Parts("sittings", tr("Sittings"), alt, ("", tr("sittings"), tr("longest"), tr("typical")))
    for bucket in shown:
        found = bucket.summary.figures.bouts
        lengths = lasted(found.longest, found.longest_s), lasted(found.w50, found.w50_s)
        parts.rows.append((bucket.label, number(found.count), *lengths))

    def paint_days(plot: Plot) -> None:
        highest = [limit_min]
        for bucket in shown:
            found = bucket.summary.figures.bouts
            highest += [*_minutes(found.longest, found.longest_s), *_minutes(found.w50, found.w50_s)]
            highest += [length_s / 60.0 for _, _, length_s in bucket.summary.bouts]
        plot.lay_out(_places([bucket.label for bucket in shown]), _minutes_axis(max(highest)))
        for place, bucket in enumerate(shown):
            found = bucket.summary.figures.bouts
            if is_range(found.longest):
                least, most = _minutes(found.longest, None)
                plot.line(place, place, least, most, svg.FAINT, 1.2)
                for end in (least, most):
                    plot.line(place - 0.2, place + 0.2, end, end, svg.FAINT, 1.6)
            # A sitting that was as long as another would be the same dot once more.
            for length_s in dict.fromkeys(length_s for _, _, length_s in bucket.summary.bouts):
                plot.mark(place, length_s / 60.0, Mark("o", svg.SITTING, 2.6, 0.7))
            for w50_min in _minutes(found.w50, found.w50_s):
                plot.line(place - 0.35, place + 0.35, w50_min, w50_min, svg.INK, 2.0)
        _limit_line(plot, limit_min, len(shown))

    remark = (
        tr("Each dot is a sitting; short lines are the typical sitting, two where it lies between them.")
        if any(is_range(bucket.summary.figures.bouts.w50) for bucket in shown)
        else tr("Each dot is a sitting; a short line is the typical sitting.")
    )
    if any(is_range(bucket.summary.figures.bouts.longest) for bucket in shown):
        remark += " " + tr("A thin line with caps: the longest sitting, at least and at most.")
    return one_size(parts, paint_days, remark)


def _minutes(of: Range, one_s: float | None) -> tuple[float, ...]:
    """Both ends of a range, or the one where they read alike."""
    return (of.at_least_s / 60.0, of.at_most_s / 60.0) if is_range(of) else ((one_s or 0.0) / 60.0,)


def _minutes_axis(highest: float, title: str | None = None) -> Axis:
    top = 1.05 * highest
    ticks = [(value, short_number(value)) for value in steps(0.0, top)]
    return Axis(0.0, top, ticks, tr("minutes") if title is None else title, grid=True)


def _unseen_note(bouts: Bouts) -> str:
    if not is_range(bouts.longest) and not is_range(bouts.w50):
        return ""
    return tr("Bars are what was seen. Shaded: the longest sitting may have ended anywhere here, as not all was seen.")


def _limit_line(plot: Plot, limit_min: float, count: int) -> None:
    plot.level(limit_min, svg.WARN, dash=_DASHED)
    plot.note(count - 0.45, limit_min, tr("reminder"), "end", svg.WARN)


def _deviations(review: Review) -> Chart | None:
    if review.whole.hidden:
        return None
    minutes, sat, judged = _by_hour(review)
    kinds = [kind for kind in DEVIATIONS if kind in minutes]
    if not kinds:
        return None
    hours = range(min(sat), max(sat) + 1)
    if len(hours) < 2:
        return None
    # An hour of which little was judged has no share, see `MIN_COVERAGE`.
    hardly = {(kind, h) for kind in kinds for h in sat if judged[kind].get(h, 0.0) < MIN_COVERAGE * sat[h]}
    shares = {
        (kind, h): minutes[kind].get(h, 0.0) / judged[kind][h]
        for kind in kinds
        for h in hours
        if sat.get(h, 0.0) > 0 and (kind, h) not in hardly
    }
    if not shares:
        return None
    (top_kind, top_hour), top = max(shares.items(), key=lambda item: item[1])
    parts = Parts("how-you-sat-by-hour", tr("How you sat, by hour"), "", (tr("hour"), *map(_name, kinds)))
    for h in hours:
        parts.rows.append(
            (f"{h:02d}", *(_in_hour(minutes[kind].get(h, 0.0), hardly=(kind, h) in hardly) for kind in kinds))
        )
    parts.alt = tr(
        "Share of each hour's sitting that was spent so; the most was {posture} at {hour}: {share}.",
        posture=_name(top_kind),
        hour=f"{top_hour:02d}",
        share=share(top),
    )

    def paint(plot: Plot) -> None:
        every = math.ceil(len(hours) / 8)
        plot.lay_out(
            Axis(hours[0], hours[-1] + 1, [(h + 0.5, f"{h:02d}") for h in hours[::every]], ruled=False),
            Axis(len(kinds), 0, [(row + 0.5, tr(_TICKS[kind])) for row, kind in enumerate(kinds)], ruled=False),
        )
        for row, kind in enumerate(kinds):
            for h in hours:
                part = shares.get((kind, h), 0.0) / top if top else 0.0
                box = h + 0.04, h + 0.96, row + 0.06, row + 0.94
                plot.area(*box, _UNJUDGED if (kind, h) in hardly else Look(svg.FAINT, 0.25))
                if part > 0:
                    plot.area(*box, Look(svg.ACCENT, 0.15 + 0.85 * part))

    remark = tr("The fullest colour is {share} of the sitting in that hour.", share=share(top))
    if hardly:
        remark += " " + tr("Hatched: hardly judged.")
    return one_size(parts, paint, remark)


def _in_hour(minutes: float, *, hardly: bool) -> str:
    if hardly:
        return tr("{minutes} min (hardly judged)", minutes=number(minutes))
    return tr("{minutes} min", minutes=number(minutes))


def _by_hour(review: Review) -> tuple[dict[str, dict[int, float]], dict[int, float], dict[str, dict[int, float]]]:
    """Minutes of each deviation, of sitting, and of sitting in which it was judged, in each hour of the local day."""
    minutes: dict[str, dict[int, float]] = {}
    sat: dict[int, float] = {}
    active: dict[str, list[tuple[datetime, datetime]]] = {}
    for interval in review.records.deviations(review.whole.start, review.whole.stop):
        active.setdefault(interval.label, []).append((interval.start, interval.end))
    sitting = [(a, b) for a, b, presence in review.whole.spells if presence == "sitting"]
    tracks = {kind: Track(meet(union(spans), sitting)) for kind, spans in active.items()}
    judged: dict[str, dict[int, float]] = {kind: {} for kind in DEVIATIONS}
    judged_tracks = {kind: Track(minus(sitting, spans)) for kind, spans in _unjudged(review).items()}
    for begin, end, hour in _hours(sitting, review.tz):
        sat[hour] = sat.get(hour, 0.0) + (end - begin).total_seconds() / 60.0
        for kind, track in tracks.items():
            part = track.seconds(begin, end) / 60.0
            if part > 0:
                of_kind = minutes.setdefault(kind, {})
                of_kind[hour] = of_kind.get(hour, 0.0) + part
        for other, track in judged_tracks.items():
            judged[other][hour] = judged[other].get(hour, 0.0) + track.seconds(begin, end) / 60.0
    return minutes, sat, judged


def _hours(spans: Sequence[tuple[datetime, datetime]], tz: tzinfo | None) -> Iterator[tuple[datetime, datetime, int]]:
    """Cut spans where an hour begins on the local clock."""
    for begin, end in spans:
        at = begin
        while at < end:
            local = at.astimezone(tz)
            past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            after = min(end, at - past + timedelta(hours=1))
            yield at, after, local.hour
            at = after


# -- over the days ----------------------------------------------------------------------------------------------------


def _lean(buckets: Sequence[_Bucket]) -> Chart | None:
    found = {place: b.summary.figures.lean for place, b in enumerate(buckets) if not b.summary.hidden}
    left_s, right_s = sum(lean.left_s for lean in found.values()), sum(lean.right_s for lean in found.values())
    if not left_s + right_s or len(buckets) < 2:
        return None
    parts = Parts("leaning-left-and-right", tr("Leaning left and right"), "", ("", tr("left"), tr("right")))
    hardly = [at for at in found if buckets[at].summary.figures.deviations["lean_left"].hardly_judged]
    parts.rows = [
        (buckets[at].label, duration(lean.left_s), _leant(lean.right_s, hardly=at in hardly))
        for at, lean in found.items()
    ]
    parts.alt = tr(
        "From {first} to {last}: you leaned left for {left} and right for {right}.",
        left=duration(left_s),
        right=duration(right_s),
        **_over(buckets),
    )
    if hardly:
        when = ", ".join(buckets[at].label for at in hardly)
        parts.alt += " " + tr("Hatched: {when}, when it was hardly judged.", when=when)

    def paint(plot: Plot) -> None:
        most = 1.1 * max(max(lean.left_s, lean.right_s) for lean in found.values()) / 60.0
        ticks = [(value, short_number(abs(value))) for value in steps(-most, most)]
        plot.lay_out(
            _places([bucket.label for bucket in buckets]),
            Axis(-most, most, ticks, tr("right – minutes – left"), grid=True),
        )
        for at, lean in found.items():
            plot.area(at - _BAR, at + _BAR, 0.0, lean.left_s / 60.0, Look(svg.SITTING))
            plot.area(at - _BAR, at + _BAR, 0.0, -lean.right_s / 60.0, Look(svg.ACCENT, hatch="/"))
        plot.level(0.0, svg.INK, 0.8)
        for at in hardly:
            plot.area(at - _BAR, at + _BAR, -most, most, _UNJUDGED)

    return one_size(parts, paint)


def _leant(seconds: float, *, hardly: bool) -> str:
    return tr("{duration} (hardly judged)", duration=duration(seconds)) if hardly else duration(seconds)


def _distance(review: Review) -> Chart | None:
    it = review.whole.figures.viewing
    if review.whole.hidden or it.median_cm is None:
        return None
    bins: dict[int, float] = {}
    for distance in review.records.distances(review.whole.start, review.whole.stop):
        from_cm = distance.cm // 5 * 5
        bins[from_cm] = bins.get(from_cm, 0.0) + distance.seconds / 60.0
    parts = Parts("viewing-distance", tr("Viewing distance"), "", (tr("cm"), tr("time")))
    parts.rows = [(tr("{least} to {most}", least=cm, most=cm + 5), duration(60 * bins[cm])) for cm in sorted(bins)]
    parts.alt = tr(
        "Half of the time nearer than {median} cm; {share} of it nearer than {near} cm.",
        median=int(it.median_cm),
        share=share(it.near_share or 0.0),
        near=short_number(it.near_cm),
    )

    def paint(plot: Plot) -> None:
        least, most = min(min(bins), it.near_cm) - 5, max(max(bins) + 5, it.near_cm) + 5
        across = [(value, short_number(value)) for value in steps(least, most, 10)]
        down = _minutes_axis(max(bins.values()))
        plot.lay_out(Axis(least, most, across, tr("cm")), down, above=tr("too close"))
        for cm, minutes in bins.items():
            near = cm + 2.5 < it.near_cm
            look = Look(svg.WARN, hatch="/") if near else Look(svg.SITTING)
            plot.area(cm + 0.2, cm + 4.8, 0.0, minutes, look)
        plot.upright(it.near_cm, svg.WARN, _DASHED)
        plot.note(it.near_cm, down.last, tr("too close"), "middle", svg.WARN)

    return one_size(parts, paint)


def _prompts(buckets: Sequence[_Bucket]) -> Chart | None:
    found = {place: b.summary.figures for place, b in enumerate(buckets) if not b.summary.hidden}
    if len(buckets) < 2 or not any(it.reminders.asked_break or it.breaks.effective for it in found.values()):
        return None
    totals = {name: sum(_outcome(it, name) for it in found.values()) for name, *_ in _OUTCOMES}
    # What nobody said, and what was not done in part, is not mentioned.
    shown = [each for each in _OUTCOMES if totals[each[0]] or each[0] in ("kept", "late", "missed")]
    effective = [it.breaks.effective for it in found.values()]
    unseen = sum(it.breaks.by_session for it in found.values())
    by_lock = (tr("by the locked screen"),) if unseen else ()
    head = ("", tr("breaks"), *by_lock, *(outcome_words(name) for name, *_ in shown))
    parts = Parts("breaks-and-reminders", tr("Breaks and reminders"), "", head)
    for place, it in found.items():
        outcomes = (number(_outcome(it, name)) for name, *_ in shown)
        of_them = (number(it.breaks.by_session),) if unseen else ()
        parts.rows.append((buckets[place].label, number(it.breaks.effective), *of_them, *outcomes))
    taken = so_many_breaks(sum(effective))
    if unseen:
        taken = f"{taken} ({by_session(unseen, sum(effective))})"
    parts.alt = tr(
        "From {first} to {last}: {breaks}; reminders followed: {outcomes}.",
        breaks=taken,
        outcomes=", ".join(f"{number(totals[name])} {outcome_words(name)}" for name, *_ in shown),
        **_over(buckets),
    )

    def paint(plot: Plot) -> None:
        breaks_mark = Mark("_", svg.INK, 4.0)
        most = max([*effective, *(sum(_outcome(it, name) for name, *_ in shown) for it in found.values())])
        looks: list[tuple[str, Look | Mark]] = [
            (outcome_words(name), Look(colour, hatch=hatch)) for name, colour, _, hatch in shown
        ]
        plot.lay_out(
            _places([bucket.label for bucket in buckets]),
            Axis(0.0, 1.05 * most, [(n, number(n)) for n in steps(0.0, 1.05 * most, whole=True)], grid=True),
            legend=[(tr("breaks"), breaks_mark), *looks],
        )
        for place, it in found.items():
            under = 0
            for (name, *_), (_, look) in zip(shown, looks, strict=True):
                over = under + _outcome(it, name)
                if over > under and isinstance(look, Look):
                    plot.area(place - _BAR, place + _BAR, under, over, look)
                under = over
            plot.mark(place, it.breaks.effective, breaks_mark)

    return one_size(parts, paint)


def _outcome(figures: Figures, name: Outcome) -> int:
    return int(getattr(figures.reminders, name))


def _pain(buckets: Sequence[_Bucket]) -> Chart | None:
    logged = {place: bucket.summary.pain for place, bucket in enumerate(buckets) if bucket.summary.pain}
    if not logged:
        return None
    parts = Parts("pain-and-sitting", tr("Pain and sitting"), "", ("", tr("pain, 0 to 10"), tr("sitting")))
    means = {place: sum(pain.level for pain in pains) / len(pains) for place, pains in logged.items()}
    hours = [0.0 if b.summary.hidden else b.summary.figures.sitting_s / 3600.0 for b in buckets]
    for place, bucket in enumerate(buckets):
        if place in means or hours[place]:
            level = number(means[place], 1) if place in means else ""
            parts.rows.append((bucket.label, level, duration(3600 * hours[place])))
    # Translators: pain was logged in so many of the days, weeks or months that are shown.
    parts.alt = tr(
        "From {first} to {last}: pain was logged in {logged} of {all}, from {least} to {most}, beside the hours of "
        "sitting. Side by side says nothing of a cause.",
        logged=len(logged),
        all=len(buckets),
        least=number(min(means.values()), 1),
        most=number(max(means.values()), 1),
        **_over(buckets),
    )

    def paint(plot: Plot) -> None:
        levels = Axis(0.0, 10.5, [(level, number(level)) for level in range(0, 11, 2)], tr("pain, 0 to 10"))
        plot.lay_out(
            _places([bucket.label for bucket in buckets]),
            replace(_minutes_axis(max(max(hours), 1.0), tr("hours of sitting")), grid=False),
            levels,
        )
        for place, sat_h in enumerate(hours):
            plot.area(place - _BAR, place + _BAR, 0.0, sat_h, Look(svg.FAINT, 0.7))
        for place, level in means.items():
            plot.mark(place, level, replace(_PAIN, colour=svg.ACCENT), levels)

    return one_size(parts, paint, tr("Diamonds are pain, bars are hours of sitting."))


def _calendar(review: Review) -> Chart | None:
    days = [*review.before, *review.past][-CALENDAR_DAYS:]
    hours = {day: summary.figures.sitting_s / 3600.0 for day, summary in days if not summary.hidden}
    if len(hours) < LEAST_KNOWN:
        return None
    most = max(max(hours.values()), 1.0)
    first = days[0][0] - timedelta(days=days[0][0].weekday())
    parts = Parts("sitting-twelve-weeks", tr("Sitting, twelve weeks"), "", (tr("day"), tr("sitting")))
    parts.rows = [(dated(day, "%a %d %b"), duration(3600 * hours[day])) for day in hours]
    parts.alt = trn(
        "{n} day known in twelve weeks, on average {mean} of sitting seen, at most {longest}.",
        "{n} days known in twelve weeks, on average {mean} of sitting seen, at most {longest}.",
        len(hours),
        mean=duration(3600 * sum(hours.values()) / len(hours)),
        longest=duration(3600 * max(hours.values())),
    )

    def paint(plot: Plot) -> None:
        places = [(day, *divmod((day - first).days, 7)) for day, _ in days]
        months = [(week + 0.5, dated(day, "%b")) for day, week, row in places if day.day <= 7 and row == 0]
        weekdays = [(row + 0.5, dated(first + timedelta(days=row), "%a")) for row in (0, 2, 4, 6)]
        weeks = places[-1][1] + 1
        plot.lay_out(Axis(0, weeks, months, ruled=False), Axis(7, 0, weekdays, ruled=False))
        for day, week, row in places:
            box = week + 0.06, week + 0.94, row + 0.06, row + 0.94
            plot.area(*box, Look(svg.FAINT, 0.3))
            if day in hours:
                plot.area(*box, Look(svg.SITTING, 0.12 + 0.88 * hours[day] / most))

    return one_size(
        parts, paint, tr("A square is a day; the fullest colour is {most} of sitting.", most=duration(3600 * most))
    )


# -- buckets ----------------------------------------------------------------------------------------------------------


def _buckets(review: Review) -> list[_Bucket]:
    """The last days, at least two weeks of them, from the first one on that was watched; by month if they are many."""
    days = [*review.before, *review.past][-max(CONTEXT_DAYS, len(review.past)) :]
    first = next((place for place, (_, summary) in enumerate(days) if summary.recorded), len(days))
    days = days[min(first, len(days) - len(review.past)) :] if len(review.days) <= 31 else days[first:]
    if len(days) <= 31:
        return [_Bucket(dated(day, "%a %d" if len(days) <= 14 else "%d %b"), summary) for day, summary in days]
    groups: dict[date, list[Summary]] = {}
    by_week = len(days) <= MOST_WEEKS
    for day, summary in days:
        begin = day - timedelta(days=day.weekday()) if by_week else day.replace(day=1)
        groups.setdefault(begin, []).append(summary)
    return [
        _Bucket(
            dated(begin, "%d %b" if by_week else "%b %y"),
            review.records.summarise(group[0].start, group[-1].stop, review.settings),
        )
        for begin, group in groups.items()
    ]


def _over(buckets: Sequence[_Bucket]) -> dict[str, str]:
    return {"first": buckets[0].label, "last": buckets[-1].label}


# -- small things -----------------------------------------------------------------------------------------------------


_AWAY_PLACE, _LEFT_PLACE = 2, 3
"""Among `_times`."""


def _name(kind: str) -> str:
    return tr({str(known): words for known, words in DEVIATION_WORDS.items()}[kind])


def _time_names() -> tuple[str, ...]:
    """What `_times` are of."""
    return (
        trc("state", "sitting"),
        trc("state", "standing"),
        trc("state", "away"),
        trc("state", "left"),
        trc("state", "in calls"),
        trc("state", "not seen"),
    )


def _times(summary: Summary) -> tuple[str, ...]:
    it = summary.figures
    unseen = duration(it.left_s), duration(it.busy_s), duration(it.blind_s)
    if summary.hidden:
        return ("-", "-", "-", *unseen)
    return lasted(it.sitting, it.sitting_s), duration(it.standing_s), duration(it.away_s), *unseen


def _what_was(day: Summary) -> str:
    """The times of a day, its breaks and reminders, as a sentence goes on."""
    nothing, times = duration(0.0), []
    for place, (name, time) in enumerate(zip(_time_names(), _times(day), strict=True)):
        if place == _LEFT_PLACE and day.figures.left_s >= 1.0:
            times.append(tr("{name} {time} (locked or asleep)", name=name, time=time))
        elif time != nothing or place == _AWAY_PLACE:
            times.append(f"{name} {time}")
    reminders = trn("{n} reminder", "{n} reminders", len(day.prompts))
    return f"{', '.join(times)}; {breaks(day.figures)}; {reminders}"


def _wall_h(at: datetime, day: date, tz: tzinfo | None) -> float:
    """Hours since midnight on the wall clock; 24 at the end of the day."""
    local = at.astimezone(tz)
    return 24.0 * (local.date() - day).days + local.hour + local.minute / 60.0 + local.second / 3600.0


def _places(labels: Sequence[str]) -> Axis:
    """An axis of days, weeks or months, of which a few are named."""
    every = max(1, math.ceil(len(labels) / 5))
    return Axis(-0.6, len(labels) - 0.4, [(place, labels[place]) for place in range(0, len(labels), every)])
