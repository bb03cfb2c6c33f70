"""The state of the timeline and what can be read from it at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from posture.measure.observation import Deviation, Presence

__all__ = ["ActiveDeviation", "Bout", "Clock", "Span", "TimelineState"]

HORIZON_S = 900.0
"""How far back active spans are kept: the longest window a reminder may judge (`coach.posture_window`)."""


@dataclass(frozen=True)
class Clock:
    """Since when something is above threshold, and when that was seen last."""

    since_s: float
    last_s: float


@dataclass(frozen=True)
class Bout:
    """Uninterrupted sitting. `counted_s` is the sitting before the present spell of it."""

    since_s: float
    counted_s: float = 0.0


@dataclass(frozen=True)
class ActiveDeviation:
    """A deviation that is active; `below_since_s` is when it fell below the leaving level, None while above."""

    since_s: float
    level: float
    seen_s: float
    below_since_s: float | None = None


@dataclass(frozen=True)
class Span:
    """A stretch of time in which a deviation was active, now over."""

    kind: Deviation
    since_s: float
    until_s: float


@dataclass(frozen=True)
class TimelineState:
    """Everything the timeline remembers. A fresh one knows nothing: presence is unknown.

    Attributes
    ----------
    t_s : float or None
        Time of the last observation.
    presence, presence_since_s, reason
        What has held for its dwell, since when, and why it is unknown.
    candidate, candidate_since_s
        Another presence that is seen but has not held long enough.
    bout : Bout or None
    break_s : float
        Time seen away or standing since sitting last, before the present spell of it; unknown adds nothing.
    left_s : float or None
        When sitting was last left; the end of the bout if a break comes of it.
    sitting_total_s, lean_left_s, lean_right_s : float
        Running totals before the present spell.
    active, rising : mapping of deviation
        Active deviations, and those above threshold that have not held long enough (since when).
    spans : tuple of Span
        Held deviations of the last 15 minutes that are over.
    posture, posture_next, posture_next_since_s
        The posture kept, and another that is not yet kept.
    shift_s : float or None
        When the last postural shift (or the return to the chair) was.
    """

    t_s: float | None = None
    presence: Presence = "unknown"
    presence_since_s: float = 0.0
    reason: str = "nothing seen yet"
    candidate: Presence | None = None
    candidate_since_s: float = 0.0
    bout: Bout | None = None
    break_s: float = 0.0
    left_s: float | None = None
    sitting_total_s: float = 0.0
    lean_left_s: float = 0.0
    lean_right_s: float = 0.0
    active: Mapping[Deviation, ActiveDeviation] = field(default_factory=dict)
    rising: Mapping[Deviation, Clock] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    posture: tuple[float, ...] = ()
    posture_next: tuple[float, ...] = ()
    posture_next_since_s: float = 0.0
    shift_s: float | None = None

    @property
    def now_s(self) -> float:
        """Time of the last observation; the time of the present presence before any."""
        return self.presence_since_s if self.t_s is None else self.t_s

    @property
    def spell_s(self) -> float:
        """How long the present presence has held."""
        return max(0.0, self.now_s - self.presence_since_s)

    @property
    def bout_s(self) -> float:
        """Sitting seen in the present bout, 0 without one."""
        if self.bout is None:
            return 0.0
        return self.bout.counted_s + (self.spell_s if self.presence == "sitting" else 0.0)

    @property
    def sitting_s(self) -> float:
        """All sitting seen."""
        return self.sitting_total_s + (self.spell_s if self.presence == "sitting" else 0.0)

    @property
    def lean_balance(self) -> float | None:
        """(left - right) / (left + right) of the time leant to a side, + is left; None without any."""
        left_s, right_s = self.lean_left_s, self.lean_right_s
        if "lean_left" in self.active:
            left_s += self.now_s - self.active["lean_left"].since_s
        if "lean_right" in self.active:
            right_s += self.now_s - self.active["lean_right"].since_s
        whole_s = left_s + right_s
        return (left_s - right_s) / whole_s if whole_s > 0 else None

    def active_share(self, kind: Deviation, window_s: float) -> float:
        """Part of the last `window_s` seconds, 0 to 1, in which `kind` was active."""
        start_s = self.now_s - window_s
        spans = [(span.since_s, span.until_s) for span in self.spans if span.kind == kind]
        if kind in self.active:
            spans.append((self.active[kind].since_s, self.now_s))
        active_s = sum(max(0.0, until_s - max(since_s, start_s)) for since_s, until_s in spans)
        return min(1.0, active_s / window_s)
