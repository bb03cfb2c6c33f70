"""Whether now is a bad time for a reminder on macOS: a microphone in use, a named program, a full screen.

macOS tells programs nothing of Focus (do not disturb); while it is on, it keeps notifications back itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from posture.desktop.microphone_mac import microphone_in_use
from posture.desktop.quiet import FULL_SCREEN, MICROPHONE, named_program
from posture.desktop.screen_mac import full_screen


async def why_quiet(programs: Collection[str] = ()) -> str:
    """Give the reason why reminders should wait; empty when they need not."""
    if await asyncio.to_thread(microphone_in_use):
        return MICROPHONE
    if runs := await named_program(programs):
        return runs
    return FULL_SCREEN if await asyncio.to_thread(full_screen) else ""
