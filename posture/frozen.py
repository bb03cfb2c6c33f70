"""Where a frozen program begins: the `posture` command or, after ``-m``, one of our modules, as with `python -m`.

packaging/posture.spec freezes it. `posture.own_command` makes the command lines; there is no other Python to run them.
"""

from __future__ import annotations

import os
import runpy
import sys


def main() -> int:
    """Run what the command line asks for, and give the exit code."""
    _leave_no_libraries()
    if sys.platform == "darwin" and not _has_terminal() and all(word.startswith("-psn_") for word in sys.argv[1:]):
        sys.argv[1:] = ["open"]  # opened in the Finder, which gives no words of its own
    if sys.argv[1:2] != ["-m"]:
        from posture.cli.main import main as command

        return command()
    module = "".join(sys.argv[2:3])
    if module.split(".")[0] != "posture":
        print("posture: -m is for the program's own use", file=sys.stderr)
        return 2
    del sys.argv[1:3]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


def _has_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _leave_no_libraries() -> None:
    """Give the programs that are started from here the system's libraries, not those of this program.

    On Linux its loader has put its own folder in front of them for this process, which has read that by now. A process
    of ours that is started from here has to do so again: without being told, its loader takes it as done.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if sys.platform == "linux":
        os.environ.pop("LD_LIBRARY_PATH", None)
        os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"
        if before is not None:
            os.environ["LD_LIBRARY_PATH"] = before
