"""More clients than the daemon serves at once are told that it is busy, over the socket and over the pipe."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from private_session import until
from socket_place import Place, reached

from posture.cli.main import main
from posture.control import channel, ends, protocol
from posture.control.channel import ControlServer
from posture.control.instance import SingleInstance
from posture.control.pipe import PipeLink, PipeListener
from posture.control.protocol import BUSY, MAX_CLIENTS, NotRunningError
from posture.control.unix import UnixLink, UnixListener
from posture.errors import PostureError
from posture.paths import LONGEST_SOCKET_BYTES, socket_path

PATIENCE_S = 60.0
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="AF_UNIX is needed")


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        monkeypatch.setenv("POSTURE_DATA", folder)
        yield Path(folder)


@pytest.fixture(params=["socket", "pipe"])
def link_to(
    request: pytest.FixtureRequest, short: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], ends.ControlLink]]:
    """Reach a daemon that answers any number of lines; its clients take as long as they like."""
    name = str(short / "pipe")
    monkeypatch.setattr("posture.control.unix.CLIENT_TIMEOUT_S", PATIENCE_S)
    monkeypatch.setattr("posture.control.pipe.CLIENT_TIMEOUT_S", PATIENCE_S)

    async def handle(command: str, args: dict[str, Any]) -> dict[str, Any]:
        return {"did": command}

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(job: Any) -> None:
        asyncio.run_coroutine_threadsafe(job, loop).result(PATIENCE_S)

    listener: ends.Listener = UnixListener() if request.param == "socket" else PipeListener(Place(name))
    run(listener.start(ControlServer(handle, lambda reason: lambda: None).reply))

    def link() -> ends.ControlLink:
        return UnixLink(PATIENCE_S) if request.param == "socket" else PipeLink(reached(name), PATIENCE_S)

    monkeypatch.setattr(channel, "connect", lambda timeout_s, path="": link())
    yield link
    run(listener.close())
    loop.call_soon_threadsafe(loop.stop)
    thread.join(PATIENCE_S)
    loop.close()


def test_one_more_client_than_there_are_places_is_told(link_to: Callable[[], ends.ControlLink]) -> None:
    with contextlib.ExitStack() as silent:
        for _ in range(MAX_CLIENTS):
            silent.enter_context(contextlib.closing(link_to()))
        for _ in range(3):
            with pytest.raises(PostureError) as told:
                channel.ask("status")
            assert str(told.value) == BUSY
    until(lambda: _answered(), "there is a place again")


def test_a_client_that_comes_late_reads_that_it_was_refused(link_to: Callable[[], ends.ControlLink]) -> None:
    with contextlib.ExitStack() as silent:
        for _ in range(MAX_CLIENTS):
            silent.enter_context(contextlib.closing(link_to()))
        late = silent.enter_context(contextlib.closing(link_to()))
        with pytest.raises(PostureError, match="too many programs"):
            channel.ask("status")  # served after the late one, so that one is refused by now
        assert b"too many programs" in late.exchange(protocol.request_line("status", {}))


def _answered() -> bool:
    try:
        return channel.ask("status") == {"did": "status"}
    except PostureError:
        return False


@contextlib.contextmanager
def _held_lock() -> Iterator[None]:
    """As a daemon holds it."""
    instance = SingleInstance()
    assert instance.take()
    yield
    instance.release()


def test_a_queue_that_is_full_is_busy_too(short: Path) -> None:
    with socket.socket(socket.AF_UNIX) as full, contextlib.ExitStack() as waiting:
        full.bind(str(socket_path()))
        full.listen(1)
        while True:
            link = waiting.enter_context(socket.socket(socket.AF_UNIX))
            link.setblocking(False)
            try:
                link.connect(str(socket_path()))
            except BlockingIOError:
                break
        with _held_lock(), pytest.raises(PostureError, match=r"busy|does not answer"):
            channel.ask("status", timeout_s=0.01)


@pytest.mark.parametrize("command", [["status"], ["start"], ["restart"], ["pause"]])
def test_a_program_that_has_taken_the_daemons_place_is_named(
    command: list[str], short: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(channel, "ANSWER_TIMEOUT_S", 0.01)
    monkeypatch.setattr(channel.ask, "__defaults__", (0.01,))
    with socket.socket(socket.AF_UNIX) as squatter:
        squatter.bind(str(socket_path()))
        squatter.listen()
        assert main(command) == 1
        told = capsys.readouterr()
        who = f"process {os.getpid()}" if sys.platform.startswith("linux") else "Another program"
        assert who in told.err
        assert "sign out" in told.err
        assert told.err.count("\n") == 1
        assert main(["stop"]) == 0
        assert capsys.readouterr().out == "posture is not running.\n"
        with _held_lock(), pytest.raises(PostureError, match="does not answer"):
            channel.ask("status", 0.01)


@pytest.mark.parametrize("command", [["status"], ["start"], ["pause"]])
def test_a_runtime_path_that_is_too_long_is_named(
    command: list[str], short: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    long = short / ("x" * 60) / ("y" * 60)
    long.mkdir(parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    assert main(command) == 1
    told = capsys.readouterr().err
    assert "set XDG_RUNTIME_DIR to a short path" in told
    assert told.count("\n") == 1


def test_the_longest_path_that_is_taken_works(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fits = LONGEST_SOCKET_BYTES - len(os.fsencode(short / "/posture/control".lstrip("/")))
    folder = short / ("x" * (fits - 1))
    folder.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    assert len(os.fsencode(socket_path())) == LONGEST_SOCKET_BYTES
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(socket_path()))
    socket_path().unlink()
    with pytest.raises(NotRunningError):
        channel.ask("status")
