"""Quiet hours of the local week, such as 22:00-07:00 or Sat-Sun. Pure."""

from __future__ import annotations

from datetime import date

from posture.language import dated, tr
from posture.settings import parse_hours

DAY = 1440
WEEK = 7 * DAY
"""Minutes."""


def in_hours(local_minute: int, hours: str, weekday: int = 0) -> bool:
    """Whether a minute of the local day, since midnight, lies in one of the given spans; Monday is weekday 0.

    They are written as `posture.settings.parse_hours` reads them; one that ends before it begins passes midnight.
    """
    return quiet_min(local_minute, hours, weekday) > 0


def quiet_min(local_minute: int, hours: str, weekday: int) -> int:
    """In how many minutes the spans that a minute lies in are over, with what follows on them; 0 if it is in none.

    A week where they never end.
    """
    spans = []
    for span in parse_hours(hours):
        for day in span.days:
            start = day * DAY + span.start
            spans.append((start, start + (span.end - span.start) % DAY if span.end != DAY else (day + 1) * DAY))
    first = weekday * DAY + local_minute
    until = first
    while until < first + WEEK:
        ends = [until + end - at for start, end in spans for at in ((until - start) % WEEK + start,) if at < end]
        if not ends:
            break
        until = max(ends)
    return min(until - first, WEEK)


def quiet_words(local_minute: int, hours: str, weekday: int) -> str:
    """Say until when it is quiet: ``quiet hours until 07:00``; empty where it is not."""
    left = quiet_min(local_minute, hours, weekday)
    if not left:
        return ""
    if left >= WEEK:
        return tr("quiet hours")
    day, minute = divmod((weekday * DAY + local_minute + left) % WEEK, DAY)
    clock = f"{minute // 60:02}:{minute % 60:02}"
    if left < DAY:
        return tr("quiet hours until {time}", time=clock)
    return tr("quiet hours until {weekday} {time}", weekday=dated(date(2024, 1, 1 + day), "%A"), time=clock)
