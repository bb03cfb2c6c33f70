"""My back: pain and tension, a slider and a click each, and the last weeks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QSizePolicy, QSlider, QVBoxLayout, QWidget

from posture.coach.direction import MOVEMENT
from posture.coach.pain import ACTIVITIES, LOOK, WHEN, WHERE, PainEntry
from posture.errors import PostureError
from posture.guided.direction_check import take
from posture.guided.pain_log import LONGEST_NOTE, UNTESTED, Logged, LoggedTension, log_pain, log_tension, plain_word
from posture.guided.questions import care_now
from posture.language import dated, mark, tr
from posture.window.back_pain_shown import WEEKS, LogShown, shown
from posture.window.back_part import Back, Part
from posture.window.back_words import error_text, referred, told
from posture.window.theme import colours
from posture.window.widgets import button, card, label, row

if TYPE_CHECKING:
    from posture.history.care import Care

STAYS = mark("What you log stays on this machine and diagnoses nothing.")
BREATHS = mark("If you like, a few slow breaths, longer out than in.")
PROPOSED = mark(
    "Proposed: exercises that go towards {way}, because {reason}. {untested}. Stop if it gets worse "
    "or travels down a leg."
)


class Level(QWidget):
    """A slider from 0 to 10 with its number in large type."""

    def __init__(self, name: str, least: str, most: str) -> None:
        super().__init__()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 10)
        self.slider.setPageStep(1)
        self.slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.slider.setTickInterval(1)
        self.slider.setMinimumHeight(36)
        # Translators: a slider, such as "Pain, 0 to 10".
        self.slider.setAccessibleName(tr("{name}, 0 to 10", name=name))
        self.slider.setAccessibleDescription(tr("0 is {least}, 10 is {most}", least=least, most=most))
        self._number = label(tr("{value} of 10", value=0), "figure")
        self.slider.valueChanged.connect(lambda value: self._number.setText(tr("{value} of 10", value=value)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._number)
        column.addWidget(self.slider)
        column.addWidget(label(tr("0 is {least}, 10 is {most}.", least=least, most=most), "soft"))

    @property
    def value(self) -> int:
        """What it shows."""
        return self.slider.value()


def choice(name: str, none: str, values: Sequence[str]) -> QComboBox:
    """A list of which nothing need be chosen."""
    found = QComboBox()
    found.setAccessibleName(name)
    found.addItem(none, "")
    for value in values:
        found.addItem(plain_word(value), value)
    return found


class Pain(Part):
    """Logs, says what follows, and shows the last weeks."""

    def __init__(self, back: Back) -> None:
        super().__init__(back)
        self.pain = Level(tr("Pain"), tr("none"), tr("the worst you can think of"))
        self.where = choice(tr("Where it hurts"), tr("not said"), WHERE)
        self.when = choice(tr("What brings it on"), tr("not said"), WHEN)
        self.better = choice(tr("What eases it"), tr("not said"), ACTIVITIES)
        self.note = QLineEdit()
        self.note.setMaxLength(LONGEST_NOTE)
        self.note.setAccessibleName(tr("In your own words"))
        self.note.setPlaceholderText(tr("In your own words, if you like"))
        self.keep = button(tr("Log this pain"), self.log, main=True)
        self.tension = Level(tr("Tension"), tr("not at all tense"), tr("as tense as can be"))
        self.keep_tension = button(tr("Log this tension"), self.log_tension, main=True)
        self._said = QWidget()
        self._said_column = QVBoxLayout(self._said)
        self._said_column.setContentsMargins(0, 0, 0, 0)
        self._said.setVisible(False)
        self.chart, self.words = Chart(), label("")
        self.column.addWidget(self._said)
        self.column.addWidget(
            card(
                label(tr("How strong is the pain now?"), "heading"),
                self.pain,
                _asked(tr("Where it hurts"), self.where),
                _asked(tr("What brings it on"), self.when),
                _asked(tr("What eases it"), self.better),
                self.note,
                row(self.keep),
                name=tr("Pain"),
            )
        )
        tense = label(tr("How tense are you?"), "heading")
        self.column.addWidget(card(tense, self.tension, row(self.keep_tension), name=tr("Tension")))
        weeks = label(tr("The last four weeks"), "heading")
        self.column.addWidget(
            card(weeks, self.chart, self.words, label(tr(STAYS), "soft"), name=tr("The last four weeks"))
        )
        self.column.addStretch(1)

    def come(self) -> None:
        """Show the last weeks."""
        settings = self.around.settings()
        self.around.work(lambda: care_now(settings), self._came)

    def _came(self, care: Care | PostureError) -> None:
        if isinstance(care, PostureError):
            self.words.setText(error_text(care))
            self.chart.show_log(None)
            return
        log = shown(care.pains, care.tensions, datetime.now(UTC))
        self.words.setText("\n".join(log.words))
        self.chart.show_log(log)

    def log(self) -> None:
        """Keep the pain as it is set."""
        entry = PainEntry(
            datetime.now(UTC).timestamp(),
            self.pain.value,
            self.where.currentData(),
            self.when.currentData(),
            self.note.text().strip(),
            self.better.currentData(),
        )
        settings = self.around.settings()
        self.around.work(lambda: log_pain(settings, entry), self._logged)

    def _logged(self, found: Logged | PostureError) -> None:
        if isinstance(found, PostureError):
            self.tell(label(str(found), "warn"))
            return
        begins = (
            tr("Amended, the entry of a moment ago is now: {entry}.", entry=found.words)
            if found.amended
            else tr("Logged: {entry}.", entry=found.words)
        )
        parts: list[QWidget] = [label(begins, "heading")]
        for referral in found.referrals:
            parts += referred(referral, role="warn" if found.asks else "")
        for text in found.english:
            parts += told(text, role="warn" if found.asks else "")
        if found.asks:
            parts.append(row(button(tr("Answer the check-in"), lambda: self.back.show("check-in"), main=True)))
        if found.proposal is not None:
            bias = found.proposal.bias
            text = tr(PROPOSED, way=tr(MOVEMENT.get(bias, bias)), reason=found.proposal.reason, untested=tr(UNTESTED))
            parts += [label(text), row(button(tr("Take it"), self._take))]
            parts += told(LOOK) if found.proposal.have_it_looked_at else []
        self.tell(*parts)
        self.note.clear()
        self.come()
        self.back.known()

    def _take(self) -> None:
        settings = self.around.settings()
        taken = tr("Plan and reminders follow it; the page Preferences takes it back.")
        self.around.work(
            lambda: take(settings),
            lambda found: self.tell(label(error_text(found) if isinstance(found, PostureError) else taken)),
        )

    def log_tension(self) -> None:
        """Keep the tension as it is set."""
        settings, level = self.around.settings(), self.tension.value
        self.around.work(lambda: log_tension(settings, level), self._tension_logged)

    def _tension_logged(self, found: LoggedTension | PostureError) -> None:
        if isinstance(found, PostureError):
            self.tell(label(str(found), "warn"))
            return
        begins = (
            tr("Amended, the entry of a moment ago is now: tension {level} of 10.", level=found.level)
            if found.amended
            else tr("Logged: tension {level} of 10.", level=found.level)
        )
        parts: list[QWidget] = [label(begins, "heading")]
        if found.breathing:
            breathe = button(tr("Breathe"), lambda: self.around.go_to("stretch", "breath"))
            parts += [label(tr(BREATHS)), row(breathe)]
        self.tell(*parts)
        self.come()

    def tell(self, *parts: QWidget) -> None:
        """Say what was kept and what follows, at the top."""
        while (item := self._said_column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        kept = card(*parts, name=tr("What was kept"))
        self._said_column.addWidget(kept)
        kept.show()
        self._said.show()
        _up_to(self._said)


def _up_to(widget: QWidget) -> None:
    from PySide6.QtWidgets import QScrollArea

    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    if isinstance(parent, QScrollArea):
        parent.verticalScrollBar().setValue(0)


def _asked(text: str, box: QComboBox) -> QWidget:
    name = QLabel(text)
    name.setBuddy(box)
    return row(name, box)


class Chart(QWidget):
    """The entries of the last weeks: a disc is a pain, a square a tension."""

    def __init__(self) -> None:
        super().__init__()
        self._log: LogShown | None = None
        self.setMinimumHeight(150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Pain and tension of the last four weeks"))

    def show_log(self, log: LogShown | None) -> None:
        """Draw these; None hides it."""
        self._log = log
        self.setVisible(log is not None and bool(log.marks))
        self.setAccessibleDescription("" if log is None else " ".join(log.words))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw lines at 0, 5 and 10, the first day of each week, and the entries."""
        if self._log is None:
            return
        found, painter = colours(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line_h = painter.fontMetrics().height()
        area = QRectF(28, 8, self.width() - 40, self.height() - 2 * line_h - 24)

        def high(level: float) -> float:
            return area.bottom() - area.height() * level / 10.0

        for level in (0, 5, 10):
            painter.setPen(QPen(QColor(found.line), 1.0))
            painter.drawLine(QPointF(area.left(), high(level)), QPointF(area.right(), high(level)))
            painter.setPen(QColor(found.soft))
            painter.drawText(QRectF(0, high(level) - line_h / 2, 22, line_h), Qt.AlignmentFlag.AlignRight, str(level))
        for week in range(WEEKS):
            x = area.left() + area.width() * week / WEEKS
            day = self._log.begin + timedelta(days=7 * week)
            painter.drawText(QRectF(x, area.bottom() + 4, 90, line_h), Qt.AlignmentFlag.AlignLeft, dated(day, "%d %b"))
        _draw_marks(painter, self._log, lambda across: area.left() + area.width() * across, high)
        # Translators: the legend of a chart: a disc is a pain, a square a tension.
        legend = tr("●  pain     □  tension")
        painter.setPen(QColor(found.soft))
        painter.drawText(QPointF(area.left(), self.height() - 6), legend)
        painter.end()


def _draw_marks(
    painter: QPainter, log: LogShown, across: Callable[[float], float], high: Callable[[float], float]
) -> None:
    found = colours()
    for each in log.marks:
        at = QPointF(across(log.across(each)), high(each.level))
        if each.kind == "pain":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(found.accent))
            painter.drawEllipse(at, 5.0, 5.0)
        else:
            painter.setPen(QPen(QColor(found.ink), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(at.x() - 5, at.y() - 5, 10, 10))
