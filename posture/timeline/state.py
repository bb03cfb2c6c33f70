"""The state of the timeline, and what can be read from it at its last observation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from posture.language import mark
from posture.measure.observation import Deviation, Presence

UnknownKind = Literal["left", "busy", "blind"]
"""What is likely while the presence is unknown: the person left (seen leaving before the screen was locked, or the lid
was closed), another program has the camera (a call), or nothing can be told."""
HORIZON_S = 900.0
"""How far back ended deviations are remembered: the longest `coach.posture_window` that can be set."""

REST_S = 3 * 3600.0
"""Off the chair for this long is a long rest, after which counts of sitting begin anew: lunch is none, a night is
[design choice]."""


@dataclass(frozen=True)
class Clock:
    """Since when a deviation is above its threshold, and when it was last seen above the leaving level."""

    since_s: float
    last_s: float


@dataclass(frozen=True)
class Bout:
    """A sitting bout. All times are without the present spell."""

    since_s: float
    counted_s: float = 0.0
    """Sitting seen in it."""
    busy_s: float = 0.0
    unseen_s: float = 0.0
    """Time in which another program had the camera, and in which nothing could be told; of both it is not known whether
    the person sat."""
    run_s: float = 0.0
    """Sitting seen since a break could last have gone unseen."""
    longest_run_s: float = 0.0
    """The longest such run before it."""


@dataclass(frozen=True)
class Call:
    """Another program had the camera for `length_s`, until `until_s`."""

    until_s: float
    length_s: float


@dataclass(frozen=True)
class ActiveDeviation:
    """An active deviation, last seen at `seen_s`; `below_since_s` is None while it is above the leaving level."""

    since_s: float
    level: float
    seen_s: float
    below_since_s: float | None = None


@dataclass(frozen=True)
class Span:
    """When a deviation was active that is over now."""

    kind: Deviation
    since_s: float
    until_s: float


@dataclass(frozen=True)
class Unjudged:
    """Since when a deviation is not judged, and why."""

    since_s: float
    why: str


@dataclass(frozen=True)
class TimelineState:
    """Everything the timeline remembers. In a fresh state presence is unknown."""

    t_s: float | None = None
    """Time of the last observation."""
    presence: Presence = "unknown"
    presence_since_s: float = 0.0
    reason: str = mark("nothing seen yet")
    """The presence that has lasted for its dwell, since when, and why it is unknown."""
    unknown: UnknownKind | None = None
    """What is likely while the presence is unknown; None before the first look, and while it is known."""
    candidate: Presence | None = None
    candidate_unknown: UnknownKind | None = None
    candidate_since_s: float = 0.0
    candidate_reason: str = ""
    """Another presence that has been seen but has not lasted for its dwell."""
    blink_s: float | None = None
    """Since when looks are unknown while such a presence waits; None while they are not."""
    bout: Bout | None = None
    break_s: float = 0.0
    session_break_s: float = 0.0
    """Time seen away or standing since the last sitting, and time in which the person has left, without the present
    spell; what is busy or blind adds to neither."""
    left_s: float | None = None
    """When sitting was last left, which is the end of the bout if it becomes a break; None while sitting."""
    lead_busy_s: float = 0.0
    lead_unseen_s: float = 0.0
    """Busy and blind time since the last break, outside a bout: it belongs to the next one."""
    call: Call | None = None
    """The last call of this bout."""
    sitting_total_s: float = 0.0
    busy_total_s: float = 0.0
    """All sitting seen, and all time in calls, without the present spell."""
    rested_total_s: float = 0.0
    rested_busy_s: float = 0.0
    """Sitting and calls before the last long rest, see `REST_S`; and calls alone."""
    lean_left_s: float = 0.0
    lean_right_s: float = 0.0
    """Time leaned to each side, without what is active."""
    active: Mapping[Deviation, ActiveDeviation] = field(default_factory=dict)
    rising: Mapping[Deviation, Clock] = field(default_factory=dict)
    """Active deviations, and those above threshold that have not lasted for their dwell."""
    spans: tuple[Span, ...] = ()
    """Deviations that ended in the last 15 minutes."""
    unjudged: Mapping[Deviation, Unjudged] = field(default_factory=dict)
    turning: Mapping[Deviation, Unjudged] = field(default_factory=dict)
    """Deviations that are not judged, and those of which looks have said otherwise for less than a dwell: a reason, or
    an empty one for those that are judged again."""
    posture: tuple[float, ...] = ()
    posture_next: tuple[float, ...] = ()
    posture_next_since_s: float = 0.0
    """The posture the person sits in, and another that has not lasted long enough to be a shift."""
    shift_s: float = 0.0
    """When the last postural shift was, or the change of presence after it."""

    @property
    def now_s(self) -> float:
        """Time of the last observation; before the first, since when presence is unknown."""
        return self.presence_since_s if self.t_s is None else self.t_s

    @property
    def spell_s(self) -> float:
        """How long the present presence has lasted."""
        return self.now_s - self.presence_since_s

    @property
    def bout_s(self) -> float:
        """Sitting seen in the present bout; 0 without one."""
        return 0.0 if self.bout is None else self.bout.counted_s + self._spell_of("sitting")

    @property
    def bout_busy_s(self) -> float:
        """Time in calls in the present bout; 0 without one."""
        return 0.0 if self.bout is None else self.bout.busy_s + self._spell_of("busy")

    @property
    def bout_range_s(self) -> tuple[float, float]:
        """The least and the most that the present sitting can have lasted: what is not seen may hide a break, or none.

        (0, 0) without a bout.
        """
        if self.bout is None:
            return 0.0, 0.0
        hidden_s = self.bout.busy_s + self.bout.unseen_s + self._spell_of("busy") + self._spell_of("blind")
        return self.bout.run_s + self._spell_of("sitting"), self.bout_s + hidden_s

    @property
    def sitting_s(self) -> float:
        """All sitting seen."""
        return self.sitting_total_s + self._spell_of("sitting")

    @property
    def in_chair_s(self) -> float:
        """Sitting seen, and calls, since the last long rest; see `REST_S`."""
        return self.sitting_s + self.busy_total_s + self._spell_of("busy") - self.rested_total_s

    @property
    def in_chair_busy_s(self) -> float:
        """The calls in `in_chair_s`."""
        return self.busy_total_s + self._spell_of("busy") - self.rested_busy_s

    def _spell_of(self, kind: str) -> float:
        """How long the present spell has lasted if it is of this presence or kind of unknown, otherwise 0."""
        return self.spell_s if kind == (self.unknown or self.presence) else 0.0

    @property
    def lean_balance(self) -> float | None:
        """(left - right) / (left + right) of the time leaned to a side, + is left; None without any."""
        left_s, right_s = self.lean_left_s, self.lean_right_s
        if "lean_left" in self.active:
            left_s += self.now_s - self.active["lean_left"].since_s
        if "lean_right" in self.active:
            right_s += self.now_s - self.active["lean_right"].since_s
        total_s = left_s + right_s
        return (left_s - right_s) / total_s if total_s > 0 else None

    def active_share(self, kind: Deviation, window_s: float) -> float:
        """Share of the last `window_s` seconds, 0 to 1, in which `kind` was active."""
        start_s = self.now_s - window_s
        spans = [(span.since_s, span.until_s) for span in self.spans if span.kind == kind]
        if kind in self.active:
            spans.append((self.active[kind].since_s, self.now_s))
        active_s = sum(max(0.0, until_s - max(since_s, start_s)) for since_s, until_s in spans)
        return min(1.0, active_s / window_s)
