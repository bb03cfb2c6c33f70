"""My back: the self-checks, led by the camera, and their trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QWidget

from posture.coach.findings import KINDS, Kind
from posture.coach.safety import CLEARANCE, STOP
from posture.errors import PostureError
from posture.guided.questions import care_now
from posture.language import mark, mark_safety, tr, tr_safety
from posture.report.self_checks import head, notes, rows
from posture.window.back_part import Back, Part
from posture.window.back_words import off_parts, told
from posture.window.camera_picture import CameraPicture
from posture.window.english import english_beside
from posture.window.seeing import Seeing
from posture.window.widgets import button, card, label, row

if TYPE_CHECKING:
    from posture.guided.self_checks import Checking
    from posture.history.care import Care
    from posture.history.records import Point
    from posture.sensor.view_wire import View

TITLES: dict[Kind, str] = {
    "side-bend": mark("Side-bend, standing"),
    "hip-rotation": mark("Hip rotation, sitting"),
    "hip-extension": mark("Leg back, standing"),
}
TREND = mark_safety(
    "How far it goes today, the best of three each way: a trend, not a verdict. Go only as far as is comfortable."
)


@dataclass(frozen=True)
class _Known:
    care: Care
    left_out: dict[Kind, str]


class SelfCheckPart(Part):
    """The list with trends; one that is being done; what it came to."""

    def __init__(self, back: Back) -> None:
        super().__init__(back)
        self.checking: Checking | None = None
        self.said: list[str] = []
        self.seeing = Seeing(self)
        self.seeing.seen.connect(self._seen)
        self.seeing.failed.connect(self._failed)
        self.seeing.ended.connect(self.end)

    # -- the list -----------------------------------------------------------------------------------------------------

    def come(self) -> None:
        """Show the list, unless one is being done."""
        if self.checking is not None:
            return
        settings = self.around.settings()

        def read() -> _Known:
            from posture.coach.selfcheck import CHECKS
            from posture.guided.self_checks import why_left_out

            return _Known(care_now(settings), {kind: why_left_out(settings, CHECKS[kind]) for kind in KINDS})

        self.around.work(read, self._came)

    def _came(self, found: _Known | PostureError) -> None:
        if isinstance(found, PostureError):
            self.fail(found)
            return
        if self.checking is not None:
            return
        parts: list[QWidget] = told(TREND)
        if found.care.suspended:
            off = off_parts(emergency=found.care.emergency)
            parts.append(card(*off, row(button(tr("Check-in"), lambda: self.back.show("check-in")))))
        for kind in KINDS:
            title = tr(TITLES[kind])
            begin = button(tr("Begin"), partial(self.introduce, kind), says=title)
            begin.setAccessibleName(f"{begin.text()}: {title}")
            begin.setEnabled(not found.care.suspended)
            why = [label(found.left_out[kind], "warn")] if found.left_out[kind] else []
            points = [point for point in found.care.self_checks if point.label == kind]
            parts.append(card(label(title, "heading"), *why, row(begin), *trend(kind, points), name=title))
        self.put(*parts)

    # -- one of them --------------------------------------------------------------------------------------------------

    def introduce(self, kind: Kind) -> None:
        """Say what to do, before the camera is opened."""
        from posture.coach.selfcheck import CHECKS
        from posture.guided.self_checks import why_left_out

        check = CHECKS[kind]
        left = why_left_out(self.around.settings(), check)
        lines = [label(f"{number}. {tr(step)}") for number, step in enumerate(check.steps, 1)]
        warning = [label(left, "warn")] if left else []
        begin = button(
            tr("A clinician has agreed: begin") if left else tr("Begin"), lambda: self.start(kind), main=True
        )
        back = button(tr("All self-checks"), self.come)
        says = label(f"{tr_safety(STOP)} {tr_safety(CLEARANCE)}", "soft")
        beside = english_beside(STOP, CLEARANCE)
        title = tr(TITLES[kind])
        self.put(card(label(title, "title"), *warning, *lines, says, *beside, row(begin, back), name=title))
        begin.setFocus()

    def start(self, kind: Kind) -> None:
        """Open the camera and lead through it."""
        from posture.coach.selfcheck import CHECKS
        from posture.guided.self_checks import CHECKING, begin

        settings = self.around.settings()
        self.checking, self.said = begin(CHECKS[kind], settings.pose.min_visibility), []
        self._picture = CameraPicture(legs=True)
        self.now = label(tr("Get ready."), "title")
        self.attempts = label("")
        steps = label("\n".join(tr(step) for step in CHECKS[kind].steps), "soft")
        stop = button(tr("Stop"), self.end, main=True, says=tr("What was seen until now is kept"))
        self.put(self._picture, self.now, self.attempts, row(stop), steps)
        stop.setFocus()
        self.seeing.start(self.around.source or settings.camera.source, settings, "guide", reason=CHECKING)

    def _seen(self, view: View) -> None:
        if self.checking is None:
            return
        self._picture.show_view(view, well=bool(self.checking.degrees))
        self.take(view)

    def take(self, view: View) -> None:
        """Take one look."""
        from posture.guided.self_checks import advance

        if self.checking is None:
            return
        self.checking, texts = advance(self.checking, view.t_s, view.pose)
        self.said += texts
        self.now.setText(self.checking.message)
        self.attempts.setText("\n".join(self.said))
        if self.checking.finished:
            self.end()

    def _failed(self, why: str) -> None:
        self.checking = None
        self.put(card(label(why, "warn"), row(button(tr("All self-checks"), self.come))))

    def end(self) -> None:
        """It is over: the camera is let go; what was not seen is asked for, then it is kept."""
        from posture.guided.self_checks import end, unseen_ways

        checking, self.checking = self.checking, None
        if checking is None:
            return
        self.seeing.stop()
        checking, texts = end(checking)
        self.said += texts
        self._ask_unseen(checking, list(unseen_ways(checking)), [])

    def _ask_unseen(self, checking: Checking, ways: list[str], tried: list[str]) -> None:
        """Ask, of each way that was not seen, whether it was tried: then it is kept as 0."""
        from posture.guided.self_checks import closing, did_you_try

        if not ways:
            self._keep(checking, tried)
            return
        way, rest = ways[0], ways[1:]
        question = did_you_try(checking, way)
        yes = button(tr("Yes"), lambda: self._ask_unseen(checking, rest, [*tried, way]))
        no = button(tr("No"), lambda: self._ask_unseen(checking, rest, tried))
        said = [label(text) for text in (*self.said, *closing(checking))]
        self.put(card(*said, label(question, "heading"), row(yes, no), name=question))
        self._pending = (checking, tried)
        no.setFocus()

    _pending: tuple[Checking, list[str]] | None = None
    """What is not kept yet, while it is asked what was tried."""

    def _keep(self, checking: Checking, tried: Sequence[str]) -> None:
        from posture.guided.self_checks import closing, keep_result

        self._pending = None
        settings, kind = self.around.settings(), checking.check.kind
        said = [*self.said, *closing(checking)]

        def keep() -> list[Point]:
            keep_result(settings, checking, tried)
            return [point for point in care_now(settings).self_checks if point.label == kind]

        def kept(found: list[Point] | PostureError) -> None:
            if isinstance(found, PostureError):
                self.fail(found)
                return
            back = button(tr("All self-checks"), self.come)
            texts = [label(text) for text in said]
            title = tr(TITLES[kind])
            self.put(card(label(title, "title"), *texts, *trend(kind, found), row(back), name=title))
            back.setFocus()

        self.around.work(keep, kept)

    def leave(self) -> None:
        """The camera is let go; what was seen until now is kept."""
        self.end()
        if self._pending is not None:
            self._keep(*self._pending)

    def escaped(self) -> bool:
        """Esc ends it."""
        if self.checking is None:
            return False
        self.end()
        return True


def trend(kind: Kind, points: Sequence[Point]) -> list[QWidget]:
    """The last results as a table, and what is to be said of them."""
    if not points:
        return [label(tr("Nothing was kept yet."), "soft")]
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(0, 0, 0, 0)
    names = head(kind)
    for line, cells in enumerate([names, *rows(kind, points)]):
        for column, cell in enumerate(cells):
            text = label("" if not line and cell == "remark" else cell, "soft" if not line else "")
            text.setAccessibleName(f"{names[column]}: {cell}" if line and column else cell)
            grid.addWidget(text, line, column)
    return [table, *(label(note, "soft") for note in notes(kind, points))]
