"""The daemon's named pipe, attacked by programs of the same user: it answers others and stops when told."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from life import Life, until

from posture.control.protocol import MAX_CLIENTS, MAX_LINE_BYTES, request_line

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "win32", reason="runs on Windows: .ci/windows")]
READ, WRITE = 0x80000000, 0x40000000


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    """A daemon that runs, for all attacks."""
    one = Life(tmp_path_factory.mktemp("pipe"))
    one.begin()
    yield one
    assert "has stopped" in one.run("stop")


@pytest.fixture
def name(life: Life) -> str:
    place = [line for line in life.run("doctor", code=None).splitlines() if "\\pipe\\" in line]
    return place[0].split()[-1] if place else _name(life)


def _name(life: Life) -> str:
    import subprocess

    asked = [sys.executable, "-c", "from posture.paths import pipe_name; print(pipe_name())"]
    return subprocess.run(asked, env=life.environment, text=True, capture_output=True, check=True).stdout.strip()


def opened(name: str, access: int = READ | WRITE) -> Any:
    import pywintypes
    import win32file

    def tried() -> Any:
        try:
            return win32file.CreateFile(name, access, 0, None, win32file.OPEN_EXISTING, 0, None)
        except pywintypes.error as error:
            if error.winerror == 231:  # all instances are busy: the next is being made
                return None
            raise

    return until(tried, "the pipe has a place", 20.0)


def refused(name: str, access: int) -> bool:
    import pywintypes

    try:
        opened(name, access).Close()
    except pywintypes.error:
        return True
    return False


def test_clients_that_say_nothing(life: Life, name: str) -> None:
    there = []
    for _ in range(2 * MAX_CLIENTS):
        with suppress(AssertionError):
            there.append(opened(name))
    assert len(there) >= MAX_CLIENTS
    until(lambda: "pid" in life.run("status", "--json", code=None), "it answers again")
    for handle in there:
        handle.Close()
    assert life.status()["pid"]


@pytest.mark.parametrize(
    "message",
    [b"", b"\0", b"{", b'{"v": 1, "do": "sta', b"\xff" * 100, b"x" * (MAX_LINE_BYTES + 1), b"[" * MAX_LINE_BYTES],
    ids=["empty", "a zero", "a half", "half a request", "no text", "too long", "deep"],
)
def test_messages_that_are_none(life: Life, name: str, message: bytes) -> None:
    import pywintypes
    import win32file

    handle = opened(name)
    with suppress(pywintypes.error):  # it may hang up at once
        win32file.WriteFile(handle, message)
    assert life.status()["pid"]
    handle.Close()
    assert life.status()["pid"]


def test_a_client_that_never_reads(life: Life, name: str) -> None:
    import win32file

    followers = [opened(name) for _ in range(4)]
    for handle in followers:
        win32file.WriteFile(handle, request_line("follow", {}))
    life.run("pause", "30m")
    life.run("resume")
    assert life.status()["pid"]
    for handle in followers:
        handle.Close()


def test_who_only_reads_learns_nothing(life: Life, name: str) -> None:
    import pywintypes
    import win32pipe

    if refused(name, READ):
        return
    handle = opened(name, READ)
    life.status()
    with suppress(pywintypes.error):  # it may have hung up
        assert win32pipe.PeekNamedPipe(handle, 0)[1] == 0
    handle.Close()
    assert life.status()["pid"]


def test_another_machine_is_refused(name: str) -> None:
    assert refused(name.replace("\\\\.\\", "\\\\localhost\\"), READ | WRITE)


def test_a_name_that_another_program_has_taken(tmp_path: Path) -> None:
    import win32pipe

    one = Life(tmp_path)
    squatted = win32pipe.CreateNamedPipe(_name(one), 3, 0, 255, 4096, 4096, 0, None)
    said = one.run("start", code=None)
    assert "started" not in said
    assert said.startswith("posture: Another program ")
    assert str(os.getpid()) in said or "sign out" in said
    assert said.count("\n") == 1  # one sentence
    assert "not running" in one.run("stop")
    squatted.Close()
    one.begin()
    one.run("stop")
