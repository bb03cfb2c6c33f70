"""The page My back, by clicks and keys, with the history that the commands read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import pose_of, sitter
from window_rig import app, around, wait_for

from posture.coach.direction import STOPS
from posture.coach.pain import PainEntry
from posture.coach.safety import ADVICE, QUESTIONS, judge
from posture.guided import questions
from posture.guided.questions import answered, care_now, one_back
from posture.guided.today_plan import programme_now
from posture.history.care import check_in_point, pain_point, tension_point
from posture.history.records import Point
from posture.history.store import Store
from posture.pose.landmarks import Landmark
from posture.sensor.view_wire import View
from posture.settings import find_spec
from posture.settings_file import load_settings, set_setting
from posture.settings_text import settings_path
from posture.window.back_pain_shown import NOTHING, shown
from posture.window.back_words import blocked_parts, in_window, off_english
from posture.window.my_back import PARTS, MyBack

__all__ = ["app"]
TYPED = re.compile(r"\bposture (check-in|stretch|plan|log|config|direction|self-check|about|setup)\b")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    with Store(tmp_path / "history.sqlite3") as store:
        yield store


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr("posture.control.channel.tell", said.append)
    return said


def page_at(part: str, went: list[str] | None = None) -> Any:
    page: Any = MyBack(around(went=went))
    page.resize(800, 600)
    page.show()
    page.open_at(part)
    return page


def texts(page: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(each.text() for each in page.findChildren(QLabel) if each.isVisibleTo(page))


def press(page: Any, text: str) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QPushButton

    QApplication.processEvents()  # all is in its place
    there = [each for each in page.findChildren(QPushButton) if each.isVisibleTo(page)]
    found = [each for each in there if each.text() == text and each.isEnabled()]
    assert found, (text, [each.text() for each in there])
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def key(widget: Any, which: str) -> None:
    from PySide6.QtTest import QTest

    QTest.keyClicks(widget, which)


def clear_first() -> None:
    set_setting(settings_path(), find_spec("coach.clearance"), "none")


# -- the check-in ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("app", "store")
def test_all_answered_with_no_by_keys(told: list[str]) -> None:
    page = page_at("check-in")
    press(page, "Answer the questions")
    for question in QUESTIONS:
        assert question.text in texts(page)
        key(page.part, "n")
    assert ADVICE["clear"] in texts(page)
    assert told == ["care"]
    assert care_now(load_settings()).checked_in_s is not None


@pytest.mark.usefixtures("app", "store", "told")
def test_an_emergency_is_answered_at_once_and_ended_only_when_it_was_looked_at() -> None:
    went: list[str] = []
    page = page_at("check-in", went)
    press(page, "Answer the questions")
    press(page, "No")
    press(page, "Yes")
    shows = texts(page)
    assert "Get help now" in shows
    assert "call your emergency number" in shows
    assert QUESTIONS[2].text not in shows, "an emergency ends the questions"
    assert care_now(load_settings()).emergency
    for part, _, _ in PARTS:
        page.open_at(part)
        assert "Exercise prompts have been off" in texts(page), part
        assert not TYPED.search(texts(page)), part
        assert "leaning" not in texts(page), part
    page.open_at("check-in")
    press(page, "It has been looked at")
    press(page, "No")
    assert care_now(load_settings()).suspended
    press(page, "It has been looked at")
    press(page, "Yes")
    assert not care_now(load_settings()).suspended
    page.open_at("plan")
    assert "Exercise prompts have been off" not in texts(page)


@pytest.mark.usefixtures("app", "store", "told")
def test_whoever_goes_elsewhere_after_a_sign_has_named_it() -> None:
    page = page_at("check-in")
    press(page, "Answer the questions")
    for _ in range(9):
        key(page.part, "n")
    key(page.part, "y")
    page.left()
    assert care_now(load_settings()).suspended
    page.open_at("check-in")
    page.part.come()
    press(page, "Answer the questions")
    assert page.escaped()
    assert care_now(load_settings()).suspended, "nothing answered takes nothing back"
    assert not page.escaped(), "then Esc closes the window"


@pytest.mark.usefixtures("app", "store", "told")
def test_another_tab_by_the_keyboard_keeps_a_yes_too() -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    page = page_at("check-in")
    press(page, "Answer the questions")
    for _ in range(9):
        key(page.part, "n")
    key(page.part, "y")
    QTest.keyClick(page.tabs, Qt.Key.Key_Left)
    assert PARTS[page.tabs.currentIndex()][0] == "plan"
    assert care_now(load_settings()).suspended
    assert "Exercise prompts have been off" in texts(page)


@pytest.mark.usefixtures("app", "store", "told")
def test_what_has_to_be_cleared_is_kept_as_the_command_keeps_it() -> None:
    page = page_at("check-in")
    press(page, "Answer what has to be cleared first")
    for number in range(6):
        press(page, "Yes" if number == 2 else "No")
    assert load_settings().coach.conditions == ("osteoporosis",)
    assert "because of osteoporosis" in texts(page)


@given(st.lists(st.booleans(), max_size=20), st.integers(0, 5))
def test_a_step_back_takes_the_answer_back(answers: list[bool], steps: int) -> None:
    asking = questions.signs()
    for yes in answers:
        asking = answered(asking, yes)
    before = asking
    for _ in range(steps):
        asking = one_back(asking)
    if before.over:
        assert asking == before
    else:
        assert asking.at == max(0, before.at - steps)
        assert set(asking.yes) <= {question.id for question in QUESTIONS[: asking.at]}


# -- pain and tension --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("app")
def test_a_week_of_logs_is_stored_said_and_drawn(store: Store, told: list[str]) -> None:
    now = datetime.now(UTC)
    for days in range(7, 0, -1):
        at = now - timedelta(days=days)
        store.write(points=[pain_point(at, PainEntry(at.timestamp(), 2 + days % 3, "low", "sitting"))])
        store.write(points=[tension_point(at + timedelta(hours=1), 4, "")])
    page = page_at("pain")
    part = page.part
    assert "Pain: 7 entries in the last four weeks, on 7 days, between 2 and 4 of 10" in part.words.text()
    part.pain.slider.setValue(3)
    part.where.setCurrentIndex(part.where.findData("low-left"))
    press(page, "Log this pain")
    assert "Logged: 3 of 10, low left." in texts(page)
    assert told == ["care"]
    assert [each.where for each in care_now(load_settings()).pains][-1] == "low-left"
    assert "Pain: 8 entries" in part.chart.accessibleDescription()
    part.tension.slider.setValue(5)
    press(page, "Log this tension")
    assert "tension 5 of 10" in texts(page)
    assert "Tension: 8 entries" in part.words.text()


@pytest.mark.usefixtures("app", "store", "told")
def test_a_slider_is_moved_by_keys_and_strong_pain_leads_to_the_questions() -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    page = page_at("pain")
    QTest.keyClick(page.part.pain.slider, Qt.Key.Key_End)
    assert "10 of 10" in texts(page)
    press(page, "Log this pain")
    assert "Please answer the check-in." in texts(page)
    press(page, "Answer the check-in")
    assert page.tabs.tabText(page.tabs.currentIndex()) == "Check-in"


@pytest.mark.usefixtures("app", "store", "told")
def test_a_note_with_a_warning_sign_leads_to_the_questions() -> None:
    page = page_at("pain")
    key(page.part.note, "numb between the legs")
    press(page, "Log this pain")
    assert "Some of what you wrote is among the warning signs." in texts(page)
    assert care_now(load_settings()).pains[-1].note == "numb between the legs"


@given(st.lists(st.tuples(st.integers(0, 60 * 24 * 40), st.integers(0, 10)), max_size=12))
def test_every_mark_is_on_the_chart_and_counted(entries: list[tuple[int, int]]) -> None:
    now = datetime(2026, 11, 27, 20, tzinfo=UTC)
    pains = [PainEntry((now - timedelta(minutes=ago)).timestamp(), level) for ago, level in entries]
    found = shown(pains, [Point("tension", now, "", {"level": "x"})], now, UTC)
    assert all(0.0 <= found.across(mark) <= 1.0 for mark in found.marks)
    recent = [ago for ago, _ in entries if now - timedelta(minutes=ago) >= found.begin]
    assert len(found.marks) == len(recent)
    assert (found.words == (NOTHING,)) == (not recent)


# -- the plan ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("app")
def test_the_plan_says_what_is_done_and_a_click_leads_to_the_rest(store: Store) -> None:
    clear_first()
    settings = load_settings()
    first, second, *_ = programme_now(settings, settings.coach.plan_s / 60.0).plan.items
    detail = {"hold_s": 3600.0, "reps": 500.0, "form": first.exercise.dose.form, "verified": True}
    for ago_ms, side in enumerate(("left", "right", "both")):
        at = datetime.now(UTC) - timedelta(milliseconds=ago_ms)
        store.write(points=[Point("hold", at, first.exercise.id, {**detail, "side": side})])
    went: list[str] = []
    page = page_at("plan", went)
    assert "1 of " in texts(page)
    assert "Done, seen by the camera" in texts(page)
    press(page, "Begin")
    assert went == [f"stretch:{second.exercise.id}"]


# -- the directional check ---------------------------------------------------------------------------------------------


def may_check(store: Store) -> Any:
    clear_first()
    store.write(points=[check_in_point(datetime.now(UTC), judge([]))])
    page = page_at("direction")
    page.part.faster = float("inf")
    press(page, "Begin")
    press(page, "No")
    page.part.level.slider.setValue(4)
    press(page, "Go on")
    return page


@pytest.mark.usefixtures("app", "told")
def test_a_check_is_led_to_its_end(store: Store) -> None:
    page = may_check(store)
    press(page, "Begin")
    wait_for(lambda: "How strong is it now" in texts(page), "the minute passes")
    page.part.level.slider.setValue(2)
    press(page, "Go on")
    assert "that way may suit you" in texts(page)
    check = care_now(load_settings()).directions[-1]
    assert check.answer == "extension"
    page.part.come()
    assert "once a day" in texts(page)


@pytest.mark.usefixtures("app", "told")
@pytest.mark.parametrize("why", list(STOPS))
def test_any_key_stops_at_once_and_an_emergency_is_one(why: str, store: Store) -> None:
    page = may_check(store)
    page.part.faster = 1.0
    press(page, "Begin")
    key(page.part, "x")
    assert "What was it?" in texts(page)
    text = in_window(STOPS[why])  # type: ignore[index]
    press(page, f"{text[:1].upper()}{text[1:]}")
    care = care_now(load_settings())
    assert care.suspended == (why == "warning")
    assert ("Get help now" in texts(page)) == (why == "warning")
    assert not TYPED.search(texts(page))
    assert (care.directions[-1:] == []) == (why == "left"), "who only leaves before a movement has tried nothing"


# -- self-checks -------------------------------------------------------------------------------------------------------


def bent(page: Any, parts: list[tuple[float, float]]) -> None:
    """Let the part look at somebody who leans by so many degrees for so many seconds, one after the other."""
    t_s = 0.0
    for seconds, deg in parts:
        turn, trunk_px = math.radians(deg), 110  # shoulders over hips, see people.PLACES
        moved = trunk_px * math.sin(turn), trunk_px * (1 - math.cos(turn))
        both = dict.fromkeys((Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER), moved)
        for _ in range(round(seconds / 0.125)):
            page.part._seen(View(t_s, "guide", pose=pose_of(sitter(both))))
            t_s += 0.125


def looking(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A page whose camera only shows what a test gives it, at the side-bend."""
    monkeypatch.setattr("posture.window.seeing.Seeing.start", lambda *_, **__: None)
    clear_first()
    page = page_at("self-check")
    press(page, "Begin")
    assert "Stop at new leg symptoms" in texts(page), "what is safe is said before the camera is opened"
    press(page, "Begin")
    return page


@pytest.mark.usefixtures("app", "store")
def test_a_self_check_is_led_kept_and_its_trend_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    page = looking(monkeypatch)
    bent(page, [(3, 0), (3, 20), (4, 0), (3, 4), (4, 0)])
    assert "left 1: 20°" in texts(page)
    assert "left 2: 4° (less than the camera can tell" in texts(page)
    press(page, "Stop")
    assert "Did you try right, as far as it went?" in texts(page)
    press(page, "Yes")
    kept = care_now(load_settings()).self_checks
    assert [each.label for each in kept] == ["side-bend"]
    assert kept[0].detail["left"] == pytest.approx(20, abs=1)
    assert kept[0].detail["right"] == 0.0
    assert "look at the trend over weeks" in texts(page)
    assert "20°" in texts(page)


@pytest.mark.usefixtures("app", "store")
@pytest.mark.parametrize("asked", [True, False])
def test_whoever_goes_elsewhere_keeps_what_was_seen(asked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    page = looking(monkeypatch)
    bent(page, [(3, 0), (3, 20), (4, 0)])
    if asked:
        press(page, "Stop")
    page.left()
    assert [each.label for each in care_now(load_settings()).self_checks] == ["side-bend"]


@pytest.mark.usefixtures("app", "store")
def test_without_a_camera_it_says_why_and_leads_back(monkeypatch: pytest.MonkeyPatch) -> None:
    page = looking(monkeypatch)
    page.part.seeing.failed.emit("No camera was found.")
    assert "No camera was found." in texts(page)
    press(page, "All self-checks")
    assert "Side-bend, standing" in texts(page)


# -- the rest ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("app", "store")
@pytest.mark.parametrize("part", [key for key, _, _ in PARTS])
def test_every_part_opens_by_name_fits_and_names_no_command(part: str) -> None:
    from PySide6.QtWidgets import QAbstractButton, QComboBox, QSlider

    page = page_at(part)
    assert PARTS[page.tabs.currentIndex()][0] == part
    assert not TYPED.search(texts(page))
    assert page.widget().minimumSizeHint().width() <= 600
    for kind in (QSlider, QComboBox):
        assert all(each.accessibleName() for each in page.findChildren(kind))
    assert all(
        each.text() or each.accessibleName() for each in page.findChildren(QAbstractButton) if each.isVisibleTo(page)
    )


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("part", ["pain", "plan", "check-in", "direction", "self-check"])
def test_a_history_that_cannot_be_read_is_said(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    (tmp_path / "history.sqlite3").write_bytes(b"no history" * 100)
    assert "history" in texts(page_at(part))


@pytest.mark.usefixtures("app")
def test_no_command_is_named_where_a_place_is_meant() -> None:
    from posture.coach import direction, pain, safety
    from posture.guided import pain_log

    said = [safety.SUSPENDED, safety.IN_A_NOTE, *safety.ADVICE.values(), *off_english(emergency=True)]
    said += [direction.CHECK_IN, direction.GET_HELP, direction.STOP_RULES, *direction.STOPS.values()]
    said += [pain_log.AT_NIGHT, pain_log.STRONG_PAIN]
    entries = [PainEntry(day * 86400.0, 3 + day, when="night") for day in range(6)]
    said += [each.message for each in pain.referrals(entries, 5 * 86400.0, ())]
    here = [in_window(text) for text in said]
    for why in ("red-flag", "clearance", "not-asked", "check-in", "today"):
        here += [part.text() for part in blocked_parts(why, emergency=True)]  # type: ignore[arg-type, attr-defined]
    assert all(not TYPED.search(text) and "coach." not in text for text in here)
