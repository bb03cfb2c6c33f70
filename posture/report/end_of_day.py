"""The notification at the end of the day: when it is due, and what it says. Pure; the daemon asks and shows it."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta, tzinfo

from posture.language import tr
from posture.report.figures import Summary
from posture.report.words import breaks, duration, lasted, share, unjudged_lines
from posture.settings import Settings, parse_clock

LATEST = timedelta(hours=4)
"""A machine that was asleep at that time still notifies later, but not in the middle of the night: a design choice."""


def due(now: datetime, notified: date | None, settings: Settings, tz: tzinfo | None = None) -> date | None:
    """Tell which day is due for its notification.

    Parameters
    ----------
    now : datetime
        Aware.
    notified : date or None
        The last local day that the user was notified about; the caller stores it, so that it survives a restart.
    settings : Settings
        `desktop.end_of_day` is the time of day; empty means never.
    tz : tzinfo or None
        The time zone of the day; None is the machine's.

    Returns
    -------
    date or None
        Today, from that time until midnight or for 4 hours, unless already notified; otherwise None.
    """
    minute = parse_clock(settings.desktop.end_of_day)
    if minute is None:
        return None
    local = now.astimezone(tz)
    today = local.date()
    if notified is not None and notified >= today:
        return None
    since = timedelta(hours=local.hour, minutes=local.minute - minute)
    return today if timedelta(0) <= since < LATEST else None


def opens_in_s(now: datetime, notified: date | None, settings: Settings, tz: tzinfo | None = None) -> float:
    """Tell in how many seconds `due` may give a day next: 0 while it does, infinite for never.

    See `due` for the parameters. By the clock on the wall: a change to daylight saving comes on top.
    """
    minute = parse_clock(settings.desktop.end_of_day)
    if minute is None:
        return math.inf
    if due(now, notified, settings, tz) is not None:
        return 0.0
    local = now.astimezone(tz)
    start = local.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    return (start - local if start > local else start + timedelta(days=1) - local).total_seconds()


def notice(day: Summary) -> tuple[str, str] | None:
    """Compose the notification of the day so far, a title and a body; None if nothing was watched at all.

    It tells sitting, the longest and breaks, what was hardly judged and why; or why there are no
    figures, if too little is known.
    """
    if not day.watches:
        return None
    title = tr("Your day")
    if day.hidden:
        return title, tr("Too little was seen for figures: {share} of the watched time.", share=share(day.coverage))
    it = day.figures
    longest = lasted(it.bouts.longest, it.bouts.longest_s)
    sitting = lasted(it.sitting, it.sitting_s) if it.sitting.at_most_s else duration(0.0)
    # Translators: as in "Sitting 5 h 02, longest sitting 52 min, 5 breaks."
    if longest == "-":
        said = tr("Sitting {sitting}, {breaks}.", sitting=sitting, breaks=breaks(it))
    else:
        said = tr(
            "Sitting {sitting}, longest sitting {longest}, {breaks}.",
            sitting=sitting,
            longest=longest,
            breaks=breaks(it),
        )
    return title, " ".join([said, *unjudged_lines(day)])
