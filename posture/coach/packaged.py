"""The program's own exercises, from exercises.toml. Pure but for reading that file once."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import resources
from typing import Any

from posture.coach.exercise import Exercise, exercise_of
from posture.language import language, tr


def packaged() -> tuple[Exercise, ...]:
    """All exercises of the package, in the language.

    What is compared stays as it is: `id`, `target`, `group` and whatever else is a choice. The file is only parsed:
    tests/coach/test_exercises.py checks all that it says.
    """
    return _packaged(language())


def english_names() -> Mapping[str, str]:
    """The English names of the exercises of the package by their ids, as people may type them."""
    return {entry["id"]: entry["name"] for entry in _entries()}


@functools.cache
def _packaged(_language: str) -> tuple[Exercise, ...]:
    return tuple(_in_the_language(exercise_of(entry)) for entry in _entries())


@functools.cache
def _entries() -> Sequence[Mapping[str, Any]]:
    text = resources.files("posture.coach").joinpath("exercises.toml").read_text(encoding="utf-8")
    entries: Sequence[Mapping[str, Any]] = tomllib.loads(text)["exercise"]
    return entries


def _in_the_language(exercise: Exercise) -> Exercise:
    dose, camera = exercise.dose, exercise.camera
    return replace(
        exercise,
        name=tr(exercise.name),
        line=tr(exercise.line),
        steps=tuple(map(tr, exercise.steps)),
        avoid=tuple(map(tr, exercise.avoid)),
        source=tr(exercise.source),
        dose=replace(
            dose, source=tr(dose.source), moves=tuple(replace(move, says=tr(move.says)) for move in dose.moves)
        ),
        camera=replace(camera, says=tr(camera.says), source=tr(camera.source)),
    )
