"""A life on Windows: start to stop, pauses, kills, window and tray, and a whole history at its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from life import Life, offspring, processes, sitting, until, windows

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "win32", reason="runs on Windows: .ci/windows")]


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    one = Life(tmp_path)
    yield one
    one.run("stop", code=None)


def test_from_start_to_stop(life: Life) -> None:
    assert life.run("start").startswith("posture has started.")
    assert "running already" in life.run("start")
    seen = life.seeing()
    assert "Sitting" in life.run("status")
    family = offspring(seen["pid"])
    assert seen["sensor"]["pid"] in family

    life.run("pause", "30m")
    life.until("it is paused", lambda status: status["paused"] and not status["sensor"]["pid"])
    assert life.run("status").startswith("Paused until ")
    life.run("resume")
    life.seeing()
    life.run("snooze")
    assert life.status()["snoozed"]["reason"] == "snoozed"
    life.run("resume")

    assert "posture" in life.run("restart")
    again = life.seeing()
    assert again["pid"] != seen["pid"]
    until(lambda: not family & set(processes()), "nothing is left of the first")

    family = offspring(again["pid"])
    assert "has stopped" in life.run("stop")
    until(lambda: not family & set(processes()), "nothing is left")
    assert "not running" in life.run("stop")
    assert "posture start" in life.run("status", code=1)


def test_three_starts_at_once_make_one(life: Life) -> None:
    starts = [life.started("start") for _ in range(3)]
    said = sorted(start.communicate(timeout=240)[0].splitlines()[0] for start in starts)
    assert said == ["posture has started."] + ["posture is running already."] * 2


def test_reminders_and_kills_and_a_whole_history(life: Life) -> None:
    life.begin()
    first = life.seeing()
    until(lambda: any(record.get("kind") == "reminder" for record in life.kept()), "a reminder is kept")
    assert "stand" in life.run("why").lower()

    os.kill(first["sensor"]["pid"], signal.SIGTERM)  # which is TerminateProcess
    life.until(
        "another sensor looks",
        lambda status: status["sensor"]["pid"] not in (None, first["sensor"]["pid"]) and status["state"] == "sitting",
    )

    family = offspring(first["pid"])
    os.kill(first["pid"], signal.SIGTERM)
    until(lambda: not family & set(processes()), "its processes go with it")
    assert "posture start" in life.run("status", code=1)
    life.begin()
    second = life.seeing()
    assert second["pid"] != first["pid"]
    life.run("stop")

    life.run("history", "check")
    kept = life.kept()
    assert sum(record.get("kind") == "watch" for record in kept) >= 2
    assert any(record.get("kind") == "reminder" for record in kept)
    life.run("summary")


def test_a_watch_in_the_foreground_sees_and_ends(life: Life) -> None:
    printed = life.run("run", "--source", str(sitting(150)), "--json")
    events = [json.loads(line) for line in printed.splitlines()]
    assert "presence" in {event["event"] for event in events}
    assert events[-1]["event"] == "summary"
    assert events[-1]["sitting_s"] > 10.0
    assert any(record["label"] == "sitting" for record in life.kept())


def test_what_it_costs_is_measured(life: Life) -> None:
    found = json.loads(life.run("bench", "--source", str(sitting()), "--seconds", "20", "--json"))
    assert found["whole_program"]
    assert found["frames"]["grabbed"] >= 1  # while nothing moves the model is asked once a minute
    assert found["cpu_ms_per_s"] > 0.0
    assert min(found["peak_rss_mb"].values()) > 10.0


def test_the_tray_stays(life: Life) -> None:
    life.begin()
    status = life.seeing()
    assert status["tray"] == "", "why there is none"
    icons = {pid for pid, kind, _ in windows() if "SystemTrayIcon" in kind}
    assert icons & offspring(status["pid"])


def test_the_window_opens_and_there_is_one(life: Life) -> None:
    opened = life.started("open", "today", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        shown = until(
            lambda: [row for row in windows() if "QWindow" in row[1] and row[2] and row[0] != os.getpid()],
            "a window is there",
        )
        assert {row[0] for row in shown} <= set(processes())
        life.run("open", "preferences", code=None)  # brings that one up
        pids = {row[0] for row in windows() if "QWindow" in row[1] and row[2]}
        assert pids == {row[0] for row in shown}
    finally:
        for pid in offspring(opened.pid) | {row[0] for row in windows() if "QWindow" in row[1]}:
            if pid != os.getpid():
                os.kill(pid, signal.SIGTERM)
        opened.wait(60)
