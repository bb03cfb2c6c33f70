"""How long keyboard and mouse have been idle on a Linux desktop: each is asked in its own way, one file each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from posture.desktop.bus import Bus


def sources() -> tuple[Callable[[Bus | None], Awaitable[float | None]], ...]:
    """List all ways to ask for the idle time in seconds, the most reliable first; None where a way cannot tell."""
    from posture.desktop.idle_kde import kde_idle_s
    from posture.desktop.idle_mutter import mutter_idle_s
    from posture.desktop.idle_x import x_idle_s

    return mutter_idle_s, kde_idle_s, x_idle_s


async def idle_s(bus: Bus | None) -> float | None:
    """Ask, by the connected session bus if there is one, for the seconds since the last input; None if nobody tells."""
    for source in sources():
        found = await source(bus)
        if found is not None:
            return found
    return None
