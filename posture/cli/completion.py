"""`posture completion`: what a shell needs to complete commands, options, settings and their values.

Each script is a table made from the parser, and the same small walk over the words typed so far. It starts no program.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

__all__ = ["add_parser", "run", "script"]

INSTALL = {
    "bash": "posture completion bash > ~/.local/share/bash-completion/completions/posture",
    "zsh": "posture completion zsh > ~/.zfunc/_posture, with fpath+=~/.zfunc before compinit in ~/.zshrc",
    "fish": "posture completion fish > ~/.config/fish/completions/posture.fish",
}
FILE = {"FILE": ""}
"""Any file; shells know how."""
FILE_WORDS = ("FILE", "CAMERA", "VIDEO", "PATH", "FOLDER", "SOURCE", "OUT")
"""Placeholders of arguments that may be a file."""

Table = list[tuple[str, dict[str, str]]]


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `completion`."""
    one = commands.add_parser(
        "completion",
        help="completion for bash, zsh or fish",
        description="Print the completion script of a shell. " + "; ".join(INSTALL.values()) + ".",
    )
    one.add_argument("shell", choices=INSTALL, help="which shell")
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the script."""
    from posture.cli.main import parser

    print(script(args.shell, parser()), end="")
    return 0


def script(shell: str, parser: argparse.ArgumentParser) -> str:
    """Write the script of a shell.

    Parameters
    ----------
    shell : {"bash", "zsh", "fish"}
    parser : ArgumentParser
        Of all commands.
    """
    frame, case, word, quoted = _SHELLS[shell]
    lines = []
    for key, found in [*_table(parser), *_setting_values()]:
        lines.append(case.format(key=quoted(key), words=" ".join(quoted(word(*one)) for one in found.items())))
    return frame.replace("@TABLE@", "\n".join(lines))


def _table(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[tuple[str, dict[str, str]]]:
    """What may come after the commands of a path, by ``path|what``.

    `what` is "below" (commands), "options", "valued" (those of them that take a value), an option (its values), the
    number of a place, or "each" (all places from there on).
    """
    here = " ".join(path)
    options: dict[str, str] = {}
    valued: dict[str, str] = {}
    place = 0
    for action in parser._actions:
        if action.help == argparse.SUPPRESS:
            continue
        if isinstance(action, argparse._SubParsersAction):
            helps = {one.dest: _one_line(one.help) for one in action._choices_actions}
            yield f"{here}|below", {name: helps.get(name, "") for name in action.choices}
            for name, one in action.choices.items():
                yield from _table(one, (*path, name))
        elif action.option_strings:
            options |= dict.fromkeys(action.option_strings, _one_line(action.help))
            if action.nargs != 0:
                valued |= dict.fromkeys(action.option_strings, "")
                for option in action.option_strings:
                    yield f"{here}|{option}", _values(action)
        else:
            yield f"{here}|{'each' if action.nargs in ('*', '+') else place}", _values(action)
            place += 1
    yield f"{here}|options", options
    yield f"{here}|valued", valued


def _values(action: argparse.Action) -> dict[str, str]:
    from posture.settings import setting_specs

    metavar = action.metavar if isinstance(action.metavar, str) else action.dest.upper()
    if action.choices is not None:
        return {str(choice): "" for choice in action.choices}
    if metavar == "KEY":
        return {spec.key: _one_line(spec.doc) for spec in setting_specs()}
    if metavar == "KEY=VALUE":
        return {f"{spec.key}=": _one_line(spec.doc) for spec in setting_specs()}
    if metavar == "STEP":
        from posture.cli.setup import STEPS

        return dict(STEPS)
    return FILE if metavar in FILE_WORDS else {}


def _setting_values() -> Table:
    """The values of each setting that has but a few, for ``config set``."""
    from posture.settings import setting_specs

    few = [(spec.key, spec.choices or ("true", "false")) for spec in setting_specs() if spec.kind in ("choice", "flag")]
    return [(f"config set|{key}", dict.fromkeys(values, "")) for key, values in few]


def _one_line(text: str | None) -> str:
    # A percent sign is doubled for argparse, and its placeholders say nothing here.
    return " ".join((text or "").split("(default")[0].replace("%%", "%").split())


def _in_quotes(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _in_fish_quotes(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_BASH = """\
# Completion of posture for bash, made by: posture completion bash
_posture_at() { # sets found to what the table says of $1
  found=()
  case "$1" in
@TABLE@
  *) return 1 ;;
  esac
}

_posture_has() { # whether $1 is one of found
  local one
  for one in "${found[@]}"; do [[ $one == "$1" ]] && return 0; done
  return 1
}

_posture() {
  local current=${COMP_WORDS[COMP_CWORD]} here='' last='' option='' place=0 k word
  local -a found
  for ((k = 1; k < COMP_CWORD; k++)); do
    word=${COMP_WORDS[k]}
    if [[ -n $option ]]; then
      option=''
    elif [[ $word == -* ]]; then
      _posture_at "$here|valued"
      _posture_has "$word" && option=$word
    elif _posture_at "$here|below" && _posture_has "$word"; then
      here=${here:+$here }$word
    elif [[ $word != = ]]; then
      last=$word
      ((place++))
    fi
  done
  if [[ -n $option ]]; then
    _posture_at "$here|$option"
  elif [[ $current == -* ]]; then
    _posture_at "$here|options"
  else
    _posture_at "$here|below" || { [[ $place == 1 ]] && _posture_at "$here|$last"; } ||
      _posture_at "$here|$place" || _posture_at "$here|each"
  fi
  local IFS=$'\\n'
  if [[ ${found[0]} == FILE ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
    compopt -o filenames 2>/dev/null
    return
  fi
  COMPREPLY=($(compgen -W "${found[*]}" -- "$current"))
  [[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}

complete -F _posture posture
"""

_ZSH = """\
#compdef posture
# Completion of posture for zsh, made by: posture completion zsh
_posture_at() { # sets found to what the table says of $1, as word:help
  found=()
  case "$1" in
@TABLE@
  *) return 1 ;;
  esac
}

_posture_has() { # whether $1 is one of found
  local -a names
  names=("${(@)found%%:*}")
  ((names[(Ie)$1]))
}

_posture() {
  emulate -L zsh
  local here='' last='' option='' word
  integer place=0 k
  local -a found
  for ((k = 2; k < CURRENT; k++)); do
    word=$words[k]
    if [[ -n $option ]]; then
      option=''
    elif [[ $word == -* ]]; then
      _posture_at "$here|valued"
      _posture_has "$word" && option=$word
    elif _posture_at "$here|below" && _posture_has "$word"; then
      here=${here:+$here }$word
    else
      last=$word
      ((place++))
    fi
  done
  if [[ -n $option ]]; then
    _posture_at "$here|$option"
  elif [[ $words[CURRENT] == -* ]]; then
    _posture_at "$here|options"
  else
    _posture_at "$here|below" || { ((place == 1)) && _posture_at "$here|$last"; } ||
      _posture_at "$here|$place" || _posture_at "$here|each"
  fi
  ((${#found})) || return 1
  if [[ ${found[1]} == FILE:* ]]; then
    _files
  elif [[ ${found[1]%%:*} == *= ]]; then
    _describe value found -S ''
  else
    _describe value found
  fi
}

if [[ $funcstack[1] == _posture ]]; then
  _posture "$@"
else
  compdef _posture posture
fi
"""

_FISH = """\
# Completion of posture for fish, made by: posture completion fish
function __posture_at # prints what the table says of its argument: word, tab, help
    switch $argv[1]
@TABLE@
        case '*'
            return 1
    end
end

function __posture_has # whether $argv[1] is a word the table has at $argv[2]
    set -l found (__posture_at $argv[2])
    or return 1
    contains -- $argv[1] (string replace -r '\\t.*' '' -- $found)
end

function __posture_words
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l here ''
    set -l last ''
    set -l option ''
    set -l place 0
    for word in $words[2..-1]
        if test -n "$option"
            set option ''
        else if string match -q -- '-*' $word
            __posture_has $word "$here|valued"
            and set option $word
        else if __posture_has $word "$here|below"
            set here (string trim -- "$here $word")
        else
            set last $word
            set place (math $place + 1)
        end
    end
    set -l found
    if test -n "$option"
        set found (__posture_at "$here|$option")
    else if string match -q -- '-*' $current
        set found (__posture_at "$here|options")
    else
        set found (__posture_at "$here|below")
        or begin
            test $place = 1
            and set found (__posture_at "$here|$last")
        end
        or set found (__posture_at "$here|$place")
        or set found (__posture_at "$here|each")
    end
    if string match -q 'FILE*' -- $found[1]
        __fish_complete_path $current
    else
        printf '%s\\n' $found
    end
end

complete -c posture -f -a '(__posture_words)'
"""

_SHELLS: dict[str, tuple[str, str, Callable[[str, str], str], Callable[[str], str]]] = {
    "bash": (_BASH, "  {key}) found=({words}) ;;", lambda name, text: name, _in_quotes),
    "zsh": (_ZSH, "  {key}) found=({words}) ;;", lambda name, text: f"{name}:{text}", _in_quotes),
    "fish": (
        _FISH,
        "        case {key}\n            printf '%s\\n' {words}",
        lambda name, text: f"{name}\t{text}",
        _in_fish_quotes,
    ),
}
