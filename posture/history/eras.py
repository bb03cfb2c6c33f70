"""Since when the calendar is as it is: where it was set, and what that makes of a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SET_S = 0.5
"""A calendar that is this much off has been set."""
MOST = 3
"""So many settings are remembered: a record that began before the first of them is cut there for good."""


@dataclass(frozen=True)
class Eras:
    """The times between settings of the calendar, the last `MOST` of them."""

    begun: tuple[tuple[float, datetime], ...] = ()
    """Seconds on the source's clock at which each era began, and the date then; in order."""

    def noted(self, t_s: float, date: datetime) -> Eras:
        """The eras after the calendar was read: one more if it has been set, and without the oldest if too many."""
        if self.begun and abs((date - self.date(t_s)).total_seconds()) < SET_S:
            return self
        return Eras((*self.begun, (t_s, date))[-MOST:])

    def date(self, t_s: float) -> datetime:
        """The date at `t_s`, by the era that it lies in; what lies before the first counts to the first."""
        from_s, date = next((era for era in reversed(self.begun) if era[0] <= t_s), self.begun[0])
        return date + timedelta(seconds=t_s - from_s)

    def pieces(self, start_s: float, start: datetime, until_s: float) -> list[tuple[float, datetime, float]]:
        """Cut what began at `start_s`, on the date `start`, wherever the calendar was set before `until_s`.

        Gives when each piece begins, its date, and when it ends; the last one has no end (infinity).
        """
        cuts = [(start_s, start), *(era for era in self.begun if start_s < era[0] < until_s)]
        ends_s = [*(from_s for from_s, _ in cuts[1:]), float("inf")]
        return [(from_s, date, end_s) for (from_s, date), end_s in zip(cuts, ends_s, strict=True)]
