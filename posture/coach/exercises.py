"""The library of exercises: the program's own, in exercises.toml, and the user's. Pure but for reading their files."""

from __future__ import annotations

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
    for exercise in library():
        if exercise.id == name.lower().replace("-", "_"):
            return exercise
    import difflib

    shown = name[:50]
    nearest = difflib.get_close_matches(shown, [exercise.id for exercise in library()], cutoff=0.0)[0]
    left_out = "".join(f" One of your own was left out: {fault}" for fault in own().faults[:1])
    raise PostureError(f"There is no exercise {shown!r}; the nearest is {nearest}: see posture exercises.{left_out}", 2)
