"""`posture export`: write what is stored, for other programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TextIO

from posture.atomic_write import output_file
from posture.cli.days import add_day_options, chosen_days
from posture.paths import noted_output


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "export",
        help="what is stored, as json, csv, or for ActivityWatch",
        description="Write what is stored, all of it or some days. `posture import` reads json and csv back.",
    )
    add_day_options(parser)
    parser.add_argument(
        "--format", choices=("json", "csv", "activitywatch"), default="json", help="the form (default %(default)s)"
    )
    parser.add_argument("--output", metavar="FILE", help="where to write it; standard output by default")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the export."""
    from posture.cli.stored import stored_records
    from posture.history.exchange import gather, write_activitywatch, write_csv, write_json
    from posture.report.summary import day_bounds
    from posture.settings_file import load_settings

    start, stop = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
    if args.day or args.week or args.month or args.start or args.stop:
        days = chosen_days(args, date.today())
        start, stop = day_bounds(days.first)[0], day_bounds(days.last)[1]
    with stored_records(load_settings()) as reader:
        records = gather(reader, start, stop)
    with _opened(args.output) as file:
        if args.format == "csv":
            write_csv(records, file)
        elif args.format == "json":
            write_json(records, file)
        else:
            import platform

            write_activitywatch(records, file, platform.node() or "unknown", datetime.now(UTC))
    if args.output:
        print(f"Written: {args.output}, {records.count} records")
    return 0


@contextmanager
def _opened(output: str | None) -> Iterator[TextIO]:
    """Open standard output, or a file that replaces the old one only when it is complete."""
    if output is None:
        yield sys.stdout
        return
    with noted_output(Path(output)), output_file(Path(output)) as file:
        yield file
