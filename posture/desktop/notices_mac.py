"""Reminders on macOS with buttons: a process of its own shows them, `notices_process_mac`.

macOS lets only an app notify in its own name, such as Posture.app, or Python as python.org installs it, and gives the
answers to the main thread of that app's process. Anywhere else, reminders are shown without buttons; where the user has
refused notifications to the app, not at all.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
from collections.abc import Callable, Sequence
from typing import Any

from posture.desktop.notices import Button, Notices
from posture.desktop.notify_base import TIMEOUT_S, Delivery
from posture.language import mark, tr
from posture.own_command import own_command, own_environment
from posture.plain_text import plain, plain_lines

# Translators: the names of the settings are those that macOS has in your language.
REFUSED = mark("macOS is set to show no notifications of this app: see System Settings > Notifications.")


class MacNotices:
    """See `posture.desktop.notices.Notices`.

    Parameters
    ----------
    plain_ones : Notices
        Shows reminders without buttons.
    pressed : callable
        Called with the key of the button that was pressed.
    """

    def __init__(self, plain_ones: Notices, pressed: Callable[[str], None]) -> None:
        self._plain_ones, self._pressed = plain_ones, pressed
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._state = ""  # "allowed", "refused", or empty: no app, or the user has not answered yet
        self._taken: asyncio.Future[bool] | None = None
        self._turn = asyncio.Lock()

    async def start(self) -> None:
        """See `Notices.start`."""
        await self._plain_ones.start()
        if self._process is not None or importlib.util.find_spec("desktop_notifier") is None:
            return
        with contextlib.suppress(OSError):
            self._process = await asyncio.create_subprocess_exec(
                *own_command("posture.desktop.notices_process_mac"),
                env=own_environment(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
            self._reader = asyncio.get_running_loop().create_task(self._read())

    async def show(self, title: str, body: str, buttons: Sequence[Button] = ()) -> Delivery:
        """See `Notices.show`."""
        async with self._turn:
            if self._state == "refused":
                return Delivery("console", tr(REFUSED))
            notice = {
                "title": plain(" ".join(title.split())),
                "body": plain_lines(body),
                "buttons": [[button.key, plain(button.label)] for button in buttons],
            }
            if await self._give(notice):
                return Delivery("desktop")
            return await self._plain_ones.show(title, body, buttons)

    async def withdraw(self) -> None:
        """See `Notices.withdraw`."""
        async with self._turn:
            await self._give({})
            await self._plain_ones.withdraw()

    async def close(self) -> None:
        """See `Notices.close`."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()  # it withdraws what is shown, and ends
            try:
                await asyncio.wait_for(self._process.wait(), TIMEOUT_S)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    self._process.kill()
                await self._process.wait()
        if self._reader is not None:
            self._reader.cancel()
        await self._plain_ones.close()

    async def _give(self, notice: dict[str, Any]) -> bool:
        """Have a notice shown, or none; whether that was done within TIMEOUT_S."""
        waits = self._taken is not None and not self._taken.done()
        if self._state != "allowed" or waits or self._process is None or self._process.stdin is None:
            return False
        self._taken = asyncio.get_running_loop().create_future()
        try:
            self._process.stdin.write(json.dumps(notice).encode() + b"\n")
            return await asyncio.wait_for(asyncio.shield(self._taken), TIMEOUT_S)
        except (OSError, TimeoutError):
            return False

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        with contextlib.suppress(ValueError):  # no line of ours
            while line := await self._process.stdout.readline():
                self._hear(line)
        self._state = ""
        if self._taken is not None and not self._taken.done():
            self._taken.set_result(False)

    def _hear(self, line: bytes) -> None:
        told = json.loads(line)
        if not isinstance(told, dict):
            raise ValueError
        if told.get("state") in ("allowed", "refused", ""):
            self._state = told["state"]
        if "taken" in told and self._taken is not None and not self._taken.done():
            self._taken.set_result(told["taken"] is True)
        if isinstance(told.get("pressed"), str):
            self._pressed(told["pressed"])
