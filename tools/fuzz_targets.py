"""What tools/fuzz runs: each target takes bytes, and may raise nothing but what its reader documents.

python tools/fuzz_targets.py TARGET --seeds FOLDER   write inputs that are right, and the words in them
python tools/fuzz_targets.py TARGET FILE...          run inputs, or, with options of libFuzzer, look for new ones
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import random
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["posture", "tomllib", "tomlkit"]):
    import tomllib  # noqa: F401

    import tomlkit  # noqa: F401

    from posture.daemon import service
    from posture.daemon.helper_base import shown_commands
    from posture.daemon.helper_shell import HelperShell
    from posture.daemon.logs import Log
    from posture.errors import PostureError
    from posture.history import calibrations, exchange, rescue
    from posture.history.records import Distance, Interval, Point
    from posture.history.store import Store
    from posture.measure.observation import Observation
    from posture.perception.gate import ALWAYS
    from posture.sensor import wire
    from posture.settings import HistorySettings, Settings, setting_specs
    from posture.settings_file import load_settings, reset_setting, set_setting, settings_template

FOLDER = Path(tempfile.mkdtemp(prefix="posture-fuzz-"))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Target = Callable[[bytes], None]


class WrongError(Exception):
    """What came out is not what it should be."""


def records() -> tuple[list[Interval], list[Point], list[Distance]]:
    """A history with something of everything."""
    hour = timedelta(hours=1)
    return (
        [
            Interval("presence", "sitting", NOON, NOON + hour),
            Interval("presence", "unknown", NOON + hour, NOON + 2 * hour, {"reason": "too dark"}),
            Interval("bout", "sitting", NOON, NOON + hour, {"sitting_s": 3600.0, "ended_by": "break"}),
            Interval("deviation", "slump", NOON, NOON + hour / 2),
            Interval("watch", "camera", NOON, NOON + 3 * hour, open=True),
        ],
        [Point("pain", NOON, "left", {"level": 3, "note": "=since the morning, " * 300}), Point("pain", NOON, "Ü")],
        [Distance(NOON, 61, 800.5), Distance(NOON + hour, 45, 3.0)],
    )


# -- the targets ------------------------------------------------------------------------------------------------------


def request() -> tuple[Target, Iterator[bytes]]:
    """A line on the control socket, answered by the daemon's own service, which watches nothing here."""
    runner = asyncio.Runner()
    loop = runner.get_loop()
    log = Log(FOLDER / "daemon.log")

    async def made() -> service.Service:
        shell = HelperShell(shown_commands(FOLDER / "report.html"))
        shell.close()
        return service.Service([], log, shell)

    daemon = loop.run_until_complete(made())

    def take(data: bytes) -> None:
        async def answered() -> bytes:
            reply = await daemon._control.reply(data)
            if reply.release is not None:
                reply.release()
            daemon._session._store()
            daemon._session.remember()
            return reply.line

        answer = json.loads(loop.run_until_complete(answered()))
        if answer["v"] != 1 or ("error" in answer) == answer["ok"]:
            raise WrongError(answer)
        # What a client says may end up in the history.
        for reason in daemon._session.state.reasons:
            reason.encode()

    def seeds() -> Iterator[bytes]:
        asks: list[tuple[str, dict[str, Any]]] = [
            ("status", {}),
            ("pause", {"until": NOON.isoformat()}),
            ("pause", {"until": None}),
            ("resume", {}),
            ("snooze", {"seconds": 600.0}),
            ("standing", {"on": False}),
            ("reload", {}),
            ("hold", {"reason": "calibrating"}),
        ]
        for do, args in asks:
            yield json.dumps({"v": 1, "do": do, "args": args}).encode()

    return take, seeds()


def message() -> tuple[Target, Iterator[bytes]]:
    """A message between sensor and daemon."""

    def take(data: bytes) -> None:
        try:
            found = wire.decoded(data)
        except wire.WireError:
            return
        if isinstance(found, wire.Start):
            with suppress(wire.WireError):
                wire.settings_from_json(found.settings)
            if found.baseline is not None:
                with suppress(KeyError, TypeError, ValueError):
                    calibrations.baseline_from_json(found.baseline, Settings().pose)
        if isinstance(found, wire.LookResult) and found.observation is not None:
            found.observation.reason.encode()  # it goes into the history

    seen = Observation(3.0, "sitting", "", {"slump": 0.4, "lean_left": None}, (0.1, 2.0), 61.0)
    messages: list[wire.Message] = [
        wire.Start(wire.settings_to_json(Settings()), "0", None, 10.0),
        wire.Start({}, "0", json.loads(calibration_text())["cameras"]["camera"], 10.0),
        wire.Look(1, ALWAYS, 3.0),
        wire.Ask(),
        wire.Ready(1.5),
        wire.LookResult(1, seen, "open", "", "camera", True, 0.2, False, {"ok": False, "reason": "moved"}),
        wire.CameraNews(3.0, "in use", "The camera is in use."),
        wire.CostReport({"decode": 0.1}, 0.3, {"looks": 3}, [8.5], 3.0, 240.0, 0.0),
        wire.Probed({"TCP": "refused: Permission denied"}),
        wire.Failed("The sensor has failed."),
    ]
    return take, (wire.encoded(each)[wire.LENGTH.size :] for each in messages)


def settings() -> tuple[Target, Iterator[bytes]]:
    """The settings file: read, changed in one place, and put back."""
    path = FOLDER / "settings.toml"
    specs = setting_specs()

    def take(data: bytes) -> None:
        path.write_bytes(data)
        spec = specs[len(data) % len(specs)]
        with suppress(PostureError):
            before = load_settings(path)
            set_setting(path, spec, spec.text(spec.of(before)))
            if load_settings(path) != before:
                raise WrongError(f"setting {spec.key} to what it was has changed something")
        with suppress(PostureError):
            reset_setting(path, spec.key)

    def seeds() -> Iterator[bytes]:
        yield settings_template().encode()
        yield re.sub(r"(?m)^# (?=\w+ = )", "", settings_template()).encode()
        yield b"camera.source = 'x'\n[coach]\nstand_after = '45m' # mine\n[desktop]\nnotifications = false\n"
        yield b'[history]\nkeep = """\n2y"""\nfolder = [\n1,\n]\n'

    return take, seeds()


def export() -> tuple[Target, Iterator[bytes]]:
    """A history that is imported: what is accepted can be stored, and an export of it gives the same records."""
    store = Store(FOLDER / "imported.sqlite3")

    def take(data: bytes) -> None:
        with suppress(UnicodeDecodeError, PostureError):
            stored = exchange.read_export(data.decode(), "export")
            store.take_in(stored.intervals, stored.points, stored.distances)
            for write in (exchange.write_json, exchange.write_csv):
                with (FOLDER / "again").open("w", encoding="utf-8", newline="") as file:
                    write(stored, file)
                try:
                    again = exchange.read_export((FOLDER / "again").read_bytes().decode(), "again")
                except PostureError as error:
                    raise WrongError(f"what was exported is refused: {error}") from error
                if again != stored:
                    raise WrongError("what was exported is not what was imported")
            store.delete_before(datetime(9999, 1, 1, tzinfo=UTC))

    def seeds() -> Iterator[bytes]:
        stored = exchange.ExportedRecords(*map(tuple, records()))
        for write in (exchange.write_json, exchange.write_csv):
            with (FOLDER / "seed").open("w", encoding="utf-8", newline="") as file:
                write(stored, file)
            yield (FOLDER / "seed").read_bytes()

    return take, seeds()


def damaged() -> tuple[Target, Iterator[bytes]]:
    """A history that SQLite cannot read: what is recovered can be stored. The first byte says where its WAL begins."""
    path = FOLDER / "damaged.sqlite3"
    store = Store(FOLDER / "recovered.sqlite3")

    def take(data: bytes) -> None:
        size, data = rescue.PAGE_BYTES * sum(data[:1]), data[1:]
        path.write_bytes(data[:size])
        path.with_name(path.name + "-wal").write_bytes(data[size:])
        found = list(rescue.readable_records(path))
        if found:
            store.take_in(
                [record for record in found if isinstance(record, Interval)],
                [record for record in found if isinstance(record, Point)],
                [record for record in found if isinstance(record, Distance)],
            )
            store.delete_before(datetime(9999, 1, 1, tzinfo=UTC))

    def seeds() -> Iterator[bytes]:
        with Store(FOLDER / "seed.sqlite3") as whole:
            whole.write(*records())
            yield b"\0" + (FOLDER / "seed.sqlite3-wal").read_bytes()
        yield b"\xff" + (FOLDER / "seed.sqlite3").read_bytes()

    return take, seeds()


def calibration() -> tuple[Target, Iterator[bytes]]:
    """The stored calibrations: loaded, and profiles listed, made and chosen; or refused in one sentence."""
    own = Settings(history=HistorySettings(folder=str(FOLDER)))
    path = calibrations.calibrations_path(own)

    def take(data: bytes) -> None:
        path.write_bytes(data)
        for standing in (False, True):
            with suppress(PostureError):
                found = calibrations.load_baseline(own, "camera", standing=standing)
                if found is not None:
                    json.dumps(calibrations.baseline_to_json(found), allow_nan=False)
        with suppress(PostureError):
            names = [profile.name for profile in calibrations.profiles(own)]
            calibrations.use_profile(own, "camera", names[-1])
            calibrations.add_profile(own, "couch")

    return take, iter([calibration_text().encode(), b'{"version": 1, "cameras": {}}'])


def calibration_text() -> str:
    """A file with one calibration: somebody in the middle of the picture."""
    made = {
        "made": NOON.isoformat(),
        "model": Settings().pose.judge,
        "frame_px": [640, 480],
        "landmarks": [[320 + 9 * (-1) ** n * (n % 13), 100 + 10 * n, -0.1 * n, 0.9] for n in range(33)],
        "world": [[0.02 * (-1) ** n * (n % 13), 0.03 * n, -0.01 * n] for n in range(33)],
        "noise": {"slump": 0.01, "lean_left": 0.5},
        "frames": 40,
        "seconds": 10.0,
    }
    places = {"profiles": {"sofa": {"camera": made}}, "chosen": {"other": "sofa"}}
    return json.dumps({"version": 1, "cameras": {"camera": made}, **places})


# -- inputs that are JSON, and wrong further in -----------------------------------------------------------------------

ODD = (
    *(None, True, False, 0, -1, 1, 2**63, 10**400, 0.5, -0.0, 1e308, math.nan, math.inf, -math.inf),
    *("", "camera", "\ud800", "\0", "=1+1", "9" * 5000, "2y", "1e999", "sitting", "too dark"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-03-02T12:00:00+00:00", "2026-W10"),
    *([], {}, [[]], [1, 2], {"a": 1}, {"reason": "\ud800"}),
)


def mutated(data: bytes, most: int, seed: int) -> bytes:
    """Change one or a few values of JSON, now and then its bytes; change only bytes of anything else."""
    dice = random.Random(seed)
    try:
        tree = json.loads(data)
        if dice.random() < 0.2 or not isinstance(tree, dict):
            raise ValueError
        for _ in range(dice.choice((1, 1, 1, 2, 5))):
            _change(tree, dice)
        found = json.dumps(tree).encode()
    except (ValueError, RecursionError, OverflowError):
        found = atheris.Mutate(data, most)
    return found[:most]


def _change(tree: Any, dice: random.Random) -> None:
    """Replace, remove or double a value somewhere in a tree."""
    while True:
        keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
        if not keys:
            return
        key = dice.choice(keys)
        if not isinstance(tree[key], dict | list) or not tree[key] or dice.random() < 0.3:
            break
        tree = tree[key]
    how = dice.randrange(8)
    if how == 0:
        del tree[key]
    elif how == 1 and isinstance(tree, dict):
        tree[dice.choice(("", "x", "\ud800", "camera", "reason"))] = tree[key]
    elif how == 1:
        tree.insert(key, tree[key])
    elif how == 2:
        tree[key] = tree[dice.choice(keys)]
    elif how == 3:
        for _ in range(dice.choice((3, 200, 900))):
            tree[key] = [tree[key]]
    elif how == 4 and isinstance(tree[key], int | float):
        tree[key] = tree[key] * dice.choice((-1, 2, 1e9, 1e-9))
    else:
        tree[key] = dice.choice(ODD)


TARGETS = {target.__name__: target for target in (request, message, settings, export, damaged, calibration)}


def main(arguments: list[str]) -> None:
    """Write seeds, or run inputs."""
    name, *rest = arguments
    for variable in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "POSTURE_DATA"):
        os.environ[variable] = str(FOLDER)
    os.environ["POSTURE_CONFIG"] = str(FOLDER / "settings.toml")
    take, seeds = TARGETS[name]()
    if rest[0] == "--seeds":
        words: set[bytes] = set()
        for number, seed in enumerate(seeds):
            Path(rest[1], str(number)).write_bytes(seed)
            words.update(re.findall(rb"[A-Za-z_]{3,20}", seed))
        Path(f"{rest[1]}.dict").write_text("".join(f'"{word.decode()}"\n' for word in sorted(words)))
        return
    as_bytes = name in ("settings", "damaged")
    atheris.Setup([sys.argv[0], *rest], take, **({} if as_bytes else {"custom_mutator": mutated}))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
