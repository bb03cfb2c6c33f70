"""`posture forget`: remove what is stored, for good, and prove that it is gone."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from posture.errors import PostureError

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
        help="remove what is kept, for good",
        description="Remove what posture has kept of you, from the files themselves, and look whether it is gone. "
        "Your settings stay, and so do reports and exports, which lie where you put them.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--before", metavar="DAY", help="what lies before a day; that day and what comes after are kept")
    what.add_argument("--all", action="store_true", help="everything, calibrations and logs too")
    parser.add_argument("--yes", action="store_true", help="do not ask")
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
        raise PostureError("posture is running, and would keep new things at once: run posture stop first.")
    return _all(settings, where, yes=args.yes)


# -- before a day -----------------------------------------------------------------------------------------------------


def _before(day: date, where: Places, *, yes: bool) -> int:
    from posture.history.store import Store
    from posture.report.summary import day_bounds

    moment = day_bounds(day)[0]
    old = _old_copies(where.history)
    lines = {path: _lines_before(path, moment) for path in sorted(where.state.glob("daemon.log*"))}
    records = 0
    if where.history.exists():
        with Store(where.history, read_only=True) as store:
            records = sum(store.count(moment).values())
    in_log = sum(number for _, number in lines.values())
    if not records and not in_log and not old:
        print(f"Nothing is kept from before {day}.")
        return 0
    _ask(f"Remove {_what(records, in_log, old)} from before {day}, for good?", yes=yes)
    if where.history.exists():
        with Store(where.history) as store:
            gone = _times(store, moment)
            store.delete_before(moment)
            left = sum(store.count(moment).values())
        _prove(where.history, gone, left)
    for path, (kept, number) in lines.items():
        if number:
            _rewrite(path, kept)
    for path in old:
        path.unlink()
    print(f"Gone: {_what(records, in_log, old)} from before {day}; none of it is found in the files any more.")
    return 0


def _what(records: int, in_log: int, copies: list[Path]) -> str:
    parts = [f"{records} records", f"{in_log} lines of the log"]
    if copies:
        parts.append(f"{len(copies)} old {'copy' if len(copies) == 1 else 'copies'} of the whole history")
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def _old_copies(history: Path) -> list[Path]:
    """List old copies of the history; they are removed whole, since their records cannot be removed one by one."""
    return sorted(
        copy
        for copy in history.parent.glob(f"{history.name}.*")
        if copy.name.startswith((f"{history.name}.v", f"{history.name}.damaged-"))
    )


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
    files = [history, *(history.with_name(history.name + end) for end in ("-wal", "-journal", "-shm"))]
    content = b"".join(file.read_bytes() for file in files if file.exists())
    # A number of this size is stored as 8 bytes, the most significant first (SQLite's record format).
    found = sum(us.to_bytes(8, "big") in content for us in gone)
    if left or found:
        raise PostureError(
            f"{max(left, found)} traces are still in {history}, because another program reads it: close what shows the "
            "history, such as posture summary, then try again."
        )


def _lines_before(path: Path, moment: datetime) -> tuple[list[str], int]:
    """Give the lines of a log that stay, and how many are removed."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines(keepends=True)
    except OSError as error:
        raise PostureError(f"The log {path} cannot be read ({error.strerror}): check its folder.") from None
    kept = [line for line in lines if not _is_before(line, moment)]
    return kept, len(lines) - len(kept)


def _is_before(line: str, moment: datetime) -> bool:
    try:
        return datetime.fromisoformat(json.loads(line)["at"]) < moment
    except (ValueError, KeyError, TypeError):
        return True  # a line without a time may be older


def _rewrite(path: Path, lines: list[str]) -> None:
    # In place: a running daemon goes on appending to the same file.
    content = "".join(lines).encode()
    with path.open("r+b") as file:
        file.write(content)
        file.write(b"\0" * max(0, path.stat().st_size - len(content)))
        file.flush()
        file.truncate(len(content))


# -- everything -------------------------------------------------------------------------------------------------------


def _all(settings: Settings, where: Places, *, yes: bool) -> int:
    from posture.kept_files import kept_files

    found = [file for file in kept_files(where) if file.about_you]
    if not found:
        print("Nothing is kept of you.")
        return 0
    for file in found:
        print(f"{file.size_bytes:>12,} bytes  {file.path}  {file.what}")
    _ask(f"Remove these {len(found)} files, for good?", yes=yes)
    for file in found:
        _shred(file.path)
    left = [file.path for file in kept_files(where) if file.about_you]
    if left:
        raise PostureError(f"Some of it came back while it was removed ({left[0]}): end posture run, then try again.")
    print(f"Gone: {len(found)} files. What stays are your settings ({where.settings}), if there are any.")
    return 0


def _shred(path: Path) -> None:
    """Overwrite a file and remove it."""
    try:
        with path.open("r+b") as file:
            file.write(b"\0" * path.stat().st_size)
            file.flush()
        path.unlink()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise PostureError(f"{path} cannot be removed ({error.strerror}): check its folder, then try again.") from None


def _ask(question: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise PostureError("Nobody can be asked whether to remove it: add --yes to remove it without asking.", 2)
    try:
        if input(f"{question} [y/N] ").strip().lower() in ("y", "yes"):
            return
    except EOFError:
        pass
    raise PostureError("Nothing was removed, since the answer was not y: run it again, and answer y.")
