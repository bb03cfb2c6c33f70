"""The step of the guided calibration: what to do, in turn, with the picture; then what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from posture.camera.source_kind import kind_of_source
from posture.errors import PostureError
from posture.guided.calibration import GUIDE_S, keep, outcome_of, read_found
from posture.history.calibrations import Which
from posture.language import mark, sentence_start, tr
from posture.perception.guidance import STANDING_STEPS, STEPS
from posture.window.camera_picture import CameraPicture
from posture.window.live_shown import shown
from posture.window.seeing import Seeing
from posture.window.widgets import button, label, row, set_role

if TYPE_CHECKING:
    from posture.guided.calibration import Outcome
    from posture.measure.baseline import Baseline
    from posture.sensor.view_wire import Mode, Opened, View
    from posture.window.page import Surroundings

STANDING = mark("I am standing at a raised desk now")
STANDING_SAYS = mark("How you stand is kept beside how you sit; it tells standing from sitting.")
HEAD = mark("Ten still seconds of sitting upright become what all later looks are compared with.")
KEPT = mark("Kept for {camera}: this is how you sit upright, from now on.")
KEPT_STANDING = mark("Kept for {camera}: this is how you stand, from now on.")
UNLEVEL = mark("Keep it as it is, or sit on both sit bones, let your shoulders drop and try again.")
STANDS_ASK = mark("Keep it as how you stand, or sit down and try again.")
LOOKING = mark("Hold still ...")
OPENING = mark("The camera is being opened ...")


class CalibrateStep(QWidget):
    """Picture, guidance, result; `done` is called when something was kept."""

    def __init__(self, around: Surroundings, done: Callable[[], None]) -> None:
        super().__init__()
        self._around, self._done = around, done
        self.seeing = Seeing(self)
        self.seeing.opened.connect(self._opened)
        self.seeing.seen.connect(self._seen)
        self.seeing.failed.connect(self._failed)
        self.seeing.ended.connect(self._ended)
        self.picture = CameraPicture(most_px=300)
        self.said, self.more = label("", "title"), label()
        self.standing = QCheckBox(tr(STANDING))
        self.standing.setToolTip(tr(STANDING_SAYS))
        self.standing.setAccessibleDescription(tr(STANDING_SAYS))
        self.begin = button(tr("Begin"), self._begin, main=True)
        self.keep = button(tr("&Keep it"), lambda: self._keep())
        self.always = button(tr("&I am always like that"), lambda: self._keep(always_so=True))
        self.keep_standing = button(tr("Keep it as how I &stand"), lambda: self._keep(standing=True))
        self._which: Which | None = None
        self._found: Outcome | None = None
        self._steps: list[str] = []
        self._calibrating = False
        self._turn = QTimer(self)
        self._turn.setInterval(round(1000 * GUIDE_S))
        self._turn.timeout.connect(self._next)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for each in (
            label(tr(HEAD)), self.said, self.picture, self.more, self.standing,
            row(self.begin, self.keep, self.always, self.keep_standing),
        ):  # fmt: skip
            column.addWidget(each)
        self._offer()

    def enter(self, *, standing: bool = False) -> None:
        """Show the picture, so that the user can see how they sit in it."""
        self.standing.setChecked(standing)
        self._say("", "")
        self._offer()
        self.begin.setText(tr("Begin"))
        self.begin.setFocus()
        self.picture.show_view(None, tr(OPENING))
        self._look("preview")

    def leave(self) -> None:
        """Let the camera go. What was measured and not yet answered is not kept."""
        self._turn.stop()
        self._calibrating = False
        self.seeing.stop(wait=True)

    @property
    def _mode(self) -> Mode:
        return "calibrate standing" if self.standing.isChecked() else "calibrate"

    def _look(self, mode: Mode) -> None:
        try:
            settings = self._around.settings()
        except PostureError as error:
            self._failed(str(error))
            return
        self.seeing.start(self._around.source or settings.camera.source, settings, mode, reason="calibrating")

    def _begin(self) -> None:
        self._offer()
        self._calibrating = True
        self.begin.setEnabled(False)
        self.standing.setEnabled(False)
        steps = STANDING_STEPS if self.standing.isChecked() else STEPS
        source = self._around.source
        if source and kind_of_source(source) != "camera":  # nobody is there who could follow the steps
            self._say(tr(LOOKING), " ".join(tr(step) for step in steps))
            self._look(self._mode)
            return
        if not self.seeing.running:
            self._look("preview")
        self._steps = list(steps)
        self._next()
        self._turn.start()

    def _next(self) -> None:
        if self._steps:
            self._say(tr(self._steps.pop(0)), "")
            return
        self._turn.stop()
        self._say(tr(LOOKING), "")

    def _opened(self, opened: Opened) -> None:
        self._which = Which(opened.name, *opened.identity)

    def _seen(self, view: View) -> None:
        self.picture.show_view(view)
        if view.calibrated is not None:
            self._result(view.calibrated)
        elif view.mode != "preview":
            self.more.setText(sentence_start(view.note))
        elif self._calibrating and not self._turn.isActive():
            self.seeing.ask(self._mode)  # again with each look until it does: the camera may have opened just now
        elif self._found is None and not self._calibrating:
            self.more.setText(shown(view).advice)

    def _result(self, stored: dict[str, Any]) -> None:
        self._calibrating = False
        settings = self._around.settings()
        found = outcome_of(read_found(stored, settings), settings, standing=self.standing.isChecked())
        self._found = found
        if found.kind == "good":
            self._keep(standing=self.standing.isChecked())
        elif found.kind == "refused":
            # Translators: the calibration was refused
            self._say(tr("Not yet"), found.says)
            self._offer(again=True)
        elif found.kind == "stands":
            self._say(found.says, tr(STANDS_ASK))
            self._offer(self.keep_standing, again=True)
        else:
            self._say(found.says, tr(UNLEVEL))
            self._offer(self.keep, self.always, again=True)

    def _keep(self, *, standing: bool = False, always_so: bool = False) -> None:
        found, which = self._found, self._which
        if found is None or found.baseline is None or which is None:
            return
        baseline: Baseline = found.baseline
        settings = self._around.settings()
        self._offer(again=True)
        self._around.work(
            lambda: keep(settings, which, baseline, standing=standing, always_so=always_so),
            lambda about: self._kept(about, which, standing=standing),
        )

    def _kept(self, about: Any, which: Which, *, standing: bool) -> None:
        if isinstance(about, PostureError):
            self._failed(str(about))
            return
        self._say(tr(KEPT_STANDING if standing else KEPT, camera=which.name), "\n".join(about), "well")
        self.begin.setText(tr("Calibrate again"))
        self._done()

    def _failed(self, sentence: str) -> None:
        self._turn.stop()
        self._calibrating = False
        self._say(tr("This has not worked"), sentence, "bad")
        self._offer(again=True)

    def _ended(self) -> None:
        if self._calibrating:
            self._failed(tr("The video has ended before enough was seen."))

    def _say(self, said: str, more: str, role: str = "") -> None:
        self.said.setText(said)
        self.said.setVisible(bool(said))
        self.more.setText(more)
        set_role(self.more, role)

    def _offer(self, *shown_buttons: QWidget, again: bool = False) -> None:
        """Offer these, and to begin."""
        if not again:
            self._found = None
        for each in (self.keep, self.always, self.keep_standing):
            each.setVisible(each in shown_buttons)
        self.begin.setText(tr("Try again") if again else tr("Begin"))
        self.begin.setEnabled(True)
        self.standing.setEnabled(True)
