"""The timeline's rules, on streams of observations made by hand and by hypothesis."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streams import LOOKS, STEP_S, Look, observations_of, run, stream

from posture.measure.observation import DEVIATIONS, Observation
from posture.settings import TimelineSettings
from posture.timeline.advance import advance, finish
from posture.timeline.events import (
    BoutEnded,
    BoutStarted,
    DeviationEnded,
    DeviationStarted,
    Event,
    PosturalShift,
    PresenceChanged,
)
from posture.timeline.state import TimelineState

SETTINGS = TimelineSettings()


def kinds(events: list[Event], kind: type) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


def test_presence_holds_for_its_dwell_and_then_counts_from_its_beginning() -> None:
    _, events = run(stream(("sitting", 30), ("away", 30)))
    changes = kinds(events, PresenceChanged)
    assert [(c.presence, c.since_s) for c in changes] == [("sitting", 0.0), ("away", 30.0)]  # type: ignore[union-attr]
    assert changes[1].t_s - 30.0 == pytest.approx(SETTINGS.presence_dwell_s)


def test_a_face_lost_for_a_moment_changes_nothing() -> None:
    blink = SETTINGS.presence_dwell_s - STEP_S
    state, events = run(stream(("sitting", 60), ("away", blink), ("sitting", 60)))
    assert len(kinds(events, PresenceChanged)) == 1
    assert state.bout is not None
    assert state.bout_s == pytest.approx(120 + blink - STEP_S)


def test_an_absence_shorter_than_a_break_does_not_end_the_bout_nor_reset_its_clock() -> None:
    short_s = SETTINGS.break_after_s - 10
    state, events = run(stream(("sitting", 600), ("away", short_s), ("sitting", 300)))
    assert not kinds(events, BoutEnded)
    assert state.bout_s == pytest.approx(900 - STEP_S)


def test_a_break_ends_the_bout_where_sitting_ended() -> None:
    _, events = run(stream(("sitting", 600), ("away", 90), ("sitting", 60)))
    ended = kinds(events, BoutEnded)
    assert [(e.until_s, e.sitting_s, e.ended_by) for e in ended] == [(600.0, 600.0, "break")]  # type: ignore[union-attr]
    assert [e.since_s for e in kinds(events, BoutStarted)] == [0.0, 690.0]  # type: ignore[union-attr]


def test_standing_is_a_break_too_and_adds_up_with_being_away() -> None:
    _, events = run(stream(("sitting", 60), ("standing", 40), ("away", 40), ("sitting", 60)))
    assert len(kinds(events, BoutEnded)) == 1


@given(st.floats(min_value=1.0, max_value=SETTINGS.lost_after_s - 20.0))
def test_unknown_is_never_a_break(length_s: float) -> None:
    _, events = run(stream(("sitting", 120), ("unknown", length_s), ("sitting", 30)))
    assert not kinds(events, BoutEnded)


def test_unknown_for_very_long_closes_the_bout_but_is_no_break() -> None:
    state, events = run(stream(("sitting", 120)))
    t_s = 120.0
    while t_s < 120 + SETTINGS.lost_after_s + 60:
        state, new = advance(state, Observation(t_s, "unknown", reason="camera in use"), SETTINGS)
        events += new
        t_s += 20.0
    (ended,) = kinds(events, BoutEnded)
    assert isinstance(ended, BoutEnded)
    assert (ended.ended_by, ended.until_s, ended.sitting_s) == ("unknown", 120.0, 120.0)


def test_time_without_looks_is_unknown_not_sitting_and_not_a_break() -> None:
    state, _ = run(stream(("sitting", 300)))
    state, events = run(stream(("sitting", 30), start_s=300 + 600), state)
    changes = kinds(events, PresenceChanged)
    assert [c.presence for c in changes] == ["unknown", "sitting"]  # type: ignore[union-attr]
    assert not kinds(events, BoutEnded)
    assert state.bout_s == pytest.approx(330, abs=2)


def test_a_glance_raises_nothing() -> None:
    down = dict.fromkeys(DEVIATIONS, 3.0)
    glance = stream(("sitting", SETTINGS.deviation_dwell_s - STEP_S), start_s=60, levels=down)
    after = stream(("sitting", 60), start_s=60 + SETTINGS.deviation_dwell_s, levels=dict.fromkeys(DEVIATIONS, 0.0))
    _, events = run(stream(("sitting", 60), levels=dict.fromkeys(DEVIATIONS, 0.0)) + glance + after)
    assert not kinds(events, DeviationStarted)


def test_a_deviation_is_held_from_its_beginning_to_where_it_fell() -> None:
    high, low = {"slump": 1.5}, {"slump": 0.2}
    looks = stream(("sitting", 30), levels=low)
    looks += stream(("sitting", 40), start_s=30, levels=high)
    looks += stream(("sitting", 30), start_s=70, levels=low)
    _, events = run(looks)
    (started,), (ended,) = kinds(events, DeviationStarted), kinds(events, DeviationEnded)
    assert isinstance(started, DeviationStarted)
    assert isinstance(ended, DeviationEnded)
    assert (started.since_s, started.t_s) == (30.0, 40.0)
    assert (ended.since_s, ended.until_s) == (30.0, 70.0)


def test_between_leaving_and_entering_level_nothing_changes() -> None:
    between = {"slump": (1.0 + SETTINGS.release_ratio) / 2}
    _, events = run(stream(("sitting", 120), levels=between))
    assert not kinds(events, DeviationStarted)
    state, _ = run(stream(("sitting", 20), levels={"slump": 1.2}))
    state, _ = run(stream(("sitting", 120), start_s=20, levels=between), state)
    assert "slump" in state.active


def test_an_unknown_level_neither_raises_nor_ends() -> None:
    state, _ = run(stream(("sitting", 20), levels={"slump": 1.2}))
    assert "slump" in state.active
    state, events = run(stream(("sitting", 20), start_s=20, levels={"slump": None}), state)
    assert not events
    assert "slump" in state.active


def test_looks_far_apart_do_not_make_a_dwell() -> None:
    state = TimelineState()
    for t_s in (0.0, 3.0, 6.0):
        state, _ = advance(state, Observation(t_s, "sitting", levels={"slump": 0.0}), SETTINGS)
    started = []
    for t_s, level in ((15.0, 1.5), (30.0, None), (45.0, 1.5)):
        state, events = advance(state, Observation(t_s, "sitting", levels={"slump": level}), SETTINGS)
        started += kinds(events, DeviationStarted)
    assert not started


def test_leaving_ends_what_was_held() -> None:
    looks = stream(("sitting", 30), levels={"lean_left": 1.5}) + stream(("away", 30), start_s=30)
    state, events = run(looks)
    (ended,) = kinds(events, DeviationEnded)
    assert isinstance(ended, DeviationEnded)
    assert ended.until_s == 30.0
    assert state.lean_balance == 1.0


def test_a_posture_kept_is_a_shift_and_a_moment_of_movement_is_not() -> None:
    still, other = (0.0, 0.0, 0.0), (2.0, 0.0, 0.0)
    looks = stream(("sitting", 60), posture=still)
    looks += stream(("sitting", 2), start_s=60, posture=other)
    looks += stream(("sitting", 30), start_s=62, posture=still)
    looks += stream(("sitting", 30), start_s=92, posture=other)
    state, events = run(looks)
    (shift,) = kinds(events, PosturalShift)
    assert isinstance(shift, PosturalShift)
    assert shift.since_s == 92.0
    assert state.shift_s == 92.0


def test_time_that_goes_back_is_refused() -> None:
    state, _ = run(stream(("sitting", 10)))
    with pytest.raises(ValueError, match="before the last"):
        advance(state, Observation(1.0, "sitting"), SETTINGS)


def test_finish_closes_what_is_open() -> None:
    state, _ = run(stream(("sitting", 60), levels={"slump": 2.0}))
    state, events = finish(state)
    assert [type(event) for event in events] == [DeviationEnded, BoutEnded]
    assert state.bout is None
    assert not state.active


@given(LOOKS)
def test_events_are_in_order_and_nest(looks: list[Look]) -> None:
    state, events = run(observations_of(looks))
    state, last = finish(state)
    events += last
    assert [event.t_s for event in events] == sorted(event.t_s for event in events)
    open_kinds: set[str] = set()
    in_bout, present = False, "unknown"
    for event in events:
        match event:
            case PresenceChanged():
                assert event.was == present != event.presence
                assert event.since_s <= event.t_s
                present = event.presence
            case BoutStarted():
                assert not in_bout
                in_bout = True
            case BoutEnded():
                assert in_bout
                assert event.since_s <= event.until_s <= event.t_s
                assert 0 <= event.sitting_s <= event.until_s - event.since_s + 1e-6
                in_bout = False
            case DeviationStarted():
                assert present == "sitting"
                assert event.kind not in open_kinds
                open_kinds.add(event.kind)
            case DeviationEnded():
                open_kinds.remove(event.kind)
                assert event.since_s <= event.until_s <= event.t_s
            case PosturalShift():
                assert present == "sitting"
    assert not in_bout
    assert not open_kinds


@given(LOOKS)
def test_sitting_never_exceeds_the_time_watched(
    looks: list[Look],
) -> None:
    observations = observations_of(looks)
    state, events = run(observations)
    watched_s = observations[-1].t_s - observations[0].t_s if observations else 0.0
    assert 0 <= state.sitting_s <= watched_s + 1e-6
    bouts_s = sum(e.sitting_s for e in kinds(events, BoutEnded)) + state.bout_s  # type: ignore[union-attr]
    assert bouts_s == pytest.approx(state.sitting_s, abs=1e-6)


@given(LOOKS)
def test_only_seen_absence_ends_a_bout(looks: list[Look]) -> None:
    seen = [
        replace(look, presence="unknown") if look.presence != "sitting" else look for look in observations_of(looks)
    ]
    _, events = run(seen)
    assert all(event.ended_by != "break" for event in kinds(events, BoutEnded))  # type: ignore[union-attr]


@given(LOOKS, st.floats(1.0, 900.0))
def test_shares_are_shares(looks: list[Look], window_s: float) -> None:
    state, _ = run(observations_of(looks))
    assert all(0.0 <= state.active_share(kind, window_s) <= 1.0 for kind in DEVIATIONS)
    assert state.lean_balance is None or -1.0 <= state.lean_balance <= 1.0
