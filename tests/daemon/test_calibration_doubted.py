"""A calibration that the last days speak against, under a real daemon: proposed once, and the answer is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from calibrated_days import doubtful
from private_session import DATA, Daemon, until

from posture.atomic_write import write_atomically
from posture.daemon.session_state import SessionState, Snooze, memory_to_json
from posture.history.store import Store

CLIP = str(DATA / "still.mp4")


@pytest.fixture
def folder(daemon: Daemon) -> Path:
    """The data of somebody who was calibrated and has had the head tilted since."""
    folder = Path(daemon.session.env["XDG_DATA_HOME"]) / "posture"
    daemon.run("calibrate", "--source", CLIP, "--seconds", "5")
    doubtful(folder, "head_tilt")
    return folder


def stored_entry(folder: Path) -> dict[str, Any]:
    (entry,) = json.loads((folder / "calibrations.json").read_text())["cameras"].values()
    assert isinstance(entry, dict)
    return entry


def two_ticks(daemon: Daemon) -> None:
    """Wait until it has looked again whether there is something to say."""
    for ticks, snooze in enumerate(("5m", "6m"), 1):
        daemon.configure(more=f'coach.snooze = "{snooze}"\n')
        until(lambda ticks=ticks: daemon.events().count("settings taken") == ticks, "a tick has passed")


@pytest.mark.slow
def test_it_is_proposed_and_the_answer_is_kept(daemon: Daemon, folder: Path) -> None:
    server = daemon.session.notifications()
    daemon.run("start")
    shown = server.told()
    assert shown["summary"] == "Does the calibration still fit?"
    assert '"head tilted"' in shown["body"]
    sentence = daemon.status()["misfit"]
    assert sentence
    assert sentence in daemon.run("status")

    server.write("fits")
    until(lambda: not daemon.status()["misfit"], "the answer is taken")
    assert stored_entry(folder)["fits"] is True
    with Store(folder / "history.sqlite3") as store:
        now = datetime.now(UTC)
        live = [watch.detail for watch in store.intervals(now - timedelta(minutes=10), now, "watch")]
    assert {"calibration": stored_entry(folder)["made"]} in live


@pytest.mark.slow
def test_it_is_said_once_also_over_a_restart(daemon: Daemon, folder: Path) -> None:
    server = daemon.session.notifications()
    daemon.run("start")
    assert server.told()["summary"] == "Does the calibration still fit?"
    daemon.run("restart")
    until(lambda: daemon.status()["misfit"], "it stays in the status")
    daemon.until("it watches again", state="sitting")
    two_ticks(daemon)
    assert daemon.events().count("misfit") == 1

    daemon.run("calibrate", "--fits")
    assert not daemon.status()["misfit"]
    assert stored_entry(folder)["fits"] is True


@pytest.mark.slow
@pytest.mark.usefixtures("folder")
def test_it_waits_for_the_end_of_a_snooze(daemon: Daemon) -> None:
    server = daemon.session.notifications()
    memory = Path(daemon.session.env["XDG_STATE_HOME"]) / "posture/daemon.json"
    memory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    snoozed = SessionState(snooze=Snooze(datetime.now(UTC) + timedelta(hours=1), "in a meeting"))
    write_atomically(memory, json.dumps(memory_to_json(snoozed)))
    daemon.run("start")
    until(lambda: daemon.status()["misfit"], "it is in the status")
    daemon.until("somebody sits there", state="sitting")
    two_ticks(daemon)
    assert "misfit" not in daemon.events()
    daemon.run("resume")
    assert server.told()["summary"] == "Does the calibration still fit?"
