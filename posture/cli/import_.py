"""`posture import`: read back what `posture export` wrote."""

from __future__ import annotations

import argparse
import codecs
import os
import sys

from posture.cli.collector import collector_paused
from posture.errors import PostureError
from posture.language import number, tr, trn

_MAX_BYTES = 500_000_000


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "import",
        description=tr("Take in a file that `posture export` wrote as json or csv. Doing it twice changes nothing."),
    )
    parser.add_argument("file", metavar="FILE", help=tr("the file; - for standard input"))
    parser.set_defaults(run=run)


@collector_paused()
def run(args: argparse.Namespace) -> int:
    """Import the whole file, or nothing where something in it is wrong."""
    from posture.history.exchange import read_export
    from posture.history.store import Store
    from posture.paths import history_to_write
    from posture.settings_file import load_settings

    kept = read_export(_text(args.file), args.file)
    with Store(history_to_write(load_settings())) as store:
        changed = store.take_in(kept.intervals, kept.points, kept.distances)
    said = trn(
        "{changed} of {n} record was new; the others were already there.",
        "{changed} of {n} records were new; the others were already there.",
        kept.count,
        changed=number(changed),
    )
    print(said)
    return 0


def _without_waiting(name: str, flags: int) -> int:
    """Open a file; a pipe that nobody writes to reads as empty instead of blocking."""
    if sys.platform == "win32":
        return os.open(name, flags)
    else:
        file = os.open(name, flags | os.O_NONBLOCK)
        os.set_blocking(file, True)
        return file


def _text(name: str) -> str:
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with open(name, "rb", opener=_without_waiting) as file:
                raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise PostureError(
            tr("{file} cannot be read ({reason}): check its name.", file=name, reason=error.strerror)
        ) from None
    if len(raw) > _MAX_BYTES:
        raise PostureError(tr("{name} is larger than 500 MB: no export of posture is; export fewer days.", name=name))
    # PowerShell writes what it is given to write to a file in two bytes a character, with a mark in front.
    wide = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return raw.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise PostureError(
            tr("{name} is not text in UTF-8: give a file that `posture export` wrote.", name=name)
        ) from None
