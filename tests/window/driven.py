"""The real window, run as `posture open` runs it, by orders from standard input: what a hand and an eye would do.

An order is a line of JSON: ``{"do": "click", "what": "Next"}``; the answer is one, too. Only what is visible and
enabled can be clicked, and only what is visible is seen.

    click WHAT      the button, tab or check box with this text or accessible name
    type WHAT TEXT  into the field with this accessible name, and Enter
    key KEYS        such as "Ctrl+6", to the window
    slide WHAT N    the slider with this accessible name, by the keyboard
    see             all visible texts
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import sys
import time
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QWidget,
)

from posture.window import app


def widgets(kind: type) -> list[Any]:
    """All that is visible of a kind."""
    return [each for each in QApplication.allWidgets() if isinstance(each, kind) and each.isVisible()]


def named(kind: type, what: str) -> Any:
    """The widget with a text or an accessible name; None if none is visible and enabled."""
    for each in widgets(kind):
        names = {each.accessibleName(), getattr(each, "text", str)() if not isinstance(each, QLineEdit) else ""}
        if what in {re.sub(r"&(?=\w)", "", name) for name in names} and each.isEnabled():
            return each
    return None


def press(widget: QWidget, key: Any) -> None:
    QTest.keyClick(widget, key)


def click(what: str) -> bool:
    for tabs in widgets(QTabBar):
        for number in range(tabs.count()):
            if tabs.tabText(number) == what:
                QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(number).center())
                return True
    found = named(QAbstractButton, what)
    if found is not None:
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    return found is not None


def enter(what: str, text: str) -> bool:
    field = named(QLineEdit, what) or named(QAbstractSpinBox, what) or named(QComboBox, what)
    if field is None:
        return False
    if isinstance(field, QComboBox) and not field.isEditable():
        number = field.findText(text)
        field.setCurrentIndex(number)
        field.activated.emit(number)
        return number >= 0
    field.setFocus()
    field.selectAll() if isinstance(field, QLineEdit) else field.lineEdit().selectAll()
    QTest.keyClicks(field, text)
    press(field, Qt.Key.Key_Return)
    return True


def slide(what: str, value: int) -> bool:
    slider = named(QAbstractSlider, what)
    if slider is None:
        return False
    press(slider, Qt.Key.Key_Home)
    for _ in range(value - slider.minimum()):
        press(slider, Qt.Key.Key_Right)
    return bool(slider.value() == value)


def texts() -> list[str]:
    found = [window.windowTitle() for window in QApplication.topLevelWidgets() if window.isVisible()]
    found += [label.text() for label in widgets(QLabel)]
    return found + [button.text().replace("&", "") for button in widgets(QAbstractButton)]


def obey(order: dict[str, Any]) -> object:
    match order["do"]:
        case "click":
            return click(order["what"])
        case "type":
            return enter(order["what"], order["text"])
        case "slide":
            return slide(order["what"], order["to"])
        case "key":
            window = QApplication.activeWindow() or QApplication.topLevelWidgets()[0]
            keys = QKeySequence(order["what"])[0]
            QTest.keyClick(window, keys.key(), keys.keyboardModifiers())
            return True
        case _:
            return [text for text in texts() if text]


def loop() -> int:
    """Stand for `QApplication.exec`: Qt's own turns, and between them the orders."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    unread = b""
    while any(window.isVisible() for window in application.topLevelWidgets()):
        application.processEvents()
        ready, _, _ = select.select([0], [], [], 0.01)
        if ready:
            more = os.read(0, 65536)
            if not more:
                break
            unread += more
        *lines, unread = unread.split(b"\n")
        for line in lines:
            print(json.dumps(obey(json.loads(line))), flush=True)
    for window in application.topLevelWidgets():
        window.close()
    application.aboutToQuit.emit()
    end_s = time.monotonic() + 1.0
    while time.monotonic() < end_s:
        application.processEvents()
    return 0


if __name__ == "__main__":
    with contextlib.suppress(AttributeError):
        QApplication.exec = staticmethod(loop)  # type: ignore[method-assign]
    sys.exit(app.main(sys.argv[1:]))
