"""`posture forget`: remove what is stored, for good, and prove that it is gone."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from posture.cli.keypress import agrees
from posture.errors import PostureError
from posture.file_system import in_use
from posture.language import language, listed, number, tr, trn
from posture.plain_text import plain

if TYPE_CHECKING:
    from posture.history.store import Store
    from posture.kept_files import Places
    from posture.settings import Settings

PROVEN_BY = 200
"""How many of the removed times are searched for, byte by byte, in what is left."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "forget",
        description=tr(
            "Remove what posture has kept of you, from the files themselves, and look whether it is gone. "
            "Your settings stay, and so do reports and exports, which lie where you put them."
        ),
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--before", metavar="DAY", help=tr("what lies before a day; that day and what comes after are kept")
    )
    what.add_argument("--all", action="store_true", help=tr("everything, calibrations and logs too"))
    parser.add_argument("--yes", action="store_true", help=tr("do not ask"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Remove it, and prove that it is gone."""
    from posture.cli.days import parse_day
    from posture.control.instance import daemon_pid
    from posture.paths import places
    from posture.settings_file import load_settings

    settings = load_settings()
    where = places(settings)
    if args.before:
        return _before(parse_day(args.before, date.today(), "--before"), where, yes=args.yes)
    if daemon_pid() is not None:
        raise PostureError(tr("posture is running, and would keep new things at once: run posture stop first."))
    return _all(settings, where, yes=args.yes)


# -- before a day -----------------------------------------------------------------------------------------------------


def _before(day: date, where: Places, *, yes: bool) -> int:
    from posture.erase import empty, erase
    from posture.history.removal import remove_before
    from posture.history.store import Store
    from posture.kept_files import kept_files
    from posture.report.summary import day_bounds

    moment = day_bounds(day)[0]
    histories = [path for path in (where.history, *where.former) if path.exists()]
    # What shows days, and cannot be removed day by day: old copies, the report shown last, what was left half done.
    whole = [file.path for file in kept_files(where) if _is_of_days(file.path, where)]
    logs = sorted(where.state.glob("daemon.log*"))
    in_log = sum(_lines_before(path, moment) for path in logs)
    gone: dict[Path, list[int]] = {}
    records = 0
    for history in histories:
        with Store(history, read_only=True) as store:
            records += sum(store.count(moment).values())
            gone[history] = _times(store, moment)
    if not records and not in_log and not whole:
        print(tr("Nothing is kept from before {day}.", day=day))
        return 0
    removed = _what(records, in_log, whole)
    _ask(tr("Remove {removed} from before {day}, for good?", removed=removed, day=day), yes=yes)
    for path in whole:  # first, since that makes room
        with _explained(path):
            try:
                erase(path)
            except OSError as error:
                if not in_use(error) or path.name != "daemon.err":
                    raise
                empty(path)  # a daemon that runs has it open
    for path in logs:
        with _explained(path):
            _rewrite(path, moment)
    for history in histories:
        remove_before(history, moment)
        with Store(history, read_only=True) as store:
            left = sum(store.count(moment).values())
        _prove(history, gone[history], left)
    print(tr("Gone: {removed} from before {day}; none of it is found in the files any more.", removed=removed, day=day))
    return 0


def _is_of_days(path: Path, where: Places) -> bool:
    if path.name.startswith((f"{where.history.name}.v", f"{where.history.name}.damaged-")):
        return True
    return path.name in ("report.html", "daemon.err") or path.name.startswith((".report-", ".posture-"))


def _what(records: int, in_log: int, whole: list[Path]) -> str:
    parts = [
        trn("{n} record", "{n} records", records),
        trn("{n} line of the log", "{n} lines of the log", in_log),
    ]
    copies = sum(".sqlite3." in path.name and not path.name.endswith(("-wal", "-shm")) for path in whole)
    if copies:
        parts.append(trn("{n} old copy of the whole history", "{n} old copies of the whole history", copies))
    if any(path.name.endswith(".html") or path.name.startswith(".") for path in whole):
        parts.append(tr("the report that was shown last"))
    return listed(parts)


def _times(store: Store, moment: datetime) -> list[int]:
    """Give times, in microseconds, that occur only in records that are about to be removed."""
    beginning = datetime(1970, 1, 1, tzinfo=UTC)
    far = datetime(9999, 1, 1, tzinfo=UTC)

    def us(at: datetime) -> int:
        return round((at - beginning).total_seconds() * 1e6)

    intervals, points = store.intervals(beginning, far), store.points(beginning, far)
    kept = {us(point.at) for point in points if point.at >= moment}
    gone = {us(point.at) for point in points}
    for interval in intervals:
        kept.add(us(interval.end))
        (kept if interval.end > moment else gone).add(us(interval.start))
    found = sorted(gone - kept)
    return found[:: max(1, len(found) // PROVEN_BY)]


def _prove(history: Path, gone: list[int], left: int) -> None:
    """Search for removed times, as SQLite writes them, in the file, its WAL and its free pages."""
    from posture.history.image import wal_of

    wal = wal_of(history)
    files = [history, *(wal.with_name(wal.name.removesuffix("-wal") + end) for end in ("-wal", "-journal", "-shm"))]
    content = b"".join(file.read_bytes() for file in files if file.exists())
    # A number of this size is stored as 8 bytes, the most significant first (SQLite's record format).
    found = sum(us.to_bytes(8, "big") in content for us in gone)
    if left or found:
        raise PostureError(
            trn(
                "{n} trace is still in {file}, because another program reads it: close what shows the history, such "
                "as posture summary, then try again.",
                "{n} traces are still in {file}, because another program reads it: close what shows the history, such "
                "as posture summary, then try again.",
                max(left, found),
                file=history,
            )
        )


def _lines_before(path: Path, moment: datetime) -> int:
    """How many lines of a log are from before."""
    from posture.plain_file import ANY_SIZE, read_plain

    with _explained(path):
        return sum(_is_before(line, moment) for line in read_plain(path, ANY_SIZE).splitlines(keepends=True))


def _is_before(line: bytes, moment: datetime) -> bool:
    try:
        return datetime.fromisoformat(json.loads(line)["at"]) < moment
    except (ValueError, KeyError, TypeError, RecursionError):
        return True  # a line without a time may be older


def _rewrite(path: Path, moment: datetime) -> None:
    """Take the lines from before out of a log, in place: a running daemon goes on appending to the same file."""
    from posture.erase import cut
    from posture.plain_file import open_plain

    with os.fdopen(open_plain(path, os.O_RDWR), "r+b") as file:
        read, kept = 0, b""
        while more := file.read():  # also what was appended meanwhile
            read += len(more)
            kept += b"".join(line for line in more.splitlines(keepends=True) if not _is_before(line, moment))
            if len(kept) == read:
                continue
            file.seek(0)
            file.write(kept)
            file.flush()
            file.seek(read)
        if len(kept) < read:
            cut(file.fileno(), len(kept))


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if in_use(error):
            raise PostureError(
                tr("{file} is open in another program: close that one, then try again.", file=path)
            ) from None
        raise PostureError(
            tr(
                "{file} cannot be removed ({reason}): check its folder, then try again.",
                file=path,
                reason=error.strerror,
            )
        ) from None


# -- everything -------------------------------------------------------------------------------------------------------


def _all(settings: Settings, where: Places, *, yes: bool) -> int:
    from posture.erase import erase
    from posture.kept_files import kept_files

    found = [file for file in kept_files(where) if file.about_you]
    if not found:
        print(tr("Nothing is kept of you."))
        return 0
    for file in found:
        size = tr("a link") if file.link else _bytes(file.size_bytes)
        print(plain(f"{size:>18}  {file.path}  {tr(file.what)}"))
    question = trn("Remove this {n} file, for good?", "Remove these {n} files, for good?", len(found))
    _ask(question, yes=yes)
    for file in found:
        with _explained(file.path):
            erase(file.path)
    left = [file.path for file in kept_files(where) if file.about_you]
    if left:
        raise PostureError(
            tr("Some of it came back while it was removed ({file}): end posture run, then try again.", file=left[0])
        )
    gone = trn("Gone: {n} file.", "Gone: {n} files.", len(found))
    stays = tr("What stays are your settings ({file}), if there are any.", file=where.settings)
    print(plain(f"{gone} {stays}"))
    return 0


def _bytes(size: int) -> str:
    grouped = f"{size:,}" if language() == "en" else number(size)
    return trn("{n} byte", "{n} bytes", size, n=grouped)


def _ask(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise PostureError(tr("Nobody can be asked whether to remove it: add --yes to remove it without asking."), 2)
    try:
        if agrees(question):
            return
    except EOFError:
        pass
    raise PostureError(tr("Nothing was removed, since the answer was not y: run it again, and answer y."))
