"""Idle time of KDE Plasma: its screen locker is asked on the session bus.

The freedesktop draft of GetSessionIdleTime says seconds, KDE answers milliseconds; so only KDE is asked.
"""

from __future__ import annotations

import os

from posture.desktop.bus import Bus, BusError

SAVER, SAVER_PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"


async def kde_idle_s(bus: Bus | None) -> float | None:
    """Give the seconds since the last input; under Wayland Plasma does not know and answers 0 or refuses."""
    if bus is None or "KDE" not in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
        return None
    if not await bus.has_owner(SAVER):
        return None
    try:
        (found_ms,) = await bus.call(SAVER, SAVER_PATH, SAVER, "GetSessionIdleTime", answer="u")
        return float(found_ms) / 1000 or None
    except (BusError, ValueError, TypeError):
        return None
