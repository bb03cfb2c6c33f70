"""The daemon, as the window asks it: in another thread, so that the window never waits."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal

from posture.errors import PostureError
from posture.language import tr

if TYPE_CHECKING:
    from posture.daemon.helper_base import Helper

START_S = 20.0
"""How long the daemon has to start [design choice]."""
EVERY_MS = 2000
"""How often the status is asked for while the window can be seen [design choice]."""


class _Answer(QObject):
    """Brings what a thread has found into the window's own."""

    came = Signal(object)


class _Task(QRunnable):
    def __init__(self, run: Callable[[], Any], answer: _Answer) -> None:
        super().__init__()
        self._run, self._answer = run, answer

    def run(self) -> None:
        try:
            found: Any = self._run()
        except PostureError as error:
            found = error
        except Exception as error:
            found = PostureError(
                tr("This has failed ({kind}: {error}).", kind=type(error).__name__, error=error).replace("\n", " ")
            )
        with contextlib.suppress(RuntimeError):  # the window is gone
            self._answer.came.emit(found)


class Worker(QObject):
    """Does slow things in threads, and hands over what they found in the window's own thread."""

    def __init__(self) -> None:
        super().__init__()
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(3)
        self._waiting: set[_Answer] = set()

    def work(self, run: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """See `posture.window.page.Surroundings`."""
        answer = _Answer()
        self._waiting.add(answer)

        def came(found: Any) -> None:
            self._waiting.discard(answer)
            then(found)

        answer.came.connect(came)
        self._pool.start(_Task(run, answer))

    def finish(self) -> None:
        """Wait for what is being done: nothing that a user asked for is lost when the window closes."""
        self._pool.waitForDone(5000)


class DaemonLink(QObject):
    """Asks for the status while the window is seen, and passes on what the user wants."""

    changed = Signal()

    def __init__(self, worker: Worker, shell: Helper | None = None) -> None:
        super().__init__()
        from posture.daemon.status import Status

        self.status: Status | None = None
        self.why = ""
        """Why there is no status, other than that no daemon runs."""
        self._worker, self._shell, self._asking = worker, shell, False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.refresh)

    def watch(self, on: bool) -> None:
        """Ask again and again, or not."""
        if on and not self._timer.isActive():
            self._timer.start()
            self.refresh()
        elif not on:
            self._timer.stop()

    def refresh(self) -> None:
        """Ask for the status now."""
        if not self._asking:
            self._asking = True
            self._worker.work(_status, self._came)

    def _came(self, found: Any) -> None:
        from posture.control.protocol import NotRunningError

        self._asking = False
        self.status = None if isinstance(found, PostureError) else found
        self.why = str(found) if isinstance(found, PostureError) and not isinstance(found, NotRunningError) else ""
        self.changed.emit()

    def do(self, command: str, then: Callable[[str], None] | None = None, **args: Any) -> None:
        """See `posture.window.page.Daemon`."""

        def asked() -> Any:
            from posture.control.channel import ask

            return ask(command, **args)

        self._worker.work(asked, lambda found: self._done(found, then))

    def start(self, then: Callable[[str], None] | None = None) -> None:
        """See `posture.window.page.Daemon`."""

        self._worker.work(lambda: _started(self._shell), lambda found: self._done(found, then))

    def _done(self, found: Any, then: Callable[[str], None] | None) -> None:
        if then is not None:
            then(str(found) if isinstance(found, PostureError) else "")
        self.refresh()


def _started(shell: Helper | None) -> Any:
    """Have the daemon started from outside the window's box, and wait for its answer."""
    from posture.guided.daemon_process import wait_for_answer

    if shell is None or not shell.open("start"):
        raise PostureError(tr("The watch cannot be started from here: in a terminal, posture start says why."))
    until_s = time.monotonic() + START_S
    while time.monotonic() < until_s:
        if (failure := shell.failed(0.2)) is not None and failure[0] == "start":
            raise PostureError(failure[1].removeprefix("posture: ") or tr("The watch has not started."))
        with contextlib.suppress(PostureError):
            return _status()
    return wait_for_answer()


def _status() -> Any:
    from posture.control.channel import ask
    from posture.daemon.status import Status

    return Status.from_json(ask("status"))
