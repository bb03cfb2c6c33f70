"""Self-checks: the best of three to each side. Pure. The camera errs by 5 to 10 degrees: a trend, never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

__all__ = ["ATTEMPTS", "CAMERA_ERROR", "CHECKS", "Kind", "SelfCheck", "State", "Tried", "advance", "finished", "note"]

Kind = Literal["hip-rotation", "hip-extension", "side-bend"]

ATTEMPTS = 3
"""Evidence, section 6."""
CAMERA_ERROR = "The camera errs by 5 to 10 degrees: look at the trend over weeks, not at one number."
HELD_S = 1.0
"""An attempt counts for what was kept this long, so that a jerk does not [design choice]."""
BEGIN_DEG, END_DEG = 10.0, 6.0
"""Where an attempt begins and ends [design choice]: above and below the camera's error."""
LONGEST_GAP_S = 0.6


@dataclass(frozen=True)
class SelfCheck:
    """What a self-check asks.

    Attributes
    ----------
    kind : str
    ways : tuple of str
        What is measured, each with three attempts.
    steps : tuple of str
    usual : str
        What is usual, as the evidence gives it.
    begin_deg, end_deg : float
        Where an attempt begins and ends.
    """

    kind: Kind
    ways: tuple[str, ...]
    steps: tuple[str, ...]
    usual: str
    begin_deg: float = BEGIN_DEG
    end_deg: float = END_DEG


CHECKS: Mapping[str, SelfCheck] = {
    "side-bend": SelfCheck(
        "side-bend",
        ("left", "right"),
        (
            "Stand facing the camera, hips in the picture, feet hip-wide.",
            "Bend to one side as far as is comfortable and stay for two seconds.",
            "Come upright between two bends; three to each side.",
        ),
        "20 to 45 degrees is common; a difference of more than 20 % is worth watching.",
    ),
    "hip-rotation": SelfCheck(
        "hip-rotation",
        ("left_in", "left_out", "right_in", "right_out"),
        (
            "Sit facing the camera, knees and feet in the picture.",
            "Keep the thigh still and swing one foot out, stay for two seconds, then in.",
            "Three each way with each leg.",
        ),
        "All four are usually about equal; a difference of more than 10 degrees on two days is worth watching.",
    ),
    "hip-extension": SelfCheck(
        "hip-extension",
        ("left", "right"),
        (
            "Stand side-on to the camera, a hand on a chair.",
            "Bring the leg nearer to the camera straight back and stay for two seconds, the trunk still.",
            "Three times, then turn around for the other leg.",
        ),
        "10 to 20 degrees is common; it does not count while the trunk moves more than 5 degrees.",
        begin_deg=5.0,
        end_deg=3.0,
    ),
}


@dataclass(frozen=True)
class State:
    """What was tried so far.

    Attributes
    ----------
    best : mapping of way to float
        Degrees.
    tries : mapping of way to int
    way : str or None
        The attempt going on, and what was seen of it: (time, degrees).
    """

    best: Mapping[str, float] = field(default_factory=dict)
    tries: Mapping[str, int] = field(default_factory=dict)
    way: str | None = None
    seen: tuple[tuple[float, float], ...] = ()
    kept_deg: float = 0.0


@dataclass(frozen=True)
class Tried:
    """An attempt is over: which way, what was kept for a second, and its number."""

    t_s: float
    way: str
    deg: float
    number: int


def advance(
    state: State, check: SelfCheck, t_s: float, angles: Mapping[str, float] | None
) -> tuple[State, list[Tried]]:
    """Take one look.

    Parameters
    ----------
    state : State
    check : SelfCheck
    t_s : float
    angles : mapping of way to float, or None
        Degrees each way; None where the person is not seen well enough.

    Returns
    -------
    State
    list of Tried
        An attempt that has just ended.
    """
    if angles is None:
        return state, []
    if state.way is None:
        way = max(check.ways, key=lambda one: angles.get(one, 0.0))
        if angles.get(way, 0.0) < check.begin_deg:
            return state, []
        state = replace(state, way=way, seen=(), kept_deg=0.0)
    way = state.way or ""
    deg = angles.get(way, 0.0)
    if deg >= check.end_deg:
        seen = (*state.seen, (t_s, deg))
        if len(seen) > 1 and seen[-1][0] - seen[-2][0] > LONGEST_GAP_S:
            seen = seen[-1:]
        while len(seen) > 1 and t_s - seen[1][0] >= HELD_S:
            seen = seen[1:]
        kept = min(value for _, value in seen) if t_s - seen[0][0] >= HELD_S else 0.0
        return replace(state, seen=seen, kept_deg=max(state.kept_deg, kept)), []
    if state.kept_deg < check.begin_deg:
        return replace(state, way=None, seen=()), []
    number = state.tries.get(way, 0) + 1
    tried = Tried(t_s, way, state.kept_deg, number)
    best = {**state.best, way: max(state.best.get(way, 0.0), state.kept_deg)}
    return replace(state, best=best, tries={**state.tries, way: number}, way=None, seen=()), [tried]


def finished(state: State, check: SelfCheck) -> bool:
    """Whether every way has had its three."""
    return all(state.tries.get(way, 0) >= ATTEMPTS for way in check.ways)


def note(kind: Kind, results: list[Mapping[str, float]]) -> str:
    """What is worth a sentence in the results of several days, newest last; empty when nothing is.

    Parameters
    ----------
    kind : str
    results : list of mapping of way to float
        Degrees of the best attempts, one mapping a day.
    """
    if not results:
        return ""
    last = results[-1]
    if kind == "side-bend" and {"left", "right"} <= set(last):
        left, right = last["left"], last["right"]
        if max(left, right) > 0 and abs(left - right) / max(left, right) > 0.2:
            return f"Left and right differed by {abs(left - right):.0f} degrees: watch how it goes over the weeks."
    if kind == "hip-rotation" and len(results) >= 2:
        for way in ("in", "out"):
            pairs = [(one.get(f"left_{way}"), one.get(f"right_{way}")) for one in results[-2:]]
            apart = [a - b for a, b in pairs if a is not None and b is not None]
            if len(apart) == 2 and (min(apart) > 10 or max(apart) < -10):
                return f"Swinging {way}, left and right differed by more than 10 degrees on two days: watch the trend."
    return ""
