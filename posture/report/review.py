"""A review of some days: everything that a report says, read from the history once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta, tzinfo

from posture.history.records import Reader
from posture.report.figures import Summary
from posture.report.summary import Records, day_bounds
from posture.report.trend import GOAL_DAYS, MIN_TREND_DAYS, TREND_DAYS, Goal, Trend, average, goals
from posture.settings import Settings

Day = tuple[date, Summary]


@dataclass(frozen=True)
class Review:
    """A review of consecutive local days."""

    whole: Summary
    """All days together; for a single day, that day."""
    days: tuple[Day, ...]
    """Each day."""
    before: tuple[Day, ...]
    """The days before the first one, in order, as many as were asked for."""
    average_day: Trend
    """The average over the days."""
    trend: Trend
    """The average over the 7 days before the first one."""
    goals: tuple[Goal, ...]
    """The goals that are set, judged on the last day."""
    records: Records
    """The records behind it."""
    settings: Settings
    tz: tzinfo | None
    """The time zone of the days; None is the machine's."""

    @property
    def listed(self) -> tuple[Day, ...]:
        """The days to list: if there are many, only those on which something was watched."""
        return tuple((day, summary) for day, summary in self.days if len(self.days) <= 31 or summary.watches)


def review(
    reader: Reader,
    days: Sequence[date],
    settings: Settings,
    tz: tzinfo | None = None,
    *,
    before: int = TREND_DAYS,
    on_day: Callable[[], None] = lambda: None,
) -> Review:
    """Review local days.

    Parameters
    ----------
    days : sequence of date
        Consecutive days, in order.
    tz : tzinfo or None
        The time zone of the days; None is the machine's.
    before : int
        How many days before them to summarise as well, at least 7.
    on_day : callable
        Called after each day, for a progress line.
    """
    if any(goal > 0 for goal in astuple(settings.goals)):
        before = max(before, GOAL_DAYS - len(days))
    early = [days[0] - timedelta(days=n) for n in range(before, 0, -1)]
    records = Records(reader, day_bounds((early or list(days))[0], tz)[0], day_bounds(days[-1], tz)[1])

    def of(day: date) -> Day:
        summary = records.summarise(*day_bounds(day, tz), settings)
        on_day()
        return day, summary

    past, parts = [of(day) for day in early], [of(day) for day in days]
    whole = parts[0][1]
    if len(parts) > 1:
        whole = records.summarise(whole.start, parts[-1][1].stop, settings)
    last_days = [summary for _, summary in [*past, *parts][-GOAL_DAYS:]]
    return Review(
        whole=whole,
        days=tuple(parts),
        before=tuple(past),
        average_day=average([summary for _, summary in parts]),
        trend=average([summary for _, summary in past[-TREND_DAYS:]], MIN_TREND_DAYS),
        goals=goals(last_days, settings),
        records=records,
        settings=settings,
        tz=tz,
    )
