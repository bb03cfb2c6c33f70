"""How long the sitting was, at least and at most, from what was seen and what was not. Pure.

What is not seen may hide a break, or none. At least is what was seen without room for a break in between; at most is
all that may have been one sitting: what was seen, calls (another program had the camera), and time in which nothing
could be told. A break that is known, seen or by the session, ends both.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from posture.history.records import Interval
from posture.report.figures import Range
from posture.report.spans import Span, meet, minus, union

Kind = Literal["sitting", "off", "left", "busy", "blind", "unwatched"]
"""Off the chair is away or standing; what is unknown is by what was likely, `posture.timeline.state.UnknownKind`; of
what was not watched nothing is said."""
LONGEST_HIDDEN_S = 4 * 3600.0
"""Nobody claims a sitting that goes on through this much unseen in one piece [design choice]."""
LONGEST_RESTART_S = 1800.0
"""Time without any record, as while posture is started again, is blind up to this, and unwatched beyond it [design
choice]."""


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

    total: Range
    """All sitting, in the span."""
    longest: Range
    """The longest one that lies at least partly in the span, whole."""
    w50: Range
    """Half of the sitting in the span was in sittings no longer than this."""


@dataclass
class _Stretch:
    """Spells that make up one sitting: whole, and the parts of it in the span that were seen and that were not."""

    whole_s: float = 0.0
    seen_s: float = 0.0
    hidden_s: float = 0.0

    def add(self, other: _Stretch) -> None:
        self.whole_s += other.whole_s
        self.seen_s += other.seen_s
        self.hidden_s += other.hidden_s


def spells_of(presence: Iterable[tuple[datetime, datetime, Interval]], watched: Sequence[Span]) -> list[Spell]:
    """Turn records of presence, disjoint, into spells from the first watch to the last, in order, without gaps.

    Parameters
    ----------
    presence : iterable of (datetime, datetime, Interval)
        From and until, and the record that holds there; in any order.
    watched : sequence of Span
        When the camera watched, disjoint and in order.
    """
    if not watched:
        return []
    first, last = watched[0][0], watched[-1][1]
    found = within([Spell(start, end, _kind(record)) for start, end, record in presence], first, last)
    rest = minus([(first, last)], union((spell.start, spell.end) for spell in found))
    found += [Spell(start, end, "blind") for start, end in meet(rest, watched)]
    found += [_between(start, end) for start, end in minus(rest, watched)]
    return sorted(found, key=lambda spell: spell.start)


def _between(start: datetime, end: datetime) -> Spell:
    short = (end - start).total_seconds() < LONGEST_RESTART_S
    return Spell(start, end, "blind" if short else "unwatched")


def within(spells: Iterable[Spell], start: datetime, stop: datetime) -> list[Spell]:
    """Cut spells to [start, stop)."""
    near = (spell for spell in spells if spell.start < stop and spell.end > start)
    return [
        spell
        if start <= spell.start and spell.end <= stop
        else Spell(max(spell.start, start), min(spell.end, stop), spell.kind)
        for spell in near
    ]


def _kind(record: Interval) -> Kind:
    if record.label == "sitting":
        return "sitting"
    if record.label in ("away", "standing"):
        return "off"
    likely = record.detail.get("likely")
    return "left" if likely == "left" else "busy" if likely == "busy" else "blind"


def hidden_breaks(spells: Iterable[Spell], least_s: float) -> int:
    """How many breaks of `least_s` seconds may lie in what was not seen."""
    return sum(int(length_s // least_s) for kind, length_s in _pieces(spells) if kind == "hidden")


def _pieces(spells: Iterable[Spell]) -> list[tuple[str, float]]:
    """(sitting, off, hidden or unwatched, seconds), no two alike in a row."""
    grouped = groupby(spells, key=_coarse)
    return [(kind, sum(spell.length_s for spell in group)) for kind, group in grouped]


def _coarse(spell: Spell) -> str:
    return {"left": "off", "busy": "hidden", "blind": "hidden"}.get(spell.kind, spell.kind)


def sittings_of(
    spells: Sequence[Spell], break_s: float, start: datetime | None = None, stop: datetime | None = None
) -> Sittings:
    """Say how long the sittings were that lie at least partly in [start, stop), or anywhere.

    Parameters
    ----------
    spells : sequence of Spell
        Disjoint, without gaps, and in order.
    break_s : float
        Off the chair for this long in one piece ends a sitting, seconds.
    """

    def measured(group: Iterable[Spell], *, seen: bool) -> _Stretch:
        whole_s = inside_s = 0.0
        for spell in group:
            first, last = max(spell.start, start or spell.start), min(spell.end, stop or spell.end)
            whole_s += spell.length_s
            inside_s += max(timedelta(), last - first).total_seconds()
        return _Stretch(whole_s, inside_s if seen else 0.0, 0.0 if seen else inside_s)

    runs, chains = [_Stretch()], [_Stretch()]  # sittings that are certain, and those that are possible
    between_s = 0.0
    for kind, group in groupby(spells, key=_coarse):
        piece = measured(group, seen=kind == "sitting")
        if kind == "sitting":
            if between_s >= break_s:
                runs.append(_Stretch())
            runs[-1].add(piece)
            chains[-1].add(piece)
            between_s = 0.0
            continue
        between_s += piece.whole_s if kind != "unwatched" else break_s
        if kind == "hidden" and piece.whole_s < LONGEST_HIDDEN_S:
            chains[-1].add(piece)
        elif kind != "off" or piece.whole_s >= break_s:
            chains.append(_Stretch())
    runs = [run for run in runs if run.seen_s > 0]
    chains = [chain for chain in chains if chain.seen_s + chain.hidden_s > 0]
    seen_s = sum(run.seen_s for run in runs)
    return Sittings(
        total=Range(seen_s, seen_s + sum(chain.hidden_s for chain in chains)),
        longest=Range(_longest_s(runs), _longest_s(chains)),
        w50=_w50(runs, chains),
    )


def _longest_s(stretches: Iterable[_Stretch]) -> float:
    return max((stretch.whole_s for stretch in stretches), default=0.0)


def _w50(runs: Sequence[_Stretch], chains: Sequence[_Stretch]) -> Range:
    """W50 at least and at most.

    A true sitting is no shorter than the runs that it is made of, and no longer than the chain that it lies in. What is
    hidden counts for the least if it was all in short sittings, and for the most if it was all in long ones.
    """
    seen_s, hidden_s = sum(run.seen_s for run in runs), sum(chain.hidden_s for chain in chains)

    def up_to(stretches: Iterable[_Stretch], longest_s: float, part: Callable[[_Stretch], float]) -> float:
        return sum(part(stretch) for stretch in stretches if stretch.whole_s <= longest_s)

    def least(longest_s: float) -> bool:
        return up_to(runs, longest_s, lambda run: run.seen_s) >= (seen_s - hidden_s) / 2.0

    def most(longest_s: float) -> bool:
        hidden_in_longer_s = hidden_s - up_to(chains, longest_s, lambda chain: chain.hidden_s)
        return up_to(chains, longest_s, lambda chain: chain.seen_s) >= (seen_s + hidden_in_longer_s) / 2.0

    shortest, longest = sorted({run.whole_s for run in runs}), sorted({chain.whole_s for chain in chains})
    # Once true, each is true of every longer one.
    first, last = bisect_left(shortest, True, key=least), bisect_left(longest, True, key=most)
    return Range(
        shortest[first] if hidden_s < seen_s and first < len(shortest) else 0.0,
        longest[last] if last < len(longest) else _longest_s(chains),
    )
