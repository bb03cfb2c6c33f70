"""Do-not-disturb where a desktop keeps it as a setting: GNOME, MATE and Cinnamon by gsettings, LXQt in a file."""

from __future__ import annotations

import asyncio
import os
import shutil

from posture.desktop.program import output_of
from posture.errors import PostureError
from posture.home import xdg_folder
from posture.plain_file import read_plain_text

TIMEOUT_S = 1.0
BY_GSETTINGS = {
    "GNOME": ("org.gnome.desktop.notifications", "show-banners", "false"),
    "Unity": ("org.gnome.desktop.notifications", "show-banners", "false"),
    "MATE": ("org.mate.NotificationDaemon", "do-not-disturb", "true"),
    "X-Cinnamon": ("org.cinnamon.desktop.notifications", "display-notifications", "false"),
}
"""By the name of the desktop: schema, key, and the value that means it."""


def desktops() -> list[str]:
    """The names of this desktop, from the most to the least special."""
    return os.environ.get("XDG_CURRENT_DESKTOP", "").split(":")


async def setting_is_quiet() -> bool:
    """Whether the settings of this desktop say that the user wants no notifications now."""
    for name in desktops():
        if name in BY_GSETTINGS:
            schema, key, quiet = BY_GSETTINGS[name]
            return (await _gsettings(schema, key)).strip() == quiet
        if name == "LXQt":
            return await asyncio.to_thread(lxqt_is_quiet)
    return False


async def _gsettings(schema: str, key: str) -> str:
    if shutil.which("gsettings") is None:
        return ""
    return await output_of("gsettings", "get", schema, key, timeout_s=TIMEOUT_S)


def lxqt_is_quiet() -> bool:
    """Whether LXQt's notification service is set so in its file."""
    try:
        text = read_plain_text(xdg_folder("XDG_CONFIG_HOME", ".config") / "lxqt/notifications.conf")
    except (OSError, ValueError, PostureError):
        return False
    return any(line.replace(" ", "").lower() == "donotdisturb=true" for line in text.splitlines())
