"""Folds what the timeline and the coach say into records, and keeps what is going on fresh in the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from posture.coach.reminder import Reminder
from posture.errors import PostureError
from posture.history.records import Detail, Distance, Interval, IntervalKind, Point, PointKind, Sink, slot_of
from posture.timeline.events import (
    BoutEnded,
    BoutStarted,
    DeviationEnded,
    DeviationStarted,
    Event,
    PosturalShift,
    PresenceChanged,
)

__all__ = ["Recorder"]

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

SET_S = 0.5
"""A calendar that is this much off has been set."""
ERAS = 3
"""What is cut where the calendar was set is kept open over so many settings: whoever left before one is known after."""


@dataclass
class _Going:
    """An interval that has not ended."""

    kind: IntervalKind
    label: str
    start: datetime
    start_s: float
    end_s: float
    detail: dict[str, str | float | bool | None] = field(default_factory=dict)
    kept_s: float = float("-inf")  # how far it has been kept; its end may be found to lie before that


class Recorder:
    """Writes what happens to a sink, at least every `heartbeat_s`.

    Where the calendar is set while something goes on, its record is cut in two: the parts last as long as it lasted,
    and each has the dates of its time. A bout stays whole, or its length would be lost; it has the dates of its
    beginning.

    Parameters
    ----------
    sink : Sink
        A `Store`, or a `Memory` for a replay that stores nothing.
    to_utc : callable
        Turns seconds on the source's clock into an aware UTC datetime.
    heartbeat_s : float
        Seconds between writes when nothing happens: what a kill can cost.
    gap_s : float
        Looks further apart than this are two watches: nobody watched in between (the machine slept).
    on_problem : callable or None
        Told once when the sink fails; the records wait in memory and are written when it works again.
    pending_limit : int
        Records that wait at most; beyond it the oldest are dropped.
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
        self._sink = sink
        self._to_utc = to_utc
        self._heartbeat_s = heartbeat_s
        self._gap_s = gap_s
        self._on_problem = on_problem
        self._pending_limit = pending_limit
        self._going: dict[tuple[IntervalKind, str], _Going] = {}
        self._eras: list[tuple[float, datetime]] = []  # since when the calendar is as it is, and what it said then
        self._sat_before_s = 0.0  # of the bout, in the sitting spells that are over
        self._last_s: float | None = None
        self._written_s = 0.0
        self._last_cm: float | None = None
        self._failing = False
        self._intervals: dict[tuple[IntervalKind, str, datetime], Interval] = {}
        self._points: dict[tuple[datetime, PointKind, str], Point] = {}
        self._distances: dict[tuple[datetime, int], float] = {}

    def take(
        self,
        t_s: float,
        events: Sequence[Event] = (),
        reminders: Sequence[Reminder] = (),
        distance_cm: float | None = None,
    ) -> None:
        """Take in what one step of the pipeline gave.

        Parameters
        ----------
        t_s : float
            Now, on the source's clock; never earlier than the last one.
        events : sequence of Event
            What the timeline said.
        reminders : sequence of Reminder
            What the coach said and was shown.
        distance_cm : float or None
            Eyes to camera at this look.
        """
        self._look_at_calendar(t_s)
        if self._last_s is None:
            self._written_s = t_s
        elif t_s - self._last_s > self._gap_s:
            self._end("watch", "camera", self._last_s)
        else:
            self._hold_distance(t_s - self._last_s)
        if ("watch", "camera") not in self._going:
            self._begin("watch", "camera", t_s, {})
        for event in events:
            self._fold(event)
        for reminder in reminders:
            self._remind(reminder)
        self._extend(t_s)
        self._last_s, self._last_cm = t_s, distance_cm
        if events or reminders or t_s - self._written_s >= self._heartbeat_s:
            self._write(t_s)

    def close(self, t_s: float) -> None:
        """End whatever is going on at `t_s` and write it.

        Raises
        ------
        PostureError
            What waits in memory could not be written.
        """
        if self._last_s is not None and t_s - self._last_s <= self._gap_s:
            self._hold_distance(t_s - self._last_s)
            self._extend(t_s)
        for going in list(self._going.values()):
            if going.kind == "bout":
                going.detail["ended_by"] = "end"
            self._end(going.kind, going.label, going.end_s)
        self._last_s = self._last_cm = None
        error = self._write(t_s)
        if error is not None:
            raise error

    # -- the calendar -------------------------------------------------------------------------------------------

    def _look_at_calendar(self, t_s: float) -> None:
        at = self._to_utc(t_s)
        if self._eras and abs((at - self._utc(t_s)).total_seconds()) < SET_S:
            return
        self._eras.append((t_s, at))
        if len(self._eras) <= ERAS:
            return
        del self._eras[0]
        from_s, at = self._eras[0]
        for going in self._going.values():
            if going.kind != "bout" and going.start_s < from_s:
                part = replace(going, end_s=min(going.end_s, from_s), kept_s=from_s)
                self._keep(part, still_open=False)
                going.start_s, going.start = from_s, at

    def _utc(self, t_s: float) -> datetime:
        from_s, at = next((one for one in reversed(self._eras) if one[0] <= t_s), self._eras[0])
        return at + timedelta(seconds=t_s - from_s)

    # -- folding ------------------------------------------------------------------------------------------------

    def _fold(self, event: Event) -> None:
        match event:
            case PresenceChanged():
                self._change_presence(event)
            case BoutStarted():
                self._sat_before_s = 0.0
                self._begin("bout", "sitting", event.since_s, {})
            case BoutEnded():
                detail: Detail = {"sitting_s": event.sitting_s, "ended_by": event.ended_by}
                self._end("bout", "sitting", event.until_s, detail, since_s=event.since_s)
            case DeviationStarted():
                self._begin("deviation", event.kind, event.since_s, {})
            case DeviationEnded():
                self._end("deviation", event.kind, event.until_s, since_s=event.since_s)
            case PosturalShift():
                point = Point("shift", self._utc(event.since_s))
                self._points[point.key] = point

    def _change_presence(self, event: PresenceChanged) -> None:
        bout = self._going.get(("bout", "sitting"))
        for going in [one for one in self._going.values() if one.kind == "presence"]:
            if bout is not None and going.label == "sitting":
                self._sat_before_s += max(0.0, event.since_s - max(going.start_s, bout.start_s))
                # The bout goes on, but nothing more of it has been seen: a kill now must leave its end here.
                bout.end_s = event.since_s
                bout.detail["sitting_s"] = self._sat_before_s
            self._end("presence", going.label, event.since_s)
        self._begin("presence", event.presence, event.since_s, {"reason": event.reason} if event.reason else {})

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
        point = Point("reminder", self._utc(reminder.t_s), reminder.kind, detail)
        self._points[point.key] = point

    def _hold_distance(self, seconds: float) -> None:
        if self._last_cm is None or self._last_s is None or seconds <= 0:
            return
        key = slot_of(self._utc(self._last_s)), int(self._last_cm)
        self._distances[key] = self._distances.get(key, 0.0) + seconds

    def _begin(self, kind: IntervalKind, label: str, since_s: float, detail: Detail) -> None:
        if (kind, label) in self._going:
            self._end(kind, label, since_s)
        self._going[kind, label] = _Going(kind, label, self._utc(since_s), since_s, since_s, dict(detail))

    def _end(
        self, kind: IntervalKind, label: str, until_s: float, detail: Detail | None = None, since_s: float | None = None
    ) -> None:
        going = self._going.pop((kind, label), None)
        if going is None:
            if since_s is None:
                return
            going = _Going(kind, label, self._utc(since_s), since_s, since_s)
        going.end_s = until_s
        going.detail.update(detail or {})
        self._keep(going, still_open=False)

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

    def _keep(self, going: _Going, *, still_open: bool) -> None:
        going.kept_s = max(going.kept_s, going.end_s)
        cuts = [one for one in self._eras if going.start_s < one[0] < going.kept_s] if going.kind != "bout" else []
        parts = [(going.start_s, going.start), *cuts]
        for (from_s, start), until_s in zip(parts, [*(at_s for at_s, _ in cuts), float("inf")], strict=True):
            # Counted from the start: what lasted an hour lasted an hour, whatever the calendar says.
            end = start + timedelta(seconds=max(0.0, min(going.end_s, until_s) - from_s))
            record = Interval(going.kind, going.label, start, end, dict(going.detail), still_open)
            self._intervals[record.key] = record

    def _write(self, t_s: float) -> PostureError | None:
        self._written_s = t_s
        for going in self._going.values():
            self._keep(going, still_open=True)
        try:
            self._sink.write(
                list(self._intervals.values()),
                list(self._points.values()),
                [Distance(slot, cm, seconds) for (slot, cm), seconds in self._distances.items()],
            )
        except PostureError as error:
            if not self._failing and self._on_problem is not None:
                self._on_problem(error)
            self._failing = True
            _drop_oldest(self._intervals, self._pending_limit)
            _drop_oldest(self._points, self._pending_limit)
            _drop_oldest(self._distances, self._pending_limit)
            return error
        self._failing = False
        self._intervals.clear()
        self._points.clear()
        self._distances.clear()
        return None


def _drop_oldest(waiting: dict[_Key, _Value], limit: int) -> None:
    for key in list(waiting)[: max(0, len(waiting) - limit)]:
        del waiting[key]
