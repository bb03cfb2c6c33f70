"""The sentences of reminders: observations and invitations, never a diagnosis (evidence, section 5). Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from posture.coach.bars import names_of

if TYPE_CHECKING:  # `posture status` imports this and shows no exercise
    from posture.coach.exercise import Exercise
    from posture.coach.reminder import OwnText, ReminderKind
    from posture.measure.observation import Deviation

DEVIATION_WORDS: dict[Deviation, str] = {
    "slump": "slumped",
    "forward_head": "head forward",
    "lean_left": "leaning left",
    "lean_right": "leaning right",
    "shoulder_tilt": "one shoulder higher",
    "head_tilt": "head tilted",
    "too_close": "close to the screen",
}

PROGRAM_RUNS = "a program of coach.quiet_while is running"
"""Why reminders wait; which program it is, is said and stored nowhere."""

_CHANGE: dict[Deviation, str] = {
    "slump": "Any other position will do: sit back, stand up, or sit another way for a while.",
    "forward_head": "Lean back, look into the distance for a moment, or bring the screen nearer.",
    "lean_left": "Shift to the other side or to the middle.",
    "lean_right": "Shift to the other side or to the middle.",
    "shoulder_tilt": "Let both shoulders drop, or rest the arms another way.",
    "head_tilt": "Let the head come to the middle, or turn it gently both ways.",
    "too_close": "Lean back, or move the screen a little away.",
}
"""Another position, never an upright one: no posture was found to be the right one (evidence, section 5)."""


MOVES_UNSEEN = "no change of position to be seen"
"""What has lasted where the camera cannot show a change of position."""


@dataclass(frozen=True)
class Facts:
    """What a reminder is based on."""

    since_s: float
    limit_s: float
    """How long it has lasted, and the limit for it; for a deviation the window over which it is judged."""
    what: str = ""
    """What has lasted, for a reminder that is not about a deviation."""
    deviation: Deviation | None = None
    level: float = 0.0
    """Size of the deviation in parts of its threshold."""
    side: Literal["left", "right"] | None = None
    """The side that an exercise starts with."""
    leant: Literal["left", "right"] | None = None
    """The side that the asymmetry rule names, where the exercise is a side stretch."""
    exercise: Exercise | None = None
    least_s: float | None = None
    """What has lasted may be as short as this, where not all of it was seen."""
    call_s: float = 0.0
    """How long the call was that has just ended; 0 without one."""
    said: bool = False
    """Standing, as the user said."""
    own: OwnText | None = None
    """The user's own words for this kind."""
    hurts: Collection[str] = frozenset()
    """What hurts by the log, as in `Limits`."""
    walks: bool = True
    """Whether walking may be suggested."""
    limit_why: str = ""
    """Why the limit is another than the setting's; empty where it is the setting's."""

    @property
    def lasted(self) -> str:
        """How long it has lasted, as far as that is known."""
        return minutes(self.since_s) if self.least_s is None else span(self.least_s, self.since_s)

    @property
    def why(self) -> str:
        """Which measure, for how long, against which limit."""
        if self.deviation is None:
            limit = f"your setting is {minutes(self.limit_s)}"
            if self.limit_why:
                limit = f"the time for it is {minutes(self.limit_s)}, {self.limit_why}"
            return f"{self.what} for {self.lasted}; {limit}"
        words = DEVIATION_WORDS[self.deviation]
        return (
            f"{words} for {minutes(self.since_s)}, {self.level:.1f} times its threshold now; "
            f"kept for most of the last {minutes(self.limit_s)}"
        )


def unjudged_words(kinds: Collection[str]) -> str:
    """Name deviations that are not judged: "lean and shoulder tilt", or "how you sit" for all of them."""
    return "how you sit" if len(kinds) == len(DEVIATION_WORDS) else names_of(kinds)


def span(least_s: float, most_s: float) -> str:
    """Write a duration that is known to lie between two: `45 min to 1 h 38`, or one of them where they read alike."""
    least, most = minutes(least_s), minutes(most_s)
    return most if least == most else f"{least} to {most}"


def lasted(least_s: float, most_s: float) -> str:
    """`span`, or `up to 30 min` where it may be nothing at all."""
    return f"up to {minutes(most_s)}" if least_s < 1.0 <= most_s else span(least_s, most_s)


def minutes(seconds: float) -> str:
    """Write a duration as people say it: `40 s`, `31 min`, `2 h 05`."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    count = round(seconds / 60)
    return f"{count} min" if count < 60 else f"{count // 60} h {count % 60:02d}"


def _filled(text: str, facts: Facts) -> str:
    """Fill in what a user's own text names; `posture.coach.exercise_file` has checked that it names nothing else."""
    exercise = facts.exercise.line_for(facts.side or "left") if facts.exercise else ""
    what = DEVIATION_WORDS[facts.deviation] if facts.deviation else facts.what
    return " ".join(text.format(lasted=facts.lasted, exercise=exercise, what=what).split())


def title_of(kind: ReminderKind, facts: Facts) -> str:
    """The first line of a notification."""
    if facts.own is not None and facts.own.title:
        return _filled(facts.own.title, facts)
    if (kind == "stand" and "standing" in facts.hurts) or (kind == "sit" and "sitting" in facts.hurts):
        return "Still standing?" if facts.said else "Time for a change of position"
    if kind == "stand":
        return "Time to stand"
    if kind == "move":
        return "Change your position"
    if kind == "stretch":
        if facts.exercise is None:
            return "Time for a side stretch"
        what = "Time to breathe" if facts.exercise.target == "breathing" else "Time to stretch"
        return f"{what}: {facts.exercise.name.lower()}"
    if kind == "sit":
        return "Still standing?" if facts.said else "Time to sit"
    if kind == "eyes":
        return "Look into the distance"
    assert facts.deviation is not None
    return f"{DEVIATION_WORDS[facts.deviation].capitalize()} for {minutes(facts.since_s)}"


def body_of(kind: ReminderKind, facts: Facts) -> str:
    """What to do next, in a sentence or two."""
    if facts.own is not None and facts.own.body:
        return _filled(facts.own.body, facts)
    if kind == "stand":
        step = facts.exercise.line_for(facts.side or "left") if facts.exercise else _up(facts)
        if facts.call_s:
            call = f"Your camera was in a call for {minutes(facts.call_s)}."
            to = "change your position" if "standing" in facts.hurts else "stand"
            return f"{call} If you sat through it, this is a good moment to {to}. {step}"
        return f"You have been sitting for {facts.lasted}. {step}"
    if kind == "move":
        lasted = minutes(facts.since_s)
        unseen = f"For {lasted} it could not be seen whether you moved"
        found = unseen if facts.what == MOVES_UNSEEN else f"You have been in one position for {lasted}"
        if "shoulder" in facts.hurts:
            return f"{found}. Shift your weight, sit another way."
        return f"{found}. Shift your weight, roll the shoulders, sit another way."
    if kind == "eyes":
        return "Let your eyes rest on something far away for 20 s, if you like."
    if kind == "sit" and facts.said:
        return f"You said {minutes(facts.since_s)} ago that you were standing. If you still are, {_down(facts)}"
    if kind == "sit":
        down = _down(facts)
        return f"You have been standing for {minutes(facts.since_s)}. {down[0].upper()}{down[1:]}"
    if kind == "stretch":
        side = facts.side or "left"
        again = f" Once more on the {side}." if facts.leant == side else ""
        leant = (
            f"You leaned {facts.leant} more on most of the last days; lengthening that side may feel good. "
            if facts.leant == side
            else f"You have sat for {facts.lasted} without a stretch. "
        )
        step = (
            facts.exercise.line_for(side) if facts.exercise else "Stand up and stretch both sides, as far as is easy."
        )
        return f"{leant}{step}{again}"
    assert facts.deviation is not None
    if facts.deviation == "slump" and "standing" in facts.hurts:
        return "Any other position will do: sit back, or sit another way for a while."
    return _CHANGE[facts.deviation]


def _up(facts: Facts) -> str:
    """How to end sitting without an exercise, by what hurts."""
    if "standing" in facts.hurts:
        return "Get up for a moment, as long as is easy, then sit down another way."
    return "Stand up and walk a few steps." if facts.walks else "Stand up for a moment and shift from foot to foot."


def _down(facts: Facts) -> str:
    """How to end standing, by what hurts."""
    if "sitting" in facts.hurts:
        first = "walk a little" if facts.walks else "shift your weight, lean on something"
        return f"{first}, or sit as long as is easy."
    if "standing" in facts.hurts or not facts.walks:
        return "sit down for a moment."
    return "sit for a while or walk a little." if facts.said else "sit down for a while, or walk a little."
