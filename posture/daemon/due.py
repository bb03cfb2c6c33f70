"""When each part of the daemon has something to do next: values in, seconds from now out. Pure.

Whatever happens otherwise wakes the daemon by itself: a look that brings news, a button, a command, the session, a file
that was changed. So here is only what time alone brings about. `NEVER_S` is for what time does not bring about.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from posture.daemon.session_state import SessionState
from posture.daemon.status import Status
from posture.report.end_of_day import opens_in_s
from posture.settings import Settings

NEVER_S = math.inf
TICK_S = 2.0
"""How often something is done that cannot be said beforehand, such as asking whether the user is typing."""
SELDOM_S = 30.0
"""How often is looked for what is usually heard of, should it not have been heard [design choice]."""
UNHEARD_S = 4.0
"""How often where it is never heard of: a command waits 5 s for a socket to be made anew [design choice]."""
ASK_DESKTOP_S = 10.0
"""Before a reminder is due, the desktop is asked this often whether it may be shown."""
ASK_BEFORE_S = 45.0
ASK_TYPING_BEFORE_S = 2 * TICK_S
"""Shortly before it is due, each tick asks whether the user is typing."""
SHOWN_IN_SECONDS_S = 90.0
"""Shorter durations are shown in seconds, in steps of ten in the tray, and longer ones in minutes; see
`posture.coach.words.minutes`."""


def ends_in_s(state: SessionState, now: datetime) -> float:
    """When a pause, a snooze, or looking on before a locked screen ends by itself."""
    ends = (state.paused_until, state.quiet_until, state.locking_until)
    return min((max(0.0, (end - now).total_seconds()) for end in ends if end is not None), default=NEVER_S)


@dataclass(frozen=True)
class Asking:
    """How the desktop is asked whether the next reminder may be shown."""

    in_s: float | None
    """Seconds until it is due; None when none is in sight."""
    asked_ago_s: float
    """How long ago the desktop was asked last."""
    open: bool = False
    """Whether it was near, or waits: once it is no longer, that has to be noted."""
    quiet: bool = False
    """Whether the desktop has said that it may not be shown."""


def asks_in_s(state: Asking) -> float:
    """When to prepare a reminder: 45 s before it is due, then every 10 s.

    Shortly before it, and after, it is every 2 s while the desktop has nothing against it: the user may be typing.
    """
    if state.in_s is None:
        return 0.0 if state.open else NEVER_S
    if state.in_s > ASK_BEFORE_S:
        return 0.0 if state.open else state.in_s - ASK_BEFORE_S
    if not state.open:
        return 0.0
    if state.in_s <= ASK_TYPING_BEFORE_S and not state.quiet:
        return TICK_S
    # What waits is said to wait from the moment at which it is due.
    next_s = ASK_TYPING_BEFORE_S if state.in_s > ASK_TYPING_BEFORE_S else 0.0
    again_s = max(0.0, ASK_DESKTOP_S - state.asked_ago_s)
    return min(again_s, state.in_s - next_s) if state.in_s > next_s else again_s


def day_is_told_in_s(now: datetime, told: date | None, settings: Settings, *, wanted: bool, may_s: float) -> float:
    """When the figures of the day are to be shown.

    Parameters
    ----------
    now : datetime
        Aware.
    told : date or None
        The last day that was told of.
    wanted : bool
        Whether somebody is there to be told.
    may_s : float
        For how long nothing else may be said yet.
    """
    opens_s = opens_in_s(now, told, settings)
    return opens_s if opens_s > 0.0 else may_s if wanted else NEVER_S


def midnight_in_s(local: datetime) -> float:
    """When the next local day begins, as the clock on the wall goes; a change to daylight saving may put it off.

    `local` is a local time, aware of its zone or not.
    """
    day = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return (day - local).total_seconds()


def words_change_in_s(status: Status) -> float:
    """When time alone changes the words of the tray, see `posture.daemon.tray_menu.tray_state`."""
    if status.state == "held off" or status.paused is not None:
        return NEVER_S
    grow: list[float] = [one.for_s for one in status.active] + [one.for_s for one in status.unjudged]
    if status.state == "sitting" and status.bout is not None:
        grow += [status.bout.at_least_s, status.bout.at_most_s]
    elif status.state in ("standing", "away"):
        grow.append(status.state_for_s)
    changes = [_until_longer_s(seconds) for seconds in grow]
    if status.next is not None and status.next.in_s >= 1.0:
        changes.append(_until_shorter_s(status.next.in_s))
    return max(TICK_S, min(changes, default=NEVER_S))


def _until_longer_s(seconds: float) -> float:
    """Half a minute is rounded up or down; a tenth of a second later it is surely up."""
    if seconds < SHOWN_IN_SECONDS_S:
        return 10.0 - seconds % 10.0 if seconds >= 1.0 else 1.0 - seconds
    return 60.0 - (seconds + 29.9) % 60.0


def _until_shorter_s(seconds: float) -> float:
    """A tenth of a second later a duration is surely shown as less."""
    if seconds < SHOWN_IN_SECONDS_S:
        return 0.1 + (seconds % 10.0 if seconds >= 10.0 else seconds - 1.0)
    return 0.1 + min((seconds + 30.0) % 60.0, seconds - SHOWN_IN_SECONDS_S)
