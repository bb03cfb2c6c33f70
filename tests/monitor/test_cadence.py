"""The cadence as a policy: bounds that hold for every timeline, and the paces it should take."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure.observation import Deviation, Observation, Presence
from posture.monitor.cadence import REFILL, CadenceState, Situation, next_due_s, plan
from posture.perception.gate import must_infer
from posture.settings import Settings
from posture.timeline import advance as timeline
from posture.timeline.state import TimelineState

DEFAULT = Settings()
GLANCE = replace(DEFAULT, camera=replace(DEFAULT.camera, mode="glance"))
times = st.floats(0, 1e5)

# What the scene is, and for how long: a story for the loop to look at.
scenes = st.lists(
    st.tuples(st.sampled_from(["sitting", "standing", "away", "unknown"]), st.floats(0, 3), st.floats(0.3, 100)),
    max_size=12,
)


def watched(story: list[tuple[Presence, float, float]], settings: Settings, situation: Situation) -> list[tuple]:
    """Play a story to timeline and cadence; the plan after each look, with its time."""
    state, line, t_s, plans = CadenceState(), TimelineState(), 0.0, []
    end_s = [0.0, *accumulate(length_s for *_, length_s in story)][-1]
    while t_s < end_s:
        ends = accumulate(length_s for *_, length_s in story)
        presence, level, _ = next(scene for scene, at_s in zip(story, ends, strict=True) if t_s < at_s)
        levels: dict[Deviation, float | None] = {"slump": level} if presence == "sitting" else {}
        line, _ = timeline.advance(line, Observation(t_s, presence, levels=levels), settings.timeline)
        state, planned = plan(state, line, situation, settings)
        plans.append((t_s, planned, line))
        t_s += planned.interval_s
    return plans


@given(scenes, st.booleans(), st.sampled_from([DEFAULT, GLANCE]))
def test_no_two_looks_are_further_apart_than_a_gap(story, on_battery: bool, settings: Settings) -> None:
    for _, planned, _ in watched(story, settings, Situation(on_battery=on_battery)):
        assert 0 < planned.interval_s < settings.timeline.gap_s
        assert planned.demand.moved >= planned.demand.still >= 0


@given(scenes, st.booleans())
def test_attention_is_limited(story, on_battery: bool) -> None:
    plans = watched(story, DEFAULT, Situation(on_battery=on_battery))
    supply_s = DEFAULT.cadence.attentive_for_s
    run_s = spent_s = 0.0
    for t_s, planned, _ in plans:
        attentive_s = planned.interval_s if planned.pace == "attentive" else 0.0
        run_s = run_s + attentive_s if attentive_s else 0.0
        spent_s += attentive_s
        assert run_s <= supply_s + 2 * DEFAULT.cadence.attentive_s
        assert spent_s <= supply_s + REFILL * t_s + 2 * DEFAULT.cadence.attentive_s


@given(st.sampled_from(["sitting", "standing", "away"]), st.sampled_from(["sitting", "standing", "away"]), times)
def test_a_presence_is_confirmed_in_one_burst(first: Presence, then: Presence, shift_s: float) -> None:
    before_s = 60 + shift_s % 30
    plans = watched([(first, 0, before_s), (then, 0, 60)], DEFAULT, Situation())
    known_s = next(t_s for t_s, _, line in plans if line.presence == then and t_s >= before_s)
    assert known_s - before_s <= DEFAULT.cadence.look_s + DEFAULT.timeline.presence_dwell_s + 0.5


@given(times)
def test_a_deviation_is_confirmed_in_one_burst(shift_s: float) -> None:
    before_s = 60 + shift_s % 30
    plans = watched([("sitting", 0.1, before_s), ("sitting", 1.5, 60)], DEFAULT, Situation())
    known_s = next(t_s for t_s, _, line in plans if "slump" in line.active)
    assert known_s - before_s <= DEFAULT.cadence.look_s + DEFAULT.timeline.deviation_dwell_s + 0.5


def settled(presence: Presence, settings: Settings, situation: Situation) -> float:
    return watched([(presence, 0, 200)], settings, situation)[-1][1].interval_s


@pytest.mark.parametrize(
    ("presence", "settings", "on_battery", "interval_s"),
    [
        ("sitting", DEFAULT, False, 4.0),
        ("away", DEFAULT, False, 4.0),
        ("sitting", DEFAULT, True, 8.0),
        ("sitting", GLANCE, False, 12.0),
        ("away", GLANCE, False, 20.0),
        ("away", GLANCE, True, 40.0),
    ],
)
def test_paces(presence: Presence, settings: Settings, on_battery: bool, interval_s: float) -> None:
    assert settled(presence, settings, Situation(on_battery=on_battery)) == interval_s


def test_calibration_looks_with_the_model_four_times_a_second() -> None:
    _, planned = plan(CadenceState(), TimelineState(), Situation(calibrating=True), DEFAULT)
    assert planned.interval_s == 0.25
    assert must_infer(0.0, 0.0, planned.demand)


@given(times, st.floats(0, 100), st.floats(0, 100))
def test_a_slow_look_lengthens_the_cadence_and_none_queues(asked_s: float, took_s: float, interval_s: float) -> None:
    due_s = next_due_s(asked_s, asked_s + took_s, interval_s)
    assert due_s >= asked_s + interval_s
    assert due_s >= asked_s + took_s
    if took_s <= interval_s / 2:
        assert due_s == asked_s + interval_s
