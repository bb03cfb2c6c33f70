"""On battery: the watch looks less often, pauses by itself, or does neither, as `camera.on_battery` says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posture.control.protocol import parse_answer, request_line
from posture.daemon.helper_base import shown_commands
from posture.daemon.helper_shell import HelperShell
from posture.daemon.logs import Log
from posture.daemon.power import BATTERY_S, Power
from posture.daemon.service import Service
from posture.daemon.session_state import BATTERY, PAUSED, BatteryPauses, PauseAsked, ResumeAsked, SessionState, step
from posture.daemon.status import Status
from posture.daemon.status_text import headline, status_lines
from posture.daemon.tray_menu import icon_of, tray_state
from posture.settings import Settings


def settings_with(effect: str) -> Settings:
    return replace(Settings(), camera=replace(Settings().camera, on_battery=effect))


class Machine:
    """What a machine runs on, and what time it is."""

    def __init__(self) -> None:
        self.on_battery: bool | None = False
        self.now_s, self.asked = 0.0, 0

    def ask(self) -> bool | None:
        self.asked += 1
        return self.on_battery

    def power(self, effect: str) -> Power:
        return Power(lambda: settings_with(effect), self.ask, lambda: self.now_s)


@pytest.mark.parametrize("effect", ["slower", "pause", "same"])
def test_the_machine_is_asked_now_and_then(effect: str) -> None:
    machine = Machine()
    power = machine.power(effect)
    assert power.effect == ""
    machine.on_battery = True
    machine.now_s += BATTERY_S - 1.0
    assert not power.on_battery()
    assert machine.asked == 1
    machine.now_s += 1.0
    assert power.on_battery()
    assert power.effect == effect
    machine.on_battery, machine.now_s = None, 2.0 * BATTERY_S
    assert power.effect == "", "it has none"
    assert machine.asked == 3
    machine.on_battery = True
    power.forget()
    assert power.on_battery()
    assert (power.due_in_s == BATTERY_S) == (effect == "pause"), "nobody is woken for it otherwise"


def test_a_pause_on_battery_is_none_of_the_users() -> None:
    state, effects = step(SessionState(), BatteryPauses(True))
    assert state.suspended == (BATTERY,)
    assert effects
    assert not state.paused
    assert state.cause == "blind", "what the user does meanwhile is not known"
    assert not state.user_is_elsewhere
    assert step(state, BatteryPauses(True)) == (state, ())
    state = step(step(state, PauseAsked())[0], BatteryPauses(False))[0]
    assert state.suspended == (PAUSED,), "plugging in ends no other pause"
    state = step(step(state, BatteryPauses(True))[0], ResumeAsked())[0]
    assert state.suspended == (BATTERY,)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("POSTURE_CONFIG", raising=False)
    opened = Log(tmp_path / "log")
    yield opened
    opened.close()


def status_on(log: Log, tmp_path: Path, effect: str, unplugged: tuple[bool, ...]) -> list[Status]:
    """The status of a daemon that watches nothing, one after another, while the machine is plugged in or is not."""

    async def serve() -> list[Status]:
        shell, machine = HelperShell(shown_commands(tmp_path / "report.html")), Machine()
        service = Service([f"camera.on_battery={effect}"], log, shell)
        service._power = machine.power(effect)
        for name, one in service._steps().items():
            service._supervisor.add(name, *one)
        found = []
        for machine.on_battery in unplugged:
            machine.now_s += BATTERY_S
            await service._supervisor.round()
            answer: dict[str, Any] = parse_answer((await service._control.reply(request_line("status", {}))).line)
            assert service._watch.suspended == (answer["state"] == "held off")
            found.append(Status.from_json(answer))
        await service._supervisor.end()
        shell.close()
        return found

    return asyncio.run(serve())


def test_it_pauses_by_itself_on_battery_and_says_so(log: Log, tmp_path: Path) -> None:
    plugged, unplugged, again = status_on(log, tmp_path, "pause", (False, True, False))
    assert plugged.state == again.state == "starting"
    assert plugged.battery == again.battery == ""
    assert (unplugged.state, unplugged.reason, unplugged.battery) == ("held off", "on battery", "pause")
    assert unplugged.paused is None
    assert headline(unplugged) == "Not watching: on battery"
    assert "  On battery it does not watch: it goes on once the machine is plugged in." in status_lines(unplugged)
    assert "  camera: off" in status_lines(unplugged)
    assert icon_of(unplugged) == "paused"
    assert "goes on once the machine is plugged in" in tray_state(unplugged).tooltip


@pytest.mark.parametrize(("effect", "said"), [("slower", True), ("same", False)])
def test_otherwise_it_watches_on(log: Log, tmp_path: Path, effect: str, said: bool) -> None:
    _, unplugged = status_on(log, tmp_path, effect, (False, True))
    assert (unplugged.state, unplugged.battery, unplugged.on_battery) == ("starting", effect, True)
    assert ("  On battery: it looks less often." in status_lines(unplugged)) == said
