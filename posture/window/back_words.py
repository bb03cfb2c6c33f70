"""Texts of the commands as they are in the window, where a button or a tab stands for what is typed there."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from posture.coach.direction import (
    CHECK_IN,
    GET_HELP,
    STOP_RULES,
    STOPS,
    TAKES_BACK,
    Blocked,
    Said,
    Stop,
    blocked_text,
)
from posture.coach.pain import RISEN, Referral
from posture.coach.safety import ADVICE, IN_A_NOTE, STOP, SUSPENDED
from posture.guided.direction_check import ExercisesOffError
from posture.guided.pain_log import AT_NIGHT, STRONG_PAIN
from posture.language import mark, mark_safety, tr, tr_safety
from posture.window.english import english_beside
from posture.window.widgets import Role, label

OFF = mark_safety(
    "Exercise prompts have been off since a check-in named a warning sign. Please have it looked at; the button “It "
    "has been looked at” turns them on again."
)
NOT_HELPED_YET = mark_safety("If you have not had help yet, get it now; the tab “Check-in” says what was advised.")
IN_WINDOW: Mapping[str, str] = {
    SUSPENDED: OFF,
    ADVICE["emergency"]: mark_safety(
        "Please get help now: call your emergency number or go to an emergency department, and say what you answered "
        "here. Do not wait to see whether it passes; if you feel unwell, do not drive yourself. Exercise prompts are "
        "off until you clear this with the button “It has been looked at”."
    ),
    ADVICE["urgent"]: mark_safety(
        "Please speak to a clinician soon, today or tomorrow, and say what you answered here. It is seldom serious; a "
        "person should look at it. Exercise prompts are off until you clear this with the button “It has been looked "
        "at”."
    ),
    IN_A_NOTE: mark_safety(
        "Some of what you wrote is among the warning signs. Please answer the check-in now; it takes a minute."
    ),
    AT_NIGHT: mark_safety("If no position changes it at night, please answer the check-in."),
    STRONG_PAIN: mark_safety("That is strong. Please answer the check-in."),
    CHECK_IN: mark_safety("Please answer the check-in now."),
    GET_HELP: mark_safety(
        "Get help now: call your emergency number or go to an emergency department. When there is time, answer the "
        "check-in: it keeps what it was, and turns exercise prompts off."
    ),
    STOP_RULES: mark_safety(
        "Press Stop or any key at once: at anything new or further down the leg, numbness or weakness, dizziness, or "
        "pain that is two points more."
    ),
    TAKES_BACK: mark("Exercises are set to go towards {movement}: the page Preferences takes it back."),
    RISEN: mark_safety(
        "It has gone up by {points} points within {days} days: please see a clinician or physiotherapist, and leave "
        "out what makes it worse. The check-in asks about the warning signs."
    ),
    STOPS["warning"]: mark_safety("one of the emergency signs of the check-in"),
}
"""By the English text of the commands."""
_BLOCKED: Mapping[Blocked, str] = {
    "clearance": mark_safety(
        "With what you named in “What has to be cleared first”, please ask a clinician before any directional check."
    ),
    "not-asked": mark_safety(
        "First comes what has to be cleared with a clinician (recent surgery or a fracture, osteoporosis, late "
        "pregnancy, a hip replacement, poor balance): the tab “Check-in” asks."
    ),
    "check-in": mark_safety("First come the warning signs: answer the check-in, then come back within a day."),
}


def in_window(english: str) -> str:
    """Give the English of a text of the commands as it is in the window; the same text if nothing is typed in it."""
    return IN_WINDOW.get(english, english)


def off_english(*, emergency: bool) -> tuple[str, ...]:
    """Give the English of why exercise prompts are off; an open emergency comes before anything else."""
    return (NOT_HELPED_YET, OFF) if emergency else (OFF,)


def blocked_parts(why: Blocked, *, emergency: bool) -> list[QWidget]:
    """Say why no directional check may begin."""
    if why == "red-flag":
        return off_parts(emergency=emergency)
    return told(_BLOCKED[why]) if why in _BLOCKED else [label(blocked_text(why))]


def stop_words(why: Stop) -> str:
    """Say what a check was stopped for, as a line of a list."""
    return tr_safety(in_window(STOPS[why]))


def told(*english: str, role: Role = "", keys: bool = True) -> list[QWidget]:
    """Show safety texts in the language, a paragraph each, and what stands beside them."""
    here = [in_window(each) for each in english]
    return [*(label(tr_safety(each), role) for each in here), *english_beside(*here, keys=keys)]


def result_parts(said: Said, role: Role) -> list[QWidget]:
    """Show what a directional check came to."""
    if not said.safety:
        return [label(" ".join(tr(in_window(each), **said.values) for each in said.english), role)]
    english = [in_window(each) for each in said.english]
    return [label(" ".join(tr_safety(each, **said.values) for each in english), role), *english_beside(*english)]


def referred(referral: Referral, role: Role = "") -> list[QWidget]:
    """Show that a clinician is to be seen."""
    if not referral.message:
        return told(referral.text, role=role)
    message = in_window(referral.message)
    beside = english_beside(message.format(**referral.values))
    return [label(tr_safety(message, **referral.values), role), *beside]


def off_parts(*, emergency: bool, role: Role = "warn") -> list[QWidget]:
    """Say why exercise prompts are off."""
    english = off_english(emergency=emergency)
    return [label(_paragraph(english), role), *english_beside(*english)]


def taken_text() -> str:
    """Say that a direction was taken."""
    return f"{tr('Plan and reminders follow it.')} {tr_safety(STOP)}"


def error_text(error: object) -> str:
    """Say an error as it is in the window."""
    if isinstance(error, ExercisesOffError):
        return _paragraph(off_english(emergency=error.emergency))
    return str(error)


def _paragraph(english: tuple[str, ...]) -> str:
    return " ".join(tr_safety(each) for each in english)
