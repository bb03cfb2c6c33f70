"""The history page: any span, in words, figures and drawings; and out as a file."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from window_rig import app, around

from posture.errors import PostureError
from posture.history.store import Store
from posture.report.sample import LAST_DAY, sample_zone, write_sample
from posture.window.day_spans import KINDS, Kind, span_of
from posture.window.history import History, save
from posture.window.svg_chart import SvgChart, coloured
from posture.window.theme import COLOURS

__all__ = ["app"]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.setenv("TZ", "Europe/Berlin")
    with Store(tmp_path / "history.sqlite3") as store:
        write_sample(store, sample_zone())
    return tmp_path


@pytest.mark.usefixtures("app", "kept")
def test_a_day_and_a_year() -> None:
    page = History(around())
    page.resize(900, 700)
    page.show()
    page.open_at(LAST_DAY.replace(day=20).isoformat())
    assert "20 October 2026" in page._title.text()
    assert "You sat" in page._answer.text()
    charts = page.findChildren(SvgChart)
    assert charts
    assert all(chart.accessibleName() and chart.accessibleDescription() for chart in charts)
    image = charts[0].grab().toImage()
    assert len({image.pixel(x, image.height() // 2) for x in range(0, image.width(), 3)}) > 3, "something is drawn"
    page.open_at("year")
    assert page._days.kind == "year"
    page.open_at("yesterweek")
    assert page._days.kind == "year", "what is no day changes nothing but what is said"


@pytest.mark.usefixtures("app", "kept")
def test_before_and_after() -> None:
    page = History(around())
    page.open_at("2026-10-21")
    page._before.click()
    assert "20 October" in page._title.text()
    page._after.click()
    assert "21 October" in page._title.text()
    page._today.click()
    assert page._days.last == date.today()
    assert not page._after.isEnabled()
    assert not page._today.isEnabled()


@pytest.mark.usefixtures("app")
def test_an_empty_and_a_broken_history_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    page = History(around())
    page.open_at("")
    assert "has not watched" in page._answer.text()
    (tmp_path / "history.sqlite3").write_bytes(b"no history" * 100)
    page.open_at("week")
    assert page._answer.text().endswith(".")


def test_it_is_saved_as_a_page_and_as_records(kept: Path) -> None:
    week = span_of("week", LAST_DAY)
    assert "Written" in save("report", week, kept / "week.html")
    assert "<!DOCTYPE html>" in (kept / "week.html").read_text()
    save("export", week, kept / "week.json")
    assert json.loads((kept / "week.json").read_text())
    with pytest.raises(PostureError, match="nowhere"):
        save("export", week, kept / "nowhere/week.csv")


@given(st.sampled_from(KINDS), st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-30, 30))
def test_spans_follow_each_other_without_gap_or_overlap(kind: Kind, day: date, by: int) -> None:
    span = span_of(kind, day)
    assert span.first <= day <= span.last
    after = span.turned(1)
    step = timedelta(days=1)
    assert after.first == span.last + step if kind != "year" else after.last.year == span.last.year + 1
    assert span.turned(by).turned(-by) == span
    assert span_of(kind, span.last) == span
    assert span.all[0] == span.first
    assert span.all[-1] == span.last


def test_no_variable_of_the_page_is_left() -> None:
    assert "var(" not in coloured('<path fill="var(--ink)" stroke="var(--new)"/>', COLOURS["dark"])
