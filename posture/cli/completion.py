"""`posture completion`: the script with which a shell asks posture what may come next, by argcomplete."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Any

from posture.cli.commands import MODULES, summary
from posture.cli.parser import TopParser
from posture.errors import PostureError
from posture.language import tr

INSTALL = {
    "bash": "posture completion bash > ~/.local/share/bash-completion/completions/posture",
    "zsh": "posture completion zsh > ~/.zfunc/_posture",
    "fish": "posture completion fish > ~/.config/fish/completions/posture.fish",
}
ZSH_LINE = "fpath+=~/.zfunc"
FILES = ("FILE", "CAMERA", "VIDEO", "FOLDER", "IMAGE")
"""Placeholders of arguments that may be a file."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `completion`."""
    parser = commands.add_parser(
        "completion",
        description=tr(
            "Print the completion script of a shell. {bash}; {zsh}; {fish}.",
            bash=INSTALL["bash"],
            zsh=tr("{command}, with {line} before compinit in ~/.zshrc", command=INSTALL["zsh"], line=ZSH_LINE),
            fish=INSTALL["fish"],
        ),
    )
    parser.add_argument("shell", choices=INSTALL, help=tr("which shell"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    from argcomplete.shell_integration import shellcode

    print(shellcode(["posture"], use_defaults=False, shell=args.shell))
    return 0


def answer_shell(top: TopParser) -> None:
    """Print what may come next on the command line that a shell asks about, and end the process."""
    from argcomplete import autocomplete
    from argcomplete.completers import SuppressCompleter

    line = os.environ["COMP_LINE"][: int(os.environ["COMP_POINT"])]
    finished = (line + "|").split()[:-1]  # without the word that is being typed
    commands = top.commands
    if command := next((word for word in finished if word in commands._name_parser_map), None):
        _add_completers(commands._name_parser_map[command])
    # argcomplete looks at all parsers of the choices, which would be built for it.
    commands.choices = {name: name for name in MODULES}  # type: ignore[misc]
    commands._choices_actions = [commands._ChoicesPseudoAction(name, (), summary(name)) for name in MODULES]
    autocomplete(top, always_complete_options=False, default_completer=SuppressCompleter())


def _add_completers(parser: argparse.ArgumentParser) -> None:
    from argcomplete.completers import FilesCompleter

    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                _add_completers(below)
        elif action.metavar in FILES:
            action.completer = FilesCompleter()  # type: ignore[attr-defined]
        elif action.metavar in _COMPLETERS:
            action.completer = _COMPLETERS[str(action.metavar)]  # type: ignore[attr-defined]


def _keys(**_context: Any) -> Mapping[str, str]:
    from posture.settings import setting_specs

    return {spec.key: tr(spec.doc) for spec in setting_specs()}


def _overrides(**context: Any) -> Mapping[str, str]:
    return {f"{key}=": doc for key, doc in _keys(**context).items()}


def _values(parsed_args: argparse.Namespace, **_context: Any) -> Mapping[str, str]:
    """The values of a setting that has but a few, for ``config set``."""
    from posture.settings import find_spec

    try:
        spec = find_spec(parsed_args.key)
    except PostureError:
        return {}
    return dict.fromkeys(("true", "false") if spec.kind == "flag" else spec.choices, tr(spec.doc))


def _exercises(**_context: Any) -> Mapping[str, str]:
    """The exercises; none while exercise prompts are off."""
    from datetime import UTC, datetime

    from posture.coach.exercises import library
    from posture.guided.stored import stored_records
    from posture.history.care import care_of
    from posture.settings_file import load_settings

    try:
        with stored_records(load_settings()) as reader:
            if care_of(reader, datetime.now(UTC)).suspended:
                return {}
    except PostureError:
        return {}
    return {exercise.id: tr(exercise.name) for exercise in library()}


def _listed_exercises(parsed_args: argparse.Namespace, **context: Any) -> Mapping[str, str]:
    first = {} if parsed_args.words else {"list": tr("all that fit"), "show": tr("how one is done")}
    return first | dict(_exercises(**context))


def _profiles(**_context: Any) -> Mapping[str, str]:
    from posture.history.calibrations import profiles
    from posture.settings_file import load_settings

    try:
        return {profile.name: ", ".join(profile.calibrated) for profile in profiles(load_settings())}
    except PostureError:
        return {}


def _steps(**_context: Any) -> Mapping[str, str]:
    from posture.cli.setup import STEPS

    return {name: tr(does) for name, does in STEPS.items()}


_COMPLETERS = {
    "KEY": _keys,
    "KEY=VALUE": _overrides,
    "VALUE": _values,
    "ID": _exercises,
    "EXERCISE": _listed_exercises,
    "NAME": _profiles,
    "STEP": _steps,
}
"""What completes an argument, by its placeholder."""
