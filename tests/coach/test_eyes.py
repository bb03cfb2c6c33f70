"""The look into the distance: only for who asks for it, and never near another reminder."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from posture.coach.advance import advance, answer
from posture.coach.reminder import Reminder
from posture.coach.state import CoachContext, CoachState
from posture.settings import KINDS, CoachSettings
from posture.timeline.state import Bout, TimelineState

WANTED = CoachSettings(kinds=", ".join(KINDS))
ALONE = CoachSettings(kinds="eyes")


def sat(t_s: float) -> TimelineState:
    """Sitting since 0 s, seen all the time."""
    return TimelineState(t_s=t_s, presence="sitting", presence_since_s=0.0, bout=Bout(0.0, 0.0, run_s=t_s), shift_s=0.0)


def told(wanted: CoachSettings, until_s: float, done_after_s: float | None = None) -> list[Reminder]:
    state, found = CoachState(), []
    done_s = None
    for t_s in range(0, int(until_s), 30):
        state, reminders = advance(state, sat(float(t_s)), CoachContext(), wanted)
        found += reminders
        for reminder in reminders:
            done_s = None if done_after_s is None or reminder.kind != "eyes" else t_s + done_after_s
        if done_s is not None and t_s >= done_s:
            state, done_s = answer(state, sat(float(t_s)), "eyes"), None
    return found


def test_it_comes_only_to_who_asks_for_it() -> None:
    assert not any(reminder.kind == "eyes" for reminder in told(CoachSettings(), 8000.0))


@given(st.sampled_from([None, 0.0, 10.0, 60.0]))
def test_alone_it_comes_each_20_min_answered_or_not(done_after_s: float | None) -> None:
    found = told(ALONE, 6100.0, done_after_s)
    assert [reminder.t_s for reminder in found] == [1200.0, 2400.0, 3600.0, 4800.0, 6000.0]
    assert all(reminder.let_pass == 0 and not reminder.repeat for reminder in found)


@settings(max_examples=12)
@given(st.floats(60.0, 4000.0))
def test_it_covers_nothing_and_keeps_away_from_the_others(eyes_after_s: float) -> None:
    found = told(replace(WANTED, eyes_after_s=eyes_after_s), 9000.0)
    for one, other in itertools.pairwise(found):
        if "eyes" in (one.kind, other.kind):
            assert other.t_s - one.t_s >= min(WANTED.spacing_s, eyes_after_s)
    assert not any("eyes" in reminder.covers or (reminder.kind == "eyes" and reminder.covers) for reminder in found)


@settings(max_examples=12)
@given(st.floats(60.0, 4000.0))
def test_no_stand_reminder_comes_later_for_it(eyes_after_s: float) -> None:
    only = replace(WANTED, kinds="stand, eyes", eyes_after_s=eyes_after_s)
    without = [r.t_s for r in told(replace(only, kinds="stand"), 9000.0)]
    assert [r.t_s for r in told(only, 9000.0) if r.kind == "stand"] == without
