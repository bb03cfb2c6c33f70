"""The page: My back. One part at a time, chosen by tabs; while exercises are off, each says so."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from posture.errors import PostureError
from posture.guided.questions import care_now
from posture.language import mark, tr
from posture.window.back_part import Back, Part
from posture.window.back_words import off_parts
from posture.window.page import Page, Surroundings
from posture.window.widgets import label

if TYPE_CHECKING:
    from posture.history.care import Care

PARTS = (
    ("pain", mark("Pain"), "back_pain:Pain"),
    ("plan", mark("Plan"), "back_plan:Plan"),
    ("check-in", mark("Check-in"), "back_check_in:CheckIn"),
    ("direction", mark("Direction"), "back_direction:Direction"),
    ("self-check", mark("Self-checks"), "back_self_check:SelfCheckPart"),
    ("about", mark("About"), "back_about:About"),
)
"""Key, tab, and where it is. Each is imported when it first comes up."""


class MyBack(Page):
    """Pain and tension, plan, check-in, directional check, self-checks, about."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self._parts: dict[str, Part] = {}
        self._present = ""
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setAccessibleName(tr("Parts of My back"))
        for _, title, _ in PARTS:
            self.tabs.addTab(tr(title))
        self.tabs.currentChanged.connect(lambda number: self.show_part(PARTS[number][0]))
        self.off = QWidget()
        self._off_column = QVBoxLayout(self.off)
        self._off_column.setContentsMargins(0, 0, 0, 0)
        self.off.hide()
        self._suspended = False
        self.column.addWidget(label(tr("My back"), "title"))
        self.column.addWidget(self.tabs)
        self.column.addWidget(self.off)

    @property
    def part(self) -> Part:
        """The part that is up."""
        return self._parts[self._present]

    def open_at(self, detail: str) -> None:
        """Show the part that is named, or the one that was up last."""
        keys = [key for key, _, _ in PARTS]
        wanted = detail.partition(":")[0]
        self.show_part(wanted if wanted in keys else self._present or keys[0])
        self._read()

    def show_part(self, key: str) -> None:
        """Show a part; what was up keeps what was done."""
        if key != self._present and self._present:
            self.part.leave()
            self.part.hide()
        if key not in self._parts:
            place = next(place for name, _, place in PARTS if name == key)
            module, _, name = place.partition(":")
            made: type[Part] = getattr(importlib.import_module(f"posture.window.{module}"), name)
            self._parts[key] = made(Back(self.around, self.show_part, self._read))
            self.column.addWidget(self._parts[key], 1)
        self._present = key
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex([name for name, _, _ in PARTS].index(key))
        self.tabs.blockSignals(False)
        self._tell_off()
        self.part.show()
        self.part.come()
        self.verticalScrollBar().setValue(0)

    def left(self) -> None:
        """What was answered or done until now is kept, and the camera given back."""
        if self._present:
            self.part.leave()

    def escaped(self) -> bool:
        """Esc ends what is being asked or led."""
        return bool(self._present) and self.part.escaped()

    # -- whether exercises are off ------------------------------------------------------------------------------------

    def _read(self) -> None:
        settings = self.around.settings()
        self.around.work(lambda: care_now(settings), self._known)

    def _known(self, found: Care | PostureError) -> None:
        self._suspended = not isinstance(found, PostureError) and found.suspended
        while (item := self._off_column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not isinstance(found, PostureError) and found.suspended:
            for each in off_parts(emergency=found.emergency):
                self._off_column.addWidget(each)
                each.show()
        self._tell_off()

    def _tell_off(self) -> None:
        """Pain and about say it at their top; the others say it themselves."""
        self.off.setVisible(self._suspended and self._present in ("pain", "about"))
