"""Commands in another language: safety texts have their English once, and columns stay columns."""

from __future__ import annotations

import pytest
from longer_words import NAME, catalogue, longer

from posture.cli.main import main
from posture.coach.pain import LOOK
from posture.coach.safety import CLEARANCE, QUESTIONS, STOP
from posture.guided.pain_log import STRONG_PAIN
from posture.plain_text import width

__all__ = ["catalogue"]

pytestmark = pytest.mark.usefixtures("own_folder", "catalogue")


@pytest.fixture(autouse=True)
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_LANGUAGE", NAME)


@pytest.mark.parametrize(
    ("words", "safety"), [(["plan"], [STOP]), (["exercises", "show", "bird_dog"], [STOP, CLEARANCE])]
)
def test_a_safety_text_has_its_english_once(
    capsys: pytest.CaptureFixture[str], words: list[str], safety: list[str]
) -> None:
    assert main(words) == 0
    said = capsys.readouterr().out
    for text in safety:
        assert said.count(longer(text)) == 1
        assert said.count(text) == 1, "the English stands beside it"


def test_the_questions_have_their_english_before_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from posture.cli import check_in

    monkeypatch.setattr(check_in, "_line", lambda: "n")
    assert main(["check-in"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    for question in QUESTIONS:
        assert said.count(question.english) == 1
        assert said.index(question.english) < said.index(longer(QUESTIONS[0].english))


def test_columns_begin_where_their_heads_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercises"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    begin = width(head[: head.index(longer("name"))])
    assert rows
    assert all(row[begin - 1] == " " != row[begin] for row in rows)


def test_a_document_stays_english(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercises", "--markdown"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("# Exercises")
    assert longer("Bird dog") not in said


def test_what_follows_from_a_pain_has_its_english_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "pain", "2", "--where", "low"]) == 0
    assert longer("The English text:") not in capsys.readouterr().out
    assert main(["log", "pain", "9", "--where", "leg-left", "--when", "walking", "--better", "sitting"]) == 0
    said = capsys.readouterr().out
    assert said.count(longer("The English text:")) == 1
    assert said.count(STRONG_PAIN) == said.count(LOOK) == 1
