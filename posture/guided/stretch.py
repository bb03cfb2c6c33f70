"""Choosing an exercise for a user: what fits now, what is left out and why, which side first, and how long."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from posture.coach.asymmetry import Finding
from posture.coach.choose import Limits, limits_of, next_stretch
from posture.coach.exercise import GROUPS, Exercise, Side, other_side
from posture.coach.exercises import library, typed_exercise
from posture.coach.own import own
from posture.coach.plan import dose_at
from posture.coach.safety import left_out
from posture.errors import PostureError
from posture.guided.direction_check import ExercisesOffError
from posture.guided.pain_log import plain_word
from posture.guided.stored import stored_records
from posture.history.care import Care, care_of, leaning
from posture.history.planned import dose_levels
from posture.language import tr
from posture.settings import CUES, Settings

if TYPE_CHECKING:
    from posture.coach.hold import HoldPlan

Sides = Literal["both", "left", "right"]
SHORTEST_MIN, LONGEST_MIN = 0.02, 30.0


@dataclass(frozen=True)
class Wish:
    """What a user has asked for."""

    exercise: str = ""
    """Its id, or as people type its name; empty for what fits now."""
    side: Sides = "both"
    minutes: float | None = None
    """How long in all, without the changes; None for a usual dose."""
    camera: bool = True
    """Have it checked by the camera where one can."""
    source: str = ""
    """A camera or a video in place of the setting."""
    store: bool = True
    anyway: bool = False
    """Also if it is left out by `coach.clearance`: a clinician has agreed."""
    cues: str = ""
    """What is heard, in place of the setting `coach.cues`."""


_FLAGS = {"no-camera": "camera", "no-store": "store", "anyway": "anyway"}
"""Words of a wish that turn something over, and what they turn over."""


def wish_text(wish: Wish) -> str:
    """Write a wish as one line, as in ``ql_stand:side=left:no-store``: how one process hands it to another."""
    plain, parts = Wish(), [wish.exercise]
    parts += [word for word, name in _FLAGS.items() if getattr(wish, name) != getattr(plain, name)]
    parts += [f"side={wish.side}"] if wish.side != plain.side else []
    parts += [f"minutes={wish.minutes:g}"] if wish.minutes is not None else []
    parts += [f"cues={wish.cues}"] if wish.cues else []
    parts += [f"source={wish.source}"] if wish.source else []  # the last: it may have colons of its own
    return ":".join(parts)


def wish_of(text: str) -> Wish:
    """Read what `wish_text` has written; what is not understood is passed over."""
    rest, _, source = text.partition(":source=")
    name, *words = rest.split(":")
    wish = Wish(name, source=source)
    for word in words:
        key, _, value = word.partition("=")
        if word in _FLAGS:
            wish = replace(wish, **{_FLAGS[word]: not getattr(Wish(), _FLAGS[word])})  # type: ignore[arg-type]
        elif key == "side" and value in ("left", "right"):
            wish = replace(wish, side=value)  # type: ignore[arg-type]
        elif key == "cues" and value in CUES:
            wish = replace(wish, cues=value)
        elif key == "minutes":
            with suppress(ValueError):
                wish = replace(wish, minutes=float(value))
    return wish


@dataclass(frozen=True)
class Known:
    """What is known of the user that the choice goes by."""

    settings: Settings
    care: Care
    limits: Limits
    finding: Finding | None
    """What the days of leaning have shown."""
    now: datetime

    @property
    def leant(self) -> Side | None:
        """The side that goes first and gets one more, where the setting leaves the choice."""
        return self.finding.side if self.finding is not None and self.settings.coach.first_side == "auto" else None


@dataclass(frozen=True)
class Chosen:
    """An exercise, and how it is done."""

    exercise: Exercise
    """With the dose that is due."""
    sides: tuple[Side, ...]
    plan: HoldPlan
    seen: bool
    """Whether the camera checks it."""
    source: str
    """Where it looks; empty where no camera checks."""
    finding: str = ""
    """What was found that this side goes first for, as a sentence."""
    hurting: tuple[str, ...] = ()
    """What hurts by the log and would leave it out."""
    wish: Wish = Wish()

    @property
    def hurts(self) -> str:
        """What the log says against it, as a sentence; empty if nothing."""
        if not self.hurting:
            return ""
        return tr(
            "By your log this hurts: {what}. Stop if it does; plans and reminders leave it out.",
            what=", ".join(plain_word(each) for each in self.hurting),
        )


@dataclass(frozen=True)
class Offered:
    """An exercise in the list of all."""

    exercise: Exercise
    why_not: str = ""
    """Why it is left out for this user, as a sentence; empty if it fits."""


def known_of(settings: Settings, now: datetime) -> Known:
    """Read what is known of the user at `now`, aware UTC. A PostureError says that exercises are off, and why."""
    with stored_records(settings) as reader:
        care, finding = care_of(reader, now), leaning(reader, now)
    if care.suspended:
        raise ExercisesOffError(emergency=care.emergency)
    return Known(settings, care, limits_of(settings.coach, care.hurts(now)), finding, now)


def fits_now(known: Known) -> Exercise:
    """Choose what a stretch now would be."""
    return next_stretch(known.care.ago_s(known.now), known.limits, known.leant)


def offered(known: Known) -> dict[str, list[Offered]]:
    """Give all exercises by the muscles that they are for, and the user's own under "yours"."""
    mine = {exercise.id for exercise in own().exercises}
    found: dict[str, list[Offered]] = {group: [] for group in (*GROUPS, "yours")}
    for exercise in library():
        place = "yours" if exercise.id in mine else exercise.group
        found[place].append(Offered(exercise, why_not(exercise, known)))
    return {name: each for name, each in found.items() if each}


def why_not(exercise: Exercise, known: Known) -> str:
    """Say why plans and reminders leave an exercise out for this user; empty if they do not."""
    limits = known.limits
    if limits.allow(exercise):
        return ""
    if left := left_out(exercise.name, exercise.unless, known.settings.coach.conditions):
        return left
    if hurting := limits.hurting(exercise):
        return tr(
            "Left out while this hurts by your log: {what}.", what=", ".join(plain_word(each) for each in hurting)
        )
    return tr("Left out since you have set which way exercises move your back (coach.bias {bias}).", bias=limits.bias)


def clearance_needed(exercise: Exercise, known: Known) -> str:
    """Say what a clinician has to clear before this exercise; empty if nothing."""
    return left_out(exercise.name, exercise.unless, known.settings.coach.conditions)


def choose(wish: Wish, known: Known) -> Chosen:
    """Make of a wish an exercise with sides and a plan.

    A PostureError says what is wrong with the wish, or that a clinician is to be asked first.
    """
    from posture.coach.hold import plan_for

    if wish.minutes is not None and not SHORTEST_MIN <= wish.minutes <= LONGEST_MIN:
        raise PostureError(tr("--minutes {minutes:g} is not between 0.02 and 30.", minutes=wish.minutes), 2)
    exercise = typed_exercise(wish.exercise) if wish.exercise else fits_now(known)
    exercise = replace(exercise, dose=dose_at(exercise, dose_levels(known.care, known.now).get(exercise.id, 0)))
    left = clearance_needed(exercise, known)
    if left and not wish.anyway:
        raise PostureError(
            tr("{why} If one has agreed: posture stretch {exercise} --anyway.", why=left, exercise=exercise.id)
        )
    leant = known.leant if exercise.target == "QL" else None
    set_side = known.settings.coach.first_side
    first: Side = "left" if set_side == "left" else "right" if set_side == "right" else leant or "left"
    sides: tuple[Side, ...] = (first, other_side(first))
    if wish.side != "both" and exercise.sides == "each":
        sides, leant = (wish.side,), None
    seen = exercise.camera.check is not None and wish.camera
    plan = plan_for(
        exercise,
        sides,
        None if wish.minutes is None else wish.minutes * 60.0,
        seen=seen,
        own_most=known.care.own_most() if exercise.camera.check == "side_bend" else None,
        extra=leant,
    )
    return Chosen(
        exercise,
        sides,
        plan,
        seen,
        (wish.source or known.settings.camera.source) if seen else "",
        known.finding.sentence if leant and known.finding is not None else "",
        tuple(known.limits.hurting(exercise)),
        wish,
    )
