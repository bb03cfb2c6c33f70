"""Whatever others wrote, and wherever: no command writes what a terminal obeys, nor a row that is not one.

Texts are planted in every place that a command can read of: the names of folders and files, the history, calibrations,
settings, own exercises, the log, what a daemon answers, the command line. Every command that the parser knows is run,
on a terminal and not.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posture.cli.main import main, parser
from posture.control.protocol import answer_line, refusal
from posture.daemon.logs import Log
from posture.daemon.session_state import SessionState, Snooze
from posture.daemon.status import Process, SensorNow, Watch, status_of
from posture.history.calibrations import calibrations_path
from posture.history.store import Store
from posture.output import own
from posture.paths import log_path, socket_path
from posture.settings import TimelineSettings
from posture.settings_file import load_settings
from posture.timeline.state import TimelineState

pty = pytest.importorskip("pty", reason="terminals of Unix")

EVIL = (
    "x\x1b[38;5;123m\x1b[2J\x1b]0;t\x07\nROW\r\nROW\rROW\x9b31mc\x85ROW\u2028ROW\u202er\u2066\U000e0041\x08\x00y[b]z[/]"
)
NAME = EVIL.replace("\x00", "").replace("/", "")
"""For files, folders and the command line."""
QUOTED = json.dumps(NAME, ensure_ascii=False).replace("\x9b", "\\u009b").replace("\x85", "\\u0085")
"""The same in TOML."""
FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb\U000e0000-\U000e007f]"
)
OWN = re.compile(r"\x1b\[(?:(?:0|[1-9]|3[0-7]|9[0-7])(?:;(?=\d)|(?=m)))*m|\x1b\[\?25[lh]|\x1b\[(\d+A|2K|1G)")
"""What rich writes for the styles that are used, and to draw over lines."""


def faults_of(shown: str) -> list[str]:
    """What a terminal would obey of it, with what stands around it."""
    text = OWN.sub("", shown.replace("\r\n", "\n"))
    found = [text[max(0, at.start() - 80) : at.end() + 20] for at in FORBIDDEN.finditer(text)]
    found += [text[max(0, at.start() - 80) : at.end() + 20] for at in re.finditer(r"[\n\r]ROW", text)]
    return found


def commands(top: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command, with its actions."""
    below = [action for action in top._actions if isinstance(action, argparse._SubParsersAction)]
    for group in below:
        for name, command in group.choices.items():
            yield from commands(command, (*words, name))
    if not below:
        yield words


def parser_of(words: tuple[str, ...]) -> argparse.ArgumentParser:
    found = parser()
    for word in words:
        (group,) = (action for action in found._actions if isinstance(action, argparse._SubParsersAction))
        found = group.choices[word]
    return found


ALL = list(commands(parser()))
VALUES = {"KEY": "camera.source", "ID": "mine", "0-10": "3", "DAY": "2999-01-01"}
"""What a command takes for an argument, by its placeholder; evil text for all others."""
PROCESSES = {("start",), ("restart",), ("demo",)}
"""What starts a daemon, or plays for minutes: run with settings that are refused, and with arguments that are."""
ASKS = {("forget",): ["--all", "--yes"], ("run",): ["--source", "0"], ("log", "list"): ["--days", "9"]}


def arguments_of(words: tuple[str, ...], *, evil: bool) -> list[str]:
    """Arguments that a command needs; `evil` gives evil ones for each that it may have as well."""
    found: list[str] = []
    for action in parser_of(words)._actions:
        needed = action.required and action.nargs not in ("?", "*")
        if action.dest == "help" or not (needed or (evil and action.nargs != 0)):
            continue
        good = str(next(iter(action.choices))) if action.choices else VALUES.get(str(action.metavar), NAME)
        found += [*action.option_strings[-1:], NAME if evil else good]
    return found


@pytest.fixture
def evil_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of evil names with evil text in every file."""
    home = tmp_path / NAME
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name, folder in (("CONFIG", "config"), ("DATA", "data"), ("STATE", "state"), ("CACHE", "cache")):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    runtime = tmp_path / "run"  # a socket has a name of a hundred characters at most
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("POSTURE_CONFIG", str(home / "settings.toml"))
    monkeypatch.setenv("POSTURE_DATA", str(home / "data"))
    monkeypatch.setenv("EDITOR", "true")
    monkeypatch.setenv("COLUMNS", "3000")
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "VISUAL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
    monkeypatch.chdir(tmp_path)
    Path(home, "settings.toml").write_text('camera.source = "9"\n', encoding="utf-8")
    Path(home, "exercises.d").mkdir()
    Path(home, "exercises.d", f"{NAME[:60]}.toml").write_text(
        f'[[exercise]]\nid = "mine"\nname = {QUOTED}\n{QUOTED} = 1\n[[reminder]]\nkind = "stand"\ntitle = {QUOTED}\n',
        encoding="utf-8",
    )
    now = datetime.now(UTC) - timedelta(minutes=9)
    detail = {"level": 3, **dict.fromkeys(("note", "why", "when", "better", "exercise", "reason", EVIL), EVIL)}
    with Store(home / "data/history.sqlite3") as store:
        stored, at_us = json.dumps(detail), round(now.timestamp() * 1e6)
        for kind, label in (("pain", EVIL), ("tension", EVIL), ("reminder", "stand"), ("silence", EVIL), (EVIL, EVIL)):
            row = (at_us, kind, label, stored)
            store._connection.execute("INSERT INTO point (at_us, kind, label, detail) VALUES (?, ?, ?, ?)", row)
        for kind, label in (("watch", "camera"), ("presence", "unknown"), ("bout", "sitting"), ("deviation", EVIL)):
            span = (kind, label, at_us, at_us + 300_000_000, 0, stored)
            store._connection.execute("INSERT INTO interval VALUES (?, ?, ?, ?, ?, ?)", span)
    places = {"version": 1, "cameras": {EVIL: {}}, "profiles": {EVIL: {EVIL: {}}}, "standing": {EVIL: {EVIL: {}}}}
    path = calibrations_path(load_settings())
    path.write_text(json.dumps({**places, "chosen": {EVIL: EVIL}}))
    log = Log(log_path())
    log.write("error", error=EVIL, **{EVIL: [EVIL]})
    log.close()
    with log_path().open("a", encoding="utf-8") as file:
        line = EVIL.replace("\n", "")  # one of another program is one all the same
        file.write(f'{line}\n{{"at": "2026-03-02T08:00:00", "event": {json.dumps(EVIL)}, "a": {json.dumps(EVIL)}}}\n')
    return home


@pytest.fixture
def evil_daemon(evil_home: Path) -> Iterator[list[bytes]]:
    """Answers whatever it is asked with the next of these lines; the last one again and again."""
    there = SensorNow(None, 1, EVIL)
    at = datetime.now(UTC)
    session = SessionState(paused_until=None, snooze=Snooze(at + timedelta(hours=1), EVIL))
    status = status_of(
        Process(7, EVIL, at, EVIL),
        session,
        Watch(EVIL, there, EVIL),
        TimelineState(t_s=1.0),
        2.0,
        TimelineSettings(),
        to_utc=lambda t_s: at,
        unseen_reason=EVIL,
        tray=EVIL,
        notices=EVIL,
        problems=(EVIL, EVIL),
    )
    status = status._replace(misfit=EVIL, missing=EVIL, version=EVIL)
    told = {"v": 1, "at": at.isoformat(), "event": EVIL, EVIL: EVIL, "list": [EVIL]}
    lines = [answer_line(status.to_json() | {"recent": [told]})]
    server = socket.socket(socket.AF_UNIX)
    socket_path().parent.mkdir(mode=0o700, exist_ok=True)
    server.bind(str(socket_path()))
    server.listen()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                link, _ = server.accept()
                with link:
                    link.recv(65_536)
                    link.sendall(lines[0])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield lines
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def run(arguments: list[str], monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> str:
    """Run a command in this process with standard output and error on a terminal, or in a pipe, and give both."""
    inner, outer = pty.openpty() if terminal else os.pipe()
    shown: list[bytes] = []

    def read() -> None:
        with contextlib.suppress(OSError):
            while more := os.read(inner, 65_536):
                shown.append(more)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    with (
        Path(os.devnull).open() as nothing,
        os.fdopen(os.dup(outer), "w", encoding="utf-8", buffering=1) as out,
        os.fdopen(os.dup(outer), "w", encoding="utf-8", buffering=1) as err,
        monkeypatch.context() as patch,
    ):
        assert out.isatty() == terminal
        for name, stream in (("stdin", nothing), ("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, stream)
        with contextlib.suppress(SystemExit):
            main(arguments)
    os.close(outer)
    reader.join()
    os.close(inner)
    return b"".join(shown).decode("utf-8", "replace")


TERMINAL = pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
EVERY = pytest.mark.parametrize("words", ALL, ids=" ".join)
LIGHT = pytest.mark.parametrize("words", [words for words in ALL if words not in PROCESSES], ids=" ".join)


@TERMINAL
@LIGHT
def test_no_command_shows_what_was_planted(
    words: tuple[str, ...], terminal: bool, evil_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = run([*words, *arguments_of(words, evil=False), *ASKS.get(words, [])], monkeypatch, terminal=terminal)
    assert not faults_of(shown)
    assert "Traceback" not in shown


@TERMINAL
@EVERY
def test_no_command_shows_its_arguments_as_they_are(
    words: tuple[str, ...], terminal: bool, evil_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for arguments in (arguments_of(words, evil=True), [NAME], [f"--{NAME}"], ["--set", NAME], ["--source", NAME]):
        if arguments:
            assert not faults_of(run([*words, *arguments], monkeypatch, terminal=terminal))


SETTINGS = {
    "a section": f"[{QUOTED}]\n",
    "a key": f"camera.source = {QUOTED}\n{QUOTED} = 3\n",
    "not TOML": EVIL,
}


@pytest.mark.parametrize("settings", SETTINGS)
def test_nor_settings_that_it_refuses(settings: str, evil_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(evil_home, "settings.toml").write_text(SETTINGS[settings], encoding="utf-8")
    for words in ALL:
        shown = run([*words, *arguments_of(words, evil=False)], monkeypatch, terminal=True)
        assert not faults_of(shown), words


@LIGHT
def test_nor_what_a_daemon_answers(
    words: tuple[str, ...], evil_daemon: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    status = evil_daemon[0]
    for answer in (status, refusal(EVIL), EVIL.encode() + b"\n"):
        evil_daemon[0] = answer
        shown = run([*words, *arguments_of(words, evil=False)], monkeypatch, terminal=True)
        assert not faults_of(shown), shown


def test_what_is_looked_for_would_be_found() -> None:
    for character in "\x07\x08\x1b\x9b\u202e\u2066\u2028\U000e0041":
        assert faults_of(f"a{character}b")
    for text in ("a\nROW", "a\r\nROW", "a\rROW", "\x1b[38;5;123m", "\x1b]0;t"):
        assert faults_of(text)
    assert not faults_of("\x1b[1;33ma\x1b[0m\r\n\tb")


@TERMINAL
def test_only_own_colours_are_colours(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from posture.cli.terminal import PlainConsole

    def show() -> None:
        print(EVIL)
        PlainConsole().print(f"[bold]{EVIL}", style="bold")
        own(sys.stdout).write("\a")

    monkeypatch.setattr("posture.cli.main._run", lambda _arguments, **_: show())
    shown = run([], monkeypatch, terminal=terminal)
    assert shown.count("\x1b") == (0 if not terminal else shown.count("\x1b[1m") + shown.count("\x1b[0m"))
    assert ("\x1b[1m" in shown) == terminal
    assert "[bold]x" in shown
    assert shown.endswith("\a")
