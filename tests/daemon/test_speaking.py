"""The daemon in another language: what it shows is translated, what it stores and compares is not."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from spoken import catalogues_in

from posture import language
from posture.daemon.helper_shell import HelperShell
from posture.daemon.logs import Log
from posture.daemon.service import Service
from posture.daemon.session_state import LOCKED, SessionState
from posture.daemon.status_text import headline
from posture.daemon.tray_menu import tray_state
from posture.desktop.autostart_linux import desktop_entry, localised
from posture.desktop.notices import Button
from posture.paths import memory_path
from posture.sensor import client, viewer
from posture.sensor.wire import Start
from posture.settings import Settings
from posture.settings_text import settings_path
from tests.daemon.test_status import status

TEXTS = {
    "Not watching: {reason}": "Nicht am Schauen: {reason}",
    "the screen is locked": "der Bildschirm ist gesperrt",
    "Quit": "Beenden",
    "Less often": "Seltener",
    "{reason} until {time}": "{reason} bis {time}",
    "in a meeting": "in einer Besprechung",
    "Watches how and how long you sit": "Sieht, wie\nund wie lange du sitzt \\",
}


@pytest.fixture(autouse=True)
def a_catalogue(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A German catalogue with the texts above; English is spoken."""
    found = Catalog(locale="de")
    for english, german in TEXTS.items():
        found.add(english, german)
    folder = own_folder / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "posture.mo").open("wb") as file:
        write_mo(file, found)
    with catalogues_in(own_folder, monkeypatch):
        yield


def test_a_reason_is_stored_in_english_and_shown_in_the_language() -> None:
    language.speak("de")
    locked = status(SessionState(suspended=(LOCKED,)))
    assert locked.to_json()["reason"] == "the screen is locked"
    assert headline(locked) == "Nicht am Schauen: der Bildschirm ist gesperrt"


def test_another_language_is_spoken_as_soon_as_it_is_set(monkeypatch: pytest.MonkeyPatch, own_folder: Path) -> None:
    for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(own_folder))

    async def job() -> None:
        shell, log = HelperShell({}), Log(own_folder / "log")
        service = Service([], log, shell)
        shown: list[list[str]] = []

        class Noted:
            async def notify(self, title: str, body: str, buttons: list[Button]) -> Any:
                shown.append([button.label for button in buttons])
                raise OSError

        def menu() -> str:
            return tray_state(service._status()).menu[-1].label

        assert menu() == "Quit"
        settings_path().parent.mkdir(parents=True, exist_ok=True)
        settings_path().write_text('[general]\nlanguage = "de"\n')
        service._reload_settings()
        assert menu() == "Beenden"
        service._on_pressed("meeting")
        assert "In einer Besprechung bis " in tray_state(service._status()).tooltip
        assert json.loads(memory_path().read_text())["snoozed_why"] == "in a meeting"
        service._desktop.desktop = Noted()  # type: ignore[assignment]
        with pytest.raises(OSError):  # noqa: PT011 - that of `Noted`
            await service._desktop.notify("", "", [Button("less", language.mark("Less often"))])
        assert shown == [["Seltener"]]
        shell.close()
        log.close()

    asyncio.run(job())


START = Start({}, "0", None, 0.0)


class _Asked(Exception):  # noqa: N818 - nothing is wrong
    pass


def test_a_process_that_sees_is_told_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no settings of its own."""
    told = []

    def popen(*_: object, env: dict[str, str], **__: object) -> None:
        told.append(env["POSTURE_LANGUAGE"])
        raise _Asked

    monkeypatch.setattr(subprocess, "Popen", popen)
    language.speak("de")
    for start in (lambda: viewer.Viewer("0", Settings()), lambda: client.SensorProcess(START)):
        with pytest.raises(_Asked):
            start()
    assert told == ["de", "de"]


def test_an_entry_of_the_desktop_has_every_language() -> None:
    assert "\nComment=Watches how and how long you sit\nComment[de]=Sieht, wie\\nund wie" in desktop_entry()
    assert desktop_entry().count("du sitzt \\\\\nExec=") == 1
    assert localised("Name", "of this there is no text") == "Name=of this there is no text"
