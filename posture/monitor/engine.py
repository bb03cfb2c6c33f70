"""The judging half of the loop: turns observations into events and reminders and records them. Sees no picture."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from posture.clock import now_s
from posture.coach import advance as coach
from posture.coach.choose import limits_of, next_stretch
from posture.coach.due import stretch_facts
from posture.coach.next import next_reminder
from posture.coach.reminder import Reminder, ReminderKind
from posture.coach.sentences import Facts
from posture.coach.state import CoachContext, CoachState, Due
from posture.history.recorder import Recorder
from posture.language import mark
from posture.measure.observation import Cause, Observation
from posture.settings import Settings
from posture.timeline import advance as timeline
from posture.timeline import said
from posture.timeline.events import Event
from posture.timeline.state import TimelineState

SAID = mark("you said so")
"""Why somebody who seems to sit counts as standing."""


@dataclass(frozen=True)
class Outcome:
    """What one observation led to."""

    events: list[Event]
    reminders: list[Reminder]


class Engine:
    """Timeline, coach and recorder in a row. Built by `posture.monitor.assemble`.

    A single thread feeds it and finishes it; any other may ask it and change its course.

    Parameters
    ----------
    context_at : callable
        From seconds on the clock of the watch to what the coach must know at that time; reads no file.
    refresh : callable
        Called with the settings at each observation, to read again what the context rests on; with True to do so at
        once.
    waiting : str
        Why reminders wait as long as `wait_for` has not been called; empty when they need not.

    Attributes
    ----------
    suspended : bool
        Looks are suspended: what is observed as unknown stays unknown until the first look after it.
    seen : Observation or None
        The last one.
    """

    def __init__(
        self,
        settings: Settings,
        recorder: Recorder,
        context_at: Callable[[float], CoachContext],
        refresh: Callable[[Settings, bool], None],
        waiting: str = "",
    ) -> None:
        self._settings, self._recorder = settings, recorder
        self._context_at, self._refresh = context_at, refresh
        self._lock = threading.RLock()
        self._not_asked = self._waiting = waiting
        self._waiting_until_s = float("-inf")
        self._passing = ""
        self._unseen_reason = ""
        self._unseen_cause: Cause = ""
        self._said: said.SaidStanding | None = None
        self.timeline = TimelineState()
        self.coach = CoachState()
        self.suspended = False
        self.seen: Observation | None = None

    def take(self, observation: Observation) -> Outcome:
        """Take one observation. If the user said they stand, treat sitting as standing until the next break."""
        self._refresh(self._settings, False)  # reads the disk, so before the lock
        with self._lock:
            before = Outcome([], [])
            if self._unseen_reason and not self.suspended:
                # Nobody looked until now: the time before was unknown, however short.
                unseen = Observation(observation.t_s, "unknown", self._unseen_reason, cause=self._unseen_cause)
                before, self._unseen_reason = self._advance(unseen), ""
            if self.suspended and observation.presence == "unknown":
                self._unseen_reason, self._unseen_cause = observation.reason, observation.cause
            if self._said is not None:
                self._said = said.look(self._said, observation, self.timeline, self._settings.timeline)
            if self._said is not None and observation.presence == "sitting":
                observation = replace(observation, presence="standing", reason=SAID, levels={}, judged={}, posture=())
            self.seen = observation
            now = self._advance(observation)
            return Outcome(before.events + now.events, before.reminders + now.reminders)

    def _advance(self, observation: Observation) -> Outcome:
        self.timeline, events = timeline.advance(self.timeline, observation, self._settings.timeline)
        context = self._context(observation.t_s)
        silent_before = self.coach.silences
        self.coach, reminders = coach.advance(self.coach, self.timeline, context, self._settings.coach)
        for silence in self.coach.silences:
            if silence not in silent_before and silence.why not in (self._not_asked, self._passing):
                self._recorder.silence(observation.t_s, silence)
        self._recorder.take(observation.t_s, events, reminders, observation.distance_cm)
        return Outcome(events, reminders)

    def _context(self, t_s: float) -> CoachContext:
        waiting = self._waiting if now_s() < self._waiting_until_s else self._not_asked
        context = self._context_at(t_s)
        return replace(context, waiting=waiting or context.waiting, said_standing=self.standing)

    @property
    def standing(self) -> bool:
        """Whether the user has said that they stand, and nothing has ended it since."""
        return self._said is not None

    def stand(self, on: bool, t_s: float | None = None) -> None:
        """The user says that they stand, or sit again; `t_s` is on the clock of the watch, by default the last look."""
        with self._lock:
            self._said = said.SaidStanding(self.timeline.now_s if t_s is None else t_s) if on else None

    def next_reminder(self) -> Due | None:
        """The reminder that comes next if all stays as it is."""
        with self._lock:
            context = self._context(self.timeline.now_s)
            return next_reminder(self.coach, self.timeline, context, self._settings.coach)

    def reread(self) -> None:
        """Read at once what the context rests on: the user has answered a check-in, or asks for an exercise."""
        self._refresh(self._settings, True)

    @property
    def red_flag(self) -> bool:
        """Whether a red flag is open, so that nothing may name an exercise."""
        with self._lock:
            return self._context(self.timeline.now_s).suspended

    @property
    def emergency(self) -> bool:
        """Whether that red flag is one that cannot wait."""
        with self._lock:
            return self._context(self.timeline.now_s).emergency

    def stretch_now(self) -> Facts:
        """What to say of a stretch that the user asks for; it names no exercise while a red flag is open."""
        with self._lock:
            context, settings = self._context(self.timeline.now_s), self._settings.coach
            exercise = None if context.suspended else next_stretch(context.ago_s, limits_of(settings, context.hurts))
            return replace(stretch_facts(self.coach, self.timeline, settings), exercise=exercise)

    @property
    def not_seen_since(self) -> str:
        """Why nobody has looked since looks were suspended; empty while they are, and once somebody has looked."""
        with self._lock:
            return "" if self.suspended else self._unseen_reason

    def wait_for(self, reason: str, valid_s: float, *, passing: bool = False) -> None:
        """Say why reminders wait, or "" when they need not; it counts for `valid_s`.

        A reason that is `passing`, such as typing, is not recorded.
        """
        with self._lock:
            self._waiting, self._waiting_until_s = reason, now_s() + valid_s
            self._passing = reason if passing else ""

    def snooze(self, until_s: float | None) -> None:
        """Say nothing until then, and then what was said last if it still holds; None ends a snooze."""
        with self._lock:
            self.coach = coach.snooze(self.coach, until_s)

    def done(self, kind: ReminderKind, *, told: bool = True, up: bool | None = None) -> None:
        """What a reminder of this kind asked for was done.

        `told` is False where the history knows it already, or is not to; see `coach.answer` for `up`.
        """
        with self._lock:
            self.coach = coach.answer(self.coach, self.timeline, kind, up=up)
            if told:
                self._recorder.answer(self.timeline.now_s, kind)

    @property
    def let_pass(self) -> Mapping[ReminderKind, int]:
        """How many reminders of each kind were let pass, one after another."""
        return self.coach.heed.let_pass

    def remember_let_pass(self, let_pass: Mapping[ReminderKind, int]) -> None:
        """Go on counting from where an earlier watch has left off."""
        with self._lock:
            self.coach = replace(self.coach, heed=replace(self.coach.heed, let_pass=dict(let_pass)))

    def use_calibration(self, made: datetime | None) -> None:
        """Record which stored calibration looks are compared with from now on; called by the thread that feeds it."""
        with self._lock:
            self._recorder.use_calibration(made)

    def use(self, settings: Settings) -> None:
        """Go by other settings from now on."""
        with self._lock:
            self._settings = settings

    def finish(self) -> Outcome:
        """Close what is open; the last call."""
        self.timeline, events = timeline.finish(self.timeline)
        self._recorder.take(self.timeline.now_s, events)
        self._recorder.close(self.timeline.now_s)
        return Outcome(events, [])
