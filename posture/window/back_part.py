"""What the parts of the page My back have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from posture.window.back_words import error_text
from posture.window.page import Surroundings
from posture.window.widgets import label


@dataclass(frozen=True)
class Back:
    """What a part is given."""

    around: Surroundings
    show: Callable[[str], None]
    """Show another part, by its key."""
    known: Callable[[], None]
    """Something was kept that the others go by: read it again."""


class Part(QWidget):
    """A part of the page; add what it shows to `column`."""

    def __init__(self, back: Back) -> None:
        super().__init__()
        self.back, self.around = back, back.around
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(14)

    def come(self) -> None:
        """It comes up."""

    def leave(self) -> None:
        """It goes away: keep what was answered, let go of the camera."""

    def escaped(self) -> bool:
        """Esc was pressed; whether there was something to end by it."""
        return False

    def put(self, *widgets: QWidget) -> None:
        """Show these, and nothing else."""
        while (item := self.column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for each in widgets:
            self.column.addWidget(each)
            each.show()  # at once, so that it can have the focus
        self.column.addStretch(1)

    def fail(self, error: object) -> None:
        """Say in place of everything what has gone wrong."""
        self.put(label(error_text(error), "warn"))
