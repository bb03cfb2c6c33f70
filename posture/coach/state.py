"""What the coach knows, what it remembers, and what is due: the values that its parts hand on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from posture.coach import heed as heeding
from posture.coach.exercise import Side
from posture.coach.reminder import OwnText, ReminderKind, Silence
from posture.coach.sentences import Facts


@dataclass(frozen=True)
class CoachContext:
    """What the coach needs to know beside the timeline. `posture.monitor.assemble` puts it together."""

    local_minute: int = 720
    """Minutes since local midnight, for quiet hours."""
    waiting: str = ""
    """Why reminders wait just now (a call, do-not-disturb); empty when they do not."""
    shortened_side: Side | None = None
    """The side that `posture.coach.asymmetry` names over the stored days (evidence, section 4)."""
    suspended: bool = False
    """A red flag is open: no reminder names an exercise until the user clears it."""
    ago_s: Mapping[str, float] = field(default_factory=dict)
    """Seconds since each exercise was done last; one that is missing was never done."""
    said_standing: bool = False
    """The user has said that they stand; the camera may see a sitter."""
    hurts: frozenset[str] = frozenset()
    """What hurts by the log of pain, see `Limits`."""
    texts: Mapping[ReminderKind, OwnText] = field(default_factory=dict)
    """The user's own words for reminders."""
    local_weekday: int = 0
    """Monday is 0."""
    local_second: float = 0.0
    """Seconds since the local minute began."""
    emergency: bool = False
    """The red flag that is open is one that cannot wait."""


@dataclass(frozen=True)
class Asked:
    """The last reminder of a kind that has not been answered: its episode, when and how often it was given in it."""

    episode: float
    """When the bout, the spell, or the deviation began that it is about; -1 where there is none."""
    t_s: float
    clock_s: float
    """What the clock of its kind showed: sitting in the bout, time without a shift, standing; for a posture notice
    the sitting at which it was due, so that one that had to wait does not put off the next."""
    times: int
    exercise: str = ""
    asks_s: float = 0.0
    """Off the chair for this long answers it; 0 where that is not what it asks for."""
    covers_posture: bool = False
    """A posture notice was near, which getting up answers as well."""


@dataclass(frozen=True)
class CoachState:
    """What the coach remembers."""

    asked: Mapping[ReminderKind, Asked] = field(default_factory=dict)
    """The last reminder of each kind."""
    before: Mapping[ReminderKind, Asked] = field(default_factory=dict)
    """`asked` before the last reminder, to which a snooze goes back."""
    given: tuple[tuple[float, ReminderKind], ...] = ()
    """When reminders were given in the last hour, with their kinds; the last one stays."""
    snoozed_until_s: float | None = None
    """No reminder before this time."""
    snoozed: tuple[ReminderKind, ...] = ()
    """Kinds that were snoozed and have not come back."""
    back_s: float = float("-inf")
    """When the user was last back from a break, or from what a reminder asked for."""
    stand_base_s: float = 0.0
    """What the clock of the bout showed when a stand was last answered in it."""
    stretch_base_s: float = 0.0
    """What the clock of the stretch showed when one was last answered."""
    bout_since_s: float | None = None
    """The bout that `stand_base_s` belongs to."""
    notices: int = 0
    """Posture notices since the last long rest."""
    posture_due_s: float | None = None
    """What `TimelineState.in_chair_s` was when a posture notice became due; None while none is."""
    rested_s: float = 0.0
    """`TimelineState.rested_total_s` when that was."""
    side_asked: bool = False
    """The asymmetry rule has asked for a stretch since watching began."""
    named_s: Mapping[str, float] = field(default_factory=dict)
    """When a stretch reminder last named each exercise."""
    stands: int = 0
    """In how many bouts a stand reminder was given; its exercises take turns."""
    still_s: float = -math.inf
    """When the user last said that they still stand."""
    heed: heeding.Heed = field(default_factory=heeding.Heed)
    """What became of the reminders of each kind."""
    silences: tuple[Silence, ...] = ()
    """What was held back since the last reminder, each once."""


@dataclass(frozen=True)
class Due:
    """A reminder that is due in `in_s` seconds if nothing changes; due now when that is 0 or less."""

    kind: ReminderKind
    episode: float
    in_s: float
    facts: Facts
    clock_s: float = 0.0
    """See `Asked`."""
    held: str = ""
    """Why it is held back, if it is due already."""
