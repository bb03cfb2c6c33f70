"""What starts programs of the user's for a process that is in a box, see `posture.daemon.helper`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from posture.own_command import own_command

MOST_ANSWER_BYTES = 262_144
"""What is given back of what a program prints, at most [design choice]."""
MOST_WORDS_BYTES = 4096


class Helper(Protocol):
    """Starts programs whose command lines were fixed when it was made, each by its name."""

    def open(self, what: str, word: str = "") -> bool:
        """Start a program, with a word at its end: letters, digits, ``_``, ``:`` and ``-``; False where it cannot."""

    def ask(self, what: str, patience_s: float) -> bytes | None:
        """Run a program of those that are asked and give what it has printed, its line ends as spaces.

        None if nothing came in time. It waits; others that ask meanwhile wait as well.
        """

    def failed(self, patience_s: float) -> tuple[str, str] | None:
        """Wait for a program of `open` that fails: its name, and what it said; None where none did in time."""

    def listen(self, heard: Callable[[str, str], None]) -> None:
        """Have `heard` called in this event loop for each program of `open` that fails, instead of `failed`."""

    def close(self) -> None:
        """End it; the programs it has started go on."""


def shown_commands(report_file: Path) -> dict[str, list[str]]:
    """Give what the daemon has shown: the report, which is written first, the window at a page, and the signals."""
    return {
        "report": own_command("posture", "report", "--open", "--output", str(report_file)),
        "window": own_command("posture", "open"),
        "signals": own_command("posture.window.signals"),
    }
