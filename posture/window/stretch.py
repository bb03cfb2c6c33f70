"""The page: Stretch."""

from __future__ import annotations

from posture.window.page import Page, Surroundings
from posture.window.widgets import label


class Stretch(Page):
    """Stretch."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.column.addWidget(label("Stretch", "title"))
        self.column.addStretch(1)
