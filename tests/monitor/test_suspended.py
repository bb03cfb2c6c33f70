"""What the timeline is told while looks are suspended: by the loop itself, and by the daemon's thread around it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.backoff import Backoff
from posture.daemon import watch_thread
from posture.daemon.session_state import ASLEEP, CLOSED, HIDDEN, LOCKED, PAUSED, SessionState, Suspension
from posture.daemon.watch_thread import WatchThread, _causes
from posture.history.records import Memory
from posture.measure.observation import Cause, Observation, Presence, cause_of
from posture.monitor import live
from posture.monitor.assemble import assemble
from posture.monitor.clock import WallClock
from posture.monitor.engine import Engine, Outcome
from posture.monitor.live import CameraStatus, LiveWatch, Update
from posture.settings import Settings
from posture.timeline.state import TimelineState

SETTINGS = replace(Settings(), timeline=replace(Settings().timeline, presence_dwell_s=0.0))
Told = list[tuple[str, Cause]]
PAUSE: dict[str, Cause] = {"paused": "blind"}
LOCK: dict[str, Cause] = {"the screen is locked": "locked"}
LID: dict[str, Cause] = {"the lid is closed": "lid closed"}


def engine_of(settings: Settings, clock: WallClock, *seen: Presence) -> tuple[Engine, Told]:
    """An engine that has seen this, one look after the other, and what it is told of why nobody looks."""
    engine = assemble(settings, Memory(), clock.to_utc, known=lambda context: context)
    for presence in seen:
        engine.take(Observation(engine.timeline.now_s, presence))
    told: Told = []
    take = engine.take

    def heard(observation: Observation) -> Outcome:
        told.append((observation.reason, observation.cause))
        return take(observation)

    engine.take = heard  # type: ignore[method-assign]
    return engine, told


def likely(timeline: TimelineState) -> str | None:
    """What is likely, whether or not it has lasted for its dwell."""
    return timeline.unknown or timeline.candidate_unknown


Watched = Callable[..., tuple[LiveWatch, Engine, Told]]


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """A watch without a camera, whose engine has seen some looks, and whose dwell is short."""
    monkeypatch.setattr(live, "UNSEEN_S", 0.01)

    def watched(*seen: Presence, dwell_s: float = 0.0) -> tuple[LiveWatch, Engine, Told]:
        settings = replace(Settings(), timeline=replace(Settings().timeline, presence_dwell_s=dwell_s))
        clock = WallClock()
        engine, told = engine_of(settings, clock, *seen)
        engine.suspended = True
        return LiveWatch(settings, engine, clock, "0"), engine, told

    return watched


def test_each_change_of_the_causes_is_told_and_the_lid_wins(watched: Watched) -> None:
    watch, engine, told = watched("sitting")
    updates = watch.watch()
    kinds = []
    for causes in (LOCK, LOCK | LID, LOCK, LID, PAUSE | LID, PAUSE):
        assert cause_of(causes.values()) == (
            "lid closed" if "the lid is closed" in causes else next(iter(causes.values()))
        )
        watch.suspend(causes)
        assert next(updates).sentence == next(iter(causes))
        kinds.append(likely(engine.timeline))
    assert told == [
        ("the screen is locked", "locked"),
        ("the screen is locked", "lid closed"),
        ("the screen is locked", "locked"),
        ("the lid is closed", "lid closed"),
        ("paused", "lid closed"),
        ("paused", "blind"),
    ]
    assert kinds == ["blind", "left", "left", "left", "left", "blind"], "who left is not back while it is locked"
    watch.suspend(PAUSE | LOCK)  # as before: nothing new to be told
    watch.stop()
    assert list(updates) == []
    watch.close()


def test_who_was_seen_leaving_only_just_before_the_lock_has_left(watched: Watched) -> None:
    """One look saw the empty chair, which is less than a dwell; nobody looks any more."""
    watch, engine, told = watched("sitting", dwell_s=0.05)
    engine.take(Observation(engine.timeline.now_s + 1.0, "sitting"))
    engine.take(Observation(engine.timeline.now_s + 0.01, "away"))
    watch.suspend(LOCK)
    give_up = threading.Timer(20.0, watch.stop)
    give_up.start()
    for _ in watch.watch():
        if engine.timeline.candidate is None:
            watch.stop()
    give_up.cancel()
    watch.close()
    assert (engine.timeline.presence, engine.timeline.unknown) == ("unknown", "left")
    assert set(told[2:]) == {("the screen is locked", "locked")}


@pytest.mark.parametrize(
    ("suspended", "kind"),
    [
        ((LOCKED,), "blind"),
        ((HIDDEN,), "blind"),
        ((ASLEEP,), "blind"),
        ((CLOSED,), "left"),
        ((PAUSED, LOCKED, CLOSED), "left"),
        ((Suspension("lent", "calibrating"),), "blind"),
    ],
)
def test_the_thread_passes_why(own_folder: Path, suspended: tuple[Suspension, ...], kind: str) -> None:
    told = threading.Event()

    def on_update(update: Update) -> None:
        if update.sentence == suspended[0].reason:
            told.set()

    watch = WatchThread(SETTINGS, WallClock(), on_update, lambda sentence: None, lambda: False)
    watch.engine.take(Observation(0.0, "sitting"))
    watch.suspend(suspended)
    watch.start()
    assert told.wait(30.0)
    timeline = watch.engine.timeline
    assert watch.stop(30.0)
    assert likely(timeline) == kind
    assert suspended[0].reason in (timeline.reason, timeline.candidate_reason)


def test_a_watch_that_rests_passes_why_as_well(own_folder: Path) -> None:
    """The camera cannot be watched, and the lid is closed meanwhile: nobody sits there."""
    settings = replace(SETTINGS, camera=replace(SETTINGS.camera, source="rtsp://nowhere/1"))
    updates: list[Update] = []
    told = threading.Event()

    def on_update(update: Update) -> None:
        updates.append(update)
        told.set()

    watch = WatchThread(settings, WallClock(), on_update, lambda sentence: None, lambda: False)
    watch.engine.take(Observation(0.0, "sitting"))
    watch.suspend((CLOSED,))
    watch.start()
    assert told.wait(30.0)
    timeline = watch.engine.timeline
    assert watch.stop(30.0)
    assert updates[0].camera == "failed"
    assert (timeline.reason, timeline.unknown) == ("the lid is closed", "left")


class Film:
    """A watch of a film that is over at once."""

    begun = 0
    last_plan, sensor_pid, restarts, source, baseline, doubted = None, None, 0, "a.mp4", None, ""

    def __init__(self, *_: object, **__: object) -> None:
        type(self).begun += 1
        self.camera = CameraStatus("ended", "a.mp4 has ended.", "a.mp4")

    def watch(self) -> Iterator[Update]:
        yield Update(0.0, camera="ended", sentence="a.mp4 has ended.")

    def suspend(self, causes: object) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...


def test_a_film_that_has_ended_is_over_until_it_is_asked_for(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch_thread, "LiveWatch", Film)
    monkeypatch.setattr(watch_thread, "RETRY", Backoff(first_s=0.01, longest_s=0.01))
    monkeypatch.setattr(watch_thread, "UNSEEN_S", 0.01)
    monkeypatch.setattr(watch_thread, "OVER_S", 0.01)
    monkeypatch.setattr(Film, "begun", 0)
    said: list[tuple[str, str]] = []
    looked = threading.Semaphore(0)

    def on_update(update: Update) -> None:
        said.append((update.camera, update.sentence))
        looked.release()

    watch = WatchThread(SETTINGS, WallClock(), on_update, lambda sentence: None, lambda: False)
    watch.engine.take(Observation(0.0, "sitting"))
    watch.play_again()  # nothing to play yet
    watch.start()
    for _ in range(20):  # as often as it would have been tried again
        assert looked.acquire(timeout=30.0)
    assert Film.begun == 1
    assert set(said) == {("ended", "a.mp4 has ended.")}, "the log has one line"
    assert watch.report().trouble == "a.mp4 has ended: posture resume plays it again."
    timeline = watch.engine.timeline
    assert "ended" in (timeline.reason, timeline.candidate_reason)
    watch.play_again()
    while Film.begun < 2:
        assert looked.acquire(timeout=30.0)
    assert watch.stop(30.0)


@given(st.permutations([LOCKED, PAUSED, CLOSED, ASLEEP]), st.integers(0, 4))
def test_the_session_and_the_watch_go_by_the_same_cause(order: list[Suspension], count: int) -> None:
    suspended = tuple(order[:count])
    cause = SessionState(suspended=suspended).cause
    assert cause == cause_of(_causes(suspended).values())
    assert cause == ("lid closed" if CLOSED in suspended else suspended[0].cause if suspended else "")
