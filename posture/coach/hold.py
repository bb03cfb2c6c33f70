"""Guide an exercise by its form: `advance(state, look, plan) -> (state, events)`. Pure.

A hold or a walk is counted in seconds, repetitions one by one. The clock of a side runs only while that side is in its
band; a repetition counts when the camera has seen it, or at the end of its pace where no camera checks. The side is the
one that the camera sees, never the one that was asked for. Only time and repetitions count: how deep a stretch goes is
not stored.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from posture.coach.checks import CheckedLook
from posture.coach.exercise import BOTH_SIDES, Band, Check, Exercise, Form, Move, Side, other_side
from posture.language import mark, sentence_start, tr

Worked = Literal["left", "right", "both"]

BRIDGE_S = 1.0
"""A hold goes on over looks that do not see it, or not the raised arm, for this long [design choice]."""
PAUSE_AFTER_S = 1.0
"""Being out of the picture for longer than this is a pause [design choice]."""
SLACK_DEG = 2.0
"""A hold that has begun ends this far outside the band, so that a tremor at its edge is one hold [design choice]."""
OWN_PART = 0.6
"""A hold counts from this part of the user's own comfortable maximum on (evidence, section 3)."""
LOWEST_DEG = 8.0
"""A band never begins lower: the camera's error is 5 to 10 degrees (evidence, section 6) [design choice]."""
REP_S = 0.3
"""A movement that stays in its band this long is a repetition [design choice]."""
CUE_AFTER_S = 1.0
"""What is to be changed is said once it has been so for this long [design choice]."""
CUE_AGAIN_S = 5.0
"""The same is said again after a hold of this length [design choice]."""
CUE_APART_S = 20.0
"""Without one it is said again only after something else, and not before this time has passed [design choice]."""
USUAL_S = 60.0
"""Seconds to hold on each side, within the dose, where the user asks for no other time [lit: ACSM]."""

# Translators: each stands alone with a capital, or in "That is the other way: turn to the left."
_ASKED: Mapping[Check, str] = {
    "side_bend": mark("{side} arm up, bend to the {other}"),
    "side_bend_seated": mark("{side} arm up, bend to the {other}"),
    "ankle_on_knee": mark("lay the {side} ankle on the {other} knee"),
    "hip_swing": mark("swing the {side} foot"),
    "turn": mark("turn to the {side}"),
}
"""How a side is asked for: "the left side" of somebody who bends may be the one bent to or the one lengthened."""


@dataclass(frozen=True)
class HoldPlan:
    """What to do."""

    target: Mapping[Worked, float]
    """Seconds or repetitions on each side; the first side is asked for first."""
    bands: Mapping[Worked, Band] = field(default_factory=dict)
    """The measure passes within these; empty if the exercise is only timed."""
    form: Form = "hold"
    hold_s: float = 20.0
    """Length of one hold."""
    change_at: float = 15.0
    """Seconds or repetitions after which the other side may be asked for."""
    slack: float = SLACK_DEG
    """As `SLACK_DEG`, in the unit of the band."""
    moves: tuple[Move, ...] = ()
    rep_hold_s: float = 0.0
    """The movements of a repetition and the hold after the first."""
    set_reps: int = 0
    """Repetitions of one set."""
    falls: bool = False
    """The measure falls as the exercise goes on, such as the width of shoulders that turn."""
    ways: tuple[str, ...] = ()
    """What the camera must see in any order for one repetition, such as the foot out and in; empty if one is enough."""
    asks: str = ""
    """How a side is asked for, as in `_ASKED`; empty for by its name."""

    @property
    def rep_s(self) -> float:
        """Seconds of a repetition that is paced; 0 where the camera counts, or nothing is counted."""
        return 0.0 if self.bands or not self.moves else sum(move.takes_s for move in self.moves) + self.rep_hold_s


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
    """Seconds held, or spent on repetitions, in all."""
    longest_s: Mapping[Worked, float] = field(default_factory=dict)
    """The longest hold."""
    done: Mapping[Worked, float] = field(default_factory=dict)
    """Seconds or repetitions that count towards the target."""
    ended_s: Mapping[Worked, float] = field(default_factory=dict)
    """When each side was in the band last."""
    last_s: float | None = None
    seen_s: float | None = None
    """When a side was last in its band, and when the person was last seen."""
    paused: bool = False
    finished: bool = False
    at: str = ""
    way: str = ""
    """Of a repetition that has more than one way: the one that is seen, and the one that counts already."""
    cue: Cue | None = None
    """What is to be changed at present, and since when."""
    said: Mapping[str, float] = field(default_factory=dict)
    """When each of these was said last, the last one at the end."""


@dataclass(frozen=True)
class Entered:
    """A side is in its band: its clock starts."""

    t_s: float
    side: Worked


@dataclass(frozen=True)
class Left:
    """A side has left its band after `hold_s` seconds."""

    t_s: float
    side: Worked
    hold_s: float


@dataclass(frozen=True)
class HoldDone:
    """A hold is complete."""

    t_s: float
    side: Worked
    hold_s: float


@dataclass(frozen=True)
class RepDone:
    """A repetition is complete: the `number`-th on this side."""

    t_s: float
    side: Worked
    number: int


@dataclass(frozen=True)
class Cue:
    """What to change now, once it has been so for `CUE_AFTER_S`."""

    t_s: float
    says: str


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


Event = Entered | Left | HoldDone | RepDone | Cue | SideDone | Paused | Resumed | Finished


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
    seconds: float | None = None,
    *,
    seen: bool,
    own_most: Mapping[Side, float] | None = None,
    extra: Side | None = None,
) -> HoldPlan:
    """Plan one exercise.

    Parameters
    ----------
    sides : tuple of {"left", "right"}
        The sides to do, in this order; what works both at once works both.
    seconds : float, optional
        Time to hold or to walk, or time that the repetitions take, all sides together: at least one repetition, at most
        the largest dose. None for the dose: about `USUAL_S` of a hold on each side, the fewest repetitions, the
        shortest walk.
    seen : bool
        A camera checks it; otherwise it is only timed.
    own_most : mapping of side to float, optional
        The user's comfortable maximum when lengthening that side, degrees.
    extra : {"left", "right"} or None
        A side that gets one hold or repetition more (evidence, section 4).
    """
    camera, dose = exercise.camera, exercise.dose
    check = camera.check if seen else None
    worked: tuple[Worked, ...] = sides if exercise.sides == "each" else ("both",)
    if check == "turn":
        # The camera sees a turn to each side by itself.
        worked = BOTH_SIDES
    if dose.form == "reps":
        each_s = None if seconds is None else seconds / (len(worked) if exercise.sides == "each" else 1)
        target = dose.least if each_s is None else min(max(each_s // dose.rep_s, 1.0), dose.most)
        hold_s, more = dose.hold_s[0], 1.0
        # A whole set on one side, then the other; turns go to and fro.
        set_reps = min(dose.reps[1] if dose.reps else 1, math.ceil(target / dose.times[0]))
        change_at = 1.0 if check == "turn" else float(set_reps)
    else:
        usual_s = dose.least if dose.form == "walk" else min(max(USUAL_S, dose.least), dose.most)
        target = usual_s if seconds is None else seconds / len(worked)
        hold_s = min(target, dose.hold_s[1]) if dose.form == "hold" else target
        more, set_reps, change_at = hold_s, 0, min(dose.hold_s[0], hold_s)
    bands: dict[Worked, Band] = {}
    if check and camera.band:
        for side in worked:
            own = (own_most or {}).get(side) if side != "both" and camera.unit == "deg" else None
            bands[side] = band_for(camera.band, own if dose.form == "hold" else None)
    return HoldPlan(
        target={side: target + (more if side == extra else 0.0) for side in worked},
        bands=bands,
        form=dose.form,
        hold_s=hold_s,
        change_at=change_at,
        slack=SLACK_DEG if camera.unit == "deg" else 0.05,
        moves=dose.moves,
        rep_hold_s=dose.hold_s[0] if dose.form == "reps" else 0.0,
        set_reps=set_reps,
        falls=check in ("turn", "ankle_on_knee"),
        asks=_ASKED[check] if check else "",
        ways=("out", "in") if check == "hip_swing" else (),
    )


def advance(state: HoldState, look: CheckedLook, plan: HoldPlan) -> tuple[HoldState, list[Event]]:
    """Take one look, and return what has happened at it, in order; times never go back. Begin with a fresh state."""
    if state.finished:
        return state, []
    state = replace(state, asked=_asked(state, plan))
    state, events = _followed(state, look, plan)
    if all(state.done.get(side, 0.0) >= target for side, target in plan.target.items()):
        return replace(state, finished=True), [*events, Finished(look.t_s)]
    state, cues = _cued(state, look, plan)
    return state, events + cues


def _followed(state: HoldState, look: CheckedLook, plan: HoldPlan) -> tuple[HoldState, list[Event]]:
    """Let the clock of a side run, begin or stop."""
    events: list[Event] = []
    t_s = look.t_s
    if look.seen:
        if state.paused:
            events.append(Resumed(t_s))
        state = replace(state, seen_s=t_s, paused=False)
    side = _inside(state, look, plan)
    gap_s = t_s - state.last_s if state.last_s is not None else math.inf
    # What is not seen may still be so; what is seen otherwise is not.
    unsure = not look.seen or _inside(state, replace(look, ready=True), plan) == state.inside
    if side is None and unsure and state.inside is not None and gap_s <= BRIDGE_S:
        return state, events
    if state.inside is not None and (side != state.inside or look.way != state.at or gap_s > BRIDGE_S):
        events.append(Left(t_s, state.inside, state.hold_s))
        state = replace(state, inside=None, hold_s=0.0)
    gone = not look.seen and look.settle_s <= 0 and (state.seen_s is None or t_s - state.seen_s > PAUSE_AFTER_S)
    if gone and not state.paused:
        events.append(Paused(t_s, look.says))
        state = replace(state, paused=True, said=_with(state.said, look.says, t_s))  # the pause says what to change
    if side is None:
        return state, events
    if state.inside is None:
        events.append(Entered(t_s, side))
        return replace(state, inside=side, at=look.way, last_s=t_s), events
    return _credited(state, side, look, gap_s, plan, events), events


def _credited(
    state: HoldState, side: Worked, look: CheckedLook, gap_s: float, plan: HoldPlan, events: list[Event]
) -> HoldState:
    t_s, hold_s, held_s = look.t_s, state.hold_s + gap_s, state.held_s.get(side, 0.0) + gap_s
    done, target, way = state.done.get(side, 0.0), plan.target[side], state.way
    if plan.form != "reps":
        gained = gap_s
        if plan.form == "hold" and state.hold_s < plan.hold_s <= hold_s:
            events.append(HoldDone(t_s, side, hold_s))
    elif plan.rep_s:
        # A millionth of a second more, as in `pace.beat`.
        gained = float((held_s + 1e-6) // plan.rep_s) - done
        events.extend(RepDone(t_s, side, int(done) + number) for number in range(1, int(gained) + 1))
    else:
        stay_s = max(REP_S, plan.rep_hold_s)
        gained = float(state.hold_s < stay_s <= hold_s)
        if gained and plan.ways:
            gained, way = (1.0, "") if way not in ("", look.way) else (0.0, look.way)
        if gained:
            events.append(RepDone(t_s, side, int(done) + 1))
    if done < target <= done + gained:
        events.append(SideDone(t_s, side))
    state = replace(
        state,
        hold_s=hold_s,
        held_s={**state.held_s, side: held_s},
        longest_s={**state.longest_s, side: max(state.longest_s.get(side, 0.0), hold_s)},
        done={**state.done, side: done + gained},
        ended_s={**state.ended_s, side: t_s},
        last_s=t_s,
        way=way,
    )
    return replace(state, asked=_asked(state, plan))


def _cued(state: HoldState, look: CheckedLook, plan: HoldPlan) -> tuple[HoldState, list[Event]]:
    """Say what to change, once."""
    if state.inside is not None:
        forgotten = state.hold_s >= CUE_AGAIN_S
        return replace(state, cue=None, said={} if forgotten else state.said), []
    says = hint(state, look, plan)
    if state.cue is None or state.cue.says != says:
        return replace(state, cue=Cue(look.t_s, says)), []
    if not says or look.t_s - state.cue.t_s < CUE_AFTER_S:
        return state, []
    said = state.said
    if says in said and (says == tuple(said)[-1] or look.t_s - said[says] < CUE_APART_S):
        return state, []
    return replace(state, said=_with(said, says, look.t_s)), [Cue(look.t_s, says)]


def _with(said: Mapping[str, float], says: str, t_s: float) -> dict[str, float]:
    return {other: at_s for other, at_s in said.items() if other != says} | {says: t_s}


def hint(state: HoldState, look: CheckedLook, plan: HoldPlan) -> str:
    """What to change now, as a sentence; empty inside the band."""
    if look.settle_s > 0 or not look.seen:
        return look.says
    if _inside(state, look, plan) is not None:
        return ""
    asked: Worked = next(iter(plan.target)) if state.asked is None else state.asked
    if asked in plan.bands and look.value is not None and _not_begun(look.value, plan.bands[asked], plan):
        if plan.asks and asked != "both":
            return _asking(asked, plan)
        return tr("Now the {side} side.", side=asked)
    if not look.ready:
        return look.says
    if look.side is not None and plan.bands and look.side not in plan.bands:
        if plan.asks and asked != "both":
            return tr("That is the other way: {what_to_do}.", what_to_do=_in_words(asked, plan))
        return tr("That is the other side: today it is the {side} one.", side=asked)
    if look.side is None or look.side not in plan.bands or look.value is None:
        if asked == "both":
            return tr("Begin.")
        return _asking(asked, plan) if plan.asks else tr("Begin with the {side} side.", side=asked)
    low, high = plan.bands[look.side]
    if look.value < low if plan.falls else look.value > high:
        return tr("Ease off a little.")
    return tr("A little further, only as far as is comfortable.")


def _asking(asked: Side, plan: HoldPlan) -> str:
    """Ask for a side by what to do."""
    return tr("{what_to_do}.", what_to_do=sentence_start(_in_words(asked, plan)))


def _in_words(asked: Side, plan: HoldPlan) -> str:
    return tr(plan.asks, side=asked, other=other_side(asked))


def _not_begun(value: float, band: Band, plan: HoldPlan) -> bool:
    return value > (1.0 + band[1]) / 2.0 if plan.falls else value < band[0] / 2.0


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
    """The side being done, or else the one with the fewest complete parts; None once all have reached their targets."""
    open_ = [side for side, target in plan.target.items() if state.done.get(side, 0.0) < target]
    if plan.form == "hold" and state.inside in open_ and state.hold_s < plan.hold_s:
        return state.inside
    # Complete holds or sets are compared, so that a side that has just begun is not left for the other.
    part = max(plan.change_at, 1.0)
    return min(open_, key=lambda side: (state.done.get(side, 0.0) + 0.01) // part, default=None)
