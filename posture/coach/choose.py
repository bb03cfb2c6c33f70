"""Choose the exercise that a reminder names, from the library, what was done when, and the bias. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from posture.coach.exercises import Exercise, Side, library

STRETCHES = ("ql_stand", "ql_seat", "hf_split", "thor_rot", "piri_seat", "hip_rot")
"""What a stretch reminder may name: nothing that needs the floor. Ties go to the first [design choice]."""
STANDS = ("walk", "ql_stand", "hf_split")
"""Stand reminders name these in turn [design choice]."""
QL_WEIGHT = 2.0
"""Side stretches come up twice as often as the others: they are the purpose of this program [design choice]."""


def fitting(
    exercises: Sequence[Exercise],
    *,
    bias: str = "any",
    target: str | None = None,
    positions: Sequence[str] = (),
    within_s: float | None = None,
) -> list[Exercise]:
    """Select the exercises that fit, in the order given.

    Parameters
    ----------
    bias : {"any", "neutral", "flexion", "extension"}
        A direction leaves out what moves the back the other way; neutral leaves out both directions.
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
        if (bias == "any" or "neutral" in exercise.bias or bias in exercise.bias)
        and (target is None or target.lower() in exercise.target.lower())
        and (not positions or exercise.position in (*positions, "any"))
        and (within_s is None or exercise.least_s <= within_s)
    ]


def next_stretch(
    ago_s: Mapping[str, float], bias: str = "any", side: Side | None = None, *, standing: bool = False
) -> Exercise:
    """Choose the stretch that a reminder names, one that can be done at a desk.

    Parameters
    ----------
    ago_s : mapping of id to float
        Seconds since each was done or named last; one that is missing never was.
    bias : str
        `coach.bias`.
    side : {"left", "right"} or None
        The side that the asymmetry rule names; then only side stretches are considered.
    standing : bool
        Only those that are done standing.

    Returns
    -------
    Exercise
        The one that was not done for longest.
    """
    known = {exercise.id: exercise for exercise in fitting(library(), bias=bias)}
    names = [
        name
        for name in STRETCHES
        if name in known
        and (side is None or known[name].target == "QL")
        and (not standing or known[name].position == "standing")
    ]

    def waiting(name: str) -> float:
        return ago_s.get(name, math.inf) * (QL_WEIGHT if known[name].target == "QL" else 1.0)

    return known[max(names, key=waiting)]


def next_stand(turn: int, bias: str = "any") -> Exercise:
    """Choose what the `turn`-th stand reminder names: walking, a side-bend and a hip-flexor stretch, in turn."""
    known = {exercise.id: exercise for exercise in fitting(library(), bias=bias)}
    names = [name for name in STANDS if name in known]
    return known[names[turn % len(names)]]
