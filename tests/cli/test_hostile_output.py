"""What others wrote is shown as plain text, whatever prints it; and standard files may be missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posture.cli.main import main
from posture.errors import PostureError
from posture.history.records import Interval, Point
from posture.history.store import Store
from posture.plain_text import plain, plain_lines

EVIL = "a\x1b[2J\x1b]0;b\x07c\nd\re\x9bf\u202eg\u2028h\u2066i\x00j\x85k"


def test_nothing_that_a_terminal_obeys_is_left() -> None:
    assert plain(EVIL) == "a?[2J?]0;b?c d e?f?g h?i?j k"
    assert plain_lines("a\n\tb\r\x1bc\r\n") == "a\n\tb ?c\n"
    assert plain("Grüße, שלום 👍") == "Grüße, שלום 👍"
    assert str(PostureError(EVIL)) == plain(EVIL)


@pytest.mark.parametrize("args", ["log list", "log list --json", "summary", "why", "export", "export --format csv"])
def test_no_command_shows_what_a_terminal_obeys(
    args: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    now = datetime.now(UTC) - timedelta(minutes=2)
    detail = {"level": 3, "note": EVIL, "why": EVIL, "when": EVIL, "better": EVIL, "exercise": EVIL, EVIL: EVIL}
    with Store(tmp_path / "history.sqlite3") as store:
        store.write([Interval("presence", "unknown", now, now + timedelta(minutes=1), {"reason": EVIL})])
        # As it is stored by another program: our own records are plain from the beginning.
        for kind, label in (("pain", EVIL), ("tension", ""), ("reminder", "stand"), ("silence", "stand")):
            row = (round(now.timestamp() * 1e6), kind, label, json.dumps(detail))
            store._connection.execute("INSERT INTO point (at_us, kind, label, detail) VALUES (?, ?, ?, ?)", row)
        assert len(store.points(now - timedelta(days=1), now + timedelta(days=1))) == 4
    main(args.split())
    shown = "".join(capsys.readouterr())
    assert shown == plain_lines(shown)
    assert not [line for line in shown.splitlines() if line.startswith(("d e", "h?i"))]


def test_an_export_of_a_damaged_history_is_what_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    with Store(tmp_path / "history.sqlite3") as store:
        store.write([], [Point("pain", datetime.now(UTC), "low", {"level": 3})])
        store._connection.execute("CREATE TRIGGER wipe AFTER INSERT ON point BEGIN DELETE FROM point; END")
    assert main(["summary"]) == 1
    assert main(["export"]) == 0
    out, err = capsys.readouterr()
    assert len(json.loads(out)["points"]) == 1
    assert "what can be read" in err


@pytest.mark.skipif(os.name == "nt", reason="shell of Unix")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
def test_standard_files_may_be_missing(closed: str, tmp_path: Path) -> None:
    env = {**os.environ, "POSTURE_CONFIG": str(tmp_path / "s"), "POSTURE_DATA": str(tmp_path)}
    command = f'"{sys.executable}" -m posture config list {closed}'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=env, check=False)
    assert (done.returncode, done.stderr) == (0, "")
