"""The red flags: the questions of a check-in, what an answer means, and the advice. Pure; no diagnosis.

Questions and ranks are those of the evidence, section 5. An emergency or urgent answer suspends exercise prompts until
the user clears it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Rank = Literal["emergency", "urgent", "routine", "clear"]

DISCLAIMER = (
    "Wellness reminder tool, not a medical device. It estimates posture from a camera, can be wrong, and does not "
    "diagnose, treat or prevent any condition. Stop anything that hurts; seek care for the listed warning signs."
)
"""The wording of the evidence, section 5."""


@dataclass(frozen=True)
class Question:
    """A question to be answered with yes or no."""

    id: str
    rank: Rank
    """What a yes means."""
    text: str


QUESTIONS: tuple[Question, ...] = (
    Question("saddle", "emergency", "Numbness between the legs, around the genitals or the seat?"),
    Question("bladder", "emergency", "Trouble passing urine, or losing urine, that is new?"),
    Question("bowel", "emergency", "A new change in bowel control, or in sexual function?"),
    Question("both_legs", "emergency", "Pain, tingling or weakness in both legs?"),
    Question("weaker", "emergency", "A weakness that is getting worse?"),
    Question("chest", "emergency", "Chest pain?"),
    Question("trauma", "emergency", "A hard fall, a crash or another serious injury lately?"),
    Question("night", "urgent", "Pain at night that no position changes?"),
    Question("severe", "urgent", "Severe pain, whatever you do or however you sit?"),
    Question("leg", "urgent", "Numbness or weakness in one leg?"),
    Question("fever", "urgent", "Fever, or losing weight without trying?"),
    Question(
        "history",
        "urgent",
        "Back pain, and have you had cancer, osteoporosis, long use of steroids, or a weak immune system?",
    ),
    Question("two_weeks", "routine", "Pain for two weeks or more that is not getting better?"),
)

ADVICE: Mapping[Rank, str] = {
    "emergency": (
        "Please get help now: call your emergency number or go to an emergency department, and say what you answered "
        "here. These signs need a person to look at them at once. Exercise prompts are off until you clear this with "
        "posture check-in --clear."
    ),
    "urgent": (
        "Please speak to a clinician soon, today or tomorrow, and say what you answered here. Exercise prompts are off "
        "until you clear this with posture check-in --clear."
    ),
    "routine": (
        "Please make an appointment with a clinician or physiotherapist. Until then stay gently active, and leave out "
        "what hurts."
    ),
    "clear": "No warning sign today. Stay gently active, and stop anything that hurts.",
}

SUSPENDED = (
    "Exercise prompts are off since your last check-in named a warning sign. Please have it looked at; "
    "posture check-in --clear turns them on again."
)

STOP = "Stop at new leg symptoms, sharp pain or dizziness."
CLEARANCE = (
    "Ask a clinician first after recent surgery or a fracture, with osteoporosis, late in pregnancy, or with a hip "
    "replacement."
)
"""The universal stop and the clearance of the evidence, section 3."""

_RANKS: tuple[Rank, ...] = ("emergency", "urgent", "routine")

# Words in a user's note that belong to the red flags [design choice].
_WORDS = re.compile(
    r"bladder|bowel|incontinen|urinat|\bpee(ing)?\b|\burine\b|genital|saddle|groin numb|numb(ness)? (in|of) (the |my )?"
    r"(groin|seat|buttocks)|both legs|chest pain",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Verdict:
    """What the answers add up to."""

    rank: Rank
    """The worst of the answers."""
    items: tuple[str, ...] = ()
    """Ids of the questions answered with yes."""

    @property
    def suspends(self) -> bool:
        """Whether exercise prompts stop, as they do for a red flag (evidence, section 5)."""
        return self.rank in ("emergency", "urgent")

    @property
    def texts(self) -> list[str]:
        """The advice of each rank that was answered with yes, worst first."""
        ranks = {question.rank for question in QUESTIONS if question.id in self.items}
        return [ADVICE[rank] for rank in _RANKS if rank in ranks] or [ADVICE["clear"]]


def judge(yes: Sequence[str]) -> Verdict:
    """Judge a check-in by the ids of the questions answered with yes."""
    answered = [question for question in QUESTIONS if question.id in yes]
    ranks = {question.rank for question in answered}
    rank: Rank = next((rank for rank in _RANKS if rank in ranks), "clear")
    return Verdict(rank, tuple(question.id for question in answered))


def names_red_flag(note: str) -> bool:
    """Whether a note mentions a red flag, such as a bowel or bladder change."""
    return _WORDS.search(note) is not None
