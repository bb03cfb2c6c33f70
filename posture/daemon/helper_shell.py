"""Starts programs of the user's from outside the sandbox of a process of ours.

Whatever a process starts inherits its sandbox, and a browser without a network is of no use. So a shell that is started
before the sandbox is entered runs these programs. Their command lines are fixed then; it reads nothing but their names,
and one word of letters, digits, ``_``, ``:`` and ``-`` after it, so it cannot be made to run anything else.
"""

from __future__ import annotations

import contextlib
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from posture.own_command import own_command, own_environment

_SHELL = """
while IFS= read -r line; do
  what=${line%% *} word=${line#"${line%% *}"} word=${word# }
  case $word in *[!A-Za-z0-9_:-]*) continue ;; esac
  case $what in
@CASES@
  esac 3>&1 </dev/null >/dev/null 2>&1 &
done
"""
_CASE = """    @NAME@) why=$(@COMMAND@ ${word:+"$word"} 2>&1 >/dev/null 3>&-) || printf '%s\\n' "@NAME@ ${why%%
*}" >&3 ;;"""


def shown_commands(report_file: Path) -> dict[str, list[str]]:
    """Give what the daemon has shown: the report, which is written first, the window at a page, and the signals."""
    return {
        "report": own_command("posture", "report", "--open", "--output", str(report_file)),
        "window": own_command("posture", "open"),
        "signals": own_command("posture.window.signals"),
    }


class HelperShell:
    """The shell; it ends with the process that started it, which has the other end of its input.

    `commands` are the command lines by their names.
    """

    def __init__(self, commands: Mapping[str, Sequence[str]]) -> None:
        self._shell: subprocess.Popen[bytes] | None = None
        cases = (
            _CASE.replace("@NAME@", name).replace("@COMMAND@", shlex.join(command))
            for name, command in commands.items()
        )
        with contextlib.suppress(OSError):
            self._shell = subprocess.Popen(
                ["/bin/sh", "-c", _SHELL.replace("@CASES@", "\n".join(cases)), "posture-shell"],
                env=own_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def open(self, what: str, word: str = "") -> bool:
        """Start a program by its name, with a word at its end; False when there is no shell."""
        try:
            assert self._shell is not None
            assert self._shell.stdin is not None
            self._shell.stdin.write(f"{what} {word}".rstrip().encode() + b"\n")
            self._shell.stdin.flush()
        except (AssertionError, OSError):
            return False
        return True

    @property
    def failures(self) -> IO[bytes] | None:
        """The stream on which the names of what has failed arrive, one a line, each with what it said."""
        return self._shell.stdout if self._shell is not None else None

    def close(self) -> None:
        """End the shell; the programs it has started go on."""
        if self._shell is not None:
            with contextlib.suppress(OSError):
                assert self._shell.stdin is not None
                self._shell.stdin.close()
            self._shell.wait()
            if self._shell.stdout is not None:
                self._shell.stdout.close()
