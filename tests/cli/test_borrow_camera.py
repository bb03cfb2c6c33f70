"""Commands that use the camera while a daemon runs: it lends the camera out, and takes it back."""

from __future__ import annotations

import json

from private_session import DATA, Daemon, daemon, session, until

__all__ = ["daemon", "session"]


def test_the_daemon_lends_the_camera_and_takes_it_back(daemon: Daemon) -> None:
    daemon.run("start")
    sensor = daemon.until("it watches", camera__state="open", calibrating=True)["sensor"]["pid"]
    wanted = {("calibrate",): "calibrating", ("stretch", "ql_stand"): "stretching", ("run",): "watching in a terminal"}
    for command in wanted:
        # There is no such camera; by the time that is found out, the daemon has let its own go.
        printed = daemon.run(*command, "--source", "no such camera", check=False)
        assert "There is no camera no such camera" in printed
        until(lambda: daemon.status()["state"] != "held off", "it watches again")
    assert reasons(daemon) == list(wanted.values())
    assert until(lambda: daemon.status()["sensor"]["pid"], "a new sensor") != sensor

    # A clip leaves the camera where it is.
    daemon.run("calibrate", "--source", str(DATA / "still.mp4"), "--seconds", "3")
    assert reasons(daemon) == list(wanted.values())


def reasons(daemon: Daemon) -> list[str]:
    lines = (daemon.log_folder / "daemon.log").read_text().splitlines()
    return [line["reason"] for line in map(json.loads, lines) if line["event"] == "camera lent"]
