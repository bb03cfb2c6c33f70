"""As desktop-notifier 6 with macOS behind it: FAKE_MAC says what the user has decided, FAKE_LOG names the file that is
written to. A notice with "press" in its title has its first button pressed at once; one with "freeze" never ends; one
with "garbage" breaks into what the process says.
"""

import asyncio
import json
import os
from dataclasses import dataclass
from typing import Any


@dataclass
class Button:
    title: str
    on_pressed: Any = None


class DesktopNotifier:
    def __init__(self, app_name: str, app_icon: Any) -> None:
        self._count = 0

    async def request_authorisation(self) -> bool:
        if os.environ["FAKE_MAC"] == "asks":
            await asyncio.Event().wait()
        return os.environ["FAKE_MAC"] == "allowed"

    async def send(self, *, title: str, message: str, buttons: list[Button]) -> str:
        self._count += 1
        self._write("shown", title, message, [button.title for button in buttons])
        if "press" in title:
            buttons[0].on_pressed()
        if "freeze" in title:
            await asyncio.Event().wait()
        if "garbage" in title:
            print(["no dict"], flush=True)
        return str(self._count)

    async def clear(self, identifier: str) -> None:
        self._write("cleared", identifier)

    def _write(self, *what: Any) -> None:
        with open(os.environ["FAKE_LOG"], "a") as file:  # noqa: PTH123
            file.write(json.dumps(what) + "\n")
