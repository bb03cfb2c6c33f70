"""Whether a reminder waits because the user is typing.

How long keyboard and mouse have been idle is found by `idle_linux`, `idle_windows` and `idle_mac`; where nobody tells,
no reminder waits. Idle time is used for nothing else: people who read or talk sit as much as people who type, so it
never means that the user is away.
"""

from __future__ import annotations

from posture.language import mark

# Translators: why a reminder waits.
TYPING = mark("you are typing")
TYPING_S = 3.0
"""Input within this time means that the user is typing [design choice]."""


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
