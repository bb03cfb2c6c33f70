"""What light commands load: little of the standard library, few modules of our own, and nothing else.

How long they take, benchmarks/light_commands.py measures. It follows from what is loaded: a frozen dataclass takes half
a millisecond, and the modules that dataclasses need take as long as half a bare Python.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from posture.coach.bars import JudgedNow
from posture.control.channel import ControlServer
from posture.daemon.session_state import SessionState
from posture.daemon.status import ActiveNow, Process, Status, Watch, status_of
from posture.language import FOLDER
from posture.settings import TimelineSettings
from posture.timeline.state import TimelineState

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs says where the folders are")

ROOT = Path(__file__).parents[2]
MAY_LOAD = "__future__ argparse contextlib datetime gc importlib json pathlib select socket struct typing unicodedata"
"""Of the standard library, with what these load themselves in the Python at hand."""
OF_THE_LIBRARY = f"""
import {MAY_LOAD.replace(" ", ", ")}
class Formatter(argparse.HelpFormatter):
    def __init__(self, prog): super().__init__(prog, width=80)
argparse.ArgumentParser(formatter_class=Formatter).add_argument("--help-me")
"""
OF_A_COMMAND = """
from posture.cli.main import main
try: main({words!r})
except SystemExit: pass
"""
HELP, STATUS = 18, 31
"""The most modules of our own that the help, and a command that asks the daemon, may load: two more than today."""


def loaded(code: str, **env: str) -> set[str]:
    """What a Python has loaded once it has run a code, beside what it begins with."""
    whole = f"import sys; before = set(sys.modules){code}\nprint(*sorted(set(sys.modules) - before), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", whole], capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ | env
    )
    return set(done.stderr.splitlines()[-1].split())


@pytest.fixture(scope="module")
def of_the_library() -> set[str]:
    return loaded(OF_THE_LIBRARY)


@pytest.fixture(scope="module")
def answering() -> Iterator[dict[str, str]]:
    """The environment in which a daemon answers: it sees somebody who slumps."""
    status = status_of(
        Process(7, "1", datetime.now(UTC), "settings.toml"),
        SessionState(),
        Watch("a camera"),
        TimelineState(),
        0.0,
        TimelineSettings(),
        to_utc=lambda t_s: datetime.now(UTC),
    )._replace(
        state="sitting",
        active=(ActiveNow("slump", "slumped", 130.0, 1.2),),
        levels={"slump": 1.2, "lean_left": 0.6},
        judged={"slump": JudgedNow(14.4, 2.0, 12.0), "lean_left": JudgedNow(4.0, 1.0, 7.0)},
    )
    assert Status.from_json(status.to_json()) == status

    async def answer(command: str, args: dict[str, Any]) -> dict[str, Any]:
        return status.to_json()

    loop = asyncio.new_event_loop()
    server = ControlServer(answer, lambda reason: lambda: None)
    with tempfile.TemporaryDirectory() as folder:  # short, as the path of a socket has to be
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("XDG_RUNTIME_DIR", folder)
            loop.run_until_complete(server.start())
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        yield {"XDG_RUNTIME_DIR": folder}
        asyncio.run_coroutine_threadsafe(server.close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
    loop.close()


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    for variable in ("POSTURE_CONFIG", "POSTURE_DATA", "POSTURE_LANGUAGE", "LANGUAGE"):
        monkeypatch.delenv(variable, raising=False)


def is_light(words: list[str], most: int, of_the_library: set[str], **env: str) -> None:
    found = loaded(OF_A_COMMAND.format(words=words), **env) - of_the_library
    own = {name for name in found if name.partition(".")[0] == "posture"}
    assert found - own == set()
    assert len(own) <= most, sorted(own)


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["status", "--help"], ["pause", "--help"]], ids=" ".join)
def test_help_loads_little(words: list[str], of_the_library: set[str]) -> None:
    is_light(words, HELP, of_the_library)


@pytest.mark.parametrize("language", ["", "de"])
@pytest.mark.parametrize("words", [["status"], ["status", "--bars"], ["status", "--json"], ["pause"], []], ids=" ".join)
def test_what_asks_the_daemon_loads_little(
    words: list[str], language: str, of_the_library: set[str], answering: dict[str, str]
) -> None:
    if language and not (FOLDER / language / "LC_MESSAGES/posture.mo").exists():
        pytest.skip("the catalogues are made when it is installed")
    is_light(words, STATUS, of_the_library, LANGUAGE=language, **answering)


def test_that_there_is_no_daemon_loads_little(of_the_library: set[str]) -> None:
    is_light(["status"], STATUS, of_the_library)


def test_a_shell_that_completes_a_command_loads_none() -> None:
    asked = {"_ARGCOMPLETE": "1", "COMP_LINE": "posture st", "COMP_POINT": "10"}
    code = """
from posture.cli.completion import answer_shell
from posture.cli.main import parser
import argcomplete
argcomplete.autocomplete = lambda top, **_: list(top.commands.choices.values())
answer_shell(parser())
print(*sorted(name for name in sys.modules if name.startswith("posture.cli.")))
"""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys{code}"],
        capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ | asked,
    )  # fmt: skip
    known = {"posture.cli.commands", "posture.cli.completion", "posture.cli.main", "posture.cli.parser"}
    assert set(done.stdout.split()) == known
