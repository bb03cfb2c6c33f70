"""The clock of a live watch: seconds that never go back and go on while the machine sleeps."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta

__all__ = ["WatchClock", "now_s"]

if sys.platform == "linux":

    def now_s() -> float:
        """Seconds since the machine was started, sleep included; the same in every process."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

else:

    def now_s() -> float:
        """Seconds since some beginning; the same in every process."""
        return time.monotonic()


class WatchClock:
    """Seconds since a watch began, and the time of the day they stand for."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """The watch begins now."""
        self.began_s, self.began = now_s(), datetime.now(UTC)

    def seconds(self, at_s: float | None = None) -> float:
        """Seconds since the beginning, now or at `at_s` of `now_s`."""
        return max(0.0, (now_s() if at_s is None else at_s) - self.began_s)

    def to_utc(self, t_s: float) -> datetime:
        """Time of the day, aware and UTC, `t_s` seconds after the beginning."""
        return self.began + timedelta(seconds=t_s)
