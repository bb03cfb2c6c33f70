"""In a made-up language every text that is looked up has other letters and is longer: plain words were forgotten.

The language is made of the template of all texts. What the commands print, what the window, the icon's menu, the
reminders and the report show is read in it; a word in plain letters is a name, or a text that nobody can translate.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from cli.test_fits_the_terminal import SAID
from longer_words import write_catalogue
from spoken import catalogues_in
from window_rig import app

from posture import language
from posture.cli.commands import MODULES
from posture.cli.main import main, parser
from posture.coach.about import topics
from posture.coach.exercises import library
from posture.history.store import Store
from posture.language import LANGUAGES, speak
from posture.report.sample import LAST_DAY, sample_zone, write_sample
from posture.settings import CONDITIONS, setting_specs
from posture.window.pages import PAGES

__all__ = ["app"]

NAME = "xx"
_PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OTHER = "áƀćđéƒǥĥíĵķĺɱńóƥɋŕśťúṽŵẋýźÁɃĆĐÉƑǤĤÍĴĶĹṀŃÓƤɊŔŚŤÚṼŴẊÝŹ"
_LETTERS = str.maketrans(_PLAIN, _OTHER)


def pseudo(text: str) -> str:
    """Give a text as the made-up language has it: names in braces stay, and it is two fifths longer."""
    parts = re.split(r"(\{[^{}]*\})", text)
    said = "".join(part if part.startswith("{") else part.translate(_LETTERS) for part in parts)
    body = said.rstrip()
    return body + "ẋ" * (len(body) * 2 // 5) + said[len(body) :]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of catalogues with the made-up language."""
    found = tmp_path_factory.mktemp("locale")
    write_catalogue(found, NAME, pseudo)
    return found


@pytest.fixture(autouse=True)
def made_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speak the made-up language; commands that are run here do, too."""
    monkeypatch.setenv("POSTURE_LANGUAGE", NAME)
    # English originals of safety texts are meant to be there.
    monkeypatch.setattr(language, "READ_BY_CLINICIAN", frozenset({NAME}))
    with catalogues_in(folder, monkeypatch):
        speak(NAME)
        yield


def words_of(text: str) -> set[str]:
    return set(text.split())


NAMES = words_of(
    """
    posture QL JSON CSV TOML SVG PNG HTML GIF USB CPU RAM PID systemd dbus Linux Windows macOS Python mediapipe OpenCV
    heavy lite full min sec deg true false Brasil Scroll
    Mon Tue Wed Thu Fri Sat Sun Monday Tuesday Wednesday Thursday Friday Saturday Sunday
    Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec
    January February March April June July August September October November December
    """
) | words_of(" ".join(LANGUAGES.values()))
"""Words that are the same in every language, and those with which the made-up one writes dates."""
TYPED = words_of("until show bird dog still cold couch how buttock leg leaning yesterday reminder side self")
"""Words of commands, which are typed in every language."""
FROM_ELSEWHERE = words_of("and such file directory")
"""Of the list of the made-up language's locale, and of the system."""
IN_THE_BOX = (["measure", "nothing.png"], ["replay", "nothing.mp4"])
"""What a process of its own says, which does not know the made-up language."""


def _own_names() -> set[str]:
    """Give what the program calls its commands, options, settings and exercises."""

    def options(found: argparse.ArgumentParser) -> Iterator[str]:
        for action in found._actions:
            yield from action.option_strings
            yield str(action.metavar or "")
            if isinstance(action, argparse._SubParsersAction):
                for name, each in action.choices.items():
                    yield name
                    yield from options(each)
            elif action.choices:
                yield from map(str, action.choices)

    found = {*MODULES, *MODULES.values(), *options(parser()), *CONDITIONS}
    found |= {part for spec in setting_specs() for part in (spec.section, spec.name, str(spec.default), *spec.choices)}
    found |= {topic.id for topic in topics()} | {page.key for page in PAGES}
    found |= {exercise.id for exercise in library()}
    return {name for name in found if name.isalpha()}


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Words that need no translation."""
    return NAMES | TYPED | FROM_ELSEWHERE | _own_names()


def plain_words(text: str, known: set[str]) -> list[str]:
    """Give the words in plain letters that are no names: no paths, options, addresses or settings."""
    text = re.sub(r"\S*[/_@=]\S*|\S+\.\w{2,6}\b|https?:\S+|[A-Z]{2,}\d*|--?[a-z-]+|#\w+", " ", text)
    return [
        word
        for word in re.findall(r"(?<![\w-])[A-Za-z]{3,}(?![\w-])", text)
        if word not in known and word.lower() not in known
    ]


@pytest.fixture
def history(own_folder: Path) -> Path:
    """A history of some weeks, in which nothing is the user's own words."""
    with Store(own_folder / "data/history.sqlite3") as store:
        write_sample(store, sample_zone())
    return own_folder


def test_a_forgotten_word_is_found(known: set[str]) -> None:
    assert plain_words(f"{pseudo('You sat')} for a long while: posture start /tmp/history", known) == [
        "for",
        "long",
        "while",
    ]


@pytest.mark.parametrize("words", [words for words in SAID if words not in IN_THE_BOX], ids=" ".join)
@pytest.mark.usefixtures("history")
def test_no_command_prints_a_text_that_cannot_be_translated(
    words: list[str], known: set[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setenv("COLUMNS", "200")
    with contextlib.suppress(SystemExit):
        main(words)
    said = capsys.readouterr()
    found = plain_words(said.out + said.err, known - {word.lower() for word in words} | set(words))
    assert not found, found


@pytest.mark.usefixtures("history")
def test_the_report_has_no_text_that_cannot_be_translated(known: set[str], tmp_path: Path) -> None:
    for span in ([], ["--week"], ["--month"], ["--year"]):
        path = tmp_path / f"report{''.join(span)}.html"
        assert main(["report", "--day", LAST_DAY.isoformat(), *span, "--output", str(path)]) == 0
        html = path.read_text(encoding="utf-8")
        assert f'lang="{NAME}"' in html
        shown = re.sub(r"<style.*?</style>|<script.*?</script>|<!--.*?-->", " ", html, flags=re.DOTALL)
        shown = re.sub(r"<(?:svg|path|g|use|rect|line|defs|clipPath|image)\b[^>]*>", " ", shown)
        named = " ".join(re.findall(r'(?:alt|title|aria-label)="([^"]*)"', shown))
        found = plain_words(unescape(re.sub(r"<[^>]+>", " ", shown) + " " + named), known)
        assert not found, found


@pytest.mark.usefixtures("app", "history")
def test_the_window_shows_no_text_that_cannot_be_translated(known: set[str]) -> None:
    from PySide6.QtWidgets import (
        QAbstractButton,
        QApplication,
        QComboBox,
        QGroupBox,
        QLabel,
        QLineEdit,
        QTabWidget,
        QWidget,
    )

    from posture.window.main_window import MainWindow
    from posture.window.pages import PAGES

    window = MainWindow()
    window.show()
    found: dict[str, list[str]] = {}
    for spec in PAGES:
        window.go_to(spec.key)
        for _ in range(20):
            QApplication.processEvents()
        texts = [window.windowTitle()]
        for widget in window.findChildren(QWidget):
            texts += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
            if isinstance(widget, QLabel | QAbstractButton):
                texts.append(widget.text())
            elif isinstance(widget, QGroupBox):
                texts.append(widget.title())
            elif isinstance(widget, QComboBox):
                texts += [widget.itemText(number) for number in range(widget.count())]
            elif isinstance(widget, QLineEdit):
                texts.append(widget.placeholderText())
            elif isinstance(widget, QTabWidget):
                texts += [widget.tabText(number) for number in range(widget.count())]
        text = " | ".join(re.sub(r"<[^>]+>", " ", each) for each in texts if each).replace("&", "")
        if words := plain_words(text, known):
            found[spec.key] = sorted(set(words))
    window.close()
    assert not found, found
