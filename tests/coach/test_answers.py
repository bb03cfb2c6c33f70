"""Answers, what is held back, and kinds that are turned off: the coach on looks that are written down."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_next_reminder import Watch

from posture.coach import advance as coach
from posture.coach.due import upcoming
from posture.coach.held import held_back
from posture.coach.reminder import Silence
from posture.coach.words import PROGRAM_RUNS
from posture.settings import CoachSettings
from posture.timeline.advance import TimelineState

ALL = CoachSettings(move_after_s=4 * 3600.0)


def watched(settings: CoachSettings, minutes: float, kind: str) -> Watch:
    watch = Watch(settings)
    watch.live("sitting", minutes)
    assert watch.given
    assert watch.given[-1].kind == kind
    return watch


def test_done_on_a_stretch_that_covers_a_stand_answers_both() -> None:
    watch = watched(replace(ALL, stretch_after_s=1800.0), 30.5, "stretch")
    assert watch.given[-1].covers == ("stand",)
    done = coach.answer(watch.coach, watch.timeline, "stretch")
    assert done.asked == {}
    due = {each.kind: each.in_s for each in upcoming(done, watch.timeline, watch.context(), watch.settings)}
    assert due["stand"] == due["stretch"] == 1800.0


def test_a_seated_hold_is_no_break_and_a_standing_one_is() -> None:
    watch = watched(ALL, 31.0, "stand")
    seated = coach.answer(watch.coach, watch.timeline, "stretch", up=False)
    assert seated.asked == watch.coach.asked, "the stand is still asked for"
    assert seated.stretch_base_s == watch.timeline.in_chair_s
    up = coach.answer(watch.coach, watch.timeline, "stretch", up=True)
    (stand,) = (d for d in upcoming(up, watch.timeline, watch.context(), ALL) if d.kind == "stand")
    assert stand.in_s == 1800.0
    hold = held_back(up, watch.timeline, watch.context(), ALL, "stand")
    assert hold is not None
    assert hold.in_s == pytest.approx(300.0), "nothing comes soon after it"


def test_done_on_a_seated_stretch_leaves_the_stand_clock() -> None:
    settings = replace(ALL, stretch_after_s=600.0)
    watch = watched(settings, 10.5, "stretch")
    watch.coach = replace(watch.coach, asked={"stretch": replace(watch.coach.asked["stretch"], asks_s=0.0)})
    before = {d.kind: d.in_s for d in upcoming(watch.coach, watch.timeline, watch.context(), settings)}
    done = coach.answer(watch.coach, watch.timeline, "stretch")
    after = {d.kind: d.in_s for d in upcoming(done, watch.timeline, watch.context(), settings)}
    assert after["stand"] == before["stand"]
    assert after["stretch"] == 600.0


def test_who_still_stands_is_asked_again_after_as_long() -> None:
    watch = Watch(ALL)
    watch.live("standing", 36.0)
    assert [each.kind for each in watch.given] == ["sit"]
    watch.coach = coach.answer(watch.coach, watch.timeline, "sit")
    said = watch.next()
    assert said is not None
    assert (said.kind, said.in_s) == ("sit", 2100.0)


def test_nobody_who_is_seen_sitting_is_asked_to_sit() -> None:
    watch = Watch(ALL)
    watch.live("standing", 34.9)
    watch.t_s += 10.0
    watch.look("sitting", {}, 0.0)  # seen, but not for as long as a dwell
    assert watch.timeline.presence == "standing"
    assert upcoming(watch.coach, watch.timeline, watch.context(), ALL) == []


@pytest.mark.parametrize("kind", ["stand", "move", "stretch", "posture", "sit"])
def test_a_kind_that_is_turned_off_never_comes_and_covers_nothing(kind: str) -> None:
    others = [each for each in ("stand", "move", "stretch", "posture", "sit") if each != kind]
    watch = Watch(CoachSettings(kinds=", ".join(others), stretch_after_s=1800.0))
    for presence in ("sitting", "away", "standing"):
        for _ in range(6):
            watch.live(presence, 15.0, slump=1.5)
            said = watch.next()
            assert said is None or said.kind != kind
    assert {each.kind for each in watch.given} | {k for each in watch.given for k in each.covers} == set(others)


def test_each_silence_is_kept_once_with_its_setting() -> None:
    watch = Watch(replace(ALL, quiet_hours="12:00-12:40"))
    watch.live("sitting", 39.0)
    assert watch.given == []
    assert watch.coach.silences == (Silence("stand", "quiet hours until 12:40", "coach.quiet_hours", "12:00-12:40"),)
    watch.live("sitting", 2.0)
    assert [each.kind for each in watch.given] == ["stand"]
    assert watch.coach.silences == ()
    assert (watch.given[0].setting, watch.given[0].value) == ("coach.stand_after", "30m")


@pytest.mark.parametrize(
    ("hold", "said"),
    [
        ({"waiting": "do not disturb"}, Silence("stand", "do not disturb")),
        ({"waiting": PROGRAM_RUNS}, Silence("stand", PROGRAM_RUNS, "coach.quiet_while", "")),
        ({"snoozed_until_s": 9000.0}, Silence("stand", "snoozed")),
        ({"back_s": 1790.0}, Silence("stand", "just back from a break", "coach.stand_after", "30m")),
        (
            {"given": ((1700.0, "move"),)},
            Silence("stand", "another reminder came just before", "coach.spacing", "5m"),
        ),
        (
            {"given": tuple((60.0 * n, "move") for n in range(4))},
            Silence("stand", "enough reminders in this hour", "coach.most_per_hour", "4"),
        ),
    ],
)
def test_every_reason_is_named_with_the_setting_as_it_was(hold: dict, said: Silence) -> None:
    watch = Watch(ALL)
    watch.live("sitting", 29.0)
    context = replace(watch.context(), waiting=hold.pop("waiting", ""))
    later: TimelineState = replace(watch.timeline, t_s=1830.0)
    state, given = coach.advance(replace(watch.coach, **hold), later, context, replace(ALL, quiet_while="obs"))
    assert given == []
    assert state.silences == (said,)
    assert coach.advance(state, later, context, ALL)[0].silences == (said,), "once"
