"""For who does not see the window, or has no mouse: every control and drawing has a name, and the keys reach all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from people import pose_of, sitter
from window_rig import app, around

from posture.coach.pain import PainEntry
from posture.guided.pain_log import log_pain
from posture.history.records import Interval
from posture.history.store import Store
from posture.measure.observation import DEVIATIONS, Judged, Observation
from posture.sensor.view_wire import View
from posture.settings_file import load_settings
from posture.window.first_steps import STEPS
from posture.window.my_back import PARTS
from posture.window.pages import PAGES

if TYPE_CHECKING:
    from PySide6.QtGui import QAccessibleInterface

    from posture.window.main_window import MainWindow

__all__ = ["app"]
NAMED = ("Button", "CheckBox", "RadioButton", "ComboBox", "EditableText", "Slider", "SpinBox", "PageTab", "ListItem")
"""Roles of what is used, also where it cannot have the focus."""
WORDLESS = {"qt_scrollarea_viewport", "qt_spinbox_lineedit"}
"""Inner parts of Qt's own controls, which stand for the control that they are in."""


@pytest.fixture
def window(app: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """The window, with a day and a pain in the history; no camera is opened, and what is slow is done at once."""
    from posture.window.main_window import MainWindow
    from posture.window.seeing import Seeing

    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.setattr(Seeing, "start", lambda *_, **__: None)
    monkeypatch.setattr("posture.window.step_camera._cameras", list)
    now = datetime.now(UTC)
    midnight = datetime.combine(date.today(), datetime.min.time()).astimezone(UTC)
    begin = max(midnight, now - timedelta(minutes=40))
    with Store(tmp_path / "data/history.sqlite3") as store:
        store.write([Interval("watch", "camera", begin, now), Interval("presence", "sitting", begin, now)])
    log_pain(load_settings(), PainEntry(now.timestamp(), 3))
    found = MainWindow()
    found._around = replace(found._around, work=around().work)
    found.show()
    found.activateWindow()
    yield found
    found.close()


# -- what is looked at ------------------------------------------------------------------------------------------------


def at(page: str, detail: str = "") -> Callable[[MainWindow], None]:
    return lambda window: window.go_to(page, detail)


def press(window: MainWindow, text: str) -> None:
    from PySide6.QtWidgets import QApplication, QPushButton

    QApplication.processEvents()
    found = [each for each in window.findChildren(QPushButton) if each.isVisible() and each.text() == text]
    assert found, (text, [each.text() for each in window.findChildren(QPushButton) if each.isVisible()])
    found[0].click()


def then(page: str, detail: str, *texts: str) -> Callable[[MainWindow], None]:
    """Go to a page, and press buttons."""

    def do(window: MainWindow) -> None:
        window.go_to(page, detail)
        for text in texts:
            press(window, text)

    return do


def view() -> View:
    judged = {kind: Judged(5.0, 1.0, 10.0) for kind in DEVIATIONS}
    observation = Observation(0.0, "sitting", levels=dict.fromkeys(DEVIATIONS, 0.5), judged=judged)
    return View(0.0, "preview", None, pose_of(sitter()), observation, None, "kept", "Judged by the calibration.")


def live_with_bars(window: MainWindow) -> None:
    from posture.window.live import Live

    window.go_to("live")
    assert isinstance(window.page, Live)
    window.page._seen(view())
    assert any(row.strip.isVisible() for row in window.page.bars.rows.values())


def all_settings(window: MainWindow) -> None:
    from posture.window.preferences import FEW

    window.go_to("preferences")
    press(window, FEW)


SCENES: dict[str, Callable[[MainWindow], None]] = {
    **{page.key: at(page.key) for page in PAGES},
    **{f"back {part}": at("back", part) for part, _, _ in PARTS},
    **{f"setup {step}": at("setup", step) for step in STEPS},
    "live with bars": live_with_bars,
    "exact settings": all_settings,
    "history week": at("history", "week"),
    "all steps": at("setup", ""),
    "setup questions": then("setup", "safety", "Answer the questions"),
    "check-in": then("back", "check-in", "Answer the questions"),
    "check before": then("back", "self-check", "Begin"),
    "introduction": at("stretch", "ql_stand"),
    "hold": then("stretch", "ql_stand:no-camera:anyway", "Start"),
    "result": lambda window: (SCENES["hold"](window), press(window, "Stop"))[0],
}


# -- what a screen reader finds ----------------------------------------------------------------------------------------


def drawn(widget: Any) -> bool:
    """Whether the program draws it itself."""
    return type(widget).__module__.startswith("posture.") and "paintEvent" in vars(type(widget))


def nameless(window: MainWindow) -> list[str]:
    """What can have the focus, or is drawn, and has no name, in the tree that a screen reader walks."""
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QLabel, QWidget

    wrong, seen = [], []

    def walk(each: QAccessibleInterface, inside: str) -> None:
        state, widget = each.state(), each.object()
        if state.invisible:
            return
        name = each.text(QAccessible.Text.Name).strip()
        what = f"{each.role().name} {type(widget).__name__} in {inside}"
        seen.append(widget)
        # A text can have the focus so that it can be copied; one that is empty has nothing to say.
        focusable = state.focusable and not isinstance(widget, QLabel)
        inner = isinstance(widget, QWidget) and widget.objectName() in WORDLESS
        if not name and not inner and (focusable or drawn(widget) or each.role() in NAMED):
            wrong.append(what)
        if isinstance(widget, QLabel) and len(widget.text()) > 1 and widget.text() not in name:
            wrong.append(f"{what} says {name!r} in place of {widget.text()!r}")
        for number in range(each.childCount()):
            child = each.child(number)
            if child is not None:
                walk(child, name or inside)

    walk(QAccessible.queryAccessibleInterface(window), "")
    unseen = [each for each in window.findChildren(QWidget) if each.isVisible() and drawn(each) and each not in seen]
    return [*wrong, *(f"{type(each).__name__} is not in the tree" for each in unseen)]


def out_of_reach(window: MainWindow, *, back: bool) -> list[str]:
    """What Tab, or Shift and Tab, does not come to, and what it does not leave."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import (
        QAbstractButton,
        QAbstractSpinBox,
        QApplication,
        QCheckBox,
        QComboBox,
        QLineEdit,
        QPushButton,
        QSlider,
        QTabBar,
        QWidget,
    )

    used = (QPushButton, QCheckBox, QComboBox, QSlider, QLineEdit, QAbstractSpinBox, QTabBar)

    def reachable(each: QWidget) -> bool:
        tab = Qt.FocusPolicy.TabFocus
        there = each.isVisible() and each.isEnabled() and each.objectName() not in WORDLESS
        return there and (isinstance(each, used) or bool(each.focusPolicy() & tab))

    def group_of(each: QWidget) -> object:
        """Of buttons that exclude each other Tab comes to one; the arrows lead to the rest."""
        alone = not isinstance(each, QAbstractButton) or not each.autoExclusive()
        return each if alone else each.parentWidget()

    wanted = {group_of(each): each for each in window.findChildren(QWidget) if reachable(each)}
    window._sidebar.setFocus()
    reached: set[object] = set()
    for _ in range(2 * len(wanted) + 10):
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(group_of(focused))
        QTest.keyClick(focused, Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab)
        if QApplication.focusWidget() is focused:
            return [f"{focused} keeps the focus"]
        if QApplication.focusWidget() is window._sidebar:
            break
    else:
        return ["it does not come round"]
    return [str(each) for group, each in wanted.items() if group not in reached]


@pytest.mark.parametrize("scene", SCENES)
def test_everything_has_a_name_and_is_reached_by_the_keys(window: MainWindow, scene: str) -> None:
    from PySide6.QtWidgets import QApplication

    SCENES[scene](window)
    QApplication.processEvents()
    assert nameless(window) == []
    assert out_of_reach(window, back=False) == []
    assert out_of_reach(window, back=True) == []
