"""The notice at the end of the day, from a real daemon: once, even over a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from private_session import Daemon, until

from posture.history.records import Interval
from posture.history.store import Store


def test_it_is_said_once_also_over_a_restart(daemon: Daemon) -> None:
    # A time zone where it is noon now.
    now = datetime.now(UTC)
    daemon.session.env["TZ"] = f"Etc/GMT{now.hour - 12:+d}"
    start, end = now - timedelta(hours=2), now - timedelta(minutes=30)
    with Store(Path(daemon.session.env["XDG_DATA_HOME"]) / "posture/history.sqlite3") as store:
        store.write([Interval("watch", "camera", start, end), Interval("presence", "sitting", start, end)])
    server = daemon.session.notifications()
    daemon.configure(more='desktop.end_of_day = "12:00"\n')
    daemon.run("start")
    daemon.run("pause")  # nothing more is seen: the figures stand
    while (notice := server.told()).get("summary") != "Your day":
        pass
    assert notice["actions"] == ["day", "Show the day"]
    assert "Sitting 1 h 30," in notice["body"]

    daemon.run("restart")
    daemon.until("it is there again", state="held off")
    # Two ticks later it has looked again whether a notice is due.
    for ticks, snooze in enumerate(("5m", "6m"), 1):
        daemon.configure(more=f'desktop.end_of_day = "12:00"\ncoach.snooze = "{snooze}"\n')
        until(lambda ticks=ticks: daemon.events().count("settings taken") == ticks, "a tick has passed")
    assert daemon.log().count('"Your day"') == 1
