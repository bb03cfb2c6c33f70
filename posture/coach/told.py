"""What is said of a guided exercise, by its form: what is planned, how it goes on, what was done. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from posture.coach.exercise import Exercise, Form, Side
from posture.coach.hold import (
    Cue,
    Entered,
    Event,
    Finished,
    HoldDone,
    HoldPlan,
    HoldState,
    Left,
    Paused,
    RepDone,
    Resumed,
    SideDone,
    Worked,
)
from posture.coach.pace import beat
from posture.language import mark, number, tr, trn


def side_of(state: HoldState, plan: HoldPlan) -> Side:
    """The side whose steps and drawing are shown: never one that is not planned, unless both are worked at once."""
    sides: list[Side] = [side for side in plan.target if side != "both"]
    if not sides or state.asked in sides:
        return "right" if state.asked == "right" else "left"
    return max(sides, key=lambda side: state.ended_s.get(side, -1.0))


def planned(exercise: Exercise, plan: HoldPlan) -> str:
    """What is planned, such as `12 repetitions of 3 s` or `60 s on each side`."""
    target = min(plan.target.values())
    sides = [side for side in plan.target if side != "both"]
    dose = _amount(target, plan)
    if plan.rep_hold_s:
        # Translators: as in "12 repetitions of 3 s".
        held = number(plan.rep_hold_s, 0 if plan.rep_hold_s == round(plan.rep_hold_s) else 1)
        dose = tr("{repetitions} of {held} s", repetitions=dose, held=held)
    if not sides:
        where = dose
    elif exercise.sides == "both":
        where = tr("{dose} each way", dose=dose)
    elif len(sides) > 1:
        where = tr("{dose} on each side", dose=dose)
    else:
        where = tr("{dose} on the {side} side", dose=dose, side=sides[0])
    extra = next((side for side in sides if plan.target[side] > target), None)
    # Translators: as in "20 s on each side, and one more left".
    return tr("{dose}, and one more {side}", dose=where, side=extra) if extra else where


def counted(state: HoldState, plan: HoldPlan, side: Worked) -> str:
    """How far a side is, such as `12 of 60 s`, `3 of 5` or `1:20 of 2 min`."""
    done, target = state.done.get(side, 0.0), plan.target[side]
    match plan.form:
        case "reps":
            return tr("{done} of {whole}", done=number(done), whole=number(target))
        case "walk":
            passed = f"{int(done) // 60}:{int(done) % 60:02}"
            return tr("{done} of {whole}", done=passed, whole=_time(target))
        case _:
            return tr("{done} of {whole} s", done=number(done), whole=number(target))


def going_on(state: HoldState, plan: HoldPlan) -> str:
    """What to do while the clock of a side runs."""
    if state.inside is None:
        return ""
    now = beat(plan, state.inside, state.held_s.get(state.inside, 0.0))
    if now is not None:
        # The last second of a movement is not shown as none.
        left = max(1, round(now.left_s))
        if now.says[-1] in ".!。！":
            return tr("{what_to_do} {seconds} s", what_to_do=now.says, seconds=left)
        return tr("{what_to_do}. {seconds} s", what_to_do=now.says, seconds=left)
    match plan.form:
        case "walk":
            return tr("Walk easily, arms swinging.")
        case "reps":
            return tr("And now the other way.") if state.way else tr("Good, and back to the middle.")
        case _:
            return tr("Stay and breathe.")


def event_text(event: Event, plan: HoldPlan) -> str:
    """Describe an event for the user; empty for what needs no word in this form."""
    match event:
        case Cue():
            return event.says
        case Entered():
            if plan.form == "hold":
                return _on(event.side, tr("the clock runs"))
            return tr("off you go") if plan.form == "walk" else ""
        case Left():
            return "" if plan.form == "reps" else _on(event.side, _time(event.hold_s))
        case HoldDone():
            return _on(event.side, tr("that is a whole one"))
        case RepDone():
            return _on(event.side, tr("{done} of {whole}", done=event.number, whole=number(plan.target[event.side])))
        case SideDone():
            return "" if event.side == "both" else tr("the {side} side is done", side=event.side)
        case Paused():
            return tr("paused. {what_to_do}", what_to_do=event.says)
        case Resumed():
            return tr("welcome back")
        case Finished():
            return tr("all done")


def done_words(exercise: Exercise, state: HoldState, plan: HoldPlan, *, verified: bool) -> str:
    """What was done, and praise for a whole dose alone."""
    done: Mapping[Worked, float] = state.done if plan.form == "reps" else state.held_s
    parts = [_part(side, done.get(side, 0.0), plan) for side in plan.target if done.get(side, 0.0) >= 0.5]
    if not parts:
        return tr(_NOTHING[plan.form])
    said = tr(_DONE[plan.form][verified], parts=", ".join(parts))
    if reached(exercise, state, plan):
        return f"{said} {_praise(sum(done.values()), plan)}"
    least = _amount(exercise.dose.least, plan)
    if exercise.sides == "each" and len(plan.target) > 1:
        least = tr("{dose} on each side", dose=least)
    if state.finished:
        return f"{said} {tr('That is what was planned; a whole dose is {dose}.', dose=least)}"
    return f"{said} {tr('A whole dose is {dose}. Stopping early is fine.', dose=least)}"


_NOTHING: Mapping[Form, str] = {
    "hold": mark("Nothing was held this time. That is fine: come back when it suits you."),
    "reps": mark("Nothing was counted this time. That is fine: come back when it suits you."),
    "walk": mark("Nothing was walked this time. That is fine: come back when it suits you."),
}
_DONE: Mapping[Form, tuple[str, str]] = {
    "hold": (mark("Held, self-reported: {parts}."), mark("Held, seen by the camera: {parts}.")),
    "reps": (mark("Done, self-reported: {parts}."), mark("Done, seen by the camera: {parts}.")),
    "walk": (mark("Walked, self-reported: {parts}."), mark("Walked, seen by the camera: {parts}.")),
}
"""As the user says, and as the camera has seen."""


def reached(exercise: Exercise, state: HoldState, plan: HoldPlan) -> bool:
    """Whether each side that was planned has its smallest dose."""
    done: Mapping[Worked, float] = state.done if plan.form == "reps" else state.held_s
    # A hundredth of a second is forgiven: looks do not come at whole seconds.
    return all(done.get(side, 0.0) + 0.01 >= exercise.dose.least for side in plan.target)


def _praise(total: float, plan: HoldPlan) -> str:
    match plan.form:
        case "hold":
            return tr("{seconds} s in all: well held.", seconds=number(total))
        case "reps":
            return tr("That is a whole dose: well done.")
        case _:
            return tr("Well walked.")


def _part(side: Worked, amount: float, plan: HoldPlan) -> str:
    # Translators: as in "left 20 s".
    return _amount(amount, plan) if side == "both" else tr("{side} {dose}", side=side, dose=_amount(amount, plan))


def _amount(amount: float, plan: HoldPlan) -> str:
    if plan.form == "reps":
        return trn("{n} repetition", "{n} repetitions", round(amount))
    return _time(amount) if plan.form == "walk" else tr("{seconds} s", seconds=number(amount))


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 2 and (rest or not minutes):
        return tr("{seconds} s", seconds=round(seconds))
    if rest:
        return tr("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return tr("{minutes} min", minutes=minutes)


def _on(side: Worked, what: str) -> str:
    return what if side == "both" else tr("{side}: {what}", side=side, what=what)
