"""The charts of a report: matplotlib makes SVG that lies in the page and takes the page's colours.

Matplotlib, because MediaPipe brings it anyway (nothing more to install), it knows every chart needed here, and its SVG
runs no script and asks for nothing. Plotly would put 4.7 MB into each page, Altair loads a network, pygal links a
script. Each chart is drawn in placeholder colours that become CSS variables: one drawing serves light, dark
and paper.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from posture.measure.observation import DEVIATIONS
from posture.report.review import Review
from posture.report.spans import Track, meet, union
from posture.report.summary import Figures, Summary
from posture.report.words import duration

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CALENDAR_DAYS", "CONTEXT_DAYS", "Chart", "draw"]

CALENDAR_DAYS = 84
"""The calendar shows twelve weeks."""
CONTEXT_DAYS = 14
"""Charts over the days show at least this many."""

# Placeholder colours and the CSS variables they become.
_COLOURS = {
    "#010101": "--ink",
    "#020202": "--faint",
    "#030303": "--sitting",
    "#040404": "--standing",
    "#050505": "--away",
    "#060606": "--unknown",
    "#070707": "--accent",
    "#080808": "--warn",
    "#090909": "--paper",
}
_INK, _FAINT, _SITTING, _STANDING, _AWAY, _UNKNOWN, _ACCENT, _WARN, _PAPER = _COLOURS
_PRESENCE = {"sitting": _SITTING, "standing": _STANDING, "away": _AWAY, "unknown": _UNKNOWN}
_OUTCOMES = (("kept", _STANDING, "o"), ("late", _ACCENT, "s"), ("missed", _WARN, "X"))
_NARROW_IN, _WIDE_IN, _HEIGHT_IN = 4.6, 10.5, 2.7
_NAMES = {kind: kind.replace("_", " ") for kind in DEVIATIONS}


@dataclass(frozen=True)
class Chart:
    """A chart, and the same in words.

    Attributes
    ----------
    title, alt : str
        What it is called, and what it says in a sentence.
    svg : str
        Markup for the inside of a page.
    head, rows
        The numbers behind it, as a table.
    narrow_svg : str
        Another drawing for narrow screens; empty when one serves both.
    """

    title: str
    alt: str
    svg: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    narrow_svg: str = ""


@dataclass
class _Parts:
    """What a chart is made of before it is drawn."""

    title: str
    alt: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class _Bucket:
    """A day, a week or a month of a chart over time."""

    label: str
    summary: Summary


def draw(review: Review, done: Callable[[], None] = lambda: None) -> list[Chart]:
    """Draw the charts that there is something to show in.

    Parameters
    ----------
    review : Review
        With at least 84 days in all, for the calendar.
    done : callable
        Called after each chart.

    Returns
    -------
    list of Chart
    """
    import logging

    # A missing font or cache is not the user's concern. Set first: matplotlib already speaks while it is imported.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib as mpl

    look: dict[str, Any] = {
        "svg.fonttype": "none",
        "svg.hashsalt": "posture",
        "font.size": 10.0,
        "text.parse_math": False,
        "text.color": _INK,
        "axes.edgecolor": _FAINT,
        "axes.labelcolor": _INK,
        "axes.facecolor": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "grid.color": _FAINT,
        "grid.linewidth": 0.5,
        "xtick.color": _INK,
        "ytick.color": _INK,
        "hatch.color": _PAPER,
        "hatch.linewidth": 1.2,
        "legend.frameon": False,
        "legend.fontsize": 9.0,
    }
    buckets = _buckets(review)
    charts = []
    # The defaults, whatever a matplotlibrc of the user says.
    chosen: dict[Any, Any] = {**mpl.rcParamsDefault, **look, "backend": "svg"}
    with mpl.rc_context(chosen):
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
    parts = _Parts("Timeline", "", ("day", "sitting", "standing", "away", "not known"))
    for day, one in review.days:
        parts.rows.append((f"{day:%a %d %b}", *_times(one)))
    parts.alt = f"A row for each of {len(review.days)} days: when you sat, stood or were away."

    def paint(axes: Axes) -> None:
        hours = [24.0, 0.0]
        for row, (day, one) in enumerate(review.days):
            for a, b, presence in _states(one):
                first, last = _wall_h(a, day, review.tz), _wall_h(b, day, review.tz)
                axes.broken_barh([(first, max(0.0, last - first))], (row - 0.36, 0.72), color=_PRESENCE[presence])
                hours = [min(hours[0], first), max(hours[1], last)]
        axes.set_ylim(len(review.days) - 0.4, -0.6)
        every = 1 if len(review.days) <= 8 else 5
        axes.set_yticks(range(0, len(review.days), every), [f"{d:%a %d}" for d, _ in review.days[::every]])
        step = 2 if hours[1] - hours[0] < 14 else 4
        ticks = range(int(hours[0] // step) * step, math.ceil(hours[1] / step) * step + 1, step)
        axes.set_xticks(ticks, [f"{hour:02d}" for hour in ticks])
        axes.set_xlim(ticks[0], ticks[-1])
        axes.grid(axis="x")
        _presence_legend(axes, {presence for _, one in review.days for _, _, presence in _states(one)})

    height_in = 0.95 + (0.24 if len(review.days) <= 8 else 0.12) * len(review.days)
    return _two_sizes(parts, paint, height_in)


def _day(review: Review) -> Chart | None:
    _, one = review.days[0]
    if not one.watches:
        return None
    held: dict[str, list[tuple[datetime, datetime]]] = {}
    if not one.hidden:
        for interval in review.records.deviations(one.start, one.stop):
            held.setdefault(interval.label, []).append((interval.start, interval.end))
    kinds = [kind for kind in DEVIATIONS if kind in held]
    parts = _Parts("The day", "", ("from", "to", "what"))

    def clock(at: datetime) -> str:
        return f"{at.astimezone(review.tz):%H:%M}"

    entries = [(a, b, presence) for a, b, presence in _states(one)]
    entries += [(a, b, _NAMES[kind]) for kind in kinds for a, b in held[kind]]
    entries += [(prompt.at, prompt.at, f"reminder: {prompt.kind}, {prompt.outcome or '-'}") for prompt in one.prompts]
    entries += [(pain.at, pain.at, f"pain {pain.level:g}") for pain in one.pain]
    parts.rows = [(clock(a), clock(b) if b > a else "", what) for a, b, what in sorted(entries)]
    sitting, standing, away, unknown = _times(one)
    parts.alt = (
        f"From {clock(one.watches[0][0])} to {clock(one.watches[-1][1])}: sitting {sitting}, standing {standing}, "
        f"away {away}, not known {unknown}; {len(one.breaks)} effective breaks, {len(one.prompts)} reminders."
    )

    def paint(axes: Axes) -> None:
        def hour(at: datetime) -> float:
            return (at - one.start).total_seconds() / 3600.0

        for a, b, presence in _states(one):
            axes.broken_barh([(hour(a), hour(b) - hour(a))], (-0.45, 0.9), color=_PRESENCE[presence])
        for row, kind in enumerate(kinds, 1):
            spans = [(hour(a), hour(b) - hour(a)) for a, b in held[kind]]
            axes.broken_barh(spans, (row - 0.3, 0.6), color=_ACCENT)
        for outcome, colour, marker in (*_OUTCOMES, (None, _FAINT, "v")):
            at = [hour(prompt.at) for prompt in one.prompts if prompt.outcome == outcome]
            if at:
                axes.scatter(
                    at, [-0.85] * len(at), s=34, c=colour, marker=marker, label=f"prompt {outcome or ''}".strip()
                )
        if one.pain:
            axes.scatter(
                [hour(pain.at) for pain in one.pain], [-0.85] * len(one.pain), s=34, c=_INK, marker="D", label="pain"
            )
        axes.set_ylim(len(kinds) + 0.6, -1.25)
        axes.set_yticks(range(len(kinds) + 1), ["presence", *(_NAMES[kind] for kind in kinds)])
        axes.tick_params(axis="y", length=0)
        first, last = int(hour(one.watches[0][0])), math.ceil(hour(one.watches[-1][1]))
        step = 1 if last - first <= 8 else 2
        ticks = range(first, max(last, first + 1) + 1, step)
        axes.set_xticks(ticks, [f"{(one.start + timedelta(hours=t)).astimezone(review.tz):%H}" for t in ticks])
        axes.set_xlim(first, max(last, first + 1))
        axes.grid(axis="x")
        _presence_legend(axes, {presence for _, _, presence in _states(one)})

    return _two_sizes(parts, paint, 1.75 + 0.22 * len(kinds))


def _presence_legend(axes: Axes, shown: set[str]) -> None:
    from matplotlib.patches import Patch

    handles, labels = axes.get_legend_handles_labels()
    names = [name for name in _PRESENCE if name in shown]
    # In two rows, so that it also fits a phone.
    axes.legend(
        [*(Patch(color=_PRESENCE[name]) for name in names), *handles],
        [*names, *labels],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=4,
        borderaxespad=0.1,
        handlelength=1.0,
        columnspacing=1.0,
    )


# -- sitting, deviations ----------------------------------------------------------------------------------------------


def _bouts(review: Review, buckets: Sequence[_Bucket]) -> Chart | None:
    it = review.whole.figures.bouts
    if review.whole.hidden or not review.whole.bouts:
        return None
    limit_min, w50_min = it.limit_s / 60.0, (it.w50_s or 0.0) / 60.0
    alt = (
        f"{it.count} bouts, the longest {duration(it.longest_s or 0.0)}; half of the sitting was in bouts of up to "
        f"{duration(it.w50_s or 0.0)} (W50). The limit is {duration(it.limit_s)}."
    )
    if len(review.days) == 1:
        parts = _Parts("Sitting bouts", alt, ("began", "sitting"))
        bouts = [(a.astimezone(review.tz), length_s) for a, _, length_s in review.whole.bouts]
        parts.rows = [(f"{a:%H:%M}", duration(length_s)) for a, length_s in bouts]

        def paint(axes: Axes) -> None:
            colours = [_SITTING if length_s <= it.limit_s else _WARN for _, length_s in bouts]
            bars = axes.bar(range(len(bouts)), [length_s / 60.0 for _, length_s in bouts], color=colours)
            for bar, (_, length_s) in zip(bars, bouts, strict=True):
                bar.set_hatch("//" if length_s > it.limit_s else "")
            every = math.ceil(len(bouts) / 6)
            axes.set_xticks(range(0, len(bouts), every), [f"{a:%H:%M}" for a, _ in bouts[::every]])
            _lines(axes, limit_min, w50_min)

        return _one_size(parts, paint)

    shown = [one for one in buckets[-_number_of_buckets(review) :] if not one.summary.hidden and one.summary.bouts]
    parts = _Parts("Sitting bouts", alt, ("", "bouts", "longest", "W50"))
    for one in shown:
        found = one.summary.figures.bouts
        parts.rows.append((one.label, str(found.count), duration(found.longest_s or 0.0), duration(found.w50_s or 0.0)))

    def paint_days(axes: Axes) -> None:
        for place, one in enumerate(shown):
            lengths = [length_s / 60.0 for _, _, length_s in one.summary.bouts]
            axes.scatter([place] * len(lengths), lengths, 22, _SITTING, alpha=0.7, linewidths=0)
            axes.plot(
                [place - 0.35, place + 0.35], [(one.summary.figures.bouts.w50_s or 0.0) / 60.0] * 2, color=_INK, lw=2
            )
        _label(axes, [one.label for one in shown])
        _lines(axes, limit_min, None)

    return _one_size(parts, paint_days, "Each dot is a bout; a short line is the W50.")


def _lines(axes: Axes, limit_min: float, w50_min: float | None) -> None:
    axes.axhline(limit_min, color=_WARN, lw=1.4, ls="--")
    axes.text(1.0, limit_min, "limit", color=_WARN, ha="right", va="bottom", transform=axes.get_yaxis_transform())
    if w50_min is not None:
        axes.axhline(w50_min, color=_INK, lw=1.4, ls=":")
        axes.text(0.0, w50_min, " W50", ha="left", va="bottom", transform=axes.get_yaxis_transform())
    axes.set_ylabel("minutes")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")


def _deviations(review: Review) -> Chart | None:
    if review.whole.hidden:
        return None
    minutes, sat = _by_hour(review)
    kinds = [kind for kind in DEVIATIONS if kind in minutes]
    if not kinds:
        return None
    hours = range(min(sat), max(sat) + 1)
    shares = {(kind, h): minutes[kind].get(h, 0.0) / sat[h] for kind in kinds for h in hours if sat.get(h, 0.0) > 0}
    (top_kind, top_hour), top = max(shares.items(), key=lambda one: one[1])
    parts = _Parts("Deviations by hour", "", ("hour", *(_NAMES[kind] for kind in kinds)))
    for h in hours:
        parts.rows.append((f"{h:02d}", *(f"{minutes[kind].get(h, 0.0):.0f} min" for kind in kinds)))
    parts.alt = (
        f"Share of each hour's sitting that was spent in a deviation; the most was {_NAMES[top_kind]} at "
        f"{top_hour:02d}: {100 * top:.0f} %."
    )

    def paint(axes: Axes) -> None:
        from matplotlib.patches import Rectangle

        for row, kind in enumerate(kinds):
            for h in hours:
                alpha = shares.get((kind, h), 0.0) / top if top else 0.0
                size = (h + 0.04, row + 0.06), 0.92, 0.88
                axes.add_patch(Rectangle(*size, facecolor=_FAINT, alpha=0.25, lw=0))
                if alpha > 0:
                    axes.add_patch(Rectangle(*size, facecolor=_ACCENT, alpha=0.15 + 0.85 * alpha, lw=0))
        axes.set_xlim(hours[0], hours[-1] + 1)
        axes.set_ylim(len(kinds), 0)
        every = math.ceil(len(hours) / 8)
        axes.set_xticks([h + 0.5 for h in hours[::every]], [f"{h:02d}" for h in hours[::every]])
        axes.set_yticks([row + 0.5 for row in range(len(kinds))], [_NAMES[kind] for kind in kinds])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)

    return _one_size(parts, paint, f"The fullest colour is {100 * top:.0f} % of the sitting in that hour.")


def _by_hour(review: Review) -> tuple[dict[str, dict[int, float]], dict[int, float]]:
    """Minutes of each deviation, and of sitting, in each hour of the local day."""
    minutes: dict[str, dict[int, float]] = {}
    sat: dict[int, float] = {}
    held: dict[str, list[tuple[datetime, datetime]]] = {}
    for interval in review.records.deviations(review.whole.start, review.whole.stop):
        held.setdefault(interval.label, []).append((interval.start, interval.end))
    sitting = [(a, b) for a, b, presence in review.whole.spells if presence == "sitting"]
    tracks = {kind: Track(meet(union(spans), sitting)) for kind, spans in held.items()}
    for begin, end, hour in _hours(sitting, review.tz):
        sat[hour] = sat.get(hour, 0.0) + (end - begin).total_seconds() / 60.0
        for kind, track in tracks.items():
            part = track.seconds(begin, end) / 60.0
            if part > 0:
                of_kind = minutes.setdefault(kind, {})
                of_kind[hour] = of_kind.get(hour, 0.0) + part
    return minutes, sat


def _hours(spans: Sequence[tuple[datetime, datetime]], tz: tzinfo | None) -> Iterator[tuple[datetime, datetime, int]]:
    """Cut spans where an hour of the local clock begins."""
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
    found = {place: one.summary.figures.lean for place, one in enumerate(buckets) if not one.summary.hidden}
    left_s, right_s = sum(lean.left_s for lean in found.values()), sum(lean.right_s for lean in found.values())
    if not left_s + right_s:
        return None
    parts = _Parts("Leaning left and right", "", ("", "left", "right"))
    parts.rows = [(buckets[at].label, duration(lean.left_s), duration(lean.right_s)) for at, lean in found.items()]
    parts.alt = f"{_over(buckets)} you leaned left for {duration(left_s)} and right for {duration(right_s)}."

    def paint(axes: Axes) -> None:
        axes.bar(list(found), [lean.left_s / 60.0 for lean in found.values()], color=_SITTING)
        axes.bar(list(found), [-lean.right_s / 60.0 for lean in found.values()], color=_ACCENT, hatch="//")
        axes.axhline(0, color=_INK, lw=0.8)
        most = max(max(lean.left_s, lean.right_s) for lean in found.values()) / 60.0
        axes.set_ylim(-1.1 * most, 1.1 * most)
        _label(axes, [one.label for one in buckets])
        axes.set_ylabel("right – minutes – left")
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        axes.grid(axis="y")

    return _one_size(parts, paint)


def _distance(review: Review) -> Chart | None:
    it = review.whole.figures.viewing
    if review.whole.hidden or it.median_cm is None:
        return None
    bins: dict[int, float] = {}
    for one in review.records.distances(review.whole.start, review.whole.stop):
        bins[one.cm // 5 * 5] = bins.get(one.cm // 5 * 5, 0.0) + one.seconds / 60.0
    parts = _Parts("Viewing distance", "", ("cm", "time"))
    parts.rows = [(f"{cm} to {cm + 5}", duration(60 * bins[cm])) for cm in sorted(bins)]
    near = 100 * (it.near_share or 0.0)
    parts.alt = f"Median {int(it.median_cm)} cm; {near:.0f} % of the time nearer than {it.near_cm:g} cm."

    def paint(axes: Axes) -> None:
        for cm, minutes in bins.items():
            near = cm + 2.5 < it.near_cm
            axes.bar(cm + 2.5, minutes, 4.6, color=_WARN if near else _SITTING, hatch="//" if near else "")
        axes.axvline(it.near_cm, color=_WARN, lw=1.4, ls="--")
        axes.text(
            it.near_cm, 1.0, " too close", color=_WARN, va="bottom", ha="center", transform=axes.get_xaxis_transform()
        )
        axes.set_xlim(min(min(bins), it.near_cm) - 5, max(max(bins) + 5, it.near_cm) + 5)
        axes.set_xlabel("cm")
        axes.set_ylabel("minutes")
        axes.grid(axis="y")

    return _one_size(parts, paint)


def _prompts(buckets: Sequence[_Bucket]) -> Chart | None:
    found = {place: one.summary.figures for place, one in enumerate(buckets) if not one.summary.hidden}
    if not any(it.reminders.asked_break or it.breaks.effective for it in found.values()):
        return None
    totals = {name: sum(_outcome(it, name) for it in found.values()) for name, _, _ in _OUTCOMES}
    breaks = [it.breaks.effective for it in found.values()]
    parts = _Parts("Breaks and prompts", "", ("", "breaks", "kept", "late", "missed"))
    for place, it in found.items():
        outcomes = (str(_outcome(it, name)) for name, _, _ in _OUTCOMES)
        parts.rows.append((buckets[place].label, str(it.breaks.effective), *outcomes))
    parts.alt = (
        f"{_over(buckets)} {sum(breaks)} effective breaks; of the prompts for one {totals['kept']} were kept, "
        f"{totals['late']} late, {totals['missed']} missed."
    )

    def paint(axes: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        bottom = [0] * len(found)
        for (name, colour, _), hatch in zip(_OUTCOMES, ("", "..", "//"), strict=True):
            heights = [_outcome(it, name) for it in found.values()]
            axes.bar(list(found), heights, bottom=bottom, color=colour, hatch=hatch, label=name)
            bottom = [a + b for a, b in zip(bottom, heights, strict=True)]
        axes.scatter(list(found), breaks, s=26, c=_INK, marker="_", linewidths=2, label="breaks")
        _label(axes, [one.label for one in buckets])
        axes.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        axes.grid(axis="y")
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncols=4, borderaxespad=0.1, handlelength=1, columnspacing=1
        )

    return _one_size(parts, paint)


def _outcome(figures: Figures, name: str) -> int:
    return int(getattr(figures.reminders, name))


def _pain(buckets: Sequence[_Bucket]) -> Chart | None:
    logged = [(place, one) for place, one in enumerate(buckets) if one.summary.pain]
    if not logged:
        return None
    parts = _Parts("Pain and sitting", "", ("", "pain, 0 to 10", "sitting"))
    means = {place: sum(p.level for p in one.summary.pain) / len(one.summary.pain) for place, one in logged}
    hours = [0.0 if one.summary.hidden else one.summary.figures.sitting_s / 3600.0 for one in buckets]
    for place, one in enumerate(buckets):
        if place in means or hours[place]:
            level = f"{means[place]:.1f}" if place in means else ""
            parts.rows.append((one.label, level, duration(3600 * hours[place])))
    parts.alt = (
        f"{_over(buckets)} pain was logged in {len(logged)} of {len(buckets)}, from {min(means.values()):.1f} to "
        f"{max(means.values()):.1f}, beside the hours of sitting. Side by side says nothing of a cause."
    )

    def paint(axes: Axes) -> None:
        axes.bar(range(len(buckets)), hours, color=_FAINT, alpha=0.7)
        axes.set_ylabel("hours of sitting")
        _label(axes, [one.label for one in buckets])
        other = axes.twinx()
        other.plot(list(means), list(means.values()), "D", color=_ACCENT, ms=5)
        other.set_ylim(0, 10.5)
        other.set_yticks(range(0, 11, 2))
        other.set_ylabel("pain, 0 to 10")
        other.spines["right"].set_visible(True)

    return _one_size(parts, paint, "Diamonds are pain, bars are hours of sitting.")


def _calendar(review: Review) -> Chart | None:
    days = [*review.before, *review.days][-CALENDAR_DAYS:]
    hours = {day: one.figures.sitting_s / 3600.0 for day, one in days if not one.hidden}
    if not hours:
        return None
    most = max(max(hours.values()), 1.0)
    first = days[0][0] - timedelta(days=days[0][0].weekday())
    parts = _Parts("Sitting, twelve weeks", "", ("day", "sitting"))
    parts.rows = [(f"{day:%a %d %b}", duration(3600 * hours[day])) for day in hours]
    parts.alt = (
        f"{len(hours)} days known in twelve weeks, on average {duration(3600 * sum(hours.values()) / len(hours))} of "
        f"sitting, at most {duration(3600 * max(hours.values()))}."
    )

    def paint(axes: Axes) -> None:
        from matplotlib.patches import Rectangle

        months: dict[int, str] = {}
        for day, _ in days:
            week, row = divmod((day - first).days, 7)
            size = (week + 0.06, row + 0.06), 0.88, 0.88
            axes.add_patch(Rectangle(*size, facecolor=_FAINT, alpha=0.3, lw=0))
            if day in hours:
                axes.add_patch(Rectangle(*size, facecolor=_SITTING, alpha=0.12 + 0.88 * hours[day] / most, lw=0))
            if day.day <= 7 and row == 0:
                months[week] = f"{day:%b}"
        weeks = (days[-1][0] - first).days // 7 + 1
        axes.set_xlim(0, weeks)
        axes.set_ylim(7, 0)
        axes.set_xticks([week + 0.5 for week in months], list(months.values()))
        axes.set_yticks([0.5, 2.5, 4.5, 6.5], ["Mon", "Wed", "Fri", "Sun"])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)

    return _one_size(parts, paint, f"A square is a day; the fullest colour is {duration(3600 * most)} of sitting.")


# -- buckets ----------------------------------------------------------------------------------------------------------


def _buckets(review: Review) -> list[_Bucket]:
    """The last days, at least two weeks of them; by the week when they are many, by the month when they are years."""
    days = [*review.before, *review.days][-max(CONTEXT_DAYS, len(review.days)) :]
    if len(days) <= 31:
        return [_Bucket(f"{day:%a %d}" if len(days) <= 14 else f"{day:%d %b}", one) for day, one in days]
    groups: dict[date, list[Summary]] = {}
    by_week = len(days) <= 400
    for day, one in days:
        groups.setdefault(day - timedelta(days=day.weekday()) if by_week else day.replace(day=1), []).append(one)
    whole = review.records
    return [
        _Bucket(
            f"{day:%d %b}" if by_week else f"{day:%b %y}",
            whole.summarise(some[0].start, some[-1].stop, review.settings),
        )
        for day, some in groups.items()
    ]


def _number_of_buckets(review: Review) -> int:
    return len(review.days) if len(review.days) <= 31 else 10**6


def _over(buckets: Sequence[_Bucket]) -> str:
    return f"From {buckets[0].label} to {buckets[-1].label}:"


# -- small things -----------------------------------------------------------------------------------------------------


def _states(one: Summary) -> list[tuple[datetime, datetime, str]]:
    """The presences of a span with the unknown between them, in order."""
    out: list[tuple[datetime, datetime, str]] = []
    for begin, end in one.watches:
        at = begin
        for a, b, presence in one.spells:
            if b <= begin or a >= end:
                continue
            if a > at:
                out.append((at, a, "unknown"))
            out.append((a, b, presence))
            at = b
        if at < end:
            out.append((at, end, "unknown"))
    return out


def _times(one: Summary) -> tuple[str, str, str, str]:
    if one.hidden:
        return ("-", "-", "-", duration(one.unknown_s))
    it = one.figures
    return duration(it.sitting_s), duration(it.standing_s), duration(it.away_s), duration(one.unknown_s)


def _wall_h(at: datetime, day: date, tz: tzinfo | None) -> float:
    """Hours on the clock of the day; 24 at its end."""
    local = at.astimezone(tz)
    return 24.0 * (local.date() - day).days + local.hour + local.minute / 60.0 + local.second / 3600.0


def _label(axes: Axes, labels: Sequence[str]) -> None:
    every = max(1, math.ceil(len(labels) / 5))
    axes.set_xticks(range(0, len(labels), every), labels[::every])
    axes.set_xlim(-0.6, len(labels) - 0.4)


def _one_size(parts: _Parts, paint: Callable[[Axes], None], remark: str = "") -> Chart:
    alt = f"{parts.alt} {remark}".strip()
    return Chart(parts.title, alt, _svg(paint, _NARROW_IN, _HEIGHT_IN, parts, 10.0), parts.head, tuple(parts.rows))


def _two_sizes(parts: _Parts, paint: Callable[[Axes], None], height_in: float) -> Chart:
    wide, narrow = (_svg(paint, width_in, height_in, parts, 9.0) for width_in in (_WIDE_IN, _NARROW_IN))
    return Chart(parts.title, parts.alt, wide, parts.head, tuple(parts.rows), narrow)


def _svg(paint: Callable[[Axes], None], width_in: float, height_in: float, parts: _Parts, size_pt: float) -> str:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": size_pt, "legend.fontsize": size_pt}):
        figure = Figure(figsize=(width_in, height_in), layout="constrained")
        axes = figure.add_subplot()
        paint(axes)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    prefix = f"{re.sub('[^a-z]+', '-', parts.title.lower())}-{width_in:g}-".replace(".", "")
    return _for_a_page(out.getvalue(), prefix, parts.title, parts.alt)


def _for_a_page(svg: str, prefix: str, title: str, alt: str) -> str:
    """Make matplotlib's file part of a page: the page's colours and font, and names that occur once in it."""
    from html import escape

    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    for colour, variable in _COLOURS.items():
        svg = svg.replace(colour, f"var({variable})")
    svg = re.sub(r"font: ([0-9.]+)px [^;\"]+", r"font-size: \1px", svg)
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", svg))
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{prefix}{m[1]}"' if m[1] in used else "", svg)
    svg = re.sub(r"(url\(#|href=\"#)", rf"\1{prefix}", svg)
    svg = re.sub(r"(<svg[^>]*?) width=\"[^\"]*\"", r"\1", svg, count=1)
    svg = re.sub(r"(<svg[^>]*?) height=\"[^\"]*\"", r"\1", svg, count=1)
    svg = svg.replace("<svg", f'<svg role="img" aria-label="{escape(f"{title}. {alt}")}"', 1)
    return re.sub(r">\s+<", "><", svg).strip()
