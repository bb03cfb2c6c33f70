"""Which exercise fits now. Pure: the library, what was done when, and the bias decide; no chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posture.coach.exercises import Exercise, Side, library

__all__ = ["fitting", "next_stand", "next_stretch"]

STRETCHES = ("ql_stand", "ql_seat", "hf_split", "thor_rot", "piri_seat", "hip_rot")
"""What a stretch reminder may name: what needs no floor; in this order where nothing else decides [design choice]."""
STANDS = ("walk", "ql_stand", "hf_split")
"""A stand reminder takes these in turn [design choice]."""
QL_WEIGHT = 2.0
"""The side stretches come round twice as often as the others: they are what this program is for [design choice]."""


def fitting(
    exercises: Sequence[Exercise],
    *,
    bias: str = "any",
    target: str | None = None,
    positions: Sequence[str] = (),
    within_s: float | None = None,
) -> list[Exercise]:
    """Those that fit, in their order.

    Parameters
    ----------
    exercises : sequence of Exercise
    bias : {"any", "neutral", "flexion", "extension"}
        A direction that was taken leaves out what moves the other way; neutral leaves out both.
    target : str, optional
        Part of the name of the region.
    positions : sequence of str
        Where they are done; all when empty. What can be done anywhere always fits.
    within_s : float, optional
        The smallest dose takes no longer than this.
    """
    return [
        one
        for one in exercises
        if (bias == "any" or "neutral" in one.bias or bias in one.bias)
        and (target is None or target.lower() in one.target.lower())
        and (not positions or one.position in (*positions, "any"))
        and (within_s is None or one.least_s <= within_s)
    ]


def next_stretch(ago_s: Mapping[str, float], bias: str = "any", side: Side | None = None) -> Exercise:
    """The stretch that a reminder names, at a desk.

    Parameters
    ----------
    ago_s : mapping of id to float
        Seconds since each was done or named last; what is missing never was.
    bias : str
        `coach.bias`.
    side : {"left", "right"} or None
        The side that the asymmetry rule names: then it is a side stretch.

    Returns
    -------
    Exercise
        The one that was not done for longest; the first of `STRETCHES` among equals.
    """
    known = {one.id: one for one in fitting(library(), bias=bias)}
    names = [name for name in STRETCHES if name in known and (side is None or known[name].target == "QL")]

    def waiting(name: str) -> float:
        return ago_s.get(name, float("inf")) * (QL_WEIGHT if known[name].target == "QL" else 1.0)

    return known[max(names, key=waiting)]


def next_stand(turn: int, bias: str = "any") -> Exercise:
    """What a stand reminder names at its `turn`-th time: walking, a side-bend, a hip-flexor stretch, and again."""
    known = {one.id: one for one in fitting(library(), bias=bias)}
    names = [name for name in STANDS if name in known]
    return known[names[turn % len(names)]]
