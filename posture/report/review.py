"""A review of some days: everything that a report says, read from the history once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Literal

from posture.coach.asymmetry import DayLean, Finding, shortened_side
from posture.history.records import Reader
from posture.report.figures import Summary
from posture.report.summary import Records, day_bounds
from posture.report.trend import GOAL_DAYS, MIN_TREND_DAYS, TREND_DAYS, Goal, Trend, average, goals
from posture.settings import Settings

Day = tuple[date, Summary]
Than = Literal["weekday", "day", "days", "week", "month", "year"]
"""What days are compared with: the same weekday, the days before a day, as many days before some, or the week, the
month or the year before."""
WEEKDAYS = 4
"""So many of the same weekday before a day are what is usual on it, if enough are known [design choice]."""


@dataclass(frozen=True)
class Usual:
    """What the days are compared with."""

    than: Than
    trend: Trend
    """An average day of it."""
    until: datetime | None = None
    """Aware; of a day that still goes on the time now, and each day before counts up to the same time on its clock."""


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
    """The goals that are set, judged on each day."""
    records: Records
    """The records behind it."""
    settings: Settings
    tz: tzinfo | None
    """The time zone of the days; None is the machine's."""
    usual: Usual | None = None
    """What the days are compared with; None if too little of it is known."""
    goes_on_at: datetime | None = None
    """Aware; when it was made, if one of the days still goes on, else None."""
    leaning: Finding | None = None
    """The side to which the user leaned on most of the last days that were judged, up to the last one."""

    @property
    def running_day(self) -> date | None:
        """The day that still goes on, if it is one of them."""
        return None if self.goes_on_at is None else self.goes_on_at.astimezone(self.tz).date()

    @property
    def past(self) -> tuple[Day, ...]:
        """The days without those that are still to come."""
        today = self.running_day
        return tuple((day, summary) for day, summary in self.days if today is None or day <= today)

    @property
    def months(self) -> tuple[tuple[date, tuple[Summary, ...]], ...]:
        """The days by month, each with its first day, for a list of many days; without months that have nothing."""
        found: dict[date, list[Summary]] = {}
        for day, summary in self.days:
            found.setdefault(day.replace(day=1), []).append(summary)
        return tuple((first, tuple(days)) for first, days in found.items() if any(day.watches for day in days))


def review(
    reader: Reader,
    days: Sequence[date],
    settings: Settings,
    tz: tzinfo | None = None,
    *,
    before: int = TREND_DAYS,
    on_day: Callable[[], None] = lambda: None,
    now: datetime | None = None,
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
    now : datetime or None
        Aware; a day that it lies in still goes on: it is compared with others up to the same time, and is in no
        average. None takes every day for a whole one.
    """
    if any(goal > 0 for goal in astuple(settings.goals)):
        before = max(before, GOAL_DAYS - len(days))
    early = [days[0] - timedelta(days=n) for n in range(before, 0, -1)]
    than, others = _others(days)
    started = min([*early, *others, days[0] - timedelta(days=7 * WEEKDAYS)])
    records = Records(reader, day_bounds(started, tz)[0], day_bounds(days[-1], tz)[1])
    today = None if now is None else now.astimezone(tz).date()
    if today is None or not days[0] <= today <= days[-1]:
        now = today = None

    @cache
    def of(day: date) -> Summary:
        return records.summarise(*day_bounds(day, tz), settings)

    def shown(day: date) -> Day:
        summary = of(day)
        on_day()
        return day, summary

    past, parts = [shown(day) for day in early], [shown(day) for day in days]
    whole = parts[0][1]
    if len(parts) > 1:
        whole = records.summarise(whole.start, parts[-1][1].stop, settings)
    last_days = [summary for _, summary in [*past, *parts]]
    over = [summary for day, summary in parts if day != today]
    if all(summary.hidden for summary in over):
        over = [summary for _, summary in parts]

    def so_far(day: date) -> Summary:
        if now is None:
            return of(day)
        return records.until(day_bounds(day, tz)[0], same_clock(now, day, tz), settings)

    if len(days) > 1:
        usual = Usual(than, average([of(day) for day in others]))
    else:
        usual = Usual("weekday", average([so_far(day) for day in others], MIN_TREND_DAYS), now)
        if usual.trend.known_days < MIN_TREND_DAYS:
            week = [days[0] - timedelta(days=n) for n in range(TREND_DAYS, 0, -1)]
            usual = Usual("day", average([so_far(day) for day in week], MIN_TREND_DAYS), now)
    least = 1 if len(days) > 1 else MIN_TREND_DAYS
    until = today or days[-1]
    leans = [of(until - timedelta(days=n)) for n in range(LEAN_DAYS, -1, -1) if until - timedelta(days=n) >= started]
    return Review(
        whole=whole,
        days=tuple(parts),
        before=tuple(past),
        average_day=average(over),
        trend=average([summary for _, summary in past[-TREND_DAYS:]], MIN_TREND_DAYS),
        goals=goals(last_days, settings, len(parts)),
        records=records,
        settings=settings,
        tz=tz,
        usual=usual if usual.trend.known_days >= least else None,
        goes_on_at=now,
        leaning=_leaning(leans),
    )


LEAN_DAYS = 20
"""So far back lie the days that say to which side somebody leans, as for reminders (`posture.history.care.leaning`)."""


def _leaning(days: Sequence[Summary]) -> Finding | None:
    judged = [day for day in days if day.watches and not day.figures.deviations["lean_left"].hardly_judged]
    return shortened_side([DayLean(day.figures.lean.left_s, day.figures.lean.right_s) for day in judged])


def _others(days: Sequence[date]) -> tuple[Than, list[date]]:
    """The days that these are compared with: the same weekdays before one, or the period before."""
    first, last = days[0], days[-1]
    if len(days) == 1:
        return "weekday", [first - timedelta(days=7 * n) for n in range(WEEKDAYS, 0, -1)]
    than: Than = "days"
    start = first - timedelta(days=len(days))
    ends_month = (last + timedelta(days=1)).day == 1
    if len(days) == 7 and first.weekday() == 0:
        than = "week"
    elif first.day == 1 and ends_month and (first.year, first.month) == (last.year, last.month):
        than, start = "month", (first - timedelta(days=1)).replace(day=1)
    elif (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        than, start = "year", date(first.year - 1, 1, 1)
    return than, [start + timedelta(days=n) for n in range((first - start).days)]


def same_clock(now: datetime, day: date, tz: tzinfo | None) -> datetime:
    """Return the moment of another day at which its local clock shows the same, aware UTC."""
    return datetime.combine(day, now.astimezone(tz).time(), tz).astimezone(UTC)
