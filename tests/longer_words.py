"""A language for tests: all texts of the program, each of their words 40 % longer, as German is beside English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from spoken import catalogues_in
from test_language import catalogues

NAME = "de"
_WORDS = re.compile(r"\{[^}]*\}|[A-Za-z]+")


def longer(text: str) -> str:
    """Write every word of a text longer; what stands in braces stays."""
    return _WORDS.sub(lambda found: found[0] if found[0][0] == "{" else _longer(found[0]), text)


def _longer(word: str) -> str:
    return word + "ü" * max(1, round(0.4 * len(word)))


def write_catalogue(folder: Path, name: str = NAME, change: Callable[[str], str] = longer) -> None:
    """Write a catalogue, as `posture.language.FOLDER` has it, of all texts of the program, each of them changed.

    It has the plural forms of German.
    """
    made = Catalog(locale=NAME, project="posture")
    for message in catalogues.template():
        if isinstance(message.id, tuple):
            made.add(message.id, tuple(map(change, message.id)), context=message.context)
        elif message.id:
            made.add(message.id, change(message.id), context=message.context)
    place = folder / name / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "posture.mo").open("wb") as file:
        write_mo(file, made)


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The language is there while the test runs, but not spoken yet."""
    write_catalogue(tmp_path / "locale")
    with catalogues_in(tmp_path / "locale", monkeypatch):
        yield
