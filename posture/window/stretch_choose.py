"""The page Stretch before an exercise: what fits now, all there are, what has to be cleared, and the introduction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from posture.coach.disclaimer import DISCLAIMER
from posture.coach.safety import CLEARANCE, CONDITION_QUESTIONS, STOP
from posture.coach.told import planned
from posture.language import mark, mark_of, sentence_start, tr, tr_safety, trc
from posture.window.english import english_beside
from posture.window.stretch_parts import Drawing
from posture.window.stretch_shown import dose_line
from posture.window.widgets import button, card, label, row

if TYPE_CHECKING:
    from posture.coach.exercise import Exercise
    from posture.guided.stretch import Chosen, Offered
    from posture.window.sounds import Sounds

GROUP_TITLES = {
    "QL": mark("Side of the back (QL, the muscle between the lowest rib and the pelvis)"),
    "buttock": mark("Buttock"),
    "hip flexors": mark("Front of the hip"),
    "back": mark_of("body", "Back"),
    "whole body": mark("Whole body"),
    "yours": mark("Your own"),
}


def group_title(group: str) -> str:
    """Name what exercises are for; the back is not the way back."""
    return trc("body", GROUP_TITLES[group]) if group == "back" else tr(GROUP_TITLES[group])


_ASKING = "¿?？ \u00a0\u202f"
"""What makes a question of a text, in any language."""


class Choice(QWidget):
    """What fits now, then all exercises by what they are for."""

    def __init__(
        self, fits: Exercise, why: str, groups: Mapping[str, Sequence[Offered]], show: Callable[[str], None]
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        self.first = button(tr("Show me"), lambda: show(fits.id), main=True, says=fits.name)
        texts = [
            label(tr("What fits now"), "soft"),
            label(fits.name, "heading"),
            label(_line(fits)),
            label(dose_line(fits)),
        ]
        column.addWidget(
            _beside(Drawing(fits, size_px=150), [*texts, *([label(why, "soft")] if why else [])], self.first)
        )
        self.buttons = {fits.id: self.first}
        for group, exercises in groups.items():
            column.addWidget(label(group_title(group), "heading"))
            for offered in exercises:
                column.addWidget(self._entry(offered, show))
        column.addStretch(1)

    def _entry(self, offered: Offered, show: Callable[[str], None]) -> QFrame:
        exercise = offered.exercise
        opens = button(
            tr("Look at it") if offered.why_not else tr("Show me"), lambda: show(exercise.id), says=exercise.name
        )
        opens.setAccessibleName(f"{opens.text()}: {exercise.name}")
        self.buttons.setdefault(exercise.id, opens)
        texts = [label(exercise.name, "heading"), label(_line(exercise)), label(dose_line(exercise), "soft")]
        if offered.why_not:
            texts = [label(exercise.name, "heading"), label(offered.why_not, "warn"), label(_line(exercise), "soft")]
        return _beside(Drawing(exercise), texts, opens)


def _line(exercise: Exercise) -> str:
    return exercise.line_for("left")


def _beside(drawing: Drawing, texts: Sequence[QWidget], *buttons: QWidget) -> QFrame:
    found = QFrame()
    found.setProperty("role", "card")
    line = QHBoxLayout(found)
    line.setContentsMargins(14, 12, 14, 12)
    line.setSpacing(16)
    drawing.setFixedSize(drawing.minimumSize())
    line.addWidget(drawing, 0, Qt.AlignmentFlag.AlignVCenter)
    column = QVBoxLayout()
    column.setSpacing(4)
    for text in texts:
        column.addWidget(text)
    column.addStretch(1)
    line.addLayout(column, 1)
    for each in buttons:
        line.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
    return found


class Conditions(QFrame):
    """Asks once what a clinician has to clear first; `answered` gets what applies."""

    def __init__(self, answered: Callable[[list[str]], None]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.addWidget(label(tr_safety("First: does any of these apply to you?"), "heading"))
        column.addWidget(
            label(
                tr_safety("Some exercises have to be cleared by a clinician then, and are left out until one agrees.")
            )
        )
        self.boxes = {name: QCheckBox(tr_safety(text).strip(_ASKING)) for name, text in CONDITION_QUESTIONS.items()}
        grid = QGridLayout()
        for number, box in enumerate(self.boxes.values()):
            grid.addWidget(box, number // 2, number % 2)
        column.addLayout(grid)
        for each in english_beside(*CONDITION_QUESTIONS.values()):
            column.addWidget(each)
        self.save = button(tr("None of these"), lambda: answered(self.ticked), main=True)
        for box in self.boxes.values():
            box.toggled.connect(lambda _: self.save.setText(tr("Save") if self.ticked else tr("None of these")))
        column.addWidget(row(self.save))
        column.addWidget(label(tr("The answer stays on this machine, and can be changed in the preferences."), "soft"))

    @property
    def ticked(self) -> list[str]:
        """What applies."""
        return [name for name, box in self.boxes.items() if box.isChecked()]


@dataclass(frozen=True)
class Doing:
    """What the user may do at an introduction."""

    start: Callable[[], None]
    back: Callable[[], None]
    side: Callable[[str], None]
    cues: Callable[[str], None]
    camera: Callable[[bool], None]


class Introduction(QWidget):
    """How an exercise is done; one press of Enter starts it."""

    def __init__(self, chosen: Chosen, warning: str, doing: Doing, sounds: Sounds, *, first: bool) -> None:
        super().__init__()
        exercise, side, wish = chosen.exercise, chosen.sides[0], chosen.wish
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(exercise.name, "title"))
        column.addWidget(label(f"{_sentence(planned(exercise, chosen.plan))} {tr_safety(STOP)}"))
        for text in (warning, chosen.hurts):
            if text:
                column.addWidget(label(text, "warn"))
        if chosen.finding:
            column.addWidget(label(chosen.finding))
        steps = [label(f"{number}. {step}") for number, step in enumerate(exercise.steps_for(side), 1)]
        for step in steps:
            step.setStyleSheet("font-size: 13pt;")
        figure = Drawing(exercise, side, 220)
        line = QHBoxLayout()
        line.addWidget(figure, 2)
        line.addWidget(card(*steps, name=tr("Steps")), 3)
        column.addLayout(line, 1)
        says = tr(exercise.camera.says) if wish.camera else tr("Without the camera it goes by the clock.")
        kept = "" if chosen.seen else tr("It is kept as self-reported.")
        column.addWidget(label(f"{says} {kept}".rstrip(), "soft"))
        if first:
            column.addWidget(label(f"{tr_safety(DISCLAIMER)} {tr_safety(CLEARANCE)}", "soft"))
        for each in english_beside(STOP, *((DISCLAIMER, CLEARANCE) if first else ())):
            column.addWidget(each)
        start_text = tr("A clinician has agreed: start") if warning else tr("Start")
        self.start = button(start_text, doing.start, main=not warning, says=tr("Enter"))
        self.start.setAutoDefault(True)
        self.back = button(tr("All exercises"), doing.back)
        parts: list[QWidget] = [self.start, self.back]
        if exercise.sides == "each":
            parts.append(
                _choice(
                    tr("Side"),
                    {"both": tr("Both sides"), "left": tr("Left side"), "right": tr("Right side")},
                    wish.side,
                    doing.side,
                )
            )
        voices = {"none": tr("No sound"), "sound": tr("Soft sound")} | (
            {"voice": tr("Voice")} if sounds.voice.there else {}
        )
        parts.append(_choice(tr("What is heard"), voices, sounds.cues, doing.cues))
        if exercise.camera.check is not None:
            box = QCheckBox(tr("With the camera"))
            box.setChecked(wish.camera)
            box.toggled.connect(lambda on: doing.camera(on))
            parts.append(box)
        column.addWidget(row(*parts))


def _choice(name: str, texts: Mapping[str, str], now: str, chosen: Callable[[str], None]) -> QComboBox:
    found = QComboBox()
    found.setAccessibleName(name)
    for key, text in texts.items():
        found.addItem(text, key)
    found.setCurrentIndex(max(0, found.findData(now)))
    found.activated.connect(lambda _: chosen(str(found.currentData())))
    return found


def _sentence(text: str) -> str:
    return f"{sentence_start(text)}."
