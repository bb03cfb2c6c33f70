"""The window: the list of pages at its side, the page, and a line for what has just happened at its foot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QGuiApplication,
    QHideEvent,
    QIcon,
    QImage,
    QKeySequence,
    QPixmap,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from posture.language import language, tr
from posture.own_language import begin
from posture.window.daemon_link import DaemonLink, Worker
from posture.window.page import Page, Surroundings, settings_stamp
from posture.window.pages import PAGES
from posture.window.qt_language import speak_qt
from posture.window.widgets import announce

if TYPE_CHECKING:
    from posture.daemon.helper_base import Helper
    from posture.settings import Settings

SAY_MS = 8000
"""How long a sentence stands at the foot [design choice]."""


class MainWindow(QWidget):
    """The whole window; `source` is looked at in place of the setting where it is not empty."""

    def __init__(self, source: str = "", shell: Helper | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle("posture")
        self.setWindowIcon(app_icon())
        room = QGuiApplication.primaryScreen().availableSize()
        self.resize(min(1000, room.width() - 20), min(760, room.height() - 40))
        self._worker = Worker()
        self.daemon = DaemonLink(self._worker, shell)
        self.daemon.changed.connect(self._status_came)
        self._around = Surroundings(
            self.daemon,
            _settings,
            source,
            self.go_to,
            self.say,
            self._worker.work,
            settings_changed=self._speak,
            outside=shell.ask if shell is not None else lambda what, patience_s: None,
            show_report=lambda: shell is not None and shell.open("report"),
        )
        self._language, self._settings_seen = language(), settings_stamp()
        self._pages: dict[str, Page] = {}
        self._present = ""
        self._ended = False
        self._sidebar = QListWidget()
        self._sidebar.setObjectName("sidebar")
        self._sidebar.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._listed = [page for page in PAGES if page.listed]
        self._sidebar.addItems([page.title for page in self._listed])
        self._name_pages()
        self._sidebar.currentRowChanged.connect(self._chosen)
        self._stack = QStackedWidget()
        self._foot = QLabel()
        self._foot.setObjectName("foot")
        self._foot.setWordWrap(True)
        self._foot.setTextFormat(Qt.TextFormat.PlainText)
        self._foot.hide()
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.timeout.connect(self._foot.hide)
        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self._sidebar)
        line.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line, 1)
        column.addWidget(self._foot)
        self._shortcuts()

    def _name_pages(self) -> None:
        for row, page in enumerate(self._listed):
            self._sidebar.item(row).setText(tr(page.title))
        self._sidebar.setAccessibleName(tr("Pages"))
        self._sidebar.setFixedWidth(max(150, self._sidebar.sizeHintForColumn(0) + 24))

    def _speak(self) -> None:
        """Speak as the settings say where they were changed: then all is made anew, and the same page comes up."""
        stamp = settings_stamp()
        if stamp == self._settings_seen:
            return
        self._settings_seen = stamp
        begin()
        if language() == self._language:
            return
        self._language = language()
        speak_qt()
        self._leave()
        before, key = self._pages, self._present
        self._pages, self._present = {}, ""
        self._foot.hide()
        self._name_pages()
        if key:
            self.go_to(key)
            self.page.carry_on(before[key])
        for page in before.values():  # not deleted: an answer to what they have asked for may still come
            self._stack.removeWidget(page)

    def _shortcuts(self) -> None:
        for number, page in enumerate(self._listed, 1):
            self._shortcut(f"Ctrl+{number}", lambda key=page.key: self.go_to(key))
        self._shortcut("Ctrl+,", lambda: self.go_to("preferences"))
        self._shortcut("F11", self.toggle_full_screen)
        self._shortcut("Esc", self._escape)
        self._shortcut("Ctrl+W", self.close)
        self._shortcut("Ctrl+Q", self.close)

    def _shortcut(self, keys: str, does: object) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda: does())  # type: ignore[operator]
        self.addAction(action)

    def first_page(self) -> str:
        """What to show where no page is asked for: the first steps to whoever has not been through them."""
        from posture.history.calibrations import calibrations_path
        from posture.settings_text import settings_path

        new = not settings_path().exists() and not calibrations_path(_settings()).exists()
        return "setup" if new else "today"

    def go_to(self, key: str, detail: str = "") -> None:
        """Show a page, and what `detail` names of it."""
        spec = next(page for page in PAGES if page.key == key)
        if key != self._present:
            self._leave()
        if key not in self._pages:
            self._pages[key] = spec.make(self._around)
            self._pages[key].setAccessibleName(tr(spec.title))
            self._stack.addWidget(self._pages[key])
        self._present = key
        self._stack.setCurrentWidget(self._pages[key])
        self.setWindowTitle(f"{tr(spec.title)} - posture")
        self._sidebar.blockSignals(True)
        self._sidebar.setCurrentRow(self._listed.index(spec) if spec.listed else -1)
        self._sidebar.blockSignals(False)
        self._pages[key].open_at(detail)
        self._pages[key].on_status(self.daemon.status)

    @property
    def page(self) -> Page:
        """The page that is up."""
        return self._pages[self._present]

    def say(self, sentence: str) -> None:
        """Say something at the foot for a while."""
        self._foot.setText(sentence)
        self._foot.setVisible(bool(sentence))
        announce(self._foot, sentence)
        self._silence.start(SAY_MS)

    def come_up(self) -> None:
        """Come to the front."""
        if self.isMinimized():
            self.showNormal()
        self.raise_()
        self.activateWindow()

    def toggle_full_screen(self) -> None:
        """Fill the screen with the page alone, or no longer."""
        full = not self.isFullScreen()
        self._sidebar.setVisible(not full)
        self.showFullScreen() if full else self.showNormal()

    def _escape(self) -> None:
        if self.isFullScreen():
            self.toggle_full_screen()
        elif not self.page.escaped():
            self.close()

    def _chosen(self, row: int) -> None:
        if row >= 0:
            self.go_to(self._listed[row].key)

    def _leave(self) -> None:
        if self._present:
            self._pages[self._present].left()

    def _status_came(self) -> None:
        if self._present and not self._ended:
            self._speak()
            self.page.on_status(self.daemon.status)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for the status only while somebody can see it."""
        self.daemon.watch(True)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """See `showEvent`."""
        self.daemon.watch(False)
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """However it is closed: the camera is let go, and what was done is kept."""
        self.finish()
        super().closeEvent(event)

    def finish(self) -> None:
        """Let go of everything; safe to call twice."""
        if not self._ended:
            self._ended = True
            self.daemon.watch(False)
            self._leave()
            self._worker.finish()


def app_icon() -> QIcon:
    """The program's icon, in all sizes."""
    from posture.desktop.icons import ICON_SIZES_PX, icon_rgba

    icon = QIcon()
    for size_px in (*ICON_SIZES_PX, 128):
        image = QImage(icon_rgba("well", size_px), size_px, size_px, QImage.Format.Format_RGBA8888)
        icon.addPixmap(QPixmap.fromImage(image.copy()))
    return icon


def _settings() -> Settings:
    from posture.settings_file import load_settings

    return load_settings()
