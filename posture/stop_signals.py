"""How a process that stays hears that it is to end: Ctrl-C, SIGTERM, and on Windows a console that is closed."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio


def when_stopped(stop: Callable[[], None], loop: asyncio.AbstractEventLoop | None = None) -> None:
    """Have `stop` called when this process is asked to end, instead of ending at once; call it in the main thread.

    Parameters
    ----------
    stop : callable
        Called in `loop` if there is one; otherwise in a signal handler or, on Windows, in another thread.
    loop : asyncio event loop, optional
        That of the process.
    """
    if sys.platform == "win32":
        from posture.stop_signals_windows import when_console_says

        when_console_says(stop if loop is None else lambda: _in(loop, stop))
    else:
        for number in (signal.SIGINT, signal.SIGTERM):
            if loop is not None:
                loop.add_signal_handler(number, stop)
            else:
                signal.signal(number, lambda *_: stop())


def _in(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(stop)
