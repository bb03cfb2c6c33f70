"""Whether the machine runs on battery, and whether the watch pauses for that."""

from __future__ import annotations

from collections.abc import Callable

from posture.clock import now_s
from posture.desktop.battery import on_battery
from posture.settings import Settings

BATTERY_S = 10.0
"""How old an answer may be: on many machines asking a battery takes longer than a look [design choice]."""


class Power:
    """What the machine runs on.

    Parameters
    ----------
    settings : callable
        Returns the present settings.
    asked : callable
        Asks the system, see `posture.desktop.battery.on_battery`.
    clock : callable
        Seconds that never go back.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        asked: Callable[[], bool | None] = on_battery,
        clock: Callable[[], float] = now_s,
    ) -> None:
        self._settings, self._asked, self._clock = settings, asked, clock
        self._found, self._asked_s = False, float("-inf")

    def on_battery(self) -> bool:
        """Whether it runs on battery, as of the last 10 s; any thread may ask."""
        if self._clock() - self._asked_s >= BATTERY_S:
            self._asked_s = self._clock()
            self._found = self._asked() is True
        return self._found

    def forget(self) -> None:
        """Ask again the next time: somebody wants to know how it is now."""
        self._asked_s = float("-inf")

    @property
    def effect(self) -> str:
        """What is done about running on battery, see `camera.on_battery`; empty on mains."""
        return self._settings().camera.on_battery if self.on_battery() else ""

    @property
    def due_in_s(self) -> float:
        """In how many seconds it may have to be noticed that the machine was plugged in, or is no longer."""
        return BATTERY_S if self._settings().camera.on_battery == "pause" else float("inf")
