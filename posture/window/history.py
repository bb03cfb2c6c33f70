"""Days, weeks, months and a year: how they were, in words, figures, hours and charts; and the way out as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QGridLayout, QVBoxLayout, QWidget

from posture.errors import PostureError
from posture.language import mark, tr
from posture.window.day_spans import KINDS, DaySpan, Kind, span_of
from posture.window.page import Page, Surroundings
from posture.window.svg_chart import SvgChart
from posture.window.widgets import Figure, button, card, label, row

if TYPE_CHECKING:
    from posture.report.answer import Answer
    from posture.report.chart_svg import Chart
    from posture.report.words import Row

NAMES = {
    "day": mark("Day"),
    "week": mark("Week"),
    "month": mark("Month"),
    "year": mark("12 months"),
}


@dataclass(frozen=True)
class Shown:
    """What the page shows of some days."""

    answer: Answer
    rows: tuple[Row, ...]
    charts: tuple[Chart, ...]


class History(Page):
    """The page."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self._days = span_of("day", date.today())
        self._kind: Kind = "day"
        self._asked = 0
        self._kinds = QButtonGroup(self)
        buttons: list[QWidget] = []
        for kind in KINDS:
            found = button(tr(NAMES[kind]), partial(self._choose_kind, kind))
            found.setCheckable(True)
            found.setAutoExclusive(True)
            self._kinds.addButton(found)
            found.setProperty("kind", kind)
            buttons.append(found)
        self._before = button("<", lambda: self._turn(-1), says=tr("the one before"))
        self._after = button(">", lambda: self._turn(1), says=tr("the one after"))
        self._before.setAccessibleName(tr("Before"))
        self._after.setAccessibleName(tr("After"))
        self._today = button(tr("Today"), lambda: self._choose(self._kind, date.today()))
        self._title = label("", "heading")
        self.column.addWidget(label(tr("History"), "title"))
        self.column.addWidget(row(*buttons, self._before, self._after, self._today))
        self.column.addWidget(self._title)
        self._answer = label("", "answer")
        self.column.addWidget(self._answer)
        self._figures = tuple(Figure("") for _ in range(3))
        self._row = row(*self._figures, stretch=False)
        self.column.addWidget(self._row)
        self._body = QWidget()
        self._place = QVBoxLayout(self._body)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._place.setSpacing(16)
        self.column.addWidget(self._body)
        self._page = button(tr("Save as a page"), self._save_page, says=tr("a report that any browser shows"))
        self._records = button(
            tr("Save the records"), self._save_records, says=tr("all that was recorded, as CSV or JSON")
        )
        self.column.addWidget(row(self._page, self._records))
        self.column.addStretch(1)
        self._row.hide()

    def open_at(self, detail: str) -> None:
        """See `Page`; `detail` is a day such as 2026-11-27, or "week", "month", "year"."""
        day, kind = date.today(), self._kind
        named = [known for known in KINDS if known == detail]
        if named:
            kind = named[0]
        elif detail:
            try:
                day, kind = date.fromisoformat(detail), "day"
            except ValueError:
                self.around.say(tr("{detail!r} is no day: write it like 2026-11-27.", detail=detail[:30]))
        elif self._asked:
            day = self._days.last
        self._choose(kind, day)

    # -- which days -----------------------------------------------------------------------------------------------

    def _choose(self, kind: Kind, day: date) -> None:
        self._kind, self._days = kind, span_of(kind, min(day, date.today()))
        for found in self._kinds.buttons():
            found.setChecked(found.property("kind") == kind)
        self._read()

    def _choose_kind(self, kind: Kind) -> None:
        self._choose(kind, self._days.last)

    def _turn(self, by: int) -> None:
        self._days = self._days.turned(by)
        self._read()

    def _read(self) -> None:
        self._title.setText(self._days.title)
        self._after.setEnabled(self._days.last < date.today())
        self._today.setEnabled(not self._days.first <= date.today() <= self._days.last)
        self._asked += 1
        asked, days = self._asked, self._days
        self._answer.setText(tr("Reading ..."))
        self.around.work(lambda: read_days(self.around, days), lambda found: self._came(asked, found))

    # -- what they were -------------------------------------------------------------------------------------------

    def _came(self, asked: int, found: Any) -> None:
        if asked != self._asked:
            return  # other days were chosen meanwhile
        _clear(self._place)
        if isinstance(found, PostureError):
            self._answer.setText(str(found))
            self._row.hide()
            return
        shown: Shown = found
        self._answer.setText(shown.answer.text)
        self._row.setVisible(bool(shown.answer.figures))
        for figure, big in zip(self._figures, shown.answer.figures, strict=False):
            figure.show_value(big.value, big.note.text, big.name)
        for chart in shown.charts:
            drawing = SvgChart(chart, widest_px=900 if chart.narrow_svg else 560)
            self._place.addWidget(card(label(chart.title, "heading"), drawing, label(chart.alt, "soft")))
        if shown.rows:
            self._place.addWidget(card(label(tr("All figures"), "heading"), figure_table(shown.rows)))

    # -- out ------------------------------------------------------------------------------------------------------

    def _save_page(self) -> None:
        self._save("html", tr("Pages (*.html)"), "report")

    def _save_records(self) -> None:
        self._save("csv", "CSV (*.csv);;JSON (*.json)", "export")

    def _save(self, ending: str, kinds: str, command: str) -> None:
        days = self._days
        name = (
            f"posture-{days.first}.{ending}"
            if days.first == days.last
            else f"posture-{days.first}-{days.last}.{ending}"
        )
        # Qt's own dialogue: the desktop's may be a program outside, which the window's box does not start.
        path, _ = QFileDialog.getSaveFileName(
            self, tr("Save"), str(Path.home() / name), kinds, "", QFileDialog.Option.DontUseNativeDialog
        )
        if path:
            self.around.work(lambda: save(command, days, Path(path)), lambda found: self.around.say(str(found)))


def save(command: str, days: DaySpan, path: Path) -> str:
    """Have `posture report` or `posture export` write a file, and give what it says; PostureError where it cannot."""
    import subprocess

    from posture.child import NO_CONSOLE
    from posture.own_command import own_command, own_environment

    words = [command, "--start", str(days.first), "--stop", str(days.last), "--output", str(path)]
    if command == "export":
        words += ["--format", "json" if path.suffix.lower() == ".json" else "csv"]
    found = subprocess.run(
        own_command("posture", *words),
        env=own_environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        **NO_CONSOLE,
    )
    said = (found.stdout if found.returncode == 0 else found.stderr).strip().splitlines()
    if found.returncode != 0:
        raise PostureError(
            said[-1].removeprefix("posture: ") if said else tr("{path} could not be written.", path=path)
        )
    return said[-1] if said else tr("Written: {path}", path=path)


def figure_table(rows: tuple[Row, ...]) -> QWidget:
    """All figures below each other: name, value, what is usual, note."""
    found = QWidget()
    grid = QGridLayout(found)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(18)
    for number, one in enumerate(rows):
        parts = (one.name, one.value, tr("usual {value}", value=one.usual) if one.usual else "", one.note)
        for column, text in enumerate(parts):
            shown = label(text, "" if column < 2 else "soft")
            shown.setAlignment(Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, number, column)
    grid.setColumnStretch(3, 1)
    return found


def read_days(around: Surroundings, days: DaySpan) -> Shown:
    """Read the history and draw; slow, and called in a thread of its own."""
    from posture.guided.stored import stored_records
    from posture.history.care import care_of
    from posture.report.answer import answer_of
    from posture.report.charts import CALENDAR_DAYS, draw
    from posture.report.review import review
    from posture.report.words import figure_rows

    settings, now = around.settings(), datetime.now(UTC)
    with stored_records(settings) as reader:
        found = review(reader, days.all, settings, before=CALENDAR_DAYS - 1, now=now)
        answer = answer_of(found, exercises=not care_of(reader, now).suspended)
    if not found.whole.watches:
        return Shown(answer, (), ())
    rows = () if found.whole.hidden else tuple(figure_rows(found.whole))
    return Shown(answer, rows, tuple(draw(found)))


def _clear(place: QVBoxLayout) -> None:
    while (item := place.takeAt(0)) is not None:
        if isinstance(widget := item.widget(), QWidget):
            widget.hide()
            widget.deleteLater()
