"""The step of warning signs and of what has to be cleared first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from posture.coach.safety import CLEARANCE, STOP, SUSPENDED, SUSPENDED_EMERGENCY
from posture.errors import PostureError
from posture.guided.questions import (
    CONDITIONS_HEAD,
    LEFT_WITH_A_SIGN,
    SIGNS_HEAD,
    conditions,
    keep_conditions,
    keep_signs,
    signs,
)
from posture.language import mark, tr, tr_safety
from posture.window.english import EnglishBeside, english_beside
from posture.window.question_card import QuestionCard
from posture.window.widgets import button, label, row, set_role

if TYPE_CHECKING:
    from posture.guided.questions import Asked, Asking, Cleared
    from posture.window.page import Surroundings

STAYS = mark("Your answers stay on this machine: the warning signs in the history, the rest in the settings.")
REST_CAN_WAIT = mark("The rest can wait: the first steps go on another time.")
BEGIN, AGAIN = mark("Answer the questions"), mark("Answer them again")


class SafetyStep(QWidget):
    """Asks for warning signs, then for what has to be cleared first; `emergency` is called where one was named."""

    def __init__(self, around: Surroundings, done: Callable[[], None], emergency: Callable[[], None]) -> None:
        super().__init__()
        self._around, self._done, self._emergency = around, done, emergency
        self.said, self.english = label(""), EnglishBeside()
        self.begin = button(tr(BEGIN), self._begin, main=True)
        self.signs = QuestionCard(SIGNS_HEAD, self._keep_signs)
        self.conditions = QuestionCard(CONDITIONS_HEAD, self._keep_conditions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for each in (
            label(tr_safety(STOP)), label(tr_safety(CLEARANCE)), *english_beside(STOP, CLEARANCE),
            label(tr(STAYS), "soft"), self.said, self.english, self.signs.frame, self.conditions.frame, row(self.begin),
        ):  # fmt: skip
            column.addWidget(each)
        self._only(self.begin)

    def leave(self) -> None:
        """Another step comes up, or the window closes: a yes counts all the same."""
        for card, keep in ((self.signs, self._keep_signs), (self.conditions, self._keep_conditions)):
            asking = card.leave()
            if asking is not None and asking.yes:
                keep(asking)
        self._only(self.begin)

    def _only(self, shown: QWidget) -> None:
        for each in (self.begin, self.signs.frame, self.conditions.frame):
            each.setVisible(each is shown)

    def _begin(self) -> None:
        self._say("")
        self._only(self.signs.frame)
        self.signs.ask(signs())

    def _keep_signs(self, asking: Asking) -> None:
        self._only(self.begin)
        settings = self._around.settings
        self._around.work(lambda: keep_signs(settings(), asking), lambda found: self._signs_kept(found, asking))

    def _signs_kept(self, found: Any, asking: Asking) -> None:
        if isinstance(found, PostureError):
            self._say(str(found), "bad")
            return
        asked: Asked = found
        left = (LEFT_WITH_A_SIGN,) if asked.kept and not asking.over else ()
        off = () if asked.open_emergency is None else (SUSPENDED_EMERGENCY if asked.open_emergency else SUSPENDED,)
        texts = (*map(tr_safety, left), *asked.texts)
        self.english.show_for(*left, *off, *asked.english)
        if asked.emergency:
            self._say("\n\n".join((*texts, tr(REST_CAN_WAIT))), "bad")
            self._emergency()
            return
        self._say("\n\n".join(texts), "" if asked.may_go_on else "warn")
        self.begin.setText(tr(AGAIN))
        if not asked.kept:
            return
        if not asking.over or not asked.may_go_on:
            self._done()
            return
        self._only(self.conditions.frame)
        self.conditions.ask(conditions())

    def _keep_conditions(self, asking: Asking) -> None:
        self._only(self.begin)
        self._around.work(lambda: keep_conditions(asking), self._conditions_kept)

    def _conditions_kept(self, found: Any) -> None:
        if isinstance(found, PostureError):
            self._say(str(found), "bad")
            return
        cleared: Cleared = found
        if cleared.kept:
            self._say("\n\n".join(part for part in (self.said.text(), cleared.says) if part))
        self._done()

    def _say(self, text: str, role: str = "") -> None:
        self.said.setText(text)
        if not text:
            self.english.show_for()
        set_role(self.said, role)
