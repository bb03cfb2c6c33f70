"""What the timeline says, folded into records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.reminder import Reminder
from posture.errors import PostureError
from posture.history.recorder import Recorder
from posture.history.records import Distance, Interval, Memory, Point
from posture.measure.observation import DEVIATIONS, Judged, Observation, Presence
from posture.settings import Settings, TimelineSettings
from posture.timeline.advance import advance, finish
from posture.timeline.events import (
    BoutEnded,
    BoutStarted,
    DeviationEnded,
    DeviationStarted,
    Event,
    PosturalShift,
    PresenceChanged,
    UnjudgedEnded,
    UnjudgedStarted,
)
from posture.timeline.state import TimelineState

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
EVER = (T0 - timedelta(days=9000), T0 + timedelta(days=9000))


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


class Unsure:
    """A sink that refuses while it is told to; what it takes lies in a Memory."""

    def __init__(self, refusals: Sequence[bool] = ()) -> None:
        self.memory = Memory()
        self.refusals = list(refusals)
        self.writes = 0

    def write(
        self,
        intervals: Sequence[Interval] = (),
        points: Sequence[Point] = (),
        distances: Sequence[Distance] = (),
    ) -> None:
        self.writes += 1
        if self.refusals and self.refusals.pop(0):
            raise PostureError("The disk is full.")
        self.memory.write(intervals, points, distances)


def everything(memory: Memory) -> tuple[list[Interval], list[Point], list[Distance]]:
    return memory.intervals(*EVER), memory.points(*EVER), memory.distance(*EVER)


def test_a_morning() -> None:
    memory = Memory()
    recorder = Recorder(memory, at)
    events: dict[int, list[Event]] = {
        10: [PresenceChanged(10, 5, "sitting", "unknown"), BoutStarted(10, 5)],
        100: [DeviationStarted(100, 90, "lean_left", 1.5), PosturalShift(100, 90)],
        140: [DeviationEnded(140, 90, 135, "lean_left")],
        160: [UnjudgedStarted(160, 150, ("slump", "head_tilt"), "of the dark")],
        180: [UnjudgedEnded(180, 150, 170, ("slump",), "of the dark")],
        200: [
            PresenceChanged(200, 195, "away", "sitting"),
            UnjudgedEnded(200, 150, 195, ("head_tilt",), "of the dark"),
        ],
        260: [BoutEnded(260, 5, 195, 190.0, "break", 20.0, 30.0, 100.0)],
        300: [PresenceChanged(300, 295, "unknown", "away", "too dark", "blind")],
    }
    stand = Reminder(150, "stand", "Stand up", "", "sat 30 min", covers=("move",), repeat=True, asks_s=40.0)
    for t_s in range(0, 320, 5):
        if t_s == 170:
            recorder.answer(t_s, "stand")
        recorder.take(t_s, events.get(t_s, []), [stand] if t_s == 150 else [], 61.7 if t_s < 100 else None)
    recorder.close(320)
    assert memory.intervals(*EVER) == [
        Interval("watch", "camera", at(0), at(320)),
        Interval(
            "bout",
            "sitting",
            at(5),
            at(195),
            {"sitting_s": 190.0, "ended_by": "break", "busy_s": 20.0, "unseen_s": 30.0, "longest_run_s": 100.0},
        ),
        Interval("presence", "sitting", at(5), at(195)),
        Interval("deviation", "lean_left", at(90), at(135)),
        Interval("unjudged", "head_tilt", at(150), at(195), {"why": "of the dark"}),
        Interval("unjudged", "slump", at(150), at(170), {"why": "of the dark"}),
        Interval("presence", "away", at(195), at(295)),
        Interval("presence", "unknown", at(295), at(320), {"reason": "too dark", "likely": "blind"}),
    ]
    assert memory.points(*EVER) == [
        Point("shift", at(90)),
        Point("reminder", at(150), "stand", {"why": "sat 30 min", "covers": "move", "repeat": True, "asks_s": 40.0}),
        Point("answer", at(170), "stand"),
    ]
    assert memory.distance(*EVER) == [Distance(at(0), 61, 100.0)]


def test_what_is_going_on_is_written_at_every_heartbeat() -> None:
    sink = Unsure()
    recorder = Recorder(sink, at, heartbeat_s=30.0)
    recorder.take(0, [PresenceChanged(0, 0, "sitting", "unknown"), BoutStarted(0, 0)])
    for t_s in range(1, 600):
        recorder.take(t_s)
        for interval in sink.memory.intervals(*EVER):
            assert interval.open
            assert at(t_s) - interval.end < timedelta(seconds=30)
    assert sink.writes == 1 + 599 // 30


def test_a_kill_while_the_chair_is_empty_leaves_the_end_of_the_bout_where_it_was_left() -> None:
    memory = Memory()
    recorder = Recorder(memory, at, heartbeat_s=1.0)
    recorder.take(0, [PresenceChanged(0, 0, "sitting", "unknown"), BoutStarted(0, 0)])
    recorder.take(30)
    recorder.take(33, [PresenceChanged(33, 31, "away", "sitting")])
    recorder.take(60)  # no close: killed
    (bout,) = memory.intervals(*EVER, "bout")
    assert bout.detail == {"sitting_s": 31}
    assert bout.end <= at(31)
    # Sitting down again within the break length goes on with the same bout.
    recorder.take(80, [PresenceChanged(80, 78, "sitting", "away")])
    (bout,) = memory.intervals(*EVER, "bout")
    assert bout == Interval("bout", "sitting", at(0), at(80), {"sitting_s": 33.0}, open=True)


def test_a_kill_costs_at_most_a_heartbeat_of_what_is_not_judged() -> None:
    sink = Unsure()
    recorder = Recorder(sink, at, heartbeat_s=30.0)
    recorder.take(0, [PresenceChanged(0, 0, "sitting", "unknown"), BoutStarted(0, 0)])
    for t_s in range(1, 600):
        recorder.take(t_s, [UnjudgedStarted(110, 100, ("slump",), "of the dark")] if t_s == 110 else [])
        found = sink.memory.intervals(*EVER, "unjudged")
        assert len(found) == (t_s >= 110)
        for interval in found:
            assert (interval.start, interval.detail, interval.open) == (at(100), {"why": "of the dark"}, True)
            assert at(t_s) - interval.end < timedelta(seconds=30)
    recorder.take(600, [UnjudgedEnded(600, 100, 590, ("slump",), "of the dark")])
    assert [interval.end for interval in sink.memory.intervals(*EVER, "unjudged")] == [at(590)]


def test_what_is_not_judged_is_cut_where_the_calendar_is_set() -> None:
    memory, ahead_s = Memory(), 0.0
    recorder = Recorder(memory, lambda t_s: at(t_s + ahead_s))
    recorder.take(0)
    recorder.take(10, [UnjudgedStarted(10, 0, ("slump",), "of the dark")])
    recorder.take(60)
    ahead_s = 86_400.0
    recorder.take(61)
    recorder.take(100, [UnjudgedEnded(100, 0, 90, ("slump",), "of the dark")])
    assert [(found.start, found.length_s, found.detail) for found in memory.intervals(*EVER, "unjudged")] == [
        (at(0), 61.0, {"why": "of the dark"}),
        (at(86_461), 29.0, {"why": "of the dark"}),
    ]


def test_nobody_watched_while_the_machine_slept() -> None:
    memory = Memory()
    recorder = Recorder(memory, at, gap_s=120.0)
    for t_s in (0, 60, 120, 4000, 4060):
        recorder.take(t_s, distance_cm=50.0)
    recorder.close(9000)
    assert memory.intervals(*EVER, "watch") == [
        Interval("watch", "camera", at(0), at(120)),
        Interval("watch", "camera", at(4000), at(4060)),
    ]
    assert sum(distance.seconds for distance in memory.distance(*EVER)) == 120 + 60


def test_a_clock_set_back_makes_no_interval_that_ends_before_it_starts() -> None:
    memory = Memory()
    back_s = 0.0
    recorder = Recorder(memory, lambda t_s: at(t_s - back_s), heartbeat_s=1.0)
    recorder.take(0)
    back_s = 3600.0
    recorder.take(10)
    recorder.close(20)
    # Twenty seconds were twenty seconds, whatever the calendar says.
    assert memory.intervals(at(-3601), at(1)) == [
        Interval("watch", "camera", at(-3590), at(-3580)),  # with the dates that it has since
        Interval("watch", "camera", at(0), at(10)),
    ]


# -- what the timeline says, whatever it sees -------------------------------------------------------------------------

spells = st.lists(
    st.tuples(
        st.sampled_from(("sitting", "sitting", "sitting", "standing", "away", "unknown")),
        st.integers(1, 40),  # looks
        st.sampled_from((1, 1, 5, 5, 15, 45, 200)),  # seconds between them
        st.sampled_from((None, 0.0, 0.9, 1.5)),
        st.sampled_from(("lean_left", "lean_right", "slump")),
        st.sampled_from(("", "of the dark", "of the cat")),  # why the others are not judged
    ),
    min_size=1,
    max_size=12,
)
Spells = list[tuple[Presence, int, int, float | None, str, str]]


def watch(seen: Spells, recorder: Recorder, settings: TimelineSettings) -> tuple[TimelineState, list[Event]]:
    state, t_s = TimelineState(), 0.0
    found: list[Event] = []
    for presence, looks, apart_s, level, kind, why in seen:
        judged = {other: Judged(why=why) for other in DEVIATIONS if other != kind} if presence == "sitting" else {}
        for _ in range(looks):
            look = Observation(t_s, presence, levels={kind: level}, judged=judged)  # type: ignore[dict-item]
            state, events = advance(state, look, settings)
            recorder.take(t_s, events, distance_cm=60.0)
            found += events
            t_s += apart_s
    state, events = finish(state)
    recorder.take(state.now_s, events)
    recorder.close(state.now_s)
    return state, found + events


@pytest.mark.slow
@given(spells)
def test_the_records_say_what_the_timeline_said(seen: Spells) -> None:
    from posture.report.summary import summarise

    settings, memory = Settings(), Memory()
    state, events = watch(seen, Recorder(memory, at), settings.timeline)

    ended = {
        (event.since_s, event.until_s, event.sitting_s, event.ended_by)
        for event in events
        if isinstance(event, BoutEnded)
    }
    bouts = memory.intervals(EVER[0], EVER[1], "bout")
    assert {
        (
            (interval.start - T0).total_seconds(),
            (interval.end - T0).total_seconds(),
            interval.detail["sitting_s"],
            interval.detail["ended_by"],
        )
        for interval in bouts
    } == ended
    assert {(interval.label, interval.start, interval.end) for interval in memory.intervals(*EVER, "deviation")} == {
        (event.kind, at(event.since_s), at(event.until_s)) for event in events if isinstance(event, DeviationEnded)
    }
    assert {
        (found.label, found.start, found.end, found.detail["why"]) for found in memory.intervals(*EVER, "unjudged")
    } == {
        (kind, at(event.since_s), at(event.until_s), event.why)
        for event in events
        if isinstance(event, UnjudgedEnded)
        for kind in event.kinds
    }
    assert not any(interval.open for interval in memory.intervals(*EVER))

    summary = summarise(*everything(memory), *EVER, settings)
    assert summary.figures.sitting_s == pytest.approx(state.sitting_s)
    assert summary.figures.lean.left_s == pytest.approx(state.lean_left_s)
    assert summary.figures.lean.right_s == pytest.approx(state.lean_right_s)


@pytest.mark.slow
@given(spells, st.lists(st.booleans(), max_size=60))
def test_a_sink_that_refuses_for_a_while_loses_nothing(seen: Spells, refusals: list[bool]) -> None:
    settings, memory, unsure = Settings(), Memory(), Unsure(refusals)
    problems: list[PostureError] = []
    watch(seen, Recorder(memory, at), settings.timeline)
    recorder = Recorder(unsure, at, on_problem=problems.append)
    try:
        watch(seen, recorder, settings.timeline)
    except PostureError:
        unsure.refusals.clear()
        recorder.close(0)
    assert everything(unsure.memory) == everything(memory)
    outages = [n for n, refused in enumerate(refusals) if refused and (n == 0 or not refusals[n - 1])]
    assert len(problems) == sum(n < unsure.writes for n in outages)


def test_what_waits_is_bounded_and_the_newest_is_kept() -> None:
    unsure = Unsure([True] * 200)
    recorder = Recorder(unsure, at, pending_limit=10)
    for t_s in range(0, 1000, 10):
        recorder.take(t_s, [PosturalShift(t_s, t_s)])
    unsure.refusals.clear()
    recorder.close(1000)
    assert [point.at for point in unsure.memory.points(*EVER)] == [at(t_s) for t_s in range(900, 1000, 10)]
    assert unsure.memory.intervals(*EVER) == [Interval("watch", "camera", at(0), at(1000))]


def test_the_end_says_when_something_could_not_be_written() -> None:
    recorder = Recorder(Unsure([True, True]), at)
    recorder.take(0)
    with pytest.raises(PostureError, match="full"):
        recorder.close(10)


def test_a_watch_names_the_calibration_that_it_goes_by() -> None:
    memory, first, second = Memory(), at(-5000), at(55)
    recorder = Recorder(memory, at, heartbeat_s=0.0)
    recorder.take(0)
    recorder.use_calibration(first)  # known with the first look: nothing was recorded before it
    recorder.take(30)
    recorder.use_calibration(first)
    recorder.take(60)
    recorder.use_calibration(second)
    recorder.take(90)
    recorder.take(1000)  # after a gap the next watch goes by the same
    recorder.take(1030)
    recorder.use_calibration(None)
    recorder.take(1060)
    recorder.close(1060)
    assert memory.intervals(*EVER) == [
        Interval("watch", "camera", at(0), at(60), {"calibration": first.isoformat()}),
        Interval("watch", "camera", at(60), at(90), {"calibration": second.isoformat()}),
        Interval("watch", "camera", at(1000), at(1030), {"calibration": second.isoformat()}),
        Interval("watch", "camera", at(1030), at(1060)),
    ]
