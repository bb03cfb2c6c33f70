"""One step of leading through an exercise: `advance(lead, t_s, pose) -> (lead, what to say)`. Values alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from posture.coach import hold, told
from posture.coach.checks import SETTLE_S, CheckedLook, Checker, see
from posture.coach.exercise import Exercise, Side
from posture.coach.hold import HoldPlan, HoldState, Worked
from posture.coach.pace import Clock, begun, timed
from posture.language import number, tr

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posture.pose.landmarks import Pose

Sound = Literal["start", "end", "counted", "say"]
"""What may be heard with a sentence: a clock starts, it ends, something was counted; or nothing but the sentence."""


@dataclass(frozen=True)
class Said:
    """Something that is said while an exercise is led."""

    text: str
    sound: Sound = "say"


@dataclass(frozen=True)
class Lead:
    """An exercise that is being done."""

    exercise: Exercise
    plan: HoldPlan
    """As it was planned, with the sides that were skipped."""
    state: HoldState = field(default_factory=HoldState)
    look: CheckedLook | None = None
    """What the last look says; None before the first."""
    checker: Checker | None = None
    """None where no camera checks."""
    clock: Clock = field(default_factory=Clock)
    skipped: frozenset[Worked] = frozenset()
    seen: HoldState | None = None
    """What the camera had seen when the clock alone took over; None where it did not."""
    base: HoldState | None = None
    """What the clock alone began with then."""

    @property
    def open_plan(self) -> HoldPlan:
        """The plan without the sides that were skipped."""
        if not self.skipped:
            return self.plan
        target = {side: value for side, value in self.plan.target.items() if side not in self.skipped}
        bands = {side: band for side, band in self.plan.bands.items() if side not in self.skipped}
        return replace(self.plan, target=target, bands=bands)

    @property
    def verified(self) -> bool:
        """Whether the camera has checked all of it."""
        return self.checker is not None

    @property
    def done(self) -> HoldState:
        """What was done; it is finished only if no side was skipped."""
        return replace(self.state, finished=self.state.finished and not self.skipped)

    @property
    def side(self) -> Side:
        """Which side's steps and drawing are shown."""
        return told.side_of(self.state, self.open_plan if self.open_plan.target else self.plan)

    @property
    def message(self) -> str:
        """What to do now, as one sentence."""
        if self.state.finished:
            return tr("Done.")
        if self.look is None:
            return tr("Get ready.")
        if self.look.settle_s > 0 and self.look.seen:
            begins = tr("Begins in {seconds} s.", seconds=number(self.look.settle_s))
            return f"{tr(self.look.says)} {begins}".strip()
        if self.state.inside is not None:
            return told.going_on(self.state, self.plan)
        return hold.hint(self.state, self.look, self.open_plan)


def begin(exercise: Exercise, plan: HoldPlan, min_visibility: float, *, seen: bool) -> Lead:
    """Begin an exercise; `seen` says whether a camera checks it."""
    check = exercise.camera.check if seen else None
    return Lead(exercise, plan, checker=Checker(check, min_visibility) if check else None)


def advance(lead: Lead, t_s: float, pose: Pose | None = None) -> tuple[Lead, tuple[Said, ...]]:
    """Take one look, at a time that never goes back, and return what is to be said."""
    plan = lead.open_plan
    checker, clock = lead.checker, lead.clock
    if checker is not None:
        checker, look = see(checker, t_s, pose)
    else:
        clock, look = timed(clock, lead.state, t_s, plan)
    state, events = hold.advance(lead.state, look, plan)
    said = [Said(told.event_text(event, plan), _sound(event)) for event in events]
    said.append(Said(begun(lead.state, state, plan)))
    lead = replace(lead, state=state, look=look, checker=checker, clock=clock)
    return lead, tuple(each for each in said if each.text or each.sound != "say")


def skip(lead: Lead) -> Lead:
    """Leave out what is left of the side that is asked for; without another one the exercise is over."""
    if lead.state.finished:
        return lead
    now = lead.state.inside or lead.state.asked
    side: Worked = next(iter(lead.open_plan.target)) if now is None else now
    lead = replace(lead, skipped=lead.skipped | {side})
    left = [each for each, target in lead.open_plan.target.items() if lead.state.done.get(each, 0.0) < target]
    state = replace(lead.state, inside=None, hold_s=0.0, asked=left[0] if left else None, finished=not left)
    return replace(lead, state=state)


def paused(lead: Lead) -> Lead:
    """A hold that the camera checks ends with a pause; the clock of what is only timed stands still meanwhile."""
    return lead if lead.checker is None else replace(lead, state=replace(lead.state, inside=None, hold_s=0.0))


def by_the_clock(lead: Lead, t_s: float) -> Lead:
    """Go on without the camera from `t_s` on: what is left is timed; what the camera has seen stays seen."""
    if lead.checker is None:
        return lead
    plan, state = replace(lead.plan, bands={}, asks="", falls=False, ways=()), lead.state
    held_s: Mapping[Worked, float] = state.held_s
    if plan.rep_s:
        # Repetitions are counted by the time that they take.
        held_s = {side: done * plan.rep_s for side, done in state.done.items()}
    base = replace(state, held_s=held_s, inside=None, hold_s=0.0, way="", at="", paused=False)
    side: Worked = next(iter(plan.target)) if base.asked is None else base.asked
    sets = int(base.done.get(side, 0.0) // plan.set_reps) if plan.set_reps else 0
    clock = Clock(t_s + SETTLE_S, tr("Without the camera it goes on by the clock."), side, sets)
    return replace(lead, plan=plan, state=base, checker=None, clock=clock, look=None, seen=state, base=base)


def _sound(event: hold.Event) -> Sound:
    match event:
        case hold.Entered():
            return "start"
        case hold.RepDone():
            return "counted"
        case hold.Left() | hold.HoldDone() | hold.SideDone() | hold.Finished():
            return "end"
        case _:
            return "say"
