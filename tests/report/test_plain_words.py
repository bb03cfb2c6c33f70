"""What people read has plain words, one for one thing, and a glossary that says what they mean."""

from __future__ import annotations

import argparse
import io
import json
import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from rich.console import Console

from posture.cli import glossary
from posture.coach.words import DEVIATION_WORDS
from posture.errors import PostureError
from posture.history.records import Memory
from posture.report.charts import CALENDAR_DAYS, draw
from posture.report.glossary import TERMS, find_term
from posture.report.page import page
from posture.report.review import Review, review
from posture.report.sample import LAST_DAY, sample_zone, write_sample
from posture.report.terminal import show_review
from posture.report.words import figure_rows
from posture.settings import GoalSettings, Settings

UNKNOWN_TO_PEOPLE = re.compile(
    r"\b(w50|bouts?|effective|prompts?|observed|held|deviations?|position changes?|bias|band|dose|verified"
    r"|forward head|lean left|lean right|shoulder tilt|too close_)\b",
    re.IGNORECASE,
)
SETTINGS = Settings(goals=GoalSettings(longest_bout_s=2700.0, breaks_per_hour=1.5, sitting_s=21600.0))
WEEK = [LAST_DAY - timedelta(days=n) for n in range(6, -1, -1)]
MONTH = [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]


@pytest.fixture(scope="module")
def sample() -> Memory:
    memory = Memory()
    write_sample(memory, sample_zone())
    return memory


def reviewed(sample: Memory, days: list[date]) -> Review:
    return review(sample, days, SETTINGS, sample_zone(), before=CALENDAR_DAYS - 1)


@pytest.mark.parametrize("days", [[WEEK[1]], [WEEK[2]], WEEK, [*MONTH, date(2026, 11, 1)]], ids=len)
def test_no_word_is_read_that_only_the_program_knows(sample: Memory, days: list[date]) -> None:
    found = reviewed(sample, days)
    file = io.StringIO()
    show_review(found, "Title", Console(file=file, width=120), exercises=True)
    charts = draw(found)
    text = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", page(found, "Title", charts, ""), flags=re.DOTALL)
    drawn = " ".join(" ".join(re.findall(r"<text[^>]*>(.*?)</text>", chart.svg, re.DOTALL)) for chart in charts)
    for said in (file.getvalue(), unescape(re.sub(r"<[^>]+>", " ", text)), drawn):
        # Why something was not judged is named by its own words.
        said = re.sub(r"(?i)(not|hardly) judged.{0,160}?because", "", " ".join(said.split()))
        assert UNKNOWN_TO_PEOPLE.findall(said) == []


def test_the_check_finds_what_it_looks_for() -> None:
    assert UNKNOWN_TO_PEOPLE.findall("W50 of 4 bouts, 3 effective breaks") == ["W50", "bouts", "effective"]


def test_the_glossary_has_what_the_figures_are_called(sample: Memory) -> None:
    said = " ".join(f"{term.word} {term.meaning}" for term in TERMS).casefold()
    for row in figure_rows(reviewed(sample, WEEK).whole):
        words = row.name.casefold().split()
        assert any(word.rstrip("s") in said for word in words) or row.name == "Viewing distance", row.name
    assert all(name in said for kind, name in DEVIATION_WORDS.items() if not kind.startswith("lean"))
    assert not UNKNOWN_TO_PEOPLE.findall(re.sub(r"\([a-z_.]+\)", "", said))


def test_every_word_is_found_in_a_page_of_its_own_and_in_ours() -> None:
    assert len({term.word.casefold() for term in TERMS}) == len(TERMS)
    assert all(find_term(term.word.upper()) is term for term in TERMS)
    assert find_term("typ") is find_term("Typical sitting")
    assert find_term("l") is None  # of two that begin with it, none
    assert find_term("W50") is None
    # The maintainers' glossary leads to this one, with the name each has in the code.
    ours = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text()
    for word in ("typical sitting", "longest sitting", "moved in your seat", "seen", "as you say"):
        assert word in ours
        assert any(word in term.word.casefold() for term in TERMS)


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    def typed(*words: str) -> int:
        parser = argparse.ArgumentParser()
        glossary.add_parser(parser.add_subparsers())
        return int(glossary.run(parser.parse_args(["glossary", *words])))

    assert typed() == 0
    assert all(f"{term.word}\n    {term.meaning}" in (capsys.readouterr().out or "") for term in TERMS[:1])
    assert typed("typical", "sitting") == 0
    assert capsys.readouterr().out.startswith("Typical sitting\n    Half of the time")
    assert typed("ql", "--json") == 0
    assert [entry["word"] for entry in json.loads(capsys.readouterr().out)] == ["QL"]
    with pytest.raises(PostureError, match="is not in the glossary"):
        typed("frobnicate")
