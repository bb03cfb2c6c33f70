"""The guided hold on the page Stretch: the picture or the drawing, a large number, what to do now, and buttons."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from posture.daemon.held import STRETCHING
from posture.guided.kept import keep, points_of
from posture.guided.lead import Lead, Said, advance, begin, by_the_clock, paused, skip
from posture.guided.stretch import Chosen
from posture.language import mark, tr
from posture.window import stretch_shown as shown
from posture.window.camera_picture import CameraPicture
from posture.window.seeing import Seeing
from posture.window.sounds import Sounds
from posture.window.stretch_parts import Drawing, Gauge, LargeNumber, SideBar
from posture.window.widgets import announce, button, label, row, set_role

if TYPE_CHECKING:
    from posture.history.records import Point
    from posture.sensor.view_wire import View
    from posture.settings import Settings

TICK_MS = 200
SMALL_PX = 660
"""A window lower than this has no room for the steps; the introduction has shown them [design choice]."""
NO_CAMERA = mark("{why} The exercise goes on by the clock, and is kept as self-reported.")


@dataclass(frozen=True)
class Over:
    """An exercise is over: what was done, and what is to be done with it in another thread."""

    lead: Lead
    points: list[Point]
    keep: Callable[[], None]
    """Stores it, gives the camera back, tells the daemon; may take seconds."""


class Stopwatch:
    """Seconds on the clock of an exercise, which stands still in a pause."""

    def __init__(self, at_s: float = 0.0) -> None:
        self._at_s, self._since_s = at_s, time.monotonic()
        self._stands = False

    def set(self, at_s: float) -> None:
        """Go on from there."""
        self._at_s, self._since_s = at_s, time.monotonic()

    def stand(self, still: bool) -> None:
        """Stand still, or go on."""
        self.set(self.now_s)
        self._stands = still

    @property
    def now_s(self) -> float:
        """What it shows."""
        return self._at_s if self._stands else self._at_s + time.monotonic() - self._since_s


class Hold(QWidget):
    """Leads through one exercise; `over` comes once, with an `Over`."""

    over = Signal(object)

    def __init__(self, chosen: Chosen, settings: Settings, sounds: Sounds, *, pace: bool = True) -> None:
        super().__init__()
        self.chosen, self._settings, self._sounds = chosen, settings, sounds
        self.lead = begin(chosen.exercise, chosen.plan, settings.pose.min_visibility, seen=chosen.seen)
        self._watch = Stopwatch()
        self._paused = self._ended = False
        self.seeing = Seeing(self)
        self.seeing.seen.connect(self._seen)
        self.seeing.failed.connect(self._no_camera)
        self.seeing.ended.connect(self.stop)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._ticked)
        self._parts = _Parts(chosen, self.lead, self)
        for keys, does in (("Space", self.toggle_pause), ("S", self.skip), ("Q", self.stop)):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _=False, does=does: does())
            self.addAction(action)
        if chosen.seen:
            self.seeing.start(chosen.source, settings, "guide", reason=STRETCHING, pace=pace)
        else:
            self._tick.start()
        self._show()

    # -- what the user does -----------------------------------------------------------------------------------------

    def toggle_pause(self) -> None:
        """Let the clock stand still, or go on."""
        self._paused = not self._paused
        self._watch.stand(self._paused)
        if self._paused:
            self.lead = paused(self.lead)
        self._parts.pause.setText(tr("Go on") if self._paused else tr("Pause"))
        self._show()

    def skip(self) -> None:
        """Leave out what is left of this side."""
        self.lead = skip(self.lead)
        self._show()
        if self.lead.state.finished:
            self.stop()

    def stop(self) -> None:
        """End it; what was done until now counts."""
        if self._ended:
            return
        self._ended = True
        self._tick.stop()
        last_s = self._watch.now_s if self.lead.look is None else self.lead.look.t_s
        points = points_of(self.lead, last_s, datetime.now(UTC))
        settings, store, let_go = self._settings, self.chosen.wish.store, self.seeing.let_go()
        self.over.emit(Over(self.lead, points, lambda: keep(settings, points, store=store, let_go=let_go)))

    # -- what comes -------------------------------------------------------------------------------------------------

    def _seen(self, view: View) -> None:
        if self._ended or self.lead.checker is None:
            return
        self._watch.set(view.t_s)
        if not self._paused:
            self._take(view.t_s, view.pose)
        self._parts.picture.show_view(view, well=self.lead.state.inside is not None)

    def _ticked(self) -> None:
        if not self._paused and not self._ended:
            self._take(self._watch.now_s, None)

    def _no_camera(self, why: str) -> None:
        if self._ended:
            return
        self.lead = by_the_clock(self.lead, self._watch.now_s if self.lead.look is not None else 0.0)
        if self.lead.seen is not None and not self.lead.seen.held_s:
            self._watch.set(0.0)
            self.lead = begin(self.lead.exercise, self.lead.plan, 0.0, seen=False)
        self._parts.without_camera(tr(NO_CAMERA, why=why))
        self._sounds.hear(Said(tr("Without the camera it goes on by the clock.")))
        self._tick.start()
        self._show()

    def _take(self, t_s: float, pose: Any) -> None:
        self.lead, said = advance(self.lead, t_s, pose)
        for each in said:
            self._sounds.hear(each)
        self._show()
        if self.lead.state.finished:
            self.stop()

    def _show(self) -> None:
        self._parts.show_lead(self.lead, tr("Paused. Space goes on.") if self._paused else self.lead.message)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Larger words in a larger window."""
        self._parts.fit(self.height(), small=self.window().height() < SMALL_PX)
        super().resizeEvent(event)

    @property
    def pause(self) -> QPushButton:
        """The button that pauses."""
        return self._parts.pause

    @property
    def digits_px(self) -> float:
        """How high the digits of the large number are."""
        return self._parts.number.digits_px

    @property
    def sentence(self) -> str:
        """What is said to do now."""
        return self._parts.sentence.text()

    @property
    def note(self) -> str:
        """What is said of the camera; empty while it is used."""
        return self._parts.note.text()


class _Parts:
    """What is seen of it."""

    def __init__(self, chosen: Chosen, lead: Lead, hold: Hold) -> None:
        exercise, side = chosen.exercise, lead.side
        self._exercise = exercise
        self.picture, self.number, self.gauge = CameraPicture(legs=True), LargeNumber(), Gauge()
        self.picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._figure = Drawing(exercise, side, 72 if chosen.seen else 120)
        self.below, self.sentence = label(), label()
        self.below.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setAccessibleDescription(tr("What to do now"))
        self.note = label("", "warn")
        self._steps = label("", "soft")
        self._sides = [SideBar() for _ in lead.plan.target]
        self.pause = button(tr("Pause"), hold.toggle_pause, says=tr("Space"))
        skipping = button(
            tr("Skip this side") if len(lead.plan.target) > 1 else tr("Skip the rest"), hold.skip, says="S"
        )
        stop = button(tr("Stop"), hold.stop, main=True, says=tr("Q or Esc. What was done is kept."))
        full = button(tr("Full screen"), lambda: _toggle_full_screen(hold), says="F11")
        self._grid = QGridLayout(hold)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(8)
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        self._left.addWidget(self.picture, 1)
        self._right.addWidget(self.number, 3)
        self._right.addWidget(self.below)
        for bar in self._sides:
            self._right.addWidget(bar)
        (self._right if chosen.seen else self._left).addWidget(self._figure, 2)
        # Hidden where not needed, and never shown here: without a parent they would be windows.
        for part, needed in ((self.picture, chosen.seen), (self.gauge, bool(lead.plan.bands)), (self.note, False)):
            if not needed:
                part.hide()
        self._grid.addWidget(label(exercise.name, "heading"), 0, 0, 1, 2)
        self._grid.addLayout(self._left, 1, 0)
        self._grid.addLayout(self._right, 1, 1)
        self._grid.addWidget(self.sentence, 2, 0, 1, 2)
        self._grid.addWidget(self.gauge, 3, 0, 1, 2)
        self._grid.addWidget(self.note, 4, 0, 1, 2)
        self._grid.addWidget(self._steps, 5, 0, 1, 2)
        self._grid.addWidget(row(self.pause, skipping, stop, full), 6, 0, 1, 2)
        self._grid.setRowStretch(1, 1)
        self._grid.setColumnStretch(0, 5)
        self._grid.setColumnStretch(1, 4)
        self.pause.setFocus()

    def show_lead(self, lead: Lead, says: str) -> None:
        """Show the state of the exercise, and what to do."""
        active = lead.state.inside is not None
        large = shown.large(lead)
        self.number.show_large(large, active=active)
        self.below.setText(large.below)
        if self.sentence.text() != (now := says or tr("Stay so.")):
            self.sentence.setText(now)
            announce(self.sentence, now)
        set_role(self.sentence, "well" if active else "")
        for bar, side in zip(self._sides, shown.sides(lead), strict=True):
            bar.show_side(side)
        gauge = shown.gauge(lead)
        if gauge is not None:
            self.gauge.show_gauge(gauge)
        self._figure.show_side(lead.side)
        steps = lead.exercise.steps_for(lead.side)
        self._steps.setText("   ".join(f"{number}. {step}" for number, step in enumerate(steps, 1)))

    def without_camera(self, note: str) -> None:
        """The drawing takes the place of the picture, and it is said why."""
        self.picture.hide()
        self.gauge.hide()
        self._left.addWidget(self._figure, 2)
        self.note.setText(note)
        self.note.show()

    def fit(self, height_px: int, *, small: bool) -> None:
        """Words that are read from two metres grow with the window; a `small` one shows no steps."""
        self._steps.setVisible(not small)
        for part, share, least in ((self.sentence, 0.052, 26), (self.below, 0.042, 22)):
            part.setStyleSheet(f"font-size: {max(least, round(height_px * share))}px; font-weight: 600;")


def _toggle_full_screen(hold: Hold) -> None:
    window: Any = hold.window()
    if hasattr(window, "toggle_full_screen"):
        window.toggle_full_screen()
