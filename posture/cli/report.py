"""`posture report`: write a day, a week, a month or a year as one page for the browser."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from posture.atomic_write import output_file
from posture.cli.collector import collector_paused
from posture.cli.days import add_day_options, around, chosen_days
from posture.cli.progress import progress
from posture.errors import PostureError
from posture.language import english_at_hand, tr, tr_safety, trc, trn
from posture.plain_text import plain
from posture.report.days import Days
from posture.show_file import show

if TYPE_CHECKING:
    from posture.coach.exercise import Exercise, Side
    from posture.history.records import Reader
    from posture.settings import Settings

_CHARTS = 8


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "report",
        description=tr(
            "Write one HTML file that says how it was, with figures and charts; it needs nothing else and "
            "sends nothing. Pages beside each other link to each other; --linked writes those around this "
            "one as well."
        ),
    )
    add_day_options(parser)
    parser.add_argument("--output", metavar="FILE", help=tr("where to write it; posture-DAYS.html here by default"))
    parser.add_argument("--open", action="store_true", help=tr("show it in the browser"))
    parser.add_argument("--linked", action="store_true", help=tr("also the pages of its days, weeks and months"))
    parser.add_argument(
        "--sample", action="store_true", help=tr("of an invented week, to see what a report looks like")
    )
    parser.set_defaults(run=run)


@collector_paused()
def run(args: argparse.Namespace) -> int:
    """Write the page and say where it is."""
    from posture.coach.about import topics
    from posture.coach.disclaimer import DISCLAIMER
    from posture.guided.stored import stored_records
    from posture.history.care import care_of
    from posture.history.records import Memory
    from posture.paths import noted_output, report_path
    from posture.report.charts import CALENDAR_DAYS, draw
    from posture.report.page import page
    from posture.report.review import review
    from posture.report.sample import LAST_DAY, sample_zone, write_sample
    from posture.report.summary import day_bounds
    from posture.settings_file import load_settings

    settings, tz = load_settings(), None
    if args.sample:
        if not (args.day or args.week or args.month or args.year or args.start or args.stop):
            args.week = True
        days, tz = chosen_days(args, LAST_DAY), sample_zone()
    else:
        days = chosen_days(args, date.today())
    disclaimer = " ".join(filter(None, (tr_safety(DISCLAIMER), english_at_hand(DISCLAIMER))))
    name = Path(args.output or _file(days, sample=args.sample))
    now, before = datetime.now(UTC), CALENDAR_DAYS - 1
    with ExitStack() as stack:
        bar = stack.enter_context(progress(trc("progress", "report"), len(days.all) + before + _CHARTS))
        done = count(1)

        def step() -> None:
            bar(next(done))

        reader: Reader
        if tz is None:
            reader = stack.enter_context(stored_records(settings))
        else:
            reader = sample = Memory()
            write_sample(sample, tz)
        care = care_of(reader, now)
        programme = _programme(reader, settings)
        all_checks = [(point.at.astimezone(tz).date(), point) for point in care.self_checks]

        def path_of(other: Days) -> Path:
            return name if other == days else name.with_name(_file(other, sample=args.sample))

        def write(days: Days) -> bool:
            """Write the page of some days, unless nothing was recorded on them."""
            found = review(reader, days.all, settings, tz, before=before, on_day=step, now=now)
            if not found.whole.recorded:
                return False
            checks = [point for day, point in all_checks if day <= days.last]
            links = [
                (label, path_of(other).name)
                for label, other in around(days)
                if other in to_write or path_of(other).exists()
            ]
            charts, stretch = draw(found, step), bool(programme)  # empty while a red flag is open
            text = page(found, days.title, charts, disclaimer, programme, topics(), checks, links, may_stretch=stretch)
            # The one that the tray shows is of the daemon; what it held before is no file of the user.
            erase_old = path_of(days).absolute() == report_path().absolute()
            with noted_output(path_of(days)), output_file(path_of(days), erase_old=erase_old) as file:
                file.write(text)
            return True

        def recorded(days: Days) -> bool:
            start, stop = day_bounds(days.first, tz)[0], day_bounds(days.last, tz)[1]
            return bool(reader.intervals(start, stop, "watch") or reader.points(start, stop))

        to_write = {days}
        if args.linked:
            to_write |= {other for _, other in around(days, beside=False) if recorded(other)}
        if not write(days):
            bar.clear()
            if len(days.all) == 1:
                print(tr("Nothing was recorded on {day}: no report written.", day=days.title))
            else:
                print(tr("Nothing was recorded from {days}: no report written.", days=days.title))
            return 0
        linked = sum(write(other) for other in sorted(to_write - {days}, key=lambda other: (other.first, other.last)))
    if linked:
        written = trn(
            "Written: {file}, and {n} page that it links to",
            "Written: {file}, and {n} pages that it links to",
            linked,
            file=name,
        )
        print(plain(written))
    else:
        print(plain(tr("Written: {file}", file=name)))
    if args.open and not show(name.absolute()):
        raise PostureError(tr("No browser could be started: open {output} yourself.", output=name))
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


def _file(days: Days, *, sample: bool) -> str:
    span = str(days.first) if days.first == days.last else f"{days.first}-to-{days.last}"
    return f"posture-{span}{'-sample' * sample}.html"
