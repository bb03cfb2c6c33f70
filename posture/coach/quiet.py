"""Quiet hours of the local day, such as 22:00-07:00. Pure."""

from __future__ import annotations

from posture.settings import parse_hours


def in_hours(local_minute: int, hours: str) -> bool:
    """Whether a minute of the local day, since midnight, lies in one of the given spans.

    They are written as `posture.settings.parse_hours` reads them; one that ends before it begins passes midnight.
    """
    return any(
        start <= local_minute < stop if start < stop else local_minute >= start or local_minute < stop
        for start, stop in parse_hours(hours)
    )
