"""`posture about`, and the same in the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from posture.cli.main import main
from posture.coach.about import topics
from posture.history.records import Memory
from posture.report.page import page
from posture.report.review import review
from posture.settings import Settings


def test_without_a_topic_all_are_listed(printed: Callable[..., str]) -> None:
    shown = printed("about")
    assert all(topic.id in shown and topic.title in shown for topic in topics())


def test_a_topic_says_what_is_known_and_who_says_so(printed: Callable[..., str]) -> None:
    shown = " ".join(printed("about", "massage").split())
    assert "never through pain" in shown
    assert "NICE guideline NG59" in shown


def test_another_program_can_read_it(printed: Callable[..., str]) -> None:
    (found,) = json.loads(printed("about", "rest", "--json"))
    assert found["id"] == "rest"
    assert set(found) == {"id", "title", "text", "sources"}
    assert len(json.loads(printed("about", "--json"))) == len(topics())


def test_an_unknown_topic_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["about", "magnets"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_report_has_them_folded_away() -> None:
    found = review(Memory(), [datetime(2026, 3, 2, tzinfo=UTC).date()], Settings(), UTC)
    text = page(found, "A day", [], "", topics=topics())
    for topic in topics():
        assert f"<summary>{topic.title}</summary>" in text
        assert f"<summary>{topic.title}</summary>" not in page(found, "A day", [], "")
