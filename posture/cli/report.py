"""`posture report`: write a day, a week or a month as one page for the browser."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from posture.atomic_write import output_file
from posture.cli.days import Days, add_day_options, chosen_days
from posture.cli.progress import progress
from posture.errors import PostureError
from posture.plain_text import plain

if TYPE_CHECKING:
    from posture.coach.exercise import Exercise, Side
    from posture.history.records import Reader
    from posture.settings import Settings

_CHARTS = 8


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "report",
        help="a day, a week or a month as a page with charts",
        description="Write one HTML file with figures and charts; it needs nothing else and sends nothing.",
    )
    add_day_options(parser)
    parser.add_argument("--output", metavar="FILE", help="where to write it; posture-DAYS.html here by default")
    parser.add_argument("--open", action="store_true", help="show it in the browser")
    parser.add_argument("--sample", action="store_true", help="of an invented week, to see what a report looks like")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the page and say where it is."""
    from posture.coach.about import topics
    from posture.coach.safety import DISCLAIMER
    from posture.guided.stored import stored_records
    from posture.history.care import care_of
    from posture.history.records import Memory
    from posture.paths import noted_output, report_path
    from posture.report.charts import CALENDAR_DAYS, draw
    from posture.report.page import page
    from posture.report.review import review
    from posture.report.sample import LAST_DAY, sample_zone, write_sample
    from posture.settings_file import load_settings

    settings, tz = load_settings(), None
    if args.sample:
        if not (args.day or args.week or args.month or args.start or args.stop):
            args.week = True
        days, tz = chosen_days(args, LAST_DAY), sample_zone()
    else:
        days = chosen_days(args, date.today())
    output = Path(args.output or f"posture-{_short(days)}{'-sample' * args.sample}.html")
    before = CALENDAR_DAYS - 1
    with ExitStack() as stack:
        bar = stack.enter_context(progress("report", len(days.all) + before + _CHARTS))
        done = count(1)

        def step() -> None:
            bar(next(done))

        reader: Reader
        if tz is None:
            reader = stack.enter_context(stored_records(settings))
        else:
            reader = sample = Memory()
            write_sample(sample, tz)
        found = review(reader, days.all, settings, tz, before=before, on_day=step)
        checks = [
            point
            for point in care_of(reader, datetime.now(UTC)).self_checks
            if point.at.astimezone(tz).date() <= days.last
        ]
        checked = any(point.at.astimezone(tz).date() >= days.first for point in checks)
        if not (found.whole.watches or found.whole.pain or found.whole.tension or checked):
            bar.clear()
            print(f"Nothing was recorded {'on' if len(found.days) == 1 else 'from'} {days.title}: no report written.")
            return 0
        text = page(found, days.title, draw(found, step), DISCLAIMER, _programme(reader, settings), topics(), checks)
    # The one that the tray shows is of the daemon; what it held before is no file of the user.
    erase_old = output.absolute() == report_path().absolute()
    with noted_output(output), output_file(output, erase_old=erase_old) as file:
        file.write(text)
    print(plain(f"Written: {output}"))
    if args.open:
        _show(output)
    return 0


def _programme(reader: Reader, settings: Settings) -> list[tuple[Exercise, Side]]:
    """Give this week's exercises, each with its first side; none while a red flag is open."""
    from posture.guided.stored import stored_records
    from posture.history.care import care_of
    from posture.history.planned import planned

    now, coach = datetime.now(UTC), settings.coach
    with stored_records(settings) as own:  # what the user's own history says counts beside invented days as well
        care = care_of(own, now)
    if care_of(reader, now).suspended:
        return []
    items = planned(reader, care, coach, now, coach.plan_s / 60.0).items
    first: Side = "right" if coach.first_side == "right" else "left"
    return [(item.exercise, first if coach.first_side != "auto" else item.side or first) for item in items]


def _short(days: Days) -> str:
    return str(days.first) if days.first == days.last else f"{days.first}-to-{days.last}"


def _show(output: Path) -> None:
    import webbrowser

    if not webbrowser.open(output.absolute().as_uri()):
        raise PostureError(f"No browser could be started: open {output} yourself.")
