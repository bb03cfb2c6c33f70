"""My back: the plan for today, what of it is done and what is left, and the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from posture.coach.direction import MOVEMENT
from posture.coach.safety import STOP, suspended_text
from posture.errors import PostureError
from posture.guided.direction_check import take
from posture.guided.today_plan import Programme, nothing_fits, programme_now
from posture.window.back_part import Part, here
from posture.window.widgets import button, card, label, row

if TYPE_CHECKING:
    from posture.coach.plan import Item, Tick

MARKS: dict[Tick, str] = {"verified": "✓", "self-reported": "✓", "begun": "/", "open": "·"}
TOLD: dict[Tick, str] = {
    "verified": "Done, seen by the camera",
    "self-reported": "Done, as you said",
    "begun": "Begun",
    "open": "Not done yet",
}
PROPOSED = "Proposed: exercises that go towards {way}, because {reason}. It is your choice."


def head_of(programme: Programme, minutes: float) -> str:
    """How far the plan of today is."""
    items = [item for item in programme.plan.items if item.fits]
    done = sum(programme.tick_today(item) in ("verified", "self-reported") for item in items)
    if not items:
        return "Nothing fits into the time that is set for today."
    if done == len(items):
        return f"All {done} of today are done."
    return f"{done} of {len(items)} done; {len(items) - done} left. The plan is for {minutes:g} minutes."


def dose_of(item: Item) -> str:
    """How much of it."""
    each = " a side" if item.exercise.sides == "each" else ""
    return f"{item.exercise.dose.words}{each}"


def why_of(item: Item) -> str:
    """Why it is there, if something was found."""
    if not item.why:
        return ""
    return f"Since {item.why}; the {item.side} side first." if item.side else f"Since {item.why}."


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
            text = label(here(suspended_text(emergency=found.care.emergency)), "warn")
            self.put(card(text, row(button("Check-in", lambda: self.back.show("check-in")))))
            return
        settings = self.around.settings()
        parts: list[QWidget] = [label(head_of(found, settings.coach.plan_s / 60.0), "heading")]
        if not settings.coach.clearance:
            ask = button("Answer it", lambda: self.back.show("check-in"))
            parts.append(card(label("What has to be cleared first has not been answered yet."), row(ask)))
        left = [item for item in found.plan.items if found.tick_today(item) in ("open", "begun")]
        left.sort(key=lambda item: not item.fits)
        done = [item for item in found.plan.items if item not in left]
        parts += [self._item(item, found) for item in (*left, *done)]
        parts.append(card(label("This week", "heading"), _week(found), label("✓ done, / begun", "soft")))
        parts += [label(nothing_fits(found.plan.missing))] if found.plan.missing else []
        if found.plan.leaning is not None and settings.coach.first_side == "auto":
            parts.append(label(found.plan.leaning.sentence))
        if found.proposal is not None:
            bias = found.proposal.bias
            proposed = PROPOSED.format(way=MOVEMENT.get(bias, bias), reason=found.proposal.reason)
            advice = [label(found.proposal.advice)] if found.proposal.advice else []
            parts.append(card(label(proposed), *advice, row(button("Take it", self._take)), name="Proposed"))
        parts.append(label(STOP, "soft"))
        self.put(*parts)

    def _item(self, item: Item, found: Programme) -> QWidget:
        tick = found.tick_today(item)
        done = tick in ("verified", "self-reported")
        name = item.exercise.name
        texts: list[QWidget] = [
            label(f"{MARKS[tick]}  {name}", "heading"),
            label(f"{TOLD[tick]}. {dose_of(item)}.", "soft"),
        ]
        texts += [label(why_of(item))] if item.why else []
        texts += [] if item.fits else [label("When there is more time.", "soft")]
        begin = button(
            "Do it again" if done else "Begin",
            lambda: self.around.go_to("stretch", item.exercise.id),
            main=not done and item.fits,
            says=name,
        )
        begin.setAccessibleName(f"{begin.text()}: {name}")
        found_card = card(name=f"{name}: {TOLD[tick]}")
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
            said = here(str(found)) if isinstance(found, PostureError) else f"Plan and reminders follow it. {STOP}"
            self.around.say(said)
            self.come()

        self.around.work(lambda: take(settings), taken)


def _week(found: Programme) -> QWidget:
    """A row for each exercise, a column for each day."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setColumnStretch(0, 1)
    for column, day in enumerate(found.week, 1):
        grid.addWidget(label(f"{day:%a}"[:2], "soft"), 0, column)
    for line, exercise in enumerate(found.plan.week, 1):
        grid.addWidget(label(exercise.name), line, 0)
        for column, (day, so_far) in enumerate(zip(found.week, found.ticks[exercise.id], strict=True), 1):
            mark = label(MARKS[so_far])
            mark.setAlignment(Qt.AlignmentFlag.AlignLeft)
            mark.setAccessibleName(f"{exercise.name}, {day:%A}: {TOLD[so_far]}")
            grid.addWidget(mark, line, column)
    return table
