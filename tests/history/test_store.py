"""The history file: real SQLite, real full disks, real read-only folders, real kills."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.errors import PostureError
from posture.history import store as store_module
from posture.history.recorder import Recorder
from posture.history.records import LABELS, Distance, Interval, Memory, Point, slot_of
from posture.history.store import MIGRATIONS, Store, existing_store
from posture.paths import history_path
from posture.settings import HistorySettings, Settings
from posture.timeline.events import PosturalShift

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
EVER = (T0 - timedelta(days=9000), T0 + timedelta(days=9000))


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def sat(start_s: float, end_s: float, *, still_open: bool = False) -> Interval:
    return Interval("presence", "sitting", at(start_s), at(end_s), {}, still_open)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "posture" / "history.sqlite3"


# -- what goes in comes out -------------------------------------------------------------------------------------------

times = st.integers(0, 3_000_000_000).map(lambda us: T0 + timedelta(microseconds=us))
details = st.dictionaries(
    st.text(max_size=5), st.none() | st.booleans() | st.floats(-1e12, 1e12) | st.text(), max_size=2
)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start, end = sorted((draw(times), draw(times)))
    # Few starts, so that the same interval is often written twice.
    start = min(slot_of(start), end)
    kind = draw(st.sampled_from(sorted(LABELS)))
    return Interval(
        kind, draw(st.sampled_from(sorted(LABELS[kind])[:2])), start, end, draw(details), draw(st.booleans())
    )


points = st.builds(Point, st.sampled_from(("shift", "reminder")), times, st.sampled_from(("", "stand")), details)
distances = st.builds(Distance, times.map(slot_of), st.integers(20, 25), st.integers(1, 1000).map(float))
batches = st.lists(
    st.tuples(st.lists(intervals(), max_size=6), st.lists(points, max_size=4), st.lists(distances, max_size=4)),
    max_size=5,
)


@pytest.mark.slow
@settings(deadline=None)
@given(batches, times, times)
def test_the_store_and_the_memory_agree(
    written: list[tuple[list[Interval], list[Point], list[Distance]]], moment: datetime, other: datetime
) -> None:
    memory = Memory()
    with tempfile.TemporaryDirectory() as folder:
        with Store(Path(folder) / "history.sqlite3") as store:
            for batch in written:
                memory.write(*batch)
                store.write(*batch)
        with Store(Path(folder) / "history.sqlite3", read_only=True) as store:
            for start, stop in (EVER, (min(moment, other), max(moment, other))):
                assert store.intervals(start, stop) == memory.intervals(start, stop)
                assert store.intervals(start, stop, "bout") == memory.intervals(start, stop, "bout")
                assert store.points(start, stop) == memory.points(start, stop)
                shifts = [point for point in store.points(start, stop) if point.kind == "shift"]
                assert store.points(start, stop, ("pain", "shift")) == shifts
                assert memory.points(start, stop, ("pain", "shift")) == shifts
                assert store.distance(start, stop) == memory.distance(start, stop)


def test_writing_twice_changes_nothing(path: Path) -> None:
    with Store(path) as store:
        for _ in range(2):
            store.write([sat(0, 60)])
            store.write(points=[Point("reminder", at(30), "stand", {"why": "sat 30 min"})])
        assert store.intervals(*EVER) == [sat(0, 60)]
        assert store.points(*EVER) == [Point("reminder", at(30), "stand", {"why": "sat 30 min"})]


def test_a_batch_is_kept_whole_or_not_at_all(path: Path) -> None:
    with Store(path) as store:
        store.write([sat(0, 60)])
        with pytest.raises(PostureError):
            # SQLite refuses the second: a time that is no time.
            store.write([sat(60, 90)], [], [Distance(at(0), 50, None)])  # type: ignore[arg-type]
        assert store.intervals(*EVER) == [sat(0, 60)]


def test_what_is_read_is_whole_also_when_it_only_overlaps(path: Path) -> None:
    with Store(path) as store:
        store.write([sat(0, 100), sat(100, 200), sat(200, 300)])
        assert store.intervals(at(150), at(200)) == [sat(100, 200)]


def test_reading_goes_on_while_another_writes(path: Path) -> None:
    with Store(path) as writer, Store(path, read_only=True) as reader:
        writer.write([sat(0, 60, still_open=True)])
        assert reader.intervals(*EVER) == [sat(0, 60, still_open=True)]
        writer.write([sat(0, 90, still_open=True)])
        assert reader.intervals(*EVER) == [sat(0, 90, still_open=True)]


# -- where it lies, who may read it -----------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX; tests/windows has the access lists")
def test_only_the_user_may_read_it(path: Path) -> None:
    old = os.umask(0)
    try:
        with Store(path) as store:
            store.write([sat(0, 60)])
            found = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert set(found.values()) == {0o600}
    assert len(found) == 3  # the file, its WAL, its shared memory


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of POSIX; tests/windows has the access lists")
def test_loose_permissions_are_tightened(path: Path) -> None:
    Store(path).close()
    path.chmod(0o644)
    Store(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_where_it_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("POSTURE_DATA", raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert history_path(Settings()).name == "history.sqlite3"
    if sys.platform == "linux":
        assert history_path(Settings()) == tmp_path / "data" / "posture" / "history.sqlite3"
    assert history_path(Settings(history=HistorySettings(folder="~/mine"))) == tmp_path / "mine" / "history.sqlite3"
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "elsewhere"))
    assert (
        history_path(Settings(history=HistorySettings(folder="~/mine"))) == tmp_path / "elsewhere" / "history.sqlite3"
    )


def test_nothing_recorded_yet(path: Path) -> None:
    assert existing_store(path) is None
    assert not path.parent.exists()


# -- schemas ----------------------------------------------------------------------------------------------------------


def test_a_newer_schema_is_refused_and_left_alone(path: Path) -> None:
    with Store(path) as store:
        store.write([sat(0, 60)])
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(PostureError, match="newer posture"):
            Store(path, read_only=read_only)
    assert path.read_bytes() == before


def test_an_older_schema_is_migrated_and_a_copy_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(path) as store:
        store.write([sat(0, 60)])
    newer = (*MIGRATIONS, ("CREATE TABLE pain (at_us INTEGER PRIMARY KEY, level INTEGER NOT NULL)",))
    monkeypatch.setattr(store_module, "MIGRATIONS", newer)
    with Store(path, read_only=True) as store:
        assert store.intervals(*EVER) == [sat(0, 60)]
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (len(newer),)
        assert raw.execute("SELECT * FROM pain").fetchall() == []
    copy = path.with_name(f"{path.name}.v{len(MIGRATIONS)}")
    if sys.platform != "win32":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    monkeypatch.setattr(store_module, "MIGRATIONS", newer[:-1])
    with Store(copy) as store:
        assert store.intervals(*EVER) == [sat(0, 60)]


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store(path) as store:
        store.write([sat(0, 60)])
    monkeypatch.setattr(store_module, "MIGRATIONS", (*MIGRATIONS, ("DROP TABLE point", "NOT SQL")))
    with pytest.raises(PostureError):
        Store(path)
    monkeypatch.undo()
    with Store(path) as store:
        assert store.intervals(*EVER) == [sat(0, 60)]
        assert store.points(*EVER) == []


# -- what can go wrong ------------------------------------------------------------------------------------------------


def one_sentence(error: PostureError, path: Path) -> bool:
    sentence = str(error)
    return str(path) in sentence and sentence.endswith(".") and "\n" not in sentence


@pytest.mark.parametrize("content", [b"some text that is longer than the header" * 30, b"only a little text"])
def test_a_file_that_is_no_history(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    for read_only in (False, True):
        with pytest.raises(PostureError, match="not a posture history") as caught:
            Store(path, read_only=read_only)
        assert one_sentence(caught.value, path)
    assert path.read_bytes() == content


def test_a_folder_where_the_file_should_be(path: Path) -> None:
    path.mkdir(parents=True)
    for read_only in (False, True):
        with pytest.raises(PostureError) as caught:
            Store(path, read_only=read_only)
        assert one_sentence(caught.value, path)


def test_an_empty_file_is_a_new_history(path: Path) -> None:
    path.parent.mkdir()
    path.touch()  # what a kill between making the file and its tables leaves
    with Store(path, read_only=True) as store:
        assert store.intervals(*EVER) == []


def test_a_damaged_file(path: Path) -> None:
    with Store(path) as store:
        store.write([sat(n * 10, n * 10 + 5) for n in range(2000)])
    content = bytearray(path.read_bytes())
    content[4096:] = random.Random(1).randbytes(len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(PostureError, match="damaged") as caught, Store(path) as store:
        store.intervals(*EVER)
    assert one_sentence(caught.value, path)


def test_held_by_another_program(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "_BUSY_S", 0.0)
    with Store(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(PostureError, match="held by another program") as caught:
            store.write([sat(0, 60)])
        assert one_sentence(caught.value, path)
        other.execute("ROLLBACK")
        store.write([sat(0, 60)])
        assert store.intervals(*EVER) == [sat(0, 60)]


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be nobody for a while, when the tests run as root: root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that nobody may enter; pytest's own are closed to others."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    for place in folder.rglob("*"):
        if place.is_dir():
            place.chmod(0o700)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="modes of folders are of POSIX")
def test_a_read_only_folder(open_folder: Path) -> None:
    path = open_folder / "posture" / "history.sqlite3"
    with unprivileged():
        with Store(path) as store:
            store.write([sat(0, 60)])
        path.parent.chmod(0o500)
        with pytest.raises(PostureError, match=r"make .* writable") as caught, Store(path) as store:
            store.write([sat(60, 90)])
        assert one_sentence(caught.value, path)
        # Reading needs no writing.
        with Store(path, read_only=True) as store:
            assert store.intervals(*EVER) == [sat(0, 60)]
        path.parent.chmod(0o000)
        with pytest.raises(PostureError, match=r"make .* writable"):
            existing_store(path)
        path.parent.chmod(0o700)
        with Store(path) as store:
            assert store.intervals(*EVER) == [sat(0, 60)]


@pytest.mark.skipif(sys.platform == "win32", reason="modes of folders are of POSIX")
def test_no_folder_can_be_made(open_folder: Path) -> None:
    with unprivileged():
        closed = open_folder / "closed"
        closed.mkdir(mode=0o500)
        with pytest.raises(PostureError, match=r"make .* writable") as caught:
            Store(closed / "posture" / "history.sqlite3")
        assert one_sentence(caught.value, closed)


def test_no_page_more_fits(path: Path) -> None:
    """What SQLite does on a full disk, on machines where none can be mounted."""
    with Store(path) as store:
        store.write([sat(0, 60)])
        store._connection.execute("PRAGMA max_page_count = 8")
        with pytest.raises(PostureError, match="full: free some space") as caught:
            store.write([sat(n * 10, n * 10 + 5) for n in range(9, 5000)])
        assert one_sentence(caught.value, path)
        assert store.intervals(*EVER) == [sat(0, 60)]
        store.write([sat(60, 90)])


def test_a_full_disk(small_disk: Path) -> None:
    path = small_disk / "posture" / "history.sqlite3"
    stored = 0
    with Store(path) as store:
        with pytest.raises(PostureError, match="full: free some space") as caught:  # noqa: PT012
            while True:
                store.write([sat(stored * 1000 + n * 10, stored * 1000 + n * 10 + 5) for n in range(100)])
                stored += 1
        assert one_sentence(caught.value, path)
        assert len(store.intervals(*EVER)) == stored * 100
    assert stored > 0
    with Store(path, read_only=True) as store:
        assert len(store.intervals(*EVER)) == stored * 100
        assert store._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_disk_that_is_full_from_the_start(small_disk: Path) -> None:
    with pytest.raises(OSError, match="space"):
        (small_disk / "filler").write_bytes(b"0" * 2**21)
    path = small_disk / "posture" / "history.sqlite3"
    with pytest.raises(PostureError, match="full: free some space") as caught:
        Store(path)
    assert one_sentence(caught.value, path)
    (small_disk / "filler").unlink()
    with Store(path) as store:
        store.write([sat(0, 60)])


# -- kills ------------------------------------------------------------------------------------------------------------

WRITER = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from posture.history.recorder import Recorder
from posture.history.store import Store
from posture.timeline.events import BoutStarted, DeviationEnded, DeviationStarted, PosturalShift, PresenceChanged

t_s = float(sys.argv[2])
begin_s = t_s
recorder = Recorder(Store(Path(sys.argv[1])), lambda t: datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(seconds=t))
events = [PresenceChanged(t_s, t_s, "sitting", "unknown"), BoutStarted(t_s, t_s)]
while True:
    recorder.take(t_s, events, distance_cm=60.0)
    os.write(1, b"%d\\n" % t_s)  # said only after it was taken
    t_s += 5.0
    phase = (t_s - begin_s) % 100.0
    events = []
    if phase == 20.0:
        events = [DeviationStarted(t_s, t_s - 10.0, "slump", 1.2), PosturalShift(t_s, t_s - 5.0)]
    if phase == 40.0:
        events = [DeviationEnded(t_s, t_s - 30.0, t_s - 5.0, "slump")]
"""


@pytest.mark.slow
def test_a_kill_at_any_moment_costs_a_minute_at_most(path: Path) -> None:
    kills = int(os.environ.get("POSTURE_KILLS", "12"))
    chance = random.Random(7)
    begin_s, sitting_s = 0, 0.0
    for _ in range(kills):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), str(begin_s)], stdout=subprocess.PIPE, bufsize=0
        ) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randint(1, 120)):
                line = writer.stdout.readline()
            # It goes on writing while this arrives.
            writer.kill()
            rest = writer.stdout.read()
        lines = (line + rest).split()
        last_s = int(lines[-1] if lines[-1:] and (line + rest).endswith(b"\n") else lines[-2])
        with Store(path) as store:
            assert store._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            kept = store.intervals(at(begin_s - 1), EVER[1])
            assert {interval.kind for interval in kept} >= {"watch", "presence", "bout"}
            for interval in kept:
                if interval.open and interval.kind != "deviation":
                    assert interval.end >= at(last_s - 60)
            # All that was stored before is still there.
            before = [interval for interval in store.intervals(*EVER, "presence") if interval.start < at(begin_s)]
            assert sum(interval.length_s for interval in before) == sitting_s
            sitting_s += sum(interval.length_s for interval in kept if interval.kind == "presence")
        begin_s = last_s + 600


def test_what_a_full_disk_refused_is_written_when_there_is_room(small_disk: Path) -> None:
    problems: list[PostureError] = []
    with Store(small_disk / "history.sqlite3") as store:
        recorder = Recorder(store, at, on_problem=problems.append)
        for t_s in range(0, 3600, 5):
            if t_s == 600:
                with pytest.raises(OSError, match="space"):
                    (small_disk / "filler").write_bytes(b"0" * 2**21)
            if t_s == 3000:
                assert len(problems) == 1
                (small_disk / "filler").unlink()
            recorder.take(t_s, [PosturalShift(t_s, t_s)], distance_cm=60.0)
        recorder.close(3600)
        assert len(store.points(*EVER)) == 720
        assert [interval.length_s for interval in store.intervals(*EVER, "watch")] == [3600.0]
        assert sum(distance.seconds for distance in store.distance(*EVER)) == 3600.0
    assert "full: free some space" in str(problems[0])
