"""A small programme for today: a QL pair, a hip-flexor, one strength item, one breathing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from posture.coach.choose import fitting
from posture.coach.exercises import Exercise, library

__all__ = ["Done", "Item", "programme", "tick", "week_of"]

Tick = Literal["verified", "self-reported", "begun", "open"]

SLOTS = (
    ("side stretch", "QL", ("standing",)),
    ("hip flexors", "hip flexors", ()),
    ("breathing", "breathing", ()),
    ("strength", "strength", ()),
    ("second side stretch", "QL", ("desk", "floor")),
)
"""What a day holds, most important first: the last are left out when there is no time [design choice]."""


@dataclass(frozen=True)
class Done:
    """Seconds of one exercise on one day by side ("left", "right", "both"), seen by the camera and as told."""

    verified_s: Mapping[str, float]
    told_s: Mapping[str, float]


@dataclass(frozen=True)
class Item:
    """One item of the programme; `fits` is whether there is time for it."""

    slot: str
    exercise: Exercise
    fits: bool = True


def programme(bias: str, minutes: float, week: int) -> list[Item]:
    """The items of one week, the same every day so that they can be learnt; the next week varies.

    Parameters
    ----------
    bias : str
        `coach.bias`. With a direction taken, what goes that way comes before what is neutral.
    minutes : float
        Time the user has; the smallest doses are counted.
    week : int
        Number of the week, counted from anywhere.
    """
    items: list[Item] = []
    left_s = minutes * 60.0
    for slot, target, positions in SLOTS:
        taken = {item.exercise.id for item in items}
        exercises = [
            one for one in fitting(library(), bias=bias, target=target, positions=positions) if one.id not in taken
        ]
        if not exercises:
            continue
        directed = [one for one in exercises if bias in one.bias] if bias in ("flexion", "extension") else []
        choices = directed or [one for one in exercises if "neutral" in one.bias] or exercises
        one = choices[week % len(choices)]
        fits = one.least_s <= left_s
        left_s -= one.least_s if fits else 0.0
        items.append(Item(slot, one, fits))
    return items


def week_of(ordinal: int) -> int:
    """Number of the week, Monday to Sunday, of a day given as its ordinal (1 is the Monday 0001-01-01)."""
    return (ordinal - 1) // 7


def tick(exercise: Exercise, done: Done | None) -> Tick:
    """How far an item is: its smallest dose on each side, seen by the camera, or by the user's word."""
    if done is None:
        return "open"
    sides = ("left", "right") if exercise.sides == "each" else ("both",)

    def whole(*counted: Mapping[str, float]) -> bool:
        if exercise.sides == "both":
            # A turn that was seen has its time on two sides.
            return sum(sum(one.values()) for one in counted) >= exercise.dose.least_s
        return all(sum(one.get(side, 0.0) for one in counted) >= exercise.dose.least_s for side in sides)

    if whole(done.verified_s):
        return "verified"
    if whole(done.verified_s, done.told_s):
        return "self-reported"
    return "begun"
