"""One process records a history and one daemon listens, from whatever terminal it was started; and it is found."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posture.control import channel
from posture.control.channel import ControlServer, UnreachableError, ask
from posture.control.instance import DAEMON, RUN, Holder, SingleInstance, daemon_holder, daemon_pid, recording_alone
from posture.control.protocol import NotRunningError, request_line
from posture.control.unix import UnixLink, UnixListener
from posture.errors import PostureError
from posture.guided.daemon_process import end_daemon
from posture.paths import lock_path, socket_path, spare_runtime_folder, store_lock_path
from posture.settings import HistorySettings, Settings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sockets and links of POSIX")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # A short path: that of a socket may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="posture-") as folder:
        for name in ("run", "data", "conf", "tmp"):
            Path(folder, name).mkdir(mode=0o700)
        monkeypatch.setenv("XDG_RUNTIME_DIR", f"{folder}/run")
        monkeypatch.setenv("XDG_DATA_HOME", f"{folder}/data")
        monkeypatch.setenv("XDG_CONFIG_HOME", f"{folder}/conf")
        monkeypatch.setattr(tempfile, "tempdir", f"{folder}/tmp")
        for name in ("POSTURE_DATA", "POSTURE_CONFIG"):
            monkeypatch.delenv(name, raising=False)
        yield Path(folder)


def elsewhere(folder: Path) -> Settings:
    return replace(Settings(), history=HistorySettings(folder=str(folder)))


# -- one that records --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [DAEMON, RUN])
@pytest.mark.parametrize("runtime", ["same", "other", "none"])
def test_one_history_has_one_that_records(monkeypatch: pytest.MonkeyPatch, home: Path, runtime: str, who: str) -> None:
    first = SingleInstance(who=who)
    assert first.take()
    if runtime == "other":
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "tmp"))
    elif runtime == "none":  # as in a login over ssh
        monkeypatch.delenv("XDG_RUNTIME_DIR")
    second = SingleInstance(who=who)
    assert not second.take()
    assert second.other is not None
    assert (second.other.pid, second.other.who) == (os.getpid(), who)
    assert daemon_pid() == (os.getpid() if who == DAEMON else None)
    second.release()
    first.release()
    assert daemon_pid() is None
    assert second.take()
    second.release()


@pytest.mark.parametrize("link", ["folder", "file"])
def test_a_history_by_another_name_is_the_same(home: Path, link: str) -> None:
    first = SingleInstance(elsewhere(home / "data"), RUN)
    assert first.take()
    if link == "folder":
        (home / "alias").symlink_to(home / "data")
    else:
        (home / "alias").mkdir()
        (home / "data/history.sqlite3").touch()
        (home / "alias/history.sqlite3").symlink_to(home / "data/history.sqlite3")
    assert not SingleInstance(elsewhere(home / "alias"), RUN).take()
    first.release()


def test_a_terminal_that_records_is_named() -> None:
    with recording_alone(Settings()):
        daemon = SingleInstance()
        assert not daemon.take()
        assert daemon.other is not None
        assert daemon.other.who == RUN
        assert daemon_pid() is None, "what watches in a terminal is no daemon, and is not stopped like one"
        with pytest.raises(PostureError, match=f"watches in another terminal .process {os.getpid()}.: end it there"):
            recording_alone(Settings()).__enter__()
    assert daemon.take()
    with recording_alone(Settings()):
        assert daemon.keep(Settings()), "it lends the camera"
        daemon.release()  # as by posture restart
        assert not SingleInstance().take()
        with pytest.raises(PostureError, match="end it there"):
            recording_alone(Settings()).__enter__()


def test_nothing_is_left_of_locks(home: Path) -> None:
    instance = SingleInstance()
    assert instance.take()
    instance.release()
    assert not [path for path in home.rglob("*") if path.is_file()]


def test_a_place_where_no_lock_can_be_made_is_no_obstacle(home: Path) -> None:
    (home / "file").touch()
    instance = SingleInstance(elsewhere(home / "file"))
    assert instance.take()
    assert not SingleInstance(elsewhere(home / "file")).take(), "there is the one of the runtime folder"
    instance.release()


@pytest.mark.parametrize("place", [lock_path, lambda: store_lock_path(Settings())])
def test_a_lock_follows_no_link(home: Path, place: Callable[[], Path]) -> None:
    precious = home / "precious"
    precious.write_text("precious")
    place().parent.mkdir(exist_ok=True)
    place().symlink_to(precious)
    assert daemon_pid() is None
    instance = SingleInstance()
    assert instance.take()
    assert precious.read_text() == "precious"
    instance.release()


# -- what is removed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("removed", ["run/posture", "data/posture", "run/posture/lock", "data/posture/.posture.lock"])
def test_a_lock_that_is_removed_is_made_anew(home: Path, removed: str) -> None:
    first = SingleInstance()
    assert first.take()
    path = home / removed
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert not SingleInstance().take(), "the other lock still holds"
    assert first.keep(Settings(), "here")
    assert (home / removed).exists()
    found = daemon_holder()
    assert found is not None
    assert (found.pid, found.socket) == (os.getpid(), "here")
    first.release()


def test_who_comes_too_late_knows_it() -> None:
    first, second = SingleInstance(), SingleInstance()
    assert first.take()
    lock_path().unlink()
    store_lock_path(Settings()).unlink()
    assert second.take()
    assert not first.keep(Settings())
    assert second.keep(Settings())
    first.release()
    assert daemon_pid() == os.getpid()
    second.release()


def test_the_lock_follows_the_history(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = SingleInstance()
    assert instance.take()
    assert instance.keep(elsewhere(home / "other"))
    assert not store_lock_path(Settings()).exists()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "tmp"))
    assert not SingleInstance(elsewhere(home / "other")).take()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
    instance.release()


def test_the_lock_of_a_terminal_is_made_anew(home: Path) -> None:
    with recording_alone(Settings()) as keep:
        shutil.rmtree(home / "data/posture")
        assert keep()
        assert not SingleInstance().take()


@pytest.mark.parametrize("text", ["", "x", "-1", "0", "1", "9" * 5000, "\udce4", "12 34", "²"])
def test_a_lock_that_does_not_say_who_names_nobody(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posture.control.instance._STEP_S", 0.0)
    instance = SingleInstance()
    assert instance.take()
    for path in (lock_path(), store_lock_path(Settings())):
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    found = daemon_holder()
    assert found is None or found.pid > 1
    instance.release()


def test_the_lock_of_an_older_release_is_read() -> None:
    instance = SingleInstance()
    assert instance.take()
    lock_path().write_text(str(os.getpid()))
    assert daemon_holder() == Holder(lock_path(), os.getpid())
    instance.release()


# -- the channel -------------------------------------------------------------------------------------------------------


async def answered(command: str, args: dict[str, object]) -> dict[str, object]:
    return {"did": command}


def serving(job: Callable[[ControlServer, SingleInstance, list[str]], Awaitable[None]]) -> None:
    """Run `job` with a daemon's server and its locks."""

    async def serve() -> None:
        lent: list[str] = []

        def lend(reason: str) -> Callable[[], None]:
            lent.append(reason)
            return lambda: lent.remove(reason)

        instance = SingleInstance()
        assert instance.take()
        server = ControlServer(answered, lend)
        await server.start()
        assert instance.keep(Settings(), server.place)
        try:
            await job(server, instance, lent)
        finally:
            await server.close()
            instance.release()

    asyncio.run(serve())


@pytest.mark.parametrize("removed", ["run/posture/control", "run/posture", "run"])
def test_the_channel_is_made_anew_and_a_loan_outlives_it(home: Path, removed: str) -> None:
    async def job(server: ControlServer, instance: SingleInstance, lent: list[str]) -> None:
        borrower = UnixLink(3.0)
        await asyncio.to_thread(borrower.exchange, request_line("hold", {"reason": "calibrating"}))
        assert not await server.renew()
        path = home / removed
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        with pytest.raises(FileNotFoundError):
            UnixLink(3.0)
        assert await server.renew()
        assert instance.keep(Settings(), server.place)
        assert not await server.renew()
        assert (await asyncio.to_thread(ask, "status")) == {"did": "status"}
        assert lent == ["calibrating"]
        borrower.close()
        while lent:
            await asyncio.sleep(0)

    serving(job)


def test_without_the_folder_of_the_login_it_is_still_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def job(server: ControlServer, instance: SingleInstance, lent: list[str]) -> None:
        # Nobody but root can make /run/user/1000 again after a logout.
        shutil.rmtree(home / "run")
        (home / "run").touch()
        assert await server.renew()
        assert server.place == str(spare_runtime_folder() / "control")
        assert instance.keep(Settings(), server.place)
        assert (await asyncio.to_thread(ask, "status")) == {"did": "status"}
        (home / "run").unlink()
        (home / "run").mkdir(mode=0o700)  # the next login
        assert (await asyncio.to_thread(ask, "status")) == {"did": "status"}
        assert instance.keep(Settings(), server.place)

    serving(job)


def test_a_login_without_a_runtime_folder_reaches_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def job(server: ControlServer, instance: SingleInstance, lent: list[str]) -> None:
        monkeypatch.delenv("XDG_RUNTIME_DIR")
        assert (await asyncio.to_thread(ask, "status")) == {"did": "status"}

    serving(job)


def test_the_socket_of_another_daemon_is_not_removed(home: Path) -> None:
    async def run() -> None:
        first, second = UnixListener(), UnixListener()
        await first.start(lambda line: asyncio.sleep(0))  # type: ignore[arg-type]
        await second.start(lambda line: asyncio.sleep(0))  # type: ignore[arg-type]
        await first.close()
        assert socket_path().exists()
        await second.close()
        assert not socket_path().exists()

    asyncio.run(run())


def test_what_runs_and_cannot_be_reached_is_never_not_running(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "REMADE_S", 0.0)
    with pytest.raises(NotRunningError):
        ask("status")
    instance = SingleInstance()
    assert instance.take()
    with pytest.raises(UnreachableError, match=rf"process {os.getpid()}.* cannot be reached: run posture restart"):
        ask("status")
    instance.release()


@pytest.mark.slow
@pytest.mark.parametrize("polite", [True, False])
def test_stop_ends_what_cannot_be_reached(monkeypatch: pytest.MonkeyPatch, polite: bool) -> None:
    monkeypatch.setattr(channel, "REMADE_S", 0.0)
    monkeypatch.setattr("posture.guided.daemon_process.STOP_TIMEOUT_S", 0.3)
    assert not end_daemon()
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" if not polite else ""
    text = "from posture.control.instance import SingleInstance as I; i = I(); print(i.take(), flush=True); input()"
    daemon = subprocess.Popen([sys.executable, "-c", deaf + text], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert daemon.stdout is not None
    assert daemon.stdout.readline() == b"True\n"
    assert end_daemon()
    assert daemon.wait(10) != 0
    daemon.communicate()
