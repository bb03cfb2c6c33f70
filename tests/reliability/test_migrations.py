"""This release reads the history of any earlier one; `tests/data/history` has a sample of each schema."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posture.history.store import MIGRATIONS, Store

EVER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
SAMPLES = Path(__file__).parents[1] / "data/history"


def test_there_is_a_sample_of_every_schema() -> None:
    assert {sample.stem for sample in SAMPLES.glob("v*.sqlite3")} == {f"v{n}" for n in range(1, len(MIGRATIONS) + 1)}


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("v*.sqlite3")), ids=lambda sample: sample.stem)
def test_a_sample_is_brought_up_to_date(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    shutil.copy(sample, path)
    with closing(sqlite3.connect(sample)) as raw:
        (version,) = raw.execute("PRAGMA user_version").fetchone()
        before = {table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("interval", "point")}
    assert f"v{version}" == sample.stem
    with Store(path) as store:
        assert store.problems() == []
        assert store.count() | before == store.count()
        intervals, points, distances = store.intervals(*EVER), store.points(*EVER), store.distance(*EVER)
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert [(interval.kind, interval.label, interval.length_s) for interval in intervals[:3]] == [
        ("bout", "sitting", 3000.0),
        ("presence", "sitting", 3000.0),
        ("watch", "camera", 7200.0),
    ]
    assert intervals[0].start == at
    assert [interval.open for interval in intervals] == [False] * (len(intervals) - 1) + [True]
    assert json.loads(json.dumps(points[2].detail)) == {"level": 4, "note": "since the morning ☂"}
    assert [(distance.cm, distance.seconds) for distance in distances] == [(62, 300.5)]
    # The file from before an update stays beside it.
    assert path.with_name(f"{path.name}.v{version}").exists() == (version < len(MIGRATIONS))
