"""How long keyboard and mouse have been idle on a Linux desktop: each is asked in its own way, one file each."""

from __future__ import annotations

from posture.desktop.bus import Bus
from posture.desktop.idle_wayland import WaylandIdle


async def idle_s(bus: Bus | None, wayland: WaylandIdle) -> float | None:
    """Ask for the seconds since the last input, the most reliable first; None if nobody tells.

    Parameters
    ----------
    bus : Bus or None
        The connected session bus.
    wayland : WaylandIdle
        What is listened to in a Wayland session.
    """
    from posture.desktop.idle_kde import kde_idle_s
    from posture.desktop.idle_mutter import mutter_idle_s
    from posture.desktop.idle_x import x_idle_s

    found = await mutter_idle_s(bus)
    found = wayland.idle_s() if found is None else found
    for source in (kde_idle_s, x_idle_s):
        found = await source(bus) if found is None else found
    return found
