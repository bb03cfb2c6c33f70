"""The first page: what is now, what the day was so far, and what one may want to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posture.coach.words import lasted, minutes
from posture.daemon.status_text import active_line, calibration_line, headline, next_line, snooze_line, unjudged_line
from posture.window.page import Page, Surroundings
from posture.window.widgets import Figure, button, card, label, row, set_role

if TYPE_CHECKING:
    from posture.daemon.status import Status

NOT_RUNNING = "posture is not watching."


class Today(Page):
    """What now; the day; buttons."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self._now, self._next = label("", "title"), label("", "heading")
        self._said = label("", "soft")
        self._start = button("Start watching", self._begin, main=True)
        self._pause = button("Pause for 30 min", self._toggle_pause)
        self._stands = button("I am standing", self._toggle_standing)
        self._stretch = button("Stretch now", lambda: around.go_to("stretch", ""), main=True)
        self._calibrate = button("Calibrate", lambda: around.go_to("setup", "calibrate"))
        self._figures = (Figure("sat today"), Figure("longest without a break"), Figure("stood today"))
        self.column.addWidget(card(self._now, self._next, self._said, name="Now"))
        self.column.addWidget(row(self._start, self._stretch, self._pause, self._stands, self._calibrate))
        self.column.addWidget(row(*self._figures, stretch=False))
        self.column.addStretch(1)

    def on_status(self, status: Status | None) -> None:
        """See `Page`."""
        for found in (self._pause, self._stands):
            found.setEnabled(status is not None)
        self._start.setVisible(status is None)
        if status is None:
            self._now.setText(NOT_RUNNING)
            self._next.setText("")
            self._said.setText("While it does not watch, nothing is counted and nothing is said.")
            for figure in self._figures:
                figure.show_value("-")
            return
        self._now.setText(headline(status))
        set_role(self._now, "title")
        self._next.setText(active_line(status) or next_line(status))
        unjudged = unjudged_line(status) if status.unjudged else ""
        said = (status.trouble, unjudged, snooze_line(status), calibration_line(status), *status.problems)
        self._said.setText("\n".join(f"{line[:1].upper()}{line[1:]}" for line in said if line))
        self._pause.setText("Watch again" if status.paused is not None else "Pause for 30 min")
        self._stands.setText("I sit again" if status.standing else "I am standing")
        today = status.today
        if today is None:
            return
        values = (
            lasted(today.sitting.at_least_s, today.sitting.at_most_s),
            lasted(today.longest.at_least_s, today.longest.at_most_s),
            minutes(today.standing_s),
        )
        for figure, value in zip(self._figures, values, strict=True):
            figure.show_value(value)

    def _begin(self) -> None:
        self.around.say("Starting ...")
        self.around.daemon.start(lambda why: self.around.say(why or "posture is watching."))

    def _toggle_pause(self) -> None:
        status = self.around.daemon.status
        if status is not None and status.paused is not None:
            self.around.daemon.do("resume", self.around.say)
            return
        from datetime import UTC, datetime, timedelta

        until = (datetime.now(UTC) + timedelta(minutes=30)).isoformat()
        self.around.daemon.do("pause", self.around.say, until=until)

    def _toggle_standing(self) -> None:
        status = self.around.daemon.status
        self.around.daemon.do("standing", self.around.say, on=status is None or not status.standing)
