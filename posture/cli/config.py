"""`posture config`: show the settings and change them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from posture.cli.commands import summary_sentence
from posture.cli.keypress import agrees
from posture.errors import PostureError
from posture.file_system import remove
from posture.language import LANGUAGES, language, speak, tr
from posture.output import terminal_columns
from posture.own_language import begin
from posture.plain_text import padded, plain, width
from posture.settings import Settings, SettingSpec, find_spec, setting_specs
from posture.settings_file import (
    changing_settings,
    load_settings,
    reset_all_settings,
    reset_setting,
    set_setting,
    settings_from_text,
    settings_template,
    write_settings_text,
)
from posture.settings_text import read_settings_text, settings_path

LANGUAGE_KEY = "general.language"
_DOC_COLUMNS = 60  # below this much room a setting has several lines


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `config` and what it can do."""
    parser = commands.add_parser("config", description=summary_sentence("config"))
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)

    listing = actions.add_parser(
        "list", help=tr("the settings with value, range, default and meaning; * marks a change")
    )
    listing.add_argument("words", nargs="*", metavar="WORD", help=tr("only those that speak of it, such as camera"))
    form = listing.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=tr("for other programs"))
    form.add_argument("--markdown", action="store_true", help=tr("the reference page docs/settings.md"))

    get = actions.add_parser("get", help=tr("print one value"))
    get.add_argument("key", metavar="KEY", help=tr("such as coach.stand_after"))

    change = actions.add_parser("set", help=tr("change one value"))
    change.add_argument("key", metavar="KEY", help=tr("such as coach.stand_after"))
    change.add_argument("value", metavar="VALUE", help=tr("such as 45m"))

    reset = actions.add_parser("reset", help=tr("go back to the default of one setting, or of all"))
    what = reset.add_mutually_exclusive_group(required=True)
    what.add_argument("key", metavar="KEY", nargs="?", help=tr("such as coach.stand_after"))
    what.add_argument("--all", action="store_true", help=tr("move the settings file aside"))

    actions.add_parser("path", help=tr("print where the settings file is"))
    actions.add_parser("edit", help=tr("open the settings file in your editor, and check it afterwards"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; see `posture config --help`."""
    path = settings_path()
    if args.action == "list":
        _list(args)
    elif args.action == "get":
        spec = find_spec(args.key)
        print(plain(spec.text(spec.of(load_settings(path)))))
    elif args.action == "set":
        spec = find_spec(args.key)
        value = set_setting(path, spec, args.value)
        if spec.key == LANGUAGE_KEY:
            begin(str(value))
        print(plain(f"{spec.key} = {_shown(spec, spec.text(value))}"))
        if spec.key == "camera.source":
            _tell_of_a_stream(str(value))
        if spec.key == LANGUAGE_KEY:
            print(tr("posture speaks {language} from now on.", language=LANGUAGES[language()]))
    elif args.action == "reset":
        _reset(path, args)
    elif args.action == "path":
        print(plain(str(path)))
    else:
        return _edit(path)
    return 0


def _tell_of_a_stream(source: str) -> None:
    from posture.camera.source_kind import NO_STREAM, is_elsewhere

    if is_elsewhere(source):
        print(tr(NO_STREAM))


def settings_markdown() -> str:
    """Write the reference page of all settings; the user's own values do not show in it."""
    lines = [
        "# Settings",
        "",
        "One TOML file holds what you changed; `posture config path` prints where it is, and the environment variable",
        "`POSTURE_CONFIG` names another. A duration is text with its unit: `45m`, `1h30m`, `90s`, `1.5h`, `500ms`.",
        "Change a value with `posture config set coach.stand_after 45m`, or for one run with",
        "`--set coach.stand_after=45m`. This page is written by `posture config list --markdown`.",
    ]
    section = ""
    for spec in setting_specs():
        if spec.section != section:
            section = spec.section
            lines += ["", f"## [{section}]", "", _section_doc(section), ""]
            lines += ["| setting | default | allowed | meaning |", "|---|---|---|---|"]
        default = f"`{_shown(spec, spec.text(spec.default))}`"
        lines.append(f"| `{spec.name}` | {default} | {spec.allowed} | {spec.doc} |")
    return "\n".join(lines) + "\n"


def _list(args: argparse.Namespace) -> None:
    if args.markdown:
        speak("en")  # a page of the documentation
        print(settings_markdown(), end="")
        return
    settings, specs = load_settings(), _speaking_of(args.words)
    if args.json:
        import json

        print(json.dumps([_as_json(spec, settings) for spec in specs], indent=2))
        return

    rows = [_row(spec, settings) for spec in specs]
    heading = (tr("setting"), tr("value"), tr("unit"), tr("range"), tr("default"))
    widths = [max(width(row[column]) for row in [heading, *rows]) for column in range(len(heading))]
    widths = [min(columns, 26) for columns in widths]  # a long path must not push everything aside
    used = sum(widths) + 2 * len(widths)
    # Piped output keeps one line a setting, for grep.
    wide = not sys.stdout.isatty() or terminal_columns() - used >= _DOC_COLUMNS

    def line(mark: str, row: Sequence[str], doc: str) -> str:
        cells = "  ".join(padded(cell, columns) for cell, columns in zip(row, widths, strict=True)).rstrip()
        return f"{mark} {padded(cells, used)}  {doc}"

    if wide:
        print(line(" ", heading, tr("meaning (* is changed)")))
    section = ""
    for spec, row in zip(specs, rows, strict=True):
        if spec.section != section:
            section = spec.section
            print(f"\n[{section}] {tr(_section_doc(section))}")
        mark = "*" if spec.of(settings) != spec.default else " "
        if wide:
            print(line(mark, row, tr(spec.doc)))
        else:
            key, value, unit, allowed, default = row
            print(f"{mark} {key} = {f'{value} {unit}'.rstrip()}")
            print(f"      {'; '.join(filter(None, (allowed, tr('default {value}', value=default))))}")
            print(f"      {tr(spec.doc)}")
    if not wide:
        print(f"\n{tr('* is changed.')}")


def _speaking_of(words: Sequence[str]) -> list[SettingSpec]:
    """Select the settings in whose name or meaning all words stand; PostureError where none is so."""
    from posture.guided.setting_words import speaking_of

    found = speaking_of(words)
    if not found:
        from posture.cli.parser import guess

        known = {part for spec in setting_specs() for part in (spec.section, *spec.name.split("_"), spec.key)}
        nearest = guess(" ".join(words), sorted(known)) or tr(": posture config list shows all.")
        raise PostureError(tr("No setting speaks of {words!r}{nearest}", words=" ".join(words)[:50], nearest=nearest))
    return found


def _row(spec: SettingSpec, settings: Settings) -> tuple[str, ...]:
    value, default = (spec.text(value) or '""' for value in (spec.of(settings), spec.default))
    return spec.key, plain(value), tr(spec.unit), spec.range, default


def _shown(spec: SettingSpec, text: str) -> str:
    return f"{text} {tr(spec.unit)}" if spec.unit else text or '""'


def _section_doc(section: str) -> str:
    doc = type(getattr(Settings(), section)).__doc__ or ""
    return doc.split("\n")[0]


def _as_json(spec: SettingSpec, settings: Settings) -> dict[str, object]:
    numeric = spec.kind in ("number", "whole")
    entry: dict[str, object] = {"key": spec.key, "kind": spec.kind, "value": spec.toml(spec.of(settings))}
    entry |= {"default": spec.toml(spec.default), "changed": spec.of(settings) != spec.default, "unit": spec.unit}
    if spec.kind == "duration":
        entry |= {"value_s": spec.of(settings), "default_s": spec.default, "low_s": spec.low, "high_s": spec.high}
    elif numeric:
        entry |= {"low": spec.low, "high": spec.high}
    elif spec.choices:
        entry["choices"] = spec.choices
    return entry | {"allowed": spec.allowed, "doc": tr(spec.doc)}


def _reset(path: Path, args: argparse.Namespace) -> None:
    if args.all:
        aside = reset_all_settings(path)
        begin()
        print(
            plain(tr("all settings are at their defaults; the old file is {aside}", aside=aside))
            if aside
            else tr("there is no settings file: all settings are at their defaults")
        )
        return
    was_set = reset_setting(path, args.key)
    begin()
    known = [spec for spec in setting_specs() if args.key in (spec.key, spec.name)]
    if not known:
        print(plain(tr("{key} is taken out of {path}", key=args.key, path=path)))
        return
    spec = known[0]
    default = _shown(spec, spec.text(spec.default))
    print(
        tr("{key} is back at its default, {default}", key=spec.key, default=default)
        if was_set
        else tr("{key} is already at its default, {default}", key=spec.key, default=default)
    )


def _edit(path: Path) -> int:
    """Let the user edit a draft; it replaces the file only when it is valid."""
    import tempfile

    before = read_settings_text(path)
    start = before or settings_template()
    try:
        handle, name = tempfile.mkstemp(prefix="posture-settings-", suffix=".toml")
        with open(handle, "wb") as file:  # noqa: PTH123 - an open descriptor
            file.write(start.encode("utf-8"))
    except OSError as error:
        raise PostureError(
            tr("a draft for the editor cannot be written ({reason}): check TMPDIR", reason=error.strerror)
        ) from None
    draft = Path(name)
    keep_draft = False
    try:
        while True:
            _open_editor(draft)
            after = read_settings_text(draft)
            if after == start:
                print(tr("the draft is as it was: no setting was changed"))
                return 0
            keep_draft = True  # from here on it holds work of the user that is not in the file yet
            try:
                settings_from_text(after, path)
                break
            except PostureError as error:
                print(f"posture: {error}", file=sys.stderr)
            if not _ask_again():
                raise PostureError(
                    tr("{path} stays as it was; your draft is kept in {draft}", path=path, draft=draft), 2
                )
        with changing_settings(path):
            if read_settings_text(path) != before:
                raise PostureError(
                    tr(
                        "{path} was changed meanwhile and stays as it is; your draft is kept in {draft}",
                        path=path,
                        draft=draft,
                    )
                )
            write_settings_text(path, after)
        keep_draft = False
        print(plain(tr("saved {path}", path=path)))
        return 0
    finally:
        if not keep_draft:
            with suppress(OSError):  # an editor that still has it open on Windows: `posture forget` finds it
                remove(draft)


def _open_editor(draft: Path) -> None:
    import os
    import shlex
    import shutil
    import subprocess

    named = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    try:
        command = shlex.split(named, posix=sys.platform != "win32") if named else []
    except ValueError:
        raise PostureError(tr("$VISUAL or $EDITOR has an open quote: {command}; close it", command=named), 2) from None
    if sys.platform == "win32":
        command = [word.strip('"') for word in command]  # where a backslash is a part of a path
    if not command:
        usual = ("notepad",) if sys.platform == "win32" else ("sensible-editor", "nano", "vi")
        command = [found for found in map(shutil.which, usual) if found][:1]
    if not command:
        raise PostureError(tr("no editor was found: set the environment variable EDITOR to one"), 2)
    try:
        code = subprocess.run([*command, str(draft)], check=False).returncode
    except OSError as error:
        raise PostureError(
            tr(
                "the editor {command} cannot be started: {reason}; set EDITOR",
                command=command[0],
                reason=error.strerror,
            ),
            2,
        ) from None
    if code:
        raise PostureError(
            tr(
                "the editor {command} ended with {code}: the settings stay as they were; try again, or set EDITOR",
                command=command[0],
                code=code,
            )
        )


def _ask_again() -> bool:
    if not sys.stdin.isatty():
        return False
    try:
        return agrees(tr("Edit again?"), by_enter=True)
    except EOFError:
        return False
