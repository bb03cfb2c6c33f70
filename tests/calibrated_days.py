"""Days since a calibration, as a watch records them: somebody sits for some hours and holds a deviation for a share."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from posture.history.records import Interval
from posture.history.store import Store
from posture.measure.observation import Deviation, Presence
from posture.report.summary import day_bounds


def watched(
    start: datetime,
    share: float,
    *,
    hours: float = 2.0,
    kind: Deviation = "slump",
    made: datetime | None,
    presence: Presence = "sitting",
    reason: str = "",
) -> list[Interval]:
    """Watch somebody by the calibration that was made then."""
    end = start + timedelta(hours=hours)
    records = [
        Interval("watch", "camera", start, end, {"calibration": made.isoformat()} if made else {}),
        Interval("presence", presence, start, end, {"reason": reason} if reason else {}),
    ]
    if share:
        records.append(Interval("deviation", kind, start, start + (end - start) * share))
    return records


def doubtful(folder: Path, kind: Deviation) -> datetime:
    """Make the only calibration in a data folder ten days older, and the last three days speak against it."""
    path = folder / "calibrations.json"
    stored = json.loads(path.read_text())
    (entry,) = stored["cameras"].values()
    made = datetime.now(UTC).replace(microsecond=0) - timedelta(days=10)
    entry["made"] = made.isoformat()
    path.write_text(json.dumps(stored))
    with Store(folder / "history.sqlite3") as store:
        for ago in (3, 2, 1):
            start = day_bounds(date.today() - timedelta(days=ago))[0] + timedelta(hours=9)
            store.write(watched(start, 0.8, kind=kind, made=made))
    return made
