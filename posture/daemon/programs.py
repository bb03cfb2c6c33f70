"""What the daemon runs for the user: the window, the report, and commands of posture."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from posture.child import NO_CONSOLE
from posture.daemon.helper_base import Helper
from posture.daemon.logs import Log
from posture.language import language, mark, tr
from posture.own_command import own_command, own_environment
from posture.own_language import OVERRIDE

_BY_HAND = {
    "report": mark("In a terminal, posture report --open says why."),
    "window": mark("In a terminal, posture open says why."),
}


class Programs:
    """Opens the window and the report, and tells the user when that fails; `notify` shows a title and a body."""

    def __init__(self, shell: Helper, log: Log, notify: Callable[[str, str], None]) -> None:
        self._shell, self._log, self._notify = shell, log, notify
        self.no_signals: Callable[[str], None] = lambda why: None
        """Called when signals cannot be shown, with why."""

    def listen(self) -> None:
        """Hear of what the shell could not open."""
        self._shell.listen(self._not_opened)

    def open_report(self) -> None:
        """Write the report and show it."""
        self._open("report")

    def open_window(self, page: str = "today", detail: str = "") -> None:
        """Show the window at a page; `detail` is what of it, such as an exercise."""
        self._open("window", f"{page}:{detail}" if detail else page)

    def show_signals(self) -> bool:
        """Start what draws the signals."""
        return self._shell.open("signals")

    def _open(self, what: str, word: str = "") -> None:
        if not self._shell.open(what, word):
            self._tell(what)

    def _not_opened(self, what: str, why: str) -> None:
        self._log.write("not opened", what=what, why=why[:200])
        why = why.removeprefix("posture: ")[:200]
        if what == "signals":
            self.no_signals(why or tr("what draws them has ended."))
        else:
            self._tell(what, why)

    def _tell(self, what: str, why: str = "") -> None:
        self._notify(tr("That did not work"), why if what == "window" and why else tr(_BY_HAND[what]))


async def run_posture(*args: str) -> tuple[int, str]:
    """Run a command of posture and return its exit code and output."""
    process = await asyncio.create_subprocess_exec(
        *own_command("posture", *args),
        env=own_environment() | {OVERRIDE: language()},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        **NO_CONSOLE,
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        raise
    return process.returncode or 0, output.decode("utf-8", "replace").strip()
