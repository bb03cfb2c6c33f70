"""Preferences: every setting, the same file, the same validation."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit
from window_rig import app
from window_rig import around as surroundings

from posture.guided.setting_words import plain_name, range_words, sections, speaking_of
from posture.settings import find_spec, setting_specs
from posture.settings_file import load_settings, set_setting
from posture.window.preferences import Preferences

__all__ = ["app"]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("POSTURE_CONFIG", str(path))
    return path


@pytest.fixture
def page(app: QApplication, file: Path) -> Preferences:
    found = Preferences(surroundings())
    found.resize(900, 700)
    found.show()
    found.open_at("")
    return found


def test_every_setting_is_there_with_its_range_and_default(page: Preferences) -> None:
    assert set(page._editors) == {spec.key for spec in setting_specs()}
    for spec in setting_specs():
        editor = page._editors[spec.key]
        assert spec.doc[1:] in editor.editor.accessibleDescription()
        assert plain_name(spec) == editor.editor.accessibleName()
        assert "default" in range_words(spec).lower()
        assert not editor.back.isEnabled(), "nothing is changed yet"
    assert {section.key for section in sections()} == {spec.section for spec in setting_specs()}


def test_what_is_typed_is_in_the_file_and_can_be_taken_back(page: Preferences, file: Path) -> None:
    editor = page._editors["coach.stand_after"]
    assert isinstance(editor.editor, QLineEdit)
    editor.editor.setFocus()
    editor.editor.selectAll()
    QTest.keyClicks(editor.editor, "45m")
    QTest.keyClick(editor.editor, Qt.Key.Key_Return)
    assert load_settings().coach.stand_after_s == 2700
    assert editor.back.isEnabled()
    QTest.mouseClick(editor.back, Qt.MouseButton.LeftButton)
    assert load_settings().coach.stand_after_s == 1800
    assert editor.editor.text() == "30m"


def test_what_is_not_allowed_is_said_and_not_kept(page: Preferences, file: Path) -> None:
    editor = page._editors["coach.stand_after"]
    assert isinstance(editor.editor, QLineEdit)
    editor.editor.setText("ninety")
    QTest.keyClick(editor.editor, Qt.Key.Key_Return)
    assert "duration" in editor._fault.text()
    assert editor._fault.isVisibleTo(page)
    assert not file.exists()
    editor.editor.setText("50m")
    QTest.keyClick(editor.editor, Qt.Key.Key_Return)
    assert editor._fault.text() == ""


def test_boxes_choices_and_numbers(page: Preferences) -> None:
    kinds = page._editors["coach.kinds"].editor
    next(box for box in kinds.findChildren(QCheckBox) if box.text() == "move").click()
    assert "move" not in load_settings().coach.kinds
    assert "stand" in load_settings().coach.kinds
    for spec in setting_specs():
        editor = page._editors[spec.key]
        if spec.kind == "flag":
            assert isinstance(editor.editor, QCheckBox)
            editor.editor.click()
            assert spec.of(load_settings()) is not spec.default


def test_a_change_from_elsewhere_is_shown(page: Preferences, file: Path) -> None:
    set_setting(file, find_spec("coach.stand_after"), "1h")
    page.on_status(None)
    editor = page._editors["coach.stand_after"].editor
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "1h"
    file.write_text("[coach\n")
    page.on_status(None)
    assert page._problem.isVisibleTo(page)


def test_search(page: Preferences) -> None:
    shown = {key for key, editor in page._editors.items() if editor.isVisibleTo(page)}
    assert "coach.stand_after" in shown
    assert "cadence.look" not in shown, "few people need the exact ones"
    page._search.setText("battery")
    assert page._editors["cadence.battery_factor"].isVisibleTo(page)
    assert not page._editors["coach.stand_after"].isVisibleTo(page)
    page._search.setText("no such thing at all")
    assert page._none.isVisibleTo(page)
    assert len(speaking_of(())) == len(setting_specs())


def test_the_wheel_changes_only_what_has_the_focus(page: Preferences) -> None:
    from PySide6.QtCore import QPoint, QPointF
    from PySide6.QtGui import QWheelEvent

    editor = page._editors["coach.posture_share"].editor
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 120),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    page._search.setFocus()
    QApplication.sendEvent(editor, wheel)
    assert load_settings().coach.posture_share == 0.8
