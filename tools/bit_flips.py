"""Damage histories in every way a disk or another program may, and run the commands that read them.

    python tools/bit_flips.py [STORES] [SEED]    580 stores by default, each with nine commands: 5,220

Each store is the invented month of the sample with one kind of damage, drawn from a seed. A command may say that
something is wrong, in one sentence, and end with 1; anything that it raises is a fall and is printed with the number
of its store. Ends with 1 if there was one. An export has to be whole JSON
with most of the records, unless the file was cut off.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

COMMANDS = (
    ("summary",),
    ("export",),
    ("log", "list"),
    ("history", "check"),
    ("history", "stats"),
    ("report", "--output", "{folder}/report.html"),
    ("why",),
    ("summary", "--week"),
    ("forget", "--before", "{day}", "--yes"),
)
"""The last one changes the store, so it comes last."""
WRONG: tuple[object, ...] = (
    "noon",
    "",
    b"\xff\xfe\x00",
    2**63 - 1,
    -(2**63),
    -1,
    0,
    10**15,
    253_402_300_800_000_000,
    1e308,
    -1e308,
    float("inf"),
    0.5,
    "{x",
    "[]",
    '{"level": 1e308, "hold_s": NaN}',
    '{"sitting_s": "long", "side": 7, "items": 5, "when": true, "reps": null, "reason": 1, "why": 2.5}',
    '{"level": true, "hold_s": false, "asks_s": "x", "setting": 3, "value": {"a": 1}}',
    '{"level": 1' + "0" * 400 + "}",
    '{"asks_s": -1e300, "repetitions": 1e300, "longest_run_s": "x"}',
    "[" * 50_000,
)
"""What a column may hold that no release writes."""
LEAST_EXPORTED = 3000
"""Of some 6,100 records that the store has."""
_KEYS = {"interval": "kind, start_us, label", "point": "at_us, kind, label", "distance": "slot_us, cm"}
_COLUMNS = {
    "interval": ("kind", "label", "start_us", "end_us", "open", "detail"),
    "point": ("at_us", "kind", "label", "detail"),
    "distance": ("slot_us", "cm", "seconds"),
}


def _flip(path: Path, chance: random.Random, most: int = 8, start: int = 0) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, most) if len(data) > start else 0):
        data[chance.randrange(start, len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def bits(path: Path, chance: random.Random) -> None:
    """Bits of the file itself."""
    _flip(path, chance)


def wal(path: Path, chance: random.Random) -> None:
    """Bits of its WAL."""
    _flip(path.with_name(f"{path.name}-wal"), chance)


def shm(path: Path, chance: random.Random) -> None:
    """Bits of the index of its WAL."""
    _flip(path.with_name(f"{path.name}-shm"), chance, 40)


def head(path: Path, chance: random.Random) -> None:
    """Bits of the first page: the header and the schema."""
    data = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 3)):
        data[chance.randrange(min(len(data), 2048))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def cut(path: Path, chance: random.Random) -> None:
    """The end of one of the three is missing."""
    file = path.with_name(path.name + chance.choice(("", "", "-wal", "-shm")))
    os.truncate(file, chance.randrange(file.stat().st_size))


def zeros(path: Path, chance: random.Random) -> None:
    """A piece of the file is zeros, as after a power cut."""
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    length = chance.choice((16, 512, 4096))
    data[at : at + length] = bytes(len(data[at : at + length]))
    path.write_bytes(data)


def columns(path: Path, chance: random.Random) -> None:
    """Values of another type, or beyond any bound, in some rows of each table."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, names in _COLUMNS.items():
            rows = connection.execute(f"SELECT {_KEYS[table]} FROM {table}").fetchall()
            for key in chance.sample(rows, 4):
                where = " AND ".join(f"{name} = ?" for name in _KEYS[table].split(", "))
                set_to = f"UPDATE OR REPLACE {table} SET {chance.choice(names)} = ? WHERE {where}"
                connection.execute(set_to, (chance.choice(WRONG), *key))


def strange(path: Path, chance: random.Random) -> None:
    """Whole rows of known kinds with labels and times of none, and details of any shape."""
    kinds = ("shift", "reminder", "pain", "hold", "check-in", "self-check", "referral", "answer", "silence", "tension")
    labels = (
        "",
        "nap",
        "sitting",
        "\x1b[31m",
        "x" * 9000,
        "stand",
        "ql_stand",
        "side-bend",
        "\ud800".encode("utf-8", "surrogatepass"),
    )
    start, end = _span(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        for _ in range(20):
            at = chance.choice((chance.randrange(start, end), -(10**15), 10**15, 2**62, end + 10**12))
            detail = chance.choice([value for value in WRONG if isinstance(value, str)] + ["{}"])
            label = chance.choice(labels)
            text = label.decode("latin-1") if isinstance(label, bytes) else label
            point = (at, chance.choice((*kinds, "direction", "nap")), text, detail)
            connection.execute("INSERT OR REPLACE INTO point VALUES (?, ?, ?, ?)", point)
            kind = chance.choice(("presence", "bout", "deviation", "unjudged", "watch"))
            length = chance.choice((0, -5, 3_600_000_000, 10**13))
            interval = (kind, text, at, min(at + length, 2**63 - 1), chance.choice((0, 1, 2)), detail)
            connection.execute("INSERT OR REPLACE INTO interval VALUES (?, ?, ?, ?, ?, ?)", interval)


DAMAGES: tuple[Callable[[Path, random.Random], None], ...] = (
    bits, bits, bits, wal, shm, head, cut, zeros, columns, columns, strange
)  # fmt: skip
"""In turn, so that any number of stores has all of them."""


def _span(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as connection:
        first, last = connection.execute("SELECT min(at_us), max(at_us) FROM point").fetchone()
        return int(first), int(last)


def make_sound(folder: Path) -> Path:
    """Write the history that is damaged: the sample, its newest records in the WAL, and all kinds of points."""
    from datetime import UTC, datetime, timedelta

    from posture.history.records import Interval, Memory, Point
    from posture.history.store import Store
    from posture.report.sample import write_sample

    far = datetime(1971, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)
    sample = Memory()
    write_sample(sample, UTC)
    intervals, points, distances = sample.intervals(*far), sample.points(*far), sample.distance(*far)
    # As if it had ended an hour ago: commands look at the last days.
    by = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - max(i.end for i in intervals)
    by = timedelta(days=by.days)
    moved = [Interval(i.kind, i.label, i.start + by, i.end + by, i.detail, i.open) for i in intervals]
    logged = [Point(p.kind, p.at + by, p.label, p.detail) for p in points]
    end = max(point.at for point in logged)
    for n in range(12):
        at = end - timedelta(days=n, minutes=7)
        logged += [
            Point("pain", at, "low-left", {"level": 4, "note": "after lunch"}),
            Point("tension", at + timedelta(minutes=2), "", {"level": 3}),
            Point("hold", at + timedelta(minutes=3), "ql_stand", {"side": "left", "hold_s": 30.0, "verified": False}),
            Point(
                "self-check", at + timedelta(minutes=4), "side-bend", {"left": 20.0, "right": 25.0, "error_deg": 5.0}
            ),
            Point("check-in", at + timedelta(minutes=5), "clear", {"items": ""}),
            Point("silence", at + timedelta(minutes=6), "stand", {"why": "a call"}),
        ]
    held = [type(d)(d.slot + by, d.cm, d.seconds) for d in distances]
    path = folder / "history.sqlite3"
    store = Store(path)
    store.write(moved, logged, held)
    store.fold_in()
    store.write([], [Point("shift", end + timedelta(seconds=n)) for n in range(30)], [])
    # Copied as it lies there, as if posture had been killed.
    kept = folder / "sound"
    kept.mkdir()
    for suffix in ("", "-wal", "-shm"):
        shutil.copy(path.with_name(path.name + suffix), kept)
    store.close()
    return kept / path.name


@contextlib.contextmanager
def home(folder: Path) -> Iterator[Path]:
    """Use a home of its own for what the commands read and write; gives the folder of its history."""
    data = folder / "data"
    old = dict(os.environ)
    os.environ |= {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("DATA", "CONFIG", "STATE", "CACHE")}
    os.environ |= {"XDG_RUNTIME_DIR": str(folder / "run"), "HOME": str(folder), "COLUMNS": "80"}
    (folder / "run").mkdir(mode=0o700, exist_ok=True)
    try:
        yield data / "posture"
    finally:
        os.environ.clear()
        os.environ.update(old)


def run_one(command: tuple[str, ...], history: Path) -> tuple[str, str]:
    """Run one command in this process; gives what it printed, and the traceback if it fell."""
    from posture.cli.main import main

    words = [word.format(folder=history, day="2100-01-01") for word in command]
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            code = main(words)
            fell = "" if code in (0, 1) else f"ended with {code}: {said.getvalue()}"
        except SystemExit as error:
            fell = f"SystemExit({error.code}): {said.getvalue()}"
        except BaseException:
            fell = traceback.format_exc()
        if "Traceback" in said.getvalue():
            fell = said.getvalue()
    out.flush()
    return out.buffer.getvalue().decode("utf-8", "replace"), fell  # type: ignore[attr-defined]


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _lost(exported: str) -> str:
    """What is wrong with an export, if anything is."""
    try:
        found = json.loads(exported, parse_constant=lambda name: _refuse(name))
        number = sum(len(found[name]) for name in ("intervals", "points", "distances"))
    except (ValueError, KeyError, TypeError) as error:
        return f"no export: {error!r}, {exported[:200]!r}"
    return "" if number >= LEAST_EXPORTED else f"only {number} records were exported"


def falls(stores: Iterable[int], seed: int) -> Iterator[str]:
    """Damage the stores of these numbers and run every command on each; gives what fell."""
    with tempfile.TemporaryDirectory(prefix="posture-bits-") as name:
        sound = make_sound(Path(name))
        with home(Path(name)) as history:
            for number in stores:
                chance = random.Random(f"{seed} {number}")
                damage = DAMAGES[number % len(DAMAGES)]
                shutil.rmtree(history, ignore_errors=True)
                shutil.copytree(sound.parent, history)
                path = history / sound.name
                damage(path, chance)
                kept = Path(name, "damaged")
                shutil.rmtree(kept, ignore_errors=True)
                shutil.copytree(history, kept)
                for command in COMMANDS:
                    printed, fell = run_one(command, history)
                    if command == ("export",) and damage is not cut:
                        fell = fell or _lost(printed)
                    if fell:
                        yield f"store {number} ({damage.__name__}), posture {' '.join(command)}:\n{fell}"
                        shutil.rmtree(history)
                        shutil.copytree(kept, history)


def main(words: list[str]) -> int:
    """Run it, and print the count."""
    stores = int(words[0]) if words else 580
    seed = int(words[1]) if len(words) > 1 else 1
    fallen = 0
    for fall in falls(range(stores), seed):
        fallen += 1
        print(fall, flush=True)
    print(f"{stores} stores, {stores * len(COMMANDS):,} commands, {fallen} falls")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
