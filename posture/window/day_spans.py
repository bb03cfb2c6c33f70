"""The spans of days that the history page shows, and how one goes from one to the next. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from posture.language import dated, tr
from posture.report.days import Days, month_of, week_of

Kind = Literal["day", "week", "month", "year"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""A year is the twelve months up to one."""


@dataclass(frozen=True)
class DaySpan(Days):
    """Local days of a kind, first and last included."""

    kind: Kind

    @property
    def title(self) -> str:
        """The days in words."""
        first, last = self.first, self.last
        match self.kind:
            case "day":
                return dated(first, "%A, %-d %B %Y")
            case "week":
                return tr("{first} to {last}", first=dated(first, "%-d %B"), last=dated(last, "%-d %B %Y"))
            case "month":
                return dated(first, "%B %Y")
            case _:
                return tr("{first} to {last}", first=dated(first, "%B %Y"), last=dated(last, "%B %Y"))

    def turned(self, by: int) -> DaySpan:
        """The span so many before or after this one."""
        match self.kind:
            case "day":
                return span_of("day", self.first + timedelta(days=by))
            case "week":
                return span_of("week", self.first + timedelta(days=7 * by))
            case "month":
                return span_of("month", _month(self.first, by))
            case _:
                return span_of("year", _month(self.last, 12 * by))


def span_of(kind: Kind, day: date) -> DaySpan:
    """The span of a kind that a day lies in; of twelve months the last."""
    match kind:
        case "day":
            found = Days(day, day)
        case "week":
            found = week_of(day)
        case "month":
            found = month_of(day)
        case _:
            found = Days(_month(day, -11), month_of(day).last)
    return DaySpan(found.first, found.last, kind)


def _month(day: date, by: int) -> date:
    """The first day of a month so many before or after that of a day."""
    number = 12 * day.year + day.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)
