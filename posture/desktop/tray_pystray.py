"""The tray icon of Windows and macOS: pystray in a process of its own, since it needs the main thread on macOS.

``python -m posture.desktop.tray_pystray`` reads states as JSON, one a line, and writes the key of each item that is
clicked on a line. It ends with its input. It has not been run on those systems yet: see docs/tray.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from posture.child import NO_CONSOLE
from posture.desktop.icons import icon_rgba
from posture.desktop.tray_base import MenuItem, TrayState
from posture.language import mark
from posture.own_command import own_command, own_environment
from posture.plain_text import plain, plain_lines

ICON_PX = 64


class PystrayTray:
    """The daemon's side: starts the process and talks to it. For `clicked` see `posture.desktop.tray.tray_for`."""

    def __init__(self, clicked: Callable[[str], None]) -> None:
        self._clicked = clicked
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._state: TrayState | None = None
        self.note = mark("the tray is not started")

    async def start(self, state: TrayState) -> None:
        """Start the process and show the icon."""
        if importlib.util.find_spec("pystray") is None:
            no_bus, not_installed = mark("there is no session bus"), mark("pystray is missing; reinstall posture")
            self.note = no_bus if sys.platform == "linux" else not_installed
            return
        self._process = await asyncio.create_subprocess_exec(
            *own_command("posture.desktop.tray_pystray"),
            env=own_environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            **NO_CONSOLE,
        )
        self.note = ""
        self._reader = asyncio.get_running_loop().create_task(self._read())
        self.show(state)

    def show(self, state: TrayState) -> None:
        """Send the state, if it has changed."""
        if self._process is not None and self._process.stdin is not None and state != self._state:
            self._state = state
            self._process.stdin.write(json.dumps(asdict(state)).encode() + b"\n")

    async def close(self) -> None:
        """End the process."""
        if self._reader is not None:
            self._reader.cancel()
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            await self._process.wait()

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            self._clicked(line.decode("utf-8", "replace").strip())
        self.note = mark("the tray process has ended")


def main() -> None:
    """Show the states read from standard input until it ends."""
    import pystray
    from PIL import Image

    icon: Any = pystray.Icon("posture")
    if sys.platform == "darwin":
        import AppKit

        # Only an icon in the menu bar: none in the Dock, and no menu of its own.
        AppKit.NSApplication.sharedApplication().setActivationPolicy_(AppKit.NSApplicationActivationPolicyAccessory)

    def menu_item(item: MenuItem) -> Any:
        if not item.label:
            return pystray.Menu.SEPARATOR
        checked = None if item.checked is None else lambda _item: bool(item.checked)
        # On Windows an ampersand would mark a key of the keyboard.
        label = item.label.replace("&", "&&") if sys.platform == "win32" else item.label
        return pystray.MenuItem(label, lambda: print(item.key, flush=True), enabled=item.enabled, checked=checked)

    # What a click on the icon itself does, where the system tells it from one that opens the menu.
    activate = pystray.MenuItem("", lambda: print("activate", flush=True), default=True, visible=False)

    def show(line: str) -> None:
        state = json.loads(line)
        icon.icon = Image.frombytes("RGBA", (ICON_PX, ICON_PX), icon_rgba(state["icon"], ICON_PX))
        icon.title = f"{plain(state['title'])}\n{plain_lines(state['tooltip'])}"[:127]  # Windows takes no more
        icon.menu = pystray.Menu(activate, *(menu_item(MenuItem(**item)) for item in state["menu"]))
        icon.visible = True

    def in_main_thread(do: Callable[..., None], *given: str) -> None:
        """Do something; on macOS, where only the main thread may touch the menu bar, when that comes to it."""
        if sys.platform == "darwin":
            from PyObjCTools import AppHelper

            AppHelper.callAfter(do, *given)
        else:
            do(*given)

    def read() -> None:
        for line in sys.stdin:
            in_main_thread(show, line)
        in_main_thread(icon.stop)

    icon.run(setup=lambda _icon: threading.Thread(target=read, daemon=True).start())


if __name__ == "__main__":
    main()
