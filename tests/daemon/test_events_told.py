"""`posture events`: what happens, told to other programs as it happens."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from private_session import Daemon, Program

from posture.control.ends import Reply
from posture.control.protocol import MAX_FOLLOWERS, parse_answer
from posture.daemon.happenings import KEPT, LOGGED, WAITING, Happenings, of_log, told
from posture.timeline.events import BoutEnded, PresenceChanged

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def to_utc(t_s: float) -> datetime:
    return NOON + timedelta(seconds=t_s)


async def heard(reply: Reply) -> list[dict[str, Any]]:
    assert reply.more is not None
    assert reply.release is not None
    found = [json.loads(line) async for line in reply.more]
    reply.release()
    return found


def test_an_event_has_times_of_the_calendar() -> None:
    assert told(PresenceChanged(12.0, 10.0, "sitting", "away"), to_utc) == {
        "v": 1,
        "at": "2026-03-02T12:00:12.000+00:00",
        "event": "presence",
        "state": "sitting",
        "was": "away",
        "since": "2026-03-02T12:00:10.000+00:00",
    }
    bout = told(BoutEnded(90.0, 0.0, 60.0, 60.0, "break", 0.0, 0.0, 60.0), to_utc)
    assert (bout["until"], bout["sitting_s"]) == ("2026-03-02T12:01:00.000+00:00", 60.0)


def test_of_the_log_only_what_is_promised_is_told() -> None:
    assert of_log("paused", {"until": NOON, "other": 1}, NOON) == {
        "v": 1,
        "at": "2026-03-02T12:00:00.000+00:00",
        "event": "paused",
        "until": "2026-03-02T12:00:00.000+00:00",
    }
    for private in ("seen", "message", "notice", "error", "started"):
        assert private not in LOGGED
        assert of_log(private, {"text": "x"}, NOON) is None


def test_who_does_not_read_loses_the_oldest_and_is_told() -> None:
    async def job() -> None:
        happenings = Happenings()
        reply = happenings.follow({}, 0)
        for n in range(WAITING + 3):
            happenings.tell({"event": "n", "n": n})
        ending = asyncio.create_task(happenings.end())
        await asyncio.sleep(0)
        first, *rest, last = await heard(reply)
        await ending
        assert (first["event"], first["count"]) == ("lost", 4)  # the last word counts, too
        assert [event["n"] for event in rest] == list(range(4, WAITING + 3))
        assert last["event"] == "stopped"
        assert len(happenings.recent(10_000)) == KEPT

    asyncio.run(job())


def test_no_more_than_a_few_follow_and_a_place_becomes_free() -> None:
    async def job() -> None:
        happenings = Happenings()
        replies = [happenings.follow({}, 0) for _ in range(MAX_FOLLOWERS)]
        assert b"end one of them" in happenings.follow({}, 0).line
        release = replies[0].release
        assert release is not None
        release()
        happenings.tell({"event": "x"})
        assert parse_answer(happenings.follow({"state": "away"}, 5).line) == {
            "status": {"state": "away"},
            "recent": [{"event": "x"}],
        }

    asyncio.run(job())


# -- with the daemon ---------------------------------------------------------------------------------------------------


def follow(daemon: Daemon, *options: str) -> Program:
    return Program(sys.executable, "-m", "posture", "events", "--follow", *options, env=daemon.session.env)


def event_of(program: Program, name: str) -> dict[str, Any]:
    while (event := program.told())["event"] != name:
        assert event["v"] == 1
        datetime.fromisoformat(event["at"])
    return event


def test_what_happens_is_told_until_the_daemon_stops(daemon: Daemon) -> None:
    daemon.run("start")
    program = follow(daemon, "--json")
    assert event_of(program, "now")["status"]["v"] == 1
    daemon.until("seen", state="sitting")
    daemon.run("pause", "30m")
    assert event_of(program, "paused")["until"]
    assert "Sitting" in daemon.run("toggle")
    event_of(program, "resumed")
    assert daemon.run("toggle").startswith("Paused.")
    # Of another one the output is closed: it ends at once, although nothing happens.
    ours, its = os.pipe()
    command = [sys.executable, "-m", "posture", "events", "--follow", "--json"]
    unread = subprocess.Popen(command, env=daemon.session.env, stdout=its, stderr=subprocess.PIPE)
    os.close(its)
    assert b'"now"' in os.read(ours, 65_536)
    os.close(ours)
    assert unread.communicate(timeout=45) == (None, b"")
    assert unread.returncode == 0
    # Ctrl-C ends one as it ends every command, without a word.
    interrupted = subprocess.Popen(
        command,
        env=daemon.session.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # Tests that run in the background have it ignored, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert interrupted.stdout is not None
    assert b'"now"' in interrupted.stdout.readline()
    interrupted.send_signal(signal.SIGINT)
    assert interrupted.communicate(timeout=45)[1] == b""
    assert interrupted.returncode == 130
    assert "  paused" in daemon.run("events")
    daemon.run("stop")
    event_of(program, "stopped")
    assert program.process.wait(45) == 0
    assert "not running" in daemon.run("events", check=False)


def test_a_daemon_that_is_killed_is_said(daemon: Daemon) -> None:
    daemon.run("start")
    command = [sys.executable, "-m", "posture", "events", "--follow", "--json"]
    following = subprocess.Popen(command, env=daemon.session.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert following.stdout is not None
    assert b'"now"' in following.stdout.readline()
    os.kill(daemon.status()["pid"], signal.SIGKILL)
    _, said = following.communicate(timeout=45)
    assert b"has ended without saying so" in said
    assert following.returncode == 1
