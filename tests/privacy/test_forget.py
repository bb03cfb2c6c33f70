"""`posture forget`: what is removed is not in the files any more, and what is kept is whole."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from posture.cli.main import main
from posture.control.instance import SingleInstance
from posture.history.records import Distance, Interval, Point
from posture.history.store import Store
from posture.report.summary import day_bounds

pytestmark = pytest.mark.slow

DAY = date(2026, 3, 10)
SECRET = "left side, since the move of March"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data" / "posture"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def history(folder: Path) -> Path:
    """Twenty days of records, half of them before `DAY`."""
    path = folder / "data/posture/history.sqlite3"
    chance = random.Random(3)
    with Store(path) as store:
        for day in range(-10, 10):
            at = day_bounds(DAY + timedelta(days=day))[0] + timedelta(hours=9, microseconds=chance.randrange(10**6))
            for _ in range(40):
                end = at + timedelta(seconds=chance.uniform(10, 500))
                store.write([Interval("presence", "sitting", at, end)])
                store.write(points=[Point("reminder", end, "stand")])
                at = end
            store.write(points=[Point("pain", at, "left", {"level": 3, "note": SECRET if day < 0 else "kept"})])
            store.write(distances=[Distance(at.replace(minute=0, second=0, microsecond=0), 50 + day, 9.0)])
    return path


@pytest.fixture
def log(folder: Path) -> Path:
    path = folder / "state/posture/daemon.log"
    path.parent.mkdir(parents=True)
    days = [day_bounds(DAY + timedelta(days=n))[0] for n in (-2, -1, 0, 1)]
    lines = [json.dumps({"at": at.isoformat(), "event": "seen", "n": n}) for n, at in enumerate(days)]
    path.write_text("\n".join(lines) + "\n")
    return path


def content(history: Path) -> bytes:
    return b"".join(path.read_bytes() for path in history.parent.glob(f"{history.name}*"))


def test_before_a_day(history: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert SECRET.encode() in content(history)
    moment = day_bounds(DAY)[0]
    with Store(history) as store:
        kept = store.points(moment, datetime(2027, 1, 1, tzinfo=UTC))
    assert main(["forget", "--before", str(DAY), "--yes"]) == 0
    assert "none of it is found" in capsys.readouterr().out
    assert SECRET.encode() not in content(history)
    with Store(history) as store:
        assert sum(store.count(moment).values()) == 0
        assert store.points(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)) == kept
        assert store.problems() == []
    with closing(sqlite3.connect(history)) as raw:
        assert raw.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert [json.loads(line)["n"] for line in log.read_text().splitlines()] == [2, 3]
    assert main(["forget", "--before", str(DAY), "--yes"]) == 0
    assert "Nothing is kept from before" in capsys.readouterr().out


def test_while_the_daemon_has_the_history_open(history: Path) -> None:
    with Store(history) as daemon:
        for n in range(60):  # they fill the WAL, which is much longer than what is left
            at = datetime(2026, 3, 1, n % 24, n, tzinfo=UTC)
            daemon.write(points=[Point("pain", at, f"{n} {m}", {"note": SECRET}) for m in range(10)])
        daemon.write(points=[Point("reminder", datetime(2026, 3, 12, tzinfo=UTC), "move")])
        assert main(["forget", "--before", str(DAY), "--yes"]) == 0
        assert SECRET.encode() not in content(history)
        daemon.write(points=[Point("reminder", datetime(2026, 3, 13, tzinfo=UTC), "move")])


def test_a_reader_that_keeps_the_old_pages_is_said(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(history, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM point").fetchone()
        assert main(["forget", "--before", str(DAY), "--yes"]) == 1
        assert "traces are still in" in capsys.readouterr().err
        assert SECRET.encode() in content(history)
    assert main(["forget", "--before", str(DAY + timedelta(days=1)), "--yes"]) == 0
    assert SECRET.encode() not in content(history)


def test_copies_of_the_whole_history_go_too(history: Path) -> None:
    copies = [history.with_name(f"{history.name}{end}") for end in (".v1", ".damaged-2026-03-01")]
    for copy in copies:
        copy.write_bytes(history.read_bytes())
    assert main(["forget", "--before", str(DAY), "--yes"]) == 0
    assert not any(copy.exists() for copy in copies)


def test_everything(
    history: Path, log: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    history.with_name("calibrations.json").write_text("{}")
    (folder / "settings.toml").write_text("camera.width_px = 800\n")
    stranger = history.with_name("not-ours.txt")
    stranger.write_text("of somebody else")
    instance = SingleInstance()
    assert instance.take()  # a daemon runs
    assert main(["forget", "--all", "--yes"]) == 1
    assert "posture stop" in capsys.readouterr().err
    instance.release()
    assert main(["forget", "--all"]) == 2  # nobody to ask
    assert history.exists()
    assert main(["forget", "--all", "--yes"]) == 0
    left = {path.name for path in folder.rglob("*") if path.is_file()}
    assert left == {"settings.toml", "not-ours.txt"}
    assert main(["forget", "--all", "--yes"]) == 0
    assert "Nothing is kept" in capsys.readouterr().out


def test_a_removed_file_is_overwritten_first(history: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The blocks of a file outlive its name."""
    other = history.with_name("other-name")
    os.link(history, other)
    assert main(["forget", "--all", "--yes"]) == 0
    assert set(other.read_bytes()) == {0}


@pytest.mark.parametrize("arguments", [[], ["--before", "soon", "--yes"], ["--all", "--before", "today"]])
def test_wrong_words(history: Path, arguments: list[str], no_exit: Callable[[list[str]], int]) -> None:
    assert no_exit(["forget", *arguments]) == 2
    assert history.exists()
