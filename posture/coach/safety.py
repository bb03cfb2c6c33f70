"""The red flags: the questions of a check-in, what an answer means, and the advice. Pure; no diagnosis.

Questions and ranks are those of the evidence, section 5. An emergency or urgent answer suspends exercise prompts until
the user clears it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from posture.language import english_at_hand, listed, mark_safety, tr_safety

Rank = Literal["emergency", "urgent", "routine", "clear"]


@dataclass(frozen=True)
class Question:
    """A question to be answered with yes or no."""

    id: str
    rank: Rank
    """What a yes means."""
    english: str

    @property
    def text(self) -> str:
        """The question in the language; its `english` goes with it, see `beside`."""
        return tr_safety(self.english)


QUESTIONS: tuple[Question, ...] = (
    Question(
        "saddle",
        "emergency",
        mark_safety("Numbness, tingling or changed feeling between the legs, around the genitals or the back passage?"),
    ),
    Question("bladder", "emergency", mark_safety("New trouble starting, feeling or holding urine?")),
    Question(
        "bowel",
        "emergency",
        mark_safety("New loss of bowel control or feeling, or a new change in sexual feeling or function?"),
    ),
    Question(
        "both_legs",
        "emergency",
        mark_safety("New pain, tingling, numbness or weakness in both legs?"),
    ),
    Question(
        "weaker",
        "emergency",
        mark_safety(
            "A foot that drops or drags, legs that are suddenly heavy or unsteady, or weakness of an arm or "
            "a leg that is severe, sudden or getting worse?"
        ),
    ),
    Question(
        "chest",
        "emergency",
        mark_safety(
            "Chest pain now, with or without pain in the arm, jaw or back? Or sudden severe back or belly "
            "pain with faintness, sweating or breathlessness?"
        ),
    ),
    Question(
        "head",
        "emergency",
        mark_safety(
            "Sudden severe headache or neck pain unlike any before, or neck pain with double vision, slurred "
            "speech, fainting or a drooping face?"
        ),
    ),
    Question(
        "ill",
        "emergency",
        mark_safety(
            "Fever together with any of these: a stiff neck, numbness or weakness, feeling very ill? Or, in "
            "pregnancy, bleeding, waters breaking or regular pains (then call your maternity unit)?"
        ),
    ),
    Question(
        "trauma",
        "emergency",
        mark_safety("A serious fall, accident or other injury in the last weeks, with pain since?"),
    ),
    Question("night", "urgent", mark_safety("Pain at night that no position changes?")),
    Question(
        "severe",
        "urgent",
        mark_safety(
            "Severe pain, whatever you do or however you sit, or pain that coughing, sneezing or straining "
            "makes worse and that does not settle?"
        ),
    ),
    Question(
        "leg",
        "urgent",
        mark_safety(
            "New numbness or weakness in one leg or arm, hands that have become clumsy, or walking that has "
            "become unsteady?"
        ),
    ),
    Question(
        "fever",
        "urgent",
        mark_safety(
            "Back or neck pain with fever or sweats, with losing weight without trying, or with burning or "
            "blood in the urine?"
        ),
    ),
    Question(
        "shape",
        "urgent",
        mark_safety("A lump or a changed shape of the back, or constant pain between the shoulder blades?"),
    ),
    Question(
        "history",
        "urgent",
        mark_safety(
            "New or worse back or neck pain, and have you had cancer, osteoporosis, long use of steroids, a "
            "weak immune system, injected drugs, or a recent infection or spinal procedure? Or pain since a "
            "small fall or a lift, and are you over 70?"
        ),
    ),
    Question(
        "two_weeks",
        "routine",
        mark_safety(
            "Pain for two weeks or more that is not getting better, pain in the legs on walking that sitting "
            "eases, or pain that began before 45, lasts over three months and wakes you late in the night?"
        ),
    ),
)
"""After the evidence, section 5: what is new or now, worst first."""

ADVICE: Mapping[Rank, str] = {
    "emergency": (
        mark_safety(
            "Please get help now: call your emergency number or go to an emergency department, and say what "
            "you answered here. Do not wait to see whether it passes; if you feel unwell, do not drive "
            "yourself. Exercise prompts are off until you clear this with posture check-in --clear."
        )
    ),
    "urgent": (
        mark_safety(
            "Please speak to a clinician soon, today or tomorrow, and say what you answered here. It is "
            "seldom serious; a person should look at it. Exercise prompts are off until you clear this with "
            "posture check-in --clear."
        )
    ),
    "routine": (
        mark_safety(
            "Please make an appointment with a clinician or physiotherapist. Until then stay gently active, "
            "and leave out what hurts."
        )
    ),
    "clear": (
        mark_safety(
            "You answered no to all of these signs. Stay gently active, and stop anything that hurts. If one "
            "of them appears, or you are worried, ask a clinician without waiting."
        )
    ),
}

SUSPENDED = mark_safety(
    "Exercise prompts have been off since a check-in named a warning sign. Please have it looked at; "
    "posture check-in --clear turns them on again."
)
SUSPENDED_EMERGENCY = mark_safety(
    "If you have not had help yet, get it now; posture check-in --show says what was advised. Exercise prompts have "
    "been off since a check-in named a warning sign. Please have it looked at; posture check-in --clear turns them on "
    "again."
)

STOP = mark_safety("Stop at new leg symptoms, sharp pain or dizziness.")
CLEARANCE = mark_safety(
    "Ask a clinician first after recent surgery or a fracture, with osteoporosis, late in pregnancy, "
    "with a hip replacement, or if your balance is poor."
)
"""The universal stop and the clearance of the evidence, section 3; balance is a design choice."""

CONDITION_QUESTIONS: Mapping[str, str] = {
    "surgery": mark_safety("Surgery in the last three months?"),
    "fracture": mark_safety("A broken bone in the last three months?"),
    "osteoporosis": mark_safety("Osteoporosis?"),
    "late_pregnancy": mark_safety("Pregnant, in the last three months of it?"),
    "hip_replacement": mark_safety("A hip replacement, however long ago?"),
    "balance": mark_safety("Poor balance, or a fall in the last year?"),
}
"""How the conditions of `posture.settings.CONDITIONS` are asked for; the spans are design choices."""
_CONDITION_WORDS = {
    "surgery": mark_safety("recent surgery"),
    "fracture": mark_safety("a recent fracture"),
    "osteoporosis": mark_safety("osteoporosis"),
    "late_pregnancy": mark_safety("late pregnancy"),
    "hip_replacement": mark_safety("a hip replacement"),
    "balance": mark_safety("poor balance"),
}

IN_A_NOTE = mark_safety(
    "Some of what you wrote is among the warning signs. Please answer posture check-in now; it takes a minute."
)

_RANKS: tuple[Rank, ...] = ("emergency", "urgent", "routine")


@dataclass(frozen=True)
class Verdict:
    """What the answers add up to."""

    rank: Rank
    """The worst of the answers."""
    items: tuple[str, ...] = ()
    """Ids of the questions answered with yes."""

    @property
    def emergency(self) -> bool:
        """Whether the advice is to get help now."""
        return self.rank == "emergency"

    @property
    def suspends(self) -> bool:
        """Whether exercise prompts stop, as they do for a red flag (evidence, section 5)."""
        return self.rank in ("emergency", "urgent")

    @property
    def texts(self) -> list[str]:
        """The advice of each rank that was answered with yes, worst first."""
        return [tr_safety(text) for text in self.english]

    @property
    def english(self) -> list[str]:
        """The English of `texts`."""
        ranks = {self.rank, *(question.rank for question in QUESTIONS if question.id in self.items)}
        return [ADVICE[rank] for rank in _RANKS if rank in ranks] or [ADVICE["clear"]]


def judge(yes: Sequence[str]) -> Verdict:
    """Judge a check-in by the ids of the questions answered with yes."""
    answered = [question for question in QUESTIONS if question.id in yes]
    ranks = {question.rank for question in answered}
    rank: Rank = next((rank for rank in _RANKS if rank in ranks), "clear")
    return Verdict(rank, tuple(question.id for question in answered))


def together(first: Verdict, second: Verdict) -> Verdict:
    """What two verdicts add up to: the worse rank, and the answers of both."""
    rank: Rank = next((rank for rank in _RANKS if rank in (first.rank, second.rank)), "clear")
    items = {*first.items, *second.items}
    return Verdict(rank, tuple(question.id for question in QUESTIONS if question.id in items))


def suspended_text(*, emergency: bool) -> str:
    """Say why exercise prompts are off; an open emergency comes before anything else."""
    return tr_safety(SUSPENDED_EMERGENCY if emergency else SUSPENDED)


def beside(*shown: str | Question | Verdict) -> str:
    """Give what goes with safety texts that are shown in another language; see `posture.language.english_at_hand`.

    Parameters
    ----------
    *shown : str, Question or Verdict
        What is shown: constants of this module, such as `DISCLAIMER`, `STOP`, `SUSPENDED_EMERGENCY`; questions; what
        the answers came to.

    Returns
    -------
    str
        Empty in English, and where a clinician has read the translation.
    """
    english: list[str] = []
    for each in shown:
        english += [each] if isinstance(each, str) else [each.english] if isinstance(each, Question) else each.english
    return english_at_hand(*english)


def because_of(conditions: Sequence[str]) -> str:
    """Name conditions: "osteoporosis and poor balance"."""
    return listed([tr_safety(_CONDITION_WORDS[name]) for name in conditions])


def left_out(name: str, unless: Sequence[str], conditions: Sequence[str]) -> str:
    """Say why an exercise of this name is left out, by what takes it out and what the user has; empty if it is not."""
    both = [condition for condition in conditions if condition in unless]
    if not both:
        return ""
    return tr_safety(
        "{name} is left out because of {conditions}: ask a clinician first.", name=name, conditions=because_of(both)
    )
