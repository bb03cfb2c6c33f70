"""The window in another language: it changes at once, and longer texts find room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from longer_words import catalogue, longer
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication, QComboBox, QLabel
from window_rig import app, around, wait_for

from posture.coach.safety import ADVICE, QUESTIONS
from posture.language import language, speak
from posture.settings import find_spec
from posture.settings_file import load_settings, set_setting
from posture.window.first_steps import STEPS, FirstSteps
from posture.window.main_window import MainWindow
from posture.window.pages import PAGES
from posture.window.preferences import Preferences
from posture.window.qt_language import locale_of, speak_qt
from posture.window.step_safety import SafetyStep

__all__ = ["app", "catalogue"]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("POSTURE_CONFIG", str(path))
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    return path


@pytest.fixture
def window(app: QApplication, catalogue: None, file: Path) -> Iterator[MainWindow]:
    """The window in English, where another language can be chosen."""
    before = QLocale()
    found = MainWindow()
    found.show()
    yield found
    found.close()
    speak("en")
    speak_qt()
    QLocale.setDefault(before)


def titles(window: MainWindow) -> list[str]:
    return [window._sidebar.item(row).text() for row in range(window._sidebar.count())]


def test_it_is_chosen_in_the_preferences(window: MainWindow) -> None:
    window.go_to("today")
    window.go_to("preferences", "language")
    before = window.page
    assert isinstance(before, Preferences)
    choice = before._editors["general.language"].editor
    assert isinstance(choice, QComboBox)
    choice.setFocus()
    choice.setCurrentIndex(choice.findText("Deutsch"))
    choice.activated.emit(choice.currentIndex())
    wait_for(lambda: window.page is not before, "another page in the language")
    page = window.page
    assert isinstance(page, Preferences)
    assert load_settings().general.language == language() == "de"
    assert window.windowTitle() == f"{longer('Preferences')} - posture"
    assert titles(window) == [longer(spec.title) for spec in PAGES]
    assert page._search.text() == "language"
    assert page.focusWidget() is page._editors["general.language"].editor
    assert page._editors["coach.stand_after"].editor.accessibleName() == longer("Stand after")
    assert QLocale().language() == QLocale.Language.German
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"
    window.go_to("today")
    assert window.page._start.text() == longer("Start watching")  # type: ignore[attr-defined]


def test_it_is_chosen_elsewhere(window: MainWindow, file: Path) -> None:
    window.go_to("setup")
    page = window.page
    assert isinstance(page, FirstSteps)
    page.show_step("safety")
    set_setting(file, find_spec("general.language"), "de")
    window.daemon.changed.emit()
    assert window.page is not page
    assert isinstance(window.page, FirstSteps)
    assert window.page.title.text() == longer(STEPS["safety"])
    set_setting(file, find_spec("general.language"), "en")
    window.daemon.changed.emit()
    assert titles(window) == [spec.title for spec in PAGES]
    assert window.page.title.text() == STEPS["safety"]
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_longer_texts_find_room(window: MainWindow, file: Path) -> None:
    set_setting(file, find_spec("general.language"), "de")
    window.resize(780, 700)
    for spec in PAGES:
        window.go_to(spec.key)
        window.daemon.changed.emit()
        page = window.page
        for step in STEPS if isinstance(page, FirstSteps) else ("",):
            if isinstance(page, FirstSteps):
                page.show_step(step)
            wide, room = page.widget().minimumSizeHint().width(), page.viewport().width()
            assert wide <= room, f"{spec.key} {step}: {wide} px in {room}"
    side = window._sidebar
    assert side.sizeHintForColumn(0) <= side.viewport().width()


def test_the_english_stands_beside_each_safety_question(app: QApplication, catalogue: None, file: Path) -> None:
    speak("de")
    step = SafetyStep(around(), lambda: None, lambda: None)
    step.begin.click()
    for asked in QUESTIONS[:3]:
        assert step.signs.question.text() == longer(asked.english)
        assert any(asked.english in each.text() for each in step.signs.english.findChildren(QLabel))
        step.signs.no.click()
    step.signs.yes.click()
    shown = [each.text() for each in step.english.findChildren(QLabel)]
    assert longer(ADVICE["emergency"]) in step.said.text()
    assert any(ADVICE["emergency"] in text for text in shown)
    speak("en")
    step = SafetyStep(around(), lambda: None, lambda: None)
    step.begin.click()
    assert step.signs.question.text() == QUESTIONS[0].english
    assert not step.signs.english.findChildren(QLabel)


def test_the_country_is_that_of_the_system() -> None:
    british, c = QLocale("en_GB"), QLocale("C")
    assert locale_of("en", british) == british
    assert locale_of("en", c) == c
    assert locale_of("de", british).language() == QLocale.Language.German
    assert locale_of("de", QLocale("de_AT")) == QLocale("de_AT")
    assert locale_of("pt_BR", c) == QLocale("pt_BR")
