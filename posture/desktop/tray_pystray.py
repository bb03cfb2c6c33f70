"""The tray icon of Windows and macOS: pystray, in a process of its own, since macOS wants its main thread.

``python -m posture.desktop.tray_pystray`` reads a face a line, as JSON, and writes the key of what was clicked, a line
each. It ends with its input. Nobody has run it on those systems yet: see docs/tray.md.
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

from posture.desktop.icons import icon_rgba
from posture.desktop.tray_base import MenuItem, TrayState

__all__ = ["PystrayTray", "main"]

ICON_PX = 64


class PystrayTray:
    """The daemon's side: starts the process and talks with it.

    Parameters
    ----------
    clicked : callable
        See `posture.desktop.tray.tray_for`.
    """

    def __init__(self, clicked: Callable[[str], None]) -> None:
        self._clicked = clicked
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._face: TrayState | None = None
        self.note = "the tray is not started"

    async def start(self, face: TrayState) -> None:
        """Start the process with its first face."""
        if importlib.util.find_spec("pystray") is None:
            self.note = "there is no session bus" if sys.platform == "linux" else "install it with: pip install pystray"
            return
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "posture.desktop.tray_pystray",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        self.note = ""
        self._reader = asyncio.get_running_loop().create_task(self._read())
        self.show(face)

    def show(self, face: TrayState) -> None:
        """Send another face, if it is another."""
        if self._process is not None and self._process.stdin is not None and face != self._face:
            self._face = face
            self._process.stdin.write(json.dumps(asdict(face)).encode() + b"\n")

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
        self.note = "the tray process has ended"


def main() -> None:
    """Show faces from standard input until it ends."""
    import pystray
    from PIL import Image

    icon: Any = pystray.Icon("posture")

    def item(entry: MenuItem) -> Any:
        if not entry.label:
            return pystray.Menu.SEPARATOR
        checked = None if entry.checked is None else lambda _item: bool(entry.checked)
        return pystray.MenuItem(
            entry.label, lambda: print(entry.key, flush=True), enabled=entry.enabled, checked=checked
        )

    def show(line: str) -> None:
        face = json.loads(line)
        icon.icon = Image.frombytes("RGBA", (ICON_PX, ICON_PX), icon_rgba(face["icon"], ICON_PX))
        icon.title = f"{face['title']}\n{face['tooltip']}"[:127]  # Windows takes no more
        icon.menu = pystray.Menu(*(item(MenuItem(**entry)) for entry in face["menu"]))
        icon.visible = True

    def read() -> None:
        for line in sys.stdin:
            show(line)
        icon.stop()

    icon.run(setup=lambda _icon: threading.Thread(target=read, daemon=True).start())


if __name__ == "__main__":
    main()
