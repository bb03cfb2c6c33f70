"""Which event loop a process of ours runs: that of asyncio, on Windows without its connection to itself."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Give what makes a loop; None for asyncio's own way, as `asyncio.Runner` takes it."""
    if sys.platform == "win32":
        from posture.loop_windows import QuietLoop

        return QuietLoop
    else:
        return None
