"""`posture completion`: each script in its own shell, asked as that shell asks."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from posture.cli.main import main
from posture.coach.exercises import library
from posture.history.calibrations import add_profile
from posture.settings import Settings, setting_specs
from posture.settings_file import load_settings

KEYS = [spec.key for spec in setting_specs()]
ROOT = Path(__file__).parents[2]

ASK = {
    "bash": "source ./script; COMP_LINE={line}; COMP_POINT=${{#COMP_LINE}}; _python_argcomplete posture\n"
    "printf '%s\\n' \"${{COMPREPLY[@]}}\"",
    # What zsh offers to the user is printed instead; the rest of its completion system is not needed.
    "zsh": "compdef() {{ }}; _describe() {{ print -rl -- ${{(P)2}} }}; source ./script\n"
    "BUFFER={line}; CURSOR=${{#BUFFER}}; words=(posture); _python_argcomplete",
    "fish": "source ./script; complete -C {line}",
}

Complete = Callable[[str], list[str]]


@pytest.fixture(params=["bash", "zsh", "fish"])
def complete(
    request: pytest.FixtureRequest,
    require_tool: Callable[[str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Complete:
    """Give what a shell offers for a line that has been typed, in a folder of its own."""
    path = require_tool(request.param)
    assert main(["completion", request.param]) == 0
    (tmp_path / "script").write_text(capsys.readouterr().out)
    command = tmp_path / "posture"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m posture "$@"\n')
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for variable in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    monkeypatch.delenv("POSTURE_CONFIG", raising=False)

    def ask(line: str) -> list[str]:
        asked = ASK[request.param].format(line=shlex.quote(line))
        done = subprocess.run([path, "-c", asked], capture_output=True, text=True, check=False, cwd=tmp_path)
        assert done.stderr == ""
        if request.param == "zsh":  # word:description, with the colons of the word escaped
            return [offer.partition(":")[0] for offer in done.stdout.splitlines() if offer]
        return [offer.partition("\t")[0].rstrip(" ") for offer in done.stdout.splitlines() if offer]

    return ask


def test_commands_and_options(complete: Complete) -> None:
    assert {"start", "stop", "config", "check-in", "completion"} <= set(complete("posture "))
    assert sorted(complete("posture st")) == sorted(["start", "stop", "status", "standing", "stretch"])
    assert set(complete("posture config ")) == {"list", "get", "set", "reset", "path", "edit"}
    assert {"--json", "--source"} <= set(complete("posture calibrate --"))
    assert set(complete("posture stretch --side ")) == {"left", "right", "both"}
    assert set(complete("posture --version autostart ")) == {"on", "off", "status"}
    assert set(complete("posture setup camera pre")) == {"preview"}


def test_settings_and_their_values(complete: Complete) -> None:
    assert set(complete("posture config get ")) == set(KEYS)
    assert complete("posture config set coach.stand") == [key for key in KEYS if key.startswith("coach.stand")]
    modes = next(spec.choices for spec in setting_specs() if spec.key == "camera.mode")
    assert sorted(complete("posture config set camera.mode ")) == sorted(modes)
    assert set(complete("posture config set desktop.notifications ")) == {"true", "false"}
    assert complete("posture config set coach.snooze ") == []
    assert complete("posture config set no.such.key ") == []
    assert complete("posture run --set coach.snoo") == ["coach.snooze="]


def test_exercises_profiles_and_files(complete: Complete, tmp_path: Path) -> None:
    assert set(complete("posture exercises show ")) == {exercise.id for exercise in library()}
    assert complete("posture profile use ") == ["desk"]
    add_profile(load_settings(), "couch")
    assert set(complete("posture profile use ")) == {"desk", "couch"}
    (tmp_path / "a film.mp4").touch()
    assert [offer.replace("\\", "") for offer in complete("posture preview --source a")] == ["a film.mp4"]


def test_a_damaged_file_offers_nothing_and_says_nothing(complete: Complete) -> None:
    add_profile(Settings(), "couch")
    (file,) = Path(os.environ["HOME"]).rglob("calibrations.json")
    file.write_text("{")
    assert complete("posture profile use ") == []


def test_no_other_command_imports_the_library() -> None:
    code = "import sys; from posture.cli.main import parser; dict(parser().commands.choices)\n"
    code += "print('argcomplete' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "False\n"
