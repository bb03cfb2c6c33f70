"""Turns the events of the timeline and the coach's reminders into records, written at least every heartbeat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from posture.coach.reminder import Reminder, ReminderKind, Silence
from posture.errors import PostureError
from posture.history.eras import Eras
from posture.history.pending import PendingRecords
from posture.history.records import Detail, Distance, Interval, IntervalKind, Point, Sink, slot_of
from posture.timeline.events import (
    BoutEnded,
    BoutStarted,
    DeviationEnded,
    DeviationStarted,
    Event,
    PosturalShift,
    PresenceChanged,
    UnjudgedEnded,
    UnjudgedStarted,
)


@dataclass
class _Going:
    """An interval that has not ended."""

    kind: IntervalKind
    label: str
    start: datetime
    start_s: float
    end_s: float
    detail: dict[str, str | float | bool | None] = field(default_factory=dict)
    recorded_s: float = float("-inf")  # how far it has been recorded; its end may turn out to lie before that


class Recorder:
    """Writes what happens to a sink, at least every `heartbeat_s`.

    If the calendar is set while something goes on, its record is cut in two: each piece has the dates of its time, and
    together they last as long as it lasted. A bout stays whole, with the date of its beginning, or its length would be
    lost.

    Parameters
    ----------
    sink : Sink
        A `HistorySink` or a `Store`, or a `Memory` for a replay that stores nothing.
    to_utc : callable
        Turns seconds on the source's clock into an aware UTC datetime.
    heartbeat_s : float
        Seconds between writes when nothing happens: the most that a kill can cost.
    gap_s : float
        If two looks are further apart than this, nobody watched in between (the machine slept): the watch interval
        ends at the first and another begins at the second.
    on_problem : callable or None
        Called once when the sink fails; the records wait in memory and are written when it works again.
    pending_limit : int
        The most records of each sort that wait; beyond it the oldest are dropped.
    """

    def __init__(
        self,
        sink: Sink,
        to_utc: Callable[[float], datetime],
        heartbeat_s: float = 30.0,
        *,
        gap_s: float = 120.0,
        on_problem: Callable[[PostureError], None] | None = None,
        pending_limit: int = 20_000,
    ) -> None:
        self._pending = PendingRecords(sink, pending_limit, on_problem)
        self._to_utc = to_utc
        self._heartbeat_s = heartbeat_s
        self._gap_s = gap_s
        self._eras = Eras()
        self._going: dict[tuple[IntervalKind, str], _Going] = {}
        self._calibration: Detail = {}
        self._sat_before_s = 0.0  # sitting in the bout, in spells that are over
        self._last_s: float | None = None
        self._last_cm: float | None = None
        self._written_s = 0.0

    def take(
        self,
        t_s: float,
        events: Sequence[Event] = (),
        reminders: Sequence[Reminder] = (),
        distance_cm: float | None = None,
    ) -> None:
        """Record one step of the pipeline.

        Parameters
        ----------
        t_s : float
            Now, on the source's clock; never earlier than the last one.
        events : sequence of Event
            From the timeline.
        reminders : sequence of Reminder
            From the coach, as they were shown.
        distance_cm : float or None
            Eyes to camera at this look.
        """
        self._note_calendar(t_s)
        if self._last_s is None:
            self._written_s = t_s
        elif t_s - self._last_s > self._gap_s:
            self._end("watch", "camera", self._last_s)
        else:
            self._count_distance(t_s - self._last_s)
        if ("watch", "camera") not in self._going:
            self._begin("watch", "camera", t_s, self._calibration)
        for event in events:
            self._fold(event)
        for reminder in reminders:
            self._remind(reminder)
        self._extend(t_s)
        self._last_s, self._last_cm = t_s, distance_cm
        if events or reminders or t_s - self._written_s >= self._heartbeat_s:
            self._write(t_s)

    def use_calibration(self, made: datetime | None) -> None:
        """Note which stored calibration looks are compared with from now on, by when it was made; None for none.

        The watch is cut in two there, so that each piece names its own.
        """
        before, self._calibration = self._calibration, {} if made is None else {"calibration": made.isoformat()}
        watch = self._going.get(("watch", "camera"))
        if watch is None or self._last_s is None or self._calibration == before:
            return
        if watch.start_s < self._last_s:
            self._begin("watch", "camera", self._last_s, self._calibration)
        else:  # two records cannot begin together
            watch.detail = dict(self._calibration)

    def answer(self, t_s: float, kind: ReminderKind) -> None:
        """Record that the user says they did what a reminder of this kind asked for; written with the next records."""
        self._note_calendar(t_s)
        self._pending.write(points=[Point("answer", self._eras.date(t_s), kind)])

    def silence(self, t_s: float, silence: Silence) -> None:
        """Record that a reminder was due and was held back; written with the next records."""
        detail: Detail = {"why": silence.why}
        if silence.setting:
            detail = {**detail, "setting": silence.setting, "value": silence.value}
        self._pending.write(points=[Point("silence", self._eras.date(t_s), silence.kind, detail)])

    def close(self, t_s: float) -> None:
        """End everything that is going on at `t_s` and write it; PostureError where what waits cannot be written."""
        if self._last_s is not None and t_s - self._last_s <= self._gap_s:
            self._count_distance(t_s - self._last_s)
            self._extend(t_s)
        for going in list(self._going.values()):
            if going.kind == "bout":
                going.detail["ended_by"] = "end"
            self._end(going.kind, going.label, going.end_s)
        self._last_s = self._last_cm = None
        error = self._write(t_s)
        if error is not None:
            raise error

    def _note_calendar(self, t_s: float) -> None:
        before, self._eras = self._eras, self._eras.noted(t_s, self._to_utc(t_s))
        if before.begun[:1] in ((), self._eras.begun[:1]):
            return
        # The oldest era is forgotten, so what began in it can no longer be cut there later: it is cut now.
        from_s, date = self._eras.begun[0]
        for going in self._going.values():
            if going.kind != "bout" and going.start_s < from_s:
                self._record(replace(going, end_s=min(going.end_s, from_s), recorded_s=from_s), still_open=False)
                going.start_s, going.start = from_s, date

    # -- folding ------------------------------------------------------------------------------------------------

    def _fold(self, event: Event) -> None:
        match event:
            case PresenceChanged():
                self._change_presence(event)
            case BoutStarted():
                self._sat_before_s = 0.0
                self._begin("bout", "sitting", event.since_s, {})
            case BoutEnded():
                detail: Detail = {
                    "sitting_s": event.sitting_s,
                    "ended_by": event.ended_by,
                    "busy_s": event.busy_s,
                    "unseen_s": event.unseen_s,
                    "longest_run_s": event.longest_run_s,
                }
                self._end("bout", "sitting", event.until_s, detail, since_s=event.since_s)
            case DeviationStarted():
                self._begin("deviation", event.kind, event.since_s, {})
            case DeviationEnded():
                self._end("deviation", event.kind, event.until_s, since_s=event.since_s)
            case UnjudgedStarted():
                for kind in event.kinds:
                    self._begin("unjudged", kind, event.since_s, {"why": event.why})
            case UnjudgedEnded():
                for kind in event.kinds:
                    self._end("unjudged", kind, event.until_s, {"why": event.why}, since_s=event.since_s)
            case PosturalShift():
                self._pending.write(points=[Point("shift", self._eras.date(event.since_s))])

    def _change_presence(self, event: PresenceChanged) -> None:
        bout = self._going.get(("bout", "sitting"))
        for going in [going for going in self._going.values() if going.kind == "presence"]:
            if bout is not None and going.label == "sitting":
                self._sat_before_s += max(0.0, event.since_s - max(going.start_s, bout.start_s))
                # The bout goes on, but no more of it has been seen: if posture is killed now, it ends here.
                bout.end_s = event.since_s
                bout.detail["sitting_s"] = self._sat_before_s
            self._end("presence", going.label, event.since_s)
        seen: dict[str, str] = {"reason": event.reason} if event.reason else {}
        if event.unknown is not None:
            seen["likely"] = event.unknown
        self._begin("presence", event.presence, event.since_s, seen)

    def _remind(self, reminder: Reminder) -> None:
        detail: dict[str, str | float | bool | None] = {"why": reminder.why}
        if reminder.covers:
            detail["covers"] = " ".join(reminder.covers)
        if reminder.side:
            detail["side"] = reminder.side
        if reminder.repeat:
            detail["repeat"] = True
        if reminder.exercise:
            detail["exercise"] = reminder.exercise
        if reminder.asks_s:
            detail["asks_s"] = reminder.asks_s
        if reminder.setting:
            detail |= {"setting": reminder.setting, "value": reminder.value}
        self._pending.write(points=[Point("reminder", self._eras.date(reminder.t_s), reminder.kind, detail)])

    def _count_distance(self, seconds: float) -> None:
        """Count the time since the last look to the distance that was seen then."""
        if self._last_cm is None or self._last_s is None or seconds <= 0:
            return
        slot = slot_of(self._eras.date(self._last_s))
        self._pending.write(distances=[Distance(slot, int(self._last_cm), seconds)])

    def _begin(self, kind: IntervalKind, label: str, since_s: float, detail: Detail) -> None:
        if (kind, label) in self._going:
            self._end(kind, label, since_s)
        self._going[kind, label] = _Going(kind, label, self._eras.date(since_s), since_s, since_s, dict(detail))

    def _end(
        self, kind: IntervalKind, label: str, until_s: float, detail: Detail | None = None, since_s: float | None = None
    ) -> None:
        going = self._going.pop((kind, label), None)
        if going is None:
            if since_s is None:
                return
            going = _Going(kind, label, self._eras.date(since_s), since_s, since_s)
        going.end_s = until_s
        going.detail.update(detail or {})
        self._record(going, still_open=False)

    def _extend(self, t_s: float) -> None:
        sitting = self._going.get(("presence", "sitting"))
        for going in self._going.values():
            if going.kind != "bout":
                going.end_s = max(going.end_s, t_s)
            elif sitting is not None:
                going.end_s = max(going.end_s, t_s)
                seen_s = t_s - max(sitting.start_s, going.start_s)
                going.detail["sitting_s"] = self._sat_before_s + max(0.0, seen_s)

    # -- writing ------------------------------------------------------------------------------------------------

    def _record(self, going: _Going, *, still_open: bool) -> None:
        going.recorded_s = max(going.recorded_s, going.end_s)
        pieces = [(going.start_s, going.start, float("inf"))]
        if going.kind != "bout":
            pieces = self._eras.pieces(going.start_s, going.start, going.recorded_s)
        intervals = []
        for from_s, start, until_s in pieces:
            # Counted from the start: an hour lasts an hour, whatever the calendar says.
            end = start + timedelta(seconds=max(0.0, min(going.end_s, until_s) - from_s))
            intervals.append(Interval(going.kind, going.label, start, end, dict(going.detail), still_open))
        self._pending.write(intervals)

    def _write(self, t_s: float) -> PostureError | None:
        self._written_s = t_s
        for going in self._going.values():
            self._record(going, still_open=True)
        return self._pending.flush()
