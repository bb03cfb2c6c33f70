"""When something happened, by the calendar. A watch counts on a clock that never jumps; this one minds the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from posture.clock import WatchClock

__all__ = ["WallClock"]

JUMP_S = 2.0
"""A calendar that is this much off has been set: NTP slews what is less."""


def _utc() -> datetime:
    return datetime.now(UTC)


class WallClock(WatchClock):
    """The clock of a watch that lasts for days, over which the calendar may be set.

    What happened before the calendar was set keeps the date it had then; what happens later has the new one. How long
    something lasted is never asked of the calendar.

    Parameters
    ----------
    calendar : callable
        The machine's idea of UTC now.
    """

    def __init__(self, calendar: Callable[[], datetime] = _utc) -> None:
        self._calendar = calendar
        super().__init__()

    def restart(self) -> None:
        """The watch begins now."""
        super().restart()
        self._anchors = [(0.0, self._calendar())]

    def to_utc(self, t_s: float) -> datetime:
        """Time of the day, aware and UTC, `t_s` seconds after the beginning."""
        anchor_s, at = next((one for one in reversed(self._anchors) if one[0] <= t_s), self._anchors[0])
        return at + timedelta(seconds=t_s - anchor_s)

    def check(self) -> float:
        """Look whether the calendar was set, and go by it from now on.

        Returns
        -------
        float
            By how many seconds it jumped; 0 when it did not.
        """
        t_s, at = self.seconds(), self._calendar()
        jump_s = (at - self.to_utc(t_s)).total_seconds()
        if abs(jump_s) < JUMP_S:
            return 0.0
        self._anchors = [*self._anchors[-9:], (t_s, at)]
        return jump_s
