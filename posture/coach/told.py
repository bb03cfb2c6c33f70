"""What is said of a guided exercise, by its form: what is planned, how it goes on, what was done. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from posture.coach.exercise import Exercise, Side
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
    where = "" if not sides else " each way" if exercise.sides == "both" else f" on the {sides[0]} side"
    if len(sides) > 1 and exercise.sides == "each":
        where = " on each side"
    extra = next((f", and one more {side}" for side in sides if plan.target[side] > target), "")
    held = f" of {plan.rep_hold_s:g} s" if plan.rep_hold_s else ""
    return f"{_amount(target, plan)}{held}{where}{extra}"


def counted(state: HoldState, plan: HoldPlan, side: Worked) -> str:
    """How far a side is, such as `12 of 60 s`, `3 of 5` or `1:20 of 2 min`."""
    done, target = state.done.get(side, 0.0), plan.target[side]
    match plan.form:
        case "reps":
            return f"{done:.0f} of {target:.0f}"
        case "walk":
            return f"{int(done) // 60}:{int(done) % 60:02} of {_time(target)}"
        case _:
            return f"{done:.0f} of {target:.0f} s"


def going_on(state: HoldState, plan: HoldPlan) -> str:
    """What to do while the clock of a side runs."""
    if state.inside is None:
        return ""
    now = beat(plan, state.inside, state.held_s.get(state.inside, 0.0))
    if now is not None:
        # The last second of a movement is not shown as none.
        return f"{now.says}{'' if now.says[-1] in '.!' else '.'} {max(1, round(now.left_s))} s"
    match plan.form:
        case "walk":
            return "Walk easily, arms swinging."
        case "reps":
            return "Good, and back to the middle." if not state.way else "And now the other way."
        case _:
            return "Stay and breathe."


def event_text(event: Event, plan: HoldPlan) -> str:
    """Describe an event for the user; empty for what needs no word in this form."""
    match event:
        case Cue():
            return event.says
        case Entered():
            if plan.form == "hold":
                return f"{_side(event.side)}the clock runs"
            return "off you go" if plan.form == "walk" else ""
        case Left():
            return "" if plan.form == "reps" else f"{_side(event.side)}{_time(event.hold_s)}"
        case HoldDone():
            return f"{_side(event.side)}that is a whole one"
        case RepDone():
            return f"{_side(event.side)}{event.number} of {plan.target[event.side]:.0f}"
        case SideDone():
            return "" if event.side == "both" else f"the {event.side} side is done"
        case Paused():
            return f"paused. {event.says}"
        case Resumed():
            return "welcome back"
        case Finished():
            return "all done"


def done_words(exercise: Exercise, state: HoldState, plan: HoldPlan, *, verified: bool) -> str:
    """What was done, and praise for a whole dose alone."""
    done: Mapping[Worked, float] = state.done if plan.form == "reps" else state.held_s
    parts = [_part(side, done.get(side, 0.0), plan) for side in plan.target if done.get(side, 0.0) >= 0.5]
    if not parts:
        what = {"hold": "held", "reps": "counted", "walk": "walked"}[plan.form]
        return f"Nothing was {what} this time. That is fine: come back when it suits you."
    verb = {"hold": "Held", "reps": "Done", "walk": "Walked"}[plan.form]
    how = "seen by the camera" if verified else "self-reported"
    said = f"{verb}, {how}: {', '.join(parts)}."
    if reached(exercise, state, plan):
        return f"{said} {_praise(sum(done.values()), plan)}"
    least = _amount(exercise.dose.least, plan) + (
        " on each side" if exercise.sides == "each" and len(plan.target) > 1 else ""
    )
    if state.finished:
        return f"{said} That is what was planned; a whole dose is {least}."
    return f"{said} A whole dose is {least}. Stopping early is fine."


def reached(exercise: Exercise, state: HoldState, plan: HoldPlan) -> bool:
    """Whether each side that was planned has its smallest dose."""
    done: Mapping[Worked, float] = state.done if plan.form == "reps" else state.held_s
    # A hundredth of a second is forgiven: looks do not come at whole seconds.
    return all(done.get(side, 0.0) + 0.01 >= exercise.dose.least for side in plan.target)


def _praise(total: float, plan: HoldPlan) -> str:
    match plan.form:
        case "hold":
            return f"{total:.0f} s in all: well held."
        case "reps":
            return "That is a whole dose: well done."
        case _:
            return "Well walked."


def _part(side: Worked, amount: float, plan: HoldPlan) -> str:
    return _amount(amount, plan) if side == "both" else f"{side} {_amount(amount, plan)}"


def _amount(amount: float, plan: HoldPlan) -> str:
    if plan.form == "reps":
        return f"{amount:.0f} {'repetition' if round(amount) == 1 else 'repetitions'}"
    return _time(amount) if plan.form == "walk" else f"{amount:.0f} s"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 2 and (rest or not minutes):
        return f"{round(seconds)} s"
    return f"{minutes} min" + (f" {rest} s" if rest else "")


def _side(side: Worked) -> str:
    return "" if side == "both" else f"{side}: "
