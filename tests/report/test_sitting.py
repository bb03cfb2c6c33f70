"""How long the sitting was at least and at most: whatever happened unseen, the truth lies between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.history.records import Interval
from posture.report.figures import Range
from posture.report.sitting import (
    LONGEST_HIDDEN_S,
    LONGEST_RESTART_S,
    Kind,
    Sittings,
    Spell,
    hidden_breaks,
    sittings_of,
    spells_of,
    within,
)

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
BREAK_S = 60.0
H = 3600.0


def at(s: float) -> datetime:
    return T0 + timedelta(seconds=s)


def spells(*parts: tuple[Kind, float]) -> list[Spell]:
    """Spells one after the other, each (kind, seconds)."""
    found, s = [], 0.0
    for kind, length_s in parts:
        found.append(Spell(at(s), at(s + length_s), kind))
        s += length_s
    return found


def longest(*parts: tuple[Kind, float]) -> tuple[float, float]:
    it = sittings_of(spells(*parts), BREAK_S).longest
    return it.at_least_s, it.at_most_s


# -- by example -------------------------------------------------------------------------------------------------------


def test_all_that_was_seen_is_certain() -> None:
    it = sittings_of(spells(("sitting", 900), ("off", 59), ("sitting", 300), ("off", 60), ("sitting", 400)), BREAK_S)
    assert it == Sittings(Range(1600, 1600), Range(1200, 1200), Range(1200, 1200))


@pytest.mark.parametrize("kind", ["busy", "blind"])
def test_what_is_not_seen_may_hide_a_break_or_none(kind: Kind) -> None:
    assert longest(("sitting", 900), (kind, 60), ("sitting", 300)) == (900, 1260)
    # Too short for a break: the sitting goes on.
    assert longest(("sitting", 900), (kind, 59), ("sitting", 300)) == (1200, 1259)
    assert longest(("sitting", 900), (kind, 40), ("off", 19), ("sitting", 300)) == (1200, 1240)
    assert longest(("sitting", 900), (kind, 40), ("off", 20), ("sitting", 300)) == (900, 1240)


@pytest.mark.parametrize("kind", ["off", "left"])
def test_a_break_that_is_known_ends_both(kind: Kind) -> None:
    assert longest(("sitting", 900), (kind, 60), ("sitting", 300)) == (900, 900)
    assert longest(("sitting", 900), ("off", 30), ("left", 30), ("sitting", 300)) == (900, 900)
    # What was hidden before the break and after it may have been sitting.
    assert longest(("sitting", 900), ("blind", 500), (kind, 60), ("busy", 700), ("sitting", 300)) == (900, 1400)
    # Between two short times off somebody may have sat.
    assert longest(("sitting", 900), (kind, 40), ("blind", 5), (kind, 40), ("sitting", 300)) == (900, 1205)


def test_nobody_claims_a_sitting_of_a_night() -> None:
    almost, all_of_it = LONGEST_HIDDEN_S - 1, LONGEST_HIDDEN_S
    assert longest(("sitting", 900), ("blind", almost), ("sitting", 300)) == (900, 1200 + almost)
    assert longest(("sitting", 900), ("blind", all_of_it), ("sitting", 300)) == (900, 900)
    assert longest(("sitting", 900), ("blind", almost), ("busy", 1), ("sitting", 300)) == (900, 900)
    assert longest(("sitting", 900), ("unwatched", 1800), ("sitting", 300)) == (900, 900)
    assert longest(("sitting", 900), ("unwatched", 30), ("sitting", 300)) == (900, 900)


def test_the_total_is_of_the_span_and_the_longest_is_whole() -> None:
    parts = spells(("sitting", 900), ("busy", 100), ("off", 60), ("sitting", 500), ("blind", 200))
    it = sittings_of(parts, BREAK_S, at(850), at(1600))
    assert it.total == Range(50 + 500, 50 + 500 + 100 + 40)
    assert it.longest == Range(900, 1000)
    assert sittings_of(parts, BREAK_S, at(1000), at(1600)).longest == Range(500, 700)
    assert sittings_of(parts, BREAK_S, at(1000), at(1060)) == Sittings(Range(0, 0), Range(0, 0), Range(0, 0))


def test_half_of_what_was_hidden_may_have_been_short() -> None:
    """With more hidden than seen, it may all have been in sittings of a moment."""
    assert sittings_of(spells(("blind", 900), ("off", 60), ("sitting", 900)), BREAK_S).w50 == Range(0, 900)
    assert sittings_of(spells(("blind", 899), ("off", 60), ("sitting", 900)), BREAK_S).w50 == Range(900, 900)


def test_how_many_breaks_may_have_gone_unseen() -> None:
    parts = spells(("sitting", 900), ("busy", 239), ("off", 600), ("blind", 100), ("busy", 20), ("sitting", 1))
    assert hidden_breaks(parts, 120) == 2
    assert hidden_breaks(spells(("left", 900), ("off", 900)), 120) == 0


def record(label: str, a: float, b: float, likely: str = "") -> tuple[datetime, datetime, Interval]:
    return at(a), at(b), Interval("presence", label, at(a), at(b), {"likely": likely} if likely else {})


def test_records_become_spells_without_gaps() -> None:
    presence = [
        record("unknown", 300, 400, "busy"),
        record("sitting", 0, 100),
        record("unknown", 400, 500, "left"),
        record("standing", 100, 200),
        record("away", 200, 300),
        record("unknown", 500, 600, "blind"),
        record("unknown", 600, 700),
        record("sitting", 800, 950),
    ]
    found = spells_of(presence, [(at(-50), at(700)), (at(800), at(900))])
    assert [((s.start - T0).total_seconds(), s.length_s, s.kind) for s in found] == [
        (-50, 50, "blind"),  # watched, and nothing known yet
        (0, 100, "sitting"),
        (100, 100, "off"),
        (200, 100, "off"),
        (300, 100, "busy"),
        (400, 100, "left"),
        (500, 100, "blind"),
        (600, 100, "blind"),
        (700, 100, "blind"),  # started again
        (800, 100, "sitting"),
    ]
    assert spells_of(presence, []) == []


@pytest.mark.parametrize(("gap_s", "kind"), [(LONGEST_RESTART_S - 1, "blind"), (LONGEST_RESTART_S, "unwatched")])
def test_of_a_long_time_without_any_record_nothing_is_said(gap_s: float, kind: Kind) -> None:
    sat = [record("sitting", 0, 100), record("sitting", 100 + gap_s, 200 + gap_s)]
    watched = [(a, b) for a, b, _ in sat]
    assert [spell.kind for spell in spells_of(sat, watched)] == ["sitting", kind, "sitting"]
    # While the machine was locked there is a record, although nobody looked.
    locked = [*sat, record("unknown", 100, 100 + gap_s)]
    assert [spell.kind for spell in spells_of(locked, watched)] == ["sitting", "blind", "sitting"]


# -- whatever happens -------------------------------------------------------------------------------------------------

lengths = st.integers(1, 2000).map(float)
true_parts = st.lists(st.tuples(st.sampled_from(["sitting", "off"]), lengths), min_size=1, max_size=12)
masks = st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 1500), st.sampled_from(["busy", "blind"])), max_size=5)


def true_sittings(parts: list[Spell]) -> list[float]:
    """The lengths of the true sittings: `BREAK_S` off the chair in one piece ends one."""
    found, off_s = [0.0], 0.0
    for spell in parts:
        if spell.kind == "sitting":
            if off_s >= BREAK_S:
                found.append(0.0)
            found[-1] += spell.length_s
            off_s = 0.0
        else:
            off_s += spell.length_s
    return [length_s for length_s in found if length_s > 0]


def half_s(lengths_s: list[float]) -> float:
    run = 0.0
    for length_s in sorted(lengths_s):
        run += length_s
        if run >= sum(lengths_s) / 2:
            return length_s
    return 0.0


def masked(parts: list[Spell], mask: list[tuple[int, int, Kind]]) -> list[Spell]:
    """What is left to see of the truth; what is hidden twice is hidden by the last."""
    for begin, length, kind in mask:
        a, b = at(begin), min(at(begin + length), parts[-1].end)
        if a >= b:
            continue
        parts = [*within(parts, T0, a), Spell(a, b, kind), *within(parts, b, parts[-1].end)]
    return parts


def is_in(of: Range, value: float) -> bool:
    return of.at_least_s <= value <= of.at_most_s


@given(true_parts, masks)
def test_the_truth_lies_between(truth: list[tuple[Kind, float]], mask: list[tuple[int, int, Kind]]) -> None:
    true = spells(*truth)
    it = sittings_of(masked(true, mask), BREAK_S)
    sat = true_sittings(true)
    assert is_in(it.total, sum(sat))
    assert is_in(it.longest, max(sat, default=0.0))
    assert is_in(it.w50, half_s(sat))
    if not mask:
        assert (it.longest.at_least_s, it.w50.at_least_s) == (it.longest.at_most_s, it.w50.at_most_s)


@given(true_parts, masks, st.integers(1, 20000))
def test_more_that_is_seen_says_more(
    truth: list[tuple[Kind, float]], mask: list[tuple[int, int, Kind]], cut: int
) -> None:
    """Of two masks the one that hides less leaves the narrower range."""
    true = spells(*truth)
    fewer = masked(true, [(begin, length, kind) for begin, length, kind in mask if begin + length <= cut])
    more, less = sittings_of(masked(true, mask), BREAK_S), sittings_of(fewer, BREAK_S)
    for wide, narrow in ((more.total, less.total), (more.longest, less.longest)):
        assert wide.at_least_s <= narrow.at_least_s <= narrow.at_most_s <= wide.at_most_s


kinds = st.sampled_from(get_args(Kind))
any_parts = st.lists(st.tuples(kinds, lengths), min_size=1, max_size=12)


@given(any_parts, st.data())
def test_a_spell_that_is_split_changes_nothing(parts: list[tuple[Kind, float]], data: st.DataObject) -> None:
    whole = spells(*parts)
    cut = data.draw(st.integers(1, int(sum(length for _, length in parts))))
    split = [*within(whole, T0, at(cut)), *within(whole, at(cut), whole[-1].end)]
    assert sittings_of(split, BREAK_S) == sittings_of(whole, BREAK_S)
    assert hidden_breaks(split, 120) == hidden_breaks(whole, 120)


@given(any_parts, any_parts, st.sampled_from(["off", "left"]), st.floats(BREAK_S, 9000))
def test_what_lies_on_both_sides_of_a_known_break_is_apart(
    before: list[tuple[Kind, float]], after: list[tuple[Kind, float]], kind: Kind, off_s: float
) -> None:
    both = sittings_of(spells(*before, (kind, off_s), *after), BREAK_S).longest
    one, other = (sittings_of(spells(*parts), BREAK_S).longest for parts in (before, after))
    assert both.at_least_s == max(one.at_least_s, other.at_least_s)
    assert both.at_most_s == max(one.at_most_s, other.at_most_s)


@given(any_parts)
def test_the_ends_are_in_order_and_within_the_time(parts: list[tuple[Kind, float]]) -> None:
    it = sittings_of(spells(*parts), BREAK_S)
    for of in (it.total, it.longest, it.w50):
        assert 0 <= of.at_least_s <= of.at_most_s <= sum(length for _, length in parts)
    assert it.longest.at_most_s <= it.total.at_most_s
    assert it.w50.at_least_s <= it.longest.at_least_s
