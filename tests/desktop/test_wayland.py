"""What a Wayland compositor tells over its real socket, of idle time and full screen; and what a broken one can do."""

from __future__ import annotations

import asyncio
import struct
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from compositor import SEAT, Compositor, until_so
from hypothesis import given
from hypothesis import strategies as st

from posture.desktop import idle_wayland, wayland
from posture.desktop.idle_wayland import AGAIN, LATE_S, LISTEN_S, REST_S, WaylandIdle
from posture.desktop.quiet_toplevels import wayland_full_screen
from posture.desktop.wayland import Wayland, socket_path

if sys.platform == "win32":
    pytest.skip("Wayland is of Unix", allow_module_level=True)

PATIENCE_S = 45.0
TOPLEVELS = ("zwlr_foreign_toplevel_manager_v1", 3)
IDLE = ("ext_idle_notifier_v1", 2)


class Clock:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(idle_wayland, "now_s", found)
    return found


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the compositor of this session listens."""
    with tempfile.TemporaryDirectory(prefix="posture-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
        yield Path(folder, "wayland-9")


def run(job: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    async def bounded() -> Any:
        async with asyncio.timeout(PATIENCE_S):
            return await job()

    return asyncio.run(bounded())


@pytest.mark.parametrize(
    ("offered", "request_number"),
    [((("ext_idle_notifier_v1"), 2), 2), (("ext_idle_notifier_v1", 1), 1), (("org_kde_kwin_idle", 1), 0)],
)
def test_idle_time_is_told(path: Path, clock: Clock, offered: tuple[str, int], request_number: int) -> None:
    async def job() -> None:
        compositor, idle = Compositor([("wl_shm", 1), offered, SEAT]), WaylandIdle()
        await compositor.start(path)
        assert idle.idle_s() is None
        idle.begin()
        await until_so(lambda: compositor.asked)
        assert compositor.asked == [(request_number, 3000, 3)]
        assert idle.idle_s() is None, "nobody can know what was before"
        clock.now_s += REST_S + LATE_S
        assert idle.idle_s() == 0.0, "three seconds have passed, and it was not told"
        compositor.idle(0, seat=3)
        await until_so(lambda: idle.idle_s() == REST_S)
        clock.now_s += 7.0
        assert idle.idle_s() == REST_S + 7.0
        compositor.idle(1, seat=3)
        await until_so(lambda: idle.idle_s() == 0.0)
        idle.end()
        assert idle.idle_s() is None
        await until_so(lambda: not compositor.connected)
        await compositor.stop()

    run(job)


def test_seats_come_and_go(path: Path, clock: Clock) -> None:
    async def job() -> None:
        compositor, idle = Compositor([IDLE, SEAT]), WaylandIdle()
        await compositor.start(path)
        idle.begin()
        await until_so(lambda: compositor.asked)
        clock.now_s += 100.0
        compositor.idle(0, seat=2)
        await until_so(lambda: idle.idle_s() == REST_S)
        compositor.add(9, *SEAT)
        await until_so(lambda: len(compositor.asked) == 2)
        assert idle.idle_s() is None, "who is new may be typing"
        clock.now_s += REST_S + LATE_S
        assert idle.idle_s() == 0.0
        compositor.idle(0, seat=9)
        await until_so(lambda: idle.idle_s() == REST_S)
        compositor.remove(2)
        await until_so(lambda: compositor.destroyed == [2])
        clock.now_s += 5.0
        assert idle.idle_s() == REST_S + 5.0
        compositor.remove(9)
        await until_so(lambda: idle.idle_s() is None)
        idle.end()
        await compositor.stop()

    run(job)


def test_a_compositor_that_ends_is_found_again(path: Path, clock: Clock) -> None:
    async def job() -> None:
        first, idle = Compositor([IDLE, SEAT]), WaylandIdle()
        await first.start(path)
        idle.begin()
        await until_so(lambda: first.asked)
        clock.now_s += 100.0
        await first.stop()
        await until_so(lambda: idle.idle_s() is None)
        path.unlink(missing_ok=True)
        second = Compositor([IDLE, SEAT])
        await second.start(path)
        idle.begin()
        clock.now_s += AGAIN.first_s
        idle.begin()
        await until_so(lambda: second.asked)
        idle.end()
        await second.stop()

    run(job)


def test_where_nobody_tells_nobody_asks_again_at_once(
    path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[float] = []

    async def none() -> None:
        tried.append(clock.now_s)

    monkeypatch.setattr(idle_wayland, "connected", none)

    async def job() -> None:
        idle = WaylandIdle()
        for _ in range(20):
            idle.begin()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            clock.now_s += 2.0
        idle.end()

    run(job)
    assert len(tried) == 3, tried  # at once, after 10 s, and 20 s later


def test_it_is_listened_to_only_for_a_while(path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle_wayland, "LISTEN_S", 0.05)

    async def job() -> None:
        compositor, idle = Compositor([IDLE, SEAT]), WaylandIdle()
        await compositor.start(path)
        idle.begin()
        await until_so(lambda: compositor.connected)
        await until_so(lambda: not compositor.connected)
        assert idle.idle_s() is None
        await compositor.stop()

    run(job)
    assert LISTEN_S >= 45.0, "from before a reminder until it is due"


def test_full_screen(path: Path) -> None:
    def found(*windows: list[int], offered: tuple[str, int] = TOPLEVELS) -> object:
        async def job() -> bool:
            compositor = Compositor([SEAT, offered], windows)
            await compositor.start(path)
            try:
                return await wayland_full_screen()
            finally:
                await compositor.stop()
                path.unlink(missing_ok=True)

        return run(job)

    assert found([2, 3]) is True
    assert found([0, 1], [3], [3, 0, 2]) is True
    assert found([3], [2]) is False, "the one in use does not fill it"
    assert found() is False
    assert found([2, 3], offered=("another_manager", 1)) is False


def test_no_session(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(wayland_full_screen) is False, "nobody listens"
    for name in ("WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
        with monkeypatch.context() as patch:
            patch.delenv(name)
            assert socket_path() == ""
            assert run(wayland_full_screen) is False
    monkeypatch.setenv("WAYLAND_DISPLAY", "/" + 200 * "x")
    assert run(wayland_full_screen) is False, "a path that no socket can have"


def test_a_compositor_that_does_not_answer_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wayland, "TIMEOUT_S", 0.05)

    async def job() -> object:
        compositor = Compositor([])
        compositor.reads = False
        await compositor.start(path)
        try:
            return await wayland.connected()
        finally:
            await compositor.stop()

    assert run(job) is None


def test_nothing_piles_up_before_one_that_does_not_read(path: Path) -> None:
    async def job() -> None:
        compositor, lost = Compositor([]), asyncio.Event()
        await compositor.start(path)
        found = await Wayland.connect()
        compositor.reads = False
        found.lost = lost.set
        for _ in range(1_000_000):
            if lost.is_set():
                break
            found.new(1, 0)
            await asyncio.sleep(0)
        await lost.wait()
        await compositor.stop()

    run(job)


@given(st.lists(st.binary(max_size=64), max_size=8))
def test_garbage_ends_the_connection_and_nothing_else(pieces: list[bytes]) -> None:
    class Transport:
        aborted = False

        def abort(self) -> None:
            self.aborted = True

    found, transport = Wayland(), Transport()
    found._transport = transport  # type: ignore[assignment]
    found.hear(2, found._of_the_registry)
    for piece in pieces:
        found.data_received(piece)
        if transport.aborted:
            break
    # What it has kept of it is the beginning of one event at most.
    assert transport.aborted or len(found._unread) < wayland.MOST_MESSAGE_BYTES


@pytest.mark.parametrize(
    "event",
    [
        struct.pack("=II", 2, 4 << 16),
        struct.pack("=II", 2, 10 << 16) + b"\0\0",
        struct.pack("=II", 2, 8 << 16),
        struct.pack("=III", 2, 20 << 16, 7) + struct.pack("=II", 4000, 0),
        struct.pack("=II", 1, 8 << 16),
        200 * b"\xff",
    ],
)
def test_what_cannot_be_ends_it(path: Path, clock: Clock, event: bytes) -> None:
    async def job() -> None:
        compositor, idle = Compositor([IDLE, SEAT]), WaylandIdle()
        await compositor.start(path)
        idle.begin()
        await until_so(lambda: compositor.asked)
        clock.now_s += 100.0
        compositor.write(event)
        await until_so(lambda: idle.idle_s() is None)
        await compositor.stop()

    run(job)
