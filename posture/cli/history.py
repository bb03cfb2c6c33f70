"""`posture history`: what is stored, whether it is intact, and deleting some of it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from posture.cli.days import parse_day
from posture.cli.keypress import answer_to
from posture.errors import PostureError
from posture.plain_text import plain


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "history",
        help="what is stored: how much, whether it is whole, delete",
        description="Look after what is stored.",
    )
    actions = parser.add_subparsers(title="actions", dest="action", metavar="ACTION", required=True)
    stats = actions.add_parser("stats", help="where it is, since when, how much")
    stats.add_argument("--json", action="store_true", help="one JSON object, for other programs")
    actions.add_parser("check", help="read all of it and say what is wrong; ends with 1 when something is")
    delete = actions.add_parser("delete", help="delete what lies before a day, for good")
    delete.add_argument("--before", metavar="DAY", required=True, help="this day and what comes after are kept")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    from posture.guided.stored import NOTHING_YET
    from posture.paths import history_path
    from posture.settings_file import load_settings

    path = history_path(load_settings())
    try:
        there = path.exists()
    except OSError:
        there = True  # such as a folder that may not be entered: opening it reports that
    if not there and not (args.action == "stats" and args.json):
        print(NOTHING_YET)
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
    print(plain(f"{path}: {size / 1e6:.1f} MB"))
    print(f"{counts['interval']} intervals, {counts['point']} moments, {counts['distance']} distances")
    if span:
        print(f"from {span[0].astimezone():%Y-%m-%d %H:%M} to {span[1].astimezone():%Y-%m-%d %H:%M}")
    return 0


def _check(args: argparse.Namespace, path: Path) -> int:
    from posture.history.store import Store

    with Store(path, read_only=True) as store:
        problems, counts = store.problems(), store.count()
    if not problems:
        print(f"All is well: {sum(counts.values())} records, and the file is whole.")
        return 0
    for problem in problems:
        print(plain(problem))
    raise PostureError(
        f"{path} is not as it should be: `posture export --output FILE` saves what can be read; then move it away."
    )


def _delete(args: argparse.Namespace, path: Path) -> int:
    from posture.history.removal import remove_before
    from posture.history.store import Store
    from posture.report.summary import day_bounds

    day = parse_day(args.before, date.today(), "--before")
    before = day_bounds(day)[0]
    with Store(path, read_only=True) as store:
        number = sum(store.count(before).values())
    if not number:
        print(f"Nothing is stored from before {day}.")
        return 0
    if not args.yes and not _sure(f"Delete {number} records from before {day}, for good?"):
        print("Nothing was deleted.")
        return 1
    print(f"{remove_before(path, before)} records from before {day} were deleted.")
    for copy in sorted(path.parent.glob(f"{path.name}.v*")):
        print(plain(f"A copy from before an update still holds what it held: {copy}"))
    return 0


def _sure(question: str) -> bool:
    if not sys.stdin.isatty():
        raise PostureError("Nobody can be asked whether to delete: add --yes to delete without asking.", 2)
    try:
        return answer_to(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False
