"""The report in other languages: dates, the words of the glossary, and charts with characters that take two columns."""

from __future__ import annotations

import re
from datetime import date

import pytest

from posture import language
from posture.report.chart_svg import Axis, Parts, one_size
from posture.report.days import Days
from posture.report.glossary import find_term


class Words:
    """A catalogue with some words."""

    def __init__(self, words: dict[str, str]) -> None:
        self._words = words

    def gettext(self, message: str) -> str:
        return self._words.get(message, message)

    def pgettext(self, _context: str, message: str) -> str:
        return self.gettext(message)


def drawn(name: str) -> tuple[str, float]:
    """A chart with a name at its axis, and where that name ends."""
    chart = one_size(
        Parts("a-chart", "A chart", "", ()), lambda plot: plot.lay_out(Axis(0.0, 1.0), Axis(0.0, 1.0, [(0.5, name)]))
    )
    (end,) = re.findall(r'<text x="([0-9.]+)"[^>]*text-anchor:end', chart.svg)
    return chart.svg, float(end)


def test_a_chart_leaves_room_for_wide_characters_and_keeps_them_as_text() -> None:
    narrow, wide = drawn("abcd"), drawn("猫背です")
    assert "猫背です</text>" in wide[0]
    # Four characters of 10 px each, behind the margin.
    assert wide[1] >= 40.0
    assert wide[1] > 1.3 * narrow[1]


def test_the_title_of_days_has_whole_weekdays(monkeypatch: pytest.MonkeyPatch) -> None:
    day = Days(date(2026, 10, 6), date(2026, 10, 6))
    assert day.title == "Tuesday 6 October 2026"
    said = {}
    for name in ("de", "fr", "es", "it", "pt_BR", "ja"):
        monkeypatch.setattr(language._speech, "name", name)
        said[name] = day.title
    assert said == {
        "de": "Dienstag, 6. Oktober 2026",
        "fr": "mardi 6 octobre 2026",
        "es": "martes, 6 de octubre de 2026",
        "it": "martedì 6 ottobre 2026",
        "pt_BR": "terça-feira, 6 de outubro de 2026",
        "ja": "2026年10月6日火曜日",
    }


def test_a_word_is_found_in_the_language_and_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language._speech, "name", "de")
    monkeypatch.setattr(language._speech, "catalogue", Words({"Break": "Pause", "Left": "Gegangen"}))
    pause, gone = find_term("pause"), find_term("left")
    assert pause is not None
    assert pause is find_term("break")
    assert pause.said.word == "Pause"
    assert gone is not None
    assert gone.said.word == "Gegangen"
