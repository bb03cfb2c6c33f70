"""Questions, one at a time, each answered by one button."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from posture.guided.questions import answered, one_back
from posture.language import mark, tr, tr_safety
from posture.window.english import EnglishBeside
from posture.window.widgets import button, card, label, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFrame

    from posture.guided.questions import Asking

PROGRESS = mark("Question {number} of {count}")


class QuestionCard:
    """Asks questions in a card, below `head` in English; `over` gets the answers when nothing more is asked."""

    def __init__(self, head: str, over: Callable[[Asking], None]) -> None:
        self._head, self._over = head, over
        self.asking: Asking | None = None
        self.progress, self.question = label("", "soft"), label("", "heading")
        self.yes = button(tr("&Yes"), lambda: self._answer(yes=True))
        self.no = button(tr("&No"), lambda: self._answer(yes=False))
        self.back = button(tr("Question &before"), self._back)
        self.english = EnglishBeside()
        self.frame: QFrame = card(
            label(tr_safety(head)),
            self.progress,
            self.question,
            row(self.yes, self.no, self.back),
            self.english,
            name=tr("Questions"),
        )

    def ask(self, asking: Asking) -> None:
        """Ask from here on."""
        self.asking = asking
        question = asking.now
        if question is None:
            self.asking = None
            self._over(asking)
            return
        self.progress.setText(tr(PROGRESS, number=asking.at + 1, count=len(asking.questions)))
        self.question.setText(question.text)
        self.english.show_for(self._head, question.english)
        self.back.setEnabled(asking.at > 0)
        for each in (self.yes, self.no):
            each.setAccessibleDescription(question.text)
        self.yes.setFocus()

    def leave(self) -> Asking | None:
        """Ask no more; the answers so far, None where none are asked."""
        asking, self.asking = self.asking, None
        return asking

    def _answer(self, *, yes: bool) -> None:
        if self.asking is not None:
            self.ask(answered(self.asking, yes))

    def _back(self) -> None:
        if self.asking is not None:
            self.ask(one_back(self.asking))
