"""Export and import: nothing is lost, nothing is doubled, and a bad file changes nothing."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.errors import PostureError
from posture.history.exchange import (
    ExportedRecords,
    gather,
    read_export,
    safe_text,
    unsafe_text,
    write_activitywatch,
    write_csv,
    write_json,
)
from posture.history.records import LABELS, Distance, Interval, Memory, Point, slot_of
from posture.history.store import Store

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
ALWAYS = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)

moments = st.integers(0, 10**12).map(lambda us: T0 + timedelta(microseconds=us))
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | text
NAMED = ("_s", "_deg", "level", "reps", "repetitions")
"""Names of numbers that are bounded, of which these are not."""
details = st.dictionaries(text.filter(lambda name: not name.endswith(NAMED)), values, max_size=3)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start, end = sorted((draw(moments), draw(moments)))
    kind = draw(st.sampled_from(sorted(LABELS)))
    return Interval(kind, draw(st.sampled_from(sorted(LABELS[kind]))), start, end, draw(details), draw(st.booleans()))  # type: ignore[arg-type]


points = st.builds(
    Point,
    st.sampled_from(("shift", "reminder", "pain", "hold", "answer", "silence", "tension", "direction")),
    moments,
    text,
    details,
)
distances = st.builds(Distance, moments.map(slot_of), st.integers(0, 300), st.floats(0, 900))


@st.composite
def histories(draw: st.DrawFn) -> ExportedRecords:
    memory = Memory()
    some = st.lists(intervals(), max_size=6), st.lists(points, max_size=6), st.lists(distances, max_size=6)
    memory.write(*(draw(strategy) for strategy in some))
    return gather(memory, *ALWAYS)


def written(kept: ExportedRecords, form: str) -> str:
    file = io.StringIO()
    {"json": write_json, "csv": write_csv}[form](kept, file)
    return file.getvalue()


@pytest.mark.parametrize("form", ["json", "csv"])
@settings(max_examples=60)
@given(kept=histories())
def test_import_of_export_is_the_same(form: str, kept: ExportedRecords) -> None:
    assert read_export(written(kept, form), "it") == kept


@settings(max_examples=60)
@given(kept=histories())
def test_what_is_put_together_by_hand_is_what_the_libraries_write(kept: ExportedRecords) -> None:
    plain: dict[str, list[dict[str, object]]] = {"intervals": [], "points": [], "distances": []}
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    for i in kept.intervals:
        times = {"start": i.start.isoformat(), "end": i.end.isoformat()}
        plain["intervals"].append({"kind": i.kind, "label": i.label, **times, "open": i.open, "detail": i.detail})
    for p in kept.points:
        plain["points"].append({"kind": p.kind, "label": p.label, "at": p.at.isoformat(), "detail": p.detail})
    for d in kept.distances:
        plain["distances"].append({"slot": d.slot.isoformat(), "cm": d.cm, "seconds": d.seconds})
        rows.writerow(["distance", "", "", d.slot.isoformat(), "", "", d.cm, d.seconds, ""])
    lines = written(kept, "json").splitlines()[1:]
    each = [json.dumps(record, ensure_ascii=False) for name in plain for record in plain[name]]
    assert [line.rstrip(",]}") for line in lines if line.startswith("{")] == [line.rstrip("}") for line in each]
    assert written(kept, "csv").endswith(table.getvalue())


@settings(max_examples=25)
@given(kept=histories(), form=st.sampled_from(("json", "csv")))
def test_through_the_store_and_a_second_time_nothing_changes(kept: ExportedRecords, form: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "a.sqlite3", Path(folder) / "b.sqlite3"
        with Store(first) as store:
            store.write(kept.intervals, kept.points, kept.distances)
            before = gather(store, *ALWAYS)
        again = read_export(written(before, form), "it")
        with Store(second) as store:
            assert store.take_in(again.intervals, again.points, again.distances) == sum(store.count().values())
            assert gather(store, *ALWAYS) == before
            assert store.take_in(again.intervals, again.points, again.distances) == 0
            assert gather(store, *ALWAYS) == before


def test_what_has_gone_on_since_the_export_stays(tmp_path: Path) -> None:
    def sat(minutes: int, *, still_open: bool) -> Interval:
        return Interval("presence", "sitting", T0, T0 + timedelta(minutes=minutes), {}, still_open)

    with Store(tmp_path / "history.sqlite3") as store:
        store.write([sat(30, still_open=False)], [], [Distance(T0, 60, 90.0)])
        assert store.take_in([sat(10, still_open=True)], [], [Distance(T0, 60, 30.0)]) == 0
        assert store.intervals(*ALWAYS) == [sat(30, still_open=False)]
        assert store.distance(*ALWAYS) == [Distance(T0, 60, 90.0)]


@given(text)
def test_no_text_becomes_a_formula(cell: str) -> None:
    assert not safe_text(cell).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert unsafe_text(safe_text(cell)) == cell


def test_what_a_user_typed_is_no_formula_in_the_csv() -> None:
    memory = Memory()
    memory.write([], [Point("pain", T0, '=HYPERLINK("http://example.org";"x")', {"note": "=1+1"})])
    rows = list(csv.reader(io.StringIO(written(gather(memory, *ALWAYS), "csv"))))
    assert rows[1][2].startswith("'=")
    assert rows[1][-1].startswith("{")


SOME = ExportedRecords(
    (Interval("presence", "unknown", T0, T0 + timedelta(minutes=5), {"reason": "too dark"}),),
    (Point("pain", T0, "low-left", {"level": 3}),),
    (Distance(T0, 60, 12.5),),
)


def test_only_kinds_of_this_release_need_the_second_version() -> None:
    for kind in ("answer", "silence"):
        said = replace(SOME, points=(*SOME.points, Point(kind, T0, "stand", {"why": "snoozed"})))  # type: ignore[arg-type]
        assert json.loads(written(said, "json"))["version"] == 2
        assert read_export(written(said, "json"), "it") == said
        assert read_export(written(said, "csv"), "it") == said
    unjudged = Interval("unjudged", "slump", T0, T0 + timedelta(minutes=5), {"why": "of the dark"})
    assert json.loads(written(SOME, "json"))["version"] == 1
    more = replace(SOME, intervals=(*SOME.intervals, unjudged))
    assert json.loads(written(more, "json"))["version"] == 2
    assert read_export(written(more, "json"), "it") == more


def broken(**changes: object) -> str:
    whole = json.loads(written(SOME, "json"))
    name, at = str(changes.pop("of")), 0
    whole[name][at] |= changes
    return json.dumps(whole)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "hello",
        "\x00\x01\x02",
        "{}",
        "[" * 100_000,
        "{" + '"a":{' * 100_000,
        '{"format": "posture-history"}',
        '{"format": "posture-history", "version": 99, "intervals": [], "points": [], "distances": []}',
        '{"format": "posture-history", "version": 1, "intervals": [null], "points": [], "distances": []}',
        written(SOME, "json")[:-20],
        written(SOME, "csv")[:-4],
        written(SOME, "csv").replace("unknown", '"'),
        written(SOME, "csv").replace("12.5", "nan"),
        written(SOME, "csv") + '"snack","","","","","","","",""\n',
        broken(of="intervals", kind="nap"),
        broken(of="intervals", open=1),
        broken(of="intervals", start="2026-03-02T08:00:00"),
        broken(of="intervals", start="2026-03-02T10:00:00+00:00"),
        broken(of="intervals", end="9999-12-31T23:59:59-12:00"),
        broken(of="intervals", label="x" * 20_000),
        broken(of="intervals", label="\ud800"),
        broken(of="intervals", detail={"a": [1]}),
        broken(of="intervals", detail=[]),
        broken(of="points", at=12),
        broken(of="points", detail={"level": float("nan")}),
        broken(of="points", detail={"level": 10**400}),
        broken(of="distances", seconds=-1),
        broken(of="distances", seconds=1e999),
        broken(of="distances", cm=1.5),
        broken(of="distances", cm=10**30),
        broken(of="distances", slot="2026-03-02T08:01:00+00:00"),
    ],
)
def test_a_bad_file_is_one_sentence(bad: str) -> None:
    with pytest.raises(PostureError) as caught:
        read_export(bad, "it.json")
    assert str(caught.value).startswith("it.json")
    assert "\n" not in str(caught.value)


@settings(max_examples=150)
@given(st.data(), st.sampled_from(("json", "csv")))
def test_any_damage_is_noticed_or_harmless(data: st.DataObject, form: str) -> None:
    whole = written(SOME, form)
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.integers(0, 30))
    with suppress(PostureError):
        read_export(whole[:at] + data.draw(st.text(max_size=3)) + whole[at + cut :], "it")


def test_activitywatch_buckets() -> None:
    """The shape that ActivityWatch's server imports: buckets by their id, each as aw-core's bucket schema wants it."""
    file = io.StringIO()
    write_activitywatch(SOME, file, "desk", T0)
    buckets = json.loads(file.getvalue())["buckets"]
    assert set(buckets) == {"posture-presence_desk", "posture-event_desk"}
    for name, bucket in buckets.items():
        assert bucket["id"] == name
        assert (bucket["client"], bucket["hostname"]) == ("posture", "desk")
        assert bucket["type"].startswith("posture.")
        assert datetime.fromisoformat(bucket["created"]) == T0
        for event in bucket["events"]:
            assert datetime.fromisoformat(event["timestamp"]) == T0
            assert event["duration"] >= 0
    assert buckets["posture-presence_desk"]["events"][0] == {
        "timestamp": T0.isoformat(),
        "duration": 300.0,
        "data": {"reason": "too dark", "title": "unknown", "status": "unknown"},
    }


# -- looking after the store ------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(histories(), moments)
def test_deleting_leaves_what_comes_after(kept: ExportedRecords, at: datetime) -> None:
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "history.sqlite3") as store:
        store.write(kept.intervals, kept.points, kept.distances)
        expected = sum(store.count(at).values())
        stays = [interval for interval in kept.intervals if interval.end > at]
        assert store.delete_before(at) == expected
        assert sum(store.count(at).values()) == 0
        assert sum(store.count().values()) == kept.count - expected
        assert {interval.key for interval in store.intervals(*ALWAYS)} == {
            interval.key for interval in stays if interval.end > ALWAYS[0]
        }
        assert store.problems() == []


def test_what_was_deleted_is_not_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    with Store(path) as store:
        store.write([], [Point("pain", T0, "low", {"note": "a very private note " * 50})])
        store.delete_before(T0 + timedelta(days=1))
    assert not any(b"very private" in file.read_bytes() for file in tmp_path.iterdir())


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "history.sqlite3"
    with Store(path) as store:
        store.write(SOME.intervals, SOME.points, SOME.distances)
        assert store.problems() == []
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE interval SET end_us = start_us - 1")
        connection.execute("UPDATE point SET detail = '{'")
    connection.close()
    with Store(path, read_only=True) as store:
        assert store.problems() == [
            "1 of the intervals cannot be read and are left out",
            "1 of the moments cannot be read and are left out",
        ]
