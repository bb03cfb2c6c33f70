"""Idle time of GNOME, under Wayland and X: Mutter is asked on the session bus."""

from __future__ import annotations

from posture.desktop.bus import Bus, BusError

MUTTER, MUTTER_PATH = "org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core"


async def mutter_idle_s(bus: Bus | None) -> float | None:
    """Give the seconds since the last input of any device."""
    if bus is None or not await bus.has_owner(MUTTER):
        return None
    try:
        (found_ms,) = await bus.call(MUTTER, MUTTER_PATH, MUTTER, "GetIdletime", answer="t")
        return float(found_ms) / 1000
    except (BusError, ValueError, TypeError):
        return None
