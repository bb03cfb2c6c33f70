"""The user's own exercises and texts, from the files that `posture.own_files` reads. Pure but for that."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from posture.language import language, tr
from posture.own_files import OwnFile, own_files

if TYPE_CHECKING:
    from posture.coach.exercise import Exercise
    from posture.coach.reminder import OwnText, ReminderKind


@dataclass(frozen=True)
class Own:
    """What a user has added."""

    exercises: tuple[Exercise, ...] = ()
    texts: Mapping[ReminderKind, OwnText] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    """What was left out and why, a sentence each, with file and line."""


def own() -> Own:
    """Read the user's own exercises and texts as they are now; what is not sound is left out and said."""
    files = own_files()
    return _understood(files, language()) if files else Own()


@functools.lru_cache(maxsize=2)
def _understood(files: tuple[OwnFile, ...], _language: str) -> Own:
    from posture.coach.exercise_file import read
    from posture.coach.packaged import packaged

    exercises: list[Exercise] = []
    texts: dict[ReminderKind, OwnText] = {}
    faults: list[str] = []
    for file in files:
        if file.fault:
            faults.append(file.fault)
            continue
        contents = read(file.text, {exercise.id for exercise in (*packaged(), *exercises)})
        exercises += contents.exercises
        texts |= {text.kind: text for text in contents.texts}
        faults += [
            tr("{file}, line {line}: {fault}.", file=file.path, line=fault.line, fault=fault.says)
            for fault in contents.faults
        ]
    return Own(tuple(exercises), texts, tuple(faults))
