"""The first page and its strip, from real records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from window_rig import app, around, wait_for

from posture.history.records import Interval
from posture.history.store import Store
from posture.report.answer import Strip
from posture.report.figures import State
from posture.window.day_strip import NAMES, DayStrip, axis_of, spoken
from posture.window.today import NOT_RUNNING, Today, now_texts

__all__ = ["app"]
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.usefixtures("app")
def test_the_day_is_said_drawn_and_spoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    now = datetime.now(UTC)
    midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    begin = max(midnight, now - timedelta(minutes=40))
    with Store(tmp_path / "history.sqlite3") as store:
        store.write([Interval("watch", "camera", begin, now), Interval("presence", "sitting", begin, now)])
    page = Today(around())
    page.resize(900, 600)
    page.show()
    page.open_at("")
    page.on_status(None)
    wait_for(lambda: page._answer.text(), "the day is said")
    assert "you sat" in page._answer.text()
    assert page._strip.isVisibleTo(page)
    assert "sitting" in page._strip.accessibleDescription()
    assert "Sitting: " in page._figures[0].accessibleName()
    assert page._now.text() == NOT_RUNNING


@pytest.mark.usefixtures("app")
def test_a_history_that_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    (tmp_path / "history.sqlite3").write_bytes(b"no history" * 100)
    page = Today(around())
    page.open_at("")
    assert page._answer.text().endswith(".")
    assert not page._strip.isVisibleTo(page)


def test_without_a_daemon_it_says_so() -> None:
    headline, _, said = now_texts(None)
    assert headline == NOT_RUNNING
    assert "nothing is counted" in said


@given(st.lists(st.tuples(st.integers(1, 300), st.sampled_from(list(NAMES))), min_size=1, max_size=20))
def test_the_axis_holds_every_piece_and_the_words_every_state(pieces: list[tuple[int, State]]) -> None:
    at, found = NOON, []
    for lasted_min, state in pieces:
        found.append((at, at + timedelta(minutes=lasted_min), state))
        at = found[-1][1]
    strip = Strip(NOON.date(), tuple(found), (), ())
    axis = axis_of(strip, UTC)
    assert all(0.0 <= axis.at(begin) <= axis.at(end) <= 1.0 for begin, end, _ in found)
    assert axis.end - axis.begin >= timedelta(hours=4)
    assert len(axis.ticks) <= 13
    assert all(NAMES[state] in spoken(strip) for _, state in pieces)


@pytest.mark.usefixtures("app")
def test_the_mouse_is_told_what_was_there() -> None:
    strip = DayStrip()
    strip.resize(488, 120)
    strip.show_strip(Strip(NOON.date(), ((NOON, NOON + timedelta(hours=2), "standing"),), (), ()), UTC)
    assert strip.said_at(4 + 120) == "12:00 to 14:00: standing"
    assert strip.said_at(4 + 400) == ""
    strip.show_strip(None)
    assert not strip.isVisible()
