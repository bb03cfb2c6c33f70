"""What signals look like: strips at the edges of each screen, and the break card."""

from __future__ import annotations

import time
from typing import Any

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QScreen,
)
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from posture.coach.exercises import library
from posture.language import tr
from posture.own_language import begin
from posture.plain_text import plain
from posture.window.signal_fade import card_left, faded
from posture.window.stretch_parts import Drawing
from posture.window.theme import colours

GLOW = "#f0a030"
"""Amber on any ground: a hint, not an alarm [design choice]."""
WIDE_PX, THIN_PX = 48, 4
"""How far the glow reaches into the screen: with a compositor, and without one, where it hides what is below."""
FRAME_MS = 50
IDLE_S = 20.0
"""After so long without anything to show the process ends [design choice]."""
EDGES = ("left", "top", "right", "bottom")


def strip(screen: QRect, edge: str, wide_px: int) -> QRect:
    """The place of a strip at an edge of a screen."""
    match edge:
        case "left":
            return QRect(screen.left(), screen.top(), wide_px, screen.height())
        case "right":
            return QRect(screen.right() - wide_px + 1, screen.top(), wide_px, screen.height())
        case "top":
            return QRect(screen.left(), screen.top(), screen.width(), wide_px)
        case _:
            return QRect(screen.left(), screen.bottom() - wide_px + 1, screen.width(), wide_px)


def thin_px(strength: float) -> int:
    """How wide a strip is where nothing can be transparent: then its width shows the strength."""
    return round(THIN_PX * 2 * strength)


class Strip(QWidget):
    """A strip at an edge. Clicks and keys go to what is below it."""

    def __init__(self, screen: QScreen, edge: str, *, clear: bool) -> None:
        super().__init__(
            None,
            Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.BypassWindowManagerHint
            | Qt.WindowType.Tool
            | Qt.WindowType.WindowTransparentForInput
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        self._screen, self._edge, self._clear = screen, edge, clear
        self._strength = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        if clear:
            self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowTitle(tr("posture: glow"))

    def glow(self, strength: float) -> None:
        """Glow this strongly, 0 to 1."""
        wide_px = WIDE_PX if self._clear else thin_px(strength)
        self._strength = strength
        if strength <= 0.0 or wide_px < 1:
            self.hide()
            return
        self.setGeometry(strip(self._screen.geometry(), self._edge, wide_px))
        self.update()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the glow, fading towards the middle of the screen where it may be transparent."""
        painter = QPainter(self)
        if not self._clear:
            painter.fillRect(self.rect(), QColor(GLOW))
        else:
            across = self._edge in ("left", "right")
            length = float(self.width() if across else self.height())
            ends = (0.0, length) if self._edge in ("left", "top") else (length, 0.0)
            first, last = ((end, 0.0) if across else (0.0, end) for end in ends)
            fade = QLinearGradient(*first, *last)
            outer, inner = QColor(GLOW), QColor(GLOW)
            outer.setAlphaF(min(1.0, self._strength))
            inner.setAlphaF(0.0)
            fade.setColorAt(0.0, outer)
            fade.setColorAt(1.0, inner)
            painter.fillRect(self.rect(), fade)
        painter.end()


class Card(QWidget):
    """The break card over a screen. Any key or click takes it away; without the focus, a click alone."""

    def __init__(self, screen: QScreen, found: dict[str, Any], gone: Any, *, takes_focus: bool = True) -> None:
        flags = Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        if not takes_focus:
            flags |= Qt.WindowType.BypassWindowManagerHint | Qt.WindowType.WindowDoesNotAcceptFocus
        super().__init__(None, flags)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not takes_focus)
        self._gone, self._takes_focus = gone, takes_focus
        ends = tr("Any key or click takes this away.") if takes_focus else tr("A click takes this away.")
        look = colours()
        self.setObjectName("window")
        self.setWindowTitle(tr("posture: time for a break"))
        self.setAutoFillBackground(True)
        self.setWindowOpacity(float(found["strength"]))
        self.setGeometry(screen.geometry())
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 40, 40, 40)
        column.setSpacing(24)
        column.addStretch(1)
        exercise = next((each for each in library() if each.id == found["exercise"]), None)
        if exercise is not None and exercise.figure is not None:
            column.addWidget(Drawing(exercise, "right" if found["side"] == "right" else "left", 200), 4)
        self.left = QLabel()
        for label, size_pt, colour in (
            (QLabel(plain(found["title"])), 30, look.ink),
            (QLabel(plain(found["body"])), 16, look.ink),
            (self.left, 40, look.accent),
            (QLabel(ends), 12, look.soft),
        ):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            label.setStyleSheet(f"font-size: {size_pt}pt; color: {colour};")
            column.addWidget(label)
        column.addStretch(1)
        self.count(found["left_s"])

    def appear(self) -> None:
        """Come up, over all else."""
        if self._takes_focus:
            self.showFullScreen()
        else:
            self.show()

    def count(self, left_s: float) -> None:
        """Show how long it still stays."""
        # Translators: a countdown in seconds
        self.left.setText(tr("{seconds} s", seconds=max(0, round(left_s))))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go at any key."""
        self._gone()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go at any click."""
        self._gone()


class Shown:
    """What is shown now.

    `clear` is whether windows may be partly transparent, `takes_focus` whether keys go to the card.
    """

    def __init__(self, app: QApplication, *, clear: bool, takes_focus: bool = True) -> None:
        self._app, self._clear, self._takes_focus = app, clear, takes_focus
        self.strips: list[Strip] = []
        self.cards: list[Card] = []
        self._strength = self._wanted = 0.0
        self._number = self._dismissed = self._heard = 0
        self._busy_s = self._drawn_s = time.monotonic()
        self._frame = QTimer()
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._fade)
        self._sounds: Any = None
        for changed in (app.screenAdded, app.screenRemoved):
            changed.connect(lambda _: self._drop_strips())

    def take(self, found: dict[str, Any]) -> bool:
        """Show what the daemon says; False when there was nothing to show for a while."""
        now_s = time.monotonic()
        self._wanted = float(found["glow"])
        if self._wanted != self._strength and not self._frame.isActive():
            self._drawn_s = now_s
            self._frame.start()
        self._show_card(card_left(found, self._dismissed))
        sound = found["sound"]
        if sound is not None and sound["number"] > self._heard:
            self._heard = sound["number"]
            self._play(float(sound["strength"]))
        if self._wanted or self._strength or self.cards:
            self._busy_s = now_s
        return now_s - self._busy_s < IDLE_S

    def _fade(self) -> None:
        now_s = time.monotonic()
        self._strength = faded(self._strength, self._wanted, now_s - self._drawn_s)
        self._drawn_s = now_s
        if not self.strips:
            self.strips = [Strip(s, edge, clear=self._clear) for s in QGuiApplication.screens() for edge in EDGES]
        for each in self.strips:
            each.glow(self._strength)
        if self._strength == self._wanted:
            self._frame.stop()

    def _drop_strips(self) -> None:
        for each in self.strips:
            each.deleteLater()
        self.strips = []
        if self._strength or self._wanted:
            self._frame.start()

    def _show_card(self, found: dict[str, Any] | None) -> None:
        if found is None or found["number"] != self._number:
            for card in self.cards:
                card.deleteLater()
            self.cards, self._number = [], 0
        if found is None:
            return
        if not self.cards:
            self._number = found["number"]
            begin()  # this process may be older than the setting
            screens = QGuiApplication.screens()
            self.cards = [Card(screen, found, self.dismiss, takes_focus=self._takes_focus) for screen in screens]
            for card in self.cards:
                card.appear()
            if self._takes_focus:
                self.cards[0].activateWindow()
        for card in self.cards:
            card.count(found["left_s"])

    def dismiss(self) -> None:
        """Take the card away for good."""
        self._dismissed = max(self._dismissed, self._number)
        self._show_card(None)

    def _play(self, strength: float) -> None:
        from posture.window.sounds import Sounds

        if self._sounds is None:
            self._sounds = Sounds("sound", strength)
        self._sounds.play("counted")

    def finish(self) -> None:
        """Take all away."""
        self._frame.stop()
        for each in (*self.strips, *self.cards):
            each.hide()
        if self._sounds is not None:
            self._sounds.close()
