"""See `posture.stop_signals`: what the console of Windows tells."""

from __future__ import annotations

import sys

assert sys.platform == "win32"

import contextlib
import time
from collections.abc import Callable

import pywintypes
import win32api
import win32con

END_S = 20.0
"""A process whose console is closed is ended when its handler returns, or by Windows after 5 s. Until then it ends by
itself."""


def when_console_says(stop: Callable[[], None]) -> None:
    """Have `stop` called, in a thread of the console's, at Ctrl-C, Ctrl-Break, close, and the end of the session."""

    def heard(event: int) -> bool:
        stop()
        if event not in (win32con.CTRL_C_EVENT, win32con.CTRL_BREAK_EVENT):
            time.sleep(END_S)
        return True

    with contextlib.suppress(pywintypes.error):
        win32api.SetConsoleCtrlHandler(heard, True)
