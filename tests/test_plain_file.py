"""Whatever lies under the name of a file that posture reads, no command hangs or ends with a traceback."""

from __future__ import annotations

import ast
import json
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from posture.cli.main import main
from posture.daemon.logs import Log
from posture.kept_files import noted_places
from posture.own_files import own_files
from posture.plain_file import open_plain, read_plain, read_plain_text
from posture.settings_file import load_settings
from posture.settings_text import settings_path

ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names")


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    before = Path.cwd()
    os.chdir(path.parent)  # the path of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path.name)
    os.chdir(before)


def _folder(path: Path) -> None:
    path.mkdir()


def _endless(path: Path) -> None:
    _device_of(path, "zero", 1, 5)


def _device(path: Path) -> None:
    _device_of(path, "tty", 5, 0)


def _device_of(path: Path, name: str, major: int, minor: int) -> None:
    """A link to a device; to one of the test's own where the machine's could be damaged."""
    there = Path("/dev", name)
    if os.geteuid() == 0:
        there = path.with_name(f"{name} {path.name}")
        try:
            os.mknod(there, stat.S_IFCHR | 0o666, os.makedev(major, minor))
        except OSError:
            pytest.skip("needs a device of its own")
    path.symlink_to(there)


def _circle(path: Path) -> None:
    path.symlink_to(path.name)


def _pipe_behind_a_link(path: Path) -> None:
    pipe = path.with_name(f"pipe {path.name}")
    os.mkfifo(pipe)
    path.symlink_to(pipe.name)


def _nested(path: Path) -> None:
    path.write_text("[" * 200_000)


def _nested_objects(path: Path) -> None:
    path.write_text('{"a":' * 200_000)


def _binary(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


NO_FILES: list[Callable[[Path], None]] = [_pipe, _socket, _folder, _endless, _device, _circle, _pipe_behind_a_link]
BAD_FILES: list[Callable[[Path], None]] = [*NO_FILES, _nested, _nested_objects, _binary]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folders = {
        "XDG_DATA_HOME": "data",
        "XDG_STATE_HOME": "state",
        "XDG_CONFIG_HOME": "config",
        "XDG_RUNTIME_DIR": "run",
    }
    for name, folder in folders.items():
        (tmp_path / folder / "posture").mkdir(mode=0o700, parents=True)
        monkeypatch.setenv(name, str(tmp_path / folder))
    (tmp_path / "config/posture/exercises.d").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("POSTURE_DATA", raising=False)
    monkeypatch.delenv("POSTURE_CONFIG", raising=False)
    monkeypatch.setattr("posture.control.channel.REMADE_S", 0.0)
    return tmp_path


@pytest.mark.parametrize("make", NO_FILES)
def test_what_is_no_file_is_not_opened(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "x")
    with pytest.raises(OSError):  # noqa: PT011 - whichever
        read_plain(tmp_path / "x")
    with pytest.raises(OSError):  # noqa: PT011
        open_plain(tmp_path / "x", os.O_RDWR | os.O_CREAT)


def test_text_is_the_same_with_and_without_a_mark(tmp_path: Path) -> None:
    for mark in (b"", b"\xef\xbb\xbf"):
        (tmp_path / "x").write_bytes(mark + "für".encode())
        assert read_plain_text(tmp_path / "x") == "für"
    with pytest.raises(OSError, match="too large"):
        read_plain(tmp_path / "x", 3)


READ = {
    "settings": "config/posture/settings.toml",
    "own exercises": "config/posture/exercises.d/mine.toml",
    "history": "data/posture/history.sqlite3",
    "the last writes": "data/posture/history.sqlite3-wal",
    "calibrations": "data/posture/calibrations.json",
    "expiry": "data/posture/expiry.json",
    "lock": "data/posture/.posture.lock",
    "lock of run": "data/posture/.posture-run.lock",
    "log": "state/posture/daemon.log",
    "memory": "state/posture/daemon.json",
    "places": "state/posture/elsewhere-0123456789abcdef.json",
    "report": "state/posture/report.html",
    "socket": "run/posture/control",
    "lock at the socket": "run/posture/lock",
}
COMMANDS = [
    ["config", "list"],
    ["config", "set", "coach.stand_after", "31m"],
    ["exercises"],
    ["plan"],
    ["summary"],
    ["export"],
    ["why"],
    ["log", "list"],
    ["log", "pain", "3"],
    ["profile", "list"],
    ["history", "check"],
    ["status"],
    ["logs"],
    ["check-in", "--clear"],
    ["forget", "--before", "2026-01-01", "--yes"],
    ["forget", "--all", "--yes"],
]


SOME = (_pipe, _endless, _nested_objects)


@pytest.mark.parametrize(
    "make", [pytest.param(make, marks=[] if make in SOME else pytest.mark.nightly) for make in BAD_FILES]
)
@pytest.mark.parametrize("what", READ)
def test_every_command_goes_on_or_says_one_sentence(
    what: str, make: Callable[[Path], None], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make(home / READ[what])
    for command in COMMANDS:
        code = main(command)  # any other error than one of ours would come out here
        told = capsys.readouterr().err
        assert (code == 0) or told.strip(), command
        assert "Traceback" not in told


@pytest.mark.parametrize("make", [_endless, _device])
def test_what_is_not_ours_is_not_removed(make: Callable[[Path], None], home: Path) -> None:
    places = [home / place for what, place in READ.items() if what in ("calibrations", "memory", "report", "log")]
    for place in places:
        make(place)
    there = [place.resolve(strict=True) for place in places]
    main(["forget", "--all", "--yes"])
    assert not any(place.is_symlink() for place in places)
    assert all(stat.S_ISCHR(device.lstat().st_mode) for device in there)


@pytest.mark.parametrize(
    "make", [pytest.param(make, marks=[] if make in SOME else pytest.mark.nightly) for make in BAD_FILES]
)
def test_a_file_to_read_is_one_sentence(
    make: Callable[[Path], None], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "frames"
    folder.mkdir()
    make(folder / "a.json")
    (folder / "a.jpg").write_bytes(b"x")
    make(folder / "a.npz")
    assert main(["evaluate", str(folder)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    make(home / "x.mp4")
    for command in ("measure", "replay"):
        assert main([command, str(home / "x.mp4")]) == 1
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("make", NO_FILES)
def test_a_log_that_is_no_file_stops_nothing(make: Callable[[Path], None], tmp_path: Path) -> None:
    log = Log(tmp_path / "daemon.log")
    (tmp_path / "daemon.log").unlink()
    make(tmp_path / "daemon.log")
    log.write("started")
    log.write("started")
    (tmp_path / "daemon.log").rename(tmp_path / "away")
    log.write("stopped")
    log.close()
    assert "stopped" in (tmp_path / "daemon.log").read_text()


def test_a_mark_at_the_beginning_is_taken_everywhere(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "pain", "3", "--note", "here"]) == 0
    capsys.readouterr()
    assert main(["export"]) == 0
    exported = capsys.readouterr().out
    (home / "export.json").write_text(exported, encoding="utf-8-sig")
    assert main(["import", str(home / "export.json")]) == 0
    settings_path().write_text("[coach]\nstand_after = '31m'\n", encoding="utf-8-sig")
    assert load_settings().coach.stand_after_s == 31 * 60
    (home / "config/posture/exercises.d/mine.toml").write_text("", encoding="utf-8-sig")
    assert own_files()[0].fault == ""
    note = home / "state/posture/elsewhere-x.json"
    note.write_text(json.dumps({"history": "/somewhere"}), encoding="utf-8-sig")
    assert Path("/somewhere") in noted_places(home / "state/posture", "history")
    (home / "data/posture/calibrations.json").write_text('{"version": 1, "cameras": {}}', encoding="utf-8-sig")
    capsys.readouterr()
    assert main(["profile", "list"]) == 0


OPENED_OTHERWISE = {
    "plain_file.py": "the one way",
    "coach/packaged.py": "of the package itself",
    "coach/note_words.py": "of the package itself",
    "coach/about.py": "of the package itself",
    "measure/angles.py": "of the package itself",
    "pose/model_file.py": "of the package itself",
    "pose/mediapipe_model.py": "of the package itself",
    "pose/litert_model.py": "of the package itself",
    "cli/bench_program.py": "files of the kernel",
    "camera/video.py": "looked at before; a video may be of any size",
    "camera/linux.py": "files of the kernel",
    "desktop/quiet_linux.py": "files of the kernel",
    "desktop/running_linux.py": "files of the kernel",
    "desktop/session_linux.py": "files of the kernel",
    "perception/meter.py": "files of the kernel",
    "machine.py": "a file of the kernel",
    "own_package.py": "of the package itself",
    "pose/network_code.py": "libraries that are installed",
    "sandbox.py": "files of the kernel",
    "process_memory.py": "files of the kernel",
    "wsl.py": "a file of the kernel",
    "desktop/launcher.py": "of the package itself",
    "desktop/launcher_windows.py": "of the package itself",
    "language.py": "of the package itself, and one of macOS",
    "history/store.py": "looked at before, see _refuse_what_is_no_file",
    "cli/forget.py": "of a history that is open already",
    "cli/import_.py": "a pipe is taken there, and not waited for",
    "cli/config.py": "a draft that was just made",
}
"""Who opens files without `posture.plain_file`, and why that may be."""


def test_files_are_opened_in_one_way() -> None:
    found = set()
    for path in sorted((ROOT / "posture").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                reads = node.func.attr in ("read_text", "read_bytes", "fromfile")
                opens = node.func.attr == "open" and node.args and isinstance(node.args[0], ast.Constant)
                if reads or (opens and node.args[0].value in ("r", "rb", "r+b")):
                    found.add(path.relative_to(ROOT / "posture").as_posix())
    assert found - OPENED_OTHERWISE.keys() == set()


@pytest.mark.skipif(os.name != "posix", reason="modes of folders are of POSIX")
def test_what_cannot_be_seen_may_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from posture.plain_file import is_there

    assert is_there(tmp_path)
    assert not is_there(tmp_path / "nothing")
    (tmp_path / "file").touch()
    assert not is_there(tmp_path / "file/below")

    def closed(path: Path) -> os.stat_result:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", closed)
    assert is_there(tmp_path / "nothing")
