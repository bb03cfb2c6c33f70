"""Small parts that pages are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from posture.language import sentence_start, tr
from posture.window.flow import FlowLayout

Role = Literal["", "title", "answer", "heading", "figure", "soft", "warn", "bad", "well"]


def label(text: str = "", role: Role = "") -> QLabel:
    """A text, which is broken into lines where the window is narrow, and can be marked and copied."""
    found = QLabel(text)
    found.setWordWrap(True)
    found.setTextFormat(Qt.TextFormat.PlainText)  # names of cameras and the like are no markup
    found.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if role:
        found.setProperty("role", role)
    return found


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role, and have it drawn by that."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(text: str, pressed: Callable[[], object], *, main: bool = False, says: str = "") -> QPushButton:
    """A button; `says` is what a screen reader adds to its text."""
    found = QPushButton(text)
    if main:
        found.setProperty("role", "main")
    if says:
        found.setAccessibleDescription(says)
        found.setToolTip(says)
    found.clicked.connect(lambda: pressed())
    return found


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say a text that has just come up in a widget which does not have the focus."""
    if text and QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def card(*widgets: QWidget, name: str = "") -> QFrame:
    """A box with a border round some widgets, one below the other."""
    found = QFrame()
    found.setProperty("role", "card")
    if name:
        found.setAccessibleName(name)
    column = QVBoxLayout(found)
    column.setContentsMargins(18, 14, 18, 14)
    column.setSpacing(8)
    for widget in widgets:
        column.addWidget(widget)
    return found


def row(*widgets: QWidget, stretch: bool = True) -> QWidget:
    """Widgets side by side; with `stretch` they keep to the left, and go on in a next line where they do not fit."""
    found = QWidget()
    line = FlowLayout(found) if stretch else QHBoxLayout(found)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(10)
    for widget in widgets:
        line.addWidget(widget)
    return found


def as_sentence(text: str) -> str:
    """Write words that may stand inside a sentence as one of their own."""
    start = sentence_start(text)
    # Translators: what ends a sentence
    return start if not text or text.endswith((".", "。")) else tr("{sentence}.", sentence=start)


class Figure(QFrame):
    """A figure in large type, and what it is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._name = name
        self._value, self._below, self._more = label("", "figure"), label(name), label("", "soft")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 12)
        column.setSpacing(2)
        for part in (self._value, self._below, self._more):
            column.addWidget(part)
        self._more.hide()

    def show_value(self, value: str, more: str = "", name: str = "") -> None:
        """Show a value; `more` is a line below it, `name` what it is, if that changes."""
        self._value.setText(value.replace(" ", "\u00a0"))  # where it is broken at all, between two values
        self._name = name or self._name
        self._below.setText(self._name)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self.setAccessibleName(f"{self._name}: {value}. {more}".strip())
