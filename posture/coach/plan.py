"""Today's small programme: two side stretches, hip flexors, one strength exercise, one breathing exercise. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from posture.coach.choose import Limits, fitting
from posture.coach.exercise import BOTH_SIDES, Exercise
from posture.coach.exercises import library

Tick = Literal["verified", "self-reported", "begun", "open"]

SLOTS = (
    ("side stretch", "QL", ("standing",)),
    ("hip flexors", "hip flexors", ()),
    ("breathing", "breathing", ()),
    ("strength", "strength", ()),
    ("second side stretch", "QL", ("desk", "floor")),
)
"""The items of a day, most important first: the last are left out when time is short [design choice]."""


@dataclass(frozen=True)
class Done:
    """What was done of one exercise on one day by side ("left", "right", "both"): seen by the camera, self-reported.

    Repetitions of an exercise that is repeated, seconds of any other.
    """

    verified: Mapping[str, float]
    reported: Mapping[str, float]


@dataclass(frozen=True)
class Item:
    """One item of the programme; `fits` says whether there is time for it."""

    slot: str
    exercise: Exercise
    fits: bool = True


def programme(bias: str, minutes: float, week: int) -> list[Item]:
    """Choose the items of one week: the same every day, so that they can be learned, and others the next week.

    Parameters
    ----------
    bias : str
        `coach.bias`. Exercises in the direction that is set come before neutral ones.
    minutes : float
        Time the user has; each exercise is counted with its smallest dose.
    week : int
        Number of the week, see `week_of`.
    """
    items: list[Item] = []
    left_s = minutes * 60.0
    for slot, target, positions in SLOTS:
        taken = {item.exercise.id for item in items}
        exercises = [
            exercise
            for exercise in fitting(library(), Limits(bias), target=target, positions=positions)
            if exercise.id not in taken
        ]
        if not exercises:
            continue
        directed = [exercise for exercise in exercises if bias in exercise.bias]
        choices = directed or [exercise for exercise in exercises if "neutral" in exercise.bias] or exercises
        exercise = choices[week % len(choices)]
        fits = exercise.least_s <= left_s
        left_s -= exercise.least_s if fits else 0.0
        items.append(Item(slot, exercise, fits))
    return items


def week_of(ordinal: int) -> int:
    """Number of the week, Monday to Sunday, of a day that is given as its ordinal (1 is Monday, 0001-01-01)."""
    return (ordinal - 1) // 7


def tick(exercise: Exercise, done: Done | None) -> Tick:
    """How far an item is done: whether the camera saw its smallest dose on each side, or the user reported it."""
    if done is None:
        return "open"

    if complete(exercise, done.verified):
        return "verified"
    sides = done.verified.keys() | done.reported.keys()
    if complete(exercise, {side: done.verified.get(side, 0.0) + done.reported.get(side, 0.0) for side in sides}):
        return "self-reported"
    return "begun"


def complete(exercise: Exercise, done: Mapping[str, float]) -> bool:
    """Whether what was done by side, repetitions or seconds by the exercise's form, is its smallest dose."""
    dose, both = exercise.dose, done.get("both", 0.0)
    left, right = (done.get(side, 0.0) for side in BOTH_SIDES)
    if exercise.sides == "each":
        return min(left, right) >= dose.least
    # The camera counts a turn to the left and to the right separately.
    return both + (min(left, right) if dose.form == "reps" else left + right) >= dose.least
