"""Believable office days, played through the real rooms: what is said of them in the end is true."""

from __future__ import annotations

import functools
import itertools
import os
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast, get_args

import pytest

from posture.history.records import Memory
from posture.history.store import Store
from posture.report.end_of_day import notice
from posture.report.figures import Range, Summary
from posture.report.spans import Span, Track, union
from posture.report.summary import Records
from posture.report.words import figure_rows
from posture.settings import Settings

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import play_day  # noqa: E402

ALL = bool(os.environ.get("POSTURE_ALL_DAYS"))
"""Every day with every policy: nightly."""
DAYS = {path.stem: play_day.day_of(path) for path in sorted((ROOT / "tests" / "data" / "days").glob("*.json"))}
POLICIES: tuple[play_day.Policy, ...] = get_args(play_day.Policy)
TOLERANCE_S = 30.0
"""Looks are seconds apart, and what is seen counts after it has lasted for its dwell."""
RAISED_S = 180.0
"""A desk that goes up and down with the camera is noticed later than that."""


@dataclass(frozen=True)
class Told:
    """A day that was played: the truth, and what is said of it."""

    name: str
    start: datetime
    truth: tuple[play_day.Lived, ...]
    summary: Summary

    @property
    def tolerance_s(self) -> float:
        return RAISED_S if self.name == "raised-desk" else TOLERANCE_S

    @property
    def figures(self) -> dict[str, float]:
        return play_day.truth_figures(self.truth)

    def truly_off(self) -> Track:
        spans: list[Span] = [
            (self.start + timedelta(seconds=it.since_s), self.start + timedelta(seconds=it.until_s))
            for it in self.truth
            if it.presence != "sitting"
        ]
        return Track(union(spans))


@functools.cache
def told(name: str, policy: play_day.Policy) -> Told:
    day, memory = DAYS[name], Memory()
    player = play_day.Player(day, policy, Settings(), cast(Store, memory))
    player.play()
    start = day.start.replace(hour=0, minute=0)
    stop = start + timedelta(days=1 + int(player.truth[-1].until_s // 86400))
    return Told(name, day.start, tuple(player.truth), Records(memory, start, stop).summarise(start, stop, Settings()))


CROSS = [
    pytest.param(name, policy, marks=() if policy == "literal" else pytest.mark.slow)
    for name, policy in itertools.product(DAYS, POLICIES)
    if ALL or policy in ("ignore", "literal")
]
cross = pytest.mark.parametrize(("name", "policy"), CROSS)


def is_in(of: Range, value_s: float, tolerance_s: float) -> bool:
    return of.at_least_s - tolerance_s <= value_s <= of.at_most_s + tolerance_s


@cross
def test_how_long_was_sat_lies_within_what_is_said(name: str, policy: play_day.Policy) -> None:
    day = told(name, policy)
    it, truth = day.summary.figures, day.figures
    assert not day.summary.hidden
    assert is_in(it.bouts.longest, truth["longest_sitting_s"], day.tolerance_s)
    assert is_in(it.sitting, truth["sitting_s"], 2 * day.tolerance_s)
    assert it.bouts.longest.at_least_s - 1.0 <= (it.bouts.longest_s or 0.0) <= it.bouts.longest.at_most_s + TOLERANCE_S
    assert it.bouts.w50.at_least_s <= it.bouts.w50.at_most_s <= it.bouts.longest.at_most_s


@cross
def test_no_break_is_claimed_that_was_none(name: str, policy: play_day.Policy) -> None:
    day = told(name, policy)
    off = day.truly_off()
    assert day.summary.figures.breaks.effective <= day.figures["breaks"]
    for start, stop in day.summary.breaks:
        assert off.seconds(start - timedelta(seconds=TOLERANCE_S), stop) >= 120.0 - TOLERANCE_S
    # What the person was up for is not called sitting.
    seen_s = sum((b - a).total_seconds() - off_s for a, b, off_s in _sitting(day, off))
    assert seen_s >= day.summary.figures.sitting_s - 2 * day.tolerance_s - TOLERANCE_S


def _sitting(day: Told, off: Track) -> list[tuple[datetime, datetime, float]]:
    return [(a, b, off.seconds(a, b)) for a, b, presence in day.summary.spells if presence == "sitting"]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("name", ["locker", "lid"])
def test_every_leave_is_a_break_of_whoever_locks_the_screen_or_closes_the_lid(
    name: str, policy: play_day.Policy
) -> None:
    day = told(name, policy)
    it = day.summary.figures
    leaves = sum(segment.presence == "away" for segment in DAYS[name].segments)
    assert it.breaks.by_session == leaves
    assert it.breaks.effective == day.figures["breaks"] >= leaves
    assert it.sitting.at_least_s == pytest.approx(it.sitting.at_most_s, abs=60.0)
    assert it.left_s == pytest.approx(day.figures["away_s"] - it.away_s, abs=120.0)
    assert f"{leaves} of them by the locked screen or closed lid" in str(notice(day.summary)) or (
        it.breaks.effective == leaves and "all of them by the locked screen" in str(notice(day.summary))
    )


@cross
def test_what_was_asked_and_done_is_the_answer(name: str, policy: play_day.Policy) -> None:
    it = told(name, policy).summary.figures.reminders
    if policy in ("literal", "obey"):
        assert it.kept >= 0.9 * it.asked_break
    if policy == "done":
        assert it.kept + it.told == it.asked_break
    if policy != "done":
        assert it.told == 0
    assert it.kept + it.told + it.partly + it.late + it.missed == it.asked_break <= it.given


def test_a_call_is_neither_sitting_nor_a_break() -> None:
    for name, calls_s in (("meetings", 7200.0), ("three-calls", 60.0 * _minutes("three-calls", "camera in use"))):
        day = told(name, "ignore")
        it = day.summary.figures
        assert it.busy_s == pytest.approx(calls_s, abs=60.0)
        assert it.sitting.at_most_s - it.sitting.at_least_s == pytest.approx(calls_s, abs=60.0)
        shown = {row.name: row for row in figure_rows(day.summary)}
        assert " to " in shown["Sitting"].value
        assert "if you sat in calls" in shown["Sitting"].note
        assert shown["In calls"].note == "another program had the camera"
        assert " to " in str(notice(day.summary))


def _minutes(name: str, reason: str) -> float:
    return sum(segment.minutes for segment in DAYS[name].segments if segment.reason == reason)


def test_who_locks_the_screen_and_stays_may_have_sat() -> None:
    it = told("locked-seated", "ignore").summary.figures
    assert it.breaks.by_session == 0
    assert it.sitting.at_most_s - it.sitting.at_least_s == pytest.approx(it.blind_s, abs=1.0)
    assert it.blind_s >= 60.0 * _minutes("locked-seated", "the screen is locked") - 120.0
