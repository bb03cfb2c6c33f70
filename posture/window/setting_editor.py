"""One setting: its name and meaning, something to change it with, and the way back to its default."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from posture.guided.setting_words import changed, meaning, plain_name, range_words, value_word
from posture.language import tr
from posture.settings import Settings, SettingSpec, parse_names
from posture.window.widgets import as_sentence, label, set_role

SIDE_BY_SIDE_PX = 560
"""Where it is narrower, what changes a setting stands below its meaning [design choice]."""


class _NoWheel(QObject):
    """Keeps the wheel from changing what it only passes over."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


class SettingEditor(QFrame):
    """A setting with its editor.

    `change` is called with the setting and the text that a user would type for it, `reset` with the setting.
    """

    def __init__(
        self,
        spec: SettingSpec,
        change: Callable[[SettingSpec, str], None],
        reset: Callable[[SettingSpec], None],
    ) -> None:
        super().__init__()
        self.spec, self._change, self._settling = spec, change, False
        self._no_wheel = _NoWheel(self)
        name, doc = label(plain_name(spec)), label(as_sentence(meaning(spec)), "soft")
        name.setStyleSheet("font-weight: 600;")
        more = label(f"{range_words(spec)} ({spec.key})", "soft")
        self._fault = label("", "bad")
        self._fault.hide()
        self.editor = self._made()
        self.editor.setAccessibleName(plain_name(spec))
        self.editor.setAccessibleDescription(f"{as_sentence(meaning(spec))} {range_words(spec)}")
        self.back = QPushButton(tr("Back to default"))
        self.back.setAccessibleName(tr("{name}: back to the default", name=plain_name(spec)))
        self.back.clicked.connect(lambda: reset(spec))
        texts, tools = QVBoxLayout(), QHBoxLayout()
        for part in (name, doc, more, self._fault):
            texts.addWidget(part)
        texts.setSpacing(2)
        texts.addStretch(1)
        tools.addWidget(self.editor, 1)
        tools.addWidget(self.back)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._sides.setContentsMargins(0, 8, 0, 8)
        self._sides.setSpacing(16)
        self._sides.addLayout(texts, 3)
        self._sides.addLayout(tools, 2)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Side by side where there is room, one below the other where not."""
        wide = self.width() >= SIDE_BY_SIDE_PX
        self._sides.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def show_settings(self, settings: Settings) -> None:
        """Show what the file has now."""
        self._settling = True
        self._put(self.spec.text(self.spec.of(settings)))
        self._settling = False
        self.back.setEnabled(changed(self.spec, settings))

    def show_fault(self, sentence: str) -> None:
        """Say why a value was not taken; an empty one takes that away."""
        self._fault.setText(sentence)
        self._fault.setVisible(bool(sentence))
        set_role(self._fault, "bad")

    # -- what it is changed with ----------------------------------------------------------------------------------

    def _made(self) -> QWidget:
        spec = self.spec
        if spec.kind == "flag":
            box = QCheckBox(tr("on"))
            box.toggled.connect(lambda on: self._typed("true" if on else "false"))
            return box
        if spec.kind == "choice":
            choice = QComboBox()
            for name in spec.choices:
                choice.addItem(value_word(name), name)
            choice.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            choice.installEventFilter(self._no_wheel)
            choice.activated.connect(lambda _: self._typed(str(choice.currentData())))
            return choice
        if spec.kind == "names" and spec.choices:
            return self._boxes()
        if spec.kind in ("whole", "number"):
            return self._number()
        line = QLineEdit()
        line.setMaxLength(1000)
        line.editingFinished.connect(lambda: self._typed(line.text()))
        return line

    def _number(self) -> QWidget:
        spec, number = self.spec, QSpinBox() if self.spec.kind == "whole" else QDoubleSpinBox()
        if isinstance(number, QDoubleSpinBox):
            step = (spec.high - spec.low) / 100.0
            number.setDecimals(2 if step < 0.5 else 1)
            number.setRange(spec.low, spec.high)
            number.setSingleStep(0.05 if step < 0.1 else 0.5 if step < 1.0 else 1.0)
        else:
            number.setRange(int(spec.low), int(spec.high))
        number.setSuffix(f" {tr(spec.unit)}" if spec.unit else "")
        number.setKeyboardTracking(False)
        number.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.UpDownArrows)
        number.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        number.installEventFilter(self._no_wheel)
        number.valueChanged.connect(lambda value: self._typed(f"{value:g}"))
        return number

    def _boxes(self) -> QWidget:
        found = QWidget()
        column = QVBoxLayout(found)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for name in self.spec.choices:
            box = QCheckBox(value_word(name))
            box.setProperty("value", name)
            box.toggled.connect(lambda _: self._typed(", ".join(self._checked(found))))
            column.addWidget(box)
        return found

    @staticmethod
    def _checked(of: QWidget) -> list[str]:
        return [str(box.property("value")) for box in of.findChildren(QCheckBox) if box.isChecked()]

    def _put(self, text: str) -> None:
        editor = self.editor
        if isinstance(editor, QCheckBox):
            editor.setChecked(text == "true")
        elif isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(text))
        elif isinstance(editor, QSpinBox):
            editor.setValue(int(text))
        elif isinstance(editor, QDoubleSpinBox):
            editor.setValue(float(text))
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
        else:
            names = parse_names(text)
            for box in editor.findChildren(QCheckBox):
                box.setChecked(box.property("value") in names)
        self._text = text

    def _typed(self, text: str) -> None:
        if not self._settling and text != self._text:
            self._text = text
            self._change(self.spec, text)
