"""The page: First steps."""

from __future__ import annotations

from posture.window.page import Page, Surroundings
from posture.window.widgets import label


class FirstSteps(Page):
    """First steps."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.column.addWidget(label("First steps", "title"))
        self.column.addStretch(1)
