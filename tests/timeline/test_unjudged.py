"""What is not judged of somebody who sits, why, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streams import SETTINGS, run, stream

from posture.measure.observation import BY_SLUMP, DEVIATIONS, Deviation, Judged, Observation, Presence
from posture.timeline.advance import advance, at, finish
from posture.timeline.events import DeviationStarted, Event, PresenceChanged, UnjudgedEnded, UnjudgedStarted
from posture.timeline.state import TimelineState, Unjudged

FACE, SHOULDERS = "your face is not in the picture", "your shoulders are not in the picture"
OF_SHOULDERS: tuple[Deviation, ...] = ("lean_left", "lean_right", "shoulder_tilt")
DWELL_S = SETTINGS.deviation_dwell_s
Spans = dict[Deviation, list[tuple[float, float, str]]]


def verdict(why: str, kinds: Iterable[Deviation] = DEVIATIONS) -> dict[Deviation, Judged]:
    return {kind: Judged(why=why if kind in kinds else "") for kind in DEVIATIONS}


def seen(*parts: tuple[float, dict[Deviation, Judged]], start_s: float = 0.0) -> list[Observation]:
    """Somebody who sits, looked at twice a second: of (seconds, how it was judged)."""
    found: list[Observation] = []
    for length_s, judged in parts:
        found += stream(("sitting", length_s), start_s=start_s, judged=judged)
        start_s += length_s
    return found


def spans(observations: Iterable[Observation]) -> Spans:
    """Spans of not being judged of each deviation, to the end of watching."""
    state, events = run(observations)
    found: Spans = {}
    for event in [*events, *finish(state)[1]]:
        if isinstance(event, UnjudgedEnded):
            for kind in event.kinds:
                found.setdefault(kind, []).append((event.since_s, event.until_s, event.why))
    return found


def told(events: list[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, UnjudgedStarted | UnjudgedEnded)]


def test_what_lasts_for_a_dwell_counts_from_when_it_began_and_ends_where_it_is_judged_again() -> None:
    looks = seen((20, verdict("")), (60, verdict(SHOULDERS, OF_SHOULDERS)), (30, verdict("")))
    state, events = run(looks)
    assert told(events) == [
        UnjudgedStarted(20.0 + DWELL_S, 20.0, OF_SHOULDERS, SHOULDERS),
        UnjudgedEnded(80.0 + DWELL_S, 20.0, 80.0, OF_SHOULDERS, SHOULDERS),
    ]
    assert state.unjudged == {}
    assert run(looks[:80])[0].unjudged == dict.fromkeys(OF_SHOULDERS, Unjudged(20.0, SHOULDERS))


@pytest.mark.parametrize(("length_s", "counts"), [(DWELL_S, False), (DWELL_S + 0.5, True)])
def test_a_hand_before_the_face_is_no_lack_of_judgement(length_s: float, counts: bool) -> None:
    found = spans(seen((20, verdict("")), (length_s, verdict(FACE)), (30, verdict(""))))
    assert found == ({kind: [(20.0, 20.0 + length_s, FACE)] for kind in DEVIATIONS} if counts else {})


def test_a_glimpse_of_the_shoulders_does_not_end_it() -> None:
    looks = seen((60, verdict(SHOULDERS)), (DWELL_S - 1, verdict("")), (30, verdict(SHOULDERS)))
    assert spans(looks) == {kind: [(0.0, 89.0 + DWELL_S - 0.5, SHOULDERS)] for kind in DEVIATIONS}


def test_one_reason_after_another_still_hides_everything() -> None:
    """Each look gives another reason, none lasts for a dwell: silence would look like good posture."""
    looks = [Observation(float(t), "sitting", judged=verdict((FACE, SHOULDERS)[t % 2])) for t in range(100)]
    (span,) = spans(looks)["slump"]
    assert span[:2] == (0.0, 99.0)


def test_another_reason_that_lasts_takes_the_place_of_the_first() -> None:
    assert spans(seen((40, verdict(SHOULDERS)), (40, verdict(FACE))))["head_tilt"] == [
        (0.0, 40.0, SHOULDERS),
        (40.0, 79.5, FACE),
    ]


def test_what_a_slump_hides_is_judged() -> None:
    assert spans(seen((60, verdict(BY_SLUMP, ("forward_head",))))) == {}


def test_a_look_that_says_nothing_of_it_changes_nothing() -> None:
    older: list[Observation] = stream(("sitting", 60), levels=dict.fromkeys(DEVIATIONS))
    assert spans(older) == {}
    state, _ = run(seen((30, verdict(FACE))))
    state, events = run(stream(("sitting", 30), start_s=30), state)
    assert told(events) == []
    assert set(state.unjudged) == set(DEVIATIONS)


def test_a_level_without_more_is_a_judgement() -> None:
    looks = seen((30, verdict(FACE))) + stream(("sitting", 30), start_s=30, levels={"slump": 0.2})
    assert spans(looks)["slump"] == [(0.0, 30.0, FACE)]
    assert spans(looks)["head_tilt"] == [(0.0, 59.5, FACE)]


def test_it_begins_with_sitting_and_ends_with_it() -> None:
    looks = stream(("away", 10)) + seen((40, verdict(FACE)), start_s=10) + stream(("away", 30), start_s=50)
    assert spans(looks)["slump"] == [(10.0, 50.0, FACE)]


def test_looks_before_a_moment_away_do_not_count_for_a_sitting_that_has_not_begun() -> None:
    unsure = stream(("away", 10)) + seen((1, verdict(FACE)), start_s=10) + stream(("away", 1), start_s=11)
    assert spans(unsure + seen((40, verdict(FACE)), start_s=12))["slump"] == [(12.0, 51.5, FACE)]


def test_a_gap_without_looks_ends_it_at_the_last_one() -> None:
    looks = seen((40, verdict(FACE))) + seen((20, verdict(FACE)), start_s=400)
    assert spans(looks)["slump"] == [(0.0, 39.5, FACE), (400.0, 419.5, FACE)]
    late = seen((1, verdict(FACE))) + seen((20, verdict(FACE)), start_s=400)
    assert spans(late)["slump"] == [(400.0, 419.5, FACE)]


def test_a_gap_before_sitting_was_sure_leaves_nothing_behind() -> None:
    looks = stream(("away", 10)) + seen((0.5, verdict(FACE)), start_s=10) + seen((20, verdict(FACE)), start_s=200)
    assert spans(looks)["slump"] == [(200.0, 219.5, FACE)]


def test_the_state_between_looks_has_it_until_the_gap_is_too_long() -> None:
    state, _ = run(seen((40, verdict(FACE))))
    assert at(state, 100.0, SETTINGS).unjudged == state.unjudged
    assert at(state, 39.5 + SETTINGS.gap_s + 1, SETTINGS).unjudged == {}
    assert at(state, 41.0, SETTINGS, "paused").unjudged == {}


def test_it_is_told_before_the_deviation_that_is_judged_again() -> None:
    high = {kind: Judged(value=20.0) for kind in DEVIATIONS}
    slumped = stream(("sitting", 20), start_s=40, levels={"slump": 2.0}, judged=high)
    _, events = run(seen((40, verdict(FACE))) + slumped)
    assert [type(event) for event in events[-2:]] == [UnjudgedEnded, DeviationStarted]
    assert [event.t_s for event in events[-2:]] == [50.0, 50.0]


# -- whatever is seen --------------------------------------------------------------------------------------------------

VERDICTS = st.dictionaries(
    st.sampled_from(DEVIATIONS), st.sampled_from(["", "", FACE, SHOULDERS, BY_SLUMP]).map(lambda why: Judged(why=why))
)
WATCHED: st.SearchStrategy[list[Observation]] = st.lists(
    st.tuples(
        st.sampled_from([0.5, 2.0, 7.0, 11.0, 60.0, 95.0]),
        st.sampled_from(["sitting", "sitting", "sitting", "away", "unknown"]),
        VERDICTS,
        st.integers(1, 6),
    ),
    max_size=20,
).map(lambda parts: _watched(parts))


def _watched(parts: list[tuple[float, Presence, dict[Deviation, Judged], int]]) -> list[Observation]:
    t_s, found = 0.0, []
    for step_s, presence, judged, times in parts:
        for _ in range(times):
            t_s += step_s
            found.append(Observation(t_s, presence, judged=judged if presence == "sitting" else {}))
    return found


def sat(events: list[Event], end_s: float) -> list[tuple[float, float]]:
    found, since_s = [], None
    for event in events:
        if isinstance(event, PresenceChanged):
            if since_s is not None:
                found.append((since_s, event.since_s))
            since_s = event.since_s if event.presence == "sitting" else None
    return found + ([(since_s, end_s)] if since_s is not None else [])


@given(WATCHED)
def test_of_each_deviation_what_is_not_judged_is_a_part_of_sitting(looks: list[Observation]) -> None:
    state, events = run(looks)
    sitting = sat(events, state.now_s)
    for found in spans(looks).values():
        assert found == sorted(found)
        assert all(a[1] <= b[0] for a, b in pairwise(found))
        assert all(why and until_s - since_s > 0 for since_s, until_s, why in found)
        assert all(any(a <= since_s and until_s <= b for a, b in sitting) for since_s, until_s, _ in found)


@given(WATCHED)
def test_each_beginning_has_its_end_and_the_state_is_what_was_told(looks: list[Observation]) -> None:
    state, going = TimelineState(), dict[Deviation, Unjudged]()
    for look in looks:
        state, events = advance(state, look, SETTINGS)
        for event in told(events):
            if isinstance(event, UnjudgedStarted):
                assert event.since_s <= event.t_s - DWELL_S
                for kind in event.kinds:
                    assert kind not in going
                    going[kind] = Unjudged(event.since_s, event.why)
            elif isinstance(event, UnjudgedEnded):
                assert event.until_s <= event.t_s
                for kind in event.kinds:
                    assert going.pop(kind) == Unjudged(event.since_s, event.why)
        assert going == state.unjudged
    for event in told(finish(state)[1]):
        assert isinstance(event, UnjudgedEnded)
        for kind in event.kinds:
            del going[kind]
    assert going == {}


@given(WATCHED, st.integers(2, 4))
def test_it_does_not_matter_how_often_is_looked_where_nothing_changes(looks: list[Observation], times: int) -> None:
    often = looks[:1]
    for look in looks[1:]:
        last = often[-1]
        step_s = (look.t_s - last.t_s) / times
        if (look.presence, look.judged) == (last.presence, last.judged) and look.t_s - last.t_s <= SETTINGS.gap_s:
            often += [Observation(last.t_s + n * step_s, last.presence, judged=last.judged) for n in range(1, times)]
        often.append(look)
    assert spans(often) == spans(looks)


@given(WATCHED)
def test_a_stream_of_one_verdict_is_not_judged_for_all_of_its_sitting(looks: list[Observation]) -> None:
    """By whatever reasons: each second of a sitting that is long enough is accounted for."""
    reasons = (FACE, SHOULDERS)
    blind = [
        Observation(look.t_s, look.presence, judged=verdict(reasons[n % 2]) if look.presence == "sitting" else {})
        for n, look in enumerate(looks)
    ]
    state, events = run(blind)
    for a, b in sat(events, state.now_s):
        looked = [look.t_s for look in blind if a <= look.t_s <= b and look.presence == "sitting"]
        if looked[-1] - a >= DWELL_S:
            found = [span for span in spans(blind)["slump"] if a <= span[0] and span[1] <= b]
            assert sum(until_s - since_s for since_s, until_s, _ in found) == pytest.approx(b - a)
