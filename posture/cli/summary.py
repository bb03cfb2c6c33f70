"""`posture summary`: sum up a day, a week, a month or a year."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from posture.cli.collector import collector_paused
from posture.cli.days import add_day_options, chosen_days
from posture.errors import PostureError
from posture.language import tr

if TYPE_CHECKING:
    from posture.settings import Settings


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "summary",
        description=tr(
            "Say in a few sentences how a day, a week, a month or a year was, and show its figures: sitting, "
            "breaks, how you sat, and what is usual. posture glossary says what the words mean."
        ),
    )
    add_day_options(parser)
    parser.add_argument("--json", action="store_true", help=tr("one JSON object, for other programs"))
    parser.add_argument("--csv", action="store_true", help=tr("a line a day, for a spreadsheet"))
    parser.add_argument("--no-color", action="store_true", help=tr("no colour, also on a terminal"))
    parser.set_defaults(run=run)


@collector_paused()
def run(args: argparse.Namespace) -> int:
    """Print the summary; having nothing to show is not an error."""
    from posture.guided.stored import NOTHING_YET, stored_records
    from posture.history.care import care_of
    from posture.paths import history_path
    from posture.report.review import review
    from posture.settings_file import load_settings

    if args.json and args.csv:
        raise PostureError(tr("--json and --csv are two forms: use one of them."), 2)
    days = chosen_days(args, date.today())
    settings = load_settings()
    with stored_records(settings) as reader:
        now = datetime.now(UTC)
        found = review(reader, days.all, settings, now=now)
        suspended = care_of(reader, now).suspended
    sentence = _misfit_sentence(settings) if date.today() in days.all else ""

    if args.json:
        from posture.report.json import review_json

        print(json.dumps(review_json(found) | {"misfit": sentence or None}, indent=2, ensure_ascii=False))
        return 0
    if args.csv:
        from posture.report.json import csv_rows
        from posture.report.table import write_csv

        write_csv(csv_rows(found), sys.stdout)
        return 0
    if not history_path(settings).exists():
        print(tr(NOTHING_YET))
        return 0
    if not found.whole.recorded:
        if len(found.days) == 1:
            print(tr("Nothing was recorded on {day}.", day=days.title))
        else:
            print(tr("Nothing was recorded from {days}.", days=days.title))
        return 0
    from posture.cli.terminal import PlainConsole
    from posture.report.terminal import show_review

    # Rich itself uses no colour where the output is no terminal or NO_COLOR is set.
    console = PlainConsole(no_color=True if args.no_color else None)
    show_review(found, days.title, console, exercises=not suspended)
    if sentence:
        from posture.daemon.status_text import MISFIT_HELP

        console.print(f"\n{sentence} {tr(MISFIT_HELP)}")
    return 0


def _misfit_sentence(settings: Settings) -> str:
    """Why the calibration may not fit; empty where nothing says so, and where its file cannot be read."""
    from posture.guided.stored import stored_misfit

    with contextlib.suppress(PostureError):  # the figures stand without it, and doctor says what is wrong
        found = stored_misfit(settings)
        return found.sentence if found is not None else ""
    return ""
