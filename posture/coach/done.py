"""How much of an exercise was done, from what a record of it says: in the unit of its form, and as an answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from posture.coach.exercise import Exercise
from posture.coach.exercises import find_exercise
from posture.errors import PostureError

ANSWERING_PART = 0.5
"""A part of what a reminder asks for that counts as an answer: one side, or most of a short hold [design choice]."""
BREATH_S = 6.0
"""What a repetition that returns at once was taken to last before repetitions were kept [design choice]."""


class Record(Protocol):
    """A record of an exercise, such as `posture.history.records.Point`."""

    @property
    def label(self) -> str:
        """The id of the exercise."""

    @property
    def detail(self) -> Mapping[str, object]:
        """What was done, see docs/history.md."""


def amount_done(hold: Record) -> float:
    """How much a record says was done: repetitions where its exercise is repeated, otherwise seconds.

    Records from before repetitions were kept have seconds alone: those of the holds, or of the breath that each took.
    """
    reps, seconds = hold.detail.get("reps"), hold.detail.get("hold_s")
    if isinstance(reps, int | float):
        return float(reps)
    done_s = float(seconds) if isinstance(seconds, int | float) else 0.0
    exercise = _known(hold.label)
    if exercise is None or exercise.dose.form != "reps":
        return done_s
    return done_s / (exercise.dose.hold_s[0] or BREATH_S)


def answering(holds: Iterable[Record]) -> set[str]:
    """Exercises of which enough was done to answer a reminder: half of what its sentence asks for, all sides together.

    One that this release does not know was done.
    """
    took_s: dict[str, float] = {}
    for hold in holds:
        exercise = _known(hold.label)
        each_s = (exercise.dose.rep_s if exercise is not None else 0.0) or 1.0
        took_s[hold.label] = took_s.get(hold.label, 0.0) + amount_done(hold) * each_s
    return {name for name, seconds in took_s.items() if seconds >= ANSWERING_PART * _asks_s(name)}


def _asks_s(name: str) -> float:
    exercise = _known(name)
    return exercise.asks_s if exercise is not None else 0.0


def _known(name: str) -> Exercise | None:
    """None for an exercise that is there no more, or in another release."""
    try:
        return find_exercise(name)
    except PostureError:
        return None
