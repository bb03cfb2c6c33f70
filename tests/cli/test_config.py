"""`posture config`: what a user types and sees."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from posture.cli import config
from posture.errors import PostureError
from posture.settings import setting_specs
from posture.settings_file import load_settings

ROOT = Path(__file__).parents[2]
posix_only = pytest.mark.skipif(os.name != "posix", reason="the editors are shell scripts")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser(prog="posture")
    config.add_parser(parser.add_subparsers())
    args = parser.parse_args(["config", *words])
    code: int = args.run(args)
    return code


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("POSTURE_CONFIG", str(path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return path


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Make an editor of a shell script that gets the file as $1."""
    path = tmp_path / "my editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("VISUAL", f'"{path}"')
    monkeypatch.setattr("tempfile.tempdir", None)


def test_set_get_reset(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("get", "coach.stand_after") == 0
    assert run("set", "coach.stand_after", "1h 30min") == 0
    assert run("get", "stand_after") == 0
    assert run("reset", "coach.stand_after") == 0
    assert run("reset", "coach.stand_after") == 0
    assert run("get", "coach.stand_after") == 0
    assert capsys.readouterr().out.splitlines() == [
        "30m",
        "coach.stand_after = 1h30m",
        "1h30m",
        "coach.stand_after is back at its default, 30m",
        "coach.stand_after is already at its default, 30m",
        "30m",
    ]
    assert run("path") == 0
    assert capsys.readouterr().out == f"{file}\n"


def test_a_wrong_value_is_refused_before_anything_is_written(file: Path) -> None:
    with pytest.raises(PostureError, match=r"camera\.width_px: 5 is out of range; allowed: 160 to 1920 px") as caught:
        run("set", "camera.width_px", "5")
    assert caught.value.exit_code == 2
    assert not file.exists()


def test_reset_all_says_where_the_old_file_is(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("set", "coach.stand_after", "45m")
    run("reset", "--all")
    run("reset", "--all")
    out = capsys.readouterr().out
    assert f"the old file is {file}.old" in out
    assert out.endswith("there is no settings file: all settings are at their defaults\n")


def test_reset_wants_a_key_or_all(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("reset")
    assert "required" in capsys.readouterr().err


def test_list_has_a_line_for_every_setting_and_marks_what_is_changed(capsys: pytest.CaptureFixture[str]) -> None:
    run("set", "coach.stand_after", "45m")
    capsys.readouterr()
    run("list")
    lines = capsys.readouterr().out.splitlines()
    for spec in setting_specs():
        (line,) = [line for line in lines if spec.key in line.split()]
        assert spec.doc in line
        assert spec.range in line
        assert line.startswith("*") == (spec.key == "coach.stand_after")
    (line,) = [line for line in lines if "coach.stand_after" in line]
    assert line.split()[:7] == ["*", "coach.stand_after", "45m", "10s", "to", "4h", "30m"]


def test_list_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    run("set", "coach.stand_after", "45m")
    capsys.readouterr()
    run("list", "--json")
    entries = {entry["key"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert list(entries) == [spec.key for spec in setting_specs()]
    entry = entries["coach.stand_after"]
    assert (entry["value"], entry["value_s"], entry["default"], entry["changed"]) == ("45m", 2700, "30m", True)
    assert (entries["camera.width_px"]["low"], entries["camera.width_px"]["unit"]) == (160, "px")


def test_the_reference_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    run("list", "--markdown")
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert page == capsys.readouterr().out, "write it again: posture config list --markdown > docs/settings.md"


def test_get_and_help_load_nothing_heavy(file: Path) -> None:
    file.write_text('[coach]\nstand_after = "45m"\n')
    code = (
        "import argparse, sys\n"
        "from posture.cli import config\n"
        "parser = argparse.ArgumentParser(); config.add_parser(parser.add_subparsers()); parser.format_help()\n"
        "args = parser.parse_args(['config', 'get', 'coach.stand_after']); args.run(args)\n"
        "heavy = {'tomlkit', 'rich', 'numpy', 'json', 'subprocess', 'secrets', 'cv2', 'mediapipe'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "45m\n[]\n"


# edit


@posix_only
def test_edit_starts_from_all_settings_and_saves_what_is_right(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor(tmp_path, monkeypatch, """sed -i 's/^# snooze = .*/snooze = "20m"/' "$1" """)
    assert run("edit") == 0
    assert capsys.readouterr().out == f"saved {file}\n"
    assert load_settings(file).coach.snooze_s == 1200
    assert '# stand_after = "30m"' in file.read_text()
    assert not list(tmp_path.glob("posture-settings-*"))


@posix_only
def test_edit_that_changes_nothing_writes_nothing(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor(tmp_path, monkeypatch, "true")
    assert run("edit") == 0
    assert capsys.readouterr().out == "the draft is as it was: no setting was changed\n"
    assert not file.exists()
    assert not list(tmp_path.glob("posture-settings-*"))


@posix_only
def test_a_broken_edit_is_refused_and_the_draft_kept(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text('[coach]\nsnooze = "20m"\n')
    editor(tmp_path, monkeypatch, """echo 'stand_after = "9h"' >> "$1" """)
    with Path(os.devnull).open() as nobody, monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", nobody)
        with pytest.raises(PostureError, match="stays as it was; your draft is kept in") as caught:
            run("edit")
    assert caught.value.exit_code == 2
    assert f'{file}, line 3: coach.stand_after: "9h" is out of range' in capsys.readouterr().err
    assert file.read_text() == '[coach]\nsnooze = "20m"\n'
    (draft,) = tmp_path.glob("posture-settings-*")
    assert "9h" in draft.read_text()


@posix_only
def test_a_broken_edit_can_be_taken_up_again(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a real terminal, in a process of its own: the first edit is broken, the answer is yes, the second is right."""
    import pty

    file.write_text('[coach]\nsnooze = "20m"\n')
    editor(tmp_path, monkeypatch, """grep -q 9h "$1" && sed -i s/9h/2h/ "$1" || echo 'stand_after = "9h"' >> "$1" """)
    code = (
        "import argparse; from posture.cli import config\n"
        "parser = argparse.ArgumentParser(); config.add_parser(parser.add_subparsers())\n"
        "args = parser.parse_args(['config', 'edit']); raise SystemExit(args.run(args))\n"
    )
    ours, theirs = pty.openpty()
    os.write(ours, b"y\n")
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], stdin=theirs, capture_output=True, text=True, check=True, cwd=ROOT
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert "line 3" in done.stderr
    assert "Edit again?" in done.stdout
    assert load_settings(file).coach.stand_after_s == 7200


@posix_only
def test_edit_does_not_write_over_a_change_made_meanwhile(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tmp_path, monkeypatch, f"""echo '# me too' > "$1"; echo '# faster' > '{file}'""")
    with pytest.raises(PostureError, match="was changed meanwhile"):
        run("edit")
    assert file.read_text() == "# faster\n"


@posix_only
@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("/no/such/editor", "the editor /no/such/editor cannot be started: No such file or directory"),
        ("false", "the editor false ended with 1: the settings stay as they were"),
        ("'vi", "open quote"),
    ],
)
def test_an_editor_that_fails_is_one_sentence(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, message: str
) -> None:
    monkeypatch.setenv("VISUAL", command)
    with pytest.raises(PostureError, match=message):
        run("edit")
    assert not file.exists()
