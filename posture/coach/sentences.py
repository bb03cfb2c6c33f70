"""The sentences of reminders: observations and invitations, never a diagnosis (evidence, section 5). Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from posture.coach.exercise import Exercise
from posture.coach.reminder import OwnText, ReminderKind
from posture.coach.words import DEVIATION_WORDS, minutes, span
from posture.language import in_sentence, mark, number, sentence_start, tr
from posture.measure.observation import Deviation

_CHANGE: dict[Deviation, str] = {
    "slump": mark("Any other position will do: sit back, stand up, or sit another way for a while."),
    "forward_head": mark("Lean back, look into the distance for a moment, or bring the screen nearer."),
    "lean_left": mark("Shift to the other side or to the middle."),
    "lean_right": mark("Shift to the other side or to the middle."),
    "shoulder_tilt": mark("Let both shoulders drop, or rest the arms another way."),
    "head_tilt": mark("Let the head come to the middle, or turn it gently both ways."),
    "too_close": mark("Lean back, or move the screen a little away."),
}
"""Another position, never an upright one: no posture was found to be the right one (evidence, section 5)."""


MOVES_UNSEEN = mark("no change of position to be seen")
"""What has lasted where the camera cannot show a change of position."""


@dataclass(frozen=True)
class Facts:
    """What a reminder is based on."""

    since_s: float
    limit_s: float
    """How long it has lasted, and the limit for it; for a deviation the window over which it is judged."""
    what: str = ""
    """What has lasted, for a reminder that is not about a deviation; in English."""
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
    """Why the limit is another than the setting's, in English; empty where it is the setting's."""

    @property
    def lasted(self) -> str:
        """How long it has lasted, as far as that is known."""
        return minutes(self.since_s) if self.least_s is None else span(self.least_s, self.since_s)

    @property
    def why(self) -> str:
        """Which measure, for how long, against which limit."""
        limit = minutes(self.limit_s)
        if self.deviation is None:
            what = tr(self.what)
            if self.limit_why:
                return tr(
                    "{what} for {lasted}; the time for it is {limit}, {why}",
                    what=what,
                    lasted=self.lasted,
                    limit=limit,
                    why=tr(self.limit_why),
                )
            # Translators: as "sitting for 31 min; your setting is 30 min".
            return tr("{what} for {lasted}; your setting is {limit}", what=what, lasted=self.lasted, limit=limit)
        return tr(
            "{deviation} for {lasted}, {level} times its threshold now; kept for most of the last {limit}",
            deviation=tr(DEVIATION_WORDS[self.deviation]),
            lasted=minutes(self.since_s),
            level=number(self.level, 1),
            limit=limit,
        )


def _filled(text: str, facts: Facts) -> str:
    """Fill in what a user's own text names; `posture.coach.exercise_file` has checked that it names nothing else."""
    exercise = facts.exercise.line_for(facts.side or "left") if facts.exercise else ""
    what = tr(DEVIATION_WORDS[facts.deviation] if facts.deviation else facts.what)
    return " ".join(text.format(lasted=facts.lasted, exercise=exercise, what=what).split())


def title_of(kind: ReminderKind, facts: Facts) -> str:
    """The first line of a notification."""
    if facts.own is not None and facts.own.title:
        return _filled(facts.own.title, facts)
    if (kind == "stand" and "standing" in facts.hurts) or (kind == "sit" and "sitting" in facts.hurts):
        return tr("Still standing?") if facts.said else tr("Time for a change of position")
    if kind == "stand":
        return tr("Time to stand")
    if kind == "move":
        return tr("Change your position")
    if kind == "stretch":
        if facts.exercise is None:
            return tr("Time for a side stretch")
        name = in_sentence(facts.exercise.name)
        if facts.exercise.target == "breathing":
            return tr("Time to breathe: {exercise}", exercise=name)
        return tr("Time to stretch: {exercise}", exercise=name)
    if kind == "sit":
        return tr("Still standing?") if facts.said else tr("Time to sit")
    if kind == "eyes":
        return tr("Look into the distance")
    assert facts.deviation is not None
    # Translators: as "Leaning left for 12 min".
    deviation = tr("{deviation} for {lasted}", deviation=tr(DEVIATION_WORDS[facts.deviation]), lasted=facts.lasted)
    return sentence_start(deviation)


def body_of(kind: ReminderKind, facts: Facts) -> str:
    """What to do next, in a sentence or two."""
    if facts.own is not None and facts.own.body:
        return _filled(facts.own.body, facts)
    if kind == "stand":
        return f"{_sat(facts)} {facts.exercise.line_for(facts.side or 'left') if facts.exercise else _up(facts)}"
    if kind == "move":
        lasted = minutes(facts.since_s)
        if facts.what == MOVES_UNSEEN:
            found = tr("For {lasted} it could not be seen whether you moved.", lasted=lasted)
        else:
            found = tr("You have been in one position for {lasted}.", lasted=lasted)
        if "shoulder" in facts.hurts:
            return f"{found} {tr('Shift your weight, sit another way.')}"
        return f"{found} {tr('Shift your weight, roll the shoulders, sit another way.')}"
    if kind == "eyes":
        return tr("Let your eyes rest on something far away for 20 s, if you like.")
    if kind == "sit" and facts.said:
        return _still_standing(facts)
    if kind == "sit":
        return f"{tr('You have been standing for {lasted}.', lasted=minutes(facts.since_s))} {_down(facts)}"
    if kind == "stretch":
        side = facts.side or "left"
        step = (
            facts.exercise.line_for(side)
            if facts.exercise
            else tr("Stand up and stretch both sides, as far as is easy.")
        )
        if facts.leant == side:
            leant = tr(
                "You leaned {side} more on most of the last days; lengthening that side may feel good.", side=side
            )
            return f"{leant} {step} {tr('Once more on the {side}.', side=side)}"
        return f"{tr('You have sat for {lasted} without a stretch.', lasted=facts.lasted)} {step}"
    assert facts.deviation is not None
    if facts.deviation == "slump" and "standing" in facts.hurts:
        return tr("Any other position will do: sit back, or sit another way for a while.")
    return tr(_CHANGE[facts.deviation])


def _sat(facts: Facts) -> str:
    """How long the user has sat, or was in a call."""
    if not facts.call_s:
        return tr("You have been sitting for {lasted}.", lasted=facts.lasted)
    call = tr("Your camera was in a call for {lasted}.", lasted=minutes(facts.call_s))
    if "standing" in facts.hurts:
        return f"{call} {tr('If you sat through it, this is a good moment to change your position.')}"
    return f"{call} {tr('If you sat through it, this is a good moment to stand.')}"


def _up(facts: Facts) -> str:
    """How to end sitting without an exercise, by what hurts."""
    if "standing" in facts.hurts:
        return tr("Get up for a moment, as long as is easy, then sit down another way.")
    if facts.walks:
        return tr("Stand up and walk a few steps.")
    return tr("Stand up for a moment and shift from foot to foot.")


def _down(facts: Facts) -> str:
    """How to end standing that was seen, by what hurts."""
    if "sitting" in facts.hurts:
        if facts.walks:
            return tr("Walk a little, or sit as long as is easy.")
        return tr("Shift your weight, lean on something, or sit as long as is easy.")
    if "standing" in facts.hurts or not facts.walks:
        return tr("Sit down for a moment.")
    return tr("Sit down for a while, or walk a little.")


def _still_standing(facts: Facts) -> str:
    """How to end standing, as the user said, by what hurts."""
    said = tr("You said {lasted} ago that you were standing.", lasted=minutes(facts.since_s))
    if "sitting" in facts.hurts:
        if facts.walks:
            return f"{said} {tr('If you still are, walk a little, or sit as long as is easy.')}"
        step = tr("If you still are, shift your weight, lean on something, or sit as long as is easy.")
        return f"{said} {step}"
    if "standing" in facts.hurts or not facts.walks:
        return f"{said} {tr('If you still are, sit down for a moment.')}"
    return f"{said} {tr('If you still are, sit for a while or walk a little.')}"
