"""Idle time of KDE Plasma: its screen locker is asked on the session bus.

The freedesktop draft of GetSessionIdleTime means seconds, KDE answers milliseconds; so nobody but KDE is asked.
"""

from __future__ import annotations

import os

from posture.desktop.bus import Bus, BusError

__all__ = ["SAVER", "SAVER_PATH", "KdeIdle"]

SAVER, SAVER_PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"


class KdeIdle:
    """See `posture.desktop.idle.IdleSource`."""

    async def idle_s(self, bus: Bus | None) -> float | None:
        """Seconds since the last input; where Plasma cannot know it, under Wayland, it says 0 or refuses."""
        if bus is None or "KDE" not in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
            return None
        if not await bus.has_owner(SAVER):
            return None
        try:
            (found_ms,) = await bus.call(SAVER, SAVER_PATH, SAVER, "GetSessionIdleTime")
            return float(found_ms) / 1000 or None
        except (BusError, ValueError, TypeError):
            return None
