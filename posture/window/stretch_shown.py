"""What the page Stretch shows, as texts: of an exercise in the list, while it is done, and of what was done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posture.coach.done import answering
from posture.coach.told import counted, done_words
from posture.guided.gauge import band_shown, gauge_top, number
from posture.language import mark, sentence_start, tr, trn

if TYPE_CHECKING:
    from posture.coach.exercise import Exercise
    from posture.coach.hold import Worked
    from posture.guided.lead import Lead
    from posture.history.records import Point

SIDE_NAMES = {"left": mark("Left"), "right": mark("Right"), "both": mark("Both sides")}
# Translators: where an exercise is done, as at the beginning of "Standing, 30 s, 2 times a side".
WHERE = {
    "desk": mark("at the desk"),
    "standing": mark("standing"),
    "floor": mark("on the floor"),
    "any": mark("anywhere"),
}


@dataclass(frozen=True)
class Large:
    """What is read from two metres: a number, and what it is."""

    value: str
    below: str


@dataclass(frozen=True)
class SideShown:
    """How far a side is."""

    text: str
    part: float
    """Of its target, 0 to 1."""
    active: bool = False
    """Its clock runs."""
    asked: bool = False
    """It is to be done next, while no clock runs."""


@dataclass(frozen=True)
class GaugeShown:
    """The measure and its pass band, as parts of the gauge."""

    low: float
    high: float
    at: float | None
    """None where nothing is measured."""
    text: str
    inside: bool


def large(lead: Lead) -> Large:
    """The number to show in large type."""
    state, plan, look = lead.state, lead.plan, lead.look
    if state.finished:
        return Large("✓", tr("done"))
    if look is None:
        return Large("", tr("Get ready"))
    if look.settle_s > 0 and look.seen:
        return Large(f"{math.ceil(look.settle_s)}", tr("until it begins"))
    now = state.inside or state.asked
    side: Worked = next(iter(plan.target)) if now is None else now
    done, target = state.done.get(side, 0.0), plan.target[side]
    match plan.form:
        case "reps":
            # Translators: below a large number, such as 3: of 5 repetitions.
            return Large(f"{done:.0f}", tr("of {count}", count=f"{target:.0f}"))
        case "walk":
            left_s = math.ceil(max(0.0, target - done))
            return Large(f"{left_s // 60}:{left_s % 60:02}", tr("left to walk"))
        case _:
            hold_s = state.hold_s if state.inside is not None else 0.0
            left_s = math.ceil(max(0.0, min(plan.hold_s - hold_s, target - done)))
            if state.inside is None:
                return Large(f"{left_s}", trn("second to hold", "seconds to hold", left_s))
            if left_s == 0:  # it goes on, as long as is comfortable
                return Large(f"{hold_s:.0f}", trn("second held", "seconds held", round(hold_s)))
            return Large(f"{left_s}", trn("second left", "seconds left", left_s))


def sides(lead: Lead) -> list[SideShown]:
    """How far each side is, in the order in which they are done."""
    found = []
    for side, target in lead.plan.target.items():
        done = lead.state.done.get(side, 0.0)
        what = counted(lead.state, lead.plan, side)
        text = f"{tr(SIDE_NAMES[side])}: {what if side not in lead.skipped else tr('skipped')}"
        part = min(1.0, done / target) if target else 1.0
        state = lead.state
        asked = state.asked == side and state.inside is None and not state.finished
        found.append(SideShown(text, part, state.inside == side, asked))
    return found


def sides_done(lead: Lead) -> list[SideShown]:
    """The same once it is over."""
    return [SideShown(side.text, side.part) for side in sides(lead)]


def gauge(lead: Lead) -> GaugeShown | None:
    """The gauge; None where no camera checks."""
    if not lead.plan.bands:
        return None
    low, high = band_shown(lead)
    top = gauge_top(high)
    value = lead.look.value if lead.look is not None else None
    wanted_low, wanted_high = number(low, lead.exercise), number(high, lead.exercise)
    text = (
        tr("wanted: {low} to {high}", low=wanted_low, high=wanted_high)
        if value is None
        else tr(
            "now {now}, wanted: {low} to {high}", now=number(value, lead.exercise), low=wanted_low, high=wanted_high
        )
    )
    at = None if value is None else min(1.0, max(0.0, value / top))
    return GaugeShown(low / top, high / top, at, text, lead.state.inside is not None)


def heard(lead: Lead) -> str:
    """The state in words, for a screen reader."""
    big = large(lead)
    return ". ".join(part for part in (lead.message.rstrip("."), f"{big.value} {big.below}".strip()) if part)


def dose_line(exercise: Exercise) -> str:
    """Where and how long, such as "standing, 30 s, 2 times a side"."""
    dose = exercise.dose.words
    where = sentence_start(tr(WHERE[exercise.position]))
    if exercise.sides == "each":
        return tr("{where}, {dose} a side", where=where, dose=dose)
    return f"{where}, {dose}"


def result(lead: Lead) -> str:
    """What was done, and praise where it was a whole dose."""
    if lead.seen is None:
        return done_words(lead.exercise, lead.done, lead.plan, verified=lead.verified)
    seen_s = sum(lead.seen.held_s.values())
    said = done_words(lead.exercise, lead.done, lead.plan, verified=False)
    if seen_s < 1.0:
        return said
    seen = tr("The camera has seen {seconds} s of it; the rest went by the clock.", seconds=f"{seen_s:.0f}")
    return f"{said} {seen}"


def answers(points: Sequence[Point]) -> bool:
    """Whether what was done is the answer to a reminder that asked for it."""
    return bool(answering(points))


def plan_line(done: int, planned: int) -> str:
    """How far the plan of today is."""
    if not planned:
        return ""
    if done >= planned:
        return tr("Your plan for today is done.")
    return tr("Your plan for today: {done} of {planned} done.", done=done, planned=planned)
