"""What tools/documented_commands.py finds, and what it makes of it; .ci/run asks the installers."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import documented_commands as tool


@pytest.mark.parametrize(
    ("command", "named"),
    [
        ("pipx install posture-coach", ["posture-coach"]),
        ("pip install -q -e '.[dev]'", ["posture-coach[dev]"]),
        ("pip install --force-reinstall posture", ["posture"]),
        ("uv tool install --python 3.13 posture-coach", ["posture-coach"]),
        ("uv pip install --python /usr/bin/python3 'ai-edge-litert>=2.1.5'", ["ai-edge-litert>=2.1.5"]),
        ("uvx posture", ["posture"]),
        ("uvx --from posture posture", ["posture", "posture"]),
        ("pip install -r requirements.lock", []),
        ("pip install takes the ranges", ["takes", "the", "ranges"]),
    ],
)
def test_what_a_command_names(command: str, named: list[str]) -> None:
    assert tool.packages(command) == named


def test_the_commands_of_the_readme_and_of_the_program_are_found() -> None:
    found = list(tool.documented())
    assert ("pipx install posture-coach", "README.md") in found
    assert ("uv tool install .", "README.md") in found
    assert any(file == "Makefile" for _, file in found)
    assert len(list(tool.asked())) == 6


def test_a_text_over_several_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "posture").mkdir()
    (tmp_path / "posture/errors.py").write_text(
        'tr(\n    "It is damaged: reinstall it (pip install "\n    "posture)."\n)\n'
    )
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    assert list(tool.documented()) == [("pip install posture", "posture/errors.py")]


def test_posture_itself_is_nobody_that_is_declared() -> None:
    assert "posture" not in tool.declared()
    assert {"posture-coach", "mediapipe", "shiboken6"} <= tool.declared() | {"posture-coach"}
