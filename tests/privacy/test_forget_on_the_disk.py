"""What `posture forget` removes is not on the disk any more: a real file system is searched, free blocks and all."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from disk_image import Image

from posture.atomic_write import atomic_file, write_atomically
from posture.cli.main import main
from posture.daemon import logs
from posture.daemon.logs import Log
from posture.history.records import Distance, Interval, Point
from posture.history.rescue import set_aside
from posture.history.store import Store
from posture.paths import noted_output
from posture.report.summary import day_bounds

pytestmark = pytest.mark.slow

DAY = date(2026, 3, 10)
SECRET = rb"secret-(?:early|late)-[a-z]+-\d{6}"


@pytest.fixture
def disk(image: Image, monkeypatch: pytest.MonkeyPatch) -> Image:
    """The image with all of the user's folders on it."""
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(image.folder / name))
        (image.folder / name).mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(image.folder))
    monkeypatch.chdir(image.folder)
    return image


def word(when: str, sort: str, number: int) -> str:
    return f"secret-{when}-{sort}-{number:06d}"


def times(number: int) -> list[tuple[str, datetime]]:
    """Moments of the twenty days around `DAY`, each with the part that it lies in."""
    first = day_bounds(DAY)[0] - timedelta(days=10)
    found = [first + timedelta(days=20 * n / number, microseconds=7 * n) for n in range(number)]
    return [("early" if at < day_bounds(DAY)[0] else "late", at) for at in found]


def record(path: Path, number: int, sort: str) -> None:
    """Fill a history as it is in life: by many commands, records that grow, a WAL that is taken over and removed."""
    moments = [(n, word(when, sort, n), at) for n, (when, at) in enumerate(times(number))]
    for part in range(8):
        with Store(path) as store:
            for some in (moments[part::8][n : n + 20] for n in range(0, number, 20)):
                for seconds, still_open in ((9, True), (90, False)):
                    length = timedelta(seconds=seconds)
                    store.write(
                        [Interval("presence", "sitting", at, at + length, {"x": it}, still_open) for _, it, at in some]
                    )
                points = [Point("pain", at, "left", {"note": secret + " " * (n % 900)}) for n, secret, at in some]
                slots = [Distance(at.replace(minute=0, second=0, microsecond=0), 50, 9.0) for _, _, at in some]
                store.write([], points, slots)


def log(monkeypatch: pytest.MonkeyPatch, number: int, folder: Path) -> None:
    """Fill a log, which is rotated until its oldest part is removed."""
    monkeypatch.setattr(logs, "MAX_BYTES", 20_000)
    written = Log(folder / "daemon.log")
    for n, (when, at) in enumerate(times(number)):
        written.write("seen", at=at.isoformat(), what=word(when, "log", n))
    written.close()


@pytest.mark.parametrize("number", [5, 9, 2000])
def test_nothing_of_all(disk: Image, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    data, state, config = (
        disk.folder / name / "posture" for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")
    )
    state.mkdir(parents=True)
    config.mkdir(parents=True)
    record(data / "history.sqlite3", number, "record")
    log(monkeypatch, number, state)
    for n in range(9):
        write_atomically(data / "calibrations.json", json.dumps({"camera": word("late", "camera", n)}), erase_old=True)
        write_atomically(state / "daemon.json", json.dumps(word("late", "memory", n)), erase_old=True)
        write_atomically(config / "settings.toml.old", word("late", "setting", n), erase_old=True)
        report = state / "report.html"
        with suppress(KeyboardInterrupt), noted_output(report), atomic_file(report) as page:
            page.write(word("late", "report", n) * 5000)
            raise KeyboardInterrupt
    set_aside(data / "history.sqlite3")[0].close()
    (data / "history.sqlite3.v1").write_text(word("early", "copy", 1))
    (state / ".daemon-abcd1234").write_text(word("early", "left", 1))
    assert len(disk.found(SECRET)) > number
    assert main(["forget", "--all", "--yes"]) == 0
    assert disk.found(SECRET) == set()


@pytest.mark.parametrize("number", [120, 1000])
def test_nothing_from_before_a_day_and_then_nothing_at_all(
    disk: Image, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    history, state = disk.folder / "XDG_DATA_HOME/posture/history.sqlite3", disk.folder / "XDG_STATE_HOME/posture"
    record(history, number, "record")
    log(monkeypatch, 1000, state)
    assert len([found for found in disk.found(SECRET) if b"early" in found]) > number // 2
    assert main(["forget", "--before", str(DAY), "--yes"]) == 0
    left = disk.found(SECRET)
    assert {found for found in left if b"-early-" in found} == set()
    with Store(history, read_only=True) as store:
        kept = [point.detail["note"] for point in store.points(day_bounds(DAY)[0], datetime(2027, 1, 1, tzinfo=UTC))]
    assert len(kept) == sum(when == "late" for when, _ in times(number))
    assert {found.decode() for found in left if b"-record-" in found} == {str(note).strip() for note in kept}
    assert main(["forget", "--all", "--yes"]) == 0
    assert disk.found(SECRET) == set()


@pytest.mark.skipif(sys.platform != "linux", reason="strace is of Linux")
def test_overwritten_and_synced_before_the_name_goes(tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    """What the above shows on a disk, where none can be mounted."""
    folder, log = tmp_path / "disk", tmp_path / "strace.log"
    folder.mkdir()
    (folder / "old").write_text("secret")
    code = "import sys; from pathlib import Path; from posture.erase import erase; erase(Path(sys.argv[1]))"
    strace = [require_tool("strace"), "-f", "-y", "-e", "trace=write,fsync,unlink,unlinkat", "-o", str(log)]
    subprocess.run([*strace, sys.executable, "-c", code, str(folder / "old")], check=True, timeout=120)
    name = re.escape(str(folder / "old"))
    steps = {
        "overwrite": rf'write\(\d+<{name}>, "(\\0)+", 6\) += 6',
        "sync": rf"fsync\(\d+<{name}>\) += 0",
        "remove": rf'unlink(at)?\(.*"{name}".*\) += 0',
        "sync the folder": rf"fsync\(\d+<{re.escape(str(folder))}>\) += 0",
    }
    found = [step for line in log.read_text().splitlines() for step, call in steps.items() if re.search(call, line)]
    assert found == list(steps)
