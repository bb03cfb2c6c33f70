"""The state between two looks: a spell goes on for a gap, then it is unknown; with a reason it is unknown at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streams import LOOKS, Look, observations_of, run, stream

from posture.measure.observation import Observation, Presence
from posture.settings import TimelineSettings
from posture.timeline.advance import advance, at
from posture.timeline.state import TimelineState

SETTINGS = TimelineSettings()


def after(presence: Presence, seconds: float = 300.0) -> TimelineState:
    """After sitting for 5 minutes, then `presence` for `seconds`; slumped while sitting."""
    slumped = stream(("sitting", 300), levels={"slump": 2.0})
    return run(slumped + stream((presence, seconds), start_s=300.0, levels={"slump": 2.0}))[0]


def test_a_spell_goes_on_for_as_long_as_a_gap() -> None:
    state = after("sitting")
    later = at(state, state.now_s + SETTINGS.gap_s, SETTINGS)
    assert (later.presence, later.spell_s, later.bout_s) == ("sitting", 599.5 + 90, 599.5 + 90)
    assert later.sitting_s == 599.5 + 90
    assert "slump" in later.active


def test_beyond_a_gap_it_is_unknown_since_the_last_look() -> None:
    state = after("sitting")
    later = at(state, state.now_s + SETTINGS.gap_s + 0.1, SETTINGS)
    assert (later.presence, later.reason, later.presence_since_s) == ("unknown", "no look", 599.5)
    assert (later.bout_s, later.sitting_s, later.left_s) == (599.5, 599.5, 599.5)
    assert not later.active
    assert later.spans[-1].until_s == 599.5


def test_with_a_reason_it_is_unknown_at_once() -> None:
    state = after("sitting")
    later = at(state, state.now_s + 0.5, SETTINGS, "paused")
    assert (later.presence, later.reason, later.spell_s) == ("unknown", "paused", 0.5)
    assert later.bout_s == 599.5


def test_the_newest_reason_is_given() -> None:
    state = run([Observation(0.0, "unknown", "camera in use"), Observation(3.0, "unknown", "camera in use")])[0]
    assert at(state, 10.0, SETTINGS).reason == "camera in use"
    assert at(state, 10.0, SETTINGS, "locked").reason == "locked"
    assert at(state, 93.5, SETTINGS).reason == "no look"


@pytest.mark.parametrize(("passed_s", "goes_on"), [(19.0, True), (20.0, False)])
def test_a_break_counts_from_its_length_on(passed_s: float, goes_on: bool) -> None:
    state = after("away", 40.5)  # the last look saw 40 s of it
    later = at(state, state.now_s + passed_s, SETTINGS)
    assert later.presence == "away"
    assert (later.bout is not None) is goes_on


@pytest.mark.parametrize(("passed_s", "goes_on"), [(1799.0, True), (1800.0, False)])
def test_a_bout_that_is_unseen_for_very_long_is_closed(passed_s: float, goes_on: bool) -> None:
    state = after("sitting")
    assert (at(state, state.now_s + passed_s, SETTINGS, "asleep").bout is not None) is goes_on


def test_before_the_first_look_only_the_reason_changes() -> None:
    fresh = TimelineState()
    assert at(fresh, 500.0, SETTINGS) == fresh
    assert at(fresh, 500.0, SETTINGS, "paused") == replace(fresh, reason="paused")


def test_a_deviation_that_is_not_seen_for_a_gap_is_over() -> None:
    state = run(stream(("sitting", 60), levels={"slump": 2.0}) + stream(("sitting", 60), start_s=60.0))[0]
    assert "slump" in state.active  # seen last at 59.5
    assert "slump" in at(state, 59.5 + SETTINGS.gap_s, SETTINGS).active
    later = at(state, 59.5 + SETTINGS.gap_s + 0.1, SETTINGS)
    assert later.presence == "sitting"
    assert not later.active
    assert later.spans[-1].until_s == 59.5


@given(LOOKS, st.floats(-100.0, 4000.0))
def test_it_is_what_the_next_look_says_when_it_says_nothing_new(looks: list[Look], passed_s: float) -> None:
    state, _ = run(observations_of(looks))
    if state.t_s is None:
        return
    now_s = state.t_s + max(0.0, passed_s)
    later = at(state, state.t_s + passed_s, SETTINGS)
    seen = state.presence if now_s - state.t_s <= SETTINGS.gap_s else "unknown"
    expected, _ = advance(state, Observation(now_s, seen, later.reason), SETTINGS)
    expected = replace(
        expected,
        candidate=later.candidate,
        candidate_unknown=later.candidate_unknown,
        candidate_since_s=later.candidate_since_s,
        blink_s=later.blink_s,
    )
    if later.presence != "sitting":
        assert later == expected
    else:
        assert replace(later, active={}, rising={}) == replace(expected, active={}, rising={})
        assert later.active == expected.active


@given(LOOKS, st.floats(0.0, 4000.0), st.floats(0.0, 4000.0))
def test_nothing_unseen_adds_to_sitting(looks: list[Look], first_s: float, second_s: float) -> None:
    state, _ = run(observations_of(looks))
    early, late = (at(state, state.now_s + s, SETTINGS, "paused") for s in sorted((first_s, second_s)))
    assert early.presence == late.presence == "unknown"
    assert early.sitting_s == late.sitting_s == state.sitting_s
    assert early.reason == "paused"
