"""`posture status --bars` of a real daemon that watches somebody."""

from __future__ import annotations

import re

from private_session import DATA, Daemon, until


def test_each_deviation_of_the_last_look_is_drawn(daemon: Daemon) -> None:
    daemon.run("calibrate", "--source", str(DATA / "still.mp4"), "--seconds", "5")
    daemon.run("start")
    until(lambda: daemon.status()["levels"].get("slump") is not None, "it is judged")
    status, bars = daemon.run("status", "--bars").split("\n\n")
    assert "its threshold" in status
    assert re.search(r"^  slump +[█▓░·│]{24}  \d+° ± \d+ of 12°$", bars, re.MULTILINE)
    assert re.search(r"^  too close +[█▓░·│]{24}  \d+ cm, counts under 45 cm$", bars, re.MULTILINE)
    daemon.run("pause")
    assert daemon.run("status", "--bars").endswith("\n\n  nothing is judged while nobody sits here\n")
