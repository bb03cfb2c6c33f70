"""My back: the directional check, led step by step. Stop, or any key, ends a movement at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posture.coach.direction import (
    CHECK_IN,
    HONESTLY,
    MOVEMENT,
    PAIN_SIDES,
    REACHES,
    REST_S,
    STILL_WORSE,
    STOP_RULES,
    STOPS,
    Blocked,
    DirectionState,
    Felt,
    Moved,
    Stop,
    Stopped,
    Told,
    Waited,
    advance,
    check_words,
    follows,
    moves,
    results,
    steps,
)
from posture.errors import PostureError
from posture.guided.direction_check import blocked_now, changes_text, keep_check, keep_followed, proposal_now, take
from posture.guided.pain_log import plain_word
from posture.guided.questions import care_now
from posture.language import dated, mark, mark_safety, number, sentence_start, tr, tr_safety, trn
from posture.window.back_pain import Level, choice
from posture.window.back_part import Back, Part
from posture.window.back_words import blocked_parts, error_text, in_window, result_parts, stop_words, taken_text, told
from posture.window.english import english_beside
from posture.window.widgets import button, card, label, row

if TYPE_CHECKING:
    from posture.history.care import Care

STOPPED = mark_safety("Stopped. Come back to an easy position; sit down if you like. What was it?")
NUMB = mark_safety("Numbness, tingling or weakness in a leg, now?")
BEFORE = mark("Stand up. How strong is the pain now, 0 to 10?")
AFTER = mark("How strong is it now, 0 to 10?")
WAS_WORSE = mark("The last check made it worse. Is it still worse than before that check?")
LEFT_BEFORE = mark("Left before it began: nothing was kept.")
TICK_MS = 1000
Shown = Literal["", "moving", "resting"]


@dataclass(frozen=True)
class _Known:
    care: Care
    why: Blocked | None
    """What keeps a check from beginning."""


class Direction(Part):
    """Shows whether one may begin, leads through it, and says what it came to."""

    faster = 1.0
    """In a test: how much faster movements and the minute pass."""

    def __init__(self, back: Back) -> None:
        super().__init__(back)
        self.state: DirectionState | None = None
        self.shows: Shown = ""
        self._move = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._passed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Directional check"))

    # -- before -------------------------------------------------------------------------------------------------------

    def come(self) -> None:
        """Show what may be done, unless a check is being led."""
        if self.state is not None:
            return
        settings = self.around.settings()

        def read() -> _Known:
            care = care_now(settings)
            return _Known(care, blocked_now(care, settings))

        self.around.work(read, self._came)

    def _came(self, found: _Known | PostureError) -> None:
        if isinstance(found, PostureError):
            self.fail(found)
            return
        if self.state is not None:
            return
        off = found.why == "red-flag"
        parts: list[QWidget] = [] if off else told(HONESTLY)
        checks = [] if off else found.care.directions
        if checks and follows(checks[-1], date.today().toordinal()):
            worse = button(tr("Yes, still worse"), lambda: self._followed(worse=True))
            eased = button(tr("No, it has eased"), lambda: self._followed(worse=False))
            parts.append(card(label(tr(WAS_WORSE), "heading"), row(worse, eased), name=tr(WAS_WORSE)))
        elif found.why is not None:
            parts += blocked_parts(found.why, emergency=found.care.emergency)
            if found.why in ("red-flag", "not-asked", "check-in"):
                parts.append(row(button(tr("Check-in"), lambda: self.back.show("check-in"), main=True)))
        else:
            begin = button(tr("Begin"), self.begin, main=True)
            parts.append(row(begin))
        if checks:
            lines = [f"{dated(date.fromordinal(each.day), '%a %d %b')}: {check_words(each)}." for each in checks[-5:]]
            parts.append(card(label(tr("The last checks"), "heading"), *(label(line) for line in lines)))
        self.put(card(label(tr("Directional check"), "heading"), *parts, name=tr("Directional check")))
        self.setAccessibleName(tr("Directional check"))

    def _followed(self, *, worse: bool) -> None:
        settings = self.around.settings()

        def kept(found: object) -> None:
            if isinstance(found, PostureError):
                self.fail(found)
                return
            texts = told(STILL_WORSE, role="answer") if worse else [label(tr("Noted."), "answer")]
            self.put(card(*texts, row(button(tr("Back"), self.come))))
            self.back.known()

        self.around.work(lambda: keep_followed(settings, worse=worse), kept)

    def begin(self) -> None:
        """Ask for what rules it out, then how it is."""
        self.state = DirectionState()
        yes = button(tr("Yes"), lambda: self._told(Felt(0), numb=True))
        no = button(tr("No"), lambda: self._ask_pain(tr(BEFORE)))
        leave = button(tr("Leave"), lambda: self.stop_for("left"))
        self.put(
            card(label(tr_safety(NUMB), "title"), row(yes, no, leave), *english_beside(NUMB), name=tr_safety(NUMB))
        )
        no.setFocus()

    def _ask_pain(self, question: str) -> None:
        self.level = Level(tr("Pain"), tr("none"), tr("the worst you can think of"))
        self.reach = choice(tr("How far it reaches"), plain_word(REACHES[0]), REACHES[1:])
        self.side = choice(tr("Which side"), tr("the middle"), PAIN_SIDES[1:])
        self.reach.setItemData(0, REACHES[0])
        self.go_on = button(tr("Go on"), self._pain_told, main=True)
        boxes = row(label(tr("How far it reaches")), self.reach, label(tr("Side")), self.side)
        leave = button(tr("Leave"), lambda: self._ask_why() if self._moved else self.stop_for("left"))
        self.put(card(label(question, "title"), self.level, boxes, row(self.go_on, leave), name=question))
        self.level.slider.setFocus()

    @property
    def _moved(self) -> bool:
        return self.state is not None and self.state.before is not None

    def _pain_told(self) -> None:
        level = self.level.value
        side = PAIN_SIDES[PAIN_SIDES.index(self.side.currentData())]
        reach = REACHES[REACHES.index(self.reach.currentData())]
        self._told(Felt(level, reach, side) if level else Felt(0), numb=False)

    def _told(self, felt: Felt, *, numb: bool) -> None:
        assert self.state is not None
        self.state = advance(self.state, Told(felt, numb))
        self._next()

    # -- led ----------------------------------------------------------------------------------------------------------

    def _next(self) -> None:
        """Show what the check waits for."""
        assert self.state is not None
        self._timer.stop()
        self.shows = ""
        if self.state.stage == "done":
            self._finish()
        elif self.state.stage == "after":
            self._ask_pain(tr(AFTER))
        elif self.state.stage == "moving" and self.state.done == 0:
            self._introduce()
        else:
            self._run()

    def _introduce(self) -> None:
        assert self.state is not None
        times = self.state.repetitions
        head = (
            trn("Leaning back, {n} time", "Leaning back, {n} times", times)
            if self.state.way == "extension"
            else trn("Bending forward, {n} time", "Bending forward, {n} times", times)
        )
        lines = [label(f"{number}. {step}") for number, step in enumerate(steps(self.state.way), 1)]
        begin = button(tr("Begin"), self._run, main=True)
        stop = button(tr("Stop"), self._ask_why)
        self.put(card(label(head, "title"), *lines, *told(STOP_RULES, role="warn"), row(begin, stop), name=head))
        begin.setFocus()

    def _run(self) -> None:
        assert self.state is not None
        self._count, self._says = label("", "soft"), label("", "title")
        stop = button(tr("Stop"), self._ask_why, main=True, says=tr("Any key stops as well"))
        stop.setMinimumHeight(64)
        self.put(
            card(
                self._count, self._says, stop, *told(STOP_RULES, role="soft", keys=False), name=tr("Directional check")
            )
        )
        self.setFocus()
        self._move = 0
        self._show_now()

    def _show_now(self) -> None:
        assert self.state is not None
        if self.state.stage == "moving":
            self.shows = "moving"
            move = moves(self.state.way)[self._move]
            self._count.setText(tr("{number} of {count}", number=self.state.done + 1, count=self.state.repetitions))
            self._says.setText(tr(move.says))
            wait_ms = move.takes_s * 1000
        else:
            self.shows = "resting"
            self._count.setText(tr("Now stand and wait a minute."))
            self._says.setText(tr("{seconds} s", seconds=number(REST_S - self.state.rested_s)))
            wait_ms = TICK_MS
        self.setAccessibleName(f"{self._count.text()} {self._says.text()}")
        self._timer.start(max(0, round(wait_ms / self.faster)))

    def _passed(self) -> None:
        """A movement or a second of the minute is over."""
        if self.state is None or not self.shows:
            return
        before = self.state.stage
        if before == "moving":
            self._move += 1
            if self._move >= len(moves(self.state.way)):
                self.state, self._move = advance(self.state, Moved()), 0
        else:
            self.state = advance(self.state, Waited(TICK_MS / 1000))
        if self.state.stage in ("moving", "resting"):
            self._show_now()
        else:
            self._next()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Any key stops at once."""
        if self.shows:
            self._ask_why()
            return
        super().keyPressEvent(event)

    def _ask_why(self) -> None:
        """Stop at once, and ask what for."""
        self._timer.stop()
        self.shows = ""
        reasons = [button(sentence_start(stop_words(why)), partial(self.stop_for, why)) for why in STOPS]
        wrong = button(tr("I pressed the wrong key: go on"), self._next)
        beside = english_beside(STOPPED, *(in_window(text) for text in STOPS.values()))
        self.put(card(label(tr_safety(STOPPED), "title"), *reasons, wrong, *beside, name=tr_safety(STOPPED)))
        reasons[0].setFocus()

    def stop_for(self, why: Stop) -> None:
        """End it, with the reason."""
        if self.state is not None:
            self.state = advance(self.state, Stopped(why))
            self._next()

    def leave(self) -> None:
        """Whoever goes elsewhere has left it: what was tried is kept."""
        if self.state is not None:
            self.stop_for("left")

    def escaped(self) -> bool:
        """Esc stops it like any key."""
        if self.state is None:
            return False
        self._ask_why() if self._moved else self.stop_for("left")
        return True

    # -- what it came to ----------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        state, self.state = self.state, None
        self.shows = ""
        assert state is not None
        settings = self.around.settings()
        self._result(state, None)
        read = (lambda: keep_check(settings, state)) if state.begun else (lambda: care_now(settings))
        self.around.work(read, lambda found: self._result(state, found))

    def _result(self, state: DirectionState, care: Care | PostureError | None) -> None:
        """Show it at once, and again with what is proposed when it is stored; an emergency comes first."""
        settings = self.around.settings()
        emergency = state.stop == "warning"
        head = tr("Get help now") if emergency else tr("What it came to")
        parts: list[QWidget] = [label(head, "title")]
        if not state.begun and not state.refused and not emergency:
            parts.append(label(tr(LEFT_BEFORE)))
        else:
            said = results(state, settings.coach.bias)
            for line, each in enumerate(said):
                parts += result_parts(each, role="bad" if emergency and line == 0 else "answer")
            parts += [label(text, "answer") for text in changes_text(state)]
            if emergency or any(CHECK_IN in each.english for each in said):
                parts.append(row(button(tr("Answer the check-in"), lambda: self.back.show("check-in"), main=True)))
        if isinstance(care, PostureError):
            parts.append(label(str(care), "warn"))
        elif care is not None:
            self.back.known()
            proposal = None if care.suspended else proposal_now(care, settings)
            if proposal is not None and state.answer == proposal.bias:
                text = tr(
                    "Proposed: exercises that go towards {way}, because {reason}. It is your choice.",
                    way=tr(MOVEMENT.get(proposal.bias, proposal.bias)),
                    reason=proposal.reason,
                )
                parts += [label(text), row(button(tr("Take it"), self._take))]
        back = button(tr("Back to the directional check"), self.come)
        self.put(card(*parts, row(back), name=head))
        self.setAccessibleName(head)
        back.setFocus()

    def _take(self) -> None:
        settings = self.around.settings()

        def taken(found: object) -> None:
            self.around.say(error_text(found) if isinstance(found, PostureError) else taken_text())

        self.around.work(lambda: take(settings), taken)
