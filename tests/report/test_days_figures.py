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
from posture.report.answer import answer_of
from posture.report.end_of_day import notice
from posture.report.figures import Range, Summary
from posture.report.review import Review, review
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
    review: Review
    """Of the first day of it."""

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
    summary = Records(memory, start, stop).summarise(start, stop, Settings())
    found = review(memory, [day.start.date()], Settings(), day.start.tzinfo)
    return Told(name, day.start, tuple(player.truth), summary, found)


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


# -- the answer -------------------------------------------------------------------------------------------------------


def _seconds(text: str) -> float:
    """Read a duration as `posture.coach.words.minutes` writes it."""
    hours, minutes = text.split(" h ") if " h " in text else ("0", text.removesuffix(" min"))
    return float(text.removesuffix(" s")) if text.endswith(" s") else 3600.0 * int(hours) + 60.0 * int(minutes)


@cross
def test_every_sentence_of_the_answer_is_true(name: str, policy: play_day.Policy) -> None:
    day = told(name, policy)
    several = name.startswith("two-days")  # the truth is of both
    said = {sentence.template: sentence.values for sentence in answer_of(day.review, exercises=True).sentences}
    checked = 0
    for template, values in said.items():
        if template.startswith(("You sat {sitting}", "The longest sitting was {sitting}")):
            least = most = _seconds(values["sitting"])
        elif "{least}" in template:
            least, most = _seconds(values["least"]), _seconds(values["most"])
        else:
            continue
        which = "sitting_s" if template.startswith("You sat") else "longest_sitting_s"
        if not several:
            assert is_in(Range(least, most), day.figures[which], 60.0 + 2 * day.tolerance_s), template
        checked += 1
    assert checked == 2
    if policy == "literal":
        assert any("all {asked} reminders" in template for template in said)
    if policy == "ignore":
        assert not any("all {asked} reminders" in template or "{told}" in template for template in said)


def test_who_gets_up_at_every_reminder_does_not_sit_on() -> None:
    for name in DAYS if ALL else ("long-sitter", "meetings", "lid"):
        assert told(name, "obey").summary.figures.bouts.sat_on_share == pytest.approx(0.0, abs=0.02), name
    ignored = told("long-sitter", "ignore").summary.figures.bouts
    assert ignored.sat_on_share == pytest.approx(ignored.over_limit_share) == pytest.approx(1.0)
    # Who says "done" and stays was seen sitting on.
    assert told("long-sitter", "done").summary.figures.bouts.sat_on_share == pytest.approx(1.0)


def test_the_answer_names_what_was_not_seen() -> None:
    texts = {name: answer_of(told(name, "ignore").review).text for name in ("meetings", "locked-seated", "left-leaner")}
    assert "You sat at least 4 h 10 and at most 6 h 10." in texts["meetings"]
    assert "Another program had the camera for 2 h 00, as in a call; you may have sat then." in texts["meetings"]
    assert "For 1 h 14 you were not seen; you may have sat then." in texts["locked-seated"]
    assert "You leaned left for 3 h 52." in texts["left-leaner"]
    assert "more than right on" not in texts["left-leaner"]  # of one day nothing is usual
