"""The page: Live."""

from __future__ import annotations

from posture.window.page import Page, Surroundings
from posture.window.widgets import label


class Live(Page):
    """Live."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.column.addWidget(label("Live", "title"))
        self.column.addStretch(1)
