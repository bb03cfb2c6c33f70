"""`posture doctor --privacy` as a program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from private_session import Daemon, until

from posture import sandbox

pytestmark = pytest.mark.slow


@pytest.mark.skipif(not sandbox.held_by_kernel(), reason="seccomp is of Linux")
def test_it_proves_and_lists(daemon: Daemon) -> None:
    history = Path(daemon.session.env["XDG_DATA_HOME"], "posture/history.sqlite3")
    history.parent.mkdir(parents=True)
    history.write_bytes(b"")
    history.chmod(0o644)
    found = json.loads(daemon.run("doctor", "--privacy", "--json"))
    assert found["ok"]
    checks = found["checks"]
    tried = {check["name"]: check for check in checks if check["name"].startswith("sensor: ")}
    assert {"sensor: TCP", "sensor: UDP", "sensor: DNS", "sensor: a new file"} < set(tried)
    assert all(check["status"] == "pass" and check["says"].startswith("refused") for check in tried.values())
    (mediapipe,) = [check for check in checks if check["name"] == "mediapipe"]
    assert "no network code" in mediapipe["says"]
    files = {check["says"].partition(":")[0]: check for check in checks if check["name"] == "kept"}
    assert set(files) == {str(history), str(daemon.settings)}
    assert files[str(history)]["status"] == "warn"
    assert "mode 644" in files[str(history)]["says"]


def test_loose_permissions_are_tightened_and_reported(daemon: Daemon) -> None:
    folder = Path(daemon.session.env["XDG_DATA_HOME"], "posture")
    folder.mkdir(parents=True, mode=0o755)
    calibrations = folder / "calibrations.json"
    calibrations.write_text('{"version": 1, "cameras": {}}')
    calibrations.chmod(0o664)
    server = daemon.session.notifications()
    daemon.run("start")
    notice = server.told()  # the first of all
    assert "others" in notice["summary"].lower()
    assert str(folder) in notice["body"]
    assert "yours alone again" in notice["body"]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert calibrations.stat().st_mode & 0o777 == 0o600
    tightened = [line for line in daemon.log().splitlines() if "permissions tightened" in line]
    assert {json.loads(line)["path"] for line in tightened} >= {str(folder), str(calibrations)}
    # Every file it creates itself is closed to others from the start.
    daemon.until("somebody is seen", state="sitting")
    found = [path for path in daemon.session.folder.rglob("*") if "posture" in path.parts and path.is_file()]
    assert len(found) >= 5
    assert {oct(path.stat().st_mode & 0o077) for path in found} == {"0o0"}


@pytest.mark.skipif(not sandbox.held_by_kernel(), reason="seccomp is of Linux")
def test_a_running_daemon_is_locked_in(daemon: Daemon) -> None:
    daemon.run("start")
    sensor = until(lambda: daemon.status()["sensor"]["pid"], "there is a sensor")
    pid = daemon.status()["pid"]
    until(lambda: "Seccomp_filters:\t2" in Path(f"/proc/{sensor}/status").read_text(), "its own, and the daemon's")
    assert "Seccomp:\t2" in Path(f"/proc/{pid}/status").read_text()
    # The shell that shows the report was started before that, so a browser has its network.
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    (shell,) = [child for child in children if Path(f"/proc/{child}/cmdline").read_bytes().startswith(b"/bin/sh")]
    assert "Seccomp:\t0" in Path(f"/proc/{shell}/status").read_text()
