"""The library of exercises: the program's own, in exercises.toml, and the user's. Pure but for reading their files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posture.coach.exercise import Exercise
from posture.coach.own import own
from posture.coach.packaged import english_names, packaged
from posture.errors import PostureError
from posture.language import language, listed, tr


def library() -> tuple[Exercise, ...]:
    """All exercises: those of the package in the order of exercises.toml, then the user's own."""
    return packaged() + own().exercises


def find_exercise(name: str) -> Exercise:
    """Find an exercise by its id; case and hyphens do not matter.

    A PostureError with exit code 2 says that there is no such exercise, and names the nearest.
    """
    found = library()
    for exercise in found:
        if exercise.id == name.lower().replace("-", "_"):
            return exercise
    raise _unknown(name, found)


def typed_exercise(typed: str) -> Exercise:
    """Find an exercise as people type it: by its id, its name, the beginning of either, or words of its name.

    The name is that of the language, or the English one.

    Where several go by it and all are for the same part of the body, as ``side-bend``, it is the first of the library
    [design choice]. A PostureError with exit code 2 says that there is none, or names those that may be meant.
    """
    found = library()
    english = english_names()
    wanted = _squeezed(typed)
    words = _words(typed)

    def names(each: Exercise) -> tuple[str, ...]:
        return tuple(dict.fromkeys((each.name, english.get(each.id, each.name))))

    ways: tuple[Callable[[Exercise], bool], ...] = (
        lambda each: wanted in (_squeezed(each.id), *map(_squeezed, names(each))),
        lambda each: bool(wanted) and any(_squeezed(name).startswith(wanted) for name in names(each)),
        lambda each: bool(wanted) and _squeezed(each.id).startswith(wanted),
        lambda each: any(_stand_in(words, _words(name)) for name in names(each)),
        lambda each: (
            len(wanted) > (1 if language() == "ja" else 3) and any(wanted in _squeezed(name) for name in names(each))
        ),
    )
    for way in ways:
        named = [exercise for exercise in found if way(exercise)]
        if len({exercise.target for exercise in named}) == 1:
            return named[0]
        if named:
            several = listed([f"{exercise.name} ({exercise.id})" for exercise in named], "or")
            raise PostureError(tr("{typed!r} may mean {several}: write which.", typed=typed[:50], several=several), 2)
    raise _unknown(typed, found)


def _unknown(typed: str, found: Sequence[Exercise]) -> PostureError:
    import difflib

    shown, english = typed[:50], english_names()
    names = {exercise.id: exercise for exercise in found}
    for exercise in found:
        words = _words(exercise.name)
        names |= {" ".join(words[first:]): exercise for first in reversed(range(len(words)))}
        words = _words(english.get(exercise.id, ""))
        names |= {" ".join(words[first:]): exercise for first in reversed(range(len(words)))}
    nearest = names[difflib.get_close_matches(shown.lower(), names, 1, cutoff=0.0)[0]]
    says = tr(
        "There is no exercise {typed!r}; the nearest is {id} ({name}): see posture exercises.",
        typed=shown,
        id=nearest.id,
        name=nearest.name,
    )
    left_out = [tr("One of your own was left out: {fault}", fault=fault) for fault in own().faults[:1]]
    return PostureError(" ".join([says, *left_out]), 2)


def _words(text: str) -> list[str]:
    return "".join(each if each.isalnum() else " " for each in text.lower().replace("'", "")).split()


def _squeezed(text: str) -> str:
    return "".join(_words(text))


def _stand_in(typed: Sequence[str], name: Sequence[str]) -> bool:
    """Whether each word begins a word of the name, in the same order."""
    rest = iter(name)
    return bool(typed) and all(any(word.startswith(each) for word in rest) for each in typed)
