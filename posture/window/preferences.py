"""Every setting, found by words; what is changed holds at once, in the same file and by the same rules as ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QWidget

from posture.errors import PostureError
from posture.guided.setting_words import Section, plain_name, sections, speaking_of
from posture.language import mark, tr
from posture.settings import Settings, SettingSpec, setting_specs
from posture.settings_file import load_settings, reset_setting, set_setting
from posture.settings_text import settings_path
from posture.window.page import Page, Surroundings, settings_stamp
from posture.window.setting_editor import SettingEditor
from posture.window.widgets import card, label, row

if TYPE_CHECKING:
    from posture.daemon.status import Status

FEW, ALL = mark("Show the exact settings, too"), mark("Hide the exact settings")


class Preferences(Page):
    """The page."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__(around)
        self._search = QLineEdit()
        self._search.setPlaceholderText(tr("Search, such as: stand"))
        self._search.setAccessibleName(tr("Search the settings"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(lambda _: self._filter())
        self._exact = QPushButton(tr(FEW))
        self._exact.setCheckable(True)
        self._exact.toggled.connect(lambda _: self._filter())
        self._problem, self._none = label("", "bad"), label(tr("No setting speaks of that."), "soft")
        self._problem.hide()
        self.column.addWidget(label(tr("Preferences"), "title"))
        self.column.addWidget(row(self._search, self._exact, stretch=False))
        self.column.addWidget(self._problem)
        self.column.addWidget(self._none)
        self._editors: dict[str, SettingEditor] = {}
        self._cards: list[tuple[Section, QFrame]] = []
        for section in sections():
            specs = [spec for spec in setting_specs() if spec.section == section.key]
            for spec in specs:
                self._editors[spec.key] = SettingEditor(spec, self._change, self._reset)
            found = card(
                label(tr(section.title), "heading"),
                *(self._editors[spec.key] for spec in specs),
                name=tr(section.title),
            )
            self._cards.append((section, found))
            self.column.addWidget(found)
        self.column.addWidget(
            label(
                tr(
                    "All of it lies in {path}, which may be changed by hand, too.",
                    path=settings_path(),
                ),
                "soft",
            )
        )
        self.column.addStretch(1)
        self._seen: object = None
        self.focus: QWidget | None = None
        """What had the focus when another page came up."""
        self._filter()

    def open_at(self, detail: str) -> None:
        """See `Page`; `detail` is a word to look for, such as ``coach``."""
        self._seen = None
        self._show_file()
        if detail:
            self._search.setText(detail)
        self._search.setFocus()

    def carry_on(self, before: Page) -> None:
        """See `Page`; the search stays, and the setting that is being changed keeps the focus."""
        if isinstance(before, Preferences):
            self._exact.setChecked(before._exact.isChecked())
            self._search.setText(before._search.text())
            for key, editor in before._editors.items():
                if editor.editor is before.focus or editor.editor.isAncestorOf(before.focus or before):
                    self._editors[key].editor.setFocus()
        super().carry_on(before)

    def left(self) -> None:
        """See `Page`."""
        self.focus = self.focusWidget()

    def on_status(self, status: Status | None) -> None:
        """Show what was changed elsewhere."""
        self._show_file()

    # -- what is shown --------------------------------------------------------------------------------------------

    def _filter(self) -> None:
        words = self._search.text().split()
        found = {spec.key for spec in speaking_of(words)}
        for editor in self._editors.values():
            editor.setVisible(editor.spec.key in found)
        for section, box in self._cards:
            wanted = bool(words) or self._exact.isChecked() or not section.exact
            box.setVisible(wanted and any(spec.section == section.key for spec in setting_specs() if spec.key in found))
        self._exact.setText(tr(ALL) if self._exact.isChecked() else tr(FEW))
        self._none.setVisible(not found)

    def _show_file(self) -> None:
        stamp = settings_stamp()
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            settings = load_settings()
        except PostureError as error:
            self._problem.setText(str(error))
            self._problem.show()
            return
        self._problem.hide()
        self._show(settings)

    def _show(self, settings: Settings) -> None:
        for editor in self._editors.values():
            if not _typing_in(editor):
                editor.show_settings(settings)

    # -- what is changed ------------------------------------------------------------------------------------------

    def _change(self, spec: SettingSpec, typed: str) -> None:
        self.around.work(lambda: set_setting(settings_path(), spec, typed), lambda found: self._done(spec, found))

    def _reset(self, spec: SettingSpec) -> None:
        self.around.work(lambda: reset_setting(settings_path(), spec.key), lambda found: self._done(spec, found))

    def _done(self, spec: SettingSpec, found: Any) -> None:
        editor = self._editors[spec.key]
        if isinstance(found, PostureError):
            editor.show_fault(str(found))
            self._seen = None
            return
        editor.show_fault("")
        self._seen = settings_stamp()
        settings = load_settings()
        self._show(settings)
        editor.show_settings(settings)
        self.around.settings_changed()
        self.around.say(tr("Kept: {name}.", name=plain_name(spec)))
        if self.around.daemon.status is not None:
            self.around.daemon.do("reload", self.around.say)


def _typing_in(editor: SettingEditor) -> bool:
    """Whether somebody is typing in it: that is not to be taken away."""
    return isinstance(editor.editor, QLineEdit) and editor.editor.hasFocus() and editor.editor.isModified()
