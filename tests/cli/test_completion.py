"""`posture completion`: each script in its own shell, asked as that shell asks."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from posture.cli.completion import script
from posture.cli.main import main, parser
from posture.settings import setting_specs

KEYS = [spec.key for spec in setting_specs()]

Complete = Callable[[str], list[str]]


def ran(*command: str, given: str = "", cwd: Path | None = None) -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.stderr == "", done.stderr
    return done.stdout


def in_bash(bash: str, folder: Path) -> Complete:
    def complete(line: str) -> list[str]:
        words = line.split(" ")
        quoted = " ".join(f"'{word}'" for word in words)
        asked = f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _posture; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        text = script("bash", parser()) + asked
        return [one for one in ran(bash, "--norc", "-s", given=text, cwd=folder).splitlines() if one]

    return complete


def in_zsh(zsh: str, folder: Path) -> Complete:
    def complete(line: str) -> list[str]:
        words = line.split(" ")
        quoted = " ".join(f"'{word}'" for word in words)
        # What zsh brings for completion is asked for by hand: what it would be told is printed.
        begun = "compdef() { }; _files() { print -l *(N) }; _describe() { print -l -- ${found%%:*} }\n"
        asked = f"words=({quoted}); CURRENT={len(words)}; _posture\n"
        found = ran(zsh, "-f", "-s", given=begun + script("zsh", parser()) + asked, cwd=folder).splitlines()
        return [one for one in found if one.startswith(words[-1])]

    return complete


def in_fish(fish: str, folder: Path) -> Complete:
    def complete(line: str) -> list[str]:
        (folder / "posture.fish").write_text(script("fish", parser()))
        found = ran(fish, "--no-config", "-c", f"source posture.fish; complete -C '{line}'", cwd=folder)
        return [one.split("\t")[0] for one in found.splitlines()]

    return complete


@pytest.fixture(params=["bash", "zsh", "fish"])
def complete(request: pytest.FixtureRequest, require_tool: Callable[[str], str], tmp_path: Path) -> Complete:
    shell = request.param
    path = require_tool(shell)
    (tmp_path / "home").mkdir()
    (tmp_path / "a film.mp4").touch()
    return {"bash": in_bash, "zsh": in_zsh, "fish": in_fish}[shell](path, tmp_path)


def test_commands_options_settings_and_values(complete: Complete) -> None:
    assert {"start", "stop", "config", "check-in", "completion"} <= set(complete("posture "))
    assert sorted(complete("posture st")) == sorted(["start", "stop", "status", "standing", "stretch"])
    assert set(complete("posture config ")) == {"list", "get", "set", "reset", "path", "edit"}
    assert set(complete("posture config get ")) == set(KEYS)
    assert complete("posture config set coach.stand") == [key for key in KEYS if key.startswith("coach.stand")]
    assert complete("posture config set camera.mode ") == next(
        list(spec.choices) for spec in setting_specs() if spec.key == "camera.mode"
    )
    assert set(complete("posture config set desktop.notifications ")) == {"true", "false"}
    assert complete("posture config set coach.snooze ") == []
    assert {"--json", "--source"} <= set(complete("posture calibrate --"))
    assert set(complete("posture stretch --side ")) == {"left", "right", "both"}
    assert set(complete("posture --version autostart ")) == {"on", "off", "status"}
    assert complete("posture run --set coach.snoo") == ["coach.snooze="]
    assert set(complete("posture setup camera pre")) == {"preview"}


def test_files(complete: Complete) -> None:
    assert [one.replace("\\", "") for one in complete("posture preview --source a")] == ["a film.mp4"]


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    assert capsys.readouterr().out == script("bash", parser())
