"""Hours of the local day, such as 22:00-07:00."""

from __future__ import annotations

__all__ = ["in_hours"]


def in_hours(local_minute: int, hours: str) -> bool:
    """Whether a minute of the local day lies in any of the given spans.

    Parameters
    ----------
    local_minute : int
        Minutes since local midnight.
    hours : str
        Spans as ``HH:MM-HH:MM``, comma-separated; one that ends before it begins goes over midnight. Empty for none.

    Raises
    ------
    ValueError
        The text has another form; settings are checked when they are read, so a user never sees it.
    """
    return any(_in_span(local_minute, span.strip()) for span in hours.split(",") if span.strip())


def _in_span(local_minute: int, span: str) -> bool:
    start, stop = (_minute(part) for part in span.split("-"))
    if start <= stop:
        return start <= local_minute < stop
    return local_minute >= start or local_minute < stop


def _minute(clock: str) -> int:
    hour, minute = clock.strip().split(":")
    return int(hour) * 60 + int(minute)
