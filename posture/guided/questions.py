"""The questions on warning signs, and what has to be cleared first: asked one by one, kept, and what is said then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from posture.coach.safety import CONDITION_QUESTIONS, QUESTIONS, Question, judge, suspended_text
from posture.guided.stored import stored_records
from posture.history.care import Care, care_of, check_in_point, cleared_point
from posture.language import mark, mark_safety, tr, tr_safety, trn

if TYPE_CHECKING:
    from posture.coach.pain import Referral
    from posture.settings import Settings

CONDITIONS = tuple(Question(name, "clear", text) for name, text in CONDITION_QUESTIONS.items())
"""What takes exercises out until a clinician has agreed, as questions."""
LOOKED_AT = Question("looked-at", "clear", mark_safety("Has a clinician looked at it?"))
"""Asked before exercise prompts go on again."""

SIGNS_HEAD = mark_safety("Do you have any of these, new or now?")
CONDITIONS_HEAD = mark_safety("Some exercises have to be cleared by a clinician first. Do any of these apply?")
NOTHING_KEPT = mark("Left without keeping anything.")
LEFT_WITH_A_SIGN = mark_safety("Left before the last question. Your yes to a warning sign counts, and is kept.")
CLEARED = mark_safety(
    "Cleared, as you say that it has been looked at: exercise prompts are on again. Stop anything that hurts."
)


@dataclass(frozen=True)
class Asking:
    """Questions that are being asked."""

    questions: tuple[Question, ...]
    at: int = 0
    """How many were answered."""
    yes: tuple[str, ...] = ()
    """The ids of those answered with yes."""

    @property
    def now(self) -> Question | None:
        """What is asked now; None when it is over."""
        return None if self.over else self.questions[self.at]

    @property
    def over(self) -> bool:
        """Whether nothing more is asked: all were answered, or an emergency ends the questions at once."""
        told = any(each.rank == "emergency" and each.id in self.yes for each in self.questions)
        return told or self.at >= len(self.questions)


def answered(asking: Asking, yes: bool) -> Asking:
    """Take the answer to the question that is asked now."""
    question = asking.now
    if question is None:
        return asking
    return replace(asking, at=asking.at + 1, yes=(*asking.yes, question.id) if yes else asking.yes)


def one_back(asking: Asking) -> Asking:
    """Ask the question before again; not after an emergency, which is answered at once."""
    if asking.at == 0 or asking.over:
        return asking
    before = asking.questions[asking.at - 1].id
    return replace(asking, at=asking.at - 1, yes=tuple(each for each in asking.yes if each != before))


@dataclass(frozen=True)
class Asked:
    """What the questions on warning signs have led to."""

    kept: bool
    english: tuple[str, ...]
    """What is said, one paragraph each, in English."""
    referrals: tuple[Referral, ...]
    """What is to be seen by a clinician by the log, besides."""
    may_go_on: bool
    """Whether exercises may be named afterwards."""
    emergency: bool
    """Whether the advice was to get help now."""
    open_emergency: bool | None = None
    """Of what has turned exercise prompts off before and still does: whether it is an emergency; None if nothing."""

    @property
    def texts(self) -> tuple[str, ...]:
        """What is said, one paragraph each."""
        if not self.kept:
            return (tr(NOTHING_KEPT),)
        off = () if self.open_emergency is None else (suspended_text(emergency=self.open_emergency),)
        said = (tr_safety(text) for text in self.english)
        return (*off, *said, *(referral.text for referral in self.referrals))


def keep_signs(settings: Settings, asking: Asking) -> Asked:
    """Store the answers, tell the daemon, and give what follows.

    A red flag counts even if the user has left before the last question; otherwise who leaves has answered nothing.
    """
    from posture.coach.pain import referrals
    from posture.control.channel import tell
    from posture.history.records import Point
    from posture.history.store import Store
    from posture.paths import history_to_write

    verdict, now = judge(asking.yes), datetime.now(UTC)
    if not asking.over and not verdict.suspends:
        return Asked(False, (), (), not care_now(settings).suspended, False)
    with Store(history_to_write(settings)) as writable:
        writable.write(points=[check_in_point(now, verdict)])
        care = care_of(writable, now)
        new = referrals(care.pains, now.timestamp(), care.referred)
        writable.write(points=[Point("referral", now, referral.key) for referral in new])
    tell("care")
    still_off = care.suspended and not verdict.suspends
    open_emergency = care.emergency if still_off else None
    return Asked(True, tuple(verdict.english), tuple(new), not care.suspended, verdict.emergency, open_emergency)


def care_now(settings: Settings) -> Care:
    """Read what is known about the user now."""
    with stored_records(settings) as reader:
        return care_of(reader, datetime.now(UTC))


def clear_signs(settings: Settings) -> None:
    """Turn exercise prompts on again: a clinician has looked at what was named, the user says."""
    from posture.control.channel import tell
    from posture.history.store import Store
    from posture.paths import history_to_write

    with Store(history_to_write(settings)) as writable:
        writable.write(points=[cleared_point(datetime.now(UTC))])
    tell("care")


@dataclass(frozen=True)
class Cleared:
    """What was kept of what has to be cleared first."""

    kept: bool
    conditions: tuple[str, ...] = ()
    left_out: int = 0
    """So many exercises are left out from now on."""
    of: int = 0

    @property
    def says(self) -> str:
        """What follows from it, as a sentence."""
        from posture.coach.safety import because_of

        if not self.left_out:
            return tr("Nothing is left out.")
        return trn(
            "With {conditions}, {n} of {all} exercises are left out from now on.",
            "With {conditions}, {n} of {all} exercises are left out from now on.",
            self.left_out,
            conditions=because_of(self.conditions),
            all=self.of,
        )


def keep_conditions(asking: Asking) -> Cleared:
    """Keep what has to be cleared first in the setting; who leaves without a yes is asked again another time.

    A yes counts even if the user leaves before the last question: what was asked about fits no less for that, and what
    was kept before stays.
    """
    from posture.coach.exercises import library
    from posture.control.channel import tell
    from posture.settings import find_spec
    from posture.settings_file import load_settings, set_setting
    from posture.settings_text import settings_path

    yes = asking.yes
    if not asking.over:
        if not yes:
            return Cleared(False)
        yes = tuple(dict.fromkeys((*load_settings().coach.conditions, *yes)))
    set_setting(settings_path(), find_spec("coach.clearance"), ", ".join(yes) or "none")
    tell("reload")
    out = [exercise for exercise in library() if set(yes) & set(exercise.unless)]
    return Cleared(True, tuple(yes), len(out), len(library()))


def signs() -> Asking:
    """Begin the questions on warning signs."""
    return Asking(QUESTIONS)


def conditions() -> Asking:
    """Begin the questions on what has to be cleared first."""
    return Asking(CONDITIONS)


def conditions_line(settings: Settings, *, in_window: bool = False) -> str:
    """Say what is left out, if that was answered; empty if it was not. The window names no setting."""
    from posture.coach.safety import because_of

    if settings.coach.conditions:
        why = because_of(settings.coach.conditions)
        if in_window:
            return tr("Exercises are left out because of {conditions}.", conditions=why)
        return tr("Exercises are left out because of {conditions} (coach.clearance).", conditions=why)
    if settings.coach.clearance:
        return tr("No exercise is left out: you have said that nothing has to be cleared first.")
    return ""
