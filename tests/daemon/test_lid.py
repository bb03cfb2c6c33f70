"""A lid that is closed: the real service in this process, with its sensor, a logind of its own and a lid of files."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from private_session import DATA, EVER, Session

from posture.control.protocol import parse_answer, request_line
from posture.daemon.helper_base import shown_commands
from posture.daemon.helper_shell import HelperShell
from posture.daemon.logs import Log
from posture.daemon.service import Service
from posture.desktop.session_linux import lid_closed
from posture.history.store import Store
from posture.paths import history_path
from posture.settings import Settings

PATIENCE_S = 60.0
SETTINGS = f"""\
camera.source = "{DATA / "still.mp4"}"
cadence.look = "500ms"
timeline.presence_dwell = "500ms"
timeline.break_after = "10s"
timeline.effective_break = "20s"
pose.model = "lite"
desktop.notifications = false
"""


@pytest.mark.parametrize(
    ("states", "closed"),
    [
        ({}, False),
        ({"LID0": "state:      open"}, False),
        ({"LID0": "state:      closed"}, True),
        ({"LID": "state:      open", "LID0": "state:      closed"}, True),
    ],
)
def test_a_lid_is_closed_where_the_kernel_says_so(tmp_path: Path, states: dict[str, str], closed: bool) -> None:
    for name, state in states.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "state").write_text(state + "\n")
    (tmp_path / "LID9").mkdir()  # of which nothing is known
    assert lid_closed(tmp_path) is closed
    assert not lid_closed(tmp_path / "none")


@pytest.fixture
def folder(session: Session, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, place in session.env.items():
        if name.startswith("XDG_"):
            monkeypatch.setenv(name, place)
    monkeypatch.delenv("XDG_SESSION_ID", raising=False)
    monkeypatch.setenv("POSTURE_CONFIG", str(session.folder / "settings.toml"))
    monkeypatch.delenv("POSTURE_DATA", raising=False)
    (session.folder / "settings.toml").write_text(SETTINGS)
    return session.folder


@pytest.mark.parametrize(
    ("lid", "reason", "ended"),
    [("closed", "the lid is closed", True), pytest.param("open", "asleep", False, marks=pytest.mark.nightly)],
)
def test_asleep_with_the_lid_closed_is_a_break(folder: Path, lid: str, reason: str, ended: bool) -> None:
    state = folder / "lids/LID0/state"
    state.parent.mkdir(parents=True)
    state.write_text("state:      open\n")
    log = Log(folder / "log")

    async def serve() -> None:
        shell = HelperShell(shown_commands(folder / "report.html"))
        service = Service([], log, shell)
        session = service._desktop.desktop.session
        session._lids = folder / "lids"
        running = asyncio.create_task(service.run(lambda: None))

        async def until(job: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
            end_s = time.monotonic() + PATIENCE_S
            while True:
                found = parse_answer((await service._control.reply(request_line("status", {}))).line)
                if job(found):
                    return found
                assert time.monotonic() < end_s, found
                assert not running.done(), running
                await asyncio.sleep(0.1)

        try:
            await until(lambda found: found["state"] == "sitting" and not found["calibrating"])
            state.write_text(f"state:      {lid}\n")
            session._prepare_for_sleep(True)
            held = await until(lambda found: found["state"] == "held off" and found["sensor"]["pid"] is None)
            assert held["reason"] == reason
            closed_s = time.monotonic()
            await until(lambda found: (found["bout"] is None) if ended else time.monotonic() - closed_s > 13.0)
            state.write_text("state:      open\n")
            session._prepare_for_sleep(False)
            back = await until(lambda found: found["state"] == "sitting")
            assert not ended or back["bout"]["sitting_s"] < 10.0
        finally:
            service._stopped.set()
            await running
            shell.close()

    asyncio.run(serve())
    log.close()
    with Store(history_path(Settings()), read_only=True) as store:
        records = store.intervals(*EVER)
    bouts = sorted((record for record in records if record.kind == "bout"), key=lambda record: record.start)
    assert [bout.detail["ended_by"] for bout in bouts] == (["session", "end"] if ended else ["end"])
    (unknown,) = (record for record in records if record.detail.get("reason") == reason)
    assert unknown.detail["likely"] == ("left" if ended else "blind")
