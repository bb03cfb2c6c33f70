"""A word at the end of the day: when, and which three figures. Pure; the daemon asks, and shows what comes back."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from posture.report.summary import Summary
from posture.report.words import and_so_many, duration, share
from posture.settings import Settings, parse_clock

__all__ = ["LATEST", "due", "notice"]

LATEST = timedelta(hours=4)
"""A machine that was asleep at the time says it later on, but not in the middle of the night: a design choice."""


def due(now: datetime, told: date | None, settings: Settings, tz: tzinfo | None = None) -> date | None:
    """Say of which day to tell now.

    Parameters
    ----------
    now : datetime
        Aware.
    told : date or None
        The local day that was told of last. The caller keeps it, also across a restart, when this has been told.
    settings : Settings
        `desktop.end_of_day` says when; empty is never.
    tz : tzinfo or None
        The time zone of the day; None is the machine's.

    Returns
    -------
    date or None
        The local day, from its time on until midnight or 4 hours later, once; None when nothing is due.
    """
    minute = parse_clock(settings.desktop.end_of_day)
    if minute is None:
        return None
    local = now.astimezone(tz)
    today = local.date()
    if told is not None and told >= today:
        return None
    since = timedelta(hours=local.hour, minutes=local.minute - minute)
    return today if timedelta(0) <= since < LATEST else None


def notice(day: Summary) -> tuple[str, str] | None:
    """Say it.

    Parameters
    ----------
    day : Summary
        Of the day so far.

    Returns
    -------
    tuple of str or None
        Title and body: sitting, longest bout and breaks, and how to see more. Why there are none, when too little
        is known; None when nothing was watched at all.
    """
    if not day.watches:
        return None
    more = "More: posture report --open"
    if day.hidden:
        return "Your day", f"Too little was seen for figures: {share(day.coverage)} of the watched time. {more}"
    it = day.figures
    longest = "" if it.bouts.longest_s is None else f", longest bout {duration(it.bouts.longest_s)}"
    breaks = and_so_many(it.breaks.effective, "break")
    return "Your day", f"Sitting {duration(it.sitting_s)}{longest}, {breaks}. {more}"
