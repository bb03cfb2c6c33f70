"""The page First steps: one step after the other; each can be left out, and come back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QWidget

from posture.language import mark, tr
from posture.window.page import Page, Surroundings
from posture.window.step_calibrate import CalibrateStep
from posture.window.step_camera import CameraStep
from posture.window.step_others import AutostartStep, NotificationStep, StartStep, WelcomeStep
from posture.window.step_safety import SafetyStep
from posture.window.widgets import button, label, row

if TYPE_CHECKING:
    from posture.daemon.status import Status

STEPS = {
    "welcome": mark("Welcome"),
    "camera": mark("Your camera"),
    "safety": mark("Your safety"),
    "calibrate": mark("How you sit upright"),
    "notification": mark("A test notification"),
    "autostart": mark("Start with the session"),
    "start": mark("Start watching"),
}
"""In their order, by the detail that opens each alone."""
WHERE = mark("Step {number} of {count}")
STEP_DONE = "✓  {title}"
NEXT, SKIP, FINISH, BACK = mark("Next"), mark("Skip"), mark("To your day"), mark("Back")


class FirstSteps(Page):
    """Shows a step, and the way to the others."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self.present, self.done = "", set[str]()
        self._alone = self._emergency = False
        self.where, self.title = label("", "soft"), label("", "title")
        self.choice = QComboBox()
        self.choice.setAccessibleName(tr("Go to a step"))
        self.choice.addItems([tr(title) for title in STEPS.values()])
        self.choice.activated.connect(lambda number: self.show_step(list(STEPS)[number]))
        self.back = button(tr(BACK), lambda: self._move(-1))
        self.next = button(tr(NEXT), lambda: self._move(1))
        self.steps: dict[str, QWidget] = {
            "welcome": WelcomeStep(around),
            "camera": CameraStep(around, lambda: self._done("camera")),
            "safety": SafetyStep(around, lambda: self._done("safety"), self._needs_help),
            "calibrate": CalibrateStep(around, lambda: self._done("calibrate")),
            "notification": NotificationStep(around, lambda: self._done("notification")),
            "autostart": AutostartStep(around, lambda: self._done("autostart")),
            "start": StartStep(around, lambda: self._done("start")),
        }
        self.column.addWidget(row(self.where, self.choice))
        self.column.addWidget(self.title)
        for step in self.steps.values():
            step.hide()
            self.column.addWidget(step)
        self.column.addWidget(row(self.back, self.next))
        self.column.addStretch(1)

    def open_at(self, detail: str) -> None:
        """A step alone where `detail` names it ("calibrate", or "calibrate-standing"); otherwise where it was left."""
        name, _, more = detail.partition("-")
        self._emergency = False
        self._alone = name in STEPS
        self.show_step(name if self._alone else self.present or "welcome", more)

    def carry_on(self, before: Page) -> None:
        """See `Page`; at the same step, without what was begun in it."""
        if isinstance(before, FirstSteps):
            self.done, self._alone, self._emergency = before.done, before._alone, before._emergency
            self.show_step(before.present)
        super().carry_on(before)

    def show_step(self, name: str, more: str = "") -> None:
        """Show a step."""
        self._leave_step()
        self.present = name
        for each, step in self.steps.items():
            step.setVisible(each == name)
        step = self.steps[name]
        if isinstance(step, CalibrateStep):
            step.enter(standing=more == "standing")
        elif isinstance(step, CameraStep | AutostartStep):
            step.enter()
        self.on_status(self.around.daemon.status)
        self._dress()

    def left(self) -> None:
        """Let the camera go; a yes to a warning sign counts."""
        self._leave_step()

    def on_status(self, status: Status | None) -> None:
        """See `Page`."""
        start = self.steps["start"]
        if isinstance(start, StartStep):
            start.on_status(status is not None)

    def _leave_step(self) -> None:
        step = self.steps.get(self.present)
        if isinstance(step, CalibrateStep | CameraStep | SafetyStep):
            step.leave()

    def _done(self, name: str) -> None:
        self.done.add(name)
        self._dress()
        if name == self.present:
            self.next.setFocus()

    def _needs_help(self) -> None:
        """An emergency was named: nothing else matters now."""
        self._emergency = True
        self._dress()

    def _move(self, by: int) -> None:
        names = list(STEPS)
        number = names.index(self.present) + by
        if self._alone or not 0 <= number < len(names):
            self.around.go_to("today", "")
        else:
            self.show_step(names[number])

    def _dress(self) -> None:
        names = list(STEPS)
        number = names.index(self.present)
        self.title.setText(tr(STEPS[self.present]))
        self.where.setText(tr(WHERE, number=number + 1, count=len(names)))
        for place, (name, title) in enumerate(STEPS.items()):
            self.choice.setItemText(place, STEP_DONE.format(title=tr(title)) if name in self.done else tr(title))
        self.choice.setCurrentIndex(number)
        for each in (self.where, self.choice):
            each.setVisible(not self._alone and not self._emergency)
        self.back.setVisible(not self._alone and not self._emergency and number > 0)
        self.next.setVisible(not self._emergency)
        last = self._alone or number == len(names) - 1
        ready = self.present == "welcome" or self.present in self.done
        self.next.setText(tr(FINISH) if last else tr(NEXT) if ready else tr(SKIP))
