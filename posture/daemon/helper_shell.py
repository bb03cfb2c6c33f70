"""Shows the report and the settings in the user's own programs, from outside the daemon's sandbox.

Whatever the daemon starts inherits its sandbox, and a browser without a network is of no use. So a shell that is
started before the daemon enters the sandbox runs these two programs. It reads nothing but their names, so it cannot be
made to run anything else or to pass anything out.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path
from typing import IO

from posture.own_command import own_command, own_environment

# The two commands are fixed at the start; the name of one that fails comes back.
_SHELL = """
show=$1 settings=$2
shift 2
while IFS= read -r what; do
  case $what in
    report) { "$@" 3>&- || echo report >&3; } ;;
    settings) { "$show" "$settings" 3>&- || echo settings >&3; } ;;
  esac 3>&1 </dev/null >/dev/null 2>&1 &
done
"""


class HelperShell:
    """The shell; it ends with the daemon, which has the other end of its input.

    The report is written to `report_file` before it is shown.
    """

    def __init__(self, settings_file: Path, report_file: Path) -> None:
        self._shell: subprocess.Popen[bytes] | None = None
        report = own_command("posture", "report", "--open", "--output", str(report_file))
        show = "open" if sys.platform == "darwin" else "xdg-open"
        with contextlib.suppress(OSError):
            self._shell = subprocess.Popen(
                ["/bin/sh", "-c", _SHELL, "posture-shell", show, settings_file, *report],
                env=own_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def open(self, what: str) -> bool:
        """Show "report" or "settings"; False when there is no shell."""
        try:
            assert self._shell is not None
            assert self._shell.stdin is not None
            self._shell.stdin.write(what.encode() + b"\n")
            self._shell.stdin.flush()
        except (AssertionError, OSError):
            return False
        return True

    @property
    def failures(self) -> IO[bytes] | None:
        """The stream on which the names of what could not be shown arrive, one a line."""
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
