"""Reading the command line: help that fits the terminal, and errors that name what was probably meant."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from posture.cli.commands import EXAMPLES, GROUPS, OTHERS
from posture.plain_text import plain, shortened, width, wrapped

_INDENT = "  "
_EXAMPLE_COLUMNS = 34
"""Where the meaning of an example begins; a longer example has it on the next line."""


class Formatter(argparse.HelpFormatter):
    """Help that breaks lines at spaces alone: a name with a hyphen stays whole."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in _wrapped(text, width - len(indent)))


class Parser(argparse.ArgumentParser):
    """A parser of posture or of one of its commands; usage errors are one sentence, with exit code 2."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"formatter_class": Formatter, **kwargs})

    def format_help(self) -> str:
        """The help with its commands in groups, and with examples."""
        text = super().format_help()
        if examples := EXAMPLES.get(self.prog.partition(" ")[2]):
            text = f"{text.rstrip()}\n\nexamples:\n{_examples(examples, self._columns)}\n"
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
            self.error(f"There is no {'action' if ' ' in self.prog else 'command'} {_shown(value)}{nearest}")
        only = nearest or f", only {_listed(known)}"
        self.error(f"{argparse._get_action_name(action)} does not take {_shown(value)}{only}")

    def error(self, message: str) -> NoReturn:
        """Say in one sentence what is wrong and where the help is, and end the process with 2."""
        said = shortened(plain(self._plainly(message)))
        end = "" if said.endswith("?") else "."
        self.exit(2, f"posture: {said}{end} {self.prog} --help says what there is.\n")

    def _plainly(self, message: str) -> str:
        if match := re.fullmatch(r"the following arguments are required: (.*)", message):
            return f"{self.prog} needs {match[1].replace(', ', ' and ')}"
        if match := re.fullmatch(r"argument (.*): expected .*", message):
            return f"{match[1]} needs a value"
        if match := re.fullmatch(r"argument (.*): invalid (?:int|float) value: (.*)", message):
            return f"{match[1]} takes a number, not {match[2]}"
        if match := re.fullmatch(r"argument (.*): not allowed with argument (.*)", message):
            return f"{match[1]} and {match[2]} do not go together: use one of them"
        if match := re.fullmatch(r"one of the arguments (.*) is required", message):
            return f"{self.prog} needs one of {', '.join(match[1].split())}"
        if match := re.fullmatch(r"argument (.*?): (.*)", message, re.DOTALL):
            return f"{match[1]}: {match[2].rstrip('.')}"
        return message.rstrip(".")

    def _unknown(self, words: list[str]) -> str:
        option = next((word for word in words if word.startswith("-")), None)
        if option is None:
            return f"{self.prog} does not take {_shown(' '.join(words))}"
        name = option.partition("=")[0]
        known = [each for action in self._actions for each in action.option_strings if each.startswith("--")]
        return f"{self.prog} has no option {_shown(name)}{guess(name, known)}"


class TopParser(Parser):
    """The parser of posture: its help has the commands in groups."""

    def format_help(self) -> str:
        """See `Parser.format_help`."""
        columns = self._columns
        described = {
            choice.dest: choice.help or ""
            for action in self._actions
            if isinstance(action, argparse._SubParsersAction)
            for choice in action._choices_actions
        }
        grouped = {name for _, names in GROUPS for name in names}
        groups = [*GROUPS, (OTHERS, tuple(name for name in described if name not in grouped))]
        parts = [self.format_usage().rstrip(), _filled(self.description or "", columns)]
        for title, names in groups:
            rows = [(name, described[name]) for name in names if name in described]
            if rows:
                parts.append(f"{title}:\n{_rows(rows, columns)}")
        parts.append(f"examples:\n{_examples(EXAMPLES[''], columns)}")
        parts.append(_filled("posture COMMAND --help says more of a command.", columns))
        parts.append(_filled(self.epilog or "", columns))
        return "\n\n".join(parts) + "\n"


def guess(typed: str, known: Iterable[str]) -> str:
    """What was probably meant, as ``: did you mean summary?`` after what is not known; else empty."""
    import difflib

    names = {name.lower(): name for name in known}
    word = typed.lower()[:100]
    begins = [name for name in names if len(word) > 1 and name.startswith(word)]
    nearest = begins[:3] or difflib.get_close_matches(word, names, 1, cutoff=0.6)
    return f": did you mean {_listed([names[name] for name in nearest])}?" if nearest else ""


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


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
    for line, says in examples:
        if len(line) > _EXAMPLE_COLUMNS or columns < _EXAMPLE_COLUMNS + 2 + width(says) + 4:
            lines += [f"{_INDENT}{line}", *(f"{_INDENT * 3}{part}" for part in _wrapped(says, columns - 6))]
        else:
            lines.append(f"{_INDENT}{line:<{_EXAMPLE_COLUMNS}}  {says}")
    return "\n".join(lines)
