"""Reading the command line: help that fits the terminal, and errors that name what was probably meant."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NoReturn

from posture import __version__
from posture.cli.commands import EXAMPLES, GROUPS, MODULES, summary
from posture.language import listed, mark, tr
from posture.output import terminal_columns
from posture.plain_text import plain, shortened, width, wrapped

PROGRAM = "posture"
_INDENT = "  "
_EXAMPLE_COLUMNS = 34
"""Where the meaning of an example begins; a longer example has it on the next line."""

OF_ARGPARSE = (
    mark("positional arguments"),
    mark("options"),
    # Translators: of the option --version.
    mark("show program's version number and exit"),
)
"""Texts that argparse puts into a help, as they are translated here."""
PLACEHOLDERS = (
    # Translators: words in capitals stand for what is typed in their place. Latin letters only; else leave them.
    mark("ACTION"),
    mark("CAMERA"),
    mark("COMMAND"),
    mark("DAY"),
    mark("EXERCISE"),
    mark("FILE"),
    mark("FOLDER"),
    mark("ID"),
    mark("IMAGE"),
    mark("KEY"),
    mark("KEY=VALUE"),
    mark("NAME"),
    mark("PAGE[:DETAIL]"),
    mark("PAIN"),
    mark("POLICY"),
    mark("RATE"),
    mark("REGION"),
    mark("SECONDS"),
    mark("SOURCE"),
    mark("STEP"),
    mark("TEXT"),
    mark("TIME"),
    mark("TOPIC"),
    mark("VALUE"),
    mark("VIDEO"),
    mark("WHAT"),
    mark("WORD"),
)
"""The words that stand for arguments. `posture.cli.completion` goes by the English ones."""


class Formatter(argparse.HelpFormatter):
    """Help that breaks lines at spaces alone: a name with a hyphen stays whole."""

    def __init__(self, prog: str, **kwargs: Any) -> None:
        super().__init__(prog, **{"width": terminal_columns() - 2, **kwargs})

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """As argparse does it, in the language of this process."""
        super().add_usage(usage, actions, groups, tr("usage: ") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        """As argparse does it, in the language of this process."""
        super().start_section(tr(heading) if heading else heading)

    def _metavar_formatter(self, action: argparse.Action, default_metavar: str) -> Any:
        named = super()._metavar_formatter(action, default_metavar)
        return lambda count: tuple(map(tr, named(count)))

    def _expand_help(self, action: argparse.Action) -> str:
        try:
            return super()._expand_help(action)
        except (KeyError, TypeError, ValueError):  # a translation with a fault, such as a single per cent sign
            return action.help or ""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in _wrapped(text, width - len(indent)))


class Parser(argparse.ArgumentParser):
    """A parser of posture or of one of its commands; usage errors are one sentence, with exit code 2."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"formatter_class": Formatter, **kwargs})
        for action in self._actions:
            if isinstance(action, argparse._HelpAction):
                action.help = tr("show this help message and exit")

    def format_help(self) -> str:
        """The help with its commands in groups, and with examples."""
        text = super().format_help()
        if examples := EXAMPLES.get(self.prog.partition(" ")[2]):
            text = f"{text.rstrip()}\n\n{tr('examples')}:\n{_examples(examples, self._columns)}\n"
        return text

    @property
    def _columns(self) -> int:
        return self._get_formatter()._width

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does it; an option that does not exist is said with the nearest that does."""
        found, left = self.parse_known_args(args, namespace)
        if left:
            at_fault = self._at_fault(found)
            at_fault.error(at_fault._unknown(left))
        return found

    def _at_fault(self, found: argparse.Namespace) -> Parser:
        """Give the parser of the command, and of its action, that was named."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction) and (below := getattr(found, action.dest, None)):
                parser = action.choices[below]
                return parser._at_fault(found) if isinstance(parser, Parser) else self
        return self

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        nearest = guess(str(value), known)
        if isinstance(action, argparse._SubParsersAction):
            self.error(
                tr("There is no action {name}{nearest}", name=_shown(value), nearest=nearest)
                if " " in self.prog
                else tr("There is no command {name}{nearest}", name=_shown(value), nearest=nearest)
            )
        names = {"argument": _name(argparse._get_action_name(action) or ""), "value": _shown(value)}
        self.error(
            tr("{argument} does not take {value}{nearest}", **names, nearest=nearest)
            if nearest
            else tr("{argument} does not take {value}, only {known}", **names, known=listed(known, "or"))
        )

    def error(self, message: str) -> NoReturn:
        """Say in one sentence what is wrong and where the help is, and end the process with 2."""
        said = shortened(plain(self._plainly(message)))
        end = "" if said.endswith("?") else "."
        where = tr("{command} --help says what there is.", command=self.prog)
        self.exit(2, f"posture: {said}{end} {where}\n")

    def _plainly(self, message: str) -> str:
        if match := re.fullmatch(r"the following arguments are required: (.*)", message):
            return tr("{command} needs {arguments}", command=self.prog, arguments=listed(_names(match[1].split(", "))))
        if match := re.fullmatch(r"argument (.*): expected .*", message):
            return tr("{argument} needs a value", argument=_name(match[1]))
        if match := re.fullmatch(r"argument (.*): invalid (?:int|float) value: (.*)", message):
            return tr("{argument} takes a number, not {value}", argument=_name(match[1]), value=match[2])
        if match := re.fullmatch(r"argument (.*): not allowed with argument (.*)", message):
            return tr(
                "{one} and {other} do not go together: use one of them", one=_name(match[1]), other=_name(match[2])
            )
        if match := re.fullmatch(r"one of the arguments (.*) is required", message):
            return tr(
                "{command} needs one of {arguments}", command=self.prog, arguments=", ".join(_names(match[1].split()))
            )
        if match := re.fullmatch(r"ambiguous option: (.*) could match (.*)", message):
            return tr("ambiguous option: {option} could match {options}", option=match[1], options=match[2])
        if match := re.fullmatch(r"argument (.*): ignored explicit argument (.*)", message, re.DOTALL):
            return tr("{argument}: ignored explicit argument {value}", argument=_name(match[1]), value=match[2])
        if match := re.fullmatch(r"argument (.*?): (.*)", message, re.DOTALL):
            return f"{_name(match[1])}: {match[2].rstrip('.')}"
        return message.rstrip(".")

    def _unknown(self, words: list[str]) -> str:
        option = next((word for word in words if word.startswith("-")), None)
        if option is None:
            return tr("{command} does not take {words}", command=self.prog, words=_shown(" ".join(words)))
        name = option.partition("=")[0]
        known = [each for action in self._actions for each in action.option_strings if each.startswith("--")]
        return tr(
            "{command} has no option {option}{nearest}",
            command=self.prog,
            option=_shown(name),
            nearest=guess(name, known),
        )


class _Commands(Mapping[str, argparse.ArgumentParser]):
    """The parsers of all commands, each built when it is asked for; their names are known without."""

    def __init__(self, build: Callable[[str], Mapping[str, argparse.ArgumentParser]]) -> None:
        self._build = build
        self._built: dict[str, argparse.ArgumentParser] = {}

    def __getitem__(self, name: str) -> argparse.ArgumentParser:
        if name in MODULES and name not in self._built:
            self._built |= self._build(name)
        return self._built[name]

    def __contains__(self, name: object) -> bool:
        return name in MODULES

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


class TopParser(Parser):
    """The parser of posture: its help has the commands in groups, and a command has a parser once it is named.

    Parameters
    ----------
    build : callable
        Gives the parser of a command by its name, and those that come with it.
    **kwargs
        Of an ArgumentParser.
    """

    def __init__(self, build: Callable[[str], Mapping[str, argparse.ArgumentParser]], **kwargs: Any) -> None:
        super().__init__(prog=PROGRAM, **kwargs)
        self.add_argument(
            "--version",
            action="version",
            version=f"posture {__version__}",
            help=tr("show program's version number and exit"),
        )
        self.commands = self.add_subparsers(
            title=tr("commands"), dest="command", metavar="COMMAND", required=True, prog=PROGRAM, parser_class=Parser
        )
        # What argparse fills as commands are added. It looks up the one that was typed, and else the names alone.
        self.commands.choices = self.commands._name_parser_map = _Commands(build)  # type: ignore[assignment]

    def format_help(self) -> str:
        """See `Parser.format_help`."""
        columns = self._columns
        parts = [self.format_usage().rstrip(), _filled(self.description or "", columns)]
        for title, commands in GROUPS:
            rows = [(name, summary(name)) for name, _, _ in commands]
            parts.append(f"{tr(title)}:\n{_rows(rows, columns)}")
        parts.append(f"{tr('examples')}:\n{_examples(EXAMPLES[''], columns)}")
        parts.append(_filled(tr("posture COMMAND --help says more of a command."), columns))
        parts.append(_filled(self.epilog or "", columns))
        return "\n\n".join(parts) + "\n"


def guess(typed: str, known: Iterable[str]) -> str:
    """What was probably meant, as ``: did you mean summary?`` after what is not known; else empty."""
    import difflib

    names = {name.lower(): name for name in known}
    word = typed.lower()[:100]
    begins = [name for name in names if len(word) > 1 and name.startswith(word)]
    nearest = begins[:3] or difflib.get_close_matches(word, names, 1, cutoff=0.6)
    # Translators: it goes on with what is not there.
    return tr(": did you mean {names}?", names=listed([names[name] for name in nearest], "or")) if nearest else ""


def _name(argument: str) -> str:
    """An argument as the help names it: an option as it is, a placeholder in the language of this process."""
    return tr(argument)


def _names(arguments: Iterable[str]) -> list[str]:
    return [_name(argument) for argument in arguments]


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 40 else f"{text[:40]}...")


def _wrapped(text: str, columns: int) -> list[str]:
    return wrapped(" ".join(text.split()), max(20, columns)) or [""]


def _filled(text: str, columns: int) -> str:
    return "\n".join(_wrapped(text, columns))


def _rows(rows: list[tuple[str, str]], columns: int) -> str:
    left = max(12, *(len(name) for name, _ in rows))
    lines = []
    for name, text in rows:
        first, *more = _wrapped(text, columns - left - 4)
        lines.append(f"{_INDENT}{name:<{left}}  {first}")
        lines += [f"{'':{left + 4}}{line}" for line in more]
    return "\n".join(lines)


def _examples(examples: Iterable[tuple[str, str]], columns: int) -> str:
    lines = []
    for line, meaning in examples:
        says = tr(meaning)
        if len(line) > _EXAMPLE_COLUMNS or columns < _EXAMPLE_COLUMNS + 2 + width(says) + 4:
            lines += [f"{_INDENT}{line}", *(f"{_INDENT * 3}{part}" for part in _wrapped(says, columns - 6))]
        else:
            lines.append(f"{_INDENT}{line:<{_EXAMPLE_COLUMNS}}  {says}")
    return "\n".join(lines)
