"""The coach's policy over a timeline that is made by the real timeline."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.coach import advance as coach
from posture.coach.due import NEAR
from posture.coach.exercises import find_exercise
from posture.coach.next import next_reminder
from posture.coach.reminder import Reminder
from posture.coach.state import CoachContext, CoachState
from posture.measure.observation import Cause, Deviation, Observation, Presence
from posture.settings import CoachSettings, TimelineSettings
from posture.timeline.advance import advance as step_timeline
from posture.timeline.events import BoutEnded
from posture.timeline.state import TimelineState

TIMELINE = TimelineSettings()
SETTINGS = CoachSettings()
STEP_S = 5.0
DAYTIME = CoachContext()


@dataclass
class Day:
    """A simulated sitter, looked at every five seconds unless said otherwise."""

    settings: CoachSettings = SETTINGS
    context: CoachContext = DAYTIME
    shifting: bool = True
    corrects: bool = False
    """Sits well for ten minutes when told of a deviation."""
    snoozes: int = 0
    """So many are snoozed."""
    step_s: float = STEP_S

    def __post_init__(self) -> None:
        self.t_s = 0.0
        self.timeline, self.state = TimelineState(), CoachState()
        self.said: list[Reminder] = []
        self.timelines: list[TimelineState] = []
        self.back_s: list[float] = []
        self.well_until_s = 0.0
        self.left = False

    def live(
        self,
        presence: Presence,
        minutes: float,
        *,
        cause: Cause = "",
        levels: dict[Deviation, float | None] | None = None,
        shift_every_s: float | None = 300.0,
    ) -> Day:
        until_s = self.t_s + minutes * 60
        while self.t_s < until_s:
            place = 0.0 if shift_every_s is None or not self.shifting else 3.0 * (self.t_s // shift_every_s)
            well: dict[Deviation, float | None] = dict.fromkeys(levels or {}, 0.0)
            now_levels = well if self.t_s < self.well_until_s else levels or {}
            seen = Observation(self.t_s, presence, levels=now_levels, posture=(place,), cause=cause)
            bout = self.timeline.bout
            self.timeline, events = step_timeline(self.timeline, seen, TIMELINE)
            self.left |= any(isinstance(event, BoutEnded) and event.ended_by != "unknown" for event in events)
            if self.left and bout is None and self.timeline.bout is not None:
                self.back_s.append(self.timeline.bout.since_s - self.timeline.bout.busy_s)
                self.left = False
            self.state, said = coach.advance(self.state, self.timeline, self.context, self.settings)
            self.said += said
            self.timelines += [self.timeline for _ in said]
            if self.corrects and any(reminder.kind == "posture" for reminder in said):
                self.well_until_s = self.t_s + 600.0
            if said and self.snoozes:
                self.snoozes -= 1
                self.state = coach.snooze(self.state, self.t_s + self.settings.snooze_s)
            self.t_s += self.step_s
        return self

    def heard(self) -> list[tuple[str, int]]:
        return [(reminder.kind, round(reminder.t_s / 60)) for reminder in self.said]


def test_stand_after_half_an_hour_and_on_at_widening_intervals() -> None:
    day = Day(replace(SETTINGS, stretch_after_s=8 * 3600.0)).live("sitting", 125)
    assert day.heard() == [("stand", minute) for minute in (30, 45, 65, 90, 120)]
    assert [reminder.repeat for reminder in day.said] == [False, True, True, True, True]


@settings(max_examples=15)
@given(st.floats(5.0, 30.0), st.floats(0.0, 600.0))
def test_the_waits_widen_however_often_is_looked_and_whenever_they_sat_down(step_s: float, off_s: float) -> None:
    day = Day(replace(SETTINGS, stretch_after_s=8 * 3600.0), step_s=step_s).live("away", off_s / 60)
    began_s = day.t_s
    day.live("sitting", 121)
    assert {reminder.kind for reminder in day.said} == {"stand"}
    # Each may be late by a look, and what comes after it then is, too.
    late_s = [day.said[k].t_s - began_s - 60 * minute for k, minute in enumerate((30, 45, 65, 90))]
    assert all(0.0 <= late <= 4 * step_s for late in late_s)


def test_three_hours_of_never_getting_up_are_told_of_four_times_at_least() -> None:
    said = Day().live("sitting", 180).said
    assert sum(reminder.kind in ("stand", "stretch") for reminder in said) >= 4


def test_a_break_that_was_seen_is_credited() -> None:
    day = Day().live("sitting", 31).live("away", 3).live("sitting", 31)
    assert day.heard() == [("stand", 30), ("stand", 64)]
    assert not day.said[1].repeat


def test_an_unseen_break_is_not_credited() -> None:
    day = Day().live("sitting", 20).live("unknown", 5).live("sitting", 11)
    assert day.heard() == [("stand", 35)]


def test_move_when_nothing_shifts() -> None:
    day = Day().live("sitting", 20, shift_every_s=None)
    assert day.heard() == [("move", 15)]
    assert Day().live("sitting", 20, shift_every_s=300).heard() == []


def test_a_stretch_covers_a_stand_and_names_the_side() -> None:
    day = Day(replace(SETTINGS, stretch_after_s=1800.0), CoachContext(shortened_side="right"))
    day.live("sitting", 31)
    (said,) = day.said
    assert (said.kind, said.side) == ("stretch", "right")
    assert "stand" in said.covers
    assert "leaned right more" in said.body
    assert "raise the right arm" in said.body


def test_stretch_counts_sitting_over_bouts() -> None:
    day = Day()
    for _ in range(5):
        day.live("sitting", 25).live("away", 5)
    assert ("stretch", 140) in day.heard()


def test_the_users_side_overrides_the_rule() -> None:
    settings = replace(SETTINGS, first_side="left")
    day = Day(settings, CoachContext(shortened_side="right")).live("sitting", 31)
    assert day.said[0].side == "left"


def test_the_asymmetry_rule_asks_for_a_stretch_in_place_of_the_next_stand() -> None:
    day = Day(context=CoachContext(shortened_side="left")).live("sitting", 31)
    assert day.heard() == [("stretch", 30)]


def test_posture_only_when_it_is_sustained() -> None:
    assert Day().live("sitting", 2, levels={"slump": 2.0}).heard() == []
    (said,) = Day().live("sitting", 4, levels={"slump": 2.0}).said
    assert said.kind == "posture"
    assert "slumped" in said.why


def test_sit_after_standing_long() -> None:
    assert Day().live("standing", 40).heard() == [("sit", 35)]


def test_nothing_is_said_to_an_empty_chair_or_when_unknown() -> None:
    day = Day().live("sitting", 29).live("unknown", 20)
    assert day.heard() == []
    assert Day().live("away", 200).heard() == []


@pytest.mark.parametrize(
    ("minute", "hours", "quiet"),
    [(23 * 60, "22:00-07:00", True), (6 * 60, "22:00-07:00", True), (12 * 60, "22:00-07:00", False), (0, "", False)],
)
def test_quiet_hours(minute: int, hours: str, quiet: bool) -> None:
    day = Day(replace(SETTINGS, quiet_hours=hours), CoachContext(local_minute=minute)).live("sitting", 35)
    assert (day.heard() == []) is quiet


def test_a_nudge_waits_and_comes_merged() -> None:
    day = Day(context=CoachContext(waiting="in a call")).live("sitting", 45, shift_every_s=None)
    assert day.said == []
    day.context = CoachContext()
    day.live("sitting", 1, shift_every_s=None)
    (said,) = day.said
    assert (said.kind, said.covers) == ("stand", ("move",))


def test_snooze() -> None:
    day = Day().live("sitting", 29)
    day.state = replace(day.state, snoozed_until_s=day.t_s + 600)
    day.live("sitting", 12)
    assert day.heard() == [("stand", 39)]


def test_next_reminder_is_the_one_that_comes() -> None:
    day = Day().live("sitting", 10, shift_every_s=None)
    coming = next_reminder(day.state, day.timeline, day.context, SETTINGS)
    assert coming is not None
    assert (coming.kind, round(coming.in_s / 60)) == ("move", 5)


KINDS: dict[str, tuple[Presence, Cause]] = {
    "sitting": ("sitting", ""),
    "standing": ("standing", ""),
    "away": ("away", ""),
    "locked": ("unknown", "locked"),
    "lid closed": ("unknown", "lid closed"),
    "call": ("unknown", "busy"),
    "dark": ("unknown", "blind"),
}
SPELLS = st.lists(
    st.tuples(
        st.sampled_from([*KINDS, "sitting", "sitting"]),
        st.floats(0.1, 4.0) | st.floats(0.5, 50.0) | st.floats(50.0, 120.0),
        st.sampled_from([0.0, 0.5, 2.0]),
    ),
    min_size=1,
    max_size=6,
)
Spells = list[tuple[str, float, float]]
SIDES: Sequence[Literal["left", "right"] | None] = (None, "left", "right")


def lived(spells: Spells, day: Day) -> Day:
    for name, minutes, slump in spells:
        presence, cause = KINDS[name]
        day.live(presence, minutes, cause=cause, levels={"slump": slump})
    return day


@settings(max_examples=25)
@given(SPELLS, st.sampled_from(SIDES), st.booleans())
def test_whatever_happens_it_is_a_coach_that_one_keeps(
    spells: Spells, side: Literal["left", "right"] | None, shifting: bool
) -> None:
    day = lived(spells, Day(context=CoachContext(shortened_side=side), shifting=shifting))
    times_s = [reminder.t_s for reminder in day.said]
    assert all(b - a >= SETTINGS.spacing_s for a, b in itertools.pairwise(times_s))
    for t_s in times_s:
        assert sum(t_s <= other_s < t_s + 3600.0 for other_s in times_s) <= SETTINGS.most_per_hour
    for back_s in day.back_s:
        assert not [t_s for t_s in times_s if back_s <= t_s < back_s + NEAR * SETTINGS.stand_after_s]
    for reminder, timeline in zip(day.said, day.timelines, strict=True):
        assert (timeline.presence == "standing") == (reminder.kind == "sit")
        if reminder.kind == "stand" or "stand" in reminder.covers:
            assert "seated" not in reminder.body
            assert not reminder.exercise or find_exercise(reminder.exercise).position == "standing"
    for bout_s in {timeline.bout.since_s for timeline in day.timelines if timeline.bout is not None}:
        clocks_s = [
            timeline.bout_s + timeline.bout_busy_s
            for reminder, timeline in zip(day.said, day.timelines, strict=True)
            if reminder.kind == "stand" and timeline.bout is not None and timeline.bout.since_s == bout_s
            if not timeline.call
        ]
        if not any(name in ("standing", "away", "lid closed", "locked") for name, _, _ in spells):
            waits_s = [b - a for a, b in itertools.pairwise(clocks_s)]
            assert all(wait_s >= SETTINGS.repeat_after_s - STEP_S for wait_s in waits_s)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.floats(0.5, 40.0), st.sampled_from([0.0, 2.0])), min_size=1, max_size=8))
def test_who_corrects_is_told_of_posture_at_most_as_often_as_who_does_not(spells: list[tuple[float, float]]) -> None:
    told = []
    for corrects in (True, False):
        day = Day(corrects=corrects)
        for minutes, slump in spells:
            day.live("sitting", minutes, levels={"slump": slump})
        told.append(sum(reminder.kind == "posture" for reminder in day.said))
    assert told[0] <= told[1]


@settings(max_examples=10)
@given(st.floats(31.0, 90.0), st.integers(2, 6))
def test_a_snooze_always_comes_back(minutes: float, snoozes: int) -> None:
    day = Day(replace(SETTINGS, stretch_after_s=8 * 3600.0), snoozes=snoozes)
    day.live("sitting", minutes).live("sitting", 30.0 * snoozes)
    stands = [reminder for reminder in day.said if reminder.kind == "stand"]
    assert len(stands) > snoozes
    for earlier, later in itertools.pairwise(stands[: snoozes + 1]):
        assert later.repeat
        # It waits for a free place in the hour at most.
        assert SETTINGS.snooze_s <= later.t_s - earlier.t_s <= 3600.0


def test_a_snooze_of_somebody_who_leaves_does_not_come_back() -> None:
    day = Day(snoozes=1).live("sitting", 31).live("away", 3).live("sitting", 25)
    assert day.heard() == [("stand", 30)]


def test_off_the_chair_as_long_as_was_asked_is_an_answer() -> None:
    """A stretch of two sides of 20 s is less than a break; the bout goes on and is not told again soon."""
    settings = replace(SETTINGS, stretch_after_s=1800.0)
    done = Day(settings).live("sitting", 30.5).live("standing", 50 / 60).live("sitting", 25)
    assert done.heard() == [("stretch", 30)]
    assert done.timeline.bout is not None
    assert done.timeline.bout.since_s == 0.0
    short = Day(settings).live("sitting", 30.5).live("standing", 20 / 60).live("sitting", 25)
    assert short.heard() == [("stretch", 30), ("stretch", 45)]


@pytest.mark.parametrize("minutes", [29, 31, 60])
def test_a_call_that_ends_late_is_followed_by_a_stand(minutes: int) -> None:
    day = Day().live("sitting", 10).live("unknown", minutes, cause="busy").live("sitting", 3)
    (said,) = day.said
    assert said.kind == "stand"
    assert 20.0 <= said.t_s - (10 + minutes) * 60 <= 60.0
    assert "in a call" in said.body
    assert "You have been sitting" not in said.body


def test_a_call_straight_after_a_break_is_no_less_followed_by_a_stand() -> None:
    day = Day().live("sitting", 20).live("away", 3).live("unknown", 60, cause="busy").live("sitting", 3)
    (said,) = day.said
    assert said.kind == "stand"
    assert 20.0 <= said.t_s - 83 * 60 <= 60.0


def test_the_next_morning_starts_anew() -> None:
    day = Day().live("sitting", 25).live("away", 5).live("sitting", 25).live("away", 5).live("sitting", 60)
    day.live("unknown", 14 * 60, cause="lid closed")
    morning_s = day.t_s
    day.live("sitting", 31)
    (said,) = (reminder for reminder in day.said if reminder.t_s >= morning_s)
    assert (said.kind, round((said.t_s - morning_s) / 60)) == ("stand", 30)


@settings(max_examples=25)
@given(SPELLS)
def test_a_reminder_rests_on_what_is_going_on(spells: Spells) -> None:
    day = lived(spells, Day())
    for reminder in day.said:
        assert reminder.kind not in reminder.covers
        assert (reminder.side is not None) == (reminder.kind == "stretch")
