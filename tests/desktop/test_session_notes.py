"""What a session of Linux lacks is said, and nothing else."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from private_session import Session

from posture import wsl
from posture.camera import devices
from posture.camera.errors import CameraAbsent
from posture.desktop import session_notes as notes_of
from posture.desktop.autostart import Autostart
from posture.desktop.autostart_linux import WITHOUT_XDG
from posture.desktop.bus import Bus
from posture.desktop.session_notes import (
    CAMERA_HERE,
    FROM_ELSEWHERE,
    GNOME_TRAY,
    IN_WSL,
    NO_BUS,
    NO_TRAY,
    SWAY_TRAY,
    session_notes,
)
from posture.desktop.tray_sni import WATCHER, WATCHER_PATH
from posture.guided.first_steps import no_camera
from posture.wsl import inside_windows

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sessions differ so on Linux alone")


@pytest.fixture(autouse=True)
def usual(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSH_CONNECTION", "DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(wsl, "inside_windows", lambda: False)


def beside_a_panel(hosted: bool, ask: Callable[[], list[str]]) -> list[str]:
    """Ask in another thread, while a watcher of tray icons answers here."""
    from dbus_fast import Message, MessageType, Variant

    async def job() -> list[str]:
        panel = Bus("session")
        await panel.connect()

        def answer(message: Message) -> Message | None:
            if message.message_type is MessageType.METHOD_CALL and message.path == WATCHER_PATH:
                return Message.new_method_return(message, "v", [Variant("b", hosted)])
            return None

        panel.raw.add_message_handler(answer)
        await panel.raw.request_name(WATCHER)
        try:
            return await asyncio.to_thread(ask)
        finally:
            panel.close()

    return asyncio.run(job())


def test_no_panel_is_said_with_what_to_do(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert session_notes() == [NO_TRAY]
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    assert session_notes() == [f"{NO_TRAY} {GNOME_TRAY}"]
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "sway")
    assert session_notes() == [f"{NO_TRAY} {SWAY_TRAY}"]
    assert beside_a_panel(True, session_notes) == []
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    assert beside_a_panel(True, session_notes) == [FROM_ELSEWHERE]
    monkeypatch.delenv("SSH_CONNECTION")
    assert beside_a_panel(False, session_notes) == [f"{NO_TRAY} {SWAY_TRAY}"]


def test_no_bus_and_from_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'none'}")
    assert session_notes() == [NO_BUS]
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    assert session_notes() == [CAMERA_HERE, NO_BUS]
    monkeypatch.setenv("DISPLAY", "localhost:10.0")
    assert session_notes() == [NO_BUS], "a display was brought along"


def test_inside_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel = tmp_path / "version"
    assert not inside_windows(kernel)
    kernel.write_text("Linux version 6.1.0-35-amd64 (debian-kernel@lists.debian.org)\n")
    assert not inside_windows(kernel)
    kernel.write_text("Linux version 5.15.167.4-microsoft-standard-WSL2 (root@f9c826d3017f) (gcc)\n")
    assert inside_windows(kernel)
    monkeypatch.setattr(wsl, "inside_windows", lambda: True)
    monkeypatch.setattr(notes_of.asyncio, "run", lambda job: (job.close(), (True, True))[1])
    assert session_notes() == [f"{IN_WSL} {wsl.NO_CAMERA}"]
    monkeypatch.setattr(devices, "list_cameras", list)
    with pytest.raises(CameraAbsent, match="usbipd"):
        devices.find_camera("0")
    assert "usbipd" in no_camera()
    monkeypatch.setattr(wsl, "inside_windows", lambda: False)
    with pytest.raises(CameraAbsent, match="plug one in"):
        devices.find_camera("0")
    assert "plug one in" in no_camera()


@pytest.mark.parametrize(("desktop", "told"), [("sway", True), ("Hyprland", True), ("XFCE", False), ("", False)])
def test_a_desktop_without_xdg_autostart_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, desktop: str, told: bool
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    autostart = Autostart(lambda *command: False)
    assert autostart.note() == "", "there is no entry"
    autostart.turn_on()
    assert (WITHOUT_XDG[desktop][0] in autostart.note()) if told else autostart.note() == ""


def test_it_may_be_asked_in_a_thread(session: Session) -> None:
    found: list[list[str]] = []
    thread = threading.Thread(target=lambda: found.append(session_notes()))
    thread.start()
    thread.join()
    assert found == [[NO_TRAY]]
