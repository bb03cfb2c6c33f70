"""`posture export`, `import` and `history`, as a user types them."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from posture.access import others_may
from posture.cli import export, history, import_
from posture.errors import PostureError
from posture.history.exchange import gather
from posture.history.records import Interval, Point
from posture.history.store import Store
from posture.report.summary import day_bounds

MONDAY = date(2026, 3, 2)
Run = Callable[..., int]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
def run(path: Path) -> Run:
    def typed(*words: str) -> int:
        parser = argparse.ArgumentParser()
        commands = parser.add_subparsers()
        for command in (export, history, import_):
            command.add_parser(commands)
        args = parser.parse_args(words)
        return int(args.run(args))

    return typed


@pytest.fixture
def recorded(path: Path) -> Path:
    with Store(path) as store:
        for days in (0, 1):
            start = day_bounds(MONDAY + timedelta(days=days))[0] + timedelta(hours=9)
            store.write([Interval("presence", "sitting", start, start + timedelta(hours=1))])
            store.write(points=[Point("pain", start, "low-left", {"level": 3, "note": "=1+1"})])
    return path


@pytest.mark.parametrize("form", ["json", "csv"])
def test_to_another_machine_and_twice(
    run: Run,
    recorded: Path,
    form: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / f"it.{form}"
    assert run("export", "--format", form, "--output", str(file)) == 0
    assert "4 records" in capsys.readouterr().out
    assert not others_may(file, file.stat())
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "other"))
    assert run("import", str(file)) == 0
    assert capsys.readouterr().out.startswith("4 of 4 records were new")
    assert run("import", str(file)) == 0
    assert capsys.readouterr().out.startswith("0 of 4 records were new")
    with Store(recorded) as store, Store(tmp_path / "other" / "history.sqlite3") as other:
        always = day_bounds(MONDAY)[0], day_bounds(MONDAY + timedelta(days=3))[0]
        assert gather(store, *always) == gather(other, *always)


def test_some_days_to_standard_output(run: Run, recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", "--day", "2026-03-03") == 0
    out = json.loads(capsys.readouterr().out)
    assert (len(out["intervals"]), len(out["points"])) == (1, 1)
    assert run("export", "--format", "activitywatch", "--start", "2026-03-01", "--stop", "2026-03-05") == 0
    assert len(json.loads(capsys.readouterr().out)["buckets"]) == 2


def test_from_standard_input(
    run: Run, recorded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run("export")
    text = capsys.readouterr().out.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert run("import", "-") == 0
    assert capsys.readouterr().out.startswith("0 of 4")


def test_an_empty_history(run: Run, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export") == 0
    assert json.loads(capsys.readouterr().out)["intervals"] == []
    for words in (["stats"], ["check"], ["delete", "--before", "today", "--yes"]):
        assert run("history", *words) == 0
        assert "Nothing has been recorded yet" in capsys.readouterr().out
    assert run("history", "stats", "--json") == 0
    assert json.loads(capsys.readouterr().out)["first"] is None
    assert not path.exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["import", "nowhere.json"], "cannot be read"),
        (["import", "."], "cannot be read"),
        (["export", "--output", "nowhere/at/all.csv"], "cannot be written"),
        (["export", "--start", "2026-03-05", "--stop", "2026-03-01"], "write the earlier day first"),
        (["export", "--week", "--month"], "use one of them"),
        (["export", "--stop", "2026-03-01"], "belongs to --start"),
        (["history", "delete", "--before", "then"], "--before 'then' is not a day"),
    ],
)
def test_what_goes_wrong_is_one_sentence(run: Run, recorded: Path, words: list[str], says: str) -> None:
    with pytest.raises(PostureError, match=says):
        run(*words)


def test_a_bad_file_imports_nothing(run: Run, recorded: Path, tmp_path: Path) -> None:
    run("export", "--output", str(tmp_path / "it.json"))
    whole = (tmp_path / "it.json").read_text().replace('"kind": "pain"', '"kind": "?"')
    (tmp_path / "bad.json").write_text(whole)
    recorded.unlink()
    with pytest.raises(PostureError, match="nothing was imported"):
        run("import", str(tmp_path / "bad.json"))
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PostureError, match="not text"):
        run("import", str(tmp_path / "bytes.json"))
    assert not recorded.exists()


def test_stats_and_check(run: Run, recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("history", "stats") == 0
    assert "2 intervals, 2 moments" in capsys.readouterr().out
    assert run("history", "stats", "--json") == 0
    out = json.loads(capsys.readouterr().out)
    assert (out["intervals"], out["points"], out["distances"]) == (2, 2, 0)
    assert out["first"].startswith("2026-03-02T09:00")
    assert run("history", "check") == 0
    assert "All is well: 4 records" in capsys.readouterr().out


def test_deleting_asks_first(
    run: Run, recorded: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(PostureError, match="--yes") as caught:
        run("history", "delete", "--before", "2026-03-03")
    assert caught.value.exit_code == 2
    assert run("history", "delete", "--before", "2026-03-03", "--yes") == 0
    assert capsys.readouterr().out == "2 records from before 2026-03-03 were deleted.\n"
    assert run("history", "delete", "--before", "2026-03-03", "--yes") == 0
    assert "Nothing is stored from before" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of POSIX")
@pytest.mark.parametrize(("answer", "left"), [("n", 4), ("", 4), ("y", 2)])
def test_the_answer_counts(run: Run, recorded: Path, monkeypatch: pytest.MonkeyPatch, answer: str, left: int) -> None:
    import os
    import pty

    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    with os.fdopen(theirs) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        run("history", "delete", "--before", "2026-03-03")
    os.close(ours)
    with Store(recorded) as store:
        assert sum(store.count().values()) == left
