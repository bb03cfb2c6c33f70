"""What is stored, on Windows itself: moved, deleted, locked, kept for the user while other processes have it open."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "win32", reason="of Windows alone")

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
READER = "import sys; f = open(sys.argv[1]); print('open', flush=True); sys.stdin.readline()"
STORE = """
import sys
from pathlib import Path
from posture.history.store import Store
with Store(Path(sys.argv[1])) as store:
    store.count()
    print("open", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def open_elsewhere(path: Path, code: str = READER) -> Iterator[Callable[[], None]]:
    """Another process has a file open; yields what ends that."""
    other = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    assert other.stdout.readline().strip() == "open"
    try:
        yield lambda: (other.communicate("\n"), None)[1]
    finally:
        other.kill()
        other.communicate()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posture.file_system.PATIENCE_S", 0.3)


def filled(path: Path, minutes: int = 300) -> None:
    from posture.history.records import Interval
    from posture.history.store import Store

    def at(minute: int) -> datetime:
        return START + timedelta(minutes=minute)

    with Store(path) as store:
        store.write([Interval("bout", "sitting", at(n), at(n + 1)) for n in range(minutes)])


def stored(minute: int) -> bytes:
    """A time as SQLite writes it."""
    return int((START + timedelta(minutes=minute)).timestamp() * 1_000_000).to_bytes(8, "big")


def test_a_file_that_is_read_is_replaced_when_it_is_closed(tmp_path: Path) -> None:
    from posture.atomic_write import write_atomically

    path = tmp_path / "calibrations.json"
    write_atomically(path, "old")
    with open_elsewhere(path) as close:
        with pytest.raises(PermissionError):
            write_atomically(path, "new", erase_old=True)
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path], "nothing is left of the try"
        close()
    write_atomically(path, "new", erase_old=True)
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path], "nor of what was replaced"


def test_a_file_that_cannot_be_removed_is_left_whole(tmp_path: Path) -> None:
    from posture.erase import empty, erase

    path = tmp_path / "history.sqlite3.v1"
    path.write_text("content")
    with open_elsewhere(path) as close:
        with pytest.raises(PermissionError):
            erase(path)
        assert path.read_text() == "content"
        empty(path)
        assert path.read_bytes() == b""
        close()
    erase(path)
    assert not path.exists()


def test_forget_says_which_file_another_program_has_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from posture.cli.main import main

    for name in ("POSTURE_DATA", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setattr("posture.paths.state_folder", lambda: tmp_path)  # no variable says where it lies
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    path = tmp_path / "calibrations.json"
    path.write_text("{}")
    with open_elsewhere(path):
        assert main(["forget", "--all", "--yes"]) == 1
    assert "calibrations.json is open in another program" in capsys.readouterr().err
    assert main(["forget", "--all", "--yes"]) == 0
    assert not path.exists()


def test_one_process_holds_a_lock_and_others_see_it(tmp_path: Path) -> None:
    from posture.file_lock import LockFile, is_locked

    path = tmp_path / ".posture.lock"
    code = (
        "import sys; from pathlib import Path; from posture.file_lock import LockFile, is_locked; "
        "path = Path(sys.argv[1]); print(LockFile(path).take(), is_locked(path), path.read_text())"
    )
    first, second = LockFile(path), LockFile(path)
    assert first.take()
    first.write("4711\ndaemon\n")
    assert path.read_bytes() == b"4711\ndaemon\n"
    assert (second.take(), is_locked(path), first.held) == (False, True, True)
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
    assert done.stdout.split() == ["False", "True", "4711", "daemon"]
    first.release()
    assert not path.exists()
    assert second.take()
    second.release()


def test_a_damaged_history_is_set_aside_while_this_process_had_it_open(tmp_path: Path) -> None:
    from posture.history.rescue import open_sound

    for damage in (slice(0, 100), slice(8192, 10_000)):
        path = tmp_path / f"from {damage.start}" / "history.sqlite3"
        filled(path, 3000)
        content = bytearray(path.read_bytes())
        content[damage] = os.urandom(damage.stop - damage.start)
        path.write_bytes(content)
        store, said = open_sound(path)
        number = store.count()["interval"]
        store.close()
        assert "set aside" in said
        assert number >= 2900


def test_a_damaged_history_that_another_program_reads_stays_with_a_sentence(tmp_path: Path) -> None:
    from posture.errors import PostureError
    from posture.history.rescue import set_aside

    path = tmp_path / "history.sqlite3"
    for end in ("", "-wal"):
        path.with_name(path.name + end).write_text("damaged")
    with open_elsewhere(path), pytest.raises(PostureError, match="cannot be set aside"):
        set_aside(path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["history.sqlite3", "history.sqlite3-wal"]


def test_what_is_forgotten_is_gone_while_the_daemon_has_the_history_open(tmp_path: Path) -> None:
    from posture.history.removal import remove_before

    path = tmp_path / "a b's 50% & ü" / "history.sqlite3"
    filled(path)
    assert stored(7) in path.read_bytes()
    with open_elsewhere(path, STORE):
        assert remove_before(path, START + timedelta(minutes=100)) == 100
        content = b"".join(file.read_bytes() for file in path.parent.iterdir())
        assert stored(7) not in content
        assert stored(200) in content


def test_on_a_full_disk_the_history_is_written_in_place_when_nobody_has_it(tmp_path: Path) -> None:
    from posture.errors import PostureError
    from posture.history.removal import _without_room
    from posture.history.store import Store

    path = tmp_path / "history.sqlite3"
    filled(path)
    with open_elsewhere(path, STORE), pytest.raises(PostureError, match="is using the history"):
        _without_room(path, START + timedelta(minutes=100))
    assert _without_room(path, START + timedelta(minutes=100)) == 100
    assert stored(7) not in path.read_bytes()
    with Store(path) as store:
        assert store.sound()
        assert store.count()["interval"] == 200


def test_files_and_folders_are_for_the_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from posture.access import is_mine, keep_to_user, make_folder, others_may, rights_of
    from posture.paths import runtime_folder

    folder = tmp_path / "posture"
    make_folder(folder)
    assert is_mine(folder, folder.lstat())
    assert not others_may(folder, folder.lstat())
    assert rights_of(folder, folder.lstat()).startswith("D:")
    loose = tmp_path / "loose"
    loose.write_text("x")
    subprocess.run(["icacls", str(loose), "/grant", "*S-1-1-0:R"], capture_output=True, check=False)
    keep_to_user(loose)
    assert not others_may(loose, loose.lstat())
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = runtime_folder()
    assert made.parent == tmp_path
    assert not others_may(made, made.lstat())


def test_what_others_could_use_is_tightened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from posture.access import others_may
    from posture.kept_files import tighten
    from posture.paths import places
    from posture.settings import Settings

    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    loose = tmp_path / "calibrations.json"
    loose.write_text("{}")
    if not others_may(loose, loose.lstat()):
        pytest.skip("this folder lets in nobody else")
    assert loose in tighten(places(Settings()))
    assert loose not in tighten(places(Settings()))


def test_both_clocks_and_the_time_zone_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    from posture import clock

    before_s = clock.now_s()
    other = subprocess.run(
        [sys.executable, "-c", "from posture.clock import now_s; print(now_s())"], capture_output=True, text=True
    )
    assert before_s <= float(other.stdout) <= clock.now_s(), "the same in every process"
    assert clock.awake_s() <= clock.now_s() + 1
    monkeypatch.setenv("TZ", "XYZ-3")
    clock.follow_time_zone()
    assert START.astimezone().hour == 12
    monkeypatch.delenv("TZ")
    clock.follow_time_zone()


def test_keys_come_from_a_console() -> None:
    code = """
import sys
import win32con, win32console, win32file
win32console.FreeConsole()
win32console.AllocConsole()
both = win32con.GENERIC_READ | win32con.GENERIC_WRITE, win32con.FILE_SHARE_READ | win32con.FILE_SHARE_WRITE
opened = win32file.CreateFile("CONIN$", *both, None, win32con.OPEN_EXISTING, 0, None)
typed = win32console.PyConsoleScreenBufferType(opened)
for character, code in (("q", 0), ("\\0", 0x26), ("\\r", 13), ("\\u00fc", 0)):
    press = win32console.PyINPUT_RECORDType(win32console.KEY_EVENT)
    press.KeyDown, press.RepeatCount, press.Char, press.VirtualKeyCode = True, 1, character, code
    typed.WriteConsoleInput([press])
sys.stdin = open("CONIN$")
from posture.cli.keypress import keys
with keys() as key:
    print(ascii("".join(key(2.0) for _ in range(4))))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == r"'q\n\xfc'", done.stderr


REDIRECTED = (
    "--version",
    "--help",
    "config list",
    "config list --json",
    "config path",
    "about",
    "glossary",
    "exercises",
    "exercises --json",
    "plan",
    "summary",
    "report --sample --output r.html",
    "export",
    "export --format csv",
    "history check",
    "why",
    "log pain lower-back 3 Ärger→",
    "doctor --privacy",
    "status",
    "autostart status",
    "forget --before 2020-01-01",
    "completion bash",
    "check-in --conditions",
)


@pytest.mark.slow
@pytest.mark.parametrize("words", REDIRECTED)
def test_no_command_ends_in_a_traceback_when_its_output_goes_to_a_file(words: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    environment |= {
        "POSTURE_DATA": str(tmp_path),
        "POSTURE_CONFIG": str(tmp_path / "settings.toml"),
        "LOCALAPPDATA": str(tmp_path),
    }
    with (tmp_path / "out").open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "posture", *words.split()],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=tmp_path,
        )
    errors = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in errors, errors
    assert done.returncode in (0, 1, 2, 3), errors
    (tmp_path / "out").read_text(encoding="utf-8")


def test_whoever_opens_waits_until_another_has_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from posture import file_lock, file_system, plain_file

    path = tmp_path / "settings.toml"
    path.write_text("text")
    openers: list[Callable[[], object]] = [
        lambda: plain_file.read_plain_text(path),
        lambda: file_lock.is_locked(path),
        lambda: file_lock.LockFile(path).take(),
    ]
    for opens in openers:
        held = file_system.open_alone(path)
        waited: list[float] = []

        def end(seconds: float, held: int = held, waited: list[float] = waited) -> None:
            waited.append(seconds)
            if len(waited) == 1:
                os.close(held)

        with monkeypatch.context() as patch:
            patch.setattr(file_system.time, "sleep", end)
            opens()
        assert waited, "it was refused at first"
