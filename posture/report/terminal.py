"""A summary for people: a table in the terminal. It may change at any time; `report.json` is what stays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from posture.measure.observation import Presence
from posture.report.summary import Held, Summary

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

__all__ = ["duration", "show", "show_days"]

# Told apart by shape, so that they are also told apart without colour. The second is for terminals without UTF-8.
_MARKS: dict[str, tuple[str, str, str]] = {
    "sitting": ("█", "#", "cyan"),
    "standing": ("▄", "=", "green"),
    "away": ("·", ".", "dim"),
    "unknown": ("?", "?", "yellow"),
    "reminder": ("▾", "v", "magenta"),
}
_STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720)
_TICK_WIDTH = 7
_INDENT = 2
_WIDEST = 110


def duration(seconds: float) -> str:
    """Write a duration the way people say it: "45 s", "2 min 10 s", "52 min", "5 h 02"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 600 and whole % 60:
        return f"{whole // 60} min {whole % 60} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02d}"


def show(summary: Summary, title: str, console: Console, tz: tzinfo | None = None) -> None:
    """Print a summary.

    Parameters
    ----------
    summary : Summary
    title : str
        What the span is called, such as "Monday 2 March 2026".
    console : rich.console.Console
    tz : tzinfo or None
        The time zone of the timeline; None is the machine's.
    """
    from rich.text import Text

    console.print(Text(title, style="bold"))
    console.print(Text(_coverage(summary)))
    if summary.watches and summary.stop - summary.start <= timedelta(hours=25):
        console.print()
        for line in _timeline(summary, console, tz):
            console.print(line)
    if summary.hidden:
        console.print()
        console.print(Text(f"The other figures are hidden: {summary.hidden}."))
        return
    console.print()
    console.print(_figures(summary))
    console.print()
    console.print(_deviations(summary, console))


def show_days(days: Sequence[tuple[str, Summary]], console: Console) -> None:
    """Print a line a day: observed and sitting time, longest bout, W50, breaks, reminders."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("")
    for column in ("observed", "sitting", "longest", "W50", "breaks/h", "reminders"):
        table.add_column(column, justify="right", no_wrap=True)
    for name, summary in days:
        it = summary.figures
        observed = "-" if summary.coverage is None else f"{duration(summary.observed_s)} ({_share(summary.coverage)})"
        cells = ["-"] * 5
        if not summary.hidden:
            cells = [
                duration(it.sitting_s),
                _or_dash(it.bouts.longest_s),
                _or_dash(it.bouts.w50_s),
                _number(it.breaks.per_sitting_hour),
                str(it.reminders.given),
            ]
        table.add_row(name, observed, *cells)
    console.print(_indented(table))


def _coverage(summary: Summary) -> str:
    if summary.coverage is None:
        return "Nothing was watched."
    return f"Observed {duration(summary.observed_s)} of {duration(summary.watched_s)} ({_share(summary.coverage)})"


# -- figures ----------------------------------------------------------------------------------------------------------


def _figures(summary: Summary) -> Table:
    it = summary.figures
    near = (
        ""
        if it.viewing.near_share is None
        else f"; {_share(it.viewing.near_share)} of it under {it.viewing.near_cm:g} cm"
    )
    rows = [
        ("Sitting", duration(it.sitting_s), f"in {_count(it.bouts.count, 'bout')}" if it.bouts.count else ""),
        ("Standing", duration(it.standing_s), ""),
        ("Away", duration(it.away_s), ""),
        ("Not known", duration(summary.unknown_s), _reasons(summary)),
        None,
        ("Longest bout", _or_dash(it.bouts.longest_s), f"the limit is {duration(it.bouts.limit_s)}"),
        ("W50", _or_dash(it.bouts.w50_s), "half of the sitting was in bouts up to this"),
        (
            "Over the limit",
            _share(it.bouts.over_limit_share),
            f"of the sitting was in bouts over {duration(it.bouts.limit_s)}",
        ),
        ("Effective breaks", str(it.breaks.effective), _breaks(summary)),
        ("Postural shifts", str(it.shifts.count), _an_hour(it.shifts.per_sitting_hour)),
        ("Reminders", str(it.reminders.given), _reminders(summary)),
        ("Lean", *_lean(summary)),
        ("Viewing distance", _centimetres(it.viewing.median_cm), f"median{near}" if it.viewing.median_cm else ""),
    ]
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True, style="bold")
    table.add_column(style="dim")
    for row in rows:
        table.add_row(*(row or ("", "", "")))
    return _indented(table)


def _reasons(summary: Summary) -> str:
    longest = sorted(summary.unknown_reasons.items(), key=lambda one: -one[1])[:2]
    return ", ".join(f"{reason} {duration(seconds)}" for reason, seconds in longest)


def _breaks(summary: Summary) -> str:
    it = summary.figures.breaks
    median = "" if it.median_s is None else f"median {duration(it.median_s)}"
    return ", ".join(part for part in (_an_hour(it.per_sitting_hour), median) if part)


def _reminders(summary: Summary) -> str:
    it = summary.figures.reminders
    kinds = ", ".join(f"{number} {kind}" for kind, number in it.by_kind.items() if number)
    if it.followed_share is None:
        return kinds
    return f"{kinds}; {_share(it.followed_share)} followed by a break"


def _lean(summary: Summary) -> tuple[str, str]:
    it = summary.figures.lean
    if it.balance is None:
        return "-", "hidden under 10 min of leaning"
    halves = f"left {duration(it.left_s)}, right {duration(it.right_s)}"
    if abs(it.balance) < 0.005:
        return "even", halves
    return _share(abs(it.balance)), f"more to the {'left' if it.balance > 0 else 'right'}: {halves}"


def _deviations(summary: Summary, console: Console) -> Table:
    from rich.table import Table
    from rich.text import Text

    held = sorted(summary.figures.deviations.items(), key=lambda one: -one[1].total_s)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for column in ("held while sitting", "time", "share", "median"):
        table.add_column(column, justify="left" if column.startswith("held") else "right", no_wrap=True)
    table.add_column("", no_wrap=True)
    room = max(10, min(console.width, _WIDEST) - 58)
    longest_s = max((one.total_s for _, one in held), default=0.0)
    mark = _mark("sitting", console)
    for kind, one in held:
        if one.total_s > 0:
            bar = mark * max(1, round(room * one.total_s / longest_s))
            table.add_row(*_deviation(kind, one), Text(bar, style="cyan"))
    none = [kind.replace("_", " ") for kind, one in held if one.total_s <= 0]
    if len(none) == len(held):
        table.show_header = False
        table.add_row("No deviation was held.", "", "", "", "")
    elif none:
        table.caption = f"none: {', '.join(none)}"
        table.caption_justify = "left"
    return _indented(table)


def _deviation(kind: str, held: Held) -> tuple[str, str, str, str]:
    return kind.replace("_", " "), duration(held.total_s), _share(held.share_of_sitting), _or_dash(held.median_dwell_s)


# -- the timeline -----------------------------------------------------------------------------------------------------


def _timeline(summary: Summary, console: Console, tz: tzinfo | None) -> list[Text]:
    """The hours that were watched as a strip, with an axis above, reminders below, and what the marks mean."""
    from rich.text import Text

    width = min(console.width, _WIDEST) - 2 * _INDENT
    begin, step_s, ticks = _axis(summary.watches[0][0], summary.watches[-1][1], width, tz)
    cell_s = ticks * step_s / width
    axis = [" "] * (width + _TICK_WIDTH)
    for tick in range(ticks):
        at = (begin + timedelta(seconds=tick * step_s)).astimezone(tz)
        column = round(tick * step_s / cell_s)
        axis[column : column + 5] = f"{at:%H:%M}"
    cells = _cells(summary, begin, cell_s, width)
    strip = Text(" " * _INDENT)
    for state in cells:
        strip.append(_mark(state, console) if state else " ", style=_MARKS[state][2] if state else "")
    lines = [Text(" " * _INDENT + "".join(axis).rstrip(), style="dim"), strip]
    if summary.reminded:
        row = [" "] * width
        for at in summary.reminded:
            column = int((at - begin).total_seconds() / cell_s)
            if 0 <= column < width:
                row[column] = _mark("reminder", console)
        lines.append(Text(" " * _INDENT + "".join(row).rstrip(), style=_MARKS["reminder"][2]))
    legend = Text(" " * _INDENT)
    for name, (_, _, style) in _MARKS.items():
        if name in cells or (name == "reminder" and summary.reminded):
            legend.append(_mark(name, console), style=style).append(f" {name}   ", style="dim")
    lines.append(legend)
    return lines


def _axis(first: datetime, last: datetime, width: int, tz: tzinfo | None) -> tuple[datetime, float, int]:
    """Where the axis begins, the seconds between its ticks, and how many steps it has."""
    local = first.astimezone(tz)
    since_midnight_s = local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6
    for step_min in _STEPS_MIN:
        step_s = step_min * 60.0
        before_s = since_midnight_s % step_s
        ticks = max(1, math.ceil((before_s + (last - first).total_seconds()) / step_s))
        if ticks * _TICK_WIDTH <= width:
            break
    return first - timedelta(seconds=before_s), step_s, ticks


def _cells(summary: Summary, begin: datetime, cell_s: float, width: int) -> list[str]:
    """What most of each cell was: a presence, or nothing where it was not watched."""
    spells: list[tuple[datetime, datetime, Presence | None]] = [*summary.spells]
    known: list[dict[Presence | None, float]] = [{} for _ in range(width)]
    for a, b, state in [*spells, *((a, b, None) for a, b in summary.watches)]:
        from_s, to_s = (a - begin).total_seconds(), (b - begin).total_seconds()
        for cell in range(max(0, int(from_s / cell_s)), min(width, math.ceil(to_s / cell_s))):
            part_s = min(to_s, (cell + 1) * cell_s) - max(from_s, cell * cell_s)
            known[cell][state] = known[cell].get(state, 0.0) + part_s
    out = []
    for parts in known:
        watched_s = parts.pop(None, 0.0)
        named: dict[str, float] = {str(state): seconds for state, seconds in parts.items()}
        named["unknown"] = watched_s - sum(named.values())
        named[""] = cell_s - watched_s
        out.append(max(named, key=lambda state: named[state]))
    return out


# -- words ------------------------------------------------------------------------------------------------------------


def _mark(name: str, console: Console) -> str:
    rich, plain, _ = _MARKS[name]
    return rich if console.encoding.lower().replace("-", "") == "utf8" else plain


def _indented(table: Table) -> Table:
    from rich.table import Table

    outer = Table.grid()
    outer.add_column(width=_INDENT)
    outer.add_column()
    outer.add_row("", table)
    return outer


def _or_dash(seconds: float | None) -> str:
    return "-" if seconds is None else duration(seconds)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _an_hour(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} an hour of sitting"


def _centimetres(value: float | None) -> str:
    return "-" if value is None else f"{int(value)} cm"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
