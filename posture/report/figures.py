"""The figures of a span of time, as values. Evidence, section 7, says which figures there are.

Each figure stands by itself; there is no composite score, because no validation for one was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from posture.coach.reminder import ReminderKind
from posture.measure.observation import Deviation, Presence
from posture.report.spans import Span, meet, minus, union

State = Presence | Literal["sitting, not judged", "left", "in a call"]
"""A presence, sitting of which nothing was judged but its length, or what is likely while it is unknown."""
NOT_JUDGED: State = "sitting, not judged"
LEFT: State = "left"
IN_CALL: State = "in a call"
Outcome = Literal["kept", "told", "partly", "late", "missed"]
"""What came of a prompt for a break: it was followed in time and seen ("kept"), the user says so ("told"), the break
was shorter than was asked ("partly"), it came late, or not at all."""


@dataclass(frozen=True)
class Range:
    """A number of seconds that is known to lie between two."""

    at_least_s: float
    at_most_s: float


@dataclass(frozen=True)
class Bouts:
    """Sitting bouts that lie at least partly in the span.

    The length of a bout is all the sitting seen in it, even if it crosses the edge of the span; its weight is the
    sitting inside the span. Half of all sitting time was spent in bouts no longer than `w50_s`. `over_limit_share` is
    the share of sitting in bouts longer than `limit_s` (`coach.stand_after`).
    """

    count: int
    longest_s: float | None
    w50_s: float | None
    limit_s: float
    over_limit_share: float | None
    longest: Range = Range(0.0, 0.0)
    w50: Range = Range(0.0, 0.0)
    """What the two are at least and at most: what is not seen may hide a break, or none."""
    sat_on_share: float | None = None
    """The share of the sitting in which the user sat on past the limit: sitting from a reminder that was kept, or
    its beginning, up to the next one or its end, that is longer than `limit_s` with the time that a reminder leaves for
    following it. Who gets up at the reminder does not sit on."""


@dataclass(frozen=True)
class Breaks:
    """Effective breaks: off the chair for at least `timeline.effective_break` between two bouts.

    Of these `by_session` were not seen for that long: the person was seen leaving and the screen was locked, or the lid
    was closed.

    A break counts in the span in which the second bout begins. Bouts more than 4 hours apart have a night between
    them, not a break.
    """

    effective: int
    per_sitting_hour: float | None
    median_s: float | None
    by_session: int = 0
    hidden: int = 0
    """How many more may lie in what was not seen."""

    @property
    def seen(self) -> int:
        """Those that were seen for long enough."""
        return self.effective - self.by_session


@dataclass(frozen=True)
class Prompt:
    """A reminder with its repeats, and what came of it."""

    at: datetime
    kind: str
    outcome: Outcome | None
    """None if the reminder asks for no break, or too little was watched after it to judge. Kept and partly: within 5
    minutes; late: within 15 minutes of it or of a repeat."""
    share: float | None = None
    """The part of what was asked that was done, 0 to 1, if it was done partly."""
    times: int = 1
    """How often it was given."""


@dataclass(frozen=True)
class Reminders:
    """Reminders that were given, by kind.

    Of the prompts `asked_break` asked for a break and could be judged, repeats not counted: see `Prompt`.
    """

    by_kind: Mapping[ReminderKind, int]
    asked_break: int
    kept: int
    late: int
    told: int = 0
    partly: int = 0

    @property
    def given(self) -> int:
        """How many were given in all."""
        return sum(self.by_kind.values())

    @property
    def missed(self) -> int:
        """How many were not followed by a break in time."""
        return self.asked_break - self.kept - self.told - self.partly - self.late

    @property
    def followed_share(self) -> float | None:
        """Share of those that asked for a break and were answered in time; None if none did."""
        return (self.kept + self.told) / self.asked_break if self.asked_break else None


@dataclass(frozen=True)
class Shifts:
    """Postural shifts; without a rate if they could hardly be seen."""

    count: int
    per_sitting_hour: float | None


@dataclass(frozen=True)
class DeviationFigures:
    """A deviation: how long it was active while sitting, that as a share of sitting, and the median duration.

    It was judged for `judged_s` of the sitting, of which it was active for `share_of_judged`. That share is None if it
    was hardly judged, `why` says why not: its absence is then not known.
    """

    total_s: float
    share_of_sitting: float | None
    median_dwell_s: float | None
    judged_s: float
    share_of_judged: float | None
    why: str = ""

    @property
    def hardly_judged(self) -> bool:
        """Whether too little of the sitting was judged to say how much of it the deviation was active."""
        return self.share_of_judged is None and bool(self.why)


@dataclass(frozen=True)
class NotJudged:
    """A reason for which deviations were not judged while sitting, and for how long at least one of them was not.

    `why` is read after "because".
    """

    why: str
    total_s: float
    kinds: tuple[Deviation, ...]


@dataclass(frozen=True)
class Lean:
    """Leaning to the sides; `balance` is (left - right) / (left + right), None for less than 10 minutes in all."""

    left_s: float
    right_s: float
    balance: float | None


@dataclass(frozen=True)
class Viewing:
    """Viewing distance while it was known; `near_share` of that time was closer than `near_cm`."""

    known_s: float
    median_cm: float | None
    near_cm: float
    near_share: float | None


@dataclass(frozen=True)
class Pain:
    """A pain or a tension that was logged, 0 to 10."""

    at: datetime
    level: float
    where: str = ""
    note: str = ""
    when: str = ""
    """What brings it on; empty when not given."""
    better: str = ""
    """What eases it."""


@dataclass(frozen=True)
class Holds:
    """Exercises done, seen by the camera or reported by the user: how many, and by their forms how much."""

    count: int
    left_s: float
    right_s: float
    both_s: float
    """Seconds held on each side; records from before repetitions were kept are all taken for holds."""
    reps: int = 0
    walked_s: float = 0.0


@dataclass(frozen=True)
class Figures:
    """The figures that are hidden when too little is known. Sitting, standing and away add up to the observed time."""

    sitting_s: float
    standing_s: float
    away_s: float
    sitting: Range
    """All sitting, at least what was seen, and at most with calls and the time in which nothing could be told."""
    left_s: float
    busy_s: float
    blind_s: float
    """Time of which the presence is not known, from the first watch to the last, by what was likely; see
    `posture.timeline.state.UnknownKind`. Unlike `Summary.unknown_s` with the time between two watches, but for pieces
    of 4 hours and more."""
    bouts: Bouts
    breaks: Breaks
    reminders: Reminders
    shifts: Shifts
    deviations: Mapping[Deviation, DeviationFigures]
    not_judged: tuple[NotJudged, ...]
    """By reason, the longest first."""
    lean: Lean
    viewing: Viewing


@dataclass(frozen=True)
class Summary:
    """A span of time."""

    start: datetime
    stop: datetime
    """Both aware UTC."""
    watched_s: float
    observed_s: float
    unknown_s: float
    """Time the camera watched; the part of it with a known presence; and the rest."""
    coverage: float | None
    """observed_s / watched_s, 0 to 1; None when nothing was watched."""
    unknown_reasons: Mapping[str, float]
    """Seconds of the unknown time by its reason, where it has one."""
    figures: Figures
    hidden: str = ""
    """Why the figures must not be shown; empty if they may be."""
    unseen_reasons: Mapping[str, float] = field(default_factory=dict)
    """Seconds of `Figures.blind_s` by its reason, where it has one, the longest first."""
    spells: tuple[tuple[datetime, datetime, Presence], ...] = field(default=(), repr=False)
    """(start, end, presence) of the known time, disjoint and in order, for a timeline."""
    left: tuple[Span, ...] = field(default=(), repr=False)
    busy: tuple[Span, ...] = field(default=(), repr=False)
    """When the person had left before the screen was locked or the lid closed, and when another program had the
    camera: disjoint and in order, watched or not."""
    unjudged: tuple[Span, ...] = field(default=(), repr=False)
    """Sitting of which nothing was judged but its length, disjoint and in order."""
    watches: tuple[Span, ...] = field(default=(), repr=False)
    """When the camera watched, disjoint and in order."""
    bouts: tuple[tuple[datetime, datetime, float], ...] = field(default=(), repr=False)
    """(start, end, seconds of sitting seen in it) of each bout, uncut, by start."""
    breaks: tuple[Span, ...] = field(default=(), repr=False)
    """The effective breaks, from bout to bout."""
    prompts: tuple[Prompt, ...] = field(default=(), repr=False)
    """The reminders that were given, by time."""
    pain: tuple[Pain, ...] = field(default=(), repr=False)
    """Pain that was logged, by time. Never hidden, because the camera plays no part in it."""
    tension: tuple[Pain, ...] = field(default=(), repr=False)
    """Tension that was logged, the same."""
    verified: Holds = Holds(0, 0.0, 0.0, 0.0)
    self_reported: Holds = Holds(0, 0.0, 0.0, 0.0)
    """Exercises seen by the camera, and those reported by the user."""
    self_checks: tuple[str, ...] = ()
    """The kinds of the self-checks, by time."""
    directions: tuple[str, ...] = ()
    """What the directional checks came to, by time; see `posture.coach.direction.Answer`."""

    @property
    def recorded(self) -> bool:
        """Whether there is anything to show: something was watched, logged, done or checked."""
        done = self.verified.count or self.self_reported.count
        return bool(self.watches or self.pain or self.tension or done or self.self_checks or self.directions)


def states(summary: Summary) -> list[tuple[datetime, datetime, State]]:
    """The spells of a span, in order, with the unknown time between them, and sitting cut by whether it was judged.

    The time in which the person had left or was likely in a call is there even where it was not watched.
    """
    likely = union([*summary.left, *summary.busy])
    out: list[tuple[datetime, datetime, State]] = []
    for begin, end in summary.watches:
        at = begin
        for a, b, presence in summary.spells:
            if b <= begin or a >= end:
                continue
            out += [(c, d, "unknown") for c, d in minus([(at, a)], likely)]
            unjudged = meet([(a, b)], summary.unjudged) if presence == "sitting" else []
            out += [(c, d, presence) for c, d in minus([(a, b)], unjudged)]
            out += [(c, d, NOT_JUDGED) for c, d in unjudged]
            at = b
        out += [(c, d, "unknown") for c, d in minus([(at, end)], likely)]
    out += [(a, b, LEFT) for a, b in summary.left]
    out += [(a, b, IN_CALL) for a, b in summary.busy]
    return sorted(out)
