"""The `posture` command: finds the subcommand, and turns what goes wrong into one sentence."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from posture import __version__
from posture.coach.safety import DISCLAIMER
from posture.errors import PostureError

__all__ = ["DISCLAIMER", "main", "parser"]

COMMANDS = (
    "control",
    "run",
    "demo",
    "calibrate",
    "preview",
    "setup",
    "profile",
    "summary",
    "report",
    "export",
    "import_",
    "history",
    "forget",
    "stretch",
    "exercises",
    "plan",
    "log",
    "check_in",
    "self_check",
    "why",
    "config",
    "doctor",
    "completion",
    "measure",
    "replay",
    "evaluate",
    "bench",
)

CONTROL = ("start", "stop", "restart", "status", "pause", "resume", "snooze", "standing", "logs", "autostart")
OF_FILES = ("measure", "replay", "demo", "evaluate")
LOOKING = ("setup", "preview", "calibrate", "measure", "replay", "stretch", "self-check", "demo", "evaluate", "doctor")
"""Commands that see pictures in their own process."""
INTERRUPTED = 130


def parser(command: str | None = None) -> argparse.ArgumentParser:
    """Build the parser of the command line. Imports no heavy library: each command does so when it runs.

    Parameters
    ----------
    command : str, optional
        The command that will run: only its module is imported then, which keeps each one quick. All without it, or
        when there is no such command.
    """
    top = argparse.ArgumentParser(
        prog="posture",
        description="Watches through the laptop camera how and how long you sit, and says when to stand, move or "
        "stretch. Nothing leaves this machine, no picture is stored.",
        epilog=DISCLAIMER,
    )
    top.add_argument("--version", action="version", version=f"posture {__version__}")
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for name in _modules(command):
        importlib.import_module(f"posture.cli.{name}").add_parser(commands)
    return top


def _modules(command: str | None) -> Sequence[str]:
    """Modules to import for a command; the daemon's commands share one."""
    if command in CONTROL:
        return ("control",)
    return [name for name in COMMANDS if name.rstrip("_").replace("_", "-") == command] or COMMANDS


def _give_up_rights(arguments: Sequence[str]) -> None:
    """See `posture.sandbox`, which light commands do not import."""
    if arguments and arguments[0] in LOOKING:
        from posture.sandbox import enter_command

        try:
            enter_command(arguments)
        except PostureError:
            # Where the kernel holds nothing back no camera is opened; a file the user names may still be looked at.
            if arguments[0] not in OF_FILES:
                raise


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments; those of the process by default.

    Returns
    -------
    int
        0 done, 1 failed, 2 wrong usage or settings, 130 interrupted.
    """
    if "_ARGCOMPLETE" in os.environ:
        from posture.cli.completion import answer_shell

        answer_shell(parser)  # does not return
    arguments = sys.argv[1:] if argv is None else list(argv)
    args = parser(arguments[0] if arguments else None).parse_args(arguments)
    try:
        if argv is None:  # a process of its own, whose rights may be given up for good
            _give_up_rights(arguments)
        code: int = args.run(args)
        sys.stdout.flush()
    except PostureError as error:
        print(f"posture: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has left; Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        # A full disk or a vanished folder behind stdout or a file: said, not traced.
        where = f" ({error.filename})" if error.filename else ""
        print(
            f"posture: {error.strerror or error}{where}; free some space or check the place, and repeat.",
            file=sys.stderr,
        )
        return 1
    return code
