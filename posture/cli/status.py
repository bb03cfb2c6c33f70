"""`posture status`: what the daemon sees and does, at a glance."""

from __future__ import annotations

import argparse
import json

from posture.cli.commands import summary_sentence
from posture.language import tr
from posture.output import terminal_columns


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `status`."""
    parser = commands.add_parser(
        "status", description=f"{summary_sentence('status')} {tr('Ends with 1 when it does not run.')}"
    )
    parser.add_argument("--json", action="store_true", help=tr("one JSON object, for other programs"))
    parser.add_argument(
        "--bars",
        action="store_true",
        help=tr("also how near each deviation was to its threshold at the last look"),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask the daemon, and show what it says."""
    from posture.control.channel import ask
    from posture.control.protocol import NotRunningError

    try:
        status = ask("status")
    except NotRunningError as error:
        if not args.json:
            raise
        print(json.dumps({"v": 1, "state": "not running", "error": str(error)}))
        return 1
    if args.json:
        print(json.dumps(status, indent=2, ensure_ascii=False))
    else:
        show_status(status, bars=args.bars)
    return 0


def show_status(status: dict[str, object], *, bars: bool = False) -> None:
    """Print a status as people read it."""
    from posture.cli.printable import is_plain, printable
    from posture.daemon.status import Status
    from posture.daemon.status_text import level_lines, status_lines

    shown = Status.from_json(status)
    lines = status_lines(shown)
    if bars:
        lines += ["", *level_lines(shown, terminal_columns(), plain=is_plain())]
    print(printable("\n".join(lines)))
