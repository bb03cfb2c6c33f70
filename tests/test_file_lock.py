"""Changes that several processes make to one file at once are all kept, and a lock writes through no link."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest
from people import baseline_like, sitter

from posture.errors import PostureError
from posture.file_lock import LockFile, is_locked, locked
from posture.history.calibrations import add_profile, load_baseline, profiles, save_baseline
from posture.settings import Settings, find_spec, setting_specs
from posture.settings_file import set_setting

AT_ONCE = int(os.environ.get("POSTURE_SETS", "8"))
"""So many commands change one file at once; the nightly run has sixty."""
NEW_PROFILE = """
import sys
from posture.history.calibrations import add_profile, use_profile
from posture.settings import Settings
add_profile(Settings(), sys.argv[1])
use_profile(Settings(), "Webcam (0)", sys.argv[1])
"""
posix_only = pytest.mark.skipif(os.name != "posix", reason="links and modes of POSIX")


# -- the lock itself ---------------------------------------------------------------------------------------------------


def test_one_holder_at_a_time_and_nothing_is_left(tmp_path: Path) -> None:
    first, second = LockFile(tmp_path / "lock"), LockFile(tmp_path / "lock")
    assert first.take()
    assert first.held
    assert not second.take()
    assert is_locked(tmp_path / "lock")
    first.release()
    assert not is_locked(tmp_path / "lock")
    assert second.take()
    second.release()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no file that is open")
def test_a_lock_whose_file_is_removed_is_not_held_any_more(tmp_path: Path) -> None:
    first, second = LockFile(tmp_path / "lock"), LockFile(tmp_path / "lock")
    assert first.take()
    (tmp_path / "lock").unlink()
    assert not first.held
    assert second.take()
    first.release()
    assert second.held, "the lock of another must not be removed"
    second.release()


@posix_only
@pytest.mark.parametrize("disguise", ["symlink", "dangling symlink", "hard link"])
def test_a_lock_writes_through_no_other_name(tmp_path: Path, disguise: str) -> None:
    precious, path = tmp_path / "precious", tmp_path / "lock"
    precious.write_text("precious")
    if disguise == "symlink":
        path.symlink_to(precious)
    elif disguise == "hard link":
        path.hardlink_to(precious)
    else:
        path.symlink_to(tmp_path / "made by a lock")
    lock = LockFile(path)
    assert lock.take()
    lock.write("1234\n")
    assert precious.read_text() == "precious"
    assert path.read_text() == "1234\n"
    assert not path.is_symlink()
    assert not (tmp_path / "made by a lock").exists()
    lock.release()


@posix_only
@pytest.mark.parametrize("make", [Path.mkdir, getattr(os, "mkfifo", None)])
def test_what_is_no_file_is_an_error_and_no_wait(tmp_path: Path, make: object) -> None:
    make(tmp_path / "lock")  # type: ignore[operator]
    with pytest.raises(OSError, match="lock"):
        LockFile(tmp_path / "lock").take()


def test_threads_take_turns(tmp_path: Path) -> None:
    file = tmp_path / "number"
    file.write_text("0")

    def count() -> None:
        for _ in range(20):
            with locked(file):
                file.write_text(str(int(file.read_text()) + 1))

    threads = [threading.Thread(target=count) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert file.read_text() == "120"
    assert list(tmp_path.iterdir()) == [file]


@posix_only
def test_a_link_and_its_file_have_one_lock(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.touch()
    link.symlink_to(real)
    with locked(link):
        assert not LockFile(tmp_path / ".real.toml.lock").take()


def test_a_lock_that_is_never_let_go_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posture.file_lock.PATIENCE_S", 0.0)
    file = tmp_path / "settings.toml"
    other = LockFile(tmp_path / ".settings.toml.lock")
    assert other.take()
    with pytest.raises(PostureError, match=r"is changing .*settings.toml and does not end: end it"):
        set_setting(file, find_spec("coach.snooze"), "20m")
    other.release()
    set_setting(file, find_spec("coach.snooze"), "20m")


# -- what it is for ----------------------------------------------------------------------------------------------------


def run_at_once(commands: list[list[str]]) -> None:
    started = [
        subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for command in commands
    ]
    for process in started:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, (out, err)


@pytest.mark.slow
def test_of_settings_set_at_once_all_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    file = tmp_path / "settings.toml"
    file.write_text("# mine\n")
    specs = setting_specs()
    chosen = specs[-AT_ONCE:]
    assert len(chosen) == AT_ONCE
    run_at_once([["-m", "posture", "config", "set", spec.key, spec.text(spec.default)] for spec in chosen])
    stored = tomllib.loads(file.read_text())
    assert {spec.key for spec in chosen} == {f"{section}.{name}" for section in stored for name in stored[section]}
    assert file.read_text().startswith("# mine\n")
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.slow
def test_changes_of_different_kinds_at_once_are_all_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    settings = Settings()
    names = [f"place{n}" for n in range(AT_ONCE // 2)]
    # `posture profile` needs a camera; this is what it does with one.
    commands = [["-c", NEW_PROFILE, name] for name in names]
    config = ["-m", "posture", "config"]
    commands += [[*config, "set", "coach.snooze", "20m"], [*config, "set", "coach.stand_after", "50m"]]
    commands += [[*config, "reset", "coach.move_after"]]
    calibrating = threading.Thread(
        target=lambda: [
            save_baseline(settings, f"Camera {n} (0)", baseline_like(sitter()), standing=n % 2 > 0) for n in range(20)
        ]
    )
    calibrating.start()
    run_at_once(commands)
    calibrating.join()
    assert {profile.name for profile in profiles(settings)} == {"desk", *names}
    for n in range(20):
        assert load_baseline(settings, f"Camera {n} (0)", standing=n % 2 > 0) is not None
    assert tomllib.loads((tmp_path / "settings.toml").read_text()) == {"coach": {"snooze": "20m", "stand_after": "50m"}}


def test_profiles_made_by_threads_are_all_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    threads = [threading.Thread(target=add_profile, args=(Settings(), f"place{n}")) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(profiles(Settings())) == 13
