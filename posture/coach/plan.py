"""Today's small programme: a walk and strength first, then the muscle groups in turn. Pure.

Walking and strength have more behind them than stretching (evidence, section 3), so they stand in every plan. That
side stretches come twice is a choice of the product. A week reaches QL, buttock and hip flexors, as far as they fit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from posture.coach.choose import DIRECTIONS, Limits, fitting
from posture.coach.exercise import BOTH_SIDES, Dose, Exercise, Group, Side, other_side
from posture.coach.exercises import library
from posture.coach.findings import Finding
from posture.language import mark, tr

Tick = Literal["verified", "self-reported", "begun", "open"]

STRENGTH = "strength"
FIRST: Mapping[str, Callable[[Exercise], bool]] = {
    "walk": lambda exercise: exercise.dose.form == "walk",
    "strength": lambda exercise: exercise.target == STRENGTH,
}
"""What a day begins with; where a direction is set, what moves the back that way as well."""
THEN: Mapping[str, Callable[[Exercise], bool]] = {
    "side stretch": lambda exercise: exercise.group == "QL" and exercise.target != STRENGTH,
    "buttock": lambda exercise: exercise.group == "buttock" and exercise.target != STRENGTH,
    "hip flexors": lambda exercise: exercise.group == "hip flexors" and exercise.target != STRENGTH,
    "back": lambda exercise: exercise.group == "back" and exercise.target != STRENGTH,
    "breathing": lambda exercise: exercise.target == "breathing",
    "second side stretch": lambda exercise: exercise.group == "QL" and exercise.target != STRENGTH,
}
"""What follows: first on one day is last on the next, so that a week reaches all when time is short [design choice]."""
SLOTS = (*FIRST, *THEN)
SLOT_WORDS: Mapping[str, str] = {
    "walk": mark("walk"),
    "strength": mark("strength"),
    "side stretch": mark("side stretch"),
    # Translators: muscles that are stretched: gluteals, hip flexors, the back.
    "buttock": mark("buttock"),
    "hip flexors": mark("hip flexors"),
    "back": mark("back"),
    "breathing": mark("breathing"),
    "second side stretch": mark("second side stretch"),
}
"""The items of a plan, for people."""
REACHED: Mapping[str, Group] = {"side stretch": "QL", "buttock": "buttock", "hip flexors": "hip flexors"}
"""The muscle groups that each week is to reach, by the item that does."""
TURNS = 6
"""So many of the items take turns to be first on days without time for the walk, strength and one more."""
RISING = 4
"""A dose rises from its least to its most in so many steps [design choice]."""
WALK_STEP_S = 30.0
"""A walk grows by whole half minutes [design choice]."""
STAY_WEEKS = 3
"""Strength exercises stay for so long, since a dose rises only with what is done again [design choice]."""


@dataclass(frozen=True)
class Done:
    """What was done of one exercise on one day by side ("left", "right", "both"): seen by the camera, self-reported.

    Repetitions of an exercise that is repeated, seconds of any other.
    """

    verified: Mapping[str, float]
    reported: Mapping[str, float]


@dataclass(frozen=True)
class Known:
    """What is known of a user beside what limits the choice."""

    leant: Side | None = None
    """The side that the asymmetry rule names; it is lengthened first."""
    findings: Sequence[Finding] = ()
    """Of the self-checks."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """How many of `RISING` steps the dose of an exercise has risen, see `posture.coach.progress`; 0 for one that is
    missing."""


@dataclass(frozen=True)
class Item:
    """One item of the programme."""

    slot: str
    exercise: Exercise
    """With the dose that is due."""
    fits: bool = True
    """Whether there is time for it today."""
    side: Side | None = None
    """The side to start with, and to do once more; None where nothing was found."""
    why: str = ""
    """What was found, in words; empty where nothing was."""


def programme(limits: Limits, minutes: float, day: int, known: Known | None = None) -> list[Item]:
    """Choose the items of one day: for a week the same, so that they can be learned, and others the next week.

    Two strength exercises take turns by day, and stay for three weeks. What fits the user and goes in the direction
    that is set comes before what is neutral.

    Parameters
    ----------
    limits : Limits
        What fits the user.
    minutes : float
        Time the user has; each exercise is counted with its smallest dose that is due.
    day : int
        Ordinal of the day (1 is Monday, 0001-01-01).
    known : Known, optional
        What was found, and how far doses have risen.
    """
    known = known or Known()
    chosen: dict[str, Item] = {}
    for slot, belongs in (*FIRST.items(), *THEN.items()):
        taken = {item.exercise.id for item in chosen.values()}
        exercise = _choose(slot, belongs, limits, day, known, taken)
        if exercise is not None:
            side, why = _found(exercise, known)
            dose = dose_at(exercise, known.levels.get(exercise.id, 0))
            chosen[slot] = Item(slot, replace(exercise, dose=dose), side=side, why=why)
    left_s, fit = minutes * 60.0, set[str]()
    first = {*FIRST, "back"} if limits.bias in DIRECTIONS else set(FIRST)
    for slot in _order(chosen, first, left_s, day):
        takes_s = chosen[slot].exercise.least_s
        if takes_s <= left_s:
            left_s -= takes_s
            fit.add(slot)
    return [replace(item, fits=slot in fit) for slot, item in chosen.items()]


def missing(items: Sequence[Item], limits: Limits) -> list[str]:
    """Name what a week is to reach and nothing that fits the user does: "walk", "strength", or a muscle group."""
    found = [slot for slot in FIRST if all(item.slot != slot for item in items)]
    fit = fitting(library(), limits)
    return found + [group for group in REACHED.values() if all(exercise.group != group for exercise in fit)]


def _choose(
    slot: str, belongs: Callable[[Exercise], bool], limits: Limits, day: int, known: Known, taken: set[str]
) -> Exercise | None:
    fit = [exercise for exercise in fitting(library(), limits) if exercise.id not in taken]
    found = [exercise for exercise in fit if belongs(exercise)]
    if not found and slot in REACHED:
        found = [exercise for exercise in fit if exercise.group == REACHED[slot]]  # its strength exercise
    if not found:
        return None
    week = week_of(day)
    if slot == STRENGTH:
        sets = [half for half in (found[0::2], found[1::2]) if half]
        now = sets[week // STAY_WEEKS % len(sets)]
        return now[day % len(now)]
    if slot == "side stretch":
        found = [exercise for exercise in found if exercise.position == "standing"] or found
    if slot == "buttock" and any(each.kind == "hip-rotation" and each.way == "out" for each in known.findings):
        found = [exercise for exercise in found if exercise.target == "hip rotation"] or found
    if limits.bias in DIRECTIONS:
        found = [exercise for exercise in found if limits.bias in exercise.bias] or found
    return found[week % len(found)]


def _order(chosen: Mapping[str, Item], most: Collection[str], left_s: float, day: int) -> list[str]:
    """Most important first, in turn where time is short; what does not fit into it is left out from the end."""
    first, then = [slot for slot in chosen if slot in most], [slot for slot in chosen if slot not in most]
    longest_s = max((chosen[slot].exercise.least_s for slot in then), default=0.0)
    if left_s - sum(chosen[slot].exercise.least_s for slot in first) >= longest_s:
        return first + _turned(then, day)
    return _turned(list(chosen)[:TURNS], day) + list(chosen)[TURNS:]


def _turned(slots: list[str], day: int) -> list[str]:
    turn = day % len(slots) if slots else 0
    return slots[turn:] + slots[:turn]


def _found(exercise: Exercise, known: Known) -> tuple[Side | None, str]:
    """The side to start with, and what was found that this exercise follows."""
    if exercise.sides != "each":
        return None, ""
    if exercise.group == "QL" and exercise.target != STRENGTH and known.leant is not None:
        return known.leant, tr("you leaned {side} more", side=known.leant)
    for finding in known.findings:
        side = finding.side
        stretched = exercise.target != STRENGTH
        if finding.kind == "side-bend" and exercise.group == "QL" and stretched and side is not None:
            # Bending to one side lengthens the other.
            return other_side(side), tr("at the last self-check you bent less far to the {side}", side=side)
        if finding.kind == "hip-extension" and exercise.group == "hip flexors":
            if side:
                return side, tr("at the last self-check the {side} leg went back less far", side=side)
            return side, tr("at the last self-check the legs went back little")
        if finding.kind == "hip-rotation" and exercise.group == "buttock" and stretched:
            return side, _swung(side, finding.way)
    return None, ""


def _swung(side: Side | None, way: str | None) -> str:
    if way == "in":
        if side:
            return tr("at the last self-check the {side} foot swung in less far", side=side)
        return tr("at the last self-check the feet swung in less far")
    if side:
        return tr("at the last self-check the {side} foot swung out less far", side=side)
    return tr("at the last self-check the feet swung out less far")


def rises(exercise: Exercise) -> bool:
    """Whether its dose rises with what is done: strength and walking; a stretch has a dose from the start on."""
    return exercise.target == STRENGTH or exercise.dose.form == "walk"


def dose_at(exercise: Exercise, level: int) -> Dose:
    """Give the dose after `level` of `RISING` steps, within the exercise's own; that of a stretch stays as it is."""
    dose = exercise.dose
    if not rises(exercise):
        return dose
    part = min(max(level, 0), RISING) / RISING
    if dose.form == "walk":
        least_s, most_s = dose.hold_s
        walk_s = least_s + math.floor((most_s - least_s) * part / WALK_STEP_S) * WALK_STEP_S
        return replace(dose, hold_s=(walk_s, walk_s))

    def count(pair: tuple[int, int]) -> tuple[int, int]:
        number = pair[0] + int((pair[1] - pair[0]) * part)
        return number, number

    if dose.reps is not None:
        return replace(dose, reps=count(dose.reps), times=count(dose.times))
    return replace(dose, times=count(dose.times))


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
