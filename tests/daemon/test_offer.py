"""A provisional calibration under a real daemon: by what it judges, that it is offered once, and what keeps it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from footage import grain
from private_session import Daemon, until

from posture.camera.opencv import opencv
from posture.camera.video import read_image
from posture.control.channel import borrow_camera

HURRY = """
import sys
if "posture.sensor.process" in sys.orig_argv:
    import posture.perception.taller as taller
    taller.OFFER_AFTER_S, taller.HELD_S = 4.0, 2.0
"""
"""Ten minutes of sitting become four seconds, in the sensor."""
OFTEN = 'cadence.look = "1s"\ncadence.steady = "1s"\ncadence.verify = "1s"\n'


@pytest.fixture
def hurried(daemon: Daemon) -> Daemon:
    folder = daemon.session.folder / "hurry"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(HURRY)
    daemon.session.env["PYTHONPATH"] = f"{folder}:{daemon.session.env['PYTHONPATH']}"
    daemon.configure(more=OFTEN)
    return daemon


def stored(daemon: Daemon) -> Path:
    return Path(daemon.session.env["XDG_DATA_HOME"]) / "posture/calibrations.json"


def test_the_button_keeps_what_is_offered_once(hurried: Daemon) -> None:
    server = hurried.session.notifications()
    hurried.run("start")
    before = hurried.until("judged from the first still seconds on", calibration="provisional", calibrating=False)
    assert any(level is not None for level in before["levels"].values())
    assert "judged by how you sat in the first minutes (provisional)" in hurried.run("status")
    # Somebody borrows the camera: the next sensor goes on with what the last one found.
    with borrow_camera("stretching"):
        hurried.until("lent", sensor__pid=None)
    shown = server.told()
    assert shown["summary"] == "Keep this calibration?"
    assert "provisional" in shown["body"]
    assert hurried.events().count("calibrated") == 1
    assert shown["actions"] == ["keep", "Keep it", "calibrate", "Calibrate properly"]
    assert shown["hints"]["urgency"] == 1
    assert hurried.status()["offer"]["reason"] == "provisional"
    assert "posture calibrate --keep" in hurried.run("status")
    assert not stored(hurried).exists()
    until(lambda: "notice" in hurried.events(), "the daemon knows its number")
    server.write("keep")
    assert server.told()["summary"] == "Kept"
    status = hurried.until("it is used", calibration="kept", offer=None)
    (entry,) = json.loads(stored(hurried).read_text())["cameras"].values()
    assert "provisional" not in entry
    assert datetime.now(UTC) - datetime.fromisoformat(entry["made"]) < timedelta(minutes=2)
    assert status["calibrating"] is False

    hurried.run("restart")
    hurried.until("with the stored one", calibration="kept", state="sitting")
    assert "provisional" not in hurried.run("status")
    refused = hurried.run("calibrate", "--keep", check=False)
    assert "no calibration to keep" in refused


def test_the_command_keeps_it_and_it_is_not_shown_again_within_the_week(hurried: Daemon) -> None:
    assert "not running" in hurried.run("calibrate", "--keep", check=False)
    server = hurried.session.notifications()
    hurried.run("start")
    assert server.told()["summary"] == "Keep this calibration?"
    hurried.run("restart")
    hurried.until("it is there again", calibration="provisional", offer__reason="provisional")
    assert hurried.log().count('"Keep this calibration?"') == 1
    said = hurried.run("calibrate", "--keep")
    assert said.startswith("Kept for still.mp4")
    hurried.until("it is used", calibration="kept", offer=None)
    assert stored(hurried).exists()
    # A week later, somewhere else, it would be shown: the memory says when it was.
    memory = json.loads((hurried.log_folder / "daemon.json").read_text())
    assert list(memory["offered"]) == ["still.mp4"]


def test_nothing_interrupts_a_snooze(hurried: Daemon) -> None:
    hurried.session.notifications()
    hurried.run("start")
    hurried.run("snooze", "1h")
    hurried.until("offered all the same", offer__reason="provisional")
    more = OFTEN + 'coach.snooze = "6m"\n'
    hurried.configure(more=more)
    until(lambda: "settings taken" in hurried.events(), "a tick has passed")
    assert '"Keep this calibration?"' not in hurried.log()
    hurried.run("snooze", "0s")
    until(lambda: '"Keep this calibration?"' in hurried.log(), "after the snooze")


def sitting_up(path: Path, frames: Path) -> Path:
    """A slouch of a quarter of a minute, then a minute of sitting upright, as a rendered person does it."""
    cv2 = opencv()
    slouch, upright = (read_image(frames / f"Asian_F_1__{name}.jpg").image for name in ("slouch_+18", "base"))
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 5, slouch.shape[1::-1])
    for n in range(5 * 75):
        writer.write(grain(slouch if n < 5 * 15 else upright, n))
    writer.release()
    return path


def test_who_slouches_first_is_judged_by_how_they_sat_up(hurried: Daemon, frames: Path) -> None:
    hurried.configure(sitting_up(hurried.session.folder / "sitting_up.avi", frames), OFTEN)
    hurried.run("start")
    hurried.until("by the slouch", calibration="provisional", calibrating=False)
    until(lambda: hurried.events().count("calibrated") == 2, "the taller one takes its place")
    status = hurried.until("judged by it", calibration="provisional", state="sitting")
    assert status["levels"]["slump"] < 0.5
    assert status["held"] == []
