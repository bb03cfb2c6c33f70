"""The first page: what is now, what the day was so far, and what one may want to do."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QMenu

from posture.daemon.status_text import (
    active_line,
    battery_line,
    calibration_line,
    headline,
    next_line,
    snooze_line,
    unjudged_line,
)
from posture.errors import PostureError
from posture.language import mark, sentence_start, tr
from posture.window.day_strip import DayStrip
from posture.window.page import Page, Surroundings
from posture.window.widgets import Figure, button, card, label, row, set_role

if TYPE_CHECKING:
    from collections.abc import Callable

    from posture.daemon.status import Status
    from posture.report.answer import Answer

NOT_RUNNING = mark("posture is not watching.")
NOTHING_COUNTED = mark("While it does not watch, nothing is counted and nothing is said.")
NO_REPORT = mark("The report cannot be shown from here: in a terminal, posture report --open does.")
READ_EVERY_S = 30.0
"""How old the figures of the day may be [design choice]."""


class Today(Page):
    """What now; the day in words, figures and hours; buttons."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self._read_s = float("-inf")
        self._now, self._next, self._said = label("", "title"), label("", "heading"), label("", "soft")
        self._start = button(tr("Start watching"), self._begin, main=True)
        self._pause = button(tr("Pause for 30 min"), self._toggle_pause)
        self._stands = button(tr("I am standing"), self._toggle_standing)
        self._stretch = button(tr("Stretch now"), lambda: around.go_to("stretch", ""), main=True)
        self._calibrate = button(tr("Calibrate"), lambda: around.go_to("setup", "calibrate"))
        # Translators: a button that opens a menu of what else can be done
        self._more = button(tr("More"), lambda: None)
        self._menu = QMenu(self._more)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._more.setMenu(self._menu)
        self._answer = label("", "answer")
        self._figures = tuple(Figure("") for _ in range(3))
        self._strip = DayStrip()
        self._day = card(label(tr("The day so far"), "heading"), self._answer, self._strip, name=tr("The day so far"))
        self._row = row(*self._figures, stretch=False)
        # Translators: the name of the part that says what is now, for screen readers
        self.column.addWidget(card(self._now, self._next, self._said, name=tr("Now")))
        self.column.addWidget(row(self._start, self._stretch, self._pause, self._stands, self._calibrate, self._more))
        self.column.addWidget(self._row)
        self.column.addWidget(self._day)
        self.column.addStretch(1)
        self._row.hide()
        self._strip.hide()

    def open_at(self, detail: str) -> None:
        """See `Page`."""
        self._read()

    def on_status(self, status: Status | None) -> None:
        """See `Page`."""
        for found in (self._pause, self._stands):
            found.setEnabled(status is not None)
        self._start.setVisible(status is None)
        set_role(self._stretch, "main" if status is not None else "")
        now, coming, said = now_texts(status)
        for shown, text in ((self._now, now), (self._next, coming), (self._said, said)):
            shown.setText(text)
            shown.setVisible(bool(text))
        paused, stands = status is not None and status.paused is not None, status is not None and status.standing
        self._pause.setText(tr("Watch again") if paused else tr("Pause for 30 min"))
        self._stands.setText(tr("I sit again") if stands else tr("I am standing"))
        if time.monotonic() - self._read_s > READ_EVERY_S:
            self._read()

    # -- the day --------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        self._read_s = time.monotonic()
        self.around.work(lambda: answer_of_today(self.around), self._show)

    def _show(self, found: Any) -> None:
        if isinstance(found, PostureError):
            self._answer.setText(str(found))
            self._row.hide()
            self._strip.show_strip(None)
            return
        answer: Answer = found
        self._answer.setText(answer.text)
        self._row.setVisible(bool(answer.figures))
        for figure, big in zip(self._figures, answer.figures, strict=False):
            figure.show_value(big.value, big.note.text, big.name)
        self._strip.show_strip(answer.strips[0] if answer.strips else None)

    # -- buttons --------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.around.say(tr("Starting ..."))
        self.around.daemon.start(lambda why: self.around.say(why or tr("posture is watching.")))

    def _toggle_pause(self) -> None:
        status = self.around.daemon.status
        if status is not None and status.paused is not None:
            self.around.daemon.do("resume", self.around.say)
            return
        self._pause_until(datetime.now(UTC) + timedelta(minutes=30))

    def _fill_menu(self) -> None:
        """Offer whatever else the menu of the tray icon offers: not every desktop shows one."""
        self._menu.clear()
        for key, (text, does) in self.more().items():
            entry = self._menu.addAction(text)
            entry.setData(key)
            entry.triggered.connect(lambda _=False, does=does: does())

    def more(self) -> dict[str, tuple[str, Callable[[], object]]]:
        """What the button More offers now: text and what it does, by the keys that the tray's menu has for it."""
        status, daemon, say = self.around.daemon.status, self.around.daemon, self.around.say
        found: dict[str, tuple[str, Callable[[], object]]] = {}
        if status is not None and status.paused is None:
            found["pause-1h"] = tr("Pause for 1 h"), lambda: self._pause_until(datetime.now(UTC) + timedelta(hours=1))
            found["pause-tomorrow"] = tr("Pause until tomorrow"), lambda: self._pause_until(tomorrow())
        if status is not None and status.snoozed is None:
            found["snooze"] = tr("Snooze reminders"), lambda: daemon.do("snooze", say)
        elif status is not None:
            ends = tr("End the snooze ({snoozed})", snoozed=snooze_line(status))
            found["unsnooze"] = ends, lambda: daemon.do("snooze", say, seconds=0)
        if status is not None and status.offer is not None:
            found["keep"] = tr("Keep this calibration"), lambda: daemon.do("keep", say)
        found["report"] = tr("Open the report"), lambda: self.around.show_report() or say(tr(NO_REPORT))
        if status is not None:
            found["quit"] = tr("Stop watching"), lambda: daemon.do("stop", say)
        return found

    def _pause_until(self, until: datetime) -> None:
        self.around.daemon.do("pause", self.around.say, until=until.isoformat())

    def _toggle_standing(self) -> None:
        status = self.around.daemon.status
        self.around.daemon.do("standing", self.around.say, on=status is None or not status.standing)


def tomorrow() -> datetime:
    """The next local midnight."""
    local = datetime.now().astimezone()
    return datetime.combine(local.date() + timedelta(days=1), datetime.min.time()).astimezone(UTC)


def now_texts(status: Status | None) -> tuple[str, str, str]:
    """Say what is now: the headline, what comes next or what is kept too long, and what else there is to know."""
    if status is None:
        return tr(NOT_RUNNING), "", tr(NOTHING_COUNTED)
    unjudged = unjudged_line(status) if status.unjudged else ""
    said = (status.trouble, next_line(status) if active_line(status) else "", unjudged, snooze_line(status))
    lines = [line for line in (*said, calibration_line(status), *status.problems, battery_line(status)) if line]
    text = "\n".join(sentence_start(line) for line in dict.fromkeys(lines))
    return headline(status), active_line(status) or next_line(status), text


def answer_of_today(around: Surroundings) -> Answer:
    """Read the history and say how today is so far."""
    from posture.guided.stored import stored_records
    from posture.history.care import care_of
    from posture.report.answer import answer_of
    from posture.report.review import review

    settings, now = around.settings(), datetime.now(UTC)
    with stored_records(settings) as reader:
        found = review(reader, [date.today()], settings, now=now)
        return answer_of(found, exercises=not care_of(reader, now).suspended)
