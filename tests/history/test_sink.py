"""The history of a running watch: opened late, opened again, replaced when damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posture.errors import PostureError
from posture.history.records import Point
from posture.history.sink import HistorySink
from posture.history.store import Store
from posture.settings import HistorySettings, Settings

NOW = datetime.now(UTC)
EVER = (NOW - timedelta(days=9000), NOW + timedelta(days=9000))


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


def test_old_days_go_after_the_first_hour(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    t_s = 0.0
    monkeypatch.setattr("posture.history.sink.now_s", lambda: t_s)
    sink = HistorySink(replace(settings, history=replace(settings.history, keep_s=30 * 86400.0)), lambda notice: None)
    old = shift(-60 * 24 * 31)
    sink.write(points=[old, shift()])
    sink.close()
    sink.write(points=[shift(1)])
    assert old in stored(tmp_path / "data")
    t_s = 3600.0
    sink.write(points=[shift(2)])
    sink.close()
    assert stored(tmp_path / "data") == [shift(), shift(1), shift(2)]
