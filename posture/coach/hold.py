"""Guide a hold: `advance(state, look, plan) -> (state, events)`. Pure.

The clock of a side runs only while that side is in its band. The side is the one that the camera sees, never the one
that was asked for. Only time counts: how deep a stretch goes is not stored.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from posture.coach.checks import CheckedLook
from posture.coach.exercise import Band, Exercise, Side

Worked = Literal["left", "right", "both"]

BRIDGE_S = 0.6
"""Two looks inside the band that are no further apart belong together, so that one failed look is bridged [design]."""
PAUSE_AFTER_S = 1.0
"""Being out of the picture for longer than this is a pause [design choice]."""
SLACK_DEG = 2.0
"""A hold that has begun ends this far outside the band, so that a tremor at its edge is one hold [design choice]."""
OWN_PART = 0.6
"""A hold counts from this part of the user's own comfortable maximum on (evidence, section 3)."""
LOWEST_DEG = 8.0
"""A band never begins lower: the camera's error is 5 to 10 degrees (evidence, section 6) [design choice]."""
REP_S = 0.3
"""A swing that stays in its band this long is a repetition [design choice]."""


@dataclass(frozen=True)
class HoldPlan:
    """What to do."""

    target: Mapping[Worked, float]
    """Seconds or repetitions on each side; the first side is asked for first."""
    bands: Mapping[Worked, Band] = field(default_factory=dict)
    """The measure passes within these; empty if the exercise is only timed."""
    hold_s: float = 20.0
    least_s: float = 15.0
    """Length of one hold, and the length after which the other side may be asked for."""
    counts: Literal["seconds", "reps"] = "seconds"
    slack: float = SLACK_DEG
    """As `SLACK_DEG`, in the unit of the band."""


@dataclass(frozen=True)
class HoldState:
    """What has been done so far."""

    asked: Worked | None = None
    """The side to do next."""
    inside: Worked | None = None
    """The side whose clock runs."""
    hold_s: float = 0.0
    """Length of the hold that is going on."""
    held_s: Mapping[Worked, float] = field(default_factory=dict)
    """Seconds held in all."""
    longest_s: Mapping[Worked, float] = field(default_factory=dict)
    """The longest hold."""
    done: Mapping[Worked, float] = field(default_factory=dict)
    """Seconds or repetitions that count toward the target."""
    ended_s: Mapping[Worked, float] = field(default_factory=dict)
    """When each side was in the band last."""
    last_s: float | None = None
    seen_s: float | None = None
    """When a side was last in its band, and when the person was last seen."""
    paused: bool = False
    finished: bool = False


@dataclass(frozen=True)
class Entered:
    """A side is in its band: its clock starts."""

    t_s: float
    side: Worked


@dataclass(frozen=True)
class Left:
    """A side has left its band after `hold_s` seconds; `says` is what to change."""

    t_s: float
    side: Worked
    hold_s: float
    says: str


@dataclass(frozen=True)
class HoldDone:
    """A hold or repetition is complete."""

    t_s: float
    side: Worked
    hold_s: float


@dataclass(frozen=True)
class SideDone:
    """A side has reached its target."""

    t_s: float
    side: Worked


@dataclass(frozen=True)
class Paused:
    """The person has left the picture."""

    t_s: float
    says: str


@dataclass(frozen=True)
class Resumed:
    """The person is back."""

    t_s: float


@dataclass(frozen=True)
class Finished:
    """All sides have reached their targets."""

    t_s: float


Event = Entered | Left | HoldDone | SideDone | Paused | Resumed | Finished


def band_for(band: Band, own_most: float | None) -> Band:
    """Adapt a pass band in degrees to the user's own comfortable maximum, known from a self-check or None.

    It begins at 60 % of that maximum where this is lower than the band's own beginning, but never higher.
    """
    if own_most is None:
        return band
    return max(LOWEST_DEG, min(band[0], OWN_PART * own_most)), band[1]


def plan_for(
    exercise: Exercise,
    sides: tuple[Side, ...],
    seconds: float,
    *,
    seen: bool,
    own_most: Mapping[Side, float] | None = None,
    extra: Side | None = None,
) -> HoldPlan:
    """Plan one exercise.

    Parameters
    ----------
    sides : tuple of {"left", "right"}
        The sides to do, in this order.
    seconds : float
        Time to hold, all sides together.
    seen : bool
        A camera checks it; otherwise it is only timed.
    own_most : mapping of side to float, optional
        The user's comfortable maximum when lengthening that side, degrees.
    extra : {"left", "right"} or None
        A side that gets one repetition more (evidence, section 4).
    """
    camera, dose = exercise.camera, exercise.dose
    check = camera.check if seen else None
    # The dose of a turn is for both sides together, but the camera sees it to each side.
    worked: tuple[Worked, ...] = sides if exercise.sides == "each" or check == "turn" else ("both",)
    hold_s = min(dose.least_s if dose.form == "reps" else dose.hold_s[1], seconds / len(worked))
    counts: Literal["seconds", "reps"] = "reps" if check and dose.form == "reps" else "seconds"
    each = float(dose.reps[0]) if counts == "reps" and dose.reps else seconds / len(worked)
    more = 1.0 if counts == "reps" else hold_s
    bands: dict[Worked, Band] = {}
    if check and camera.band:
        for side in sides:
            own = (own_most or {}).get(side) if camera.unit == "deg" and check != "hip_swing" else None
            bands[side] = band_for(camera.band, own)
    return HoldPlan(
        target={side: each + (more if side == extra else 0.0) for side in worked},
        bands=bands,
        hold_s=hold_s,
        least_s=hold_s if dose.form == "reps" else min(dose.hold_s[0], hold_s),
        counts=counts,
        slack=SLACK_DEG if camera.unit == "deg" else 0.05,
    )


def advance(state: HoldState, look: CheckedLook, plan: HoldPlan) -> tuple[HoldState, list[Event]]:
    """Take one look, and return what has happened at it, in order; times never go back. Begin with a fresh state."""
    if state.finished:
        return state, []
    events: list[Event] = []
    t_s = look.t_s
    state = replace(state, asked=_asked(state, plan))
    if look.seen:
        if state.paused:
            events.append(Resumed(t_s))
        state = replace(state, seen_s=t_s, paused=False)
    elif not state.paused and (state.seen_s is None or t_s - state.seen_s > PAUSE_AFTER_S) and look.settle_s <= 0:
        events.append(Paused(t_s, look.says))
        state = replace(state, paused=True)
    side = _inside(state, look, plan)
    gap_s = t_s - state.last_s if state.last_s is not None else math.inf
    if side is None and not look.seen and gap_s <= BRIDGE_S:
        return state, events
    if state.inside is not None and (side != state.inside or gap_s > BRIDGE_S):
        events.append(Left(t_s, state.inside, state.hold_s, hint(state, look, plan)))
        state = replace(state, inside=None, hold_s=0.0)
    if side is None:
        return state, events
    if state.inside is None:
        events.append(Entered(t_s, side))
        state = replace(state, inside=side, last_s=t_s)
    else:
        state = _credited(state, side, t_s, gap_s, plan, events)
    if all(state.done.get(side, 0.0) >= target for side, target in plan.target.items()):
        events.append(Finished(t_s))
        state = replace(state, finished=True)
    return state, events


def _credited(
    state: HoldState, side: Worked, t_s: float, gap_s: float, plan: HoldPlan, events: list[Event]
) -> HoldState:
    hold_s = state.hold_s + gap_s
    complete_s = REP_S if plan.counts == "reps" else plan.hold_s
    completed = state.hold_s < complete_s <= hold_s
    gained = gap_s if plan.counts == "seconds" else float(completed)
    done, target = state.done.get(side, 0.0), plan.target[side]
    if completed:
        events.append(HoldDone(t_s, side, hold_s))
    if done < target <= done + gained:
        events.append(SideDone(t_s, side))
    state = replace(
        state,
        hold_s=hold_s,
        held_s={**state.held_s, side: state.held_s.get(side, 0.0) + gap_s},
        longest_s={**state.longest_s, side: max(state.longest_s.get(side, 0.0), hold_s)},
        done={**state.done, side: done + gained},
        ended_s={**state.ended_s, side: t_s},
        last_s=t_s,
    )
    return replace(state, asked=_asked(state, plan))


def hint(state: HoldState, look: CheckedLook, plan: HoldPlan) -> str:
    """What to change now, as a sentence; empty inside the band."""
    if look.settle_s > 0 or not look.seen:
        return look.says
    if _inside(state, look, plan) is not None:
        return ""
    asked: Worked = next(iter(plan.target)) if state.asked is None else state.asked
    if asked in plan.bands and look.value is not None and look.value < plan.bands[asked][0] / 2.0:
        return f"Now the {asked} side."
    if not look.ready:
        return look.says
    if look.side is not None and plan.bands and look.side not in plan.bands:
        return f"That is the other side: today it is the {asked} one."
    if look.side is None or look.side not in plan.bands or look.value is None:
        return f"Begin with the {asked} side." if asked != "both" else "Begin."
    if look.value > plan.bands[look.side][1]:
        return "Ease off a little."
    return "A little further, only as far as is comfortable."


def timed_look(state: HoldState, t_s: float, plan: HoldPlan) -> CheckedLook:
    """Make the look of an exercise that no camera checks: the side that was asked for is being done."""
    asked = _asked(state, plan)
    return CheckedLook(t_s, True, side=None if asked in (None, "both") else asked)  # type: ignore[arg-type]


def _inside(state: HoldState, look: CheckedLook, plan: HoldPlan) -> Worked | None:
    """The side whose clock runs at this look; None if none does."""
    if not look.seen or look.settle_s > 0 or not look.ready:
        return None
    if not plan.bands:
        side: Worked = look.side or "both"
        return side if side in plan.target else None
    if look.side is None or look.value is None or look.side not in plan.target:
        return None
    low, high = plan.bands[look.side]
    slack = plan.slack if state.inside == look.side else 0.0
    return look.side if low - slack <= look.value <= high + slack else None


def _asked(state: HoldState, plan: HoldPlan) -> Worked | None:
    """The side being done, or else the one with the fewest complete holds; None once all have reached their targets."""
    open_ = [side for side, target in plan.target.items() if state.done.get(side, 0.0) < target]
    if state.inside in open_ and state.hold_s < plan.hold_s:
        return state.inside
    # Complete holds are compared, so that a side that has just begun is not left for the other.
    unit = 1.0 if plan.counts == "reps" else max(plan.least_s, 1.0)
    return min(open_, key=lambda side: (state.done.get(side, 0.0) + 0.01) // unit, default=None)
