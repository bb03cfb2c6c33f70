"""`posture export`: write what is stored, for other programs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from posture.atomic_write import output_file
from posture.cli.collector import collector_paused
from posture.cli.days import add_day_options, chosen_days
from posture.errors import PostureError
from posture.language import tr, trn
from posture.plain_text import plain

if TYPE_CHECKING:
    from posture.history.records import Reader
from posture.paths import noted_output


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "export",
        description=tr("Write what is stored, all of it or some days. `posture import` reads json and csv back."),
    )
    add_day_options(parser)
    parser.add_argument(
        "--format", choices=("json", "csv", "activitywatch"), default="json", help=tr("the form (default %(default)s)")
    )
    parser.add_argument("--output", metavar="FILE", help=tr("where to write it; standard output by default"))
    parser.set_defaults(run=run)


@collector_paused()
def run(args: argparse.Namespace) -> int:
    """Write the export."""
    from posture.guided.stored import stored_records
    from posture.history.exchange import gather, write_activitywatch, write_csv, write_json
    from posture.history.store import DamagedError
    from posture.paths import history_path
    from posture.settings_file import load_settings

    start, stop = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
    if args.day or args.week or args.month or args.year or args.start or args.stop:
        from posture.report.summary import day_bounds

        days = chosen_days(args, date.today())
        start, stop = day_bounds(days.first)[0], day_bounds(days.last)[1]
    settings = load_settings()
    try:
        with stored_records(settings) as reader:
            records = gather(reader, start, stop)
    except DamagedError as error:
        records = gather(_rescued(history_path(settings), error), start, stop)
    with _opened(args.output) as file:
        if args.format == "csv":
            write_csv(records, file)
        elif args.format == "json":
            write_json(records, file)
        else:
            from posture.machine import host_name

            write_activitywatch(records, file, host_name() or "unknown", datetime.now(UTC))
    if args.output:
        written = trn("Written: {file}, {n} record", "Written: {file}, {n} records", records.count, file=args.output)
        print(plain(written))
    return 0


def _rescued(path: Path, error: PostureError) -> Reader:
    """Read what can be read of a damaged history, and say so; raises the error where that is nothing."""
    from posture.history.records import Distance, Interval, Memory, Point
    from posture.history.rescue import readable_records

    memory, number = Memory(), 0
    for record in dict.fromkeys(readable_records(path)):
        number += 1
        memory.write(
            [record] if isinstance(record, Interval) else [],
            [record] if isinstance(record, Point) else [],
            [record] if isinstance(record, Distance) else [],
        )
    if not number:
        raise error
    print(tr("posture: {error} Exported is what can be read of it.", error=error), file=sys.stderr)
    return memory


@contextmanager
def _opened(output: str | None) -> Iterator[TextIO]:
    """Open standard output, or a file that replaces the old one only when it is complete."""
    if output is None:
        yield sys.stdout
        return
    with noted_output(Path(output)), output_file(Path(output)) as file:
        yield file
