"""What every page of the window is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from posture.settings_text import settings_path

if TYPE_CHECKING:
    from posture.daemon.status import Status
    from posture.settings import Settings


class Daemon(Protocol):
    """What a page may ask of the daemon. Nothing waits: answers come later, in the window's thread."""

    @property
    def status(self) -> Status | None:
        """The last status; None while no daemon runs."""

    def do(self, command: str, then: Callable[[str], None] | None = None, **args: Any) -> None:
        """Ask for something; `then` gets an empty text, or the sentence that says why not."""

    def start(self, then: Callable[[str], None] | None = None) -> None:
        """Start the daemon; `then` as in `do`."""


@dataclass(frozen=True)
class Surroundings:
    """What a page is given."""

    daemon: Daemon
    settings: Callable[[], Settings]
    """The settings as the file has them now."""
    source: str
    """A camera or a video to look at in place of the setting; empty for the setting."""
    go_to: Callable[[str, str], None]
    """Show another page: its key, and a detail such as an exercise."""
    say: Callable[[str], None]
    """Say a sentence at the foot of the window, for some seconds."""
    work: Callable[[Callable[[], Any], Callable[[Any], None]], None]
    """Do something slow in another thread, and hand what it returns, or the PostureError, to the second."""
    outside: Callable[[str, float], bytes | None] = lambda what, patience_s: None
    """Run a program of the window's outside of its box, and give what it has printed, see `HelperShell.ask`; slow."""
    show_report: Callable[[], bool] = lambda: False
    """Write the report and show it, outside of the window's box; False where that cannot be."""
    settings_changed: Callable[[], None] = lambda: None
    """Settings were changed here: what of them concerns the whole window holds at once."""


class Page(QScrollArea):
    """A page: what is higher than the window can be scrolled. Add what it shows to `column`."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self.around = around
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setObjectName("page")
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(28, 24, 28, 24)
        self.column.setSpacing(16)
        self.setWidget(inner)

    def open_at(self, detail: str) -> None:
        """The page comes up, each time; `detail` says what of it, empty for all."""

    def carry_on(self, before: Page) -> None:
        """It was made anew in another language, and has just come up: show what the page of before did."""
        where_px = before.verticalScrollBar().value()
        QTimer.singleShot(0, self, lambda: self.verticalScrollBar().setValue(where_px))

    def left(self) -> None:
        """Another page comes up, or the window closes: let go of the camera, keep what was done."""

    def escaped(self) -> bool:
        """Esc was pressed; whether the page had something to end by it, otherwise the window closes."""
        return False

    def on_status(self, status: Status | None) -> None:
        """A status has come while the page is up, about every two seconds; None without a daemon."""


def settings_stamp() -> object:
    """What differs when the settings file was written."""
    try:
        found = settings_path().stat()
    except OSError:
        return "none"
    return found.st_mtime_ns, found.st_size, found.st_ino
