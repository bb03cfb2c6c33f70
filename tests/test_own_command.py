"""Processes of our own run our modules and Python's, not what lies in the folder they are started in."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from posture.camera.boxed import BoxedVideo
from posture.own_command import ROOT, own_command, own_environment
from posture.sensor.client import SensorProcess
from posture.sensor.feeder import Feeder
from posture.sensor.wire import Ready, Start, settings_to_json
from posture.settings import Settings

CHILDREN = (
    "posture",
    "posture.daemon",
    "posture.sensor.process",
    "posture.sensor.feeder",
    "posture.camera.boxed",
    "posture.desktop.idle_x",
    "posture.desktop.tray_pystray",
)
PLANTED = ("select", "json", "random", "socket", "struct", "subprocess", "threading", "numpy", "runpy", "posture")


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, and the home, full of modules that leave a trace where they are run; gives the trace."""
    folder, trace = tmp_path / "home", tmp_path / "ran"
    folder.mkdir()
    for name in PLANTED:
        (folder / f"{name}.py").write_text(f"open({str(trace)!r}, 'a').write({name!r})\nraise SystemExit(3)\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return trace


PATHS = [None, "", ":", ".", ":relative", "{own}:", "{own}::.", "."]


@pytest.mark.parametrize("module", CHILDREN)
@pytest.mark.parametrize("path", [None, "{own}::."])
def test_nothing_of_the_current_folder_is_run(
    module: str, path: str | None, planted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if path is None:
        monkeypatch.delenv("PYTHONPATH", raising=False)
    else:
        monkeypatch.setenv("PYTHONPATH", path.format(own=ROOT))
    arguments = ["--help"] if module in ("posture", "posture.daemon") else []
    command = own_command(module, *arguments)
    quietly: dict[str, Any] = {"stdin": subprocess.DEVNULL, "capture_output": True, "check": False, "timeout": 60}
    subprocess.run(command, env=own_environment(), **quietly)
    assert not planted.exists()
    # Without it, the same is run: the trace would show.
    command.remove("-P")
    subprocess.run(command, **quietly)
    assert planted.exists()


@pytest.mark.parametrize("path", PATHS)
def test_children_get_no_path_that_leads_here(path: str | None, planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if path is None:
        monkeypatch.delenv("PYTHONPATH", raising=False)
    else:
        monkeypatch.setenv("PYTHONPATH", path.format(own=ROOT))
    entries = own_environment().get("PYTHONPATH", str(ROOT)).split(os.pathsep)
    assert all(Path(entry).is_absolute() for entry in entries)
    assert str(ROOT) in entries


@pytest.mark.slow
def test_what_watches_a_video_runs_none_of_it(planted: Path, data: Path) -> None:
    with BoxedVideo(data / "still.mp4") as video:
        assert video.grab() == 0.0
    feeder = Feeder(str(data / "still.mp4"))
    sensor = SensorProcess(Start(settings_to_json(Settings()), "0", None, 0.0), feeder)
    try:
        assert isinstance(sensor.link.receive(60), Ready)
    finally:
        sensor.end()
        feeder.close()
    assert not planted.exists()


@pytest.mark.parametrize("command", [["status"], ["summary"]])
def test_as_a_module_it_leaves_the_current_folder(command: list[str], planted: Path) -> None:
    """`python -m posture` typed in such a folder; what Python loads before it is beyond it."""
    for name in ("runpy", "posture", "threading"):
        (Path.cwd() / f"{name}.py").unlink()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "posture", *command], env=environment, capture_output=True, text=True, check=False
    )
    assert not planted.exists()
    assert done.returncode in (0, 1), done.stderr


def test_command_lines_are_made_in_one_place() -> None:
    made = {}
    for file in (ROOT / "posture").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        if '"-m", ' in text or "sys.executable" in text or "-m posture" in text.replace("python -m posture", ""):
            made[file.relative_to(ROOT / "posture").as_posix()] = text.count("sys.executable")
    # autostart words entries; those of the sandbox run no module, own_package gives a command for people to type, and
    # windows_programs knows its own file.
    assert made == {
        "own_command.py": 2,
        "own_package.py": 4,
        "desktop/autostart_linux.py": 2,
        "desktop/autostart_mac.py": 2,
        "windows_programs.py": 1,
        "sandbox.py": 2,
    }


@pytest.mark.parametrize("file", sorted((ROOT / "posture").rglob("*.py")), ids=lambda file: file.stem)
def test_what_a_program_says_is_read_in_an_encoding_that_is_said(file: Path) -> None:
    """On Windows it would be one of 256 characters otherwise, and a letter beyond them an error."""
    source = file.read_text(encoding="utf-8")
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        words = {keyword.arg for keyword in call.keywords}
        if ast.unparse(call.func).startswith("subprocess.") and words & {"text", "universal_newlines"}:
            assert "encoding" in words, ast.unparse(call)
