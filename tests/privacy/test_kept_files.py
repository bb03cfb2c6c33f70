"""One list of what is kept: nothing that posture leaves anywhere is missing in it, and `forget --all` leaves none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from posture.access import make_folder
from posture.atomic_write import write_atomically
from posture.cli.main import main
from posture.daemon.logs import Log
from posture.kept_files import KINDS, Places, as_markdown, kept_files
from posture.paths import places
from posture.settings_file import load_settings

ROOT = Path(__file__).parents[2]
SECRET = "the note of my pain"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of the test's own, with the usual places in it, and the current folder beside it."""
    if sys.platform == "win32":
        pytest.skip("its folders are those of Linux")
    names = {"XDG_DATA_HOME": ".local/share", "XDG_STATE_HOME": ".local/state", "XDG_CONFIG_HOME": ".config"}
    for name, folder in {**names, "XDG_RUNTIME_DIR": "run", "TMPDIR": "tmp"}.items():
        (tmp_path / folder).mkdir(mode=0o700, parents=True)
        monkeypatch.setenv(name, str(tmp_path / folder))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("POSTURE_DATA", raising=False)
    monkeypatch.delenv("POSTURE_CONFIG", raising=False)
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def left(home: Path) -> set[str]:
    """The files in which something of the user is left."""
    files = {path for path in home.rglob("*") if path.is_file() and not path.is_symlink()}
    return {str(path.relative_to(home)) for path in files if SECRET.encode() in path.read_bytes()}


def log_pain() -> None:
    assert main(["log", "pain", "3", "--note", SECRET]) == 0


def listed() -> dict[Path, bool]:
    return {file.path: file.about_you for file in kept_files(places(load_settings()))}


def test_the_table_of_privacy_md_is_this_list() -> None:
    """If this fails: python -c "from posture.kept_files import as_markdown; print(as_markdown())" is the new one."""
    assert as_markdown() in (ROOT / "PRIVACY.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("how", ["file", "relative", "chain", "folder", "calibrations", "log"])
def test_what_a_link_leads_to(home: Path, how: str, capsys: pytest.CaptureFixture[str]) -> None:
    data, state, real = home / ".local/share/posture", home / ".local/state/posture", home / "disk"
    real.mkdir()
    if how == "folder":
        data.symlink_to(real)
    else:
        data.mkdir()
    state.mkdir(parents=True)
    if how == "file":
        (data / "history.sqlite3").symlink_to(real / "mine.db")
    elif how == "relative":
        (data / "history.sqlite3").symlink_to("../../../disk/mine.db")
    elif how == "chain":
        (data / "history.sqlite3").symlink_to(real / "first")
        (real / "first").symlink_to("mine.db")
    elif how == "calibrations":
        (data / "calibrations.json").symlink_to(real / "c.json")
        (real / "c.json").write_text(SECRET)
    elif how == "log":
        (state / "daemon.log").symlink_to(real / "l")
        (real / "l").write_text(SECRET)
    if how in ("file", "relative", "chain", "folder"):
        log_pain()
        for end in ("-wal", "-journal"):
            name = "history.sqlite3" if how == "folder" else "mine.db"
            (real / f"{name}{end}").write_text(SECRET)
        (real / f"{name}-wal").unlink()  # an old one would be no WAL of this file
        (real / f"{name}-wal").write_bytes(b"\0" * 32 + SECRET.encode())
    assert left(home)
    assert main(["forget", "--all", "--yes"]) == 0
    assert left(home) == set()
    assert not any(path.is_symlink() for path in (*data.glob("*"), *state.glob("*")))
    assert main(["forget", "--all", "--yes"]) == 0
    assert "Nothing is kept" in capsys.readouterr().out


def test_all_in_one_folder_as_on_windows_and_macos(tmp_path: Path) -> None:
    """Data, state and settings of an application lie together there."""
    folder, runtime = tmp_path / "posture", tmp_path / "run"
    about_you = ["history.sqlite3", "history.sqlite3-wal", "history.sqlite3.v1", "history.sqlite3.damaged-2026-03-01"]
    about_you += ["calibrations.json", "expiry.json", ".calibrations-ab12_cd3", ".posture-ab12_cd3", ".report-ab12_cd3"]
    about_you += ["daemon.log", "daemon.log.3", "daemon.err", "daemon.json", "report.html", "elsewhere-1f.json"]
    about_you += ["settings.toml.old", ".settings-ab12_cd3"]
    others = ["settings.toml", ".posture.lock", ".posture-run.lock"]
    for name in (*about_you, *others):
        make_folder(folder)
        write_atomically(folder / name, "x")
    here = Places(folder / "history.sqlite3", folder, runtime, folder / "settings.toml")
    found = kept_files(here)
    assert sorted(file.path.name for file in found) == sorted([*about_you, *others])
    assert {file.path.name for file in found if file.about_you} == set(about_you)
    assert not any(file.loose for file in found)


def test_a_link_in_a_circle_or_to_nothing(home: Path) -> None:
    data = home / ".local/share/posture"
    data.mkdir()
    (data / "history.sqlite3").symlink_to("history.sqlite3")
    (data / "calibrations.json").symlink_to("not there")
    assert main(["forget", "--all", "--yes"]) == 0
    assert list(data.iterdir()) == []


def test_the_folders_that_were_named_before(home: Path) -> None:
    for name in ("", "first", "second"):
        if name:
            assert main(["config", "set", "history.folder", str(home / name)]) == 0
        log_pain()
        folder = home / name if name else home / ".local/share/posture"
        (folder / "calibrations.json").write_text(json.dumps({"version": 1, "cameras": {}, "note": SECRET}))
    assert main(["config", "reset", "history.folder"]) == 0
    assert len(left(home)) == 6
    assert main(["forget", "--before", "2100-01-01", "--yes"]) == 0
    assert {Path(path).name for path in left(home)} == {"calibrations.json"}
    assert main(["forget", "--all", "--yes"]) == 0
    assert left(home) == set()


KILLED = """
import os, signal, sys
from pathlib import Path
from posture.atomic_write import output_file, write_atomically
from posture.paths import noted_output
path = Path(sys.argv[1])
with noted_output(path), output_file(path) as file:
    file.write(sys.argv[2])
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(
    "path",
    ["work/posture-2026-03-02.html", "elsewhere/week.html", "elsewhere/all.json", ".local/state/posture/report.html"],
)
def test_what_a_killed_writer_leaves(home: Path, path: str) -> None:
    (home / path).parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([sys.executable, "-c", KILLED, str(home / path), SECRET], check=False)
    assert done.returncode == -9
    (found,) = left(home)
    assert listed()[home / found]
    stranger = (home / path).with_name(".week-of-mine")
    stranger.write_text("of somebody else")
    assert main(["forget", "--all", "--yes"]) == 0
    assert left(home) == set()
    assert stranger.exists()


@pytest.mark.parametrize(
    "name",
    [
        ".local/share/posture/.calibrations-ab12_cd3",
        ".local/share/posture/.posture-ab12_cd3",
        ".local/share/posture/history.sqlite3.damaged-2026-03-01-101112-wal",
        ".local/share/posture/history.sqlite3-journal",
        ".local/state/posture/.daemon-ab12_cd3",
        ".local/state/posture/.report-ab12_cd3",
        ".local/state/posture/.posture-ab12_cd3",
        ".local/state/posture/daemon.log.3",
        ".local/state/posture/daemon.err",
        ".config/posture/.settings-ab12_cd3",
        ".config/posture/settings.toml.old",
        ".config/systemd/user/.posture-ab12_cd3",
        ".config/autostart/.posture-ab12_cd3",
        "tmp/posture-settings-ab12_cd3.toml",
        "work/.posture-2026-03-02-to-2026-03-08-ab12_cd3",
        ".posture-ab12_cd3",
    ],
)
def test_what_is_left_behind_is_listed_and_removed(home: Path, name: str) -> None:
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(SECRET)
    (home / name).chmod(0o600)
    assert listed()[home / name]
    assert main(["forget", "--all", "--yes"]) == 0
    assert left(home) == set()


def test_every_kind_fits_a_name_and_none_that_it_shadows() -> None:
    places_of = {(kind.where, kind.pattern) for kind in KINDS}
    assert len(places_of) == len(KINDS)
    assert all(kind.shown and kind.what for kind in KINDS)


def test_a_supervisor_is_told_of_starts_and_errors_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = home / ".local/state/posture/daemon.log"
    log = Log(path, supervised=True)
    log.write("started", pid=5, version="1", source="rtsp://me:password@camera")
    log.write("seen", what="presence", presence="sitting")
    log.write("paused", until=None)
    log.write("error", error=repr(ValueError(SECRET)), trace=[SECRET])
    log.write("stopped", in_time=True)
    log.close()
    assert capsys.readouterr().err.splitlines() == ["started 5 1", "error ValueError", "stopped"]
    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == [
        "started",
        "seen",
        "paused",
        "error",
        "stopped",
    ]
    assert main(["logs", "--json", "-n", "9"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5


def test_a_log_that_grows_while_it_is_shortened_loses_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home / ".local/state/posture/daemon.log"
    path.parent.mkdir(parents=True)
    old, new = (json.dumps({"at": f"{year}-01-01T00:00:00+00:00", "event": "seen"}) + "\n" for year in (2020, 2030))
    path.write_text(old * 3 + new)

    def asked(_: str) -> str:
        with path.open("a") as file:  # as the daemon does, while the user thinks
            file.write(new)
        return "y"

    monkeypatch.setattr("builtins.input", asked)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert main(["forget", "--before", "2026-01-01"]) == 0
    assert path.read_text() == new * 2
