"""A power cut at any write: what the kernel had not been told to keep may be there, missing or torn, in any order.

A real writer of the history runs under strace. From what it wrote and synced, the disk is made as it may be found after
the power has gone: each file as of its last sync, and of what was written to it since, any part of any write.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from test_store import EVER, WRITER, at

from posture.history.store import Store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="strace is of Linux")

LINES = 400
"""Each of five seconds; the WAL is taken over into the file several times in them."""
SECTOR_BYTES = 512
CALLS = "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,close"


@dataclass(frozen=True)
class Call:
    """One call of the writer: what it did to which file of the history."""

    what: str
    file: str
    offset: int = 0
    data: bytes = b""


@dataclass
class File:
    """What surely is on the disk, and what may be."""

    kept: bytes = b""
    pending: list[Call] = field(default_factory=list)
    there: bool = True
    surely: bool = False
    """The folder has been synced since it was made or removed."""

    def after(self, cut: random.Random) -> bytes | None:
        """Its content after the cut; None where it is not there."""
        there = self.there if self.surely else cut.choice((self.there, bool(self.kept) or not self.there))
        if not there:
            return None
        content = bytearray(self.kept)
        for call in self.pending:
            fate = cut.random()
            if fate < 0.4:
                continue
            apply(content, call, len(call.data) if fate < 0.8 else cut.randrange(0, len(call.data) + 1, SECTOR_BYTES))
        return bytes(content)


def apply(content: bytearray, call: Call, length: int) -> None:
    """Do a write, or so many bytes of it, or a truncation."""
    if call.what == "truncate":
        del content[call.offset :]
        return
    content.extend(b"\0" * (call.offset - len(content)))
    content[call.offset : call.offset + length] = call.data[:length]


def calls_of(log: str, folder: Path) -> list[Call]:
    """What strace saw, of this folder, and what the writer said."""
    found = []
    for line in log.splitlines():
        call = re.match(r"\d+ +(\w+)\((.*)\) += (\d+)", line)
        if call is None:
            continue
        name, args, result = call.groups()
        words = re.findall(r'[<"]((?:\\x[0-9a-f]{2})+)[>"]', args)[:2]
        paths = [Path(unhex(word).decode(errors="replace")) for word in words]
        if name == "write" and args.startswith("1<"):
            found.append(Call("said", "", int(unhex(args.split('"')[1]).decode().split()[-1])))
        elif name in ("fsync", "fdatasync") and paths == [folder]:
            found.append(Call("folder", ""))
        elif paths and folder in (path.parent for path in paths):
            file = next(path.name for path in paths if path.parent == folder)
            if name == "pwrite64":
                data, _, offset = args.rsplit(", ", 2)
                found.append(Call("write", file, int(offset), unhex(data.split('"')[1])[: int(result)]))
            elif name == "ftruncate":
                found.append(Call("truncate", file, int(args.rsplit(", ", 1)[1])))
            elif name in ("fsync", "fdatasync"):
                found.append(Call("sync", file))
            elif name == "unlink" or (name == "openat" and "O_CREAT" in args):
                found.append(Call("remove" if name == "unlink" else "make", file))
    return found


def unhex(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def do(call: Call, files: dict[str, File]) -> None:
    """What a call does to the disk and to what is on its way there."""
    if call.what == "folder":
        for file in files.values():
            file.surely = True
    elif call.what == "make" and (call.file not in files or not files[call.file].there):
        files[call.file] = File()
    elif call.what == "remove":
        files[call.file].there, files[call.file].surely = False, False
    elif call.what in ("write", "truncate"):
        files[call.file].pending.append(call)
    elif call.what == "sync":
        content = bytearray(files[call.file].kept)
        for write in files[call.file].pending:
            apply(content, write, len(write.data))
        files[call.file].kept, files[call.file].pending = bytes(content), []


@pytest.mark.slow
def test_a_power_cut_at_any_write_costs_a_minute_at_most(tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    folder, log = tmp_path / "disk", tmp_path / "strace.log"
    folder.mkdir(mode=0o700)
    strace = [require_tool("strace"), "-f", "-y", "-xx", "-s", "100000", "-e", f"trace={CALLS}", "-o", str(log)]
    program = WRITER.replace("while True:", f"while t_s < {LINES * 5}:")
    writing = [sys.executable, "-c", program, str(folder / "history.sqlite3"), "0"]
    subprocess.run([*strace, *writing], stdout=subprocess.DEVNULL, check=True, timeout=300)
    calls = calls_of(log.read_text(), folder)
    assert sum(call.what == "sync" and call.file == "history.sqlite3" for call in calls) > 2  # the WAL was taken over
    assert sum(call.what == "said" for call in calls) >= LINES

    chance = random.Random(5)
    files: dict[str, File] = {}
    said_s, cuts = None, 0
    for call in calls:
        if call.what == "said":
            said_s = call.offset
            continue
        do(call, files)
        found = tmp_path / f"found{cuts}"
        found.mkdir()
        for name, file in files.items():
            content = file.after(chance)
            # The index of the WAL is shared memory; nobody relies on what is left of it.
            if content is not None and not name.endswith("-shm"):
                (found / name).write_bytes(content)
        with Store(found / "history.sqlite3") as store:
            assert store.problems() == [], call
            kept = store.intervals(*EVER)
            if said_s is not None and said_s > 60:
                assert {interval.kind for interval in kept} >= {"watch", "presence", "bout"}, call
                assert all(
                    interval.end >= at(said_s - 60)
                    for interval in kept
                    if interval.open and interval.kind != "deviation"
                ), call
            assert [
                interval.length_s for interval in kept if interval.kind == "watch" and interval.start != at(0)
            ] == []
        cuts += 1
    assert cuts > 500
