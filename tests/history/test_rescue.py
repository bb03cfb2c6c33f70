"""A damaged history: whatever was damaged, the rest of it is read, and the file is kept."""

from __future__ import annotations

import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posture.history.records import Distance, Interval, Point
from posture.history.rescue import open_sound, readable_records
from posture.history.store import DamagedError, Store

EVER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def fill(path: Path, minutes: int = 3000) -> None:
    with Store(path) as store:
        for n in range(minutes):
            at = NOON + timedelta(minutes=n)
            store.write(
                [Interval("presence", "sitting", at, at + timedelta(seconds=50), {"reason": "x" * (n % 60)})],
                [Point("pain", at, "left", {"level": n % 10, "note": "since the morning, " * (n % 90)})],
                [Distance(at.replace(minute=n % 60 // 15 * 15), 50 + n % 9, 4.0)],
            )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "history.sqlite3"
    fill(path)
    return path


def everything(path: Path) -> tuple[list[Interval], list[Point], list[Distance]]:
    with Store(path) as store:
        return store.intervals(*EVER), store.points(*EVER), store.distance(*EVER)


@pytest.mark.slow
def test_every_record_is_found_without_sqlite(whole: Path) -> None:
    intervals, points, distances = everything(whole)
    found = list(readable_records(whole))
    assert (
        sorted((record for record in found if isinstance(record, Interval)), key=lambda record: record.start)
        == intervals
    )
    assert sorted((record for record in found if isinstance(record, Point)), key=lambda record: record.at) == points
    assert {record for record in found if isinstance(record, Distance)} == set(distances)


def sound(path: Path) -> bool:
    try:
        with Store(path, read_only=True) as store:
            return store.sound()
    except DamagedError:
        return False


def copy(whole: Path, folder: Path) -> Path:
    path = folder / "history.sqlite3"
    path.write_bytes(whole.read_bytes())
    return path


@pytest.mark.parametrize("damage", ["first page", "a page in ten", "the end", "every header byte"])
def test_what_is_not_damaged_is_recovered(whole: Path, tmp_path: Path, damage: str) -> None:
    before = everything(whole)
    path = copy(whole, tmp_path)
    content = bytearray(path.read_bytes())
    chance = random.Random(5)
    pages = len(content) // 4096
    torn = {
        "first page": [0],
        "a page in ten": chance.sample(range(1, pages), pages // 10),
        "the end": range(pages * 3 // 4, pages),
        "every header byte": [],
    }[damage]
    for page in torn:
        content[page * 4096 : (page + 1) * 4096] = chance.randbytes(4096)
    if damage == "every header byte":
        content[:100] = chance.randbytes(100)
    path.write_bytes(content)
    assert not sound(path)
    store, notice = open_sound(path)
    store.close()
    assert "set aside as history.sqlite3.damaged-20" in notice
    (aside,) = path.parent.glob("history.sqlite3.damaged-*")
    assert aside.read_bytes() == content  # as it was found
    after = everything(path)
    for old, new in zip(before, after, strict=True):
        assert set(map(repr, new)) <= set(map(repr, old))  # nothing is made up
    share = 1.0 if damage in ("first page", "every header byte") else 0.6
    assert sum(map(len, after)) >= share * sum(map(len, before))
    assert open_sound(path)[1] == ""


def test_what_lay_in_the_wal_is_recovered_too(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    Store(path).close()
    # Killed before the WAL was folded into the file.
    program = (
        "import os, sys; from datetime import *; from pathlib import Path\n"
        "from posture.history.records import Point; from posture.history.store import Store\n"
        "store = Store(Path(sys.argv[1]))\n"
        "noon = datetime(2026, 3, 2, 12, tzinfo=UTC)\n"
        "for n in range(20): store.write(points=[Point('shift', noon + timedelta(minutes=n))])\n"
        "os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)
    content = bytearray(path.read_bytes())
    content[:100] = b"\0" * 100
    path.write_bytes(content)
    # Looked at before SQLite, which may fold the WAL into the file as it gives up on it.
    assert len({record.key for record in readable_records(path) if isinstance(record, Point)}) == 20
    store, notice = open_sound(path)
    with store:
        assert len(store.points(*EVER)) == 20
    assert "20 records" in notice


def test_a_file_of_something_else_is_kept_too(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    path.write_text("a letter to somebody " * 500)
    store, notice = open_sound(path)
    store.close()
    assert "0 records" in notice
    (aside,) = tmp_path.glob("history.sqlite3.damaged-*")
    assert aside.read_text().startswith("a letter")


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=64)), max_size=40), st.floats(0, 1))
def test_no_damage_is_too_much(whole: Path, hits: list[tuple[float, bytes]], kept: float) -> None:
    content = bytearray(whole.read_bytes())
    for where, what in hits:
        at = int(where * (len(content) - len(what)))
        content[at : at + len(what)] = what
    path = whole.with_name("hurt")
    path.write_bytes(content[: int(kept * len(content))])
    for record in readable_records(path):
        assert isinstance(record, Interval | Point | Distance)
