"""The calendar and the time zone of the machine may be set while the daemon runs; it goes by them and logs it."""

from __future__ import annotations

from collections.abc import Callable

from posture.clock import follow_time_zone, time_zone
from posture.daemon.logs import Log
from posture.monitor.clock import WallClock


class TimeKeeper:
    """Looks at both; `wall` is the clock of the watch, and `changed` is called when either was set."""

    def __init__(self, log: Log, wall: WallClock, changed: Callable[[], None]) -> None:
        self._log, self._wall, self._changed = log, wall, changed
        self._zone = time_zone()

    def keep(self) -> None:
        """Go by what the machine has now."""
        follow_time_zone()
        before, self._zone = self._zone, time_zone()
        if self._zone != before:
            self._log.write("the time zone has changed", zone=self._zone)
            self._changed()
        if jump_s := self._wall.check():
            self._log.write("the calendar was set", jump_s=round(jump_s, 1))
            self._changed()
