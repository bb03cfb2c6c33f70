"""Each deviation as a bar against its threshold: how far it is, how certain that is, and why one is not judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from posture.coach.bars import TOP, Bar, remarks, shared_reason
from posture.language import mark, sentence_start, tr
from posture.measure.observation import DEVIATIONS
from posture.window.theme import colours
from posture.window.widgets import as_sentence, label, set_role

NAME_OVER = mark("{name}: past its mark")
# Translators: only a large deviation shows
NAME_COARSE = mark("{name} (coarse)")
SPOKEN = mark("{name}: {value}")
BAR_PX, MARK_PX, EDGE_PX = 12, 7, 6


@dataclass(frozen=True)
class BarShape:
    """A bar in parts of its width."""

    filled: float
    low: float
    high: float
    """Where the whisker begins and ends; the same where the uncertainty is not known."""
    goes_on: bool
    """The whisker goes on beyond the end."""
    over: bool
    """The threshold is reached."""


MARK = 1.0 / TOP
"""Where the threshold lies, in parts of the width."""


def shape_of(bar: Bar) -> BarShape | None:
    """The shape of a bar; None if it is not judged."""
    if bar.level is None:
        return None
    filled, low, high = (min(max(level, 0.0), TOP) / TOP for level in (bar.level, bar.low, bar.high))
    return BarShape(filled, low, high, bar.high > TOP, bar.over)


def name_of(bar: Bar) -> str:
    """What stands over a bar: its name, and what there is to say of it."""
    name = sentence_start(bar.name)
    if bar.over:
        return tr(NAME_OVER, name=name)
    return tr(NAME_COARSE, name=name) if bar.coarse else name


class LevelBars(QWidget):
    """A row for each deviation; one sentence in place of all where none is judged for one reason."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = {kind: LevelRow() for kind in DEVIATIONS}
        self.said = label("", "heading")
        self.remarks = label("", "soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self.said, *self.rows.values(), self.remarks):
            widget.hide()
            column.addWidget(widget)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these; nothing where there are none."""
        shared = shared_reason(bars) if bars else ""
        self.said.setText(as_sentence(shared))
        self.said.setVisible(bool(shared))
        by_kind = {} if shared else {bar.kind: bar for bar in bars}
        for kind, row in self.rows.items():
            row.setVisible(kind in by_kind)
            if kind in by_kind:
                row.show_bar(by_kind[kind])
        told = [] if shared else [as_sentence(line) for line in remarks(bars)]
        self.remarks.setText("\n".join(told))
        self.remarks.setVisible(bool(told))


class LevelRow(QWidget):
    """Name, value and bar of one deviation, or why it is not judged."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.value, self.why = label(), label(), label("", "soft")
        self.strip = LevelStrip()
        self.value.setWordWrap(False)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.name, 0, 0)
        grid.addWidget(self.value, 0, 1)
        grid.addWidget(self.strip, 1, 0, 1, 2)
        grid.addWidget(self.why, 2, 0, 1, 2)

    def show_bar(self, bar: Bar) -> None:
        """Show a bar."""
        shape = shape_of(bar)
        self.name.setText(name_of(bar))
        set_role(self.name, "" if shape is None or not bar.over else "warn")
        self.value.setText(bar.text)
        self.why.setText(as_sentence(bar.not_judged))
        self.why.setVisible(shape is None)
        self.value.setVisible(shape is not None)
        self.strip.setVisible(shape is not None)
        self.strip.show_shape(shape)
        for each in (self, self.strip):
            each.setAccessibleName(tr(SPOKEN, name=name_of(bar), value=bar.text or bar.not_judged))


class LevelStrip(QWidget):
    """The bar itself, a whisker for its uncertainty, and the mark at the threshold."""

    def __init__(self) -> None:
        super().__init__()
        self.shape: BarShape | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(BAR_PX + 2 * MARK_PX)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as there is room."""
        return QSize(220, BAR_PX + 2 * MARK_PX)

    def show_shape(self, shape: BarShape | None) -> None:
        """Draw this from now on."""
        if shape != self.shape:
            self.shape = shape
            self.update()

    def at_x(self, part: float) -> float:
        """Where a part of the width lies, px."""
        return EDGE_PX + (self.width() - 2 * EDGE_PX) * part

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it."""
        shape, found = self.shape, colours()
        if shape is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top, bottom, middle = 3.0, 3.0 + BAR_PX, 3.0 + BAR_PX / 2
        left, right = self.at_x(0.0), self.at_x(1.0)
        painter.setPen(QPen(QColor(found.line), 1.0))
        painter.setBrush(QColor(found.trough))
        painter.drawRect(QRectF(left, top, right - left, BAR_PX))
        filled = QColor(found.warn if shape.over else found.accent)
        painter.fillRect(QRectF(left, top, self.at_x(shape.filled) - left, BAR_PX), filled)
        if shape.high > shape.low:
            low, high = self.at_x(shape.low), self.at_x(shape.high)
            for colour, width in ((found.card, 5.0), (found.ink, 2.0)):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawLine(QPointF(low, middle), QPointF(high, middle))
                for x in (low,) if shape.goes_on else (low, high):
                    painter.drawLine(QPointF(x, middle - 4), QPointF(x, middle + 4))
        mark = self.at_x(MARK)
        painter.setPen(QPen(QColor(found.ink), 2.0))
        painter.drawLine(QPointF(mark, top - 3), QPointF(mark, bottom + 3))
        painter.setBrush(QColor(found.ink))
        painter.drawPolygon(
            QPolygonF([QPointF(mark, bottom + 2), QPointF(mark - 5, bottom + 10), QPointF(mark + 5, bottom + 10)])
        )
        painter.end()
