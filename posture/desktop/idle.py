"""How long keyboard and mouse have been idle, where the desktop tells, and whether a reminder waits for typing.

Each desktop is asked in its own way, one file each; where none answers, no reminder waits. Idle time is used for
nothing else: people who read or talk sit as much as people who type, so it never means that the user is away.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from posture.desktop.bus import Bus
from posture.language import mark

# Translators: why a reminder waits.
TYPING = mark("you are typing")
TYPING_S = 3.0
"""Input within this time means that the user is typing [design choice]."""


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


def wait_for_typing(
    since_s: float | None, now_s: float, overdue: bool, idle_s: float | None, most_s: float
) -> tuple[float | None, bool]:
    """Decide whether a reminder waits because the user is typing.

    Parameters
    ----------
    since_s : float or None
        Since when this reminder has been waiting, as returned by the previous call.
    now_s : float
        The present time on the same clock.
    overdue : bool
        Whether the reminder is due; one that is not yet due does not use up the wait.
    idle_s : float or None
        Seconds since the last input; None where not known.
    most_s : float
        How long a reminder waits at most; 0 for never.

    Returns
    -------
    since_s : float or None
        For the next call.
    waits : bool
    """
    typing = most_s > 0 and idle_s is not None and idle_s < TYPING_S
    if not overdue:
        return None, typing
    if since_s is None:
        return (now_s, True) if typing else (None, False)
    return since_s, typing and now_s - since_s < most_s
