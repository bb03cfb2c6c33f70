"""What every room means by now, and the minute of the local day."""

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
