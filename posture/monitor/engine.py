"""The judging half of the loop: observations become events and reminders, and are kept. Sees no picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posture.coach import advance as coach
from posture.coach.reminder import Reminder
from posture.history.recorder import Recorder
from posture.measure.observation import Observation
from posture.settings import Settings
from posture.timeline import advance as timeline
from posture.timeline.events import Event
from posture.timeline.state import TimelineState

__all__ = ["Engine", "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """What one observation led to."""

    events: list[Event]
    reminders: list[Reminder]


class Engine:
    """Timeline, coach and recorder in a row.

    Parameters
    ----------
    settings : Settings
    recorder : Recorder
    moment_at : callable
        From seconds on the source's clock to what the coach must know of the world then.
    """

    def __init__(
        self, settings: Settings, recorder: Recorder, moment_at: Callable[[float], coach.CoachContext]
    ) -> None:
        self._settings, self._recorder, self._moment_at = settings, recorder, moment_at
        self.timeline = TimelineState()
        self.coach = coach.CoachState()

    def take(self, observation: Observation) -> Outcome:
        """Take one observation through timeline, coach and history."""
        self.timeline, events = timeline.advance(self.timeline, observation, self._settings.timeline)
        moment = self._moment_at(observation.t_s)
        self.coach, reminders = coach.advance(self.coach, self.timeline, moment, self._settings.coach)
        self._recorder.take(observation.t_s, events, reminders, observation.distance_cm)
        return Outcome(events, reminders)

    def next_reminder(self) -> coach.Due | None:
        """The reminder that comes next if all stays as it is."""
        now_s = self.timeline.now_s
        return coach.next_reminder(self.coach, self.timeline, self._moment_at(now_s), self._settings.coach)

    def finish(self) -> Outcome:
        """Close what is open; the last thing to do."""
        self.timeline, events = timeline.finish(self.timeline)
        self._recorder.take(self.timeline.now_s, events)
        self._recorder.close(self.timeline.now_s)
        return Outcome(events, [])
