"""A language for tests: all texts of the program, each of their words 40 % longer, as German is beside English."""

from __future__ import annotations

import functools
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from posture import language

NAME = "de"
TOOL = Path(__file__).parents[1] / "tools/catalogues.py"
_WORDS = re.compile(r"\{[^}]*\}|[A-Za-z]+")


def longer(text: str) -> str:
    """Write every word of a text longer; what stands in braces stays."""
    return _WORDS.sub(lambda found: found[0] if found[0][0] == "{" else _longer(found[0]), text)


def _longer(word: str) -> str:
    return word + "ü" * max(1, round(0.4 * len(word)))


@functools.cache
def _texts() -> Catalog:
    """All texts, as they stand in the source now."""
    spec = importlib.util.spec_from_file_location("catalogues", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = tool
    spec.loader.exec_module(tool)
    found: Catalog = tool.template()
    return found


def write_catalogue(folder: Path) -> None:
    """Write the catalogue of the language, as `posture.language.FOLDER` has it, for all texts of the program."""
    made = Catalog(locale=NAME, project="posture")
    for message in _texts():
        if isinstance(message.id, tuple):
            made.add(message.id, tuple(map(longer, message.id)), context=message.context)
        elif message.id:
            made.add(message.id, longer(message.id), context=message.context)
    place = folder / NAME / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "posture.mo").open("wb") as file:
        write_mo(file, made)


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The language is there while the test runs, but not spoken yet."""
    write_catalogue(tmp_path / "locale")
    monkeypatch.setattr(language, "FOLDER", tmp_path / "locale")
    language._catalogue.cache_clear()
    yield
    language.speak("en")
    language._catalogue.cache_clear()
