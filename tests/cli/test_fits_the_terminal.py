"""On a terminal of 60, 80 and 120 columns no command's lines are too long, cut, or broken within a word.

Each width is one process on a terminal of its own (pty), which runs all commands one after the other.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from posture.cli.commands import MODULES
from posture.cli.terminal import PlainConsole
from posture.history.records import Interval, Point
from posture.history.store import Store
from posture.output import fitted, terminal_columns
from posture.report.sample import LAST_DAY, write_sample

HERE = Path(__file__).parent
WIDTHS = (60, 80, 120)
WIDE = 400
"""So wide that nothing is broken: what the narrower ones are compared with."""
SUNDAY = LAST_DAY.isoformat()
NAMES = list(MODULES)
SAID = [
    *([name, "--help"] for name in NAMES),
    *(
        [*words.split(), "--help"]
        for words in ("config list", "config set", "history delete", "log pain", "profile new")
    ),
    ["--help"],
    [],
    ["sumary"],
    ["summary", "--wek"],
    ["summary", "--day", SUNDAY],
    ["summary", "--day", SUNDAY, "--week"],
    ["summary", "--day", SUNDAY, "--month"],
    ["summary", "--week"],
    ["summary"],
    ["why"],
    ["exercises"],
    ["exercises", "--target", "nothing"],
    ["exercises", "show", "side-bend"],
    ["exercises", "show", "half-kneeling"],
    ["exercises", "side"],
    ["plan"],
    ["log", "list"],
    ["log", "pain", "2", "--where", "low", "--note", "numb in the left foot since the long drive"],
    ["self-check", "--trend"],
    ["about"],
    ["about", "cold-and-heat"],
    ["about", "nothing"],
    ["config", "list"],
    ["config", "list", "camera"],
    ["config", "get", "coach.stand_after"],
    ["config", "set", "coach.stand_after", "9h"],
    ["profile", "list"],
    ["history", "stats"],
    ["history", "check"],
    ["status"],
    ["pause", "30"],
    ["logs"],
    ["autostart"],
    ["export", "--day", "nonsense"],
    ["stretch", "walk", "--no-camera", "--minutes", "99"],
    ["import", "nothing.json"],
    ["measure", "nothing.png"],
    ["replay", "nothing.mp4"],
    ["forget", "--before", "nonsense"],
    ["direction"],
    ["check-in", "--show"],
    ["check-in", "--conditions"],
    ["forget"],
    ["launcher"],
]
WITH_A_DAEMON = [
    ["status", "--bars"],
    ["start"],
    ["pause", "until", "14:00"],
    ["resume"],
    ["toggle"],
    ["snooze"],
    ["standing"],
    ["events"],
]
"""What is said where a daemon answers: here one that has but its status and its last events."""
RUN_ALL = f"""
import asyncio, sys, threading
sys.path[:0] = {[str(HERE.parent), str(HERE.parent / "daemon")]!r}
from posture.cli.main import main
def run(typed):
    for words in typed:
        print("\\x1e" + " ".join(words))
        try: main(words)
        except SystemExit: pass
        print(end="", flush=True)
run({SAID!r})
from posture.control.channel import ControlServer
from posture.control.ends import Reply
from posture.control.protocol import answer_line
from test_status import status
async def answer(command, args): return status().to_json()
event = dict(v=1, at="2026-03-02T12:00:00+00:00", event="reminder", title="Time to stand", body="Up. " * 30)
async def follow(args): return Reply(answer_line(dict(status=dict(), recent=[event])))
loop = asyncio.new_event_loop()
loop.run_until_complete(ControlServer(answer, lambda reason: lambda: None, follow).start())
threading.Thread(target=loop.run_forever, daemon=True).start()
run({WITH_A_DAEMON!r})
"""
HEADINGS = {"id", "name", "for", "where", "dose", "takes", "moves", "camera"}
HEADINGS |= {"setting", "value", "unit", "range", "meaning"}
"""Of tables that are a list, without headings, where they do not fit."""
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_a_terminal(columns: int, folder: Path) -> dict[str, str]:
    """Run all on a terminal of that width, and give what each has printed."""
    if sys.platform == "win32":
        pytest.skip("no pseudo-terminal")
    import fcntl
    import pty
    import termios

    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    named = {"POSTURE_DATA": "data", "POSTURE_CONFIG": "settings.toml", "XDG_RUNTIME_DIR": "run", "HOME": "home"}
    named |= {"XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "config"}
    kept = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
    env = kept | {key: str(folder / name) for key, name in named.items()} | {"TERM": "xterm", "TZ": "Europe/Berlin"}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN_ALL], stdin=subprocess.DEVNULL, stdout=its, stderr=its, env=env, cwd=folder
    )
    os.close(its)
    printed = b""
    try:
        while part := os.read(ours, 65_536):
            printed += part
    except OSError:  # the end of a terminal
        pass
    os.close(ours)
    assert process.wait() == 0
    text = ESCAPE.sub("", printed.decode().replace("\r\n", "\n")).replace(str(folder), "FOLDER")
    parts = (part.partition("\n") for part in text.split("\x1e")[1:])
    return {name: said for name, _, said in parts}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve weeks of an invented person, and the first hour of today."""
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "run").mkdir(mode=0o700)
    from zoneinfo import ZoneInfo

    noon = datetime.combine(date.today(), datetime.min.time(), ZoneInfo("Europe/Berlin")) + timedelta(hours=10)
    with Store(folder / "data/history.sqlite3") as store:
        write_sample(store, ZoneInfo("Europe/Berlin"))
        hour = (noon.astimezone(UTC), noon.astimezone(UTC) + timedelta(hours=1))
        store.write(
            [Interval("watch", "camera", *hour), Interval("presence", "sitting", *hour)],
            points=[
                Point("pain", hour[0], "leg-left", {"level": 4, "when": "walking", "note": "a long note " * 8}),
                Point("reminder", hour[1], "stand", {"why": "so for 31 min", "exercise": "ql_stand"}),
            ],
        )
    return folder


@pytest.fixture(scope="module")
def printed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, str]]:
    found = {}
    for columns in (WIDE, *WIDTHS):
        its = tmp_path_factory.mktemp("t") / "f"
        shutil.copytree(folder, its)  # each finds what the others found
        found[columns] = on_a_terminal(columns, its)
    return found


def words(text: str) -> set[str]:
    """The words of an output; times of an axis and marks that are drawn to the width are none."""
    bare = (word.strip(".,;:()") for word in text.split())
    return {word for word in bare if any(map(str.isalnum, word)) and not re.fullmatch(r"\d\d:\d\d", word)}


@pytest.mark.slow
@pytest.mark.parametrize("columns", WIDTHS)
def test_every_line_fits_and_every_word_is_whole(columns: int, printed: dict[int, dict[str, str]]) -> None:
    wide, narrow = printed[WIDE], printed[columns]
    assert list(wide) == list(narrow) == [" ".join(typed) for typed in (*SAID, *WITH_A_DAEMON)]
    faults = list(_faults(columns, wide, narrow))
    assert not faults, "\n".join(faults)


def _faults(columns: int, wide: dict[str, str], narrow: dict[str, str]) -> Iterator[str]:
    for name, text in narrow.items():
        if not text.strip():
            yield f"{name}: says nothing"
        for line in text.splitlines():
            if len(line.rstrip()) > columns and max(map(len, line.split())) < columns // 2:
                yield f"{name}: too long: {line!r}"
        if text.count("…") > wide[name].count("…"):
            yield f"{name}: cut"
        for word in (words(text) ^ words(wide[name])) - HEADINGS:
            yield f"{name}: {'broken' if word in words(text) else 'missing'}: {word!r}"


@given(st.text(alphabet="ab -.,\n[]!12", max_size=300), st.integers(30, 120))
def test_lines_are_broken_at_spaces_alone(text: str, columns: int) -> None:
    for line in text.split("\n"):
        shown = fitted(line, columns)
        assert fitted(f"{line}  ", columns).endswith("  "), "what is typed comes behind a question"
        assert shown.split() == line.split()
        longest = max(map(len, line.split()), default=0)
        assert all(len(part) <= max(columns, longest + columns // 2 + 2) for part in shown.split("\n"))
        if len(line) <= columns:
            assert shown == line


def test_a_table_that_is_too_wide_becomes_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table(title="Scores")
    for name in ("measure", "found", "right when raised"):
        table.add_column(name)
    table.add_row("lean left", "94 %", "92 %")
    for columns, lines in ((80, 6), (30, 4)):
        PlainConsole(width=columns).print(table)
        text = capsys.readouterr().out
        assert "…" not in text
        assert {"Scores", "measure", "lean", "left", "94", "%", "right", "when", "raised"} <= set(
            re.findall(r"[\w%]+", text)
        )
        assert len(text.splitlines()) >= lines
        assert all(len(line) <= columns for line in text.splitlines())


@pytest.mark.parametrize("given", ["57", " 57 ", "0", "-3", "wide", "", None])
def test_the_columns_are_those_of_the_standard_library(given: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    if given is not None:
        monkeypatch.setenv("COLUMNS", given)
    assert terminal_columns() == shutil.get_terminal_size().columns
