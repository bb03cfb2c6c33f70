"""The coach in another language: all it says is translated, what is compared and what a user has written is not."""

from __future__ import annotations

import re
from dataclasses import replace
from gettext import NullTranslations
from typing import get_args

import pytest

from posture import language
from posture.coach.about import topics
from posture.coach.bars import NAMES, names_of
from posture.coach.direction import DirectionState, Felt, result_texts, steps
from posture.coach.disclaimer import DISCLAIMER
from posture.coach.event_text import event_line
from posture.coach.exercise import BOTH_SIDES
from posture.coach.exercise_file import read
from posture.coach.exercises import find_exercise, typed_exercise
from posture.coach.findings import KINDS, remarks
from posture.coach.hold import HoldState, plan_for
from posture.coach.packaged import packaged
from posture.coach.reminder import ReminderKind
from posture.coach.safety import QUESTIONS, STOP, SUSPENDED, beside, judge, left_out, suspended_text
from posture.coach.sentences import MOVES_UNSEEN, Facts, body_of, title_of
from posture.coach.told import done_words, planned
from posture.timeline.events import UnjudgedStarted

GERMAN = {"Breathe into the open {side} flank.": "Atme in die offene {side:linke|rechte} Flanke."}


class Bracketed(NullTranslations):
    """Puts every text in brackets, so that what is not translated stands outside of any."""

    def gettext(self, message: str) -> str:
        if "⟦" in message or message in GERMAN.values():
            return message
        return GERMAN.get(message, f"⟦{message}⟧")

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"⟦{one if n == 1 else many}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧"


@pytest.fixture(autouse=True)
def _spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language._speech, "catalogue", Bracketed())
    monkeypatch.setattr(language._speech, "name", "brackets")


def left_in_english(text: str) -> str:
    """What stands outside of all brackets and is a word."""
    while text != (text := re.sub("⟦[^⟦⟧]*⟧", "", text)):
        pass
    return " ".join(re.findall(r"[A-Za-z]{2,}", text))


def test_exercises_come_in_the_language_and_are_found_by_either_name() -> None:
    found = find_exercise("ql_stand")
    assert (found.name, found.target, found.group) == ("⟦Standing side-bend⟧", "QL", "QL")
    assert typed_exercise("standing side").id == typed_exercise(found.name).id == "ql_stand"
    assert found.steps_for("left")[2] == "Atme in die offene linke Flanke."
    assert found.steps_for("right")[2] == "Atme in die offene rechte Flanke."
    for exercise in packaged():
        for text in (exercise.name, *exercise.avoid, exercise.source, exercise.dose.source, exercise.camera.says):
            assert text.startswith("⟦"), text
        assert not left_in_english(exercise.dose.words)
        plan = plan_for(exercise, BOTH_SIDES, seen=False)
        assert not left_in_english(planned(exercise, plan))
        assert not left_in_english(done_words(exercise, HoldState(), plan, verified=False))
        assert not left_in_english(
            done_words(exercise, HoldState(done=plan.target, held_s=plan.target), plan, verified=True)
        )
    assert all(not left_in_english(" ".join((topic.title, topic.text, *topic.sources))) for topic in topics())


def test_what_a_user_has_written_stays() -> None:
    own = """
[[exercise]]
id = "mine"
name = "Arms up"
position = "standing"
sides = "both"
line = "Raise both arms."
steps = ["Raise both arms."]
dose = { form = "hold", hold_s = [10, 20], times = [1, 2] }
"""
    (exercise,) = read(own).exercises
    assert (exercise.name, exercise.source) == ("Arms up", "⟦your own⟧")
    assert exercise.camera.says == "⟦It is one of your own: timed only.⟧"


@pytest.mark.parametrize("kind", get_args(ReminderKind))
def test_a_reminder_is_translated_whole(kind: ReminderKind) -> None:
    facts = Facts(2000.0, 1800.0, "sitting", least_s=1000.0, deviation="slump" if kind == "posture" else None)
    several = [facts, replace(facts, what=MOVES_UNSEEN, limit_why="shorter since standing hurts by your log")]
    several += [replace(facts, said=True), replace(facts, call_s=300.0, walks=False)]
    several += [replace(facts, hurts=frozenset(hurts)) for hurts in (("standing",), ("sitting",), ("shoulder",))]
    several += [replace(facts, exercise=find_exercise("ql_stand"), side="left", leant="left")]
    for each in several:
        for text in (title_of(kind, each), body_of(kind, each), each.why):
            assert not left_in_english(text), text


def test_safety_texts_are_translated_and_have_their_english_at_hand() -> None:
    said = [suspended_text(emergency=True), *judge([question.id for question in QUESTIONS]).texts]
    said += [question.text for question in QUESTIONS]
    said += [left_out("⟦X⟧", ("surgery", "balance"), ("surgery", "balance")), *steps("flexion"), Felt(3, "thigh").words]
    said += result_texts(DirectionState(refused="numb"), "any")
    assert not [text for text in said if left_in_english(text)]
    shown = beside(STOP, QUESTIONS[0], judge(["saddle"]))
    assert all(text in shown for text in (STOP, QUESTIONS[0].english, *judge(["saddle"]).english))
    assert DISCLAIMER not in shown
    assert SUSPENDED not in shown


def test_nothing_goes_with_them_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language._speech, "catalogue", None)
    assert beside(STOP, *QUESTIONS) == ""
    monkeypatch.setattr(language._speech, "name", "en")
    assert find_exercise("ql_stand").name == "Standing side-bend"


def test_deviations_and_findings_are_named_in_the_language() -> None:
    assert not left_in_english(names_of(list(NAMES)).replace("and", ""))
    event = UnjudgedStarted(1.0, 0.0, ("slump",), "the shoulders are hidden")
    assert not left_in_english(event_line(event))
    results = {"left": 10.0, "right": 40.0, "left_in": 10.0, "left_out": 40.0, "right_in": 40.0, "right_out": 40.0}
    for kind in KINDS:
        for seen in (results, {"left": 1.0, "right": 1.0}, {"left": 1.0}):
            for text in remarks(kind, [(0.0, kind, seen)]):
                assert not left_in_english(text), text
