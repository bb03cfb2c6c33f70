"""The word at the end of the day, from a real daemon: once, also over a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from private_session import Daemon, until

from posture.history.records import Interval
from posture.history.store import Store


def test_it_is_said_once_also_over_a_restart(daemon: Daemon) -> None:
    # A place where it is noon, whatever the clock of the machine says.
    now = datetime.now(UTC)
    daemon.session.env["TZ"] = f"Etc/GMT{now.hour - 12:+d}"
    start, end = now - timedelta(hours=2), now - timedelta(minutes=30)
    with Store(Path(daemon.session.env["XDG_DATA_HOME"]) / "posture/history.sqlite3") as store:
        store.write([Interval("watch", "camera", start, end), Interval("presence", "sitting", start, end)])
    server = daemon.session.notifications()
    daemon.configure(more='desktop.end_of_day = "12:00"\n')
    daemon.run("start")
    daemon.run("pause")  # nothing more is seen: the figures stand
    said = [server.told()]
    while said[-1].get("summary") != "Your day":
        said.append(server.told())
    assert "posture report --open" in said[-1]["body"]
    assert "Sitting 1 h 30," in said[-1]["body"]

    daemon.run("restart")
    daemon.until("it is there again", state="held off")
    # Two ticks later it has asked again whether something is due.
    for ticks, snooze in enumerate(("5m", "6m"), 1):
        daemon.configure(more=f'desktop.end_of_day = "12:00"\ncoach.snooze = "{snooze}"\n')
        until(lambda ticks=ticks: daemon.events().count("settings taken") == ticks, "a tick has passed")
    assert daemon.log().count('"Your day"') == 1
