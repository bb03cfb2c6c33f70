"""A chart of the report, in the window's own colours."""

from __future__ import annotations

import re

from PySide6.QtCore import QByteArray, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from posture.report.chart_svg import Chart
from posture.window.theme import Colours, colours


def coloured(svg: str, found: Colours) -> str:
    """Put colours in place of the page's variables."""
    names = {"ink": found.ink, "faint": found.soft, "sitting": found.sitting, "standing": found.standing}
    names |= {"away": found.away, "unknown": found.unknown, "accent": found.warn, "warn": found.bad}
    names |= {"paper": found.card}
    return re.sub(r"var\(--(\w+)\)", lambda match: names.get(match[1], found.ink), svg)


class SvgChart(QWidget):
    """The drawing, as wide as there is room and as high as that makes it; a screen reader is told what it shows."""

    def __init__(self, chart: Chart, widest_px: int = 760) -> None:
        super().__init__()
        self._chart, self._widest_px = chart, widest_px
        self._look = colours()
        self._drawing = QSvgRenderer(QByteArray(coloured(chart.svg, self._look).encode()))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.setAccessibleName(chart.title)
        self.setAccessibleDescription(chart.alt)

    def _size(self, width_px: int) -> QSize:
        size = self._drawing.defaultSize()
        wide = min(width_px, self._widest_px)
        return QSize(wide, round(wide * size.height() / max(1, size.width())))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As in the class."""
        return self._size(self.width() if self.width() > 100 else 600)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep its shape."""
        self.setFixedHeight(self._size(self.width()).height())
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw it."""
        if self._look != (now := colours()):
            self._look = now
            self._drawing.load(QByteArray(coloured(self._chart.svg, now).encode()))
        painter = QPainter(self)
        self._drawing.render(painter, QRectF(0, 0, *self._size(self.width()).toTuple()))
