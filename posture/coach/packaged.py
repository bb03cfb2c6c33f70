"""The program's own exercises, from exercises.toml. Pure but for reading that file once."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

from posture.coach.exercise import Exercise, exercise_of


@functools.cache
def packaged() -> tuple[Exercise, ...]:
    """All exercises of the package.

    The file is only parsed: tests/coach/test_exercises.py checks all that it says.
    """
    text = resources.files("posture.coach").joinpath("exercises.toml").read_text(encoding="utf-8")
    return tuple(exercise_of(entry) for entry in tomllib.loads(text)["exercise"])
