"""A process that runs for days goes by the time zone that the machine has now, not by that of its start."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posture.clock import follow_time_zone, local_minute, time_zone

ZONES = Path("/usr/share/zoneinfo")
NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
BERLIN, TOKYO, NEW_YORK = 13 * 60, 21 * 60, 7 * 60
"""Minutes since midnight there at noon in Greenwich, in January."""
pytestmark = pytest.mark.skipif(not ZONES.exists() or not hasattr(time, "tzset"), reason="files of time zones")

TRAVELLER = """
import json, os, subprocess, sys
from datetime import UTC, date, datetime
from posture.coach.held import held_back
from posture.coach.state import CoachState
from posture.monitor.assemble import HistoryContext
from posture.report.end_of_day import due
from posture.report.summary import day_bounds
from posture.settings import CoachSettings, DesktopSettings, Settings
from posture.timeline.state import TimelineState

noon = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
context = HistoryContext(lambda t_s: noon)
settings = Settings(desktop=DesktopSettings(end_of_day="20:30"))

def now():
    context.refresh(settings)
    told = due(noon, None, settings)
    start, stop = day_bounds(date(2026, 1, 15))
    quiet = CoachSettings(quiet_hours="20:00-08:00")
    held = held_back(CoachState(), TimelineState(t_s=0.0), context.at(0.0), quiet, "stand")
    why = held.why if held else ""
    return [context.at(0.0).local_minute, str(told) if told else "", start.isoformat(), stop.isoformat(), why]

found = [now()]
for zone in sys.argv[1:]:
    os.unlink("/etc/localtime")
    os.symlink("/usr/share/zoneinfo/" + zone, "/etc/localtime")
    found.append(now())
print(json.dumps(found))
"""


def travel(*zones: str, tz: str | None = None) -> list[list[object]]:
    """Run a process while its machine, in a mount namespace of its own, goes from one zone to the next."""
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare")
    first, *rest = zones
    script = f'mount -t tmpfs none /etc && ln -s {ZONES / first} /etc/localtime && exec "$@"'
    outer = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    environment = {key: value for key, value in os.environ.items() if key != "TZ"}
    if tz is not None:
        environment["TZ"] = tz
    done = subprocess.run(
        [*outer, "sh", "-c", script, "sh", sys.executable, "-c", TRAVELLER, *rest],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )
    if "unshare failed" in done.stderr or "mount:" in done.stderr:
        pytest.skip("needs a mount namespace")
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


@pytest.mark.parametrize("tz", [None, ":/etc/localtime", "/etc/localtime", ""])
def test_after_a_journey_local_times_are_those_of_the_place(tz: str | None) -> None:
    found = travel("Europe/Berlin", "Asia/Tokyo", "America/New_York", "Europe/Berlin", tz=tz)
    if tz == "":  # that is Greenwich, wherever the machine is
        assert {row[0] for row in found} == {NOON.hour * 60}
        return
    assert [row[0] for row in found] == [BERLIN, TOKYO, NEW_YORK, BERLIN]
    # The word at half past eight in the evening comes where it is evening.
    assert [row[1] for row in found] == ["", "2026-01-15", "", ""]
    # No reminder comes in quiet hours of the place, and none is held back by those of another.
    assert [row[4] for row in found] == ["", *["quiet hours until 08:00"] * 2, ""]
    # A day goes from midnight to midnight of where its figures are read.
    assert found[1][2:4] == ["2026-01-14T15:00:00+00:00", "2026-01-15T15:00:00+00:00"]
    assert found[2][2:4] == ["2026-01-15T05:00:00+00:00", "2026-01-16T05:00:00+00:00"]


def test_a_zone_that_the_user_has_named_stays() -> None:
    found = travel("Europe/Berlin", "Asia/Tokyo", tz="America/New_York")
    assert [row[0] for row in found] == [NEW_YORK, NEW_YORK]


@pytest.fixture
def zone_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    file = tmp_path / "localtime"
    file.symlink_to(ZONES / "Europe/Berlin")
    monkeypatch.setenv("TZ", f":{file}")
    monkeypatch.setattr("posture.clock._named", ())
    time.tzset()
    yield file
    monkeypatch.undo()
    time.tzset()


def test_a_changed_zone_has_its_name(zone_file: Path) -> None:
    follow_time_zone()
    assert local_minute(NOON) == BERLIN
    for zone, minute, name in (
        ("Asia/Tokyo", TOKYO, "JST (+9 h)"),
        ("America/New_York", NEW_YORK, "EST (-5 h)"),
        ("Asia/Kolkata", 17 * 60 + 30, "IST (+5.5 h)"),
    ):
        zone_file.unlink()
        zone_file.symlink_to(ZONES / zone)
        follow_time_zone()
        assert time_zone() in (name, _summer_of(name))
        assert local_minute(NOON) == minute


def _summer_of(name: str) -> str:
    """What the name of the zone is in half of the year."""
    return {"EST (-5 h)": "EDT (-4 h)"}.get(name, name)


def test_a_file_that_is_away_for_a_moment_changes_nothing(zone_file: Path) -> None:
    follow_time_zone()
    zone_file.unlink()
    follow_time_zone()
    assert local_minute(NOON) == BERLIN
