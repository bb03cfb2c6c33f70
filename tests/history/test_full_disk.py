"""On a full disk what is stored can be read, whatever the last writer left, and be made smaller."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.cli.main import main
from posture.control.instance import SingleInstance
from posture.daemon.logs import Log
from posture.errors import PostureError
from posture.history.image import committed, image_of
from posture.history.records import Point
from posture.history.removal import remove_before
from posture.history.store import Store, in_memory
from posture.settings_file import load_settings

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
pytestmark = pytest.mark.slow

EVER = (T0 - timedelta(days=9000), T0 + timedelta(days=9000))
OLD = T0 + timedelta(days=10)

WRITER = """
import os, signal, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from posture.history.records import Interval, Point
from posture.history.store import Store
T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
store = Store(Path(sys.argv[1]))
for n in range(int(sys.argv[2])):
    at = T0 + timedelta(minutes=15 * n)
    store.write([Interval("presence", "sitting", at, at + timedelta(minutes=9))], [Point("pain", at, "", {"level": 3})])
if sys.argv[3] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
store.close()
"""


def write(path: Path, number: int, end: str) -> None:
    done = subprocess.run([sys.executable, "-c", WRITER, str(path), str(number), end], check=False)
    assert done.returncode == (-signal.SIGKILL if end == "killed" else 0)


def fill(disk: Path) -> None:
    with suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(b"0" * 65536)
    with suppress(OSError), (disk / "filler").open("ab", buffering=0) as file:
        while True:
            file.write(b"0")
    assert shutil.disk_usage(disk).free < 4096


@pytest.fixture(params=["small_disk", "image"])
def full(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A disk that will be full, with all of the user's folders on it: in memory, and ext4 with blocks of 1 kB."""
    found = request.getfixturevalue(request.param)
    disk: Path = found if isinstance(found, Path) else found.folder
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(disk))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("POSTURE_DATA", raising=False)
    monkeypatch.setenv("HOME", str(disk))
    return disk


@pytest.mark.parametrize("end", ["closed", "killed"])
def test_reading_and_making_room(full: Path, end: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = full / "posture/history.sqlite3"
    write(path, 1200, end)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    fill(full)
    commands = (
        ["summary", "--start", "2026-03-02", "--stop", "2026-03-09"],
        ["export"],
        ["log", "list"],
        ["history", "check"],
        ["history", "stats", "--json"],
    )
    for command in commands:
        assert main(command) == 0, command
        assert capsys.readouterr().out
    size = sum(file.stat().st_size for file in path.parent.iterdir())
    assert main(["history", "delete", "--before", "2026-03-08", "--yes"]) == 0
    assert "records from before 2026-03-08 were deleted" in capsys.readouterr().out
    assert sum(file.stat().st_size for file in path.parent.iterdir()) < size
    assert main(["forget", "--before", "2026-03-12", "--yes"]) == 0
    with Store(path) as store:  # there is room again
        assert store.problems() == []
        assert min(point.at for point in store.points(*EVER)).date() >= date(2026, 3, 11)
        store.write(points=[Point("shift", OLD)])


def test_forgetting_all(full: Path) -> None:
    path = full / "posture/history.sqlite3"
    write(path, 300, "killed")
    index = path.with_name(f"{path.name}-shm")
    with index.open("r+b") as file:
        file.truncate(1 << 20)  # of what SQLite makes room for here it writes little
    fill(full)
    assert main(["forget", "--all", "--yes"]) == 0
    assert [file.name for file in path.parent.iterdir() if not file.name.endswith(".lock")] == []


def test_a_daemon_can_start_and_end(full: Path) -> None:
    """Its lock holds, although nothing can be written into it, and its log raises nothing."""
    (full / "posture").mkdir()
    log = Log(full / "posture/daemon.log")
    fill(full)
    instance, other = SingleInstance(), SingleInstance()
    assert instance.take()
    assert instance.keep(load_settings(), "somewhere")
    assert not other.take()
    instance.release()
    log.write("started", words="x" * 9000)
    log.close()


USER = """
import sys
from pathlib import Path
from posture.history.store import Store
with Store(Path(sys.argv[1])) as store:
    print("open", flush=True)
    sys.stdin.readline()
    print(store.problems(), store.count()["point"], flush=True)
"""


def test_who_uses_it_meanwhile_is_not_cut_off(full: Path) -> None:
    path = full / "posture/history.sqlite3"
    write(path, 600, "closed")
    command = [sys.executable, "-c", USER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as user:
        assert user.stdin is not None
        assert user.stdout is not None
        assert user.stdout.readline() == "open\n"
        fill(full)
        with pytest.raises(PostureError, match="posture stop"):
            remove_before(path, OLD)
        user.stdin.write("\n")
        user.stdin.flush()
        assert user.stdout.readline() == "[] 600\n"
    assert remove_before(path, OLD) > 0


# -- the image --------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12), st.integers(0, 10**6), st.booleans())
def test_what_is_read_without_a_wal_is_what_sqlite_reads(writes: list[int], cut: int, torn: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path, copy = Path(folder, "history.sqlite3"), Path(folder, "copy/history.sqlite3")
        copy.parent.mkdir()
        with Store(path) as store:
            for n, size in enumerate(writes):
                store.write(points=[Point("pain", T0 + timedelta(hours=n, minutes=m), "") for m in range(size)])
            main_file, wal = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
        if torn and wal:
            at = cut % len(wal)
            wal = wal[:at] + bytes([wal[at] ^ 1]) + wal[at + 1 :] if cut % 2 else wal[:at]
        copy.write_bytes(main_file)
        copy.with_name(copy.name + "-wal").write_bytes(wal)
        with in_memory(committed(main_file, wal)) as memory:
            found = memory.execute("SELECT count(*), max(at_us) FROM point").fetchone()
            assert memory.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with Store(copy, read_only=True) as store:
            assert store._connection.execute("SELECT count(*), max(at_us) FROM point").fetchone() == found
        with in_memory(image_of(copy)) as memory:
            assert memory.execute("SELECT count(*), max(at_us) FROM point").fetchone() == found
