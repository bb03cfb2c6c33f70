"""Do-not-disturb as each service and each desktop says it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from private_session import Session

from posture.desktop.bus import Bus
from posture.desktop.quiet_linux import why_quiet
from posture.desktop.quiet_services import (
    MAKO,
    MAKO_PATH,
    NOTIFICATIONS,
    NOTIFICATIONS_PATH,
    SWAYNC,
    SWAYNC_PATH,
    service_is_quiet,
)
from posture.desktop.quiet_settings import BY_GSETTINGS, setting_is_quiet


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No desktop of this machine is asked."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP"):
        monkeypatch.delenv(name, raising=False)


def told_by(names: list[str], path: str, interface: str, member: str, signature: str, value: object) -> bool:
    """Ask while a program that owns these names answers this one call."""
    from dbus_fast import Message, MessageType, Variant

    async def job() -> bool:
        service, bus = Bus("session"), Bus("session")
        await service.connect()
        await bus.connect()

        def answer(message: Message) -> Message | None:
            if message.message_type is not MessageType.METHOD_CALL or message.path != path:
                return None
            if message.member == "Get" and message.body == [interface, member]:
                return Message.new_method_return(message, "v", [Variant(signature, value)])
            if (message.interface, message.member) == (interface, member):
                return Message.new_method_return(message, signature, [value])
            return None

        service.raw.add_message_handler(answer)
        for name in names:
            await service.raw.request_name(name)
        try:
            return await service_is_quiet(bus)
        finally:
            service.close()
            bus.close()

    return asyncio.run(job())


def test_services_that_tell(session: Session) -> None:
    def mako(*modes: str) -> bool:
        return told_by([NOTIFICATIONS], MAKO_PATH, MAKO, "ListModes", "as", list(modes))

    def swaync(quiet: bool) -> bool:
        return told_by([NOTIFICATIONS, SWAYNC], SWAYNC_PATH, SWAYNC, "GetDnd", "b", quiet)

    def kde(inhibited: bool) -> bool:
        return told_by([NOTIFICATIONS], NOTIFICATIONS_PATH, NOTIFICATIONS, "Inhibited", "b", inhibited)

    assert mako("default", "do-not-disturb")
    assert not mako("default")
    assert not mako("default", "away")
    assert swaync(True)
    assert not swaync(False)
    assert kde(True)
    assert not kde(False)
    # One that runs without being the service of this session says nothing of it.
    assert not told_by([SWAYNC], SWAYNC_PATH, SWAYNC, "GetDnd", "b", True)
    assert not told_by([NOTIFICATIONS], MAKO_PATH, MAKO, "ListModes", "s", "do-not-disturb"), "not as it should be"


@pytest.mark.parametrize(
    ("desktop", "printed", "quiet"),
    [
        ("ubuntu:GNOME", "false", True),
        ("GNOME", "true", False),
        ("MATE", "true", True),
        ("MATE", "false", False),
        ("X-Cinnamon", "false", True),
        ("X-Cinnamon", "true", False),
        ("sway", "false", False),
        ("", "true", False),
    ],
)
def test_desktops_that_have_it_as_a_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, desktop: str, printed: str, quiet: bool
) -> None:
    program = tmp_path / "gsettings"
    known = "|".join(f"'get {schema} {key}'" for schema, key, _ in BY_GSETTINGS.values())
    program.write_text(f'#!/bin/sh\ncase "$*" in {known}) echo {printed} ;; *) exit 1 ;; esac\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    assert asyncio.run(setting_is_quiet()) is quiet
    assert (asyncio.run(why_quiet(None, sound=tmp_path)) == "do not disturb") is quiet


def test_lxqt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "LXQt")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = tmp_path / "lxqt/notifications.conf"

    def quiet(write: Callable[[], object]) -> bool:
        write()
        return asyncio.run(setting_is_quiet())

    assert not quiet(lambda: file.parent.mkdir())
    assert quiet(lambda: file.write_text("[General]\nplacement=top-right\ndoNotDisturb=true\n"))
    assert not quiet(lambda: file.write_text("[General]\ndoNotDisturb=false\n"))
    assert not quiet(lambda: file.write_bytes(b"\xff\xfe\x00"))
    file.unlink()
    assert not quiet(file.mkdir), "that is a folder"
