"""What this session of Linux lacks, and what to do instead, each in a sentence: for doctor and the first steps."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping

from posture import wsl
from posture.desktop.bus import Bus, BusError
from posture.desktop.quiet_settings import desktops
from posture.language import mark, tr

NO_BUS = mark(
    "This session has no bus, so there is no icon, and reminders go to posture logs: log in to a desktop for both."
)
NO_TRAY = mark(
    "No panel here shows tray icons, and posture goes without one: its window does all that the menu of the icon does. "
    "It opens by posture open, or from the menu of programs, where the entry Posture also pauses and stretches."
)
GNOME_TRAY = mark("GNOME shows icons once its extension AppIndicator and KStatusNotifierItem Support is there.")
SWAY_TRAY = mark("A bar that shows icons is waybar, with its module tray.")
FROM_ELSEWHERE = mark(
    "You are logged in from another machine: posture looks through the camera of this one, and shows its reminders and "
    "its icon on the desktop of this one, if you are logged in there as well."
)
CAMERA_HERE = mark("You are logged in from another machine: posture looks through the camera of this one.")
IN_WSL = mark("This is Linux inside Windows (WSL).")


def session_notes() -> list[str]:
    """Say what there is to know of this session; nothing where all of it is there, or this is another system."""
    found: list[str] = []
    if sys.platform == "linux":
        found = _notes()
    return found


def _notes() -> list[str]:
    found = [f"{tr(IN_WSL)} {tr(wsl.NO_CAMERA)}"] if wsl.inside_windows() else []
    has_bus, has_tray = asyncio.run(_bus_and_tray())
    if is_from_elsewhere(os.environ):
        found.append(tr(FROM_ELSEWHERE if has_bus else CAMERA_HERE))
    if not has_bus:
        found.append(tr(NO_BUS))
    elif not has_tray:
        found.append(" ".join([tr(NO_TRAY), *(tr(more) for more in _trays(desktops()))]))
    return found


def is_from_elsewhere(environment: Mapping[str, str]) -> bool:
    """Whether this is a login by ssh, without a display that was brought along."""
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    return bool(environment.get("SSH_CONNECTION")) and not any(environment.get(name) for name in screens)


def _trays(names: list[str]) -> list[str]:
    found = [GNOME_TRAY] if "GNOME" in names else []
    return found + ([SWAY_TRAY] if "sway" in names or "Hyprland" in names else [])


async def _bus_and_tray() -> tuple[bool, bool]:
    # Imported here: other systems have no dbus-fast.
    from posture.desktop.tray_sni import WATCHER, WATCHER_PATH

    bus = Bus("session")
    try:
        await bus.connect()
    except BusError:
        return False, False
    try:
        if not await bus.has_owner(WATCHER):
            return True, False
        hosted = await bus.get(WATCHER, WATCHER_PATH, WATCHER, "IsStatusNotifierHostRegistered")
        return True, bool(hosted)
    except BusError:
        return True, True  # this watcher does not tell
    finally:
        bus.close()
