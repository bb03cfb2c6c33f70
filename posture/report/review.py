"""Everything that a report on some days says, read from the history once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from posture.history.records import Reader
from posture.report.summary import Records, Summary, day_bounds
from posture.report.trend import GOAL_DAYS, MIN_TREND_DAYS, TREND_DAYS, Goal, Trend, average, goals
from posture.settings import Settings

__all__ = ["Day", "Review", "review"]

Day = tuple[date, Summary]


@dataclass(frozen=True)
class Review:
    """Some local days, reviewed.

    Attributes
    ----------
    whole : Summary
        All of them together; of a single day the same as that day.
    days : tuple of (date, Summary)
        Each of them.
    before : tuple of (date, Summary)
        The days before the first that were asked for as well, in order.
    average_day : Trend
        The average of the days.
    trend : Trend
        The average of the 7 days before the first.
    goals : tuple of Goal
        The goals that are set, judged on the last day.
    records : Records
        What it was made of.
    settings : Settings
    tz : tzinfo or None
        The time zone of the days; None is the machine's.
    """

    whole: Summary
    days: tuple[Day, ...]
    before: tuple[Day, ...]
    average_day: Trend
    trend: Trend
    goals: tuple[Goal, ...]
    records: Records
    settings: Settings
    tz: tzinfo | None

    @property
    def listed(self) -> tuple[Day, ...]:
        """The days to list: of many only those with something watched."""
        return tuple(one for one in self.days if len(self.days) <= 31 or one[1].watches)


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
    reader : Reader
    days : sequence of date
        One after the other, without a gap.
    settings : Settings
    tz : tzinfo or None
        The time zone of the days; None is the machine's.
    before : int
        How many days before them are wanted, at least 7.
    on_day : callable
        Called when a day is done, for a progress bar.

    Returns
    -------
    Review
    """
    if _any_goal(settings):
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
    last_days = [one for _, one in [*past, *parts][-GOAL_DAYS:]]
    return Review(
        whole=whole,
        days=tuple(parts),
        before=tuple(past),
        average_day=average([one for _, one in parts]),
        trend=average([one for _, one in past[-TREND_DAYS:]], MIN_TREND_DAYS),
        goals=goals(last_days, settings),
        records=records,
        settings=settings,
        tz=tz,
    )


def _any_goal(settings: Settings) -> bool:
    return settings.goals.longest_bout_s > 0 or settings.goals.breaks_per_hour > 0 or settings.goals.sitting_s > 0
