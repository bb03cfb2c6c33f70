"""The page: My back."""

from __future__ import annotations

from posture.window.page import Page, Surroundings
from posture.window.widgets import label


class MyBack(Page):
    """My back."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.column.addWidget(label("My back", "title"))
        self.column.addStretch(1)
