"""My back: the questions on warning signs, what follows from them, and what has to be cleared first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posture.errors import PostureError
from posture.guided import questions as asked_of
from posture.guided.questions import Asked, Asking, Cleared, answered, one_back
from posture.guided.yes_no import is_no, is_yes, no_letter, yes_letter
from posture.language import dated, mark, mark_safety, tr, tr_safety
from posture.window.back_part import Back, Part
from posture.window.back_words import off_parts, referred, told
from posture.window.english import english_beside
from posture.window.widgets import button, card, label, row

if TYPE_CHECKING:
    from posture.history.care import Care

ASKS = mark_safety(
    "A short list of warning signs, one at a time. It asks; it does not diagnose. The answers stay on this machine."
)
NOT_ANSWERED = mark("What has to be cleared first has not been answered yet.")
LOOKED_AT = mark("It has been looked at")


class CheckIn(Part):
    """Shows what is open; asks the signs or the conditions, one question at a time."""

    def __init__(self, back: Back) -> None:
        super().__init__(back)
        self.asking: Asking | None = None
        self._signs = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Check-in"))

    # -- what is open -------------------------------------------------------------------------------------------------

    def come(self) -> None:
        """Show what is open, unless questions are being asked."""
        if self.asking is None:
            settings = self.around.settings()
            self.around.work(lambda: asked_of.care_now(settings), self._came)

    def _came(self, care: Care | PostureError) -> None:
        if isinstance(care, PostureError):
            self.fail(care)
        elif self.asking is None:
            self._overview(care)

    def _overview(self, care: Care) -> None:
        parts: list[QWidget] = []
        if care.suspended and care.verdict is not None:
            texts = told(*care.verdict.english, role="bad" if care.emergency else "warn")
            head = label(tr("Get help now") if care.emergency else tr("Exercise prompts are off"), "heading")
            off = off_parts(emergency=care.emergency, role="")
            parts.append(card(head, *texts, *off, row(button(tr(LOOKED_AT), self.ask_looked_at)), name=head.text()))
        elif care.verdict is not None and care.checked_in_s is not None:
            at = datetime.fromtimestamp(care.checked_in_s)
            when = tr("Answered on {day} at {time}.", day=dated(at, "%a %d %b"), time=f"{at:%H:%M}")
            parts.append(card(label(when, "heading"), *told(*care.verdict.english)))
        self.begin = button(tr("Answer the questions"), lambda: self._ask(signs=True), main=not care.suspended)
        parts.append(
            card(
                label(tr("Warning signs"), "heading"),
                label(tr_safety(ASKS)),
                *english_beside(ASKS),
                row(self.begin),
                name=tr("Warning signs"),
            )
        )
        line = asked_of.conditions_line(self.around.settings(), in_window=True) or tr(NOT_ANSWERED)
        ask = button(tr("Answer what has to be cleared first"), lambda: self._ask(signs=False))
        title = tr("What has to be cleared first")
        parts.append(card(label(title, "heading"), label(line), row(ask), name=title))
        self.put(*parts)
        self.setAccessibleName(tr("Check-in"))
        if not care.suspended:
            self.begin.setFocus()

    def ask_looked_at(self) -> None:
        """Ask whether a clinician has looked at it, before exercise prompts go on again."""
        yes = button(tr("Yes"), self._clear)
        no = button(tr("No"), self.come)
        question = asked_of.LOOKED_AT
        beside = english_beside(question.english)
        self.put(card(label(question.text, "title"), *beside, row(yes, no), name=question.text))
        no.setFocus()

    def _clear(self) -> None:
        settings = self.around.settings()
        self.around.work(lambda: asked_of.clear_signs(settings), self._cleared)

    def _cleared(self, found: object) -> None:
        if isinstance(found, PostureError):
            self.fail(found)
            return
        self.around.say(tr_safety(asked_of.CLEARED))
        self.back.known()
        self.come()

    # -- asking -------------------------------------------------------------------------------------------------------

    def _ask(self, *, signs: bool) -> None:
        self._signs = signs
        self.asking = asked_of.signs() if signs else asked_of.conditions()
        self._show_question()

    def _show_question(self) -> None:
        assert self.asking is not None
        question = self.asking.now
        if question is None:
            self._finish()
            return
        count = tr("Question {number} of {count}", number=self.asking.at + 1, count=len(self.asking.questions))
        head = asked_of.SIGNS_HEAD if self._signs else asked_of.CONDITIONS_HEAD
        text = label(question.text, "heading")
        yes = button(tr("Yes"), lambda: self.answer(True), says=tr("The key {letter}", letter=yes_letter()))
        no = button(tr("No"), lambda: self.answer(False), says=tr("The key {letter}", letter=no_letter()))
        before = button(tr("Back"), self._one_back, says=tr("The question before"))
        before.setEnabled(self.asking.at > 0)
        leave = button(tr("Leave"), self.leave, says=tr("A yes to a warning sign counts all the same"))
        self.put(
            card(
                label(tr_safety(head), "soft"),
                label(count, "soft"),
                text,
                row(yes, no, before, leave),
                *english_beside(head, question.english),
                name=question.text,
            )
        )
        self.setAccessibleName(f"{count}: {question.text}")
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Answer by Y and N, or the letters of the language."""
        typed = event.text()
        if self.asking is not None and (is_yes(typed) or is_no(typed)) and not event.isAutoRepeat():
            self.answer(is_yes(typed))
            return
        super().keyPressEvent(event)

    def answer(self, yes: bool) -> None:
        """Take an answer."""
        if self.asking is not None:
            self.asking = answered(self.asking, yes)
            self._show_question()

    def _one_back(self) -> None:
        if self.asking is not None:
            self.asking = one_back(self.asking)
            self._show_question()

    def leave(self) -> None:
        """Who leaves has answered nothing, but for a yes that counts."""
        if self.asking is not None:
            self._finish()

    def escaped(self) -> bool:
        """Esc leaves the questions."""
        asking = self.asking is not None
        self.leave()
        return asking

    def _finish(self) -> None:
        asking, self.asking = self.asking, None
        assert asking is not None
        settings = self.around.settings()
        if self._signs:
            self.around.work(lambda: asked_of.keep_signs(settings, asking), lambda found: self._said(found, asking))
        else:
            self.around.work(lambda: asked_of.keep_conditions(asking), self._conditions_kept)

    def _said(self, found: Asked | PostureError, asking: Asking) -> None:
        if isinstance(found, PostureError):
            self.fail(found)
            return
        if not found.kept:
            self.around.say(tr(asked_of.NOTHING_KEPT))
            self.come()
            return
        self.back.known()
        head = tr("Get help now") if found.emergency else tr("What follows from your answers")
        texts: list[QWidget] = [label(head, "title")]
        texts += [] if asking.over else told(asked_of.LEFT_WITH_A_SIGN)
        off = found.open_emergency is not None
        texts += off_parts(emergency=bool(found.open_emergency), role="answer") if off else []
        for number, text in enumerate(found.english):
            texts += told(text, role="bad" if found.emergency and number == 0 and not off else "answer")
        for referral in found.referrals:
            texts += referred(referral, role="answer")
        going_on = button(tr("Back to the check-in"), self.come)
        parts = [going_on] if found.may_go_on else [going_on, button(tr(LOOKED_AT), self.ask_looked_at)]
        self.put(card(*texts, row(*parts), name=head))
        self.setAccessibleName(head)
        going_on.setFocus()

    def _conditions_kept(self, found: Cleared | PostureError) -> None:
        if isinstance(found, PostureError):
            self.fail(found)
            return
        self.around.say(found.says if found.kept else tr(asked_of.NOTHING_KEPT))
        self.back.known()
        self.come()
