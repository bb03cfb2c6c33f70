"""What every room means by now, and where a moment lies in the local week."""

from __future__ import annotations

import sys
import time
from datetime import datetime

if sys.platform == "linux":

    def now_s() -> float:
        """Seconds since the machine was started, sleep included; the same in every process."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

else:

    def now_s() -> float:
        """Seconds since some beginning; the same in every process."""
        return time.monotonic()


def local_minute(at: datetime) -> int:
    """Minutes from local midnight to `at`, an aware time."""
    local = at.astimezone()
    return local.hour * 60 + local.minute


def local_second(at: datetime) -> float:
    """Seconds since the local minute of `at`, an aware time, began."""
    local = at.astimezone()
    return local.second + local.microsecond / 1e6


def local_weekday(at: datetime) -> int:
    """The local weekday of `at`, an aware time; Monday is 0."""
    return at.astimezone().weekday()
