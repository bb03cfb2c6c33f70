"""A real compositor of wlroots without a screen: what it tells when somebody types, and when a window fills it."""

from __future__ import annotations

import asyncio
import os
import pwd
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from private_session import PATIENCE_S, until

from posture.desktop.idle_wayland import REST_S, WaylandIdle
from posture.desktop.quiet_toplevels import wayland_full_screen

pytestmark = [pytest.mark.nightly, pytest.mark.skipif(sys.platform != "linux", reason="sway is of Linux")]


class Sway:
    """sway, and programs in its session; it refuses to be run by root, so nobody runs it."""

    def __init__(self, folder: Path, require_tool: Callable[[str], str]) -> None:
        self._env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "WLR_BACKENDS": "headless",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "WLR_RENDERER": "pixman",
        }
        self._as_nobody: list[str] = []
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
            ids = (f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
            self._as_nobody = [require_tool("setpriv"), *ids]
        config = folder / "config"
        config.write_text("output HEADLESS-1 resolution 800x600\n")
        self._programs = [self.start(require_tool("sway"), "-c", str(config))]
        until(lambda: list(folder.glob("wayland-?")), "sway listens")
        (socket,) = folder.glob("wayland-?")
        self._env["WAYLAND_DISPLAY"] = self.display = socket.name
        until(lambda: list(folder.glob("sway-ipc.*")), "sway takes orders")
        (self._env["SWAYSOCK"],) = map(str, folder.glob("sway-ipc.*"))

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self._as_nobody, *command], env=self._env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def run(self, *command: str) -> bool:
        return self.start(*command).wait(PATIENCE_S) == 0

    def keep(self, *command: str) -> None:
        self._programs.append(self.start(*command))

    def end(self) -> None:
        for program in reversed(self._programs):
            program.terminate()
            program.wait(PATIENCE_S)


@pytest.fixture
def sway(require_tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Sway]:
    with tempfile.TemporaryDirectory(prefix="posture-") as folder:
        found = Sway(Path(folder), require_tool)
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        monkeypatch.setenv("WAYLAND_DISPLAY", found.display)
        try:
            yield found
        finally:
            found.end()


def test_typing(sway: Sway, require_tool: Callable[[str], str]) -> None:
    wtype = require_tool("wtype")

    async def until_it_is(what: Callable[[float | None], bool], idle: WaylandIdle, why: str) -> None:
        end_s = time.monotonic() + PATIENCE_S
        while not what(idle.idle_s()):
            assert time.monotonic() < end_s, why
            idle.begin()
            await asyncio.sleep(0.05)

    async def job() -> None:
        idle = WaylandIdle()
        await until_it_is(lambda s: s is not None and s >= REST_S, idle, "nobody types")
        await asyncio.to_thread(sway.run, wtype, "hello")
        await until_it_is(lambda s: s == 0.0, idle, "somebody types")
        await until_it_is(lambda s: s is not None and s >= REST_S, idle, "no longer")
        idle.end()

    asyncio.run(job())


def test_a_full_screen(sway: Sway, require_tool: Callable[[str], str]) -> None:
    def full() -> bool:
        return asyncio.run(wayland_full_screen())

    swaymsg = require_tool("swaymsg")
    assert not full()
    sway.keep(require_tool("foot"), "sleep", "600")
    until(lambda: sway.run(swaymsg, "[app_id=foot] fullscreen enable"), "the window is there")
    until(full, "it fills the screen")
    assert sway.run(swaymsg, "[app_id=foot] fullscreen disable")
    until(lambda: not full(), "it fills it no longer")
