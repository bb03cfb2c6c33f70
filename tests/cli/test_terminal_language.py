"""What the terminal says in another language: help, errors of argparse, and answers to questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from longer_words import NAME, catalogue, longer

from posture import language
from posture.cli import doctor
from posture.cli.keypress import agrees
from posture.cli.main import main, parser
from posture.guided.yes_no import is_no, is_yes
from posture.settings_file import load_settings

__all__ = ["catalogue"]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit):
        main(list(words))
    found = capsys.readouterr()
    return " ".join((found.out + found.err).split())


@pytest.fixture
def spoken(catalogue: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_LANGUAGE", NAME)
    language.speak(NAME)


@pytest.mark.usefixtures("spoken")
def test_help_is_in_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "pause", "--help")
    for words in ("usage:", "positional arguments", "options", "TIME", "show this help message and exit", "examples"):
        assert longer(words) in text
    assert longer("for half an hour") in text
    assert "posture pause 30m" in text  # what is typed stays
    whole = said(capsys, "--help")
    assert longer("first steps") in whole
    assert longer("show program's version number") not in whole  # the top help lists no options


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("calibrate", "--seconds"), "{argument} needs a value"),
        (("calibrate", "--seconds", "x"), "{argument} takes a number, not {value}"),
        (("calibrate", "--yes", "--always-so"), "{one} and {other} do not go together: use one of them"),
        (("open", "--look", "grey"), "{argument} does not take {value}, only {known}"),
        (("config", "get"), "{command} needs {arguments}"),
        (("strech",), "There is no command {name}{nearest}"),
        (("status", "--jsonn"), "{command} has no option {option}{nearest}"),
    ],
)
def test_errors_are_in_the_language(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str) -> None:
    text = said(capsys, *words)
    fixed = longer(sentence).split("}")
    assert all(part.partition("{")[0].strip() in text for part in fixed)
    assert longer("says what there is") in text


@pytest.mark.usefixtures("spoken")
def test_no_option_is_without_a_translated_help() -> None:
    def check(of: object) -> None:
        for action in of._actions:  # type: ignore[attr-defined]
            assert not action.help or not action.help.isascii(), action
            for below in (action.choices or {}).values() if hasattr(action, "add_parser") else ():
                check(below)

    check(parser())


@pytest.mark.parametrize(("typed", "yes", "no"), [("y", True, False), ("YES ", True, False), ("n", False, True)])
def test_yes_and_no_are_also_taken_in_english(spoken: None, typed: str, yes: bool, no: bool) -> None:
    assert (is_yes(typed), is_no(typed)) == (yes, no)


def test_yes_and_no_of_the_language(spoken: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(typed: str) -> None:
        monkeypatch.setattr("builtins.input", lambda question: asked.append(question) or typed)

    assert is_yes(longer("yes"))
    assert is_no(longer("no"))
    answer(longer("y"))
    assert agrees("?")
    answer("")
    assert not agrees("?")
    assert agrees("?", by_enter=True)
    assert asked[-2:] == [f"? [{longer('y')}/{longer('n').upper()}] ", f"? [{longer('y').upper()}/{longer('n')}] "]
    answer(longer("n"))
    assert not agrees("?", by_enter=True)


def test_a_change_of_the_language_is_answered_in_it(
    catalogue: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    assert main(["config", "set", "general.language", NAME]) == 0
    assert load_settings().general.language == NAME
    assert longer("from now on") in capsys.readouterr().out
    assert main(["config", "reset", "general.language"]) == 0
    assert "is back at its default, auto" in capsys.readouterr().out


@pytest.mark.usefixtures("spoken")
@pytest.mark.parametrize("privacy", [False, True])
def test_names_of_checks_stand_in_one_column(privacy: bool) -> None:
    names = doctor._NAMES_OF_PRIVACY if privacy else doctor._NAMES
    assert max(len(doctor._title(name)) for name in names) <= doctor._columns(privacy=privacy)
    assert doctor._title("sensor: a signal") == f"{longer('sensor')}: {longer('a signal')}"
