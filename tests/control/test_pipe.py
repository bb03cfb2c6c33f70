"""The control channel of Windows, run over AF_UNIX: the same code and limits.

The named pipe itself exists only on Windows and is not tested here.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from private_session import until
from socket_place import Place, reached

from posture.control.channel import ControlServer
from posture.control.ends import Reply
from posture.control.pipe import PipeLink, PipeListener
from posture.control.protocol import BUSY, MAX_CLIENTS, MAX_FOLLOWERS, MAX_LINE_BYTES, VERSION, refusal, request_line
from posture.daemon.happenings import Happenings
from posture.errors import PostureError
from posture.link_socket import SocketLink
from posture.paths import pipe_name

PATIENCE_S = 20.0
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="AF_UNIX is needed")


class Served:
    """A server with a loop of its own in a thread."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lent: list[str] = []
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()
        self.listener = PipeListener(Place(name))
        self.happenings = Happenings()
        self.run(self.listener.start(ControlServer(self._handle, self._lend, self._follow).reply))

    def run(self, job: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(job, self.loop).result(PATIENCE_S)

    async def _handle(self, command: str, args: dict[str, Any]) -> dict[str, Any]:
        await asyncio.sleep(0)
        if command == "refuse":
            raise PostureError("Not today.")
        return {"did": command, "with": args}

    async def _follow(self, args: dict[str, Any]) -> Reply:
        return self.happenings.follow(args, 0)

    def _lend(self, reason: str) -> Any:
        self.lent.append(reason)
        return lambda: self.lent.remove(reason)

    def link(self) -> PipeLink:
        return PipeLink(reached(self.name), PATIENCE_S)

    def ask(self, line: bytes) -> dict[str, Any]:
        link = self.link()
        try:
            found = json.loads(link.exchange(line))
        finally:
            link.close()
        assert isinstance(found, dict)
        return found

    def end(self) -> None:
        self.run(self.listener.close())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE_S)
        self.loop.close()


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with tempfile.TemporaryDirectory(prefix="posture-") as folder:
        server = Served(str(Path(folder, "control")))
        yield server
        server.end()


def request(do: str, **args: Any) -> bytes:
    return json.dumps({"v": VERSION, "do": do, "args": args}).encode() + b"\n"


def test_requests_and_refusals(served: Served) -> None:
    assert served.ask(request("pause", until="x")) == {
        "v": VERSION,
        "ok": True,
        "result": {"did": "pause", "with": {"until": "x"}},
    }
    assert served.ask(request("refuse")) == {"v": VERSION, "ok": False, "error": "Not today."}
    assert "another release" in served.ask(b'{"v": 99, "do": "status"}\n')["error"]


@given(st.binary(min_size=1, max_size=300))
@settings(max_examples=50)
def test_whatever_is_sent_has_an_answer(served: Served, line: bytes) -> None:
    assert served.ask(line + b"\n")["v"] == VERSION


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (7,)


def test_nothing_is_unpickled(served: Served) -> None:
    assert served.ask(pickle.dumps(Bomb()) + b"\n")["error"].startswith("A request is one JSON object")


def test_a_line_too_long_and_a_silent_client_are_let_go(served: Served) -> None:
    silent, half, long = (reached(served.name) for _ in range(3))
    half.send(request("pause")[:-2])
    too_long = refusal(f"A request has at most {MAX_LINE_BYTES} bytes.")
    with contextlib.suppress(BrokenPipeError):  # it may be let go before all of it is sent
        long.send(b"x" * (MAX_LINE_BYTES + 1))
    assert served.ask(request("status"))["ok"], "others are answered meanwhile"
    for link in (long, silent, half):
        assert b"".join(iter(lambda: _some(link), b"")) in (b"", too_long if link is long else b"")  # noqa: B023
        link.close()


def test_who_does_not_read_holds_up_nobody(served: Served) -> None:
    deaf = [reached(served.name) for _ in range(3)]
    for link in deaf:
        link.send(request("pause"))
    assert served.ask(request("status"))["ok"]
    for link in deaf:
        link.close()
    until(lambda: _answered(served), "answers again")


def test_a_loan_ends_with_its_client_however_that_ends(served: Served) -> None:
    link = served.link()
    assert json.loads(link.exchange(request("hold", reason="calibrating")))["ok"]
    assert served.lent == ["calibrating"]
    link.close()
    until(lambda: not served.lent, "released")
    code = (
        "import socket, sys; from posture.control.pipe import PipeLink; from posture.link_socket import SocketLink;"
        "reached = socket.socket(socket.AF_UNIX); reached.connect(sys.argv[1]);"
        "link = PipeLink(SocketLink(reached), 20);"
        "link.exchange(sys.argv[2].encode()); print('lent', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, served.name, request("hold", reason="preview").decode()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as borrower:
        assert borrower.stdout is not None
        assert borrower.stdout.readline() == "lent\n"
        assert served.lent == ["preview"]
        borrower.kill()
    until(lambda: not served.lent, "released after a kill")


def test_too_many_clients_do_not_end_it(served: Served) -> None:
    borrowers: list[PipeLink] = []

    def lent() -> bool:
        link = served.link()
        if not json.loads(link.exchange(request("hold", reason=str(len(borrowers)))))["ok"]:
            link.close()  # the clients of the test before have not all left
            return False
        borrowers.append(link)
        return True

    for _ in range(MAX_CLIENTS):
        until(lent, "a place is free")
    one_more = served.link()
    assert json.loads(one_more.exchange(request("status")))["error"] == BUSY
    one_more.close()
    for link in borrowers:
        link.close()
    until(lambda: not served.lent, "all released")
    # A place is free a moment after its client has left.
    until(lambda: _answered(served), "answers again")


def _some(link: SocketLink) -> bytes:
    try:
        return link.receive(4096, PATIENCE_S)
    except EOFError:
        return b""


def _answered(served: Served) -> bool:
    try:
        return bool(served.ask(request("status"))["ok"])
    except (ValueError, OSError):
        return False


def test_one_name_has_one_listener_and_closing_frees_it(served: Served, tmp_path: Path) -> None:
    with pytest.raises(PostureError, match="another program"):
        Served.run(served, PipeListener(Place(served.name)).start(ControlServer(served._handle, served._lend).reply))
    name = str(tmp_path / "control")
    for _ in range(2):
        server = Served(name)
        assert server.ask(request("status"))["ok"]
        server.end()
        until(lambda: not Path(name).exists(), "the name is free")
    with pytest.raises((FileNotFoundError, ConnectionRefusedError)):
        reached(name)


def test_each_user_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = set()
    for folder in ("a", "b"):
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / folder))
        names.add(pipe_name())
        assert pipe_name().startswith("\\\\.\\pipe\\posture-")
    assert len(names) == 2


def test_what_happens_is_told_until_the_end(served: Served) -> None:
    link = served.link()
    lines = link.follow(request_line("events", {"recent": 0}))
    assert json.loads(next(lines))["result"] == {"status": {"recent": 0}, "recent": []}
    served.loop.call_soon_threadsafe(served.happenings.tell, {"event": "x"})
    assert json.loads(next(lines)) == {"event": "x"}
    served.run(served.happenings.end())
    assert [json.loads(line)["event"] for line in lines] == ["stopped"]
    link.close()


def test_followers_that_do_not_read_hold_up_nobody(served: Served) -> None:
    """As many as there may be; the event loop lends its few threads to all of the daemon."""
    deaf = [reached(served.name) for _ in range(MAX_FOLLOWERS)]
    for link in deaf:
        link.send(request_line("events", {"recent": 0}))
        assert link.receive(4096, PATIENCE_S)
    threads = concurrent.futures.ThreadPoolExecutor(2)
    served.loop.call_soon_threadsafe(served.loop.set_default_executor, threads)

    def held_up() -> bool:
        served.loop.call_soon_threadsafe(served.happenings.tell, {"event": "x" * 300_000})
        return all(len(follower._waiting) > 3 for follower in list(served.happenings._followers))

    until(held_up, "each has more than it takes")
    assert served.run(asyncio.to_thread(lambda: "done")) == "done"
    assert served.ask(request("status"))["ok"]
    for link in deaf:
        link.close()
    until(lambda: not served.happenings._followers, "all have left")
