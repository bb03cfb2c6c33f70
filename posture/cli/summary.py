"""`posture summary`: how a day or a week was."""

from __future__ import annotations

import argparse
from datetime import date, timedelta

from posture.errors import PostureError

__all__ = ["add_parser", "parse_day", "run"]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "summary",
        help="how a day or a week was",
        description="Show how a day or a week was: how much of it was seen, sitting and breaks, what was held.",
    )
    parser.add_argument(
        "--day", default="today", metavar="DAY", help="today, yesterday, mon to sun (the last one), or 2026-03-02"
    )
    parser.add_argument("--week", action="store_true", help="the week, Monday to Sunday, that the day lies in")
    parser.add_argument("--json", action="store_true", help="one JSON object, for other programs")
    parser.add_argument("--no-color", action="store_true", help="no colour, also on a terminal")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the summary; ends with 0 also when there is nothing to show."""
    from posture.history.records import Memory
    from posture.history.store import existing_store, history_path
    from posture.report.summary import day_bounds, summarise
    from posture.settings_file import load_settings

    day = parse_day(args.day, date.today())
    first = day - timedelta(days=day.weekday()) if args.week else day
    days = [first + timedelta(days=n) for n in range(7)] if args.week else [day]
    settings = load_settings()
    store = existing_store(history_path(settings))
    reader = Memory() if store is None else store
    start, stop = day_bounds(days[0])[0], day_bounds(days[-1])[1]
    records = reader.intervals(start, stop), reader.points(start, stop), reader.distance(start, stop)
    if store is not None:
        store.close()
    whole = summarise(*records, start, stop, settings)
    parts = [(one, summarise(*records, *day_bounds(one), settings)) for one in days] if args.week else []

    if args.json:
        import json

        from posture.report.json import to_json

        out = {"from": str(days[0]), "to": str(days[-1]), **to_json(whole)}
        if args.week:
            out["days"] = [{"day": str(one), **to_json(part)} for one, part in parts]
        print(json.dumps(out, indent=2, ensure_ascii=False))
        return 0

    title = _named(days[0]) if not args.week else f"{_named(days[0])} to {_named(days[-1])}"
    if store is None:
        print("Nothing has been recorded yet. `posture run` watches and records.")
        return 0
    if not whole.watches:
        print(f"Nothing was recorded {'from' if args.week else 'on'} {title}.")
        return 0
    from rich.console import Console

    from posture.report.terminal import show, show_days

    # Rich itself leaves colour out when the output is no terminal, and when NO_COLOR is set.
    console = Console(no_color=True if args.no_color else None, highlight=False)
    show(whole, title, console)
    if args.week:
        console.print()
        show_days([(f"{one:%a %d}", part) for one, part in parts], console)
    return 0


def parse_day(text: str, today: date) -> date:
    """Turn what a user typed into a day.

    Parameters
    ----------
    text : str
        "today", "yesterday", "mon" to "sun" for the last such day (today included), or "2026-03-02".
    today : date

    Raises
    ------
    PostureError
        It is none of these. Exit code 2.
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
            f"--day {text!r} is not a day: write today, yesterday, mon to sun, or a date such as 2026-03-02.", 2
        ) from None
    return day


def _named(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
