"""The page: History."""

from __future__ import annotations

from posture.window.page import Page, Surroundings
from posture.window.widgets import label


class History(Page):
    """History."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.column.addWidget(label("History", "title"))
        self.column.addStretch(1)
