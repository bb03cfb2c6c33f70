"""The page Live: what the camera sees, mirrored, and each deviation against its threshold."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from posture.language import mark, number, tr
from posture.window.camera_picture import OPENING, CameraPicture
from posture.window.level_bars import LevelBars
from posture.window.live_shown import COUNTS, shown
from posture.window.page import Page, Surroundings
from posture.window.seeing import Seeing
from posture.window.widgets import button, card, label, row

if TYPE_CHECKING:
    from posture.sensor.view_wire import View

SIDE_BY_SIDE_PX = 720
"""Where the page is narrower, the bars stand below the picture [design choice]."""
STOPPED = mark("The camera is not looked through.")
PRIVACY = mark("No picture is kept, and none leaves this machine.")
SOURCE_ENDED = mark("The video has ended.")


class Live(Page):
    """Picture, what is in it, and the bars."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.seeing = Seeing(self)
        self.seeing.seen.connect(self._seen)
        self.seeing.failed.connect(self._failed)
        self.seeing.ended.connect(lambda: self._stopped(tr(SOURCE_ENDED)))
        self.picture, self.bars = CameraPicture(), LevelBars()
        self.presence, self.framing, self.advice = label("", "heading"), label(), label("", "heading")
        self.note, self._counts = label("", "soft"), label("", "soft")
        self.error = label("", "bad")
        self.error.hide()
        self._stop = button(tr("Stop looking"), self._toggle)
        self._calibrate = button(tr("Calibrate"), lambda: around.go_to("setup", "calibrate"))
        left = card(self.picture, self.framing, self.advice, label(tr(PRIVACY), "soft"), name=tr("The picture"))
        right = card(self.presence, self.bars, self.note, self._counts, name=tr("What is judged"))
        for side in (left, right):
            inside = side.layout()
            assert isinstance(inside, QBoxLayout)
            inside.addStretch(1)  # what is said stands together at the top
            side.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        both = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, both)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(16)
        self._sides.addWidget(left, 5)
        self._sides.addWidget(right, 4)
        self.column.addWidget(label(tr("Live"), "title"))
        self.column.addWidget(self.error)
        self.column.addWidget(both)
        self.column.addWidget(row(self._stop, self._calibrate))
        self.column.addStretch(1)
        self._closes = QTimer(self)
        self._closes.setSingleShot(True)
        self._closes.timeout.connect(lambda: self.window().close())
        self._for_ms: int | None = None

    def open_at(self, detail: str) -> None:
        """Begin to look; a number of seconds closes the window so long after the first look."""
        self._for_ms = None
        with contextlib.suppress(ValueError, OverflowError):
            self._for_ms = round(1000 * min(max(float(detail), 0.0), 86400.0))
        if not self.seeing.running:
            self._begin()

    def left(self) -> None:
        """Let the camera go, and wait until the daemon has it back."""
        self._closes.stop()
        self.seeing.stop(wait=True)
        self._stopped(tr(STOPPED))

    def _begin(self) -> None:
        from posture.errors import PostureError

        self.error.hide()
        self._show_nothing(tr(OPENING))
        try:
            settings = self.around.settings()
        except PostureError as error:
            self._failed(str(error))
            return
        self._counts.setText(tr(COUNTS, seconds=number(settings.timeline.deviation_dwell_s)))
        self.seeing.start(self.around.source or settings.camera.source, settings)
        self._stop.setText(tr("Stop looking"))

    def _toggle(self) -> None:
        if self.seeing.running:
            self.seeing.stop()
            self._stopped(tr(STOPPED))
        else:
            self._begin()

    def _stopped(self, words: str) -> None:
        self._show_nothing(words)
        self._stop.setText(tr("Look again"))

    def _failed(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.show()
        self._stopped(tr(STOPPED))

    def _show_nothing(self, words: str) -> None:
        self.picture.show_view(None, words)
        self.bars.show_bars(())
        for each in (self.presence, self.framing, self.advice, self.note):
            each.setText("")

    def _seen(self, view: View) -> None:
        found = shown(view)
        self.picture.show_view(view)
        self.bars.show_bars(found.bars)
        self.presence.setText(found.presence)
        self.framing.setText("\n".join(found.framing))
        self.advice.setText(found.advice)
        self.note.setText(found.note)
        if self._for_ms is not None and not self._closes.isActive():
            self._closes.start(self._for_ms)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Side by side where there is room, one below the other where not."""
        wide = self.viewport().width() >= SIDE_BY_SIDE_PX
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(way)
        super().resizeEvent(event)
