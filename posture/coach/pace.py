"""The pace of what no camera checks: a countdown, the movements of each repetition, rests, and time to change. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posture.coach.checks import SETTLE_S, CheckedLook
from posture.coach.exercise import BOTH_SIDES, Move, Side, other_side
from posture.coach.hold import HoldPlan, HoldState, Worked, timed_look
from posture.language import mark, tr

CHANGE_S = 4.0
"""Time to change sides [design choice]."""
REST_S = 20.0
"""Rest between two sets of repetitions [design choice]."""


@dataclass(frozen=True)
class Beat:
    """What is to be done at a moment of a repetition."""

    says: str
    left_s: float
    """Seconds until the next beat."""
    rep: int
    """The number of the repetition on this side, from 1."""
    place: int
    """Which beat of the repetition it is, from 0; the hold counts as one."""


@dataclass(frozen=True)
class Clock:
    """Stands in for the camera: the state of `timed`."""

    begin_s: float = 0.0
    """Until then it is a countdown or a rest."""
    says: str = ""
    side: Worked | None = None
    sets: int = 0
    """The side that was asked for, and how many sets of it were done, at the look before."""


def timed(clock: Clock, state: HoldState, t_s: float, plan: HoldPlan) -> tuple[Clock, CheckedLook]:
    """Make the look of an exercise that no camera checks; `t_s` counts from 0."""
    look = timed_look(state, t_s, plan)
    side: Worked = look.side or "both"
    sets = int(state.done.get(side, 0.0) // plan.set_reps) if plan.set_reps else 0
    if clock.side is None:
        says = tr("Get ready for the {side} side.", side=side) if len(plan.target) > 1 else tr("Get ready.")
        clock = Clock(SETTLE_S, says, side, sets)
    elif side != clock.side:
        clock = Clock(t_s + CHANGE_S, tr("Change: get ready for the {side} side.", side=side), side, sets)
    elif sets != clock.sets:
        clock = Clock(t_s + REST_S, tr("Rest a little."), side, sets)
    if t_s < clock.begin_s:
        return clock, CheckedLook(t_s, True, clock.begin_s - t_s, side=look.side, says=clock.says)
    return clock, look


def beat(plan: HoldPlan, side: Worked, worked_s: float) -> Beat | None:
    """Which movement it is after `worked_s` seconds of repetitions on this side; None where nothing is paced."""
    if not plan.rep_s:
        return None
    # A repetition ends a millionth of a second early, so that sums of many steps end it when they should.
    rep, into_s = divmod(worked_s + 1e-6, plan.rep_s)
    beats = _beats(plan.moves, plan.rep_hold_s)
    place = 0
    while place < len(beats) - 1 and into_s >= beats[place][1]:
        into_s -= beats[place][1]
        place += 1
    says, takes_s = beats[place]
    worked: Side = "right" if side == "right" else "left"
    way = BOTH_SIDES[int(rep) % 2]
    says = tr(says, side=worked, other=other_side(worked), way=way)
    return Beat(says, takes_s - into_s, int(rep) + 1, place)


def _beats(moves: Sequence[Move], hold_s: float) -> list[tuple[str, float]]:
    beats = [(move.says, move.takes_s) for move in moves]
    return [*beats[:1], (mark("Hold"), hold_s), *beats[1:]] if hold_s > 0 else beats


def begun(before: HoldState, after: HoldState, plan: HoldPlan) -> str:
    """Name the movement that has begun between two states; empty if none has."""
    side = after.inside
    if side is None or after.finished or after.asked != side:
        return ""
    done = after.done.get(side, 0.0)
    if plan.set_reps and done != before.done.get(side, 0.0) and done % plan.set_reps == 0:
        return ""  # a set is done
    now, then = (beat(plan, side, state.held_s.get(side, 0.0)) for state in (after, before))
    if now is None or (before.inside == side and then is not None and (now.rep, now.place) == (then.rep, then.place)):
        return ""
    return now.says
