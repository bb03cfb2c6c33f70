"""How long nobody has touched keyboard or mouse, where the desktop says it, and whether a nudge waits for it.

Each desktop is asked its own way, one a file; where none answers it is not known, and nothing waits. Idle time is used
for nothing else: who reads or talks sits as much as who types, so it never says that somebody is away.
"""

from __future__ import annotations

from typing import Protocol

from posture.desktop.bus import Bus

__all__ = ["TYPING", "TYPING_S", "IdleSource", "idle_s", "wait_for_typing"]

TYPING = "you are typing"
TYPING_S = 3.0
"""Input within this time is being in the middle of it [design choice]."""


class IdleSource(Protocol):
    """One way to ask."""

    async def idle_s(self, bus: Bus | None) -> float | None:
        """Seconds since the last input; None where it cannot be known this way.

        Parameters
        ----------
        bus : Bus or None
            The connected session bus.
        """


def sources() -> tuple[IdleSource, ...]:
    """All ways, the surest first."""
    from posture.desktop.idle_kde import KdeIdle
    from posture.desktop.idle_mutter import MutterIdle
    from posture.desktop.idle_x import XIdle

    return MutterIdle(), KdeIdle(), XIdle()


async def idle_s(bus: Bus | None) -> float | None:
    """Ask for the seconds since the last input; None where no desktop says it.

    Parameters
    ----------
    bus : Bus or None
        The connected session bus.
    """
    for source in sources():
        found = await source.idle_s(bus)
        if found is not None:
            return found
    return None


def wait_for_typing(
    since_s: float | None, now_s: float, overdue: bool, idle_s: float | None, most_s: float
) -> tuple[float | None, bool]:
    """Decide whether a nudge waits because the user is typing.

    Parameters
    ----------
    since_s : float or None
        Since when this nudge has been kept waiting, as given back by the call before.
    now_s : float
        On the same clock.
    overdue : bool
        Whether the nudge would have been said by now; one that is not yet due uses up none of the wait.
    idle_s : float or None
        Seconds since the last input; None is not known.
    most_s : float
        How long a nudge waits at most; 0 waits never.

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
