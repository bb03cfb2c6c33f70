"""How long the sitting was, at least and at most, from what was seen and what was not. Pure.

What is not seen may hide a break, or none. At least is what was seen without room for a break in between; at most is
all that may have been one sitting: what was seen, calls (another program had the camera), and time in which nothing
could be told. A break that is known, seen or by the session, ends both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from posture.history.records import Interval
from posture.report.figures import Range
from posture.report.spans import Span

Kind = Literal["sitting", "off", "left", "busy", "blind"]
"""Off the chair is away or standing; what is unknown is by what was likely, `posture.timeline.state.UnknownKind`."""
LONGEST_HIDDEN = timedelta(hours=4)
"""Nobody claims a sitting that goes on through more than this unseen in one piece [design choice]."""


@dataclass(frozen=True)
class Spell:
    """A piece of time, and what is known of it."""

    start: datetime
    end: datetime
    kind: Kind

    @property
    def length_s(self) -> float:
        """Seconds."""
        return (self.end - self.start).total_seconds()


@dataclass(frozen=True)
class Sittings:
    """What can be said of the sittings of a span."""

    runs_s: tuple[float, ...]
    """Lengths of the sittings that are certain, seconds."""
    chains_s: tuple[float, ...]
    """Lengths of those that are possible, seconds."""
    total: Range
    """All sitting."""
    longest: Range
    """The longest one."""


def spells_of(presence: Iterable[tuple[datetime, datetime, Interval]], watched: Sequence[Span]) -> list[Spell]:
    """Turn records of presence, disjoint, into spells in order; time between two watches is blind.

    Parameters
    ----------
    presence : iterable of (datetime, datetime, Interval)
        From and until, and the record that holds there; in any order.
    watched : sequence of Span
        When the camera watched, disjoint and in order.
    """
    found: list[Spell] = []
    for start, end, record in sorted(presence, key=lambda each: each[0]):
        if found and start > found[-1].end:
            found.append(Spell(found[-1].end, start, "blind"))
        found.append(Spell(start, end, _kind(record)))
    if watched:
        first, last = watched[0][0], watched[-1][1]
        found = [
            Spell(max(spell.start, first), min(spell.end, last), spell.kind)
            for spell in found
            if spell.start < last and spell.end > first
        ]
    return found


def _kind(record: Interval) -> Kind:
    if record.label == "sitting":
        return "sitting"
    if record.label in ("away", "standing"):
        return "off"
    likely = record.detail.get("likely")
    return "left" if likely == "left" else "busy" if likely == "busy" else "blind"


def sittings_of(spells: Sequence[Spell], break_s: float) -> Sittings:
    """Say how long the sittings were; `break_s` off the chair ends one, seconds.

    The spells are disjoint, without gaps, and in order.
    """
    runs_s, chains_s = [0.0], [0.0]
    off_s = between_s = hidden_s = 0.0
    for spell in spells:
        if spell.kind == "sitting":
            if between_s >= break_s:
                runs_s.append(0.0)
            runs_s[-1] += spell.length_s
            chains_s[-1] += hidden_s + spell.length_s
            off_s = between_s = hidden_s = 0.0
            continue
        between_s += spell.length_s
        if spell.kind in ("off", "left"):
            off_s += spell.length_s
            if off_s >= break_s:
                # What was hidden before it may still have been part of the sitting.
                chains_s[-1] += hidden_s
                hidden_s = 0.0
                if chains_s[-1] > 0:
                    chains_s.append(0.0)
        elif spell.end - spell.start >= LONGEST_HIDDEN:
            hidden_s = 0.0
            chains_s.append(0.0)
        else:
            hidden_s += spell.length_s
    chains_s[-1] += hidden_s
    seen_s = sum(spell.length_s for spell in spells if spell.kind == "sitting")
    possible_s = sum(chains_s)
    return Sittings(
        tuple(length_s for length_s in runs_s if length_s > 0),
        tuple(length_s for length_s in chains_s if length_s > 0),
        Range(seen_s, possible_s),
        Range(max(runs_s), max(chains_s)),
    )
