"""An open red flag silences exercises wherever somebody is watched, also where nothing is stored."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import posture
from posture.cli.main import main
from posture.coach.exercises import library
from posture.coach.safety import QUESTIONS
from posture.daemon.watch_thread import WatchThread
from posture.history.care import check_in_point, hold_points
from posture.history.records import Interval, Memory, Point
from posture.history.store import Store
from posture.measure.observation import Observation
from posture.monitor import assemble as assembly
from posture.monitor import bench
from posture.monitor.assemble import assemble
from posture.monitor.clock import WallClock
from posture.monitor.engine import Engine
from posture.settings import Settings
from posture.settings_file import load_settings

PACKAGE = Path(posture.__file__).parent
GENERIC = "Stand up and walk a few steps."
SHORT = ("coach.stand_after=12s", "pose.model=lite", "desktop.notifications=false")
START = datetime(2026, 3, 2, 12, tzinfo=UTC)


def options(*settings: str) -> list[str]:
    return [argument for setting in settings for argument in ("--set", setting)]


pytestmark = pytest.mark.usefixtures("own_folder")
CheckIn = Callable[..., None]


@pytest.fixture
def check_in(answer: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> CheckIn:
    """Answer `posture check-in`; an emergency ends its questions."""

    def run(*yes: str) -> None:
        answer(*yes)
        assert main(["check-in"]) == 0
        capsys.readouterr()

    return run


@pytest.fixture
def red_flag(check_in: CheckIn) -> None:
    check_in("chest")


def names_an_exercise(text: str) -> bool:
    flat = " ".join(text.split())
    return any(exercise.line_for(side) in flat for exercise in library() for side in ("left", "right"))


def first_reminder(engine: Engine, begin_s: float = 0.0) -> Any:
    """Sit before the engine, a look a second, until it reminds."""
    for second in range(120):
        outcome = engine.take(Observation(begin_s + second, "sitting"))
        if outcome.reminders:
            return outcome.reminders[0]
    raise AssertionError("nothing was said")


def at(t_s: float) -> datetime:
    return START + timedelta(seconds=t_s)


def test_nobody_else_puts_a_watch_together() -> None:
    parts = {"Engine", "Recorder", "CoachContext"}
    found = set()
    root = PACKAGE.parent
    for path in [path for folder in (PACKAGE, root / "benchmarks", root / "tools") for path in folder.rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in parts:
                    found.add(path.name)
    assert found == {"assemble.py"}


def test_an_exercise_is_named_when_there_is_no_red_flag() -> None:
    reminder = first_reminder(assemble(load_settings(overrides=SHORT), Memory(), at))
    assert reminder.exercise
    assert names_an_exercise(reminder.body)


@pytest.mark.parametrize("question", [asked.id for asked in QUESTIONS if asked.rank in ("emergency", "urgent")])
def test_a_red_flag_silences_exercises(question: str, check_in: CheckIn) -> None:
    check_in(question)
    reminder = first_reminder(assemble(load_settings(overrides=SHORT), Memory(), at))
    assert not reminder.exercise
    assert GENERIC in reminder.body
    assert main(["check-in", "--clear"]) == 0
    assert first_reminder(assemble(load_settings(overrides=SHORT), Memory(), at)).exercise


@pytest.mark.usefixtures("red_flag")
def test_the_daemon_names_no_exercise() -> None:
    settings = load_settings(overrides=SHORT)
    watcher = WatchThread(settings, WallClock(), lambda update: None, lambda sentence: None, lambda: False)
    watcher.engine.wait_for("", 600.0)
    reminder = first_reminder(watcher.engine)
    assert GENERIC in reminder.body
    assert not names_an_exercise(reminder.body)
    assert watcher.engine.stretch_now().exercise is None


@pytest.mark.slow
@pytest.mark.usefixtures("red_flag")
def test_replay_names_no_exercise(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--calibrate", "0", "--looks", "0.5", "--json", *options(*SHORT)]
    assert main(["replay", str(data / "still.mp4"), *arguments]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    reminders = [line for line in found if line["event"] == "reminder"]
    assert [reminder["exercise"] for reminder in reminders] == [None] * len(reminders)
    assert GENERIC in reminders[0]["body"]


@pytest.mark.slow
@pytest.mark.usefixtures("red_flag")
def test_demo_names_no_exercise(own_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own_folder / "settings.toml").write_text('[pose]\nmodel = "lite"\n[desktop]\nnotifications = false\n')
    assert main(["demo"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert GENERIC in told
    assert not names_an_exercise(told)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
@pytest.mark.usefixtures("red_flag")
def test_run_names_no_exercise(data: Path) -> None:
    command = [sys.executable, "-m", "posture", "run", "--source", str(data / "still.mp4"), "--json", *options(*SHORT)]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=dict(os.environ))
    assert run.stdout is not None
    reminders = []
    for line in run.stdout:
        if (found := json.loads(line))["event"] == "reminder":
            reminders.append(found)
            run.send_signal(signal.SIGINT)
    assert run.wait() == 0
    assert reminders[0]["exercise"] is None
    assert GENERIC in reminders[0]["body"]


@pytest.mark.slow
@pytest.mark.usefixtures("red_flag")
def test_bench_names_no_exercise(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sees what is said while costs are measured, so the engine it was measured with is asked afterwards."""
    built: list[Engine] = []

    def watched(*arguments: Any) -> Engine:
        built.append(assemble(*arguments))
        return built[-1]

    monkeypatch.setattr(bench, "assemble", watched)
    bench.measure(load_settings(overrides=SHORT), str(data / "still.mp4"), 1.0, "fps=2")
    reminder = first_reminder(built[0], begin_s=built[0].timeline.now_s + 1.0)
    assert GENERIC in reminder.body


def test_what_was_done_and_leaned_to_comes_from_the_history(store: Store) -> None:
    now = datetime.now(UTC)
    engine = assemble(Settings(), store, at)
    engine.take(Observation(0.0, "sitting"))
    first = engine.stretch_now().exercise
    assert first is not None
    done = hold_points(first.id, {"both": 30.0}, {"both": now - timedelta(hours=1)}, verified=True)
    store.write(points=done)
    after = assemble(Settings(), store, at)
    after.take(Observation(0.0, "sitting"))
    second = after.stretch_now().exercise
    assert second is not None
    assert second.id != first.id


def test_the_side_leaned_to_is_named(store: Store) -> None:
    today = datetime.now(UTC).replace(microsecond=0)
    for day in range(1, 12):
        start = today - timedelta(days=day)
        store.write(
            intervals=[
                Interval("watch", "camera", start, start + timedelta(hours=4)),
                Interval("deviation", "lean_left", start, start + timedelta(hours=1)),
            ]
        )
    settings = load_settings(overrides=SHORT)
    reminder = first_reminder(assemble(settings, Memory(), at))
    assert (reminder.kind, reminder.side) == ("stretch", "left")


def test_the_history_is_read_every_minute(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [1000.0]
    monkeypatch.setattr(assembly, "now_s", lambda: seconds[0])
    context = assembly.HistoryContext(at)
    context.refresh(Settings())
    assert not context.at(0.0).suspended
    store.write(points=[Point("check-in", datetime.now(UTC), "emergency", {"items": "chest"})])
    seconds[0] += assembly.CARE_S - 1.0
    context.refresh(Settings())
    assert not context.at(0.0).suspended
    seconds[0] += 1.0
    context.refresh(Settings())
    assert context.at(0.0).suspended


def test_days_of_leaning_are_read_every_hour(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are the most of a history, and no minute changes them."""
    seconds = [1000.0]
    monkeypatch.setattr(assembly, "now_s", lambda: seconds[0])
    read: list[float] = []
    monkeypatch.setattr(assembly, "leaning", lambda store, now: read.append(seconds[0]))
    store.write(points=[Point("shift", datetime.now(UTC))])
    context = assembly.HistoryContext(at)
    for _ in range(3):
        context.refresh(Settings())
        seconds[0] += assembly.LEANING_S / 2
    assert read == [1000.0, 1000.0 + assembly.LEANING_S]
    context.refresh(Settings(), True)
    assert len(read) == 3, "who has answered something is heard at once"


def test_a_history_that_cannot_be_read_keeps_what_is_known(
    store: Store, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from posture.coach.safety import judge

    seconds = [1000.0]
    monkeypatch.setattr(assembly, "now_s", lambda: seconds[0])
    store.write(points=[check_in_point(datetime.now(UTC), judge(["chest"]))])
    store.close()
    context = assembly.HistoryContext(at)
    context.refresh(Settings())
    for name in (own_folder / "data").glob("history.sqlite3*"):
        name.write_bytes(b"no history" * 500)
    seconds[0] += assembly.CARE_S
    context.refresh(Settings())
    assert context.at(0.0).suspended


def test_ages_grow_between_two_readings(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [1000.0]
    monkeypatch.setattr(assembly, "now_s", lambda: seconds[0])
    exercise = library()[0].id
    done_at = datetime.now(UTC) - timedelta(seconds=500)
    store.write(points=hold_points(exercise, {"both": 30.0}, {"both": done_at}, verified=True))
    context = assembly.HistoryContext(at)
    context.refresh(Settings())
    before_s = context.at(0.0).ago_s[exercise]
    seconds[0] += 100.0
    assert before_s == pytest.approx(500.0, abs=10.0)
    assert context.at(0.0).ago_s[exercise] == pytest.approx(before_s + 100.0)


def test_what_hurts_by_the_log_reaches_the_coach(store: Store) -> None:
    now = datetime.now(UTC)
    walking = [Point("pain", now - timedelta(days=n), "knee", {"level": 4, "when": "walking"}) for n in (3, 2, 1)]
    store.write(points=walking)
    context = assembly.HistoryContext(at)
    context.refresh(Settings())
    assert context.at(0.0).hurts == {"walking", "knee"}


def test_the_hour_is_that_of_the_watch() -> None:
    context = assembly.HistoryContext(at)
    local = START.astimezone()
    assert context.at(0.0).local_minute == local.hour * 60 + local.minute
    assert context.at(3600.0).local_minute == (context.at(0.0).local_minute + 60) % 1440


def test_what_reminders_wait_for() -> None:
    engine = assemble(load_settings(overrides=SHORT), Memory(), at, waiting="asking")
    for second in range(60):
        assert not engine.take(Observation(float(second), "sitting")).reminders
    engine.wait_for("in a call", 600.0)
    assert not engine.take(Observation(60.0, "sitting")).reminders
    engine.wait_for("", 600.0)
    assert engine.take(Observation(61.0, "sitting")).reminders


def test_who_said_to_stand_does_not_sit_until_the_next_break() -> None:
    engine = assemble(Settings(), Memory(), at)
    engine.stand(True, 0.0)
    for second in range(20):
        engine.take(Observation(float(second), "sitting"))
    assert engine.timeline.presence == "standing"
    break_after_s = round(Settings().timeline.break_after_s)
    for second in range(20, 40 + break_after_s):
        engine.take(Observation(float(second), "away"))
    assert not engine.standing
    for second in range(40 + break_after_s, 60 + break_after_s):
        engine.take(Observation(float(second), "sitting"))
    assert engine.timeline.presence == "sitting"


def test_what_is_unknown_while_suspended_is_so_until_the_first_look() -> None:
    engine = assemble(Settings(), Memory(), at)
    for second in range(20):
        engine.take(Observation(float(second), "sitting"))
    engine.suspended = True
    engine.take(Observation(20.0, "unknown", "locked", cause="locked"))
    assert engine.not_seen_since == ""
    engine.suspended = False
    assert engine.not_seen_since == "locked"
    # Short of a gap, and still nobody looked from 20 s to 22 s.
    engine.take(Observation(22.0, "sitting"))
    assert engine.not_seen_since == ""
    assert engine.timeline.presence == "unknown" or engine.timeline.presence_since_s >= 22.0


def test_what_was_done_is_not_said_again() -> None:
    settings = load_settings(overrides=(*SHORT, "coach.repeat_after=10s", "coach.spacing=1s"))
    done, left = (assemble(settings, Memory(), at) for _ in range(2))
    reminder = first_reminder(done)
    assert first_reminder(left) == reminder
    assert reminder.kind in done.coach.asked
    done.done(reminder.kind)
    assert reminder.kind not in done.coach.asked
    again_s = [
        [t_s for t_s in range(round(reminder.t_s) + 1, 1000) if engine.take(Observation(t_s, "sitting")).reminders]
        for engine in (done, left)
    ]
    assert again_s[0][0] > again_s[1][0] > reminder.t_s


def test_a_snooze_is_handed_on() -> None:
    engine = assemble(load_settings(overrides=SHORT), Memory(), at)
    engine.snooze(1000.0)
    assert engine.coach.snoozed_until_s == 1000.0


def test_a_stretch_that_is_asked_for_says_what_was_sat_since_the_last() -> None:
    engine = assemble(Settings(), Memory(), at)
    for second in range(0, 1201, 2):
        engine.take(Observation(float(second), "sitting"))
    assert engine.stretch_now().lasted == "20 min"
    engine.done("stretch")
    for second in range(1202, 1801, 2):
        engine.take(Observation(float(second), "sitting"))
    assert engine.stretch_now().lasted == "10 min"
