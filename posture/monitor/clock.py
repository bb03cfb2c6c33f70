"""The clock of a watch: seconds that never go back and go on during sleep, and the dates that they stand for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from posture.clock import now_s

JUMP_S = 2.0
"""The calendar counts as set when it is off by this much: NTP slews smaller errors."""


class WallClock:
    """Seconds since a watch began, and the date and time of each; the calendar may be set meanwhile.

    What happened before the calendar was set keeps its old date; what happens later gets the new one. Durations never
    depend on the calendar. `calendar` returns what the machine takes for the time now, aware and UTC.
    """

    def __init__(self, calendar: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._calendar = calendar
        self.restart()

    def restart(self) -> None:
        """Let the watch begin now."""
        self._began_s, self.began = now_s(), self._calendar()
        self._anchors = [(0.0, self.began)]

    def seconds(self, at_s: float | None = None) -> float:
        """Seconds since the beginning, now or at `at_s` of `now_s`."""
        return max(0.0, (now_s() if at_s is None else at_s) - self._began_s)

    def to_utc(self, t_s: float) -> datetime:
        """Date and time, aware and UTC, `t_s` seconds after the beginning."""
        anchor_s, at = next((anchor for anchor in reversed(self._anchors) if anchor[0] <= t_s), self._anchors[0])
        return at + timedelta(seconds=t_s - anchor_s)

    def check(self) -> float:
        """Find out whether the calendar was set, and go by it from now on.

        Gives by how many seconds it jumped; 0 when it did not.
        """
        t_s, at = self.seconds(), self._calendar()
        jump_s = (at - self.to_utc(t_s)).total_seconds()
        if abs(jump_s) < JUMP_S:
            return 0.0
        self._anchors = [*self._anchors[-9:], (t_s, at)]
        return jump_s
