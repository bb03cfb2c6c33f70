"""The languages: how a text finds its translation, that none is missing, and that each says no more than English."""

from __future__ import annotations

import gettext
import importlib.util
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spoken import catalogues_in
from test_claims import CLAIMS

from posture import language
from posture.errors import PostureError
from posture.language import (
    LANGUAGES,
    dated,
    in_sentence,
    language_of,
    listed,
    number,
    sentence_start,
    speak,
    tr,
    tr_safety,
    trn,
)
from posture.own_language import begin

ROOT = Path(__file__).parent.parent
SPOKEN = [name for name in LANGUAGES if name != "en"]


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools/catalogues.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["catalogues"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


catalogues = _tool()


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    speak("en")


def write_po(folder: Path, name: str, body: str) -> None:
    """Write a catalogue, and make of it what the program reads."""
    path = folder / name / "LC_MESSAGES/posture.po"
    path.parent.mkdir(parents=True)
    head = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    path.write_text(head + body, encoding="utf-8")
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file, path.with_suffix(".mo").open("wb") as made:
        write_mo(made, read_po(file))


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small catalogue of the test's own."""
    write_po(
        tmp_path,
        "de",
        'msgid "Raise the {side} arm."\nmsgstr "Den {side:linken|rechten} Arm heben."\n\n'
        'msgid "left"\nmsgstr "links"\n\n'
        'msgid "To the {side}."\nmsgstr "Nach {side}."\n\n'
        'msgid "{n} break"\nmsgid_plural "{n} breaks"\nmsgstr[0] "{n} Pause"\nmsgstr[1] "{n} Pausen"\n\n'
        'msgid "A fault in {name}."\nmsgstr "Fehler in {nahme}."\n\n'
        'msgctxt "safety"\nmsgid "See a doctor."\nmsgstr "Geh zum Arzt."\n\n'
        'msgid ""\n"This translation has not been read by a clinician who speaks the language. The English text: "\n'
        '"{english}"\nmsgstr "Ungelesen. Englisch: {english}"\n',
    )
    with catalogues_in(tmp_path, monkeypatch):
        speak("de")
        yield


@pytest.mark.usefixtures("german")
def test_a_text_is_said_in_the_language() -> None:
    assert tr("Raise the {side} arm.", side="right") == "Den rechten Arm heben."
    assert tr("Raise the {side} arm.", side="left") == "Den linken Arm heben."
    assert tr("To the {side}.", side="left") == "Nach links."
    assert [trn("{n} break", "{n} breaks", n) for n in (0, 1, 2)] == ["0 Pausen", "1 Pause", "2 Pausen"]
    assert tr("Not in the catalogue.") == "Not in the catalogue."
    assert tr("") == ""


@pytest.mark.usefixtures("german")
def test_a_fault_in_a_catalogue_is_english_and_no_error() -> None:
    assert tr("A fault in {name}.", name="x") == "A fault in x."


@pytest.mark.usefixtures("german")
def test_a_safety_text_has_its_english_at_hand() -> None:
    assert tr_safety("See a doctor.") == "Geh zum Arzt."
    assert language.english_at_hand("See a doctor.") == "Ungelesen. Englisch: See a doctor."
    speak("en")
    assert language.english_at_hand("See a doctor.") == ""


def test_without_a_catalogue_the_program_speaks_english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fr/LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "fr/LC_MESSAGES/posture.mo").write_bytes(b"torn")
    with catalogues_in(tmp_path, monkeypatch):
        for name in ("fr", "xx"):
            speak(name)
            assert language.language() == "en"


@pytest.mark.parametrize(
    ("setting", "environment", "system", "wanted"),
    [
        ("auto", {}, "", "en"),
        ("auto", {"LANG": "C.UTF-8"}, "", "en"),
        ("auto", {"LANG": "de_AT.UTF-8"}, "", "de"),
        ("auto", {"LANG": "pt_PT.UTF-8"}, "", "pt_BR"),
        ("auto", {"LANG": "nl_NL", "LC_MESSAGES": "it_IT@euro"}, "", "it"),
        ("auto", {"LANG": "de_DE", "LC_ALL": "ja_JP.eucJP"}, "", "ja"),
        ("auto", {"LANG": "de_DE", "LANGUAGE": "nl:fr:en"}, "", "fr"),
        ("auto", {"LANG": "sv_SE"}, "de-DE", "en"),
        ("auto", {}, "es-419", "es"),
        ("auto", {"LANG": ""}, "fr_CA", "fr"),
        ("en", {"LANG": "de_DE"}, "", "en"),
        ("ja", {"LANG": "de_DE"}, "", "ja"),
    ],
)
def test_which_language_is_spoken(setting: str, environment: dict[str, str], system: str, wanted: str) -> None:
    assert language_of(setting, environment, system) == wanted


@given(st.text(), st.dictionaries(st.sampled_from(["LANG", "LC_ALL", "LANGUAGE"]), st.text()), st.text())
def test_whatever_a_session_names_is_one_we_speak(setting: str, environment: dict[str, str], system: str) -> None:
    assert language_of(setting, environment, system) in LANGUAGES


def test_the_setting_is_what_a_process_speaks(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_catalogue", lambda _: gettext.NullTranslations())
    begin()
    assert language.language() == "en"
    (own_folder / "settings.toml").write_text('[general]\nlanguage = "de"\n')
    begin()
    assert language.language() == "de"
    (own_folder / "settings.toml").write_text('[general]\nlanguage = "klingon"\n')
    begin()
    assert language.language() == "en"  # the command says what is wrong
    monkeypatch.setenv("LANGUAGE", "fr")
    begin()
    assert language.language() == "fr"
    monkeypatch.setenv("POSTURE_LANGUAGE", "ja")
    begin()
    assert language.language() == "ja"


def test_an_error_is_said_in_the_language() -> None:
    assert str(PostureError(tr("The camera {name} is busy.", name="x"))) == "The camera x is busy."


# -- numbers, dates, lists --------------------------------------------------------------------------------------------

WEDNESDAY = datetime(2026, 11, 4, 14, 5)


@pytest.fixture
def spoken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A language, with an empty catalogue."""
    monkeypatch.setattr(language, "_catalogue", lambda _: gettext.NullTranslations())
    speak(request.param)


@pytest.mark.parametrize(
    ("spoken", "half", "day", "two", "three"),
    [
        ("en", "0.5", "Wed 04 Nov 14:05", "a and b", "a, b or c"),
        ("de", "0,5", "Mi., 4. Nov. 14:05", "a und b", "a, b oder c"),
        ("fr", "0,5", "mer. 4 nov. 14:05", "a et b", "a, b ou c"),
        ("es", "0,5", "mié, 4 nov 14:05", "a y b", "a, b o c"),
        ("it", "0,5", "mer 4 nov 14:05", "a e b", "a, b o c"),
        ("pt_BR", "0,5", "qua., 4 de nov. 14:05", "a e b", "a, b ou c"),
        ("ja", "0.5", "11月4日(水) 14:05", "a、b", "a、b、またはc"),
    ],
    indirect=["spoken"],
)
@pytest.mark.usefixtures("spoken")
def test_numbers_dates_and_lists_are_written_as_the_language_does(half: str, day: str, two: str, three: str) -> None:
    assert number(0.5, 1) == half
    assert dated(WEDNESDAY, "%a %d %b %H:%M") == day
    assert listed(["a", "b"]) == two
    assert listed(["a", "b", "c"], "or") == three


@pytest.mark.parametrize("spoken", LANGUAGES, indirect=True)
@pytest.mark.usefixtures("spoken")
def test_every_form_of_a_date_is_known_to_every_language() -> None:
    for form in language._SKELETONS:
        assert dated(date(2026, 3, 1), form).strip()
        assert dated(date(2026, 3, 1), form.replace("%d", "%-d"))
    assert listed([]) == ""
    assert listed(["a"]) == "a"


@pytest.mark.parametrize("spoken", ["en", "de"], indirect=True)
@pytest.mark.usefixtures("spoken")
def test_names_inside_sentences() -> None:
    name = "Side-bend"
    assert in_sentence(name) == (name if language.language() == "de" else "side-bend")
    assert sentence_start("ärmel hoch") == "Ärmel hoch"


# -- the catalogues ---------------------------------------------------------------------------------------------------


def test_the_template_has_every_text_of_the_program() -> None:
    from babel.messages.pofile import read_po

    with (ROOT / catalogues.POT).open("rb") as file:
        stored = {(message.id, message.context) for message in read_po(file) if message.id}
    wanted = {(message.id, message.context) for message in catalogues.template() if message.id}
    assert stored == wanted, "run: make texts"


@pytest.mark.parametrize("name", SPOKEN)
def test_no_text_is_untranslated_or_names_what_is_not_there(name: str) -> None:
    assert catalogues.faults(name) == []


def test_faults_are_found(tmp_path: Path) -> None:
    from babel.messages.catalog import Catalog

    catalogue = Catalog(locale="de")
    for english, said in {
        "a {b}": "a",
        "c {d}": "c {e}",
        "f": "",
        " g": "g",
        "h {side}": "h {side:a|b|c}",
        ("{n} i", "{n} j"): ("{n} i",),
        "k {l}": "k {l",
        "fine {side}": "fein {side:a|b}",
        ("{n} one", "{n} many"): ("einer", "{n} viele"),
    }.items():
        catalogue.add(english, said)
    found = {
        message.id[0] if isinstance(message.id, tuple) else message.id: list(catalogues.faults_of(message, 2))
        for message in catalogue
        if message.id
    }
    assert all(found[key] for key in ("a {b}", "c {d}", "f", " g", "h {side}", "{n} i", "k {l}"))
    assert not found["fine {side}"]
    assert not found["{n} one"]


def test_a_text_that_is_put_together_too_early_is_found() -> None:
    with pytest.raises(catalogues.NotLiteralError, match=r"x\.py:1"):
        list(catalogues.texts_of_python("x.py", 'tr(f"You sat {long}.")'))


# -- what translations may say ----------------------------------------------------------------------------------------


def said_in(name: str) -> Iterator[str]:
    for message in catalogues.read(name):
        if message.id:
            yield from (message.string,) if isinstance(message.string, str) else message.string


@pytest.mark.parametrize("name", SPOKEN)
def test_no_translation_claims_what_was_never_shown(name: str) -> None:
    """As tests/test_claims.py, in the words of the language; what must be found is found, so the words are right."""
    rules = tomllib.loads((ROOT / f"tests/data/claims/{name}.toml").read_text(encoding="utf-8"))
    assert set(rules["claims"]) == set(CLAIMS)
    patterns = {claim: re.compile(pattern, re.IGNORECASE) for claim, pattern in rules["claims"].items()}
    denied = re.compile(rules["denied"], re.IGNORECASE)

    def claims(text: str) -> list[tuple[str, str]]:
        parts = re.split(r"(?<=[.!?;:])\s+|(?<=[。！？；：])", text)
        return [
            (claim, part)
            for part in parts
            for claim, pattern in patterns.items()
            if pattern.search(part) and not denied.search(part)
        ]

    for claim, examples in rules["found"].items():
        assert len(examples) > 1
        for example in examples:
            assert claim in [each for each, _ in claims(example)], example
    assert set(rules["found"]) == set(CLAIMS)
    found = [one for text in said_in(name) for one in claims(text)]
    assert not found, found
