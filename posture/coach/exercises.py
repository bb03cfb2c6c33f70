"""The library of exercises: the program's own, in exercises.toml, and the user's. Pure but for reading their files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posture.coach.exercise import Exercise
from posture.coach.own import own
from posture.coach.packaged import packaged
from posture.errors import PostureError


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

    Where several go by it and all are for the same part of the body, as ``side-bend``, it is the first of the library
    [design choice]. A PostureError with exit code 2 says that there is none, or names those that may be meant.
    """
    found = library()
    wanted = _squeezed(typed)
    words = _words(typed)
    ways: tuple[Callable[[Exercise], bool], ...] = (
        lambda each: wanted in (_squeezed(each.id), _squeezed(each.name)),
        lambda each: bool(wanted) and _squeezed(each.name).startswith(wanted),
        lambda each: bool(wanted) and _squeezed(each.id).startswith(wanted),
        lambda each: _stand_in(words, _words(each.name)),
        lambda each: len(wanted) > 3 and wanted in _squeezed(each.name),
    )
    for way in ways:
        named = [exercise for exercise in found if way(exercise)]
        if len({exercise.target for exercise in named}) == 1:
            return named[0]
        if named:
            several = " or ".join(f"{exercise.name} ({exercise.id})" for exercise in named)
            raise PostureError(f"{typed[:50]!r} may mean {several}: write which.", 2)
    raise _unknown(typed, found)


def _unknown(typed: str, found: Sequence[Exercise]) -> PostureError:
    import difflib

    shown = typed[:50]
    names = {exercise.id: exercise for exercise in found}
    for exercise in found:
        words = _words(exercise.name)
        names |= {" ".join(words[first:]): exercise for first in reversed(range(len(words)))}
    nearest = names[difflib.get_close_matches(shown.lower(), names, 1, cutoff=0.0)[0]]
    left_out = "".join(f" One of your own was left out: {fault}" for fault in own().faults[:1])
    return PostureError(
        f"There is no exercise {shown!r}; the nearest is {nearest.id} ({nearest.name}): see posture exercises."
        f"{left_out}",
        2,
    )


def _words(text: str) -> list[str]:
    return "".join(each if each.isalnum() else " " for each in text.lower().replace("'", "")).split()


def _squeezed(text: str) -> str:
    return "".join(_words(text))


def _stand_in(typed: Sequence[str], name: Sequence[str]) -> bool:
    """Whether each word begins a word of the name, in the same order."""
    rest = iter(name)
    return bool(typed) and all(any(word.startswith(each) for word in rest) for each in typed)
