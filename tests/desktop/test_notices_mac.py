"""Reminders with buttons on macOS: the real process, over desktop-notifier and rubicon-objc that are played."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from posture.desktop import notices_mac, notify_osascript
from posture.desktop.notices import Button
from posture.desktop.notices_mac import MacNotices
from posture.desktop.notify_base import Delivery, NotifyError
from posture.desktop.notify_osascript import OsascriptService

FAKES = Path(__file__).parent / "fake_toasts"
SNOOZE = [Button("snooze", "In 10 min"), Button("less", "Less often")]


class PlainOnes:
    """Reminders without buttons."""

    def __init__(self) -> None:
        self.did: list[str] = []

    async def start(self) -> None:
        self.did.append("start")

    async def show(self, title: str, body: str, buttons: Sequence[Button] = ()) -> Delivery:
        self.did.append(f"show {title}")
        return Delivery("desktop", "plain")

    async def withdraw(self) -> None:
        self.did.append("withdraw")

    async def close(self) -> None:
        self.did.append("close")


class Rig:
    """A process that shows reminders, and what came of it."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self.plain_ones, self.pressed = PlainOnes(), list[str]()
        self.notices = MacNotices(self.plain_ones, self.pressed.append)

    @property
    def shown(self) -> list[Any]:
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    async def until(self, true: Callable[[], bool]) -> None:
        while not true():
            await asyncio.sleep(0.01)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Rig]:
    monkeypatch.syspath_prepend(str(FAKES))
    monkeypatch.setenv("PYTHONPATH", str(FAKES))
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "log"))
    (tmp_path / "log").touch()
    monkeypatch.setattr(notices_mac, "TIMEOUT_S", 60.0)

    def run(state: str, job: Callable[[Rig], Awaitable[None]]) -> Rig:
        monkeypatch.setenv("FAKE_MAC", state)
        rig = Rig(tmp_path / "log")

        async def whole() -> None:
            await rig.notices.start()
            try:
                await job(rig)
            finally:
                await rig.notices.close()

        asyncio.run(asyncio.wait_for(whole(), 120))
        return rig

    return run


def test_a_reminder_with_buttons_is_shown_replaced_and_withdrawn(run: Callable[..., Rig]) -> None:
    async def job(rig: Rig) -> None:
        await rig.until(lambda: rig.notices._state == "allowed")
        assert await rig.notices.show("Stand up\n now", "It is\ntime", SNOOZE) == Delivery("desktop")
        await rig.notices.show("press it", "", SNOOZE)
        await rig.notices.withdraw()
        await rig.notices.show("the last", "", ())

    rig = run("allowed", job)
    assert rig.shown == [
        ["shown", "Stand up now", "It is\ntime", ["In 10 min", "Less often"]],
        ["cleared", "1"],
        ["shown", "press it", "", ["In 10 min", "Less often"]],
        ["cleared", "2"],
        ["shown", "the last", "", []],
        ["cleared", "3"],  # when the daemon ends
    ]
    assert rig.pressed == ["snooze"]
    assert rig.plain_ones.did == ["start", "withdraw", "close"]


def test_what_the_user_has_refused_is_not_shown_by_another_way(run: Callable[..., Rig]) -> None:
    async def job(rig: Rig) -> None:
        await rig.until(lambda: rig.notices._state == "refused")
        found = await rig.notices.show("Stand up", "", SNOOZE)
        assert (found.via, "System Settings > Notifications" in found.note) == ("console", True)

    rig = run("refused", job)
    assert (rig.shown, rig.plain_ones.did) == ([], ["start", "close"])


@pytest.mark.parametrize("state", ["no app", "asks"])
def test_without_an_app_that_may_notify_there_are_no_buttons(run: Callable[..., Rig], state: str) -> None:
    async def job(rig: Rig) -> None:
        if state == "no app":
            assert rig.notices._reader is not None
            await rig.notices._reader
        assert (await rig.notices.show("Stand up", "", SNOOZE)).note == "plain"
        await rig.notices.withdraw()

    rig = run(state, job)
    assert (rig.shown, rig.plain_ones.did) == ([], ["start", "show Stand up", "withdraw", "close"])


def test_a_second_start_leaves_the_process_that_there_is(run: Callable[..., Rig]) -> None:
    async def job(rig: Rig) -> None:
        first = rig.notices._process
        await rig.notices.start()
        assert first is not None
        assert rig.notices._process is first

    run("no app", job)


def test_a_process_that_hangs_or_talks_nonsense_is_done_without(
    run: Callable[..., Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def job(rig: Rig) -> None:
        await rig.until(lambda: rig.notices._state == "allowed")
        monkeypatch.setattr(notices_mac, "TIMEOUT_S", 0.01)
        assert (await rig.notices.show("freeze", "", SNOOZE)).note == "plain"
        monkeypatch.setattr(notices_mac, "TIMEOUT_S", 60.0)
        assert (await rig.notices.show("at once", "", SNOOZE)).note == "plain"  # it is not waited for again

    async def nonsense(rig: Rig) -> None:
        await rig.until(lambda: rig.notices._state == "allowed")
        await rig.notices.show("garbage", "", SNOOZE)
        await rig.until(lambda: rig.notices._state == "")
        assert (await rig.notices.show("after it", "", SNOOZE)).note == "plain"

    assert "show freeze" in run("allowed", job).plain_ones.did
    assert "show after it" in run("allowed", nonsense).plain_ones.did


def test_without_desktop_notifier(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices_mac.importlib.util, "find_spec", lambda _name: None)
    plain_ones = PlainOnes()

    async def job() -> None:
        notices = MacNotices(plain_ones, lambda key: None)
        await notices.start()
        await notices.show("Stand up", "", SNOOZE)
        await notices.close()

    asyncio.run(job())
    assert plain_ones.did == ["start", "show Stand up", "close"]


# -- osascript --------------------------------------------------------------------------------------------------------


@pytest.fixture
def osascript(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program in its place that writes down its arguments; with "fail" among them it fails."""
    program = tmp_path / "osascript"
    program.write_text(
        f'#!/bin/sh\nfor word; do printf "%s\\0" "$word"; done > {tmp_path}/arguments\n'
        'case "$*" in *fail*) echo "not   allowed" >&2; exit 1;; *slow*) exec sleep 60;; esac\n'
    )
    program.chmod(0o755)
    monkeypatch.setattr(notify_osascript, "OSASCRIPT", str(program))
    return tmp_path / "arguments"


def test_texts_are_arguments_and_never_part_of_the_script(osascript: Path) -> None:
    OsascriptService(60.0).show('-e do shell script "id"', '" & quit & "\nin two lines')
    *script, title, body = osascript.read_text().split("\0")[:-1]
    assert script == ["-e", "on run argv", "-e", notify_osascript.SCRIPT[1], "-e", "end run"]
    assert title == '\u200b-e do shell script "id"'
    assert body == '" & quit & "\nin two lines'


def test_osascript_that_fails_hangs_or_is_missing(osascript: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert OsascriptService(60.0).probe() == "osascript"
    with pytest.raises(NotifyError, match=r"\(not allowed\)"):
        OsascriptService(60.0).show("fail", "")
    with pytest.raises(NotifyError, match="not answered"):
        OsascriptService(0.5).show("slow", "")
    monkeypatch.setattr(notify_osascript, "OSASCRIPT", "/no/such/osascript")
    with pytest.raises(NotifyError, match="could not be shown"):
        OsascriptService(60.0).show("Stand up", "")
