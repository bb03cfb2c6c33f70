"""The `posture` command: runs a subcommand, and reports what goes wrong in one sentence."""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Mapping, Sequence

from posture.cli.commands import MODULES
from posture.cli.parser import PROGRAM, Parser, TopParser
from posture.coach.disclaimer import DISCLAIMER
from posture.errors import PostureError
from posture.language import english_at_hand, tr, tr_safety
from posture.output import (
    end_line,
    exchange_files_as_utf8,
    fitted_output,
    open_standard_files,
    plain_output,
    take_nothing_for_no_terminal,
)
from posture.own_language import begin
from posture.plain_text import plain, shortened

OF_FILES = ("measure", "replay", "demo", "evaluate")
LOOKING = ("setup", "preview", "calibrate", "measure", "replay", "stretch", "self-check", "demo", "evaluate", "doctor")
"""Commands that process pictures in their own process."""
OF_PICTURES = ("measure", "evaluate")
AGAIN = ("setup", "calibrate")
"""Commands that may open a stream more than once; each time another process plays it, which needs the network."""
FOR_PROGRAMS = frozenset(("--json", "--csv", "--markdown", "--svg"))
"""Options whose output is not for people: its lines are left as they are."""
PRINTING = ("completion", "export")
"""Commands of which all output is so."""
INTERRUPTED = 130


def parser() -> TopParser:
    """Build the parser of the command line. That of a command is built, and its module imported, when it is used."""
    return TopParser(
        _parsers_of,
        description=tr(
            "Watches through the laptop camera how and how long you sit, and says when to stand, move or "
            "stretch. Nothing leaves this machine, no picture is stored."
        ),
        epilog=" ".join(filter(None, (tr_safety(DISCLAIMER), english_at_hand(DISCLAIMER)))),
    )


def _parsers_of(command: str) -> Mapping[str, argparse.ArgumentParser]:
    """Build the parser of a command, and of those that share its module. Imports no heavy library, nor does the module.

    That is what keeps each command quick, and `posture --help`, which needs none of them.
    """
    commands = argparse._SubParsersAction([], PROGRAM, Parser)
    importlib.import_module(f"posture.cli.{MODULES[command]}").add_parser(commands)
    return commands._name_parser_map


def _give_up_rights(arguments: Sequence[str]) -> None:
    """Give up rights if the command processes pictures; light commands do not import `posture.sandbox`."""
    if _opens_window(arguments):
        return  # the window does it, once it has started what starts programs
    if arguments and arguments[0] in LOOKING:
        from posture.camera.source_kind import kind_of_source
        from posture.sandbox import enter_command

        named = [word.rpartition("=")[2] if word.startswith("-") else word for word in arguments[1:]]
        named = [] if arguments[0] in OF_PICTURES else [*named, *_usual_source(arguments)]
        stream = any(kind_of_source(word) == "stream" for word in named)
        if stream and arguments[0] in AGAIN:
            return
        try:
            enter_command(stream=stream)
        except PostureError:
            # Where the kernel enforces nothing, no camera is opened; a file that the user names may still be read.
            if arguments[0] not in OF_FILES:
                raise


def _opens_window(arguments: Sequence[str]) -> bool:
    words = {word.partition("=")[0] for word in arguments[1:]}
    command = arguments[0] if arguments else ""
    return (command == "stretch" and "--window" in words) or (command == "preview" and not {"--text", "--json"} & words)


def _usual_source(arguments: Sequence[str]) -> list[str]:
    """Give the camera of the settings, which may be an address, where the command will look at it."""
    if arguments[0] in OF_FILES or any(word.startswith("--source") for word in arguments):
        return []
    from posture.settings_file import load_settings

    try:
        return [load_settings().camera.source]
    except PostureError:  # the command itself reports what is wrong with the settings
        return []


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the arguments are those of the process by default.

    Returns 0 done, 1 failed, 2 wrong usage or settings, 130 interrupted.
    """
    if "_ARGCOMPLETE" in os.environ:
        from posture.cli.completion import answer_shell

        begin()
        answer_shell(parser())  # does not return
    if argv is None:
        open_standard_files()
        take_nothing_for_no_terminal()
        exchange_files_as_utf8()
    arguments = sys.argv[1:] if argv is None else list(argv)
    for_programs = not FOR_PROGRAMS.isdisjoint(arguments) or (bool(arguments) and arguments[0] in PRINTING)
    begin()
    if argv is None:
        # What is loaded by now stays to the end, where Python would look for circles in all of it: 4 ms [measured].
        gc.freeze()
    try:
        with plain_output(), fitted_output(errors_only=for_programs):
            return _run(arguments, own_process=argv is None)
    finally:
        if argv is None:
            _settle_output()


def _run(arguments: list[str], *, own_process: bool) -> int:
    try:
        if not arguments:
            from posture.cli.now import show_now

            return show_now()
        args = parser().parse_args(arguments)
        if own_process:  # which can give up its rights for good
            _give_up_rights(arguments)
        code: int = args.run(args)
        sys.stdout.flush()
    except PostureError as error:
        end_line(sys.stdout)
        print(f"posture: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return 0  # the reader (head, less) is gone
    except ImportError as error:
        print(
            "posture: " + tr("A part of posture cannot be loaded ({part}): install it again.", part=plain(str(error))),
            file=sys.stderr,
        )
        return 1
    except OSError as error:
        # A full disk or a vanished folder, behind stdout or a file.
        what = error.strerror or str(error)
        where = f"{what} ({shortened(plain(str(error.filename)))})" if error.filename else what
        print("posture: " + tr("{what}; free some space or check the place, and repeat.", what=where), file=sys.stderr)
        return 1
    return code


def _settle_output() -> None:
    """Leave what cannot be written unwritten: otherwise Python reports it at its end, with an exit code of its own."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
