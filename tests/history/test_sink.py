"""The history of a running watch: opened late, opened again, replaced when damaged."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posture.errors import PostureError
from posture.history.expiry import Expiry
from posture.history.pending import PendingRecords
from posture.history.records import Interval, Point
from posture.history.sink import REMOVED, REPLACED, HistorySink
from posture.history.store import Store
from posture.settings import HistorySettings, Settings

NOW = datetime.now(UTC)
EVER = (NOW - timedelta(days=9000), NOW + timedelta(days=9000))

open_stays = pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("POSTURE_DATA", raising=False)
    return in_folder(tmp_path / "data")


def in_folder(folder: Path) -> Settings:
    return replace(Settings(), history=HistorySettings(folder=str(folder)))


def shift(minutes: float = 0.0) -> Point:
    return Point("shift", NOW + timedelta(minutes=minutes))


def stored(folder: Path) -> list[Point]:
    with Store(folder / "history.sqlite3", read_only=True) as store:
        return store.points(*EVER)


def test_the_file_is_made_with_the_first_record(settings: Settings, tmp_path: Path) -> None:
    notices: list[str] = []
    sink = HistorySink(settings, notices.append)
    sink.use(settings)
    assert not (tmp_path / "data").exists()
    sink.write(points=[shift()])
    sink.write(points=[shift(1)])
    assert stored(tmp_path / "data") == [shift(), shift(1)]
    sink.close()
    sink.close()
    sink.write(points=[shift(2)])
    sink.close()
    assert len(stored(tmp_path / "data")) == 3
    assert notices == []


def test_another_folder_is_used_from_the_next_record_on(settings: Settings, tmp_path: Path) -> None:
    sink = HistorySink(settings, lambda notice: None)
    sink.write(points=[shift()])
    sink.use(in_folder(tmp_path / "other"))
    sink.write(points=[shift(1)])
    sink.close()
    assert stored(tmp_path / "data") == [shift()]
    assert stored(tmp_path / "other") == [shift(1)]


def test_a_failure_is_over_when_something_was_written(settings: Settings, tmp_path: Path) -> None:
    notices: list[str] = []
    sink = HistorySink(settings, notices.append)
    (tmp_path / "data").write_text("a file where the folder should be")
    for _ in range(2):
        with pytest.raises(PostureError):
            sink.write(points=[shift()])
    assert notices == []  # the recorder tells of it
    (tmp_path / "data").unlink()
    sink.write(points=[shift()])
    sink.write(points=[shift(1)])
    sink.close()
    assert notices == [""]


def damage_before_opening(sink: HistorySink, path: Path) -> None:
    sink.close()
    path.write_bytes(b"\0" * 8192)


def damage_while_open(sink: HistorySink, path: Path) -> None:
    with Store(path) as other:  # another process writes, so the sink's own connection must read the file again
        other.write(points=[shift(9)])
        other.delete_before(EVER[0])  # which leaves an empty WAL
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))


@pytest.mark.parametrize("damage", [damage_before_opening, damage_while_open])
def test_a_damaged_history_is_replaced_and_reported(
    settings: Settings, tmp_path: Path, damage: Callable[[HistorySink, Path], None]
) -> None:
    notices: list[str] = []
    sink = HistorySink(settings, notices.append)
    sink.write(points=[shift()])
    damage(sink, tmp_path / "data/history.sqlite3")
    sink.write(points=[shift(1)])
    sink.close()
    assert len(notices) == 1
    assert notices[0].startswith("The history was damaged: it is set aside as history.sqlite3.damaged-20")
    assert shift(1) in stored(tmp_path / "data")
    assert len(list((tmp_path / "data").glob("history.sqlite3.damaged-*"))) >= 1


def test_old_days_go_when_they_are_too_old_on_another_day(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    t_s = 0.0
    monkeypatch.setattr("posture.history.sink.now_s", lambda: t_s)
    monkeypatch.setattr(
        "posture.history.sink.Expiry", lambda clock: Expiry(clock, lambda: NOW + timedelta(seconds=clock()))
    )
    sink = HistorySink(replace(settings, history=replace(settings.history, keep_s=30 * 86400.0)), lambda notice: None)
    old = shift(-60 * 24 * 31)
    sink.write(points=[old, shift()])
    sink.close()
    for days in (0.5, 1.0):
        t_s = days * 86400.0
        sink.write(points=[shift(days * 1440)])
        assert old in stored(tmp_path / "data")
    t_s = 3 * 86400.0
    sink.write(points=[shift(4320)])
    sink.close()
    assert stored(tmp_path / "data") == [shift(), shift(720), shift(1440), shift(4320)]


# -- removed or replaced under the watch -------------------------------------------------------------------------------

Change = Callable[[Path, Path], None]
"""Something that is done to a history, given an older copy of it."""


def file_removed(path: Path, copy: Path) -> None:
    path.unlink()


def all_files_removed(path: Path, copy: Path) -> None:
    for file in path.parent.glob("history.sqlite3*"):
        file.unlink()


def folder_removed(path: Path, copy: Path) -> None:
    shutil.rmtree(path.parent)


def file_renamed(path: Path, copy: Path) -> None:
    path.rename(path.with_name("mine.sqlite3"))


def folder_renamed(path: Path, copy: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


def folder_put_in_place(path: Path, copy: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))
    path.parent.mkdir()
    shutil.copyfile(copy, path)


def folder_linked_elsewhere(path: Path, copy: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))
    other = path.parent.with_name("other")
    other.mkdir()
    shutil.copyfile(copy, other / path.name)
    path.parent.symlink_to(other)


def copy_moved_over(path: Path, copy: Path) -> None:
    copy.replace(path)


def copy_moved_over_and_log_removed(path: Path, copy: Path) -> None:
    copy.replace(path)
    path.with_name(path.name + "-wal").unlink()
    path.with_name(path.name + "-shm").unlink()


def copied_over(path: Path, copy: Path) -> None:
    shutil.copyfile(copy, path)  # the same inode


def copied_over_with_its_times(path: Path, copy: Path) -> None:
    shutil.copyfile(copy, path)
    shutil.copystat(copy, path)


def twin_moved_over(path: Path, copy: Path) -> None:
    found = path.stat()
    assert copy.stat().st_size == found.st_size
    os.utime(copy, ns=(found.st_atime_ns, found.st_mtime_ns))
    copy.replace(path)


def emptied(path: Path, copy: Path) -> None:
    path.write_bytes(b"")


def empty_file_put_in_place(path: Path, copy: Path) -> None:
    path.unlink()
    path.touch()


GONE = (file_removed, all_files_removed, folder_removed, file_renamed, folder_renamed)
OTHER = (
    folder_put_in_place,
    folder_linked_elsewhere,
    copy_moved_over,
    copy_moved_over_and_log_removed,
    copied_over,
    twin_moved_over,
    copied_over_with_its_times,
    emptied,
    empty_file_put_in_place,
)


def watch(minutes: float) -> Interval:
    """The watch that goes on: each write tells more of it."""
    return Interval("watch", "camera", NOW, NOW + timedelta(minutes=minutes), open=True)


def known(path: Path) -> tuple[list[Interval], list[Point]]:
    with Store(path, read_only=True) as store:
        assert store.problems() == []
        return store.intervals(*EVER), store.points(*EVER)


@open_stays
@pytest.mark.parametrize("seen_by_others", [False, True])
@pytest.mark.parametrize("change", [*GONE, *OTHER])
def test_nothing_is_lost_after_a_history_is_removed_or_replaced(
    settings: Settings, tmp_path: Path, change: Change, seen_by_others: bool
) -> None:
    path, copy = tmp_path / "data/history.sqlite3", tmp_path / "copy.sqlite3"
    notices: list[str] = []
    old = HistorySink(settings, notices.append)
    old.write([Interval("presence", "away", NOW - timedelta(days=1), NOW - timedelta(hours=20))], points=[shift(-9)])
    old.close()
    shutil.copyfile(path, copy)
    sink = HistorySink(settings, notices.append)
    sink.write([watch(1)], points=[shift(1)])
    if seen_by_others:  # a command that reads, and one that writes, at any time
        known(path)
        with Store(path) as other:
            other.write(points=[shift(1.5)])
            other.close()
    change(path, copy)
    if seen_by_others and path.exists() and change is not emptied:  # of that a reader waits for 5 s
        with contextlib.suppress(PostureError):
            known(path)
    sink.write([watch(2)], points=[shift(2)])
    assert len(notices) == 1, "said once"
    if change in GONE:
        assert notices == [REMOVED]
    elif not seen_by_others:
        assert notices == [REPLACED]
    for minutes in (3, 4):
        sink.write([watch(minutes)], points=[shift(minutes)])
    assert len(notices) == 1
    intervals, points = known(path)  # by another connection, while the sink has it open
    sink.close()
    assert (intervals, points) == known(path)
    assert watch(4) in intervals
    assert {shift(2), shift(3), shift(4)} <= set(points)
    if change is emptied and seen_by_others:
        return  # what the other command stored after the last write is read from the WAL
    if change in GONE or change in (emptied, empty_file_put_in_place):
        assert shift(-9) not in points, "what was removed is not brought back"
    else:
        assert shift(-9) in points, "what was put in place is kept"


@open_stays
@pytest.mark.parametrize("ends", [("-wal",), ("-shm",), ("-wal", "-shm")])
def test_a_log_that_is_removed_costs_nothing(settings: Settings, tmp_path: Path, ends: tuple[str, ...]) -> None:
    path, notices = tmp_path / "data/history.sqlite3", list[str]()
    sink = HistorySink(settings, notices.append)
    sink.write([watch(1)], points=[shift(1)])
    for end in ends:
        path.with_name(path.name + end).unlink()
    sink.write([watch(2)], points=[shift(2)])
    intervals, points = known(path)
    sink.close()
    assert (intervals, points, notices) == ([watch(2)], [shift(1), shift(2)], [])


def test_two_that_write_are_no_replacement(settings: Settings, tmp_path: Path) -> None:
    notices: list[str] = []
    sinks = [HistorySink(settings, notices.append) for _ in range(2)]  # the daemon, and posture run
    for sink in sinks:
        sink.open()
    for minutes in range(1, 5):
        for n, sink in enumerate(sinks):
            sink.write([watch(minutes)], points=[shift(minutes + n / 10)])
    for sink in sinks:
        sink.close()
    assert notices == []
    assert len(known(tmp_path / "data/history.sqlite3")[1]) == 8


def test_what_others_store_meanwhile_is_no_replacement(settings: Settings, tmp_path: Path) -> None:
    path, notices = tmp_path / "data/history.sqlite3", list[str]()
    sink = HistorySink(settings, notices.append)
    sink.write([watch(1)], points=[shift(1)])
    with Store(path) as other:  # an import, which fills the WAL, and a deletion, which empties it
        other.take_in(points=[shift(-n) for n in range(3000)])
        other.delete_before(NOW - timedelta(minutes=5))
    sink.write([watch(2)], points=[shift(2)])
    sink.close()
    assert notices == []
    assert shift(2) in known(path)[1]
    assert shift(-4) in known(path)[1]


@open_stays
def test_the_same_history_put_back_is_no_replacement(settings: Settings, tmp_path: Path) -> None:
    path, notices = tmp_path / "data/history.sqlite3", list[str]()
    sink = HistorySink(settings, notices.append)
    sink.write([watch(1)], points=[shift(1)])
    shutil.copyfile(path, tmp_path / "copy")  # as a tool does that syncs
    (tmp_path / "copy").replace(path)
    sink.write([watch(2)], points=[shift(2)])
    sink.close()
    assert notices == []
    assert known(path) == ([watch(2)], [shift(1), shift(2)])


@open_stays
def test_what_cannot_be_made_anew_waits(settings: Settings, tmp_path: Path) -> None:
    path, notices = tmp_path / "data/history.sqlite3", list[str]()
    sink = HistorySink(settings, notices.append)
    pending = PendingRecords(sink, 100, lambda error: notices.append(str(error)))
    pending.write([watch(1)], points=[shift(1)])
    assert pending.flush() is None
    shutil.rmtree(path.parent)
    path.parent.write_text("a file where the folder was")
    for minutes in (2, 3):
        pending.write([watch(minutes)], points=[shift(minutes)])
        assert pending.flush() is not None
    path.parent.unlink()
    pending.write([watch(4)], points=[shift(4)])
    assert pending.flush() is None
    sink.close()
    assert len(notices) == 2
    assert notices[1] == REMOVED
    assert known(path) == ([watch(4)], [shift(2), shift(3), shift(4)])
