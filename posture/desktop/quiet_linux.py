"""Whether now is a bad time for a reminder on Linux: do-not-disturb, a microphone in use, a full screen, a program.

Each desktop is asked in its own way. A program cannot know that the screen is being shared.
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

NOTIFICATIONS, NOTIFICATIONS_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
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
    asked: list[Awaitable[str]] = [_full_screen()]
    if bus is not None:
        kde, dunst = (NOTIFICATIONS, "Inhibited"), ("org.dunstproject.cmd0", "paused")
        asked += [_property(bus, *kde), _property(bus, *dunst), _xfce(bus), _gnome()]
    for answer in await asyncio.gather(*asked, return_exceptions=True):
        if isinstance(answer, str) and answer:
            return answer
    return ""


def microphone_in_use(sound: Path = SOUND) -> bool:
    """Whether sound is being recorded; ALSA shows it whichever sound server runs on top."""
    for status in sound.glob("card*/pcm*c/sub*/status"):
        with contextlib.suppress(OSError):
            if "RUNNING" in status.read_text(errors="replace"):
                return True
    return False


async def _property(bus: Bus, interface: str, name: str) -> str:
    # Only a running service is asked: none is started for it.
    if not await bus.has_owner(NOTIFICATIONS):
        return ""
    with contextlib.suppress(BusError):
        return DO_NOT_DISTURB if await bus.get(NOTIFICATIONS, NOTIFICATIONS_PATH, interface, name) is True else ""
    return ""


async def _xfce(bus: Bus) -> str:
    service, path = "org.xfce.Xfconf", "/org/xfce/Xfconf"
    if not await bus.has_owner(service):
        return ""
    with contextlib.suppress(BusError):
        (value,) = await bus.call(
            service, path, service, "GetProperty", "ss", "xfce4-notifyd", "/do-not-disturb", answer="v"
        )
        return DO_NOT_DISTURB if value.value is True else ""
    return ""


async def _gnome() -> str:
    if "GNOME" not in os.environ.get("XDG_CURRENT_DESKTOP", ""):
        return ""
    shown = await _output("gsettings", "get", "org.gnome.desktop.notifications", "show-banners")
    return DO_NOT_DISTURB if shown.strip() == "false" else ""


async def _full_screen() -> str:
    """Ask X for the state of the active window; under Wayland a program may not see other programs' windows."""
    if "DISPLAY" not in os.environ or os.environ.get("XDG_SESSION_TYPE") == "wayland":
        return ""
    active = re.search(r"window id # (0x[0-9a-f]+)", await _output("xprop", "-root", "_NET_ACTIVE_WINDOW"))
    if active is None or int(active[1], 16) == 0:
        return ""
    state = await _output("xprop", "-id", active[1], "_NET_WM_STATE")
    return FULL_SCREEN if "_NET_WM_STATE_FULLSCREEN" in state else ""


async def _output(*command: str) -> str:
    if shutil.which(command[0]) is None:
        return ""
    return await output_of(*command, timeout_s=TIMEOUT_S)
