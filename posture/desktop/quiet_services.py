"""Do-not-disturb as the notification service itself says it on the bus: KDE, dunst, mako, swaync.

Only a service that runs is asked: none is started for it.
"""

from __future__ import annotations

import asyncio
import contextlib

from posture.desktop.bus import Bus, BusError

NOTIFICATIONS, NOTIFICATIONS_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
PROPERTIES = ((NOTIFICATIONS, "Inhibited"), ("org.dunstproject.cmd0", "paused"))
"""Of KDE, and of dunst; who has not got them says so."""
MAKO, MAKO_PATH = "fr.emersion.Mako", "/fr/emersion/Mako"
MAKO_MODES = frozenset(("do-not-disturb", "dnd", "invisible", "silent"))
"""A mode of mako's is what its user has written into its settings; its manual calls this one the first."""
SWAYNC, SWAYNC_PATH = "org.erikreider.swaync.cc", "/org/erikreider/swaync/cc"


async def service_is_quiet(bus: Bus) -> bool:
    """Whether the notification service says that the user wants no notifications now."""
    if not await bus.has_owner(NOTIFICATIONS):
        return False
    asked = [*(_property(bus, *each) for each in PROPERTIES), _mako(bus), _swaync(bus)]
    return any(await asyncio.gather(*asked))


async def _property(bus: Bus, interface: str, name: str) -> bool:
    with contextlib.suppress(BusError):
        return await bus.get(NOTIFICATIONS, NOTIFICATIONS_PATH, interface, name) is True
    return False


async def _mako(bus: Bus) -> bool:
    with contextlib.suppress(BusError):
        (modes,) = await bus.call(NOTIFICATIONS, MAKO_PATH, MAKO, "ListModes", answer="as")
        return not MAKO_MODES.isdisjoint(modes)
    return False


async def _swaync(bus: Bus) -> bool:
    if not await bus.has_owner(SWAYNC):
        return False
    with contextlib.suppress(BusError):
        (quiet,) = await bus.call(SWAYNC, SWAYNC_PATH, SWAYNC, "GetDnd", answer="b")
        return quiet is True
    return False
