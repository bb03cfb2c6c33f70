"""What the daemon's parts do when facts come in: the real Service in this process, which watches nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from posture.coach.sentences import Facts
from posture.coach.state import Due
from posture.control.ends import Reply
from posture.control.protocol import parse_answer, request_line
from posture.daemon.helper_base import shown_commands
from posture.daemon.helper_shell import HelperShell
from posture.daemon.logs import Log
from posture.daemon.service import Service
from posture.errors import PostureError
from posture.monitor.live import Update
from posture.paths import memory_path


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("POSTURE_CONFIG", raising=False)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    opened = Log(tmp_path / "log")
    yield opened
    opened.close()


Job = Callable[[Service], Awaitable[None]]


def served(log: Log, tmp_path: Path, job: Job) -> None:
    """Run `job` with a service that has just started."""

    async def serve() -> None:
        shell = HelperShell(shown_commands(tmp_path / "report.html"))
        service = Service([], log, shell)
        service._session.remember()
        await job(service)
        shell.close()

    asyncio.run(serve())


async def ask(service: Service, command: str, **args: Any) -> dict[str, Any]:
    return parse_answer((await service._control.reply(request_line(command, args))).line)


async def borrow(service: Service, reason: str) -> Reply:
    return await service._control.reply(request_line("hold", {"reason": reason}))


def suspended(service: Service) -> tuple[str, ...]:
    """What the watch and its engine know of it."""
    assert service._watch.engine.suspended == bool(service._watch._suspended)
    return tuple(suspension.reason for suspension in service._watch._suspended)


def test_a_pause_that_cannot_be_kept_is_said_to_be_so_until_it_is(log: Log, tmp_path: Path) -> None:
    async def job(service: Service) -> None:
        memory_path().parent.mkdir(parents=True, exist_ok=True)
        memory_path().mkdir()  # as good as a full disk: nothing can be put in its place
        paused = await ask(service, "pause")
        assert paused["problems"] == [paused["not_kept"]]
        assert "will not last over a restart" in paused["not_kept"]
        memory_path().rmdir()
        service._session.pass_time(datetime.now(UTC))
        assert (await ask(service, "status"))["problems"] == []
        assert json.loads(memory_path().read_text())["paused"] is True

    served(log, tmp_path, job)


def test_a_pause_and_a_snooze_outlive_a_restart(log: Log, tmp_path: Path) -> None:
    async def before(service: Service) -> None:
        assert (await ask(service, "pause"))["state"] == "held off"
        assert json.loads(memory_path().read_text())["paused"] is True, "stored before the answer"
        assert memory_path().stat().st_mode & 0o777 == 0o600
        assert (await ask(service, "snooze", seconds=600))["snoozed"]["reason"] == "snoozed"

    async def after(service: Service) -> None:
        assert suspended(service) == ("paused",)
        quiet_s = service._watch.engine.coach.snoozed_until_s
        assert quiet_s is not None
        assert 590 < quiet_s - service._wall.seconds() <= 600
        status = await ask(service, "resume")
        assert (status["paused"], status["snoozed"], status["state"]) == (None, None, "starting")
        assert suspended(service) == ()
        assert service._watch.engine.coach.snoozed_until_s is None

    async def at_last(service: Service) -> None:
        assert suspended(service) == ()

    for job in (before, after, at_last):
        served(log, tmp_path, job)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"paused": true}', '{"paused": true, "paused_until": "soon"}'])
def test_a_damaged_memory_starts_anew(log: Log, tmp_path: Path, text: str) -> None:
    memory_path().parent.mkdir(parents=True)
    memory_path().write_text(text)

    async def job(service: Service) -> None:
        assert (await ask(service, "status"))["paused"] is None

    served(log, tmp_path, job)


def test_the_camera_comes_back_when_the_last_borrower_returns_it(log: Log, tmp_path: Path) -> None:
    async def job(service: Service) -> None:
        first, second = await borrow(service, "calibrating"), await borrow(service, "calibrating")
        named_paused = await borrow(service, "paused")
        assert suspended(service) == ("calibrating", "calibrating", "paused")
        assert first.release is not None
        first.release()
        assert suspended(service) == ("calibrating", "paused")
        await ask(service, "pause")
        assert named_paused.release is not None
        named_paused.release()
        assert (await ask(service, "status"))["paused"] == {"until": None}
        await ask(service, "resume")
        assert suspended(service) == ("calibrating",)
        service._watch._changed.clear()
        assert second.release is not None
        second.release()
        assert suspended(service) == ()
        assert service._watch._changed.is_set(), "the sensor is started anew"

    served(log, tmp_path, job)


def test_what_the_screen_does(log: Log, tmp_path: Path) -> None:
    async def job(service: Service) -> None:
        service._on_session("locked")
        assert suspended(service) == (), "the camera looks on for a while"
        service._on_session("sleeping")
        await ask(service, "pause", until=(datetime.now(UTC) - timedelta(seconds=1)).isoformat())
        assert suspended(service) == ("the screen is locked", "asleep", "paused")
        service._session.pass_time(datetime.now(UTC))
        assert suspended(service) == ("the screen is locked", "asleep"), "the pause is over, the lock is not"
        service._on_session("awake")
        assert (await ask(service, "status"))["reason"] == "the screen is locked"
        service._desktop.desktop.session.locked = True
        await ask(service, "resume")
        assert suspended(service) == ()
        assert not service._desktop.desktop.session.locked, "the next lock is heard as a change"

    served(log, tmp_path, job)


def test_standing_ends_when_the_engine_says_so(log: Log, tmp_path: Path) -> None:
    async def job(service: Service) -> None:
        assert (await ask(service, "standing"))["standing"] is True
        assert service._watch.engine.standing
        service._watch.engine.stand(False)  # as after a break
        assert (await ask(service, "standing", on=True))["standing"] is True
        assert service._watch.engine.standing
        service._watch.engine.stand(False)
        service._on_update(Update(1.0, camera="in use", sentence="Another program has it."))
        status = await ask(service, "status")
        assert status["standing"] is False
        assert status["camera"] == {"state": "in use", "name": "", "sentence": "Another program has it."}

    served(log, tmp_path, job)


@pytest.mark.parametrize(
    ("command", "args", "why"),
    [
        ("pause", {"until": "soon"}, "'soon' is not a time"),
        ("pause", {"until": [1]}, "A list is not a time"),
        ("snooze", {"seconds": -1}, "up to seven days"),
        ("snooze", {"seconds": 7 * 86400 + 1}, "up to seven days"),
        ("snooze", {"seconds": "x"}, "up to seven days"),
        ("fly", {}, "does not know 'fly'"),
    ],
)
def test_what_is_refused_says_why(log: Log, tmp_path: Path, command: str, args: dict[str, Any], why: str) -> None:
    async def job(service: Service) -> None:
        with pytest.raises(PostureError, match=why):
            await ask(service, command, **args)
        assert service._session.state == type(service._session.state)()

    served(log, tmp_path, job)


def test_a_changed_file_is_applied_and_a_broken_one_refused(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "posture/settings.toml"

    async def job(service: Service) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_text("coach.snooze = '5m'\n")
        await ask(service, "reload")
        assert service._settings.present.coach.snooze_s == 300.0
        path.write_text("coach.snooze = 'never'\n")
        with pytest.raises(PostureError, match="line 1"):
            await ask(service, "reload")
        assert service._settings.present.coach.snooze_s == 300.0
        (problem,) = (await ask(service, "status"))["problems"]
        assert "never" in problem
        path.unlink()
        assert (await ask(service, "reload"))["problems"] == []

    served(log, tmp_path, job)


def test_no_reminder_comes_behind_a_locked_screen_while_the_camera_looks_on(log: Log, tmp_path: Path) -> None:
    async def job(service: Service) -> None:
        service._on_session("locked")
        engine = service._watch.engine
        assert engine._context(0.0).waiting == "the screen is locked"
        due = Due("stand", 0.0, 0.0, Facts(1800.0, 1800.0, "sitting"))
        await service._reminders.prepare(service._settings.present, 0.0, due, elsewhere="the screen is locked")
        assert service._reminders.waiting == "the screen is locked"
        assert engine._context(0.0).waiting == "the screen is locked"

    served(log, tmp_path, job)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 200_000,
        '{"paused":' * 200_000,
        "{" + '"a": 1, ' * 1000,
        "",
        "null",
        "[]",
        '"x"',
        "1e999",
        '{"paused": NaN}',
        '{"paused": {"until": 5}}',
        '{"snooze": "until"}',
        "\0" * 500,
        "\udcff",
    ],
)
def test_a_memory_that_cannot_be_read_is_said_and_the_daemon_starts(text: str, log: Log, tmp_path: Path) -> None:
    memory_path().parent.mkdir(parents=True, exist_ok=True)
    memory_path().write_bytes(text.encode("utf-8", "surrogateescape"))

    async def job(service: Service) -> None:
        assert not service._session.state.paused
        await ask(service, "pause")
        assert json.loads(memory_path().read_text())  # and is whole again

    served(log, tmp_path, job)


def test_a_memory_with_a_mark_is_read(log: Log, tmp_path: Path) -> None:
    async def pause(service: Service) -> None:
        await ask(service, "pause")

    served(log, tmp_path, pause)
    memory_path().write_text(memory_path().read_text(), encoding="utf-8-sig")

    async def look(service: Service) -> None:
        assert service._session.state.paused

    served(log, tmp_path, look)
