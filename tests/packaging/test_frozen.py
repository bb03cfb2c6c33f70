"""What begins a frozen program; that of a real one is looked at by packaging/check_frozen.py, at night."""

from __future__ import annotations

import os
import sys

import pytest

from posture import __version__, frozen
from posture.own_command import own_command, own_environment
from posture.sandbox import _own_files


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> str:
    """This process, said to be a frozen program; gives its path."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/posture/posture")
    return sys.executable


def test_a_frozen_program_runs_its_own_modules(program: str) -> None:
    assert own_command("posture.sensor.process", "x") == [program, "-m", "posture.sensor.process", "x"]
    assert own_command("posture", "start") == [program, "start"]


def test_nothing_that_it_starts_gets_its_modules(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    assert "PYTHONPATH" not in own_environment()


def test_the_box_lets_it_read_itself(program: str) -> None:
    assert program in map(str, _own_files())


def test_a_module_runs_as_with_python_m(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["posture", "-m", "posture", "--version"])
    with pytest.raises(SystemExit) as ended:
        frozen.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"posture {__version__}\n"


@pytest.mark.parametrize("words", [["-m"], ["-m", "http.server"], ["-m", "posturex"], ["-m", "", "posture"]])
def test_it_runs_no_other_module(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["posture", *words])
    assert frozen.main() == 2
    assert "own use" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="only there the loader sets a path")
@pytest.mark.parametrize("before", [None, "/opt/cuda/lib"])
def test_programs_that_it_starts_get_the_systems_libraries(monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    monkeypatch.setattr(sys, "argv", ["posture", "-m"])
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/posture/_internal")
    monkeypatch.setenv("PYINSTALLER_RESET_ENVIRONMENT", "")
    if before:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    else:
        monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    frozen.main()
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ
    assert os.environ["PYINSTALLER_RESET_ENVIRONMENT"] == "1", "its own processes find theirs again"
