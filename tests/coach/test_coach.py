"""The coach's policy over a timeline that is made by the real timeline."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach import advance as coach
from posture.coach.reminder import Reminder
from posture.measure.observation import Deviation, Observation, Presence
from posture.settings import CoachSettings, TimelineSettings
from posture.timeline.advance import advance as step_timeline
from posture.timeline.state import TimelineState

TIMELINE = TimelineSettings()
SETTINGS = CoachSettings()
STEP_S = 5.0
DAYTIME = coach.CoachContext()


@dataclass
class Day:
    """A simulated sitter, reminder look every five seconds."""

    settings: CoachSettings = SETTINGS
    context: coach.CoachContext = DAYTIME

    def __post_init__(self) -> None:
        self.t_s = 0.0
        self.timeline, self.state = TimelineState(), coach.CoachState()
        self.said: list[Reminder] = []
        self.presences: list[Presence] = []

    def live(
        self,
        presence: Presence,
        minutes: float,
        *,
        levels: dict[Deviation, float | None] | None = None,
        shift_every_s: float | None = 300.0,
    ) -> Day:
        until_s = self.t_s + minutes * 60
        while self.t_s < until_s:
            place = 0.0 if shift_every_s is None else 3.0 * (self.t_s // shift_every_s)
            seen = Observation(self.t_s, presence, levels=levels or {}, posture=(place,))
            self.timeline, _ = step_timeline(self.timeline, seen, TIMELINE)
            self.state, said = coach.advance(self.state, self.timeline, self.context, self.settings)
            self.said += said
            self.presences += [self.timeline.presence for _ in said]
            self.t_s += STEP_S
        return self

    def heard(self) -> list[tuple[str, int]]:
        return [(reminder.kind, round(reminder.t_s / 60)) for reminder in self.said]


def test_stand_after_half_an_hour_and_once_more_then_it_waits() -> None:
    day = Day().live("sitting", 75)
    assert day.heard() == [("stand", 30), ("stand", 40)]
    assert [reminder.repeat for reminder in day.said] == [False, True]


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
    day = Day(replace(SETTINGS, stretch_after_s=1800.0), coach.CoachContext(shortened_side="right"))
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
    day = Day(settings, coach.CoachContext(shortened_side="right")).live("sitting", 31)
    assert day.said[0].side == "left"


def test_the_asymmetry_rule_asks_for_a_stretch_in_place_of_the_next_stand() -> None:
    day = Day(context=coach.CoachContext(shortened_side="left")).live("sitting", 31)
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
    day = Day(replace(SETTINGS, quiet_hours=hours), coach.CoachContext(local_minute=minute)).live("sitting", 35)
    assert (day.heard() == []) is quiet


def test_a_nudge_waits_and_comes_merged() -> None:
    day = Day(context=coach.CoachContext(waiting="in a call")).live("sitting", 45, shift_every_s=None)
    assert day.said == []
    day.context = coach.CoachContext()
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
    coming = coach.next_reminder(day.state, day.timeline, day.context, SETTINGS)
    assert coming is not None
    assert (coming.kind, round(coming.in_s / 60)) == ("move", 5)


SPELLS = st.lists(
    st.tuples(st.sampled_from(["sitting", "standing", "away", "unknown"]), st.floats(0.5, 50.0), st.booleans()),
    min_size=1,
    max_size=8,
)
SIDES: Sequence[Literal["left", "right"] | None] = (None, "left", "right")


@given(SPELLS, st.sampled_from(SIDES))
def test_whatever_happens_reminders_keep_their_distance(
    spells: list[tuple[Presence, float, bool]], side: Literal["left", "right"] | None
) -> None:
    day = Day(context=coach.CoachContext(shortened_side=side))
    for presence, minutes, slumped in spells:
        day.live(presence, minutes, levels={"slump": 2.0 if slumped else 0.0})
    times_s = [reminder.t_s for reminder in day.said]
    assert all(b - a >= SETTINGS.spacing_s for a, b in itertools.pairwise(times_s))
    for kind in {reminder.kind for reminder in day.said}:
        mine = [reminder for reminder in day.said if reminder.kind == kind]
        for earlier, later in itertools.pairwise(mine):
            least_s = SETTINGS.repeat_after_s if later.repeat else SETTINGS.cooldown_s
            assert later.t_s - earlier.t_s >= least_s
            assert not (earlier.repeat and later.repeat)


@given(SPELLS)
def test_a_reminder_rests_on_what_is_going_on(spells: list[tuple[Presence, float, bool]]) -> None:
    day = Day()
    for presence, minutes, slumped in spells:
        day.live(presence, minutes, levels={"slump": 2.0 if slumped else 0.0})
    for reminder, presence in zip(day.said, day.presences, strict=True):
        assert presence == ("standing" if reminder.kind == "sit" else "sitting")
        assert reminder.kind not in reminder.covers
        assert (reminder.side is not None) == (reminder.kind == "stretch")
