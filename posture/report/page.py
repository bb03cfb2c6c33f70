"""A review as a single HTML file: no script, no font, no request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from html import escape

from posture.coach.about import Topic
from posture.coach.exercise import Exercise, Side
from posture.coach.findings import KINDS, Kind
from posture.history.records import Point
from posture.language import dated, language, tr
from posture.report import self_checks, words
from posture.report.answer import Answer, answer_of
from posture.report.chart_svg import Chart
from posture.report.drawings import svg
from posture.report.glossary import TERMS
from posture.report.review import Review
from posture.report.trend import Trend

_LIGHT = """
--paper: #ffffff; --ink: #1d2329; --quiet: #59636e; --faint: #a9b2bb; --line: #dfe3e7;
--sitting: #1f6fb2; --standing: #2c8a57; --away: #d2d9e0; --unknown: #e0b23c; --accent: #b8571c; --warn: #c03a4b;
"""
_DARK = """
--paper: #14181c; --ink: #e6eaee; --quiet: #a1abb5; --faint: #67717b; --line: #2c343c;
--sitting: #5aa9e6; --standing: #58bd85; --away: #3d4853; --unknown: #d9ab3f; --accent: #eb9454; --warn: #f0788a;
"""
# No request is possible, whatever is in the page.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light dark; @LIGHT@ }
@media (prefers-color-scheme: dark) { :root { @DARK@ } }
@media print { :root { color-scheme: light; @LIGHT@ } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 74rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; }
.strip h2 { font-size: 1rem; margin: 0; }
p { margin: .25rem 0; }
.answer { font-size: 1.2rem; line-height: 1.5; max-width: 52rem; margin: .5rem 0 0; }
.big { display: grid; gap: 1rem 3rem; grid-template-columns: repeat(3, minmax(0, max-content)); margin: 1.25rem 0; }
.big div { display: flex; flex-direction: column; }
.big dt { color: var(--quiet); font-size: .9rem; }
.big dd { margin: 0; }
.big .value { font-size: 2.2rem; font-weight: 650; line-height: 1.15; font-variant-numeric: tabular-nums; }
.strip { margin: 1rem 0 .5rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .25rem 0; padding: 0; list-style: none; }
a { color: var(--sitting); }
.glossary dt { font-weight: 600; margin-top: .5rem; }
.glossary dd { margin: 0; max-width: 52rem; }
.quiet, figcaption, small, td.note { color: var(--quiet); }
.hidden { border-left: 4px solid var(--unknown); padding: .5rem .75rem; margin-top: 1rem; }
table { border-collapse: collapse; }
.scroll { overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .25rem 1rem .25rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 500; }
thead th { color: var(--quiet); font-size: .875rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.value { font-weight: 650; }
.bar { display: block; height: .6rem; min-width: 2px; margin-top: .5rem; border-radius: 2px;
  background: var(--accent); }
td.bars { width: 30%; min-width: 4rem; }
.scroll th, .scroll td, .figures th { white-space: nowrap; }
.scroll td:last-child { white-space: normal; }
:root:not(:lang(en)) .figures th { white-space: normal; min-width: 7rem; }
:root:not(:lang(en)) .figures td.note { min-width: 7rem; }
.beside { display: grid; gap: 0 3rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr)); }
.charts { display: grid; gap: 1.75rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); }
figure { margin: 0; min-width: 0; break-inside: avoid; }
figure.whole { grid-column: 1 / -1; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { font-size: .875rem; }
.moves { display: grid; gap: 1.75rem 2rem; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); }
.moves svg { height: 9rem; width: auto; max-width: 100%; }
details { font-size: .875rem; margin-top: .25rem; }
summary { cursor: pointer; color: var(--quiet); }
details .scroll { max-height: 20rem; overflow-y: auto; }
.narrow { display: none; }
footer { margin-top: 2.5rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: .875rem;
  color: var(--quiet); }
@media (max-width: 44rem) {
  .big { grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); }
  .big .value { font-size: 1.8rem; }
  .wide { display: none; } .narrow { display: block; }
  body { padding: 1rem .75rem 2rem; }
  table.figures, table.figures tbody { display: block; }
  table.figures thead { display: none; }
  table.figures tr { display: grid; grid-template-columns: 1fr auto auto; gap: 0 .75rem; padding: .35rem 0;
    border-bottom: 1px solid var(--line); }
  table.figures th, table.figures td { border: 0; padding: 0; }
  table.figures td.note, table.figures td.bars { grid-column: 1 / -1; width: auto; font-size: .875rem; }
  table.figures .bar { margin: .1rem 0 .3rem; }
  table.figures td.note:empty, table.figures td.usual:empty { display: none; }
  table.figures td.usual::before { content: "@USUAL@ "; }
}
@media print {
  details { display: none; } body { max-width: none; padding: 0; font-size: .85rem; } h2 { break-after: avoid; }
}
""".replace("@LIGHT@", _LIGHT.strip()).replace("@DARK@", _DARK.strip())


STRIPS = ("the-day", "hours-of-the-days")
"""The keys of the charts that stand right below the answer."""
MANY_DAYS = 31
"""Of more days a line is a month."""


# Explicit roles, because on a phone a row is laid out as a grid, which a screen reader no longer takes for a row.
_ROW = '<tr role="row"><th role="rowheader" scope="row">'


def page(
    review: Review,
    title: str,
    charts: Sequence[Chart],
    disclaimer: str,
    exercises: Sequence[tuple[Exercise, Side]] = (),
    topics: Sequence[Topic] = (),
    checks: Sequence[Point] = (),
    links: Sequence[tuple[str, str]] = (),
    *,
    may_stretch: bool = False,
) -> str:
    """Write the page.

    Parameters
    ----------
    title : str
        A name for the days.
    charts : sequence of Chart
        As `charts.draw` returns them.
    disclaimer : str
        What the report is not.
    exercises : sequence of (Exercise, side)
        The programme of the week; each is drawn for the side to begin with.
    topics : sequence of Topic
        What is known about things that people ask about; each is folded away.
    checks : sequence of Point
        Those to show as a trend, by time.
    links : sequence of (str, str)
        Other pages: a name, and the file beside this one.
    may_stretch : bool
        Whether the answer may name a stretch, see `posture.report.answer.answer_of`.

    Returns
    -------
    str
        The whole file; everything that anyone typed is escaped.
    """
    whole, several = review.whole, len(review.days) > 1
    usual = None if several else review.usual
    trend = None if usual is None else usual.trend
    strips = [chart for chart in charts if chart.key in STRIPS]
    body = [
        "<header>",
        f"<h1>{escape(title)}</h1>",
        *_links(links),
        "</header><main>",
        *_answer(answer_of(review, exercises=may_stretch)),
        *(f'<div class="strip">{_figure(chart, "h2")}</div>' for chart in strips),
    ]
    if whole.watches:
        body.append(f'<p class="coverage quiet">{escape(words.coverage(whole))}</p>')
    if whole.hidden and whole.watches:
        body.append(f'<p class="hidden">{escape(words.hidden(whole))}</p>')
    elif not whole.hidden:
        body += [
            f'<div class="beside"><section><h2>{escape(tr("All figures"))}</h2>',
            _figures(words.figure_rows(whole, trend), trend),
        ]
        if usual is not None:
            note = words.usual_note(usual, review.days[0][0], review.tz)
            body.append(f"<p><small>{escape(note)}</small></p>")
        body += [f"</section><section><h2>{escape(tr('How you sat'))}</h2>", _deviations(review, trend)]
        running = review.running_day is not None
        body += _section(tr("Goals"), words.goal_rows(review.goals, len(review.days), running=running))
        body += _section(tr("Exercises and pain"), words.logged_rows(whole))
        body.append("</section></div>")
    if whole.hidden and words.logged_rows(whole):
        body += _section(tr("Exercises and pain"), words.logged_rows(whole))
    drawn = [_figure(chart) for chart in charts if chart not in strips]
    if drawn:
        body += [f"<section><h2>{escape(tr('Charts'))}</h2>", '<div class="charts">', *drawn, "</div></section>"]
    if several:
        many = len(review.days) > MANY_DAYS
        name, table = (tr("The months"), _months(review)) if many else (tr("The days"), _days(review))
        body += [f"<section><h2>{escape(name)}</h2>", table, "</section>"]
    if whole.pain:
        body += [f"<section><h2>{escape(tr('Pain log'))}</h2>", _pain(review), "</section>"]
    for kind in KINDS:
        body += _self_checks(kind, [point for point in checks if point.label == kind], review.tz)
    if exercises:
        moves = [_move(exercise, side) for exercise, side in exercises]
        body += [
            f"<section><h2>{escape(tr('Exercises of the week'))}</h2>",
            '<div class="moves">',
            *moves,
            "</div></section>",
        ]
    if topics:
        body += [f"<section><h2>{escape(tr('What is known'))}</h2>", *map(_topic, topics), "</section>"]
    body.append(_glossary())
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="{language().replace("_", "-")}">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>posture: {escape(title)}</title>",
            '<link rel="icon" href="data:,">',
            f"<style>{_style()}</style>\n</head>\n<body>",
            *body,
            "</main>",
            f"<footer><p>{escape(disclaimer)}</p>",
            f"<p>{escape(tr('Made on this computer by posture. Nothing was sent anywhere.'))}</p></footer>",
            "</body>\n</html>\n",
        ]
    )


def _style() -> str:
    """The style sheet; it holds a word that stands beside a figure on a phone."""
    return _STYLE.replace("@USUAL@", re.sub(r'["\\\\<]', "", tr("usual")))


def _links(links: Sequence[tuple[str, str]]) -> list[str]:
    if not links:
        return []
    items = (f'<li><a href="{escape(file, quote=True)}">{escape(name)}</a></li>' for name, file in links)
    return [f'<nav aria-label="{escape(tr("Other pages"))}"><ul>{"".join(items)}</ul></nav>']


def _answer(answer: Answer) -> list[str]:
    """How the days were, and three figures in large type."""
    out = [f'<p class="answer">{_whole(escape(answer.text))}</p>']
    if answer.figures:
        figures = (
            f'<div><dt>{escape(figure.name)}</dt><dd class="value">{escape(figure.value)}</dd>'
            + (f"<dd><small>{_whole(escape(figure.note.text))}</small></dd>" if figure.note.text else "")
            + "</div>"
            for figure in answer.figures
        )
        out.append(f'<dl class="big">{"".join(figures)}</dl>')
    return out


def _whole(text: str) -> str:
    """Keep durations on one line, with spaces that do not break."""
    return re.sub(r"(\d+) (h \d\d|min|s)\b", lambda found: found[0].replace(" ", "\u00a0"), text)


def _glossary() -> str:
    said = [term.said for term in TERMS]
    terms = "".join(f"<dt>{escape(term.word)}</dt><dd>{escape(term.meaning)}</dd>" for term in said)
    return f'<section><h2>{escape(tr("What the words mean"))}</h2><dl class="glossary">{terms}</dl></section>'


def _section(name: str, rows: Sequence[words.Row]) -> list[str]:
    return [f"<h2>{escape(name)}</h2>", _figures(rows, None)] if rows else []


def _figures(rows: Sequence[words.Row], trend: Trend | None) -> str:
    head = ""
    if trend is not None:
        columns = (
            _column(tr("Figure")),
            _column(tr("value"), numbers=True),
            _column(tr("usual"), numbers=True),
            _column(tr("remark")),
        )
        head = f"<thead><tr>{''.join(columns)}</tr></thead>"
    lines = []
    for row in rows:
        usual = "" if trend is None else _usual(row.usual)
        lines.append(
            f'{_ROW}{escape(row.name)}</th><td role="cell" class="number value">{escape(row.value)}</td>{usual}'
            f'<td role="cell" class="note">{escape(row.note)}</td></tr>'
        )
    return f'<table role="table" class="figures">{head}<tbody role="rowgroup">{"".join(lines)}</tbody></table>'


def _column(name: str, *, numbers: bool = False) -> str:
    of_numbers = ' class="number"' if numbers else ""
    return f'<th scope="col"{of_numbers}>{escape(name)}</th>'


def _usual(value: str) -> str:
    return f'<td role="cell" class="number usual">{escape(value)}</td>'


def _deviations(review: Review, trend: Trend | None) -> str:
    deviations = words.deviation_rows(review.whole, trend)
    rest = "".join(
        f'<p class="quiet">{escape(line)}</p>'
        for line in [words.absent_line(review.whole), *words.unjudged_lines(review.whole)]
        if line
    )
    if not deviations:
        return rest
    most_s = deviations[0][1]
    lines = [
        f'{_ROW}{escape(row.name)}</th><td role="cell" class="number value">{escape(row.value)}</td>'
        + (_usual(row.usual) if trend else "")
        + f'<td role="cell" class="note">{escape(row.note)}</td><td role="cell" class="bars" aria-hidden="true">'
        f'<span class="bar" style="width:{100 * total_s / most_s:.0f}%"></span></td></tr>'
        for _, total_s, row in deviations
    ]
    columns = (
        _column(tr("Posture")),
        _column(tr("share"), numbers=True),
        *((_column(tr("usual"), numbers=True),) if trend else ()),
        _column(tr("time")),
    )
    return (
        f'<table role="table" class="figures"><thead><tr>{"".join(columns)}<td></td></tr></thead>'
        f'<tbody role="rowgroup">{"".join(lines)}</tbody></table>{rest}'
    )


def _figure(chart: Chart, heading: str = "h3") -> str:
    drawings, table = chart.svg, tr("{title} as a table", title=chart.title)
    if chart.narrow_svg:
        drawings = f'<div class="wide">{chart.svg}</div><div class="narrow">{chart.narrow_svg}</div>'
    whole = ' class="whole"' if chart.narrow_svg else ""
    return (
        f"<figure{whole}><{heading}>{escape(chart.title)}</{heading}>{drawings}<figcaption>{escape(chart.alt)}</figcaption>"
        f"<details><summary>{escape(table)}</summary>"
        f'<div class="scroll" tabindex="0">{_table(chart.head, chart.rows)}</div></details></figure>'
    )


def _move(exercise: Exercise, side: Side) -> str:
    dose, steps = exercise.dose.words, " ".join(exercise.steps_for(side))
    if exercise.sides == "each":
        # Translators: how long, how often, on each side; and then how it is done.
        caption = tr("{dose} a side. {steps}", dose=dose, steps=steps)
    else:
        caption = tr("{dose}. {steps}", dose=dose, steps=steps)
    name = f"<h3>{escape(exercise.name)}</h3>"
    return f"<figure>{svg(exercise, side)}{name}<figcaption>{escape(caption)}</figcaption></figure>"


def _topic(topic: Topic) -> str:
    sources = f"<small>{escape('; '.join(topic.sources))}</small>"
    return f"<details><summary>{escape(topic.title)}</summary><p>{escape(topic.text)}</p><p>{sources}</p></details>"


def _months(review: Review) -> str:
    rows = [(dated(first, "%B %Y"), *words.month_cells(days)) for first, days in review.months]
    return f'<div class="scroll" tabindex="0">{_table(words.month_head(), rows)}</div>'


def _days(review: Review) -> str:
    rows = [
        (
            f"{dated(day, '%a')} {day}",
            *words.day_cells(summary, lambda figures: words.share(figures.reminders.followed_share)),
        )
        for day, summary in review.past
    ]
    head = (
        tr("day"),
        tr("seen"),
        tr("sitting"),
        tr("longest"),
        tr("typical"),
        tr("breaks an hour"),
        tr("reminders followed"),
    )
    return f'<div class="scroll" tabindex="0">{_table(head, rows)}</div>'


def _pain(review: Review) -> str:
    rows = [
        (
            dated(pain.at.astimezone(review.tz), "%a %d %b %H:%M"),
            words.short_number(pain.level),
            words.pain_word(pain.where),
            words.pain_word(pain.when),
            words.pain_word(pain.better),
            pain.note,
        )
        for pain in review.whole.pain
    ]
    # Translators: the columns of the pain log.
    head = (tr("when"), tr("pain, 0 to 10"), tr("where"), tr("brought on by"), tr("eased by"), tr("note"))
    return f'<div class="scroll" tabindex="0">{_table(head, rows)}</div>'


def _self_checks(kind: Kind, points: Sequence[Point], tz: tzinfo | None) -> list[str]:
    """Show the self-checks of one kind as a trend; nothing if there are none."""
    if not points:
        return []
    table = _table(self_checks.head(kind), self_checks.rows(kind, points, tz))
    said = [f"<p><small>{escape(sentence)}</small></p>" for sentence in self_checks.notes(kind, points, tz)]
    title = tr("Self-check: {name}", name=words.check_name(kind))
    return [
        f"<section><h2>{escape(title)}</h2>",
        f'<div class="scroll" tabindex="0">{table}</div>',
        *said,
        "</section>",
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    # An empty corner heads nothing.
    columns = "".join(f'<th scope="col">{escape(name)}</th>' if name else "<td></td>" for name in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{columns}</tr></thead><tbody>{lines}</tbody></table>"
