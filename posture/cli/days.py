"""The options that choose days, shared by `posture summary`, `report` and `export`."""

from __future__ import annotations

import argparse
from datetime import date, timedelta

from posture.errors import PostureError
from posture.language import dated, tr
from posture.report.days import Days, month_of, week_of, year_of

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MAX_DAYS = 3660


def add_day_options(parser: argparse.ArgumentParser) -> None:
    """Add --day, --week, --month, --year, --start and --stop."""
    parser.add_argument("--day", metavar="DAY", help=tr("today, yesterday, mon to sun (the last one), or 2026-03-02"))
    parser.add_argument("--week", action="store_true", help=tr("the week, Monday to Sunday, that the day lies in"))
    parser.add_argument("--month", action="store_true", help=tr("the month that the day lies in"))
    parser.add_argument("--year", action="store_true", help=tr("the year that the day lies in"))
    parser.add_argument("--start", metavar="DAY", help=tr("the first of some days"))
    parser.add_argument("--stop", metavar="DAY", help=tr("the last of them; today by default"))


def chosen_days(args: argparse.Namespace, today: date) -> Days:
    """Turn the options into days; PostureError, exit code 2, where they contradict each other, or one is not a day."""
    if sum((args.week, args.month, args.year, bool(args.start or args.stop))) > 1:
        raise PostureError(
            tr("--week, --month, --year and --start with --stop are four ways to say it: use one of them."), 2
        )
    if args.start or args.stop:
        if args.day or not args.start:
            raise PostureError(tr("--stop belongs to --start, and neither to --day: write --start DAY --stop DAY."), 2)
        first = parse_day(args.start, today, "--start")
        last = parse_day(args.stop or "today", today, "--stop")
        if last < first:
            raise PostureError(
                tr("--start {first} is after --stop {last}: write the earlier day first.", first=first, last=last), 2
            )
        if (last - first).days >= _MAX_DAYS:
            raise PostureError(tr("From --start to --stop are more than ten years: choose fewer days."), 2)
        return Days(first, last)
    day = parse_day(args.day or "today", today)
    if args.week:
        return week_of(day)
    if args.month:
        return month_of(day)
    if args.year:
        return year_of(day)
    return Days(day, day)


def around(days: Days, *, beside: bool = True) -> list[tuple[str, Days]]:
    """Name the spans that belong to a day, a week, a month or a year: those it lies in, and those it is made of.

    With `beside` also the one before and the one after. Other spans have none.
    """
    found: list[Days] = []
    steps: list[Days] = []
    kind = _kind(days)
    before, after = days.first - timedelta(days=1), days.last + timedelta(days=1)
    if kind == "day":
        steps = [Days(before, before), Days(after, after)]
        found = [week_of(days.first), month_of(days.first), year_of(days.first)]
    elif kind == "week":
        middle = days.first + timedelta(days=3)
        steps = [week_of(before), week_of(after)]
        found = [month_of(middle), year_of(middle), *(Days(day, day) for day in days.all)]
    elif kind == "month":
        steps = [month_of(before), month_of(after)]
        weeks = dict.fromkeys(week_of(day) for day in days.all)
        found = [year_of(days.first), *weeks, *(Days(day, day) for day in days.all)]
    elif kind == "year":
        steps = [year_of(before), year_of(after)]
        found = list(dict.fromkeys(month_of(day) for day in days.all))
    named = []
    if steps:
        earlier, later = steps
        named = [
            (tr("before: {days}", days=_label(earlier)), earlier),
            (tr("after: {days}", days=_label(later)), later),
        ]
    return [*(named if beside else []), *((_label(other), other) for other in found)]


def _kind(days: Days) -> str:
    kinds = {"week": week_of, "month": month_of, "year": year_of}
    if days.first == days.last:
        return "day"
    return next((name for name, of in kinds.items() if of(days.first) == days), "")


def _label(days: Days) -> str:
    first, last = days.first, days.last
    match _kind(days):
        case "day":
            return dated(first, "%a %-d %b")
        case "week":
            return tr("week {first} to {last}", first=dated(first, "%-d %b"), last=dated(last, "%-d %b"))
        case "month":
            return dated(first, "%B %Y")
        case _:
            return f"{first.year}"


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
            tr(
                "{option} {text!r} is not a day: write today, yesterday, mon to sun, or a date such as 2026-03-02.",
                option=option,
                text=text,
            ),
            2,
        ) from None
    return day
