"""The page Stretch: choose an exercise, be led through it, see what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posture.errors import PostureError
from posture.guided.stretch import (
    Chosen,
    Known,
    Offered,
    Wish,
    choose,
    clearance_needed,
    fits_now,
    known_of,
    offered,
    wish_of,
)
from posture.guided.today_plan import PlanToday, plan_today
from posture.language import mark, tr
from posture.window import stretch_shown as shown
from posture.window.back_words import error_text
from posture.window.flow import FlowLayout
from posture.window.page import Page, Surroundings
from posture.window.sounds import Sounds
from posture.window.stretch_choose import Choice, Conditions, Doing, Introduction
from posture.window.stretch_hold import Hold, Over
from posture.window.stretch_parts import Drawing, SideBar
from posture.window.widgets import button, label, row

if TYPE_CHECKING:
    from posture.coach.exercise import Exercise

NOT_KEPT = mark("It was not stored. {why}")


@dataclass(frozen=True)
class _Read:
    """What was read for the list."""

    known: Known
    fits: Exercise
    groups: Mapping[str, Sequence[Offered]]


class Stretch(Page):
    """Shows one of four at a time: the list, an introduction, the guided hold, the result."""

    pace = True
    """Play a file at its own pace."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self._known: Known | None = None
        self._wish = Wish()
        self._sounds = Sounds("none")
        self._part: QWidget | None = None
        self._turn = 0  # what was read for an older wish is not shown
        begins = QAction(self)
        begins.setShortcuts([QKeySequence("Return"), QKeySequence("Enter")])
        begins.triggered.connect(lambda _=False: self._enter())
        self.addAction(begins)

    # -- coming and going -------------------------------------------------------------------------------------------

    def open_at(self, detail: str) -> None:
        """Show the list, or the introduction of the exercise that is named."""
        if isinstance(self._part, Hold):
            if not detail:
                return
            self.left()
        wish = wish_of(detail)
        self._wish = replace(wish, source=wish.source or self.around.source)
        self._turn += 1
        turn, settings = self._turn, self.around.settings

        def read() -> Any:
            known = known_of(settings(), datetime.now(UTC))
            return _Read(known, fits_now(known), offered(known))

        self.around.work(read, lambda found: self._read(found, turn))

    def _read(self, found: _Read | PostureError, turn: int) -> None:
        if turn != self._turn:
            return
        if isinstance(found, PostureError):
            self._put(label(tr("Stretch"), "title"), label(error_text(found)))
            return
        self._known = found.known
        self._sounds.cues = self._wish.cues or found.known.settings.coach.cues
        if self._wish.exercise:
            self._introduce(self._wish)
        else:
            self._list(found)

    def left(self) -> None:
        """What was done until now is kept, and the camera given back."""
        self._turn += 1
        if isinstance(self._part, Hold):
            self._part.stop()
        self._sounds.close()

    def escaped(self) -> bool:
        """Esc ends the hold; elsewhere the window closes."""
        if isinstance(self._part, Hold):
            self._part.stop()
            return True
        return False

    # -- what is shown ----------------------------------------------------------------------------------------------

    def _put(self, *widgets: QWidget, fills: bool = False) -> None:
        """Show these, and nothing else."""
        while (item := self.column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._part = None
        for widget in widgets:
            self.column.addWidget(widget, 1 if fills else 0)
        if not fills:
            self.column.addStretch(1)
        self.verticalScrollBar().setValue(0)

    def _list(self, found: _Read) -> None:
        why = tr(found.known.finding.sentence) if found.known.leant and found.known.finding is not None else ""
        part = Choice(found.fits, why, found.groups, lambda name: self._introduce(replace(self._wish, exercise=name)))
        asks = [Conditions(self._cleared)] if not found.known.settings.coach.clearance else []
        self._put(label(tr("Stretch"), "title"), *asks, part)
        self._part = part
        part.first.setFocus()

    def _cleared(self, ticked: list[str]) -> None:
        def save() -> None:
            from posture.guided.questions import conditions, keep_conditions

            asked = conditions()
            keep_conditions(replace(asked, at=len(asked.questions), yes=tuple(ticked)))

        def saved(why: object) -> None:
            self.around.say(str(why) if isinstance(why, PostureError) else tr("Kept."))
            self.open_at("")

        self.around.work(save, saved)

    def _introduce(self, wish: Wish) -> None:
        assert self._known is not None
        try:
            chosen = choose(replace(wish, anyway=True), self._known)
        except PostureError as error:
            self._put(label(tr("Stretch"), "title"), label(str(error)), row(button(tr("All exercises"), self._all)))
            return
        self._wish = wish
        warning = "" if wish.anyway else clearance_needed(chosen.exercise, self._known)
        doing = Doing(
            lambda: self._start(chosen),
            self._all,
            lambda side: self._introduce(replace(wish, side=side)),  # type: ignore[arg-type]
            self._set_cues,
            lambda camera: self._introduce(replace(wish, camera=camera)),
        )
        part = Introduction(chosen, warning, doing, self._sounds, first=not self._known.care.holds)
        self._put(part, fills=True)
        self._part = part
        # What a clinician has to agree to first is not begun by one press.
        (part.back if warning else part.start).setFocus()

    def _all(self) -> None:
        self.open_at("")

    def _enter(self) -> None:
        """Enter starts what is introduced, wherever the focus is."""
        focused = self.focusWidget()
        if isinstance(self._part, Introduction) and self._part.start.property("role") == "main":
            self._part.start.click()
        elif focused is not None and hasattr(focused, "click"):
            focused.click()

    def _set_cues(self, cues: str) -> None:
        self._sounds.cues = cues
        self._wish = replace(self._wish, cues=cues)

        def save() -> None:
            from posture.control.channel import tell
            from posture.settings import find_spec
            from posture.settings_file import set_setting
            from posture.settings_text import settings_path

            set_setting(settings_path(), find_spec("coach.cues"), cues)
            tell("reload")

        self.around.work(save, lambda why: self.around.say(str(why)) if isinstance(why, PostureError) else None)

    def _start(self, chosen: Chosen) -> None:
        part = Hold(chosen, self.around.settings(), self._sounds, pace=self.pace)
        part.over.connect(self._over)
        self._put(part, fills=True)
        self._part = part
        part.pause.setFocus()

    def _over(self, over: Over) -> None:
        """Show at once what was done; it is stored meanwhile."""
        self._turn += 1
        turn, settings, name = self._turn, self.around.settings(), over.lead.exercise.id

        def keep() -> Any:
            over.keep()
            return plan_today(settings, but=name)

        self.around.work(keep, lambda found: self._kept(found, turn))
        part = _Result(over, self._all)
        # The hold is still at work when it says that it is over.
        QTimer.singleShot(0, lambda: self._show_result(part, turn))

    def _show_result(self, part: _Result, turn: int) -> None:
        if turn == self._turn:
            self._put(part)
            self._part = part
            part.again.setFocus()

    def _kept(self, found: PlanToday | PostureError, turn: int) -> None:
        if turn != self._turn or not isinstance(self._part, _Result):
            return
        if isinstance(found, PostureError):
            self._part.tell(tr(NOT_KEPT, why=found))
            return
        self._part.tell(shown.plan_line(found.done, found.planned))
        if found.next is not None:
            coming = found.next
            self._part.offer(coming, lambda: self.open_at(coming.id))


class _Result(QWidget):
    """What was done."""

    def __init__(self, over: Over, back: Any) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(14)
        said = label(shown.result(over.lead))
        said.setStyleSheet("font-size: 15pt;")
        self.said = said.text()
        self.column.addWidget(label(over.lead.exercise.name, "title"))
        self.column.addWidget(said)
        for side in shown.sides_done(over.lead):
            bar = SideBar()
            bar.show_side(side)
            self.column.addWidget(bar)
        self._plan = label("", "heading")
        self.column.addWidget(self._plan)
        self.again = button(tr("All exercises"), back)
        self._row = row(self.again)
        self.column.addWidget(self._row)

    def tell(self, text: str) -> None:
        """Say how far the plan is, or that nothing was stored."""
        self._plan.setText(text)

    def offer(self, exercise: Exercise, show: Any) -> None:
        """Offer what comes next."""
        going_on = button(tr("Next: {name}", name=exercise.name), show, main=True)
        line = self._row.layout()
        assert isinstance(line, FlowLayout)
        line.put_first(going_on)
        self.column.insertWidget(self.column.count() - 1, Drawing(exercise, size_px=120))
        going_on.setFocus()
