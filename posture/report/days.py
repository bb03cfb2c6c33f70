"""Ranges of local days, and the week, month or year that a day lies in. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from posture.language import dated, tr


@dataclass(frozen=True)
class Days:
    """A range of local days, first and last included."""

    first: date
    last: date

    @property
    def all(self) -> list[date]:
        """Every day of the range, in order."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def title(self) -> str:
        """The range in words: "Monday 2 March 2026", or "... to ..."."""
        if self.first == self.last:
            return _named(self.first)
        return tr("{first} to {last}", first=_named(self.first), last=_named(self.last))


def week_of(day: date) -> Days:
    """The week, Monday to Sunday, that a day lies in."""
    first = day - timedelta(days=day.weekday())
    return Days(first, first + timedelta(days=6))


def month_of(day: date) -> Days:
    """The month that a day lies in."""
    first = day.replace(day=1)
    return Days(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def year_of(day: date) -> Days:
    """The year that a day lies in."""
    return Days(date(day.year, 1, 1), date(day.year, 12, 31))


def _named(day: date) -> str:
    return dated(day, "%A %-d %B %Y")
