"""An error in one job of the daemon ends neither it nor another: it is said, tried again, and said to be over."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from posture.control.protocol import parse_answer, request_line
from posture.daemon import supervisor, systemd
from posture.daemon.helper_base import shown_commands
from posture.daemon.helper_shell import HelperShell
from posture.daemon.logs import Log
from posture.daemon.service import Service
from posture.daemon.supervisor import AGAIN, Supervisor
from posture.daemon.watch_thread import STUCK_S
from posture.errors import PostureError
from posture.monitor.live import Update


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("POSTURE_CONFIG", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    opened = Log(tmp_path / "log")
    yield opened
    opened.close()


def logged(tmp_path: Path, event: str) -> list[str]:
    entries = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    return [entry["job"] for entry in entries if entry["event"] == event]


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Worker:
    """A step that counts how often it is done, and fails while it is told to."""

    def __init__(self) -> None:
        self.done = 0
        self.error: BaseException | None = None

    def __call__(self) -> None:
        self.done += 1
        if self.error is not None:
            raise self.error


ERRORS = (
    ValueError("{x"),
    PostureError("The disk is full."),
    KeyError("kind"),
    RecursionError(),
    MemoryError(),
    asyncio.CancelledError(),
    StopIteration(),
    OSError(28, "No space left on device"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"),
    type("Odd", (Exception,), {"__str__": lambda self: "\x1b[31m" * 500})(),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_step_that_fails_is_said_tried_later_each_time_and_well_again(
    log: Log, tmp_path: Path, error: BaseException
) -> None:
    async def run() -> None:
        clock, first, second, third = Clock(), Worker(), Worker(), Worker()
        jobs = Supervisor(log, clock)
        for name, step in (("one", first), ("two", second), ("three", third)):
            jobs.add(name, step)
        second.error = error
        await jobs.round()
        (problem,) = jobs.problems
        assert problem.startswith("posture failed at two (")
        assert len(problem) < 250
        tries_s = [clock.now_s]
        while clock.now_s < 1500.0:
            clock.now_s += 2.0
            before = second.done
            await jobs.round()
            if second.done > before:
                tries_s.append(clock.now_s)
        waits_s = [b - a for a, b in pairwise(tries_s)]
        assert waits_s[:4] == [2.0, 4.0, 8.0, 16.0]
        assert max(waits_s) == AGAIN.longest_s
        assert first.done == third.done == 751, "the others are done in each round"
        assert logged(tmp_path, "error") == ["two"], "once"
        second.error = None
        clock.now_s += AGAIN.longest_s
        await jobs.round()
        await jobs.round()
        assert jobs.problems == ()
        assert logged(tmp_path, "works again") == ["two"]

    asyncio.run(run())


def test_a_step_that_gets_stuck_is_given_up(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STEP_S", 0.01)

    async def run() -> None:
        jobs, other = Supervisor(log), Worker()

        async def stuck() -> None:
            await asyncio.Event().wait()

        jobs.add("waiting", stuck)
        jobs.add("working", other)
        await jobs.round()
        assert "posture failed at waiting (TimeoutError())" in jobs.problems[0]
        assert other.done == 1

    asyncio.run(run())


@pytest.mark.parametrize("how", ["raises", "returns", "cancels itself"])
def test_what_is_kept_is_begun_anew(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(supervisor, "AGAIN", supervisor.Backoff(0.001, 0.002))
    monkeypatch.setattr(supervisor, "WELL_S", 0.0)

    async def run() -> None:
        jobs, well, failed, begun = Supervisor(log), asyncio.Event(), asyncio.Event(), 0

        async def job() -> None:
            nonlocal begun
            begun += 1
            if begun < 4:
                failed.set()
                if how == "raises":
                    raise ValueError("no")
                if how == "cancels itself":
                    raise asyncio.CancelledError
                return
            well.set()
            await asyncio.Event().wait()

        jobs.keep("the link", job)
        await failed.wait()
        await asyncio.sleep(0)
        assert jobs.problems[0].startswith("posture failed at the link (")
        await well.wait()
        while jobs.problems:
            await asyncio.sleep(0)
        assert jobs.going
        await jobs.end()
        assert not jobs.going

    asyncio.run(run())
    assert set(logged(tmp_path, "error")) == {"the link"}


def test_a_single_job_that_fails_is_said_until_one_succeeds(log: Log) -> None:
    async def run() -> None:
        jobs, error = Supervisor(log), [ValueError("no")]

        async def notify() -> None:
            if error:
                raise error.pop()

        jobs.do(notify())
        while not jobs.problems:
            await asyncio.sleep(0)
        assert "posture failed at a task (notify) (ValueError('no'))" in jobs.problems[0]
        jobs.do(notify())
        while jobs.problems:
            await asyncio.sleep(0)

    asyncio.run(run())


# -- the daemon's own jobs ---------------------------------------------------------------------------------------------

Job = Callable[[Service, Clock], Awaitable[None]]
STEPS = (
    "keeping the time",
    "reading the settings",
    "staying within reach",
    "looking after the watch",
    "ending pauses",
    "minding the battery",
    "preparing reminders",
    "telling of the day",
    "checking the calibration",
    "telling of the calibration",
    "offering a calibration",
    "showing the state",
    "showing signals",
)


def served(log: Log, tmp_path: Path, job: Job) -> None:
    """Run `job` with a service that has just started and watches nothing."""

    async def serve() -> None:
        shell, clock = HelperShell(shown_commands(tmp_path / "report.html")), Clock()
        service = Service([], log, shell)
        service._supervisor._clock = clock
        for name, step in service._steps().items():
            service._supervisor.add(name, *step)
        await job(service, clock)
        await asyncio.sleep(0)
        await service._supervisor.end()
        shell.close()

    asyncio.run(serve())


async def ask(service: Service, command: str, **args: Any) -> dict[str, Any]:
    return parse_answer((await service._control.reply(request_line(command, args))).line)


async def problems(service: Service) -> list[str]:
    return [problem for problem in (await ask(service, "status"))["problems"] if "failed at" in problem]


def test_each_job_of_the_daemon_may_fail_in_turn(log: Log, tmp_path: Path) -> None:
    async def job(service: Service, clock: Clock) -> None:
        jobs = service._supervisor
        assert jobs.steps == STEPS
        await jobs.round()
        assert await problems(service) == []
        for step in jobs._steps:
            works, step.do = step.do, Worker()
            assert isinstance(step.do, Worker)
            step.do.error = ValueError("{x")
            others = [other for other in jobs._steps if other is not step]
            counted = [Worker() for _ in others]
            kept = [other.do for other in others]
            for other, worker in zip(others, counted, strict=True):
                other.do = worker
            await jobs.round()
            assert [worker.done for worker in counted] == [1] * len(others)
            for other, do in zip(others, kept, strict=True):
                other.do = do
            (said,) = await problems(service)
            assert said.startswith(f"posture failed at {step.name} (ValueError('{{x'))")
            step.do = works
            clock.now_s += AGAIN.longest_s
            await jobs.round()
            assert await problems(service) == [], step.name
        assert logged(tmp_path, "error") == list(STEPS)
        assert logged(tmp_path, "works again") == list(STEPS)

    served(log, tmp_path, job)


def test_what_each_job_uses_may_fail(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same from below: what the steps call raises, and all else goes on, so that a pause ends all the same."""

    def broken(*args: object, **kwargs: object) -> None:
        raise KeyError("a row")

    async def job(service: Service, clock: Clock) -> None:
        for place, name in (
            (service._settings, "reload"),
            (service._wall, "check"),
            (service._control, "renew"),
            (service._watch, "look_after"),
            (service._reminders, "prepare"),
            (service._day, "due_day"),
            (service._check, "refresh"),
            (service._desktop, "show"),
        ):
            with monkeypatch.context() as patch:
                patch.setattr(place, name, broken)
                for step in service._supervisor._steps:
                    if step.name == "looking after the watch" and name == "look_after":
                        patch.setattr(step, "do", broken)
                    if step.name in ("checking the calibration", "showing the state") and name in ("refresh", "show"):
                        patch.setattr(step, "do", getattr(place, name))
                clock.now_s += AGAIN.longest_s
                if name != "show":
                    await ask(service, "pause", until="2020-01-01T00:00:00+00:00")
                await service._supervisor.round()
                assert not service._session.state.paused
                assert service._supervisor.problems
            clock.now_s += AGAIN.longest_s
            await service._supervisor.round()
            assert service._supervisor.problems == (), name

    served(log, tmp_path, job)


def test_looks_buttons_and_commands_that_fail_are_said(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def job(service: Service, clock: Clock) -> None:
        heard = {
            "taking a look": service._watch._on_update,
            "doing what the menu asks for": service._desktop.desktop._ears.clicked,
            "doing what a button asks for": service._desktop.desktop._ears.pressed,
        }
        values: dict[str, Any] = {"taking a look": Update(1.0)}
        for name, call in heard.items():
            with monkeypatch.context() as patch:
                patch.setattr(service._session, "update_standing", lambda: 1 / 0)
                patch.setattr(log, "write", _only_failures(log))
                call(values.get(name, "standing"))
                await asyncio.sleep(0)
                assert any(f"failed at {name} (" in problem for problem in service._supervisor.problems), name
            call(values.get(name, "nothing"))
            await asyncio.sleep(0)
            assert service._supervisor.problems == (), name
        with monkeypatch.context() as patch:
            patch.setattr(service._session, "stand", lambda on: 1 / 0)
            with pytest.raises(PostureError, match=r"has failed at this \(ZeroDivisionError.*posture logs"):
                await ask(service, "standing", on=True)
            assert len(await problems(service)) == 1
        await ask(service, "standing", on=False)
        assert await problems(service) == []

    served(log, tmp_path, job)


def _only_failures(log: Log) -> Callable[..., None]:
    """The log, which is broken too, but for what the supervisor says."""
    write = log.write

    def written(event: str, **what: object) -> None:
        if event in ("clicked", "pressed"):
            raise OSError("no log")
        write(event, **what)

    return written


# -- the thread of the watch -------------------------------------------------------------------------------------------


def test_a_watch_that_has_ended_is_started_again(log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def job(service: Service, clock: Clock) -> None:
        watch = service._watch
        watch.look_after()  # it has not been started yet
        monkeypatch.setattr(type(watch), "_watch", lambda self, settings: self._changed.wait(0.01))
        watch._thread = threading.Thread(target=lambda: None)
        watch.start()
        watch._thread.join()
        await service._supervisor.round()
        assert any("the watch had ended, and is started again" in p for p in service._supervisor.problems)
        clock.now_s += AGAIN.longest_s
        await service._supervisor.round()
        assert service._supervisor.problems == ()
        assert watch.stop(5.0)

    served(log, tmp_path, job)


def test_a_watch_that_does_not_move_is_said_and_one_held_off_is_not(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def job(service: Service, clock: Clock) -> None:
        watch = service._watch
        watch._alive_s -= STUCK_S + 1.0
        assert watch.stuck
        await service._supervisor.round()
        assert any("no look has ended for 5 minutes" in problem for problem in service._supervisor.problems)
        await ask(service, "pause")
        assert not watch.stuck
        watch._alive_s -= STUCK_S + 1.0
        assert not watch.stuck, "nobody is to look"
        await ask(service, "resume")
        assert not watch.stuck, "it has only just begun"

    served(log, tmp_path, job)


# -- systemd -----------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["path", "abstract"])
def heard(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    if request.param == "abstract" and not sys.platform.startswith("linux"):
        pytest.skip("Linux alone has them")
    name = f"@posture-test-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "n")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as opened:
        opened.bind("\0" + name[1:] if name.startswith("@") else name)
        opened.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        yield opened


def states(opened: socket.socket) -> list[str]:
    found = []
    while True:
        try:
            found.append(opened.recv(4096).decode())
        except BlockingIOError:
            return found


def test_systemd_hears_that_the_daemon_lives_while_all_jobs_do(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, heard: socket.socket
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "120000000")
    monotonic = Clock()
    monkeypatch.setattr("posture.daemon.service.Watchdog", lambda: systemd.Watchdog(monotonic))

    async def job(service: Service, clock: Clock) -> None:
        rounds = 0

        def counted() -> None:
            nonlocal rounds
            rounds += 1

        service._supervisor.add("counting", counted)
        service._supervisor.keep("the rounds", service._rounds)

        async def some_rounds() -> list[str]:
            until = rounds + 3
            while rounds < until:
                service._stir()
                await asyncio.sleep(0)
            return states(heard)

        assert await some_rounds() == ["WATCHDOG=1"], "not with every round"
        monotonic.now_s += 30.0
        assert await some_rounds() == ["WATCHDOG=1"]
        monotonic.now_s += 30.0
        service._watch._alive_s -= STUCK_S + 1.0  # the watch no longer moves
        assert await some_rounds() == []
        service._watch._alive_s += STUCK_S + 1.0
        assert await some_rounds() == ["WATCHDOG=1"]
        ended = asyncio.get_running_loop().create_task(asyncio.sleep(0))
        await ended
        service._supervisor._kept.add(ended)
        monotonic.now_s += 30.0
        assert await some_rounds() == [], "a job that is kept has ended for good"

    served(log, tmp_path, job)


@pytest.mark.parametrize(
    ("usec", "pid", "expected"),
    [
        ("120000000", "", 120.0),
        ("120000000", "own", 120.0),
        ("120000000", "1", None),
        ("0", "", None),
        ("x", "", None),
        ("-5", "", None),
        (None, "", None),
    ],
)
def test_how_often_systemd_wants_to_hear(
    monkeypatch: pytest.MonkeyPatch, usec: str | None, pid: str, expected: float | None
) -> None:
    pid = str(os.getpid()) if pid == "own" else pid  # each worker has one of its own
    if usec is not None:
        monkeypatch.setenv("WATCHDOG_USEC", usec)
    monkeypatch.setenv("WATCHDOG_PID", pid)
    assert systemd.watchdog_s() == expected
