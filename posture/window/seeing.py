"""What the camera sees, for a page: a viewer's looks, brought into the window's thread."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from posture.errors import PostureError
from posture.sensor.view_wire import Mode, Opened, View
from posture.settings import Settings


class Seeing(QObject):
    """Looks through a camera until it is told to stop; the daemon lends it meanwhile.

    A page shows `seen`; after `failed`, with a sentence, or `ended` nothing more comes until the next `start`.
    """

    seen = Signal(object)
    """A `View`. Those that come while the window is busy with another are left out."""
    opened = Signal(object)
    """An `Opened`."""
    failed = Signal(str)
    ended = Signal()
    _came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: _Run | None = None
        self._came.connect(self._hand_over)

    @property
    def running(self) -> bool:
        """Whether it looks."""
        return self._run is not None

    def start(
        self,
        source: str,
        settings: Settings,
        mode: Mode = "preview",
        *,
        reason: str = "preview",
        seconds: float = 10.0,
        pace: bool = True,
    ) -> None:
        """Begin to look; what ran before ends. `reason` is what `posture status` shows meanwhile.

        Without `pace` a file is looked at as fast as the machine goes, and no look is left out.
        """
        self.stop()
        self._run = _Run(self, source, settings, mode, reason, seconds, pace)
        self._run.thread.start()

    def ask(self, mode: Mode, seconds: float = 10.0) -> None:
        """Look otherwise from now on, with the same camera."""
        if self._run is not None and self._run.viewer is not None:
            self._run.viewer.ask(mode, seconds)

    def stop(self, *, wait: bool = False) -> None:
        """Close the camera; with `wait` return when the daemon has it back."""
        run, self._run = self._run, None
        if run is not None:
            run.stop()
            if wait:
                run.thread.join(10.0)

    def let_go(self) -> Callable[[], bool]:
        """End it, by what is returned: it waits until the camera is back, and says whether a daemon had lent it.

        That may be called in another thread. Nothing is shown any more from now on.
        """
        run, self._run = self._run, None

        def end() -> bool:
            if run is None:
                return False
            run.stop()
            run.thread.join(10.0)
            return run.lent

        return end

    def _hand_over(self) -> None:
        run = self._run
        if run is None:
            return
        for kind, what in run.taken():
            if kind == "seen":
                self.seen.emit(what)
            elif kind == "opened":
                self.opened.emit(what)
            else:
                self._run = None
                if kind == "failed":
                    self.failed.emit(what)
                else:
                    self.ended.emit()
                return


class _Run:
    """One viewer, and the thread that reads it."""

    def __init__(
        self, seeing: Seeing, source: str, settings: Settings, mode: Mode, reason: str, seconds: float, pace: bool
    ) -> None:
        self._seeing, self._source, self._settings = seeing, source, settings
        self._mode, self._reason, self._seconds = mode, reason, seconds
        self._pace = pace
        self.lent = False
        """Whether a daemon has lent the camera."""
        self._lock = threading.Lock()
        self._news: list[tuple[str, Any]] = []
        self._stopped = False
        self.viewer: Any = None
        self.thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        from posture.guided.borrow_camera import lent_camera
        from posture.sensor.viewer import Viewer

        try:
            with (
                lent_camera(self._source, self._reason) as lent,
                Viewer(self._source, self._settings, self._mode, pace=self._pace, seconds=self._seconds) as viewer,
            ):
                self.lent = lent
                with self._lock:
                    self.viewer = viewer
                    if self._stopped:
                        return
                told = False
                for view in viewer.views():
                    if not told and viewer.opened is not None:
                        self._add("opened", viewer.opened)
                        told = True
                    self._add("seen", view)
            self._add("ended", None)
        except PostureError as error:
            self._add("failed", str(error))

    def _add(self, kind: str, what: Opened | View | str | None) -> None:
        with self._lock:
            if self._stopped:
                return
            # A window that is busy gets the latest look; what came of a calibration is never left out.
            last = self._news[-1] if self._news else None
            kept = self._pace and last is not None and last[0] == "seen" and last[1].calibrated is None
            if kind == "seen" and kept:
                self._news[-1] = (kind, what)
                return
            self._news.append((kind, what))
        with contextlib.suppress(RuntimeError):  # the window is gone
            self._seeing._came.emit()

    def taken(self) -> list[tuple[str, Any]]:
        """What has come since the last time."""
        with self._lock:
            news, self._news = self._news, []
        return news

    def stop(self) -> None:
        """End it; the thread gives the camera back."""
        with self._lock:
            self._stopped = True
            viewer = self.viewer
        if viewer is not None:
            threading.Thread(target=viewer.close, daemon=True).start()
