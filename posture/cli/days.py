"""The options that choose days, shared by `posture summary`, `report` and `export`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date, timedelta

from posture.errors import PostureError

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MAX_DAYS = 3660


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
        return f"{_named(self.first)} to {_named(self.last)}"


def add_day_options(parser: argparse.ArgumentParser) -> None:
    """Add --day, --week, --month, --start and --stop."""
    parser.add_argument("--day", metavar="DAY", help="today, yesterday, mon to sun (the last one), or 2026-03-02")
    parser.add_argument("--week", action="store_true", help="the week, Monday to Sunday, that the day lies in")
    parser.add_argument("--month", action="store_true", help="the month that the day lies in")
    parser.add_argument("--start", metavar="DAY", help="the first of some days")
    parser.add_argument("--stop", metavar="DAY", help="the last of them; today by default")


def chosen_days(args: argparse.Namespace, today: date) -> Days:
    """Turn the options into days; PostureError, exit code 2, where they contradict each other, or one is not a day."""
    if sum((args.week, args.month, bool(args.start or args.stop))) > 1:
        raise PostureError("--week, --month and --start with --stop are three ways to say it: use one of them.", 2)
    if args.start or args.stop:
        if args.day or not args.start:
            raise PostureError("--stop belongs to --start, and neither to --day: write --start DAY --stop DAY.", 2)
        first = parse_day(args.start, today, "--start")
        last = parse_day(args.stop or "today", today, "--stop")
        if last < first:
            raise PostureError(f"--start {first} is after --stop {last}: write the earlier day first.", 2)
        if (last - first).days >= _MAX_DAYS:
            raise PostureError("From --start to --stop are more than ten years: choose fewer days.", 2)
        return Days(first, last)
    day = parse_day(args.day or "today", today)
    if args.week:
        first = day - timedelta(days=day.weekday())
        return Days(first, first + timedelta(days=6))
    if args.month:
        first = day.replace(day=1)
        return Days(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    return Days(day, day)


def parse_day(text: str, today: date, option: str = "--day") -> date:
    """Turn what a user typed into a day.

    Parameters
    ----------
    text : str
        "today", "yesterday", "mon" to "sun" for the last such day (today included), or "2026-03-02".
    option : str
        The option's name, for the error message.

    Raises
    ------
    PostureError
        The text is not a day. Exit code 2.
    """
    word = text.strip().lower()
    if word == "today":
        return today
    if word == "yesterday":
        return today - timedelta(days=1)
    if word in _WEEKDAYS:
        return today - timedelta(days=(today.weekday() - _WEEKDAYS.index(word)) % 7)
    try:
        day = date.fromisoformat(word)
        if not 2000 <= day.year <= 9000:
            raise ValueError
    except ValueError:
        raise PostureError(
            f"{option} {text!r} is not a day: write today, yesterday, mon to sun, or a date such as 2026-03-02.", 2
        ) from None
    return day


def _named(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
