"""`posture history`: what is stored, whether it is intact, and deleting some of it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from posture.cli.days import parse_day
from posture.cli.keypress import agrees
from posture.errors import PostureError
from posture.language import number, tr, trn
from posture.plain_text import plain


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "history",
        description=tr("Look after what is stored."),
    )
    actions = parser.add_subparsers(title=tr("actions"), dest="action", metavar="ACTION", required=True)
    stats = actions.add_parser("stats", help=tr("where it is, since when, how much"))
    stats.add_argument("--json", action="store_true", help=tr("one JSON object, for other programs"))
    actions.add_parser("check", help=tr("read all of it and say what is wrong; ends with 1 when something is"))
    delete = actions.add_parser("delete", help=tr("delete what lies before a day, for good"))
    delete.add_argument("--before", metavar="DAY", required=True, help=tr("this day and what comes after are kept"))
    delete.add_argument("--yes", action="store_true", help=tr("do not ask"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    from posture.guided.stored import NOTHING_YET
    from posture.paths import history_path
    from posture.plain_file import is_there
    from posture.settings_file import load_settings

    path = history_path(load_settings())
    if not is_there(path) and not (args.action == "stats" and args.json):
        print(tr(NOTHING_YET))
        return 0
    actions = {"stats": _stats, "check": _check, "delete": _delete}
    return actions[args.action](args, path)


def _stats(args: argparse.Namespace, path: Path) -> int:
    from posture.history.store import existing_store

    store = existing_store(path)
    counts, span = {"interval": 0, "point": 0, "distance": 0}, None
    if store is not None:
        with store:
            counts, span = store.count(), store.span()
    size = sum(file.stat().st_size for file in (path, path.with_name(f"{path.name}-wal")) if file.exists())
    if args.json:
        out = {
            "path": str(path),
            "bytes": size,
            "intervals": counts["interval"],
            "points": counts["point"],
            "distances": counts["distance"],
            "first": span[0].astimezone().isoformat() if span else None,
            "last": span[1].astimezone().isoformat() if span else None,
        }
        print(json.dumps(out, indent=2))
        return 0
    print(plain(tr("{file}: {megabytes} MB", file=path, megabytes=number(size / 1e6, 1))))
    held = (
        trn("{n} interval", "{n} intervals", counts["interval"]),
        trn("{n} moment", "{n} moments", counts["point"]),
        trn("{n} distance", "{n} distances", counts["distance"]),
    )
    print(", ".join(held))
    if span:
        first, last = (f"{moment.astimezone():%Y-%m-%d %H:%M}" for moment in span)
        print(tr("from {first} to {last}", first=first, last=last))
    return 0


def _check(args: argparse.Namespace, path: Path) -> int:
    from posture.history.store import Store

    with Store(path, read_only=True) as store:
        problems, counts = store.problems(), store.count()
    if not problems:
        said = trn(
            "All is well: {n} record, and the file is whole.",
            "All is well: {n} records, and the file is whole.",
            sum(counts.values()),
        )
        print(said)
        return 0
    for problem in problems:
        print(plain(problem))
    raise PostureError(
        tr(
            "{path} is not as it should be: `posture export --output FILE` saves what can be read; then move it away.",
            path=path,
        )
    )


def _delete(args: argparse.Namespace, path: Path) -> int:
    from posture.history.removal import remove_before
    from posture.history.store import Store
    from posture.report.summary import day_bounds

    day = parse_day(args.before, date.today(), "--before")
    before = day_bounds(day)[0]
    with Store(path, read_only=True) as store:
        there = sum(store.count(before).values())
    if not there:
        print(tr("Nothing is stored from before {day}.", day=day))
        return 0
    question = trn(
        "Delete {n} record from before {day}, for good?",
        "Delete {n} records from before {day}, for good?",
        there,
        day=day,
    )
    if not args.yes and not _sure(question):
        print(tr("Nothing was deleted."))
        return 1
    deleted = trn(
        "{n} record from before {day} was deleted.",
        "{n} records from before {day} were deleted.",
        remove_before(path, before),
        day=day,
    )
    print(deleted)
    for copy in sorted(path.parent.glob(f"{path.name}.v*")):
        print(plain(tr("A copy from before an update still holds what it held: {copy}", copy=copy)))
    return 0


def _sure(question: str) -> bool:
    if not sys.stdin.isatty():
        raise PostureError(tr("Nobody can be asked whether to delete: add --yes to delete without asking."), 2)
    try:
        return agrees(question)
    except EOFError:
        return False
