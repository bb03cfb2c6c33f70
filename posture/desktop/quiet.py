"""Why now is a bad time for a reminder, in the words that all systems share.

There is no portable way to ask: `quiet_linux`, `quiet_windows` and `quiet_mac` each ask their system, and what cannot
be found out counts as no reason to wait. It is asked only when a reminder is due. The reasons are in English, and
translated where they are shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from posture.coach.words import PROGRAM_RUNS
from posture.desktop.running import running
from posture.language import mark

# Translators: why reminders wait.
MICROPHONE = mark("the microphone is in use")
# Translators: why reminders wait: the desktop is set to "do not disturb".
DO_NOT_DISTURB = mark("do not disturb")
FULL_SCREEN = mark("a window fills the screen")


async def named_program(programs: Collection[str]) -> str:
    """Say that one of the programs that the user named runs; empty when none does."""
    if not programs:
        return ""
    asked = running()
    return PROGRAM_RUNS if await asyncio.to_thread(lambda: asked.any_of(programs)) else ""
