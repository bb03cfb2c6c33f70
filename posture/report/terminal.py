"""A summary for people, as tables in the terminal. It may change at any time; programs should use `report.json`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from posture.language import dated, number, tr
from posture.plain_text import width
from posture.report import words
from posture.report.answer import Answer, answer_of
from posture.report.figures import Summary, states
from posture.report.review import Review
from posture.report.trend import Trend

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

# Different shapes, so that no colour is needed. The second is for terminals without UTF-8.
_MARKS: dict[str, tuple[str, str, str]] = {
    "sitting": ("█", "#", "cyan"),
    "sitting, not judged": ("▒", "%", "cyan"),
    "standing": ("▄", "=", "green"),
    "away": ("·", ".", "dim"),
    "left": ("▁", "_", "dim"),
    "in a call": ("≈", "~", "yellow"),
    "unknown": ("?", "?", "yellow"),
    "break": ("─", "-", "green"),
    "reminder": ("▾", "v", "magenta"),
}
_STEPS_MIN = (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720)
_TICK_WIDTH = 7
_INDENT = 2
_WIDEST = 110
_THREE = 76  # so wide is room for three figures beside each other
MANY_DAYS = 31
"""Of more days a line is a month."""
_NOTE_WIDTH = 24  # of how long a deviation was held
_NAME_WIDTH = 19  # of a deviation


def show(summary: Summary, title: str, console: Console, tz: tzinfo | None = None) -> None:
    """Print a summary.

    Parameters
    ----------
    title : str
        A name for the span, such as "Monday 2 March 2026".
    tz : tzinfo or None
        The time zone of the timeline; None is the machine's.
    """
    _show(summary, title, console, tz, None, None)
    if not summary.hidden:
        console.print()
        _show_deviations(summary, None, console)


def show_review(review: Review, title: str, console: Console, *, exercises: bool = False) -> None:
    """Print a review: how the days were in words, three figures, the day as a strip, and then all figures.

    `exercises` says whether a stretch may be named, see `posture.report.answer.answer_of`.
    """
    several = len(review.days) > 1
    # The average of a day is no match for the total of several.
    usual = None if several else review.usual
    trend = None if usual is None else usual.trend
    _show(review.whole, title, console, review.tz, trend, answer_of(review, exercises=exercises))
    if usual is not None and not review.whole.hidden:
        from rich.text import Text

        note = words.usual_note(usual, review.days[0][0], review.tz)
        console.print(Text(" " * _INDENT + note, style="dim"))
    if not review.whole.hidden:
        console.print()
        _show_deviations(review.whole, trend, console)
    running = review.running_day is not None
    for rows in (
        words.goal_rows(review.goals, len(review.days), running=running),
        words.logged_rows(review.whole),
    ):
        if rows:
            console.print()
            console.print(_table(rows, usual=False))
    if several:
        console.print()
        if len(review.days) > MANY_DAYS:
            months = [(dated(first, "%b %Y"), words.month_cells(days)) for first, days in review.months]
            _show_lines(words.month_head()[1:], months, console)
        else:
            show_days([(dated(day, "%a %-d"), summary) for day, summary in review.past], console)


def show_days(days: Sequence[tuple[str, Summary]], console: Console) -> None:
    """Print a line for each day: seen and sitting time, longest and typical sitting, breaks, reminders.

    Where the terminal is too narrow for that, a day has some lines.
    """
    rows = [(name, words.day_cells(summary, lambda figures: number(figures.reminders.given))) for name, summary in days]
    columns = (
        tr("seen"),
        tr("sitting"),
        # Translators: the column of the longest sitting.
        tr("longest"),
        # Translators: the column of the typical sitting.
        tr("typical"),
        # Translators: breaks an hour of sitting.
        tr("breaks/h"),
        tr("reminders"),
    )
    _show_lines(columns, rows, console)


def _show_lines(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]], console: Console) -> None:
    from rich.measure import Measurement
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("", no_wrap=True)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for name, cells in rows:
        table.add_row(name, *cells)
    if Measurement.get(console, console.options.update(max_width=1000), table).maximum + _INDENT <= console.width:
        console.print(_indented(table))
        return
    for name, cells in rows:
        console.print(Padding(Text(name), (0, 0, 0, _INDENT)))
        known = [(column, cell) for column, cell in zip(columns, cells, strict=True) if cell != "-"]
        said = "; ".join(f"{column} {cell}".replace("\n", " ") for column, cell in known)
        console.print(Padding(Text(said or "-"), (0, 0, 0, 2 * _INDENT)))


def _show(
    summary: Summary, title: str, console: Console, tz: tzinfo | None, trend: Trend | None, answer: Answer | None
) -> None:
    from rich.text import Text

    console.print(Text(title, style="bold"))
    if answer is None:
        console.print(Text(words.coverage(summary)))
    else:
        _show_answer(answer, console)
    if summary.watches and summary.stop - summary.start <= timedelta(hours=25):
        console.print()
        for line in _timeline(summary, console, tz):
            console.print(line)
    console.print()
    if summary.watches and answer is not None:
        console.print(Text(words.coverage(summary), style="dim"))
    if summary.hidden:
        if summary.watches or answer is None:
            console.print(Text(words.hidden(summary)))
        return
    console.print(_table(words.figure_rows(summary, trend), usual=trend is not None))


def _show_answer(answer: Answer, console: Console) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console.print()
    console.print(Text(answer.text), width=min(console.width, _WIDEST))
    if not answer.figures:
        return
    # Beside each other where there is room, else one below the other.
    if console.width >= _THREE:
        table = Table.grid(padding=(0, 4, 0, 0))
        table.add_row(*(Text(figure.name, style="dim") for figure in answer.figures))
        table.add_row(*(Text(figure.value, style="bold") for figure in answer.figures))
        if any(figure.note.text for figure in answer.figures):
            table.add_row(*(Text(figure.note.text, style="dim") for figure in answer.figures))
    else:
        table = Table.grid(padding=(0, 2, 0, 0))
        for figure in answer.figures:
            table.add_row(
                Text(figure.name, style="dim"), Text(figure.value, style="bold"), Text(figure.note.text, style="dim")
            )
    console.print()
    console.print(Padding(table, (0, 0, 0, _INDENT)))


# -- figures ----------------------------------------------------------------------------------------------------------


def _table(rows: Sequence[words.Row], *, usual: bool) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=usual, header_style="dim")
    table.add_column("", no_wrap=True)
    table.add_column("", justify="right", no_wrap=True, style="bold")
    if usual:
        table.add_column(tr("usual"), justify="right", no_wrap=True, style="dim")
    table.add_column("", style="dim")
    for row in rows:
        table.add_row(row.name, row.value, *([row.usual] if usual else []), row.note)
    return _indented(table)


def _show_deviations(summary: Summary, trend: Trend | None, console: Console) -> None:
    from rich.padding import Padding
    from rich.text import Text

    deviations = words.deviation_rows(summary, trend)
    if deviations:
        console.print(_deviations(deviations, trend, console))
    style = "dim" if deviations else ""
    for line in filter(None, [words.absent_line(summary), *words.unjudged_lines(summary)]):
        console.print(Padding(Text(line, style=style), (0, 0, 0, _INDENT)))


def _deviations(deviations: Sequence[tuple[str, float, words.Row]], trend: Trend | None, console: Console) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column(tr("how you sat"), no_wrap=True)
    table.add_column(tr("share"), justify="right", no_wrap=True)
    if trend:
        table.add_column(tr("usual"), justify="right", no_wrap=True)
    table.add_column(tr("time"))
    table.add_column("", no_wrap=True)
    longer = max(0, max(width(row.note) for _, _, row in deviations) - _NOTE_WIDTH)
    longer += max(0, max(width(row.name) for _, _, row in deviations) - _NAME_WIDTH)
    room = max(10, min(console.width, _WIDEST) - (66 if trend else 58) - longer)
    longest_s = deviations[0][1]
    mark = _mark("sitting", console)
    for _, total_s, row in deviations:
        bar = Text(mark * max(1, round(room * total_s / longest_s)), style="cyan")
        table.add_row(row.name, row.value, *((row.usual,) if trend else ()), row.note, bar)
    return _indented(table)


# -- the timeline -----------------------------------------------------------------------------------------------------


def _timeline(summary: Summary, console: Console, tz: tzinfo | None) -> list[Text]:
    """The hours that were watched as a strip: an axis above, reminders below, and a legend."""
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
    below = Text(" " * _INDENT)
    for name in _below(summary, begin, cell_s, width):
        below.append(_mark(name, console) if name else " ", style=_MARKS[name][2] if name else "")
    below.rstrip()
    if below.plain:
        lines.append(below)
    legend = Text(" " * _INDENT)
    for name, (_, _, style) in _MARKS.items():
        if name in cells or (name == "reminder" and summary.prompts) or (name == "break" and summary.breaks):
            legend.append(_mark(name, console), style=style).append(f" {_legend(name)}   ", style="dim")
    lines.append(legend)
    return lines


def _below(summary: Summary, begin: datetime, cell_s: float, width: int) -> list[str]:
    """The mark under each cell: a reminder, else a break, else nothing."""
    row = [""] * width
    for a, b in summary.breaks:
        first, last = int((a - begin).total_seconds() / cell_s), int((b - begin).total_seconds() / cell_s)
        for column in range(max(0, first), min(width, last + 1)):
            row[column] = "break"
    for prompt in summary.prompts:
        column = int((prompt.at - begin).total_seconds() / cell_s)
        if 0 <= column < width:
            row[column] = "reminder"
    return row


def _axis(first: datetime, last: datetime, width: int, tz: tzinfo | None) -> tuple[datetime, float, int]:
    """Where the axis begins, the seconds between its ticks, and how many ticks there are."""
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
    """The state that fills most of each cell, or nothing where it was not watched."""
    known: list[dict[str | None, float]] = [{} for _ in range(width)]
    for a, b, state in [*states(summary), *((a, b, None) for a, b in summary.watches)]:
        from_s, to_s = (a - begin).total_seconds(), (b - begin).total_seconds()
        for cell in range(max(0, int(from_s / cell_s)), min(width, math.ceil(to_s / cell_s))):
            part_s = min(to_s, (cell + 1) * cell_s) - max(from_s, cell * cell_s)
            known[cell][state] = known[cell].get(state, 0.0) + part_s
    out = []
    for parts in known:
        watched_s = parts.pop(None, 0.0)
        named: dict[str, float] = {str(state): seconds for state, seconds in parts.items()}
        # What is likely is known even where nobody watched.
        named["unknown"] = named.get("unknown", 0.0) + max(0.0, watched_s - sum(named.values()))
        named[""] = cell_s - sum(named.values())
        out.append(max(named, key=lambda state: named[state]))
    return out


def _legend(name: str) -> str:
    if name == "break":
        return tr("break")
    return tr("reminder") if name == "reminder" else words.state_words(name)


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
