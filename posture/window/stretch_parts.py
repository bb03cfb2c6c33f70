"""What the page Stretch draws itself: drawings, the large number, the bars and the gauge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from posture.language import tr
from posture.report.drawings import Ring, bounds, drawing, stroke
from posture.window.theme import Look, colours, look_now

if TYPE_CHECKING:
    from posture.coach.exercise import Exercise, Side
    from posture.window.stretch_shown import GaugeShown, Large, SideShown

DRAWN: dict[Look, dict[str, str]] = {
    "light": {},
    "dark": {"#4b6584": "#8fabc9", "#9aa3ad": "#667280"},
    "contrast-light": {"#4b6584": "#26384c", "#9aa3ad": "#6b737c", "#8a8f98": "#5f6670", "#d9772b": "#a84a00"},
    "contrast-dark": {"#4b6584": "#c3dcf7", "#9aa3ad": "#8a95a1", "#d9772b": "#ff9a4d"},
}
"""What stands for the colours of a drawing in each look: the body, what of it is farther away, things, what works."""


class Drawing(QWidget):
    """The line drawing of an exercise."""

    def __init__(self, exercise: Exercise, side: Side = "left", size_px: int = 96) -> None:
        super().__init__()
        self._exercise, self._side = exercise, side
        self._shapes = drawing(exercise, side)
        self.setMinimumSize(size_px, size_px)
        if not self._shapes:
            self.hide()  # never shown here: without a parent it would be a window
        self._name()

    def show_side(self, side: Side) -> None:
        """Draw it for this side."""
        if side != self._side:
            self._side, self._shapes = side, drawing(self._exercise, side)
            self._name()
            self.update()

    def _name(self) -> None:
        name = self._exercise.name
        self.setAccessibleName(
            tr("Drawing: {exercise}, {side} side", exercise=name, side=self._side)
            if self._exercise.sides == "each"
            else tr("Drawing: {exercise}", exercise=name)
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it as large as there is room, in the middle."""
        if not self._shapes:
            return
        left, top, right, bottom = bounds(self._shapes)
        margin = 6.0
        scale = min(self.width() / (right - left + 2 * margin), self.height() / (bottom - top + 2 * margin))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self.width() / 2.0, self.height() / 2.0)
        painter.scale(scale, scale)
        painter.translate(-(left + right) / 2.0, -(top + bottom) / 2.0)
        drawn = DRAWN[look_now()]
        for shape in self._shapes:
            colour, width = stroke(shape)
            pen = QPen(QColor(drawn.get(colour, colour)), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            if isinstance(shape, Ring):
                painter.drawEllipse(QPointF(*shape.centre), shape.radius, shape.radius)
            else:
                painter.drawPolyline([QPointF(x, y) for x, y in shape.points])
        painter.end()


class LargeNumber(QWidget):
    """A number as large as there is room."""

    def __init__(self) -> None:
        super().__init__()
        self._value, self._active = "", False
        self.setMinimumSize(240, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_large(self, large: Large, *, active: bool) -> None:
        """Show a number; `active` says whether the clock runs."""
        if (large.value, active) != (self._value, self._active):
            self._value, self._active = large.value, active
            self.update()
        self.setAccessibleName(f"{large.value} {large.below}".strip())

    @property
    def digits_px(self) -> float:
        """How high its digits are now."""
        return self._fitted(self._value or "0")[1]

    def _fitted(self, text: str) -> tuple[QFont, float]:
        """The font in which the text fills the room, and the height of its digits."""
        font = QFont(self.font())
        font.setBold(True)
        font.setPixelSize(100)
        metrics = QFontMetricsF(font)
        # A number keeps its size while it counts down: 10 and 9 are as high.
        width = max(metrics.horizontalAdvance(text), metrics.horizontalAdvance("00"))
        high = metrics.capHeight()
        scale = min(0.96 * self.width() / width, 0.92 * self.height() / high)
        font.setPixelSize(max(1, int(100 * scale)))
        return font, high * scale

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it in the middle."""
        if not self._value:
            return
        font, high = self._fitted(self._value)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(font)
        painter.setPen(QColor(colours().well if self._active else colours().ink))
        width = QFontMetricsF(font).horizontalAdvance(self._value)
        painter.drawText(QPointF((self.width() - width) / 2.0, (self.height() + high) / 2.0), self._value)
        painter.end()


class SideBar(QWidget):
    """How far a side is, in words and as a bar."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: SideShown | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """A line of text, and the bar under it."""
        return QSize(200, round(2.6 * QFontMetricsF(self._type()).height()) - 12)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """See `sizeHint`."""
        return self.sizeHint()

    def show_side(self, shown: SideShown) -> None:
        """Show it."""
        self._shown = shown
        self.setAccessibleName(shown.text)
        self.update()

    def _type(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(15.0)
        font.setBold(self._shown is not None and (self._shown.active or self._shown.asked))
        return font

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw text and bar."""
        shown, found = self._shown, colours()
        if shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._type())
        high = QFontMetricsF(self._type()).height()
        painter.setPen(QColor(found.well if shown.active else found.ink if shown.asked else found.soft))
        mark = "▶ " if shown.active or shown.asked else ""
        painter.drawText(QRectF(0, 0, self.width(), high), Qt.AlignmentFlag.AlignVCenter, f"{mark}{shown.text}")
        bar = QRectF(0, high + 4, self.width(), 10)
        painter.setPen(QPen(QColor(found.line), 1.0))
        painter.setBrush(QColor(found.trough))
        painter.drawRoundedRect(bar, 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        if shown.part > 0:
            bar.setWidth(max(10.0, bar.width() * shown.part))
            painter.setBrush(QColor(found.well if shown.active else found.accent))
            painter.drawRoundedRect(bar, 5, 5)
        painter.end()


class Gauge(QWidget):
    """The measure on a line, with its pass band drawn thick."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: GaugeShown | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(56)

    def show_gauge(self, shown: GaugeShown) -> None:
        """Show it."""
        self._shown = shown
        self.setAccessibleName(shown.text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the line, the band, the mark and the words."""
        shown, found = self._shown, colours()
        if shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right, y = 14.0, self.width() - 14.0, 17.0

        def x(part: float) -> float:
            return left + (right - left) * part

        for start, end, colour, width in (
            (0.0, 1.0, found.line, 6.0),
            (shown.low, shown.high, found.well, 14.0),
        ):
            pen = QPen(QColor(colour), width)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(QPointF(x(start), y), QPointF(x(end), y))
        if shown.at is not None:
            painter.setPen(QPen(QColor(found.ink), 3.0))
            painter.setBrush(QColor(found.well if shown.inside else found.ground))
            painter.drawEllipse(QPointF(x(shown.at), y), 13.0, 13.0)
        font = QFont(self.font())
        font.setPointSizeF(12.0)
        painter.setFont(font)
        painter.setPen(QColor(found.ink))
        painter.drawText(QRectF(left, 32, right - left, 24), Qt.AlignmentFlag.AlignLeft, shown.text)
        painter.end()
