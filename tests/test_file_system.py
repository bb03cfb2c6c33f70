"""Files are moved, deleted and kept as each system does it; Windows and macOS are played at their outermost edge."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

import pytest
from other_systems import played

from posture.atomic_write import is_no_name
from posture.cli.import_ import _text
from posture.daemon.logs import Log
from posture.errors import PostureError
from posture.file_system import make_room, read_at, write_at
from posture.history import rescue
from posture.history.store import Store, _uri

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows is played here; tests/windows asks it itself")


def refused(number: int | None) -> PermissionError:
    error = PermissionError(errno.EACCES, "refused")
    error.winerror = number  # type: ignore[attr-defined]
    return error


def failing(times: int, number: int | None) -> Callable[[], str]:
    left = [times]

    def do() -> str:
        if left[0]:
            left[0] -= 1
            raise refused(number)
        return "done"

    return do


def test_what_another_program_has_open_for_a_moment_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = played(monkeypatch, "file_system", "win32")
    clock = [0.0]
    waited = types.SimpleNamespace(monotonic=lambda: clock[0], sleep=lambda s: clock.__setitem__(0, clock[0] + s))
    monkeypatch.setattr(windows, "time", waited)
    for number in (5, 32, 33, 303, None):  # None: what os.open says of all of them
        assert windows.patiently(failing(3, number)) == "done"
    with pytest.raises(PermissionError):
        windows.patiently(failing(10**6, 32))
    assert windows.PATIENCE_S <= clock[0] < 2 * windows.PATIENCE_S, "it does not wait for ever"
    before_s = clock[0]
    with pytest.raises(PermissionError):
        windows.patiently(failing(1, 19))  # the disk is write protected
    assert clock[0] == before_s


@pytest.mark.parametrize("system", ["win32", "darwin", "linux"])
def test_a_piece_of_a_file_is_read_and_written_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    # What fcntl has of macOS.
    there = played(monkeypatch, "file_system", system, fcntl=types.SimpleNamespace(fcntl=lambda *_: 0, F_FULLFSYNC=51))
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    file = os.open(path, os.O_RDWR)
    try:
        assert there.read_at(file, 4, 3) == b"3456"
        assert there.read_at(file, 40, 8) == b"89"
        there.write_at(file, b"ab" * 3, 6)
        there.flush(file)
        there.make_room(file, 12, 100_000)
    finally:
        os.close(file)
    assert path.read_bytes() == b"012345ababab" + bytes(100_000)


def test_macos_is_asked_to_empty_the_cache_of_its_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def fcntl(file: int, what: int) -> None:
        asked.append(what)
        if len(asked) > 1:
            raise OSError(errno.ENOTSUP, "not on this disk")

    mac = played(monkeypatch, "file_system", "darwin", fcntl=types.SimpleNamespace(fcntl=fcntl, F_FULLFSYNC=51))
    synced: list[int] = []
    monkeypatch.setattr(mac.os, "fsync", synced.append)
    mac.flush(7)
    assert (asked, synced) == ([51], [])
    mac.flush(7)
    assert synced == [7]


def test_room_that_is_not_to_be_had_leaves_a_file_as_long_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mac = played(monkeypatch, "file_system", "darwin")
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")

    def full(file: int, data: bytes, at: int) -> None:
        if at > 100_000:
            raise OSError(errno.ENOSPC, "full")
        write_at(file, data, at)

    monkeypatch.setattr(mac, "write_at", full)
    file = os.open(path, os.O_RDWR)
    try:
        with pytest.raises(OSError, match="full"):
            mac.make_room(file, 10, 200_000)
    finally:
        os.close(file)
    assert path.read_bytes() == b"0123456789"


def test_a_name_that_windows_takes_for_something_else_is_none() -> None:
    for name in ("NUL", "nul.txt", "con", "COM1.html", "lpt¹", "aux .x", "a:b", "a.html:stream", "a?", "end.", "end "):
        assert is_no_name(name), name
    for name in ("posture-2026-03-01.html", "console.txt", "com10", "null", "a 50% & b's ü.csv", ".hidden"):
        assert not is_no_name(name), name


def test_a_history_on_a_machine_in_the_network_is_named_as_sqlite_wants_it() -> None:
    assert _uri(PureWindowsPath(r"C:\Users\a b%'&ü#\h")) == "file:///C:/Users/a%20b%25%27%26%C3%BC%23/h"
    assert _uri(PureWindowsPath(r"\\server\share\my home\h")) == "file:////server/share/my%20home/h"


# -- what is refused changes nothing -----------------------------------------------------------------------------------


def test_a_damaged_history_is_set_aside_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "history.sqlite3"
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).write_text(f"content{end}")

    def move(one: Path, other: Path, real: Callable[[Path, Path], None] = rescue.move) -> None:
        if one == path:
            raise refused(32)
        real(one, other)

    monkeypatch.setattr(rescue, "move", move)
    with pytest.raises(PostureError, match="cannot be set aside"):
        rescue.set_aside(path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        f"history.sqlite3{end}": f"content{end}" for end in ("", "-wal", "-shm")
    }


def test_a_log_that_is_being_read_is_turned_over_later_and_none_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posture.daemon.logs.MAX_BYTES", 300)
    free = [False]
    monkeypatch.setattr("posture.daemon.logs.may_move", lambda path: free[0])
    for number in (1, 2, 3):
        (tmp_path / f"daemon.log.{number}").write_text(f"old {number}")
    log = Log(tmp_path / "daemon.log")
    for number in range(20):
        log.write("seen", number=number)
    assert (tmp_path / "daemon.log").read_text().count("\n") == 20
    assert [(tmp_path / f"daemon.log.{number}").read_text() for number in (1, 2, 3)] == ["old 1", "old 2", "old 3"]
    free[0] = True
    log.write("seen", number=20)
    log.close()
    assert (tmp_path / "daemon.log.1").read_text().count("\n") == 20
    assert (tmp_path / "daemon.log.3").read_text() == "old 2"
    assert (tmp_path / "daemon.log").read_text().count("\n") == 1


def test_room_is_made_and_nothing_else_changes(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    file = os.open(path, os.O_RDWR)
    try:
        make_room(file, 10, 5)
        assert read_at(file, 100, 0) == b"0123456789" + bytes(5)
    finally:
        os.close(file)


# -- clocks ------------------------------------------------------------------------------------------------------------


def test_each_system_is_asked_for_the_clock_that_counts_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    mac = played(monkeypatch, "clock", "darwin")
    asked: list[int] = []
    kept = types.SimpleNamespace(clock_gettime=lambda which: asked.append(which) or 5.0, CLOCK_MONOTONIC_RAW=4)
    monkeypatch.setattr(mac, "time", kept)
    assert mac.now_s() == 5.0
    assert asked == [4]

    def query(ticks: int) -> Callable[[object], None]:
        def put(found: object) -> None:
            found._obj.value = ticks  # type: ignore[attr-defined]

        return put

    base = types.SimpleNamespace(
        QueryInterruptTimePrecise=query(30_000_000), QueryUnbiasedInterruptTimePrecise=query(10_000_000)
    )
    import ctypes

    monkeypatch.setattr(ctypes, "WinDLL", lambda name: base, raising=False)
    windows = played(monkeypatch, "clock", "win32")
    assert (windows.now_s(), windows.awake_s()) == (3.0, 1.0)
    zones: list[bool] = []
    monkeypatch.setattr(ctypes, "CDLL", lambda name: types.SimpleNamespace(_tzset=lambda: zones.append(True)))
    windows.follow_time_zone()
    windows.follow_time_zone()
    assert len(zones) == 2


# -- what the user sees ------------------------------------------------------------------------------------------------


def test_keys_of_a_console(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = list("q\xe0H\0;\r\x03")
    console = types.SimpleNamespace(kbhit=lambda: bool(typed), getwch=lambda: typed.pop(0))
    windows = played(monkeypatch, "cli/keypress", "win32", msvcrt=console)
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: True))
    with windows.keys() as key:
        assert [key(1.0) for _ in range(4)] == ["q", "", "", "\n"]
        with pytest.raises(KeyboardInterrupt):
            key(1.0)
        assert key(0.0) == ""


@pytest.mark.parametrize("works", [True, False])
def test_a_page_is_shown_in_the_user_s_own_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: bool
) -> None:
    shown: list[object] = []

    def startfile(path: Path) -> None:
        shown.append(path)
        if not works:
            raise OSError("no program for it")

    monkeypatch.setattr(os, "startfile", startfile, raising=False)
    assert played(monkeypatch, "show_file", "win32").show(tmp_path) is works
    commands = types.SimpleNamespace(
        DEVNULL=-3, run=lambda command, **_: shown.append(command) or types.SimpleNamespace(returncode=int(not works))
    )
    assert played(monkeypatch, "show_file", "darwin", subprocess=commands).show(tmp_path) is works
    assert shown == [tmp_path, ["/usr/bin/open", str(tmp_path)]]


def test_what_goes_to_a_file_on_windows_is_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    windows = played(monkeypatch, "output", "win32")
    for asked, expected in (("", "Ärger → ✓\n".encode()), ("cp1252", "Ärger ? ?\n".encode("cp1252"))):
        monkeypatch.setenv("PYTHONIOENCODING", asked)
        with (tmp_path / "out").open("w", encoding="cp1252", newline="") as file:
            monkeypatch.setattr(sys, "stdout", file)
            windows.exchange_files_as_utf8()
            with windows.plain_output():
                print("Ärger → ✓")
        assert (tmp_path / "out").read_bytes() == expected


def test_what_comes_from_a_file_on_windows_is_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    windows = played(monkeypatch, "output", "win32")
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    for sent, read in (("腰が痛い ✓".encode(), "腰が痛い ✓"), ("Rücken".encode("cp1252"), "R\ufffdcken")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(sent), "cp1252"))
        windows.exchange_files_as_utf8()
        assert sys.stdin.read() == read


@pytest.mark.parametrize("console", [True, False])
def test_nobody_answers_at_nul(monkeypatch: pytest.MonkeyPatch, console: bool) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

        def fileno(self) -> int:
            return 0

    import ctypes

    kernel = types.SimpleNamespace(GetConsoleMode=lambda handle, mode: int(console))
    monkeypatch.setattr(ctypes, "WinDLL", lambda name: kernel, raising=False)
    windows = played(monkeypatch, "output", "win32", msvcrt=types.SimpleNamespace(get_osfhandle=lambda number: 7))
    # Nothing else holds it, as where a process was started without: its end must not close what is read.
    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO(b"an answer"), "utf-8"))
    windows.take_nothing_for_no_terminal()
    assert sys.stdin.isatty() is console
    assert sys.stdin.read() == "an answer"


def test_a_machine_is_named_without_asking_wmi(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPUTERNAME", "DESK")
    monkeypatch.setenv("PROCESSOR_ARCHITECTURE", "AMD64")
    key = contextlib.nullcontext("key")
    registry = types.SimpleNamespace(
        HKEY_LOCAL_MACHINE=2, OpenKey=lambda root, name: key, QueryValueEx=lambda key, name: (41, 4)
    )
    there = played(monkeypatch, "machine", "win32", winreg=registry)
    assert (there.system_name(), there.processor(), there.host_name(), there.this_start()) == (
        *("Windows", "AMD64", "DESK"),
        "41",
    )


def test_an_export_that_powershell_wrote_is_read(tmp_path: Path) -> None:
    for written in ("utf-8", "utf-8-sig", "utf-16"):
        (tmp_path / "export").write_text("Ärger", encoding=written)
        assert _text(str(tmp_path / "export")) == "Ärger"


def test_a_store_that_is_damaged_leaves_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    Store(path).close()
    path.write_bytes(b"x" * 4096)
    with pytest.raises(PostureError):
        Store(path)
    assert not [fd for fd in Path("/proc/self/fd").iterdir() if os.path.realpath(fd) == str(path)]


def test_an_editor_in_a_folder_with_spaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    windows = played(monkeypatch, "cli/config", "win32")
    monkeypatch.setenv("VISUAL", r'"C:\Program Files\ed.exe" -w')
    started: list[list[str]] = []
    found = types.SimpleNamespace(returncode=0)
    monkeypatch.setitem(
        sys.modules, "subprocess", types.SimpleNamespace(run=lambda command, **_: started.append(command) or found)
    )
    windows._open_editor(tmp_path / "draft.toml")
    assert started == [[r"C:\Program Files\ed.exe", "-w", str(tmp_path / "draft.toml")]]
