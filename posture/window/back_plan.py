"""My back: the plan for today, what of it is done and what is left, and the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from posture.coach.direction import MOVEMENT
from posture.coach.pain import LOOK
from posture.coach.safety import STOP
from posture.errors import PostureError
from posture.guided.direction_check import take
from posture.guided.today_plan import Programme, nothing_fits, programme_now
from posture.language import dated, mark, tr, trn
from posture.window.back_part import Part
from posture.window.back_words import error_text, off_parts, taken_text, told
from posture.window.widgets import button, card, label, row

if TYPE_CHECKING:
    from posture.coach.plan import Item, Tick

MARKS: dict[Tick, str] = {"verified": "✓", "self-reported": "✓", "begun": "/", "open": "·"}
TOLD: dict[Tick, str] = {
    "verified": mark("Done, seen by the camera"),
    "self-reported": mark("Done, as you said"),
    "begun": mark("Begun"),
    "open": mark("Not done yet"),
}
PROPOSED = mark("Proposed: exercises that go towards {way}, because {reason}. It is your choice.")


def head_of(programme: Programme, minutes: float) -> str:
    """How far the plan of today is."""
    items = [item for item in programme.plan.items if item.fits]
    done = sum(programme.tick_today(item) in ("verified", "self-reported") for item in items)
    if not items:
        return tr("Nothing fits into the time that is set for today.")
    if done == len(items):
        return trn("All {n} of today are done.", "All {n} of today are done.", done)
    return tr(
        "{done} of {all} done; {left} left. The plan is for {minutes:g} minutes.",
        done=done,
        all=len(items),
        left=len(items) - done,
        minutes=minutes,
    )


def dose_of(item: Item) -> str:
    """How much of it."""
    dose = item.exercise.dose.words
    return tr("{dose} a side", dose=dose) if item.exercise.sides == "each" else dose


def why_of(item: Item) -> str:
    """Why it is there, if something was found."""
    if not item.why:
        return ""
    if item.side:
        return tr("Since {why}; the {side} side first.", why=tr(item.why), side=item.side)
    return tr("Since {why}.", why=tr(item.why))


class Plan(Part):
    """Shows it; a click leads to the exercise."""

    def come(self) -> None:
        """Read it."""
        settings = self.around.settings()
        self.around.work(lambda: programme_now(settings, settings.coach.plan_s / 60.0), self._came)

    def _came(self, found: Programme | PostureError) -> None:
        if isinstance(found, PostureError):
            self.fail(found)
            return
        if found.care.suspended:
            off = off_parts(emergency=found.care.emergency)
            self.put(card(*off, row(button(tr("Check-in"), lambda: self.back.show("check-in")))))
            return
        settings = self.around.settings()
        parts: list[QWidget] = [label(head_of(found, settings.coach.plan_s / 60.0), "heading")]
        if not settings.coach.clearance:
            ask = button(tr("Answer it"), lambda: self.back.show("check-in"))
            parts.append(card(label(tr("What has to be cleared first has not been answered yet.")), row(ask)))
        left = [item for item in found.plan.items if found.tick_today(item) in ("open", "begun")]
        left.sort(key=lambda item: not item.fits)
        done = [item for item in found.plan.items if item not in left]
        parts += [self._item(item, found) for item in (*left, *done)]
        parts.append(card(label(tr("This week"), "heading"), _week(found), label(tr("✓ done, / begun"), "soft")))
        parts += [label(nothing_fits(found.plan.missing))] if found.plan.missing else []
        if found.plan.leaning is not None and settings.coach.first_side == "auto":
            parts.append(label(found.plan.leaning.sentence))
        if found.proposal is not None:
            bias = found.proposal.bias
            proposed = tr(PROPOSED, way=tr(MOVEMENT.get(bias, bias)), reason=found.proposal.reason)
            advice = told(LOOK) if found.proposal.have_it_looked_at else []
            parts.append(card(label(proposed), *advice, row(button(tr("Take it"), self._take)), name=tr("Proposed")))
        parts += told(STOP, role="soft")
        self.put(*parts)

    def _item(self, item: Item, found: Programme) -> QWidget:
        tick = found.tick_today(item)
        done = tick in ("verified", "self-reported")
        name = item.exercise.name
        texts: list[QWidget] = [
            label(f"{MARKS[tick]}  {name}", "heading"),
            label(f"{tr(TOLD[tick])}. {dose_of(item)}.", "soft"),
        ]
        texts += [label(why_of(item))] if item.why else []
        texts += [] if item.fits else [label(tr("When there is more time."), "soft")]
        begin = button(
            tr("Do it again") if done else tr("Begin"),
            lambda: self.around.go_to("stretch", item.exercise.id),
            main=not done and item.fits,
            says=name,
        )
        begin.setAccessibleName(f"{begin.text()}: {name}")
        found_card = card(name=f"{name}: {tr(TOLD[tick])}")
        words, line = QWidget(), QHBoxLayout()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, 0, 0)
        for text in texts:
            column.addWidget(text)
        line.addWidget(words, 1)
        line.addWidget(begin)
        column_of_card = found_card.layout()
        assert isinstance(column_of_card, QVBoxLayout)
        column_of_card.addLayout(line)
        return found_card

    def _take(self) -> None:
        settings = self.around.settings()

        def taken(found: object) -> None:
            self.around.say(error_text(found) if isinstance(found, PostureError) else taken_text())
            self.come()

        self.around.work(lambda: take(settings), taken)


def _week(found: Programme) -> QWidget:
    """A row for each exercise, a column for each day."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setColumnStretch(0, 1)
    for column, day in enumerate(found.week, 1):
        grid.addWidget(label(dated(day, "%a")[:2], "soft"), 0, column)
    for line, exercise in enumerate(found.plan.week, 1):
        grid.addWidget(label(exercise.name), line, 0)
        for column, (day, so_far) in enumerate(zip(found.week, found.ticks[exercise.id], strict=True), 1):
            shown = label(MARKS[so_far])
            shown.setAlignment(Qt.AlignmentFlag.AlignLeft)
            shown.setAccessibleName(f"{exercise.name}, {dated(day, '%A')}: {tr(TOLD[so_far])}")
            grid.addWidget(shown, line, column)
    return table
