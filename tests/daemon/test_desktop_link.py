"""The daemon's links to the buses: what is not there is said once, and looked for less often."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from posture.daemon.desktop_link import DesktopLink
from posture.desktop import desktop_linux
from posture.desktop.tray_base import TrayState
from posture.settings import DesktopSettings


class Said:
    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []

    def write(self, event: str, **what: Any) -> None:
        self.lines.append({"event": event, **what})


class EnoughError(Exception):
    pass


@pytest.mark.parametrize(("which", "longest_s"), [("session", 120.0), ("system", 600.0)])
def test_a_bus_that_is_not_there_is_said_once(
    which: str, longest_s: float, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        monkeypatch.setenv(name, f"unix:path={tmp_path / 'none'}")
    said, waits = Said(), []
    state = TrayState("well", "", "", ())
    nothing: Any = lambda _: None  # noqa: E731
    link = DesktopLink(said, DesktopSettings, lambda: state, nothing, nothing, nothing, nothing)  # type: ignore[arg-type]
    desktop = link.desktop
    assert isinstance(desktop, desktop_linux.LinuxDesktop)

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 40:
            raise EnoughError

    monkeypatch.setattr(desktop_linux.asyncio, "sleep", sleep)
    with pytest.raises(EnoughError):
        asyncio.run(desktop.keep_session_bus() if which == "session" else desktop.keep_system_bus())
    assert len(said.lines) == 1
    assert waits == sorted(waits)
    assert waits[-1] == longest_s
