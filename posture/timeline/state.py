"""The state of the timeline, and what can be read from it at its last observation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from posture.measure.observation import Deviation, Presence

HORIZON_S = 900.0
"""How far back ended deviations are remembered: the longest `coach.posture_window` that can be set."""


@dataclass(frozen=True)
class Clock:
    """Since when a deviation is above its threshold, and when it was last seen above the leaving level."""

    since_s: float
    last_s: float


@dataclass(frozen=True)
class Bout:
    """A sitting bout since `since_s`; `counted_s` is the sitting seen in it before the present spell."""

    since_s: float
    counted_s: float = 0.0


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
    reason: str = "nothing seen yet"
    """The presence that has lasted for its dwell, since when, and why it is unknown."""
    candidate: Presence | None = None
    candidate_since_s: float = 0.0
    """Another presence that has been seen but has not lasted for its dwell."""
    bout: Bout | None = None
    break_s: float = 0.0
    """Time seen away or standing since the last sitting, without the present spell; unknown adds nothing."""
    left_s: float | None = None
    """When sitting was last left, which is the end of the bout if it becomes a break; None while sitting."""
    sitting_total_s: float = 0.0
    """All sitting seen, without the present spell."""
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
        if self.bout is None:
            return 0.0
        return self.bout.counted_s + (self.spell_s if self.presence == "sitting" else 0.0)

    @property
    def sitting_s(self) -> float:
        """All sitting seen."""
        return self.sitting_total_s + (self.spell_s if self.presence == "sitting" else 0.0)

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
