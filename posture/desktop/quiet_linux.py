"""Whether now is a bad time for a reminder on Linux: do-not-disturb, a microphone in use, a full screen, a program.

Each desktop is asked in its own way, see `quiet_services`, `quiet_settings` and `quiet_toplevels`. A program cannot
know that the screen is being shared.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
from collections.abc import Awaitable, Collection
from pathlib import Path

from posture.desktop.bus import Bus, BusError
from posture.desktop.program import output_of
from posture.desktop.quiet import DO_NOT_DISTURB, FULL_SCREEN, MICROPHONE, named_program
from posture.desktop.quiet_services import service_is_quiet
from posture.desktop.quiet_settings import setting_is_quiet
from posture.desktop.quiet_toplevels import wayland_full_screen

SOUND = Path("/proc/asound")
TIMEOUT_S = 1.0


async def why_quiet(bus: Bus | None, programs: Collection[str] = (), sound: Path = SOUND) -> str:
    """Give the reason why reminders should wait; empty when they need not.

    Parameters
    ----------
    bus : Bus or None
        The connected session bus.
    programs : collection of str
        Names of programs while one of which runs it is quiet.
    sound : Path
        The kernel's folder of sound cards.
    """
    if microphone_in_use(sound):
        return MICROPHONE
    if named := await named_program(programs):
        return named
    asked: list[tuple[str, Awaitable[bool]]] = [
        (FULL_SCREEN, _x_full_screen()),
        (FULL_SCREEN, wayland_full_screen()),
        (DO_NOT_DISTURB, setting_is_quiet()),
    ]
    if bus is not None:
        asked += [(DO_NOT_DISTURB, service_is_quiet(bus)), (DO_NOT_DISTURB, _xfce(bus))]
    answers = await asyncio.gather(*(answer for _, answer in asked), return_exceptions=True)
    return next((reason for (reason, _), answer in zip(asked, answers, strict=True) if answer is True), "")


def microphone_in_use(sound: Path = SOUND) -> bool:
    """Whether sound is being recorded; ALSA shows it whichever sound server runs on top."""
    for status in sound.glob("card*/pcm*c/sub*/status"):
        with contextlib.suppress(OSError):
            if "RUNNING" in status.read_text(errors="replace"):
                return True
    return False


async def _xfce(bus: Bus) -> bool:
    service, path = "org.xfce.Xfconf", "/org/xfce/Xfconf"
    if not await bus.has_owner(service):
        return False
    with contextlib.suppress(BusError):
        (value,) = await bus.call(
            service, path, service, "GetProperty", "ss", "xfce4-notifyd", "/do-not-disturb", answer="v"
        )
        return value.value is True
    return False


async def _x_full_screen() -> bool:
    """Ask X for the state of the active window; under Wayland it knows only of its own."""
    if "DISPLAY" not in os.environ or os.environ.get("XDG_SESSION_TYPE") == "wayland":
        return False
    active = re.search(r"window id # (0x[0-9a-f]+)", await _output("xprop", "-root", "_NET_ACTIVE_WINDOW"))
    if active is None or int(active[1], 16) == 0:
        return False
    state = await _output("xprop", "-id", active[1], "_NET_WM_STATE")
    return "_NET_WM_STATE_FULLSCREEN" in state


async def _output(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    return await output_of(*command, timeout_s=TIMEOUT_S)
