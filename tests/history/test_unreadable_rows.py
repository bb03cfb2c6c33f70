"""A row that is no record costs itself and nothing else; a file that was tampered with is not obeyed."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.errors import PostureError
from posture.history.exchange import FORMAT, gather, read_export
from posture.history.records import (
    MOST_CHARACTERS,
    Distance,
    Interval,
    Memory,
    Point,
    distance_of,
    interval_of,
    point_of,
)
from posture.history.rescue import open_sound, readable_records
from posture.history.sink import HistorySink
from posture.history.store import DamagedError, Store
from posture.plain_text import plain
from posture.settings import HistorySettings, Settings

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
EVER = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
INTERVALS = [Interval("presence", "sitting", T0 + timedelta(hours=n), T0 + timedelta(hours=n + 1)) for n in range(3)]
POINTS = [Point("pain", T0 + timedelta(hours=n), "low-left", {"level": n}) for n in range(3)]
DISTANCES = [Distance(T0 + timedelta(hours=n), 60, 30.0) for n in range(3)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "history.sqlite3"
    with Store(found) as store:
        store.write(INTERVALS, POINTS, DISTANCES)
    return found


@contextmanager
def changed(path: Path) -> Iterator[sqlite3.Connection]:
    """As another program changes it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        yield connection


HUGE = 2**62
WRONG_DETAILS = [
    "{x",
    "",
    "null",
    "[]",
    '"level"',
    "7",
    "{" + '"a":{' * 5_000,
    "[" * 100_000,
    '{"level": 1e308}',
    '{"level": NaN}',
    '{"level": -Infinity}',
    '{"level": 11}',
    '{"level": -1}',
    '{"hold_s": 1e300}',
    '{"hold_s": -2}',
    '{"error_deg": 1000}',
    '{"reps": 1e7}',
    '{"walked_s": 1e12}',
    '{"note": ["a"]}',
    '{"note": {"a": 1}}',
    '{"note": "\\ud800"}',
    json.dumps({"note": "x" * (MOST_CHARACTERS + 1)}),
    json.dumps({str(n): n for n in range(1000)}),
    b"\xff\xfe",
    b"",
    5,
]
WRONG = [("point", "detail", value) for value in WRONG_DETAILS] + [
    ("interval", "detail", "{x"),
    ("point", "kind", "nap"),
    ("interval", "kind", "nap"),
    ("point", "kind", b"pain\xff"),
    ("point", "label", b"\xff"),
    ("interval", "label", "x" * (MOST_CHARACTERS + 1)),
    ("interval", "label", "nap"),
    ("interval", "label", ""),
    ("interval", "label", "Sitting"),
    ("interval", "label", b"sitting\x00"),
    ("interval", "label", "slump"),  # of another kind
    ("interval", "kind", "watch"),
    ("interval", "detail", '{"number": 1e13}'),
    ("point", "detail", '{"number": Infinity}'),
    ("point", "detail", '{"number": 1' + "0" * 400 + "}"),
    ("point", "at_us", "noon"),
    ("point", "at_us", HUGE),
    ("point", "at_us", -HUGE),
    ("point", "at_us", b"1"),
    ("point", "at_us", 1e300),
    ("interval", "end_us", HUGE),
    ("interval", "end_us", "later"),
    ("interval", "start_us", HUGE),
    ("interval", "start_us", -HUGE),
    ("interval", "open", 2),
    ("interval", "open", "yes"),
    ("distance", "slot_us", HUGE),
    ("distance", "slot_us", 7),
    ("distance", "cm", -1),
    ("distance", "cm", 10**9),
    ("distance", "cm", "near"),
    ("distance", "cm", 1.5),
    ("distance", "seconds", 1e308),
    ("distance", "seconds", float("inf")),
    ("distance", "seconds", -1.0),
    ("distance", "seconds", "long"),
    ("distance", "seconds", b""),
]


@pytest.mark.parametrize(("table", "column", "value"), WRONG, ids=[f"{t}.{c}-{n}" for n, (t, c, _) in enumerate(WRONG)])
def test_one_unreadable_row_is_one_row_lost(path: Path, table: str, column: str, value: object) -> None:
    first = {"interval": "start_us", "point": "at_us", "distance": "slot_us"}[table]
    with changed(path) as connection:
        text = "CAST(? AS TEXT)" if isinstance(value, bytes) and column in ("kind", "label") else "?"
        done = connection.execute(
            f"UPDATE {table} SET {column} = {text} WHERE {first} = (SELECT min({first}) FROM {table})", (value,)
        )
        assert done.rowcount == 1
    left = [INTERVALS[1:] if table == "interval" else INTERVALS]
    left += [POINTS[1:] if table == "point" else POINTS, DISTANCES[1:] if table == "distance" else DISTANCES]
    with Store(path) as store:
        assert [store.intervals(*EVER), store.points(*EVER), store.distance(*EVER)] == left
        assert store.unreadable() == {name: int(name == table) for name in ("interval", "point", "distance")}
        assert len([problem for problem in store.problems() if "left out" in problem]) == 1
        store.span()
        store.count()
        store.write(INTERVALS, POINTS, DISTANCES)
        store.delete_before(T0 + timedelta(days=30))


NEVER = [HUGE, -HUGE, -1, 7_258_118_400_000_000, 10**15 * 1_000_000.0, float("inf"), "noon", "", b"1", b""]
"""Times, in microseconds since 1970, that no record can have."""


@pytest.mark.parametrize("value", NEVER, ids=repr)
@pytest.mark.parametrize("column", ["interval.start_us", "interval.end_us", "point.at_us", "distance.slot_us"])
def test_what_has_no_possible_time_goes_with_what_is_forgotten(path: Path, column: str, value: object) -> None:
    """Whatever the day: no other would ever remove it. What can be read of that day and later stays."""
    table, name = column.split(".")
    with changed(path) as connection:
        connection.execute(f"UPDATE {table} SET {name} = ? WHERE {name} = (SELECT min({name}) FROM {table})", (value,))
    with Store(path) as store:
        number = sum(store.count(T0 - timedelta(days=30)).values())
        assert store.delete_before(T0 - timedelta(days=30)) == number
        assert store.unreadable() == dict.fromkeys(("interval", "point", "distance"), 0)
        assert sum(store.count().values()) == 8


def test_what_is_deleted_by_age_leaves_what_has_no_possible_time(path: Path) -> None:
    """Nobody asked for that."""
    with changed(path) as connection:
        connection.execute("UPDATE point SET at_us = ? WHERE at_us = (SELECT min(at_us) FROM point)", (HUGE,))
    with Store(path) as store:
        assert store.delete_before(T0 + timedelta(days=30), rewrite=False) == 8
        assert store.unreadable()["point"] == 1


@pytest.mark.parametrize("number", range(3))
def test_the_span_of_a_file_whose_rows_are_in_no_order(path: Path, number: int) -> None:
    """One bit of a time, as a disk flips it."""
    us = round(POINTS[number].at.timestamp() * 1e6).to_bytes(8, "big")
    path.write_bytes(path.read_bytes().replace(us, bytes([us[0] ^ 0x80]) + us[1:]))
    with Store(path, read_only=True) as store:
        found = store.span()
    assert found is not None
    assert T0 <= found[0] <= found[1] <= T0 + timedelta(hours=3)


def test_a_running_watch_says_it_once_and_goes_on(path: Path) -> None:
    now = datetime.now(UTC)
    with Store(path) as store:
        store.write([], [Point("pain", now - timedelta(days=n), "", {"level": 1}) for n in range(3)])
    with changed(path) as connection:
        assert connection.execute("UPDATE point SET detail = '{x' WHERE at_us >= 1767225600000000").rowcount >= 3
    notices: list[str] = []
    sink = HistorySink(Settings(history=HistorySettings(folder=str(path.parent))), notices.append)
    for n in range(3):
        sink.write(points=[Point("shift", now + timedelta(seconds=n))])
    sink.close()
    assert len(notices) == 1
    assert "records of the history cannot be read" in notices[0]
    with Store(path) as store:
        assert len([point for point in store.points(*EVER) if point.kind == "shift"]) == 3


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(anything, min_size=4, max_size=4))
def test_what_becomes_a_record_is_bounded(values: list[object]) -> None:
    """And what is none is one of these two errors."""
    kind, label, detail, still_open = values
    for make in (
        lambda: interval_of(kind, label, T0, T0, detail, still_open),
        lambda: interval_of("bout", "sitting", T0, T0, detail, False),
        lambda: point_of("pain", T0, label, detail),
        lambda: distance_of(T0, kind, label),
    ):
        try:
            record = make()
        except (ValueError, TypeError):
            continue
        if isinstance(record, Distance):
            assert (0 <= record.cm < 10**5, 0 <= record.seconds <= 1e8) == (True, True)
        else:
            assert record.label == plain(record.label)
            for name, value in record.detail.items():
                assert not isinstance(value, str) or value == plain(value)
                number = isinstance(value, int | float)
                assert not number or name not in ("level", "hold_s", "reps") or abs(value) <= 1e8  # type: ignore[arg-type]


def export_of(points: str) -> str:
    return f'{{"format": "{FORMAT}", "version": 1, "intervals": [], "points": [{points}], "distances": []}}'


@pytest.mark.parametrize("detail", [text for text in WRONG_DETAILS if isinstance(text, str)])
def test_an_import_takes_no_more_than_the_store_gives(detail: str) -> None:
    text = f'{{"kind": "pain", "label": "", "at": "2026-03-02T08:00:00+00:00", "detail": {detail or "0"}}}'
    with pytest.raises(PostureError, match=r"^it"):
        read_export(
            f'{{"format": "{FORMAT}", "version": 1, "intervals": [], "points": [{text}], "distances": []}}', "it"
        )


@pytest.mark.parametrize("year", ["0001", "1969", "2200", "9998"])
def test_an_import_takes_no_time_that_no_calendar_had(year: str) -> None:
    text = f'{{"kind": "shift", "label": "", "at": "{year}-03-02T08:00:00+00:00", "detail": {{}}}}'
    with pytest.raises(PostureError, match=r"^it"):
        read_export(
            f'{{"format": "{FORMAT}", "version": 1, "intervals": [], "points": [{text}], "distances": []}}', "it"
        )


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_an_export_may_begin_with_the_mark_of_windows(mark: str) -> None:
    assert read_export(mark + export_of(""), "it").count == 0


# -- what another program put there -----------------------------------------------------------------------------------

WIPES = "BEGIN DELETE FROM interval; END"
PLANTED = {
    "a trigger": f"CREATE TRIGGER wipe AFTER INSERT ON point {WIPES}",
    "a trigger by an innocent name": f"CREATE TRIGGER interval_end_ AFTER UPDATE ON interval {WIPES}",
    "a trigger before deletion": "CREATE TRIGGER keep BEFORE DELETE ON point BEGIN SELECT RAISE(IGNORE); END",
    "a view": "CREATE VIEW sums AS SELECT * FROM interval",
    "a table": "CREATE TABLE other (a)",
    "statistics by name only": "CREATE TABLE stat1 (a)",
    "an index": "CREATE INDEX another ON point (label)",
    "a unique index": "CREATE UNIQUE INDEX one ON interval (end_us)",
    "a virtual table": "CREATE VIRTUAL TABLE words USING fts5(a)",
    "a column": "ALTER TABLE point ADD COLUMN more TEXT",
    "a computed column": "ALTER TABLE point ADD COLUMN more AS (hex(detail))",
    "a table less": "DROP TABLE distance",
    "an index less": "DROP INDEX interval_end",
    "a renamed table": "ALTER TABLE point RENAME TO pount",
    "a view in place of a table": "ALTER TABLE distance RENAME TO d2; "
    "CREATE VIEW distance AS SELECT slot_us, cm, seconds FROM d2",
    "another version": "PRAGMA user_version = 0",
    "a version below none": "PRAGMA user_version = -5",
}


@pytest.mark.parametrize("sql", PLANTED.values(), ids=PLANTED.keys())
def test_what_posture_did_not_make_is_refused_and_set_aside(path: Path, sql: str) -> None:
    with changed(path) as connection:
        connection.executescript(sql)
    for read_only in (True, False):
        with pytest.raises(DamagedError, match="sets it aside") as caught:
            Store(path, read_only=read_only)
        assert str(caught.value).count("\n") == 0
    store, notice = open_sound(path)
    with store:
        store.write([], [Point("shift", T0 + timedelta(days=1))], [])
        assert store.intervals(*EVER) == INTERVALS
        assert set(map(repr, POINTS)) <= set(map(repr, store.points(*EVER))) or "column" in sql.lower()
        assert store.problems() == []
    assert "set aside" in notice


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize(
    "whole", [b"CREATE TABLE interval", b"tablepoint", b"CREATE INDEX interval_end", b"TABLE distance"]
)
def test_a_schema_of_bytes_that_are_no_text_is_damage(path: Path, whole: bytes, read_only: bool) -> None:
    """Every letter of it in turn."""
    sound = path.read_bytes()
    place = sound.index(whole)
    for at in range(place, place + len(whole)):
        for wrong in (0xDF, 0x80, 0xFF, 0):
            path.write_bytes(sound[:at] + bytes([wrong]) + sound[at + 1 :])
            with pytest.raises(DamagedError, match="sets it aside"):
                Store(path, read_only=read_only)


def test_statistics_of_sqlite_do_no_harm(path: Path) -> None:
    with changed(path) as connection:
        connection.execute("ANALYZE")
    with Store(path) as store:
        assert store.intervals(*EVER) == INTERVALS


def test_what_the_file_brings_along_has_no_rights(path: Path) -> None:
    with Store(path) as store:
        assert store._connection.execute("PRAGMA trusted_schema").fetchone() == (0,)


@pytest.mark.parametrize("sql", [sql for name, sql in PLANTED.items() if "trigger" in name])
def test_a_trigger_that_comes_while_it_is_open_does_nothing(path: Path, sql: str) -> None:
    with Store(path) as store:
        with changed(path) as connection:
            connection.executescript(sql)
        with suppress(DamagedError):  # of Python 3.11, which cannot switch triggers off
            store.write([replace(INTERVALS[0], end=INTERVALS[0].end + timedelta(seconds=1))], [Point("shift", T0)])
        with suppress(DamagedError):
            store.delete_before(T0 - timedelta(days=99))
        assert len(store.intervals(*EVER)) == len(INTERVALS)


def test_a_damaged_history_is_still_exported(path: Path) -> None:
    with changed(path) as connection:
        connection.executescript(PLANTED["a trigger"])
    memory = Memory()
    for record in readable_records(path):
        memory.write(*([record] if isinstance(record, kind) else [] for kind in (Interval, Point, Distance)))  # type: ignore[arg-type]
    assert gather(memory, *EVER).count == 9


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_in_place_of_the_history_is_not_waited_for(tmp_path: Path, end: str) -> None:
    os.mkfifo(tmp_path / f"history.sqlite3{end}")
    for read_only in (True, False):
        with pytest.raises(PostureError, match="is not a file: move it away"):
            Store(tmp_path / "history.sqlite3", read_only=read_only)
