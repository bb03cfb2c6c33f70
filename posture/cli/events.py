"""`posture events` and `posture logs`: what happens, and what the daemon has noted."""

from __future__ import annotations

import argparse
import json
import os
import time
from datetime import UTC, datetime
from typing import TextIO

from posture.cli.commands import summary_sentence
from posture.errors import PostureError
from posture.language import tr


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both."""
    more = tr("Presence, deviations, bouts, reminders and their answers, pauses. docs/commands.md promises the keys.")
    events = commands.add_parser("events", description=f"{summary_sentence('events')} {more}")
    events.add_argument("-f", "--follow", action="store_true", help=tr("go on with what comes, until Ctrl-C"))
    events.add_argument(
        "-n",
        "--lines",
        type=int,
        metavar="N",
        help=tr("begin with the last N, up to 200 (default 20; 0 with --follow)"),
    )
    events.add_argument("--json", action="store_true", help=tr("a JSON object a line"))
    events.set_defaults(run=_events)
    logs = commands.add_parser("logs", description=summary_sentence("logs"))
    logs.add_argument("-f", "--follow", action="store_true", help=tr("go on with what comes, until Ctrl-C"))
    logs.add_argument(
        "-n",
        "--lines",
        type=int,
        default=50,
        metavar="N",
        help=tr("the last N lines (default %(default)s)"),
    )
    logs.add_argument("--json", action="store_true", help=tr("as it stands in the file: a JSON object a line"))
    logs.set_defaults(run=_logs)


def _events(args: argparse.Namespace) -> int:
    import sys

    from posture.control.channel import ask, follow

    most = args.lines if args.lines is not None else 0 if args.follow else 20

    def show(event: dict[str, object]) -> None:
        print(json.dumps(event, ensure_ascii=False) if args.json else _event_line(event), flush=True)

    if not args.follow:
        for event in ask("events", recent=most).get("recent", ()):
            show(event)
        return 0
    told = follow(most, sys.stdout.fileno())
    first = next(told)
    for event in first["recent"]:
        show(event)
    if args.json:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        show({"v": 1, "at": now, "event": "now", "status": first["status"]})
    for event in told:
        show(event)
    return 0


def _event_line(event: dict[str, object]) -> str:
    """An event as people read it, in local time."""
    from posture.daemon.logs import log_line

    at = datetime.fromisoformat(str(event["at"])).astimezone()
    rest = {key: value for key, value in event.items() if key not in ("v", "at") and value not in (None, "", [])}
    return log_line(json.dumps({"at": at.isoformat(), **rest}))


def _logs(args: argparse.Namespace) -> int:
    from collections import deque

    from posture.daemon.logs import log_line
    from posture.paths import log_path
    from posture.plain_file import open_plain
    from posture.plain_text import plain

    path = log_path()

    def opened() -> TextIO:
        return os.fdopen(open_plain(path), "r", encoding="utf-8", errors="replace", newline="\n")

    def show(line: str) -> None:
        print(plain(line.rstrip("\n")) if args.json else log_line(line.rstrip("\n")), flush=True)

    try:
        file = opened()
    except FileNotFoundError:
        raise PostureError(tr("There is no log yet: posture start begins one.")) from None
    except OSError as error:
        raise PostureError(
            tr(
                "The log {path} cannot be read ({reason}): check it, or move it away.",
                path=path,
                reason=error.strerror,
            )
        ) from None
    for line in deque(file, max(0, args.lines)):
        show(line)
    while args.follow:
        line = file.readline()
        if line:
            show(line)
            continue
        time.sleep(0.2)
        try:
            if path.stat().st_ino != os.fstat(file.fileno()).st_ino:
                file = opened()  # the log was rotated
        except OSError:
            continue
    return 0
