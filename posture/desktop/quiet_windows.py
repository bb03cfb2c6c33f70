"""Whether now is a bad time for a reminder on Windows: a microphone in use, a full screen, a presentation, a program.

Do not disturb (Focus, before that Focus assist) is not told to programs: while it is on, Windows itself holds notices
back and puts them into the notification centre.
"""

from __future__ import annotations

import asyncio
import ctypes
from collections.abc import Collection

from posture.desktop.quiet import DO_NOT_DISTURB, FULL_SCREEN, MICROPHONE, named_program
from posture.windows_programs import library, users_of

STATES = {2: FULL_SCREEN, 3: FULL_SCREEN, 4: DO_NOT_DISTURB, 6: DO_NOT_DISTURB}
"""What QUERY_USER_NOTIFICATION_STATE means: QUNS_BUSY is a full screen, then full screen by Direct3D, the presentation
settings, and the first hour of a new user."""


async def why_quiet(programs: Collection[str] = ()) -> str:
    """Give the reason why reminders should wait; empty when they need not."""
    if await asyncio.to_thread(users_of, "microphone"):
        return MICROPHONE
    return await named_program(programs) or notification_state()


def notification_state() -> str:
    """Say why Windows holds notices back; empty where it does not, or does not tell."""
    state = ctypes.c_int()
    failed = library("shell32").SHQueryUserNotificationState(ctypes.byref(state))
    return "" if failed else STATES.get(state.value, "")
