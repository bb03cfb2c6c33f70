"""Choose exercises: what fits a user, and what a reminder names, by what was done when. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posture.coach.exercise import Exercise, Side
from posture.coach.exercises import find_exercise, library
from posture.coach.packaged import packaged
from posture.language import tr
from posture.settings import CoachSettings

STRETCHES = ("ql_stand", "ql_seat", "hf_split", "thor_rot", "piri_seat", "hip_rot")
"""What a stretch reminder may name beside the user's own; no floor is needed. Ties go to the first [design choice]."""
STANDS = ("walk", "ql_stand", "hf_split")
"""Stand reminders name these in turn [design choice]."""
QL_WEIGHT = 2.0
"""Side stretches come up twice as often as the others: the product was made for them, no study says so [design choice].
"""
DIRECTED_WEIGHT = 2.0
"""What goes in the direction that the user has set comes up as often as side stretches [design choice]."""
DIRECTIONS = ("flexion", "extension")
BREATH = "breath"
"""What is left where nothing else fits: it needs no position and moves nothing."""


@dataclass(frozen=True)
class Limits:
    """What limits the choice for one user. The default leaves everything."""

    bias: str = "any"
    """`coach.bias`. A direction leaves out what moves the back only the other way; neutral leaves out both."""
    clearance: frozenset[str] = frozenset()
    """What takes exercises out until a clinician has agreed, of `posture.settings.CONDITIONS`."""
    hurts: frozenset[str] = frozenset()
    """What hurts by the log, of `HURTS`; what is not among them is ignored."""

    def allow(self, exercise: Exercise) -> bool:
        """Whether an exercise may be suggested.

        Flexion is for those whom being upright hurts (evidence, section 5), so it leaves walking out [design choice].
        """
        directed = self.bias == "any" or "neutral" in exercise.bias or self.bias in exercise.bias
        upright = self.bias == "flexion" and "walking" in exercise.hurts
        return directed and not upright and not self.hurting(exercise) and self.clearance.isdisjoint(exercise.unless)

    def hurting(self, exercise: Exercise) -> list[str]:
        """What hurts by the log and takes an exercise out."""
        return [each for each in exercise.hurts if each in self.hurts]

    @property
    def walks(self) -> bool:
        """Whether walking may be suggested."""
        return self.allow(find_exercise("walk"))


ANY = Limits()


def limits_of(settings: CoachSettings, hurts: frozenset[str] = frozenset()) -> Limits:
    """Put together what the user has set, and what hurts by the log."""
    return Limits(settings.bias, frozenset(settings.conditions), hurts)


def fitting(
    exercises: Sequence[Exercise],
    limits: Limits = ANY,
    *,
    target: str | None = None,
    positions: Sequence[str] = (),
    within_s: float | None = None,
) -> list[Exercise]:
    """Select the exercises that fit, in the order given.

    Parameters
    ----------
    target : str, optional
        Part of the name of the region, in any case.
    positions : sequence of str
        Where they are done; anywhere when empty. An exercise that can be done anywhere always fits.
    within_s : float, optional
        The smallest dose must take no longer than this.
    """
    return [
        exercise
        for exercise in exercises
        if limits.allow(exercise)
        and (target is None or target.lower() in f"{exercise.target}\n{tr(exercise.target)}".lower())
        and (not positions or exercise.position in (*positions, "any"))
        and (within_s is None or exercise.least_s <= within_s)
    ]


def next_stretch(
    ago_s: Mapping[str, float], limits: Limits = ANY, side: Side | None = None, *, standing: bool = False
) -> Exercise:
    """Choose the stretch that a reminder names, one that can be done at a desk.

    Parameters
    ----------
    ago_s : mapping of id to float
        Seconds since each was done or named last; one that is missing never was.
    side : {"left", "right"} or None
        The side that the asymmetry rule names; then only side stretches are considered, if one fits.
    standing : bool
        Only those that are done standing, if one fits.

    Returns
    -------
    Exercise
        The one that was not done for longest; breathing where no stretch fits.
    """
    found = _named(STRETCHES, ("desk", "standing"), limits, own=True)
    if side is not None:
        found = [exercise for exercise in found if exercise.target == "QL"] or found
    if standing:
        found = [exercise for exercise in found if exercise.position == "standing"] or found

    def waiting(exercise: Exercise) -> float:
        weight = QL_WEIGHT if exercise.target == "QL" else DIRECTED_WEIGHT if _directed(exercise, limits) else 1.0
        return ago_s.get(exercise.id, math.inf) * weight

    return max(found, key=waiting) if found else find_exercise(BREATH)


def next_stand(turn: int, limits: Limits = ANY) -> Exercise | None:
    """Choose what the `turn`-th stand reminder names: walking, a side-bend and a hip-flexor stretch, in turn.

    Exercises of the direction that is set come first. None where nothing that is done standing fits.
    """
    found = _named(STANDS, ("standing",), limits)
    return found[turn % len(found)] if found else None


def _named(names: Sequence[str], positions: Sequence[str], limits: Limits, *, own: bool = False) -> list[Exercise]:
    """The exercises of these names that fit, then the user's own if so; first all of the direction that is set."""
    known = library()
    if own:
        ours = {exercise.id for exercise in packaged()}
        names = (*names, *(exercise.id for exercise in known if exercise.id not in ours))
    fit = [exercise for exercise in fitting(known, limits) if exercise.position in positions]
    directed = [exercise for exercise in fit if _directed(exercise, limits)]
    named = {exercise.id: exercise for exercise in fit}
    return directed + [named[name] for name in names if name in named and named[name] not in directed]


def _directed(exercise: Exercise, limits: Limits) -> bool:
    return limits.bias in DIRECTIONS and limits.bias in exercise.bias
