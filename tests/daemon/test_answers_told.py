"""What the user answers to a real daemon: by buttons, by a guided stretch, and by saying it less often."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from private_session import Daemon, Program, until

from posture.control.channel import ask, borrow_camera
from posture.errors import PostureError
from posture.history.records import Point
from posture.history.store import Store

SOON = "coach.stand_after = '10s'\ncoach.move_after = '4h'\ncoach.spacing = '0s'\ncoach.most_per_hour = 60\n"


def notice(server: Program) -> dict[str, Any]:
    """The next notice, whatever is closed before it."""
    while "summary" not in (told := server.told()):
        pass
    return told


def history(daemon: Daemon) -> Path:
    return Path(daemon.session.env["XDG_DATA_HOME"]) / "posture/history.sqlite3"


def points(daemon: Daemon, kind: str) -> list[Point]:
    with Store(history(daemon), read_only=True) as store:
        found = store.points(datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    return [point for point in found if point.kind == kind]


def test_still_standing_has_its_own_buttons(daemon: Daemon) -> None:
    server = daemon.session.notifications()
    daemon.configure(more=SOON.replace("'10s'", "'4h'") + "coach.sit_after = '10s'\n")
    daemon.run("start")
    daemon.until("sits", state="sitting")
    daemon.run("standing", "on")
    shown = notice(server)
    assert shown["summary"] == "Still standing?"
    assert shown["actions"] == ["sits", "I'm sitting", "stands", "Still standing", "snooze", "Snooze 10 min"]
    until(lambda: "notice" in daemon.events(), "the daemon knows its number")
    server.write("stands")
    assert notice(server)["summary"] == "Still standing?", "asked again after coach.sit_after"
    assert daemon.status()["standing"] is True
    until(lambda: daemon.events().count("notice") == 2, "the daemon knows its number")
    server.write("sits")
    daemon.until("sits again", standing=False, state="sitting")
    daemon.run("stop")
    assert [point.label for point in points(daemon, "answer")] == ["sit"]


def test_a_guided_stretch_answers_what_was_due(daemon: Daemon) -> None:
    server = daemon.session.notifications()
    daemon.configure(more=SOON.replace("'10s'", "'30s'"))
    daemon.run("start")
    assert notice(server)["summary"] == "Time to stand"
    assert daemon.until("asked", next__kind="stand")["next"]["in_s"] > 600.0, "it would be repeated after 15 min"
    with borrow_camera("stretching") as runs:
        assert runs
        daemon.until("lent", sensor__pid=None)
        at = datetime.now(UTC)
        with Store(history(daemon)) as store:
            store.write(points=[Point("hold", at, "ql_stand", {"side": "left", "hold_s": 20.0, "verified": True})])
    until(lambda: "held" in daemon.events(), "what was held is read")
    assert "closed" in server.told(), "the notice goes"
    status = daemon.until("watches again", state="sitting")
    assert status["next"]["kind"] == "stand"
    assert status["next"]["in_s"] <= 30.0, "the clock starts anew"
    assert points(daemon, "answer") == [], "the history knows it by the hold"


def test_without_a_store_the_channel_tells(daemon: Daemon) -> None:
    daemon.configure(more=SOON.replace("'10s'", "'1h'"))
    with pytest.raises(PostureError):
        ask("held", exercise="ql_stand")
    daemon.run("start")
    daemon.until("sits", state="sitting")
    # Half of what a reminder asks for is enough.
    command = ("stretch", "back_bend", "--no-camera", "--no-store", "--minutes", "0.3", "--json")
    assert json.loads(daemon.run(*command))["finished"] is True
    line = next(line for line in daemon.log().splitlines() if '"held"' in line)
    assert json.loads(line)["up"] is True
    assert points(daemon, "hold") == points(daemon, "answer") == []
    with pytest.raises(PostureError, match="flying"):
        ask("held", exercise="flying")


def test_what_was_let_pass_five_times_may_come_less_often(daemon: Daemon) -> None:
    memory = Path(daemon.session.env["XDG_STATE_HOME"]) / "posture/daemon.json"
    memory.parent.mkdir(mode=0o700, parents=True)
    stored = {"paused": False, "paused_until": None, "snoozed_until": None, "snoozed_why": "", "let_pass": {"stand": 5}}
    memory.write_text(json.dumps(stored))
    memory.chmod(0o600)
    server = daemon.session.notifications()
    daemon.configure(more="# mine\n" + SOON + "coach.repeat_after = '10s'\n")
    daemon.run("start")
    shown = notice(server)
    assert shown["body"].endswith("The last five of these came and went. Should it come less often?")
    assert shown["actions"][-2:] == ["less", "Less often"]
    until(lambda: "notice" in daemon.events(), "the daemon knows its number")
    server.write("less")
    said = notice(server)
    assert said["summary"] == "Less often from now on"
    assert said["body"].startswith("coach.stand_after is 20s now, it was 10s. To take it back: posture config set")
    text = daemon.settings.read_text()
    assert "# mine" in text
    assert "20s" in text
    assert json.loads(memory.read_text())["asked_less"] == ["stand"]
    again = notice(server)
    assert again["summary"] == "Time to stand"
    assert "less" not in again["actions"], "it is asked once"


def test_a_named_program_keeps_it_quiet_and_is_named_nowhere(daemon: Daemon, tmp_path: Path) -> None:
    recorder = tmp_path / "Recorder"
    recorder.write_bytes(Path("/bin/sleep").read_bytes())
    recorder.chmod(0o700)
    program = daemon.session.start(str(recorder), "600")
    server = daemon.session.notifications()
    daemon.configure(more=SOON + 'coach.quiet_while = "obs, recorder"\n')
    daemon.run("start")
    reason = "a program of coach.quiet_while is running"
    waiting = daemon.until("waits", next__waiting=reason)
    assert waiting["next"]["kind"] == "stand"
    assert f"waiting to say: stand up ({reason})" in daemon.run("status").lower()
    program.end()
    assert notice(server)["summary"] == "Time to stand"
    daemon.run("stop")
    (silence,) = points(daemon, "silence")
    assert (silence.label, silence.detail) == ("stand", {"why": reason, "setting": "coach.quiet_while", "value": ""})
    assert "ecorder" not in daemon.log().replace("settings", "")
    why = daemon.run("why")
    assert "stand reminder was due and was held back" in why
    assert "ecorder" not in why
    assert "coach.stand_after = 10s then" in why


def test_quiet_hours_are_named_while_something_waits(daemon: Daemon) -> None:
    hour = datetime.now().astimezone().hour
    daemon.configure(more=SOON + f'coach.quiet_hours = "{hour:02}:00-{(hour + 2) % 24:02}:30"\n')
    daemon.run("start")
    found = until(lambda: (n := daemon.status()["next"]) and n["waiting"] and n, "a stand reminder is due and waits")
    assert found["waiting"] == f"quiet hours until {(hour + 2) % 24:02}:30"
    assert found["in_s"] > 1800.0
    assert f"({found['waiting']})" in daemon.run("status")
