"""The judging half of the loop: observations become events and reminders, and are kept. Sees no picture."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from posture.clock import local_minute, now_s
from posture.coach import advance as coach
from posture.coach.choose import next_stretch
from posture.coach.exercises import Exercise
from posture.coach.reminder import Reminder, ReminderKind
from posture.history.recorder import Recorder
from posture.measure.observation import Observation
from posture.settings import Settings
from posture.timeline import advance as timeline
from posture.timeline.events import Event
from posture.timeline.state import TimelineState

__all__ = ["Engine", "Outcome", "ThreadSafeEngine"]

NOT_ASKED = "asking the desktop"


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


class ThreadSafeEngine(Engine):
    """An engine whose thread is not the only one to speak to it.

    Parameters
    ----------
    settings : Settings
    recorder : Recorder
    to_utc : callable
        From seconds on the clock of a watch to UTC.
    """

    def __init__(self, settings: Settings, recorder: Recorder, to_utc: Callable[[float], datetime]) -> None:
        super().__init__(settings, recorder, self._moment)
        self._to_utc = to_utc
        self._lock = threading.RLock()
        self._waiting, self._waiting_until_s = NOT_ASKED, float("-inf")
        self.care = coach.CoachContext()
        self._care_at_s = now_s()
        self.standing = False
        self.suspended = False
        self._held_reason = ""

    def _moment(self, t_s: float) -> coach.CoachContext:
        waiting = self._waiting if now_s() < self._waiting_until_s else NOT_ASKED
        care = self._care_now()
        return replace(care, local_minute=local_minute(self._to_utc(t_s)), waiting=waiting)

    def _care_now(self) -> coach.CoachContext:
        passed_s = now_s() - self._care_at_s
        return replace(self.care, ago_s={name: ago_s + passed_s for name, ago_s in self.care.ago_s.items()})

    def know(self, care: coach.CoachContext) -> None:
        """Take what the history says of the last weeks: a red flag, a side leaned to, when which exercise was done."""
        with self._lock:
            self.care, self._care_at_s = care, now_s()

    def next_stretch(self, bias: str) -> Exercise:
        """The exercise whose turn it is."""
        with self._lock:
            return next_stretch(self._care_now().ago_s, bias)

    def take(self, observation: Observation) -> Outcome:
        """Take one observation; who has said to be standing is not sitting until back from a break."""
        with self._lock:
            if self._held_reason and not self.suspended:
                # Nobody looked until now: it was unknown to the last, however short it was.
                super().take(Observation(observation.t_s, "unknown", self._held_reason))
                self._held_reason = ""
            if self.suspended and observation.presence == "unknown":
                self._held_reason = observation.reason
            if self.standing and observation.presence == "sitting":
                observation = replace(observation, presence="standing", levels={}, posture=())
            step = super().take(observation)
            gone_s = self.timeline.spell_s if self.timeline.presence == "away" else 0.0
            if self.standing and gone_s >= self._settings.timeline.break_after_s:
                self.standing = False
            return step

    @property
    def not_seen_since(self) -> str:
        """Why nobody has looked since, after a time in which nobody could; empty once somebody has."""
        with self._lock:
            return "" if self.suspended else self._held_reason

    def wait_for(self, reason: str, valid_s: float) -> None:
        """Say why nudges wait, or that they need not (""); known for `valid_s`, and unknown after that."""
        with self._lock:
            self._waiting, self._waiting_until_s = reason, now_s() + valid_s

    def snooze(self, until_s: float | None) -> None:
        """Say nothing until then; None ends a snooze."""
        with self._lock:
            self.coach = replace(self.coach, snoozed_until_s=until_s)

    def done(self, kind: ReminderKind) -> None:
        """The user has done what was asked: it is not said again in this episode."""
        with self._lock:
            said = self.coach.notified.get(kind)
            if said is not None:
                self.coach = replace(self.coach, notified={**self.coach.notified, kind: replace(said, times=2)})

    def use(self, settings: Settings) -> None:
        """Go by other settings from now on."""
        with self._lock:
            self._settings = settings

    def next_reminder(self) -> coach.Due | None:
        """See `Engine.next_reminder`."""
        with self._lock:
            return super().next_reminder()
