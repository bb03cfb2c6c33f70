"""Help in groups and with examples, and errors that name what was meant."""

from __future__ import annotations

import argparse
import importlib
import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.cli.commands import EXAMPLES, GROUPS, MODULES
from posture.cli.main import main, parser
from posture.cli.parser import guess

ROOT = Path(__file__).parents[2]
ALL = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)).choices


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(list(words))
    assert caught.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_every_command_stands_in_one_group(capsys: pytest.CaptureFixture[str]) -> None:
    named = [name for _, commands in GROUPS for name, _, _ in commands]
    assert sorted(named) == sorted(set(named))
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    places = [text.index(f"\n  {name} ") for name in named]
    assert places == sorted(places)


def test_each_module_adds_the_commands_of_the_table_and_no_others() -> None:
    added = set()
    for path in (ROOT / "posture/cli").glob("*.py"):
        module = importlib.import_module(f"posture.cli.{path.stem}")
        if hasattr(module, "add_parser"):
            commands = argparse.ArgumentParser().add_subparsers()
            module.add_parser(commands)
            added |= {(name, path.stem) for name in commands.choices}
    assert added == set(MODULES.items())


def test_every_command_but_the_plainest_has_an_example_and_all_can_be_typed() -> None:
    assert set(ALL) - set(EXAMPLES) <= {"stop", "evaluate"}
    for name, examples in EXAMPLES.items():
        for line, says in examples:
            program, *words = shlex.split(line.partition(" >")[0])
            assert program == "posture"
            assert says
            if words:
                assert not name or words[0] == name
                parser().parse_args(words)


def test_the_help_of_a_command_has_its_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["pause", "--help"])
    assert "posture pause until 14:00" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["sumary"], "summary"),
        (["strech"], "stretch"),
        (["selfcheck"], "self-check"),
        (["check_in"], "check-in"),
        (["summary", "--wek"], "--week"),
        (["report", "--opne"], "--open"),
        (["config", "lst"], "list"),
        (["history", "stat"], "stats"),
        (["stretch", "--side", "lft"], "left"),
        (["standing", "onn"], "on"),
        (["completion", "bsh"], "bash"),
        (["check-in", "--markdwn"], "--markdown"),
    ],
)
def test_what_was_meant(typed: list[str], meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f": did you mean {meant}?" in refused(capsys, *typed)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["qqq"], "There is no command 'qqq'. posture --help says what there is."),
        (["pause", "--xyzw"], "posture pause has no option '--xyzw'. posture pause --help"),
        (["summary", "--day"], "--day needs a value."),
        (["stretch", "--minutes", "soon"], "--minutes takes a number, not 'soon'."),
        (["config", "get"], "posture config get needs KEY."),
        (["config", "list", "--json", "--markdown"], "do not go together"),
        (["status", "now"], "posture status does not take 'now'."),
        (["config", "path", "x\x1b[2J\ny"], "posture config path does not take"),
        (["log", "pain", "x"], "0-10: 'x' is not a whole number from 0 to 10."),
    ],
)
def test_wrong_usage_is_one_sentence(typed: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(capsys, *typed)
    assert line.startswith("posture: ")
    assert says in line
    assert "\x1b" not in line


@given(st.sampled_from(sorted(ALL)), st.data())
def test_a_letter_too_few_is_understood(name: str, data: st.DataObject) -> None:
    if len(name) < 5:
        return
    left_out = data.draw(st.integers(0, len(name) - 1))
    typed = name[:left_out] + name[left_out + 1 :]
    if typed not in ALL:
        assert guess(typed, ALL)


@given(st.text(), st.lists(st.text(min_size=1), max_size=5))
def test_a_guess_is_never_more_than_what_there_is(typed: str, known: list[str]) -> None:
    said = guess(typed, known)
    assert not said or any(name in said for name in known)
