"""The cadence as a policy: bounds for every timeline, and the paces, demands and supply of attention one by one."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.backoff import TokenBucket
from posture.measure.observation import Deviation, Observation, Presence
from posture.monitor import cadence
from posture.monitor.cadence import REFILL, CadenceState, Situation, next_due_s, plan
from posture.perception.gate import ALWAYS, Demand, must_infer
from posture.settings import Settings
from posture.timeline import advance as timeline
from posture.timeline.state import ActiveDeviation, Clock, TimelineState

DEFAULT = Settings()
GLANCE = replace(DEFAULT, camera=replace(DEFAULT.camera, mode="glance"))
SAME = replace(DEFAULT, camera=replace(DEFAULT.camera, on_battery="same"))
times = st.floats(0, 1e5)
LONGEST_WAIT_S = 5.1
"""Between two looks at something undecided: until what ends has lasted for its dwell."""

# What the scene is, and for how long: a story for the loop to look at.
scenes = st.lists(
    st.tuples(st.sampled_from(["sitting", "standing", "away", "unknown"]), st.floats(0, 3), st.floats(0.3, 100)),
    max_size=12,
)


def watched(
    story: list[tuple[Presence, float, float]],
    settings: Settings,
    situation: Situation = Situation(),  # noqa: B008
) -> list[tuple]:
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
        # What is begun is waited for.
        assert run_s <= supply_s + LONGEST_WAIT_S
        assert spent_s <= supply_s + REFILL * t_s + LONGEST_WAIT_S


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


@given(times)
def test_nothing_that_is_told_rests_on_fewer_than_three_looks_of_the_model(shift_s: float) -> None:
    """Nor, of what ends, on fewer than two; however they fall, and none is asked for in vain."""
    before_s = 60 + shift_s % 30
    plans = watched([("sitting", 0.1, before_s), ("sitting", 1.5, 60), ("sitting", 0.1, 60), ("away", 0, 60)], DEFAULT)
    line = plans[-1][2]
    (slump,) = line.spans
    for since_s, dwell_s, least in (
        (slump.since_s, DEFAULT.timeline.deviation_dwell_s, 3),
        (slump.until_s, DEFAULT.timeline.deviation_release_s, 2),
        (line.presence_since_s, DEFAULT.timeline.presence_dwell_s, 3),
    ):
        after = [(at_s, earlier) for (_, earlier, _), (at_s, *_) in pairwise(plans) if at_s >= since_s]
        within = [at_s for at_s, asked in after if at_s < since_s + dwell_s]
        assert all(asked.demand == ALWAYS for at_s, asked in after[1:least])
        assert len(within) == least - 1
        assert after[least - 1][0] == pytest.approx(since_s + dwell_s + cadence.LATE_S)


@given(scenes, st.booleans())
def test_what_moves_much_is_asked_about_at_the_next_look(story, on_battery: bool) -> None:
    for _, planned, _ in watched(story, DEFAULT, Situation(on_battery=on_battery)):
        assert must_infer(cadence.MOVED, 0.0, planned.demand)
        longest_s = DEFAULT.cadence.look_s * (DEFAULT.cadence.battery_factor if on_battery else 1.0)
        assert DEFAULT.cadence.attentive_s <= planned.interval_s <= max(longest_s, LONGEST_WAIT_S) + 1e-9
        # And what moves a little after 12 s, what does not at all after a minute; on battery twice as late.
        steady_s = DEFAULT.cadence.steady_s * (longest_s / DEFAULT.cadence.look_s)
        assert must_infer(cadence.STILL, steady_s, planned.demand)
        assert must_infer(0.0, 5 * steady_s, planned.demand)


def settled(presence: Presence, settings: Settings, situation: Situation) -> float:
    return watched([(presence, 0, 200)], settings, situation)[-1][1].interval_s


@pytest.mark.parametrize(
    ("presence", "settings", "on_battery", "interval_s"),
    [
        ("sitting", DEFAULT, False, 4.0),
        ("away", DEFAULT, False, 4.0),
        ("sitting", DEFAULT, True, 8.0),
        ("sitting", SAME, True, 4.0),
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


# One by one.


def sitting(t_s: float = 1000.0, *, undecided: bool = False) -> TimelineState:
    """Somebody who sits; where it is undecided, they may just be leaving."""
    leaving: Presence | None = "away" if undecided else None
    return TimelineState(t_s=t_s, presence="sitting", candidate=leaving, candidate_since_s=t_s)


def supply(left_s: float, at_s: float = 1000.0) -> TokenBucket:
    return TokenBucket(20.0, 0.25, left_s, at_s)


def with_gap(gap_s: float) -> Settings:
    return replace(DEFAULT, timeline=replace(DEFAULT.timeline, gap_s=gap_s))


@pytest.mark.parametrize(
    ("line", "pace"),
    [
        (sitting(), "steady"),
        (replace(sitting(), presence="standing"), "steady"),
        (replace(sitting(), presence="unknown"), "steady"),
        (replace(sitting(), presence="away"), "away"),
        (sitting(undecided=True), "attentive"),
        (replace(sitting(), presence="away", candidate="sitting"), "attentive"),
        (replace(sitting(), rising={"slump": Clock(999.0, 1000.0)}), "attentive"),
        (replace(sitting(), active={"slump": ActiveDeviation(900.0, 1.5, 1000.0)}), "steady"),
        (replace(sitting(), active={"slump": ActiveDeviation(900.0, 0.5, 1000.0, below_since_s=999.0)}), "attentive"),
    ],
)
def test_what_is_undecided_is_watched_closely(line: TimelineState, pace: str) -> None:
    assert plan(CadenceState(), line, Situation(), DEFAULT)[1].pace == pace


RISING = replace(sitting(), rising={"slump": Clock(1000.0, 1000.0)})
ENDING = replace(sitting(), active={"slump": ActiveDeviation(900.0, 0.5, 1000.0, below_since_s=1000.0)})
BLIND = replace(sitting(), candidate="unknown", candidate_unknown="blind", candidate_since_s=1000.0)


@pytest.mark.parametrize(
    ("line", "after_s", "interval_s"),
    [
        # Who is back, and what ends: when the dwell is over.
        (replace(sitting(), presence="away", candidate="sitting"), 0.0, 2.1),
        (replace(sitting(), presence="away", candidate="sitting"), 0.6, 1.5),
        (ENDING, 0.0, 5.1),
        (ENDING, 5.0, 0.5),
        (replace(ENDING, active={"slump": ActiveDeviation(-99.0, 0.5, 0.0, below_since_s=0.0)}), -1000.0, 5.1),
        # Who goes, and what begins: half-way, too.
        (sitting(undecided=True), 0.0, 1.05),
        (sitting(undecided=True), 0.6, 1.05),
        (sitting(undecided=True), 1.1, 1.0),
        (replace(sitting(), candidate="standing"), 0.0, 1.05),
        (RISING, 0.0, 5.05),
        (RISING, 4.0, 5.05),
        (RISING, 5.05, 5.05),
        (RISING, 6.0, 4.1),
        (RISING, 9.9, 0.5),
        (replace(BLIND, presence="away"), 0.0, 1.05),
        (replace(BLIND, candidate_unknown="busy"), 0.0, 1.05),
        # Looks that cannot tell, some of which may fail by chance.
        (BLIND, 0.0, 0.505),
        (BLIND, 9.5, 0.505),
        (BLIND, 9.8, 0.5),
        # What is still undecided after its dwell.
        (RISING, 10.1, 2.0),
        (RISING, 15.0, 2.0),
        # Of several things the one that is decided first; and one look says something of all.
        (replace(RISING, candidate="away", candidate_since_s=1000.0), 0.0, 1.05),
        (replace(RISING, rising={**RISING.rising, "too_close": Clock(1004.0, 1004.0)}), 6.0, 4.1),
    ],
)
def test_when_an_attentive_look_is_taken(line: TimelineState, after_s: float, interval_s: float) -> None:
    """It always runs the model, on battery and for a glance as well."""
    line = replace(line, t_s=1000.0 + after_s)
    for situation, settings in ((Situation(), DEFAULT), (Situation(on_battery=True), GLANCE)):
        _, planned = plan(CadenceState(), line, situation, settings)
        assert planned.interval_s == pytest.approx(interval_s)
        assert planned.demand == ALWAYS


def test_attentive_looks_may_be_kept_apart() -> None:
    settings = replace(DEFAULT, cadence=replace(DEFAULT.cadence, attentive_s=3.0))
    assert plan(CadenceState(), sitting(undecided=True), Situation(), settings)[1].interval_s == 3.0


@pytest.mark.parametrize(
    ("settings", "presence", "on_battery", "demand"),
    [
        # A camera that stays open is looked at every 4 s: 12 and 60 s, less half of that.
        (DEFAULT, "sitting", False, Demand(0.10, 0.02, 10.0, 58.0)),
        (DEFAULT, "away", False, Demand(0.02, 0.02, 10.0, 58.0)),
        (DEFAULT, "sitting", True, Demand(0.10, 0.02, 20.0, 116.0)),
        # A glance every 12 s while somebody is there, every 20 s while nobody is.
        (GLANCE, "sitting", False, Demand(0.10, 0.02, 6.0, 54.0)),
        (GLANCE, "away", False, Demand(0.02, 0.02, 2.0, 50.0)),
        (GLANCE, "away", True, Demand(0.02, 0.02, 4.0, 100.0)),
    ],
)
def test_what_a_steady_look_asks(settings: Settings, presence: Presence, on_battery: bool, demand: Demand) -> None:
    line = replace(sitting(), presence=presence)
    assert plan(CadenceState(), line, Situation(on_battery=on_battery), settings)[1].demand == demand


def test_calibration_asks_for_all_and_restores_attention() -> None:
    spent = CadenceState(True, supply(1.0))
    state, planned = plan(spent, sitting(undecided=True), Situation(calibrating=True), DEFAULT)
    assert (planned.pace, planned.demand) == ("calibrating", ALWAYS)
    assert state == CadenceState()


def test_no_look_is_later_than_most_of_a_gap() -> None:
    assert plan(CadenceState(), sitting(), Situation(), with_gap(4.0))[1].interval_s == pytest.approx(3.2)
    assert plan(CadenceState(), sitting(), Situation(on_battery=True), with_gap(8.0))[1].interval_s == 6.4
    rare = replace(with_gap(2.0), cadence=replace(DEFAULT.cadence, attentive_s=5.0))
    assert plan(CadenceState(), sitting(undecided=True), Situation(), rare)[1].interval_s == 1.6


def test_attention_is_spent_while_attentive_and_only_then() -> None:
    state, _ = plan(CadenceState(True, supply(20.0)), sitting(1006.0, undecided=True), Situation(), DEFAULT)
    assert state == CadenceState(True, supply(14.0, 1006.0))
    state, _ = plan(CadenceState(False, supply(20.0)), sitting(1006.0), Situation(), DEFAULT)
    assert state == CadenceState(False, supply(20.0, 1006.0))


def test_where_the_cadence_begins() -> None:
    """With a full supply, of which a quarter of a second comes back each second, and on mains."""
    state, planned = plan(CadenceState(), sitting(), Situation(), DEFAULT)
    assert state == CadenceState(False, TokenBucket(20.0, 0.25, 20.0, 1000.0))
    assert planned.interval_s == 4.0


def test_attention_fills_again_at_a_quarter() -> None:
    state, _ = plan(CadenceState(False, supply(0.0)), sitting(1020.0), Situation(), DEFAULT)
    assert state.attention == supply(5.0, 1020.0)
    state, _ = plan(CadenceState(False, supply(0.0)), sitting(2000.0), Situation(), DEFAULT)
    assert state.attention == supply(20.0, 2000.0)


@pytest.mark.parametrize(
    ("attentive", "left_s", "after_s", "still_attentive"),
    [
        # While attentive, until the last of it is spent.
        (True, 0.5, 0.4, True),
        (True, 0.5, 0.5, False),
        # Once used up, not before half of it is back: 10 s of attention take 40 s.
        (False, 0.0, 39.0, False),
        (False, 0.0, 40.0, True),
        (False, 9.9, 0.0, False),
        (False, 10.0, 0.0, True),
    ],
)
def test_when_there_is_attention_enough(attentive: bool, left_s: float, after_s: float, still_attentive: bool) -> None:
    line = sitting(1000.0 + after_s, undecided=True)
    state, planned = plan(CadenceState(attentive, supply(left_s)), line, Situation(), DEFAULT)
    assert state.attentive == still_attentive
    assert planned.pace == ("attentive" if still_attentive else "steady")


def test_attention_ends_when_it_is_decided() -> None:
    state, planned = plan(CadenceState(True, supply(15.0)), sitting(1001.0), Situation(), DEFAULT)
    assert not state.attentive
    assert planned.pace == "steady"


def test_attention_may_be_set_to_none() -> None:
    settings = replace(DEFAULT, cadence=replace(DEFAULT.cadence, attentive_for_s=0.0))
    state, planned = plan(CadenceState(), sitting(undecided=True), Situation(), settings)
    again, _ = plan(state, sitting(1000.5, undecided=True), Situation(), settings)
    assert planned.pace == "attentive"
    assert not again.attentive


@pytest.mark.parametrize(("took_s", "due_s"), [(0.0, 104.0), (2.0, 104.0), (3.0, 105.0), (4.0, 106.0), (10.0, 112.0)])
def test_when_the_next_look_is_due(took_s: float, due_s: float) -> None:
    assert next_due_s(100.0, 100.0 + took_s, 4.0) == due_s


def test_a_slow_machine_gets_more_time_and_a_quick_answer_ends_that() -> None:
    """A sensor that hangs is ended after 20 s; where no look is ever done by then, watching must begin all the same."""
    tried = [cadence.USUAL_PATIENCE_S]
    for _ in range(3):
        tried.append(cadence.patience_s(tried[-1], None))
    assert tried == [20.0, 40.0, 80.0, 160.0]
    assert cadence.patience_s(160.0, None) == cadence.LONGEST_PATIENCE_S
    assert cadence.patience_s(160.0, 90.0) == 160.0
    assert cadence.patience_s(160.0, 5.0) == 160.0
    assert cadence.patience_s(160.0, 4.9) == cadence.USUAL_PATIENCE_S
