"""A day along its hours: what was when, with its breaks and reminders. Nothing is told by colour alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from posture.coach.words import minutes
from posture.language import mark, tr
from posture.report.figures import State
from posture.window.theme import Colours, colours

if TYPE_CHECKING:
    from posture.report.answer import Strip

NAMES: dict[State, str] = {
    # Translators: what was when, in the legend of the strip of a day
    "sitting": mark("sitting"),
    "sitting, not judged": mark("sitting, how is not judged"),
    "standing": mark("standing"),
    "away": mark("away"),
    "left": mark("away, not watched"),
    "in a call": mark("camera in use, likely a call"),
    "unknown": mark("not known"),
}
HEIGHTS: dict[State, float] = {"standing": 0.6, "away": 0.22, "left": 0.22}
"""How much of the strip's height a state fills, 1 where it is not here: states differ in shape, too [design choice]."""
_STEPS_H = (1, 2, 3, 4, 6)


@dataclass(frozen=True)
class Axis:
    """The hours that are shown."""

    begin: datetime
    end: datetime
    ticks: tuple[datetime, ...]

    def at(self, when: datetime) -> float:
        """Where a time lies, 0 to 1."""
        return (when - self.begin) / (self.end - self.begin)


def axis_of(strip: Strip, tz: tzinfo | None, most_ticks: int = 12) -> Axis:
    """Choose the hours to show: whole hours around what was watched, at least four."""
    begin = min(piece[0] for piece in strip.pieces).astimezone(tz)
    end = max(piece[1] for piece in strip.pieces).astimezone(tz)
    begin = begin.replace(minute=0, second=0, microsecond=0)
    end = max(end, begin + timedelta(hours=4))
    hours = math.ceil((end - begin) / timedelta(hours=1))
    end = begin + timedelta(hours=hours)
    step = next((step for step in _STEPS_H if hours / step <= most_ticks), 12)
    return Axis(begin, end, tuple(begin + timedelta(hours=n) for n in range(0, hours + 1, step)))


def spoken(strip: Strip) -> str:
    """Say the strip in words, for who does not see it."""
    lasted: dict[str, timedelta] = {}
    for begin, end, state in strip.pieces:
        lasted[NAMES[state]] = lasted.get(NAMES[state], timedelta()) + (end - begin)
    # Translators: {name} is what somebody did, such as "sitting", and {lasted} how long, such as "31 min"
    spoken_of = (tr("{name} {lasted}", name=tr(name), lasted=minutes(t.total_seconds())) for name, t in lasted.items())
    return ", ".join(spoken_of)


class DayStrip(QWidget):
    """The strip with its hours above and its legend below."""

    AXIS_PX, BAR_PX, LEGEND_PX = 22, 46, 26

    def __init__(self) -> None:
        super().__init__()
        self._strip: Strip | None = None
        self._axis: Axis | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("The day along its hours"))

    def show_strip(self, strip: Strip | None, tz: tzinfo | None = None) -> None:
        """Show a day; None shows nothing."""
        self._strip = strip if strip is not None and strip.pieces else None
        self._axis = axis_of(self._strip, tz) if self._strip is not None else None
        self.setAccessibleDescription(spoken(self._strip) if self._strip is not None else "")
        self.setVisible(self._strip is not None)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As high as it needs to be."""
        line = self.fontMetrics().height()
        return QSize(500, 2 * line + self.BAR_PX + 2 * line + 20)

    def _bar(self) -> QRectF:
        line = self.fontMetrics().height()
        return QRectF(4, line + 6, max(10, self.width() - 8), self.BAR_PX)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it."""
        strip, axis = self._strip, self._axis
        if strip is None or axis is None:
            return
        found, painter, bar = colours(), QPainter(self), self._bar()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(found.soft))
        last_right = -1e9
        for tick in axis.ticks:
            x = bar.left() + axis.at(tick) * bar.width()
            text = f"{tick:%H:%M}"
            wide = self.fontMetrics().horizontalAdvance(text)
            left = min(max(0.0, x - wide / 2), self.width() - wide)
            if left > last_right + 8:
                painter.drawText(QPointF(left, bar.top() - 7), text)
                last_right = left + wide
            painter.drawLine(QPointF(x, bar.top() - 3), QPointF(x, bar.top()))
        for begin, end, state in strip.pieces:
            left, right = (bar.left() + axis.at(when) * bar.width() for when in (begin, end))
            high = HEIGHTS.get(state, 1.0) * bar.height()
            painter.fillRect(QRectF(left, bar.bottom() - high, max(1.0, right - left), high), brush(state, found))
        painter.setPen(QPen(QColor(found.line), 1))
        painter.drawLine(bar.bottomLeft(), bar.bottomRight())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(found.ink))
        for when in strip.reminders:
            x = bar.left() + axis.at(when) * bar.width()
            painter.drawPolygon(triangle(x, bar.bottom() + 3))
        self._legend(painter, found, bar.bottom() + 14)

    def _legend(self, painter: QPainter, found: Colours, top: float) -> None:
        assert self._strip is not None
        left, line = 4.0, self.fontMetrics().height()
        items: list[tuple[str, State | None]] = [
            (tr(name), state) for state, name in NAMES.items() if any(piece[2] == state for piece in self._strip.pieces)
        ]
        if self._strip.reminders:
            items.append((tr("a reminder"), None))
        for name, state in items:
            wide = 18 + self.fontMetrics().horizontalAdvance(name) + 18
            if left + wide > self.width() and left > 4:
                left, top = 4.0, top + line + 4
            if state is None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(found.ink))
                painter.drawPolygon(triangle(left + 6, top + line / 2 - 4))
            else:
                high = max(4.0, HEIGHTS.get(state, 1.0) * 12)
                painter.fillRect(QRectF(left, top + (line + 12) / 2 - high, 12, high), brush(state, found))
            painter.setPen(QColor(found.soft))
            painter.drawText(QPointF(left + 18, top + self.fontMetrics().ascent()), name)
            left += wide

    def event(self, event: QEvent) -> bool:
        """Say what was at the place of the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.said_at(event.pos().x())
            QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()
            return True
        return super().event(event)

    def said_at(self, x_px: float) -> str:
        """Say what was at a place of the strip."""
        if self._strip is None or self._axis is None:
            return ""
        bar = self._bar()
        when = self._axis.begin + (self._axis.end - self._axis.begin) * ((x_px - bar.left()) / bar.width())
        tz = self._axis.begin.tzinfo
        for begin, end, state in self._strip.pieces:
            if begin <= when < end:
                first, last = (format(when.astimezone(tz), "%H:%M") for when in (begin, end))
                # Translators: times of the day, and what was then: "09:10 to 09:40: sitting"
                return tr("{begin} to {end}: {state}", begin=first, end=last, state=tr(NAMES[state]))
        return ""


def brush(state: State, found: Colours) -> QBrush:
    """What a state is filled with."""
    match state:
        case "sitting":
            return QBrush(QColor(found.sitting))
        case "sitting, not judged":
            return QBrush(QColor(found.sitting), Qt.BrushStyle.Dense4Pattern)
        case "standing":
            return QBrush(QColor(found.standing))
        case "in a call":
            return QBrush(QColor(found.sitting), Qt.BrushStyle.VerPattern)
        case "unknown":
            return QBrush(QColor(found.warn), Qt.BrushStyle.BDiagPattern)
        case _:
            return QBrush(QColor(found.soft))


def triangle(x: float, top: float) -> QPolygonF:
    """The mark of a reminder."""
    points: Sequence[tuple[float, float]] = ((x, top), (x - 5, top + 8), (x + 5, top + 8))
    return QPolygonF([QPointF(*point) for point in points])
