"""Which questions of the check-in a note touches, by the words of note_words.toml. Pure but for reading that file once.

Words in a note are no answers: they say what to ask, and never how it is. So they lead to `posture check-in`, and what
follows from it follows from the answers there.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources

from posture.coach.safety import QUESTIONS

FORGIVING = 8
"""From this many letters on, a word may be a letter off [design choice]."""

Lists = Mapping[str, Mapping[str, Sequence[str]]]


@functools.cache
def note_words() -> Lists:
    """The entries of note_words.toml by language and id of a question."""
    text = resources.files("posture.coach").joinpath("note_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def asked_about(note: str) -> tuple[str, ...]:
    """Find the questions of the check-in that a note touches, in any language; their ids, in the order of the check-in.

    What is denied counts as well ("no fever"): the question is the same.
    """
    words = _words(note)
    anywhere = frozenset[str]().union(*words)
    if not anywhere:
        return ()
    found = {name for name, entries in _entries() if any(_holds(entry, words, anywhere) for entry in entries)}
    return tuple(question.id for question in QUESTIONS if question.id in found)


Phrase = tuple[str, ...]
Entry = tuple[tuple[Phrase, ...], ...]
"""Parts that must all be in the note; each is a choice of phrases, and a phrase is the patterns of its words."""


_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
"""Letters of what is written without spaces between words: an entry counts wherever it stands."""


@functools.cache
def _entries() -> list[tuple[str, list[Entry]]]:
    return [
        (name, [_entry(text) for text in texts]) for lists in note_words().values() for name, texts in lists.items()
    ]


def _entry(text: str) -> Entry:
    return tuple(tuple(p for choice in part.split("/") for p in _phrases(choice)) for part in text.split(" + "))


def _phrases(text: str) -> Iterator[Phrase]:
    """The phrase, and as it is typed where there are no umlauts on the keyboard."""
    for spelt in dict.fromkeys((text, re.sub("[äöü]", lambda found: found[0] + "e", text))):
        yield tuple(f"*{word}*" if _UNSPACED.search(word) else word for word in _plain(spelt).split())


@functools.cache
def _patterns() -> Mapping[str, Sequence[str]]:
    """All patterns by the letter they begin with; those that begin with a * are under "*"."""
    found: dict[str, dict[str, None]] = {}
    for _, entries in _entries():
        for pattern in (word for entry in entries for part in entry for phrase in part for word in phrase):
            found.setdefault(pattern[0], {})[pattern] = None
    return {letter: tuple(patterns) for letter, patterns in found.items()}


_VOICED = "\u3099\u309a"
"""Marks without which a Japanese syllable is another one."""


def _plain(text: str) -> str:
    """In lower case, without accents, apostrophes, an 's, and what French leaves of a word before a vowel."""
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe"))
    kept = (letter for letter in letters if letter in _VOICED or not unicodedata.combining(letter))
    plain = unicodedata.normalize("NFC", "".join("'" if letter in "’‘`´" else letter for letter in kept))
    return re.sub(r"'s\b|'", "", re.sub(r"\b([a-z]|qu)'", " ", plain))


def _words(note: str) -> list[frozenset[str]]:
    """The patterns that each word of a note fits, in order."""
    return [_fitting(word) for word in re.findall(r"[^\W_]+", _plain(note))]


@functools.lru_cache(maxsize=4096)
def _fitting(word: str) -> frozenset[str]:
    patterns = _patterns()
    near = (*patterns.get(word[0], ()), *patterns.get("*", ()))
    return frozenset(pattern for pattern in near if _fits(pattern, word))


def _holds(entry: Entry, words: Sequence[frozenset[str]], anywhere: frozenset[str]) -> bool:
    return all(any(phrase[0] in anywhere and _stands_in(phrase, words) for phrase in part) for part in entry)


def _stands_in(phrase: Phrase, words: Sequence[frozenset[str]]) -> bool:
    starts = range(len(words) - len(phrase) + 1)
    return any(all(pattern in words[at + n] for n, pattern in enumerate(phrase)) for at in starts)


def _fits(pattern: str, word: str) -> bool:
    """Whether a word is what a pattern stands for, as it is or a letter off."""
    stem = pattern.strip("*")
    if pattern.startswith("*"):
        return stem in word if pattern.endswith("*") else word.endswith(stem)
    begins = pattern.endswith("*")
    if word.startswith(stem) if begins else word == stem:
        return True
    if len(stem) < FORGIVING:
        return False
    lengths = range(len(stem) - 1, len(stem) + 2) if begins else (len(word),)
    return any(_a_letter_off(word[:length], stem) for length in lengths)


def _a_letter_off(word: str, stem: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two have changed places."""
    at = next((n for n, (one, other) in enumerate(zip(word, stem, strict=False)) if one != other), None)
    if at is None:
        return abs(len(word) - len(stem)) == 1
    rest, right = word[at:], stem[at:]
    return (
        rest[1:] == right[1:]
        or rest == right[1:]
        or rest[1:] == right
        or (rest[:2] == right[1::-1] and rest[2:] == right[2:])
    )
