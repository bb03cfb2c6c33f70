"""Collects the texts of the program, and makes the catalogues of its languages.

    python tools/catalogues.py extract    # posture/locale/posture.pot: all texts, and merges them into the catalogues
    python tools/catalogues.py compile    # what the program reads, LANG/LC_MESSAGES/posture.mo; installing does it, too
    python tools/catalogues.py check      # what is missing or wrong; exit code 1 if anything is

docs/translating.md says how to write a text and how to translate one.
"""

from __future__ import annotations

import argparse
import ast
import functools
import string
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

ROOT = Path(__file__).resolve().parents[1]
LOCALE = Path("posture/locale")
POT = LOCALE / "posture.pot"
SAFETY = "safety"
NOTE = "Translators:"
HEADER = "# Texts of posture; docs/translating.md says how they are translated."

_LEFT_OUT = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Last-Translator',
    '"Generated-By',
    '"Report-Msgid',
    '"Language-Team',
    '"Project-Id',
)
"""Lines of a catalogue's head that say nothing, or change each time."""
_FIRST = ("tr", "mark")
_SAFE = ("tr_safety", "mark_safety", "english_at_hand")
_IN_CONTEXT = ("trc", "mark_of")
_DOC_AT = {"_number": 4, "_whole": 4, "_duration": 3, "_choice": 2, "_text": 1, "_names": 1, "_flag": 1}
"""Functions of posture/settings.py, and which of their arguments is the text."""
_TOML = {
    "posture/coach/exercises.toml": ("name", "line", "steps", "avoid", "source", "says", "group", "target"),
    "posture/coach/about.toml": ("title", "text", "sources"),
}
"""Files of texts, and the keys that have them, at any depth."""


@dataclass(frozen=True)
class Text:
    """A text of the program."""

    path: str
    line: int
    one: str
    many: str = ""
    """The plural; empty where the text has none."""
    context: str = ""
    notes: tuple[str, ...] = ()


class NotLiteralError(Exception):
    """A text that is put together before it is translated: nobody could find it in a catalogue."""


def texts_of_python(path: str, source: str) -> Iterator[Text]:
    """Find the texts of a module. `NotLiteralError` names the place where one is made of pieces."""
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and path == "posture/settings.py" and node.name.endswith("Settings"):
            yield Text(path, node.lineno, (ast.get_docstring(node) or "").partition("\n")[0])  # of a section
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name = node.func.id
        if name not in (*_FIRST, *_SAFE, *_IN_CONTEXT, *_DOC_AT, "trn"):
            continue
        arguments = [_literal(path, each) for each in node.args]
        notes = _notes(lines, node.lineno)
        if name in _DOC_AT and path == "posture/settings.py":
            doc = arguments[_DOC_AT[name]] if len(arguments) > _DOC_AT[name] else None
            if doc:
                yield Text(path, node.lineno, doc, notes=notes)
        elif name in _FIRST and arguments and arguments[0]:
            yield Text(path, node.lineno, arguments[0], notes=notes)
        elif name in _SAFE:
            for each in arguments if name == "english_at_hand" else arguments[:1]:
                if each:
                    yield Text(path, node.lineno, each, context=SAFETY, notes=notes)
        elif name in _IN_CONTEXT and len(arguments) > 1 and arguments[0] and arguments[1]:
            yield Text(path, node.lineno, arguments[1], context=arguments[0], notes=notes)
        elif name == "trn" and len(arguments) > 1 and arguments[0] and arguments[1]:
            yield Text(path, node.lineno, arguments[0], arguments[1], notes=notes)


def _literal(path: str, node: ast.expr) -> str | None:
    """Give a literal text; None for what is not one, such as a marked constant."""
    if isinstance(node, ast.JoinedStr):
        raise NotLiteralError(f"{path}:{node.lineno}: a text with values in it: name them in braces and hand them over")
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _notes(lines: list[str], line: int) -> tuple[str, ...]:
    """Give the comment for translators that stands above a line."""
    found: list[str] = []
    for above in reversed(lines[: line - 1]):
        if not above.strip().startswith("#"):
            return ()
        found.insert(0, above.strip().lstrip("# "))
        if found[0].startswith(NOTE):
            return (" ".join(found).removeprefix(NOTE).strip(),)
    return ()


def texts_of_toml(path: str, source: str, keys: tuple[str, ...]) -> Iterator[Text]:
    """Find the texts of a file of texts."""

    def walk(value: object, wanted: bool) -> Iterator[str]:
        if isinstance(value, dict):
            for key, part in value.items():
                yield from walk(part, key in keys)
        elif isinstance(value, list):
            for part in value:
                yield from walk(part, wanted)
        elif wanted and isinstance(value, str) and value:
            yield value

    lines = source.splitlines()
    for text in walk(tomllib.loads(source), False):
        line = next((number for number, each in enumerate(lines, 1) if text in each), 1)
        yield Text(path, line, text)


@functools.cache
def texts(root: Path = ROOT) -> tuple[Text, ...]:
    """Find all texts of the program, file by file; read once, for all languages."""
    found: list[Text] = []
    for path in sorted((root / "posture").rglob("*.py")):
        found += texts_of_python(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
    for name, keys in _TOML.items():
        found += texts_of_toml(name, (root / name).read_text(encoding="utf-8"), keys)
    return tuple(found)


def template(root: Path = ROOT) -> Catalog:
    """Give the catalogue of all texts, without translations."""
    from babel.messages.catalog import Catalog

    catalogue = Catalog(project="posture", header_comment=HEADER, charset="utf-8", fuzzy=False)
    for text in texts(root):
        names = any(part for _, part, _, _ in string.Formatter().parse(text.one))
        catalogue.add(
            (text.one, text.many) if text.many else text.one,
            locations=[(text.path, 0)],
            auto_comments=list(text.notes),
            context=text.context or None,
            flags=["python-brace-format"] if names else [],
        )
    return catalogue


def languages(root: Path = ROOT) -> list[str]:
    """Name the languages that have a catalogue."""
    return sorted(path.parents[1].name for path in (root / LOCALE).glob("*/LC_MESSAGES/posture.po"))


def po_path(language: str, root: Path = ROOT) -> Path:
    """Give where the catalogue of a language is."""
    return root / LOCALE / language / "LC_MESSAGES/posture.po"


def read(language: str, root: Path = ROOT) -> Catalog:
    """Read the catalogue of a language."""
    from babel.messages.pofile import read_po

    with po_path(language, root).open("rb") as file:
        return read_po(file, locale=language)


def write(catalogue: Catalog, path: Path) -> None:
    """Write a catalogue, without line numbers and dates, so that it changes only where a text does."""
    from babel.messages.pofile import write_po

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, include_lineno=False, ignore_obsolete=True, sort_by_file=True)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(_LEFT_OUT)), encoding="utf-8")


def extract(root: Path = ROOT) -> None:
    """Write the template, and merge it into the catalogues: new texts are empty there, what is gone is dropped."""
    found = template(root)
    write(found, root / POT)
    for language in languages(root):
        catalogue = read(language, root)
        catalogue.header_comment = HEADER
        catalogue.update(found, no_fuzzy_matching=True)
        write(catalogue, po_path(language, root))


def compile_all(root: Path = ROOT) -> list[Path]:
    """Make of each catalogue what the program reads, and give the paths."""
    from babel.messages.mofile import write_mo

    made = []
    for language in languages(root):
        path = po_path(language, root).with_suffix(".mo")
        catalogue = read(language, root)
        # The catalogues name no dates, and Babel would write the minute in which this runs.
        catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
        with path.open("wb") as file:
            write_mo(file, catalogue)
        made.append(path)
    return made


# -- faults -----------------------------------------------------------------------------------------------------------


def names_in(text: str) -> set[str]:
    """Give the names in braces of a text. ValueError where the braces do not match."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def faults_of(message: Message, plurals: int) -> Iterator[str]:
    """Say what is wrong with the translation of a text."""
    english = message.id if isinstance(message.id, tuple | list) else (message.id,)
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if not all(said):
        yield "is not translated"
        return
    if len(english) > 1 and len(said) != plurals:
        yield f"has {len(said)} of {plurals} plural forms"
    wanted = [names_in(each) for each in english]
    for each in said:
        try:
            names = names_in(each)
        except ValueError:
            yield "has braces that do not match"
            continue
        least, most = set.intersection(*wanted) - {"n"}, set.union(*wanted)
        if len(english) > 1:
            most |= {"n"}
        if names - most:
            yield f"names {', '.join(sorted(names - most))}, which the English text does not"
        if least - names - ({"other", "side"} if names & {"other", "side"} else set()):
            yield f"does not name {', '.join(sorted(least - names))}"
        for _, _, forms, _ in string.Formatter().parse(each):
            if forms and "|" in forms and len(forms.split("|")) != 2:
                yield "has not one form for the left and one for the right"
    if any((english[0][at] == " ") != (said[0][at] == " ") for at in (0, -1)):
        yield "has not the spaces of the English text at its ends"


def faults(language: str, root: Path = ROOT) -> list[str]:
    """Say what is missing or wrong in the catalogue of a language, a line each."""
    catalogue, wanted = read(language, root), template(root)
    found = []
    for message in wanted:
        if not message.id:
            continue
        key = message.id[0] if isinstance(message.id, tuple | list) else message.id
        translated = catalogue.get(key, message.context)
        shown = f"{language}: {key[:90]!r}"
        if translated is None:
            found.append(f"{shown} is not in the catalogue")
        else:
            found += [f"{shown} {fault}" for fault in faults_of(translated, catalogue.num_plurals)]
    return found


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=("extract", "compile", "check"))
    what = parser.parse_args().what
    if what == "extract":
        extract()
        print(f"{len(texts())} texts in {POT}")
    elif what == "compile":
        print("\n".join(str(path.relative_to(ROOT)) for path in compile_all()))
    else:
        found = [fault for language in languages() for fault in faults(language)]
        print("\n".join(found) or "nothing is missing")
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
