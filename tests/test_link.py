"""Links between processes of ours, and children that are started with them."""

from __future__ import annotations

import sys
import threading

import pytest

from posture import child
from posture.child import started
from posture.link import Link, WakeUp, pair, reader, wait, writer
from posture.own_command import own_environment

PATIENCE_S = 60.0
ECHO = """
import sys
from posture.link import handed, reader, writer
link = handed(sys.argv[1])
with reader(link) as read, writer(link) as write:
    for line in read:
        write.write(sys.argv[2].encode() + b" " + line)
        write.flush()
"""


@pytest.fixture
def ends() -> tuple[Link, Link]:
    return pair()


def test_bytes_arrive_whole_and_in_order(ends: tuple[Link, Link]) -> None:
    one, other = ends
    sent = bytes(range(256)) * 8000
    thread = threading.Thread(target=lambda: (one.send(sent, PATIENCE_S), one.close()))
    thread.start()
    found = bytearray(len(sent))
    view = memoryview(found)
    while view:
        view = view[other.receive_into(view, PATIENCE_S) :]
    assert found == sent
    with pytest.raises(EOFError):
        other.receive(1, PATIENCE_S)
    thread.join()


def test_nobody_waits_longer_than_he_says(ends: tuple[Link, Link]) -> None:
    one, other = ends
    with pytest.raises(TimeoutError):
        one.receive(1, 0.0)
    with pytest.raises(TimeoutError):
        one.receive(1, 0.01)
    with pytest.raises(TimeoutError):
        one.send(b"x" * 50_000_000, 0.01)
    other.close()
    with pytest.raises(OSError):  # noqa: PT011 - which one differs between systems
        one.send(b"x")


@pytest.mark.skipif(sys.platform == "win32", reason="links are no sockets there")
def test_each_direction_has_a_time_limit_of_its_own() -> None:
    """The socket has none, for it would be that of the other direction as well, in which another thread waits."""
    from posture import link_socket

    one, other = link_socket.pair()
    other.send(b"x", 5.0)
    assert one.receive(1, 5.0) == b"x"
    for limited in (lambda: one.receive(1, 0.0), lambda: one.send(b"x" * 50_000_000, 0.01)):
        with pytest.raises(TimeoutError):
            limited()
    assert [one.socket.gettimeout(), other.socket.gettimeout()] == [None, None]


def test_whatever_comes_first_ends_a_wait(ends: tuple[Link, Link]) -> None:
    one, other = ends
    wake = WakeUp()
    assert wait([one, wake], 0.0) == []
    other.send(b"x")
    assert wait([one, wake], PATIENCE_S) == [one]
    assert one.receive(5) == b"x"
    wake()
    wake()
    assert wait([one, wake], PATIENCE_S) == [wake]
    wake.clear()
    assert wait([one, wake], 0.0) == []
    other.close()
    assert wait([one, wake], PATIENCE_S) == [one]
    with pytest.raises(EOFError):
        one.receive(1)
    wake.close()


def test_hanging_up_ends_what_another_thread_waits_for(ends: tuple[Link, Link]) -> None:
    one, other = ends
    heard: list[str] = []

    def listen() -> None:
        try:
            one.receive(1)
        except EOFError:
            heard.append("the end")

    thread = threading.Thread(target=listen)
    thread.start()
    one.hang_up()
    thread.join(PATIENCE_S)
    assert heard == ["the end"]
    with pytest.raises(EOFError):
        other.receive(1, PATIENCE_S)


def test_a_child_uses_the_link_that_it_was_handed() -> None:
    ours, theirs = pair()
    process = started([sys.executable, "-c", ECHO], ["heard"], [theirs], env=own_environment(), stdout=None)
    theirs.close()
    with writer(ours) as write, reader(ours) as read:
        write.write(b"a line\nand another\n")
        write.flush()
        assert [read.readline(), read.readline()] == [b"heard a line\n", b"heard and another\n"]
    ours.close()
    assert process.wait(PATIENCE_S) == 0


def test_a_child_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "END_S", 0.2)
    endless = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    monkeypatch.setattr(child, "own_command", lambda module: [sys.executable, "-c", endless])
    for ask in (True, False):
        one = child.Child("any")
        assert one.running
        assert not one.wait(0.0)
        one.end(ask=ask)
        assert not one.running
        one.end()
