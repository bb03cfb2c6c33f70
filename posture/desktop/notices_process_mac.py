"""The process that shows reminders on macOS: ``python -m posture.desktop.notices_process_mac``.

It reads notices as JSON, one a line, with an empty one for none, and writes what has come of them. It has the main
thread for itself, where macOS reports which button was pressed, with the event loop of rubicon-objc. It ends with its
input. Nobody has run it on a Mac yet.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import sys
import threading
from collections.abc import Callable
from typing import Any

Tell = Callable[[dict[str, Any]], None]


async def serve(lines: asyncio.Queue[str], tell: Tell) -> None:
    """Show notices as they come, until this is cancelled; returns where this app cannot notify, or may not."""
    from desktop_notifier import Button, DesktopNotifier
    from desktop_notifier.backends.macos_support import is_bundle

    if not is_bundle():
        return
    notifier = DesktopNotifier("Posture", None)
    # The first time, macOS asks the user, and this waits for the answer.
    allowed = await notifier.request_authorisation()
    tell({"state": "allowed" if allowed else "refused"})
    if not allowed:
        await asyncio.Event().wait()
    shown = ""

    def pressed(key: str) -> None:
        tell({"pressed": key})

    try:
        while True:
            notice = json.loads(await lines.get())
            before, shown = shown, ""
            if before:
                await notifier.clear(before)
            if notice:
                buttons = [
                    Button(title=label, on_pressed=functools.partial(pressed, key)) for key, label in notice["buttons"]
                ]
                shown = await notifier.send(title=notice["title"], message=notice["body"], buttons=buttons)
            tell({"taken": True})
    finally:
        if shown:
            await notifier.clear(shown)


def _tell(what: dict[str, Any]) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    """Serve standard input and output."""
    from rubicon.objc.eventloop import RubiconEventLoop

    loop = RubiconEventLoop()
    lines: asyncio.Queue[str] = asyncio.Queue()
    job = loop.create_task(serve(lines, _tell))

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(job.cancel)

    threading.Thread(target=read, daemon=True).start()
    with contextlib.suppress(asyncio.CancelledError):
        loop.run_until_complete(job)


if __name__ == "__main__":
    main()
