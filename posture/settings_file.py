"""The settings file: a TOML file in the user's config folder, checked when read and changed without loss.

Reading uses only the standard library, so that light commands stay light; tomlkit, which keeps comments and order, is
imported only for writing.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from posture.access import make_folder
from posture.atomic_write import put_in_place, write_atomically
from posture.errors import PostureError
from posture.file_lock import locked
from posture.language import tr
from posture.settings import Settings, SettingSpec, Value, find_spec, setting_specs, settings_in_conflict
from posture.settings_text import read_settings_text, settings_path

_SECTIONS = tuple(entry.name for entry in fields(Settings))
_PATIENCE = 16  # lines of one statement after which not every further line is tried


def load_settings(path: Path | None = None, overrides: Sequence[str] = ()) -> Settings:
    """Read the settings of the user; every value is in its range.

    Parameters
    ----------
    path : Path, optional
        The file; by default `settings_path`. Where there is none, the defaults hold.
    overrides : sequence of str
        ``key=value`` as given to ``--set``; they override the file.

    Raises
    ------
    PostureError
        When the file cannot be read, or anything in it or in `overrides` is not a setting or not allowed; the message
        names file and line, the key, the value and what is allowed. Exit code 2.
    """
    path = settings_path() if path is None else path
    return settings_from_text(read_settings_text(path), path, overrides)


def settings_from_text(text: str, path: Path, overrides: Sequence[str] = ()) -> Settings:
    """Turn the text of a settings file into settings; `path` is only for messages. See `load_settings`."""
    data = _parse(text, path)
    values: dict[str, dict[str, Value]] = {}
    overridden: set[str] = set()

    for section, entries in data.items():
        if not isinstance(entries, dict) or section not in _SECTIONS:
            raise _at(path, _line(text, (section,)), _not_a_section(section, entries))
        for name, raw in entries.items():
            try:
                spec = find_spec(f"{section}.{name}")
                values.setdefault(section, {})[spec.attribute] = spec.check(raw)
            except PostureError as error:
                raise _at(path, _line(text, (section, name)), error) from None

    for override in overrides:
        key, equals, typed = override.partition("=")
        try:
            if not equals:
                raise PostureError(tr("write it as key=value, such as coach.stand_after=45m"), 2)
            spec = find_spec(key.strip())
            values.setdefault(spec.section, {})[spec.attribute] = spec.parse(typed.strip())
        except PostureError as error:
            raise PostureError(f"--set {override}: {error}", 2) from None
        overridden.add(spec.key)

    def origin(spec: SettingSpec) -> str:
        if spec.key in overridden:
            return "--set"
        in_file = spec.attribute in values.get(spec.section, {})
        if not in_file:
            # Translators: where a value comes from, as in "coach.stand_after = 30m (its default)"
            return tr("its default")
        return tr("{path}, line {line}", path=path, line=_line(text, (spec.section, spec.name)))

    settings = Settings(
        **{section: replace(getattr(Settings(), section), **chosen) for section, chosen in values.items()}
    )
    if conflict := settings_in_conflict(settings):
        a, b = (f"{spec.key} = {spec.text(spec.of(settings))} ({origin(spec)})" for spec in conflict)
        raise PostureError(
            tr("{shorter} must not be longer than {longer}: change one of the two", shorter=a, longer=b), 2
        )
    return settings


def _at(path: Path, line: int, error: object) -> PostureError:
    return PostureError(tr("{path}, line {line}: {error}", path=path, line=line, error=error), 2)


def set_setting(path: Path, spec: SettingSpec, typed: str) -> Value:
    """Set one value in the file, keeping comments and order; a new key gets its doc as a comment.

    Parameters
    ----------
    path : Path
        The settings file; created where there is none.
    typed : str
        The value as a user types it; returned as in `Settings`.

    Raises
    ------
    PostureError
        When the value is not allowed, or the file is broken or cannot be written; the file is then unchanged.
    """
    value = spec.parse(typed)
    with changing_settings(path):
        text = read_settings_text(path)
        before = _parse(text, path)
        if isinstance(before.get(spec.section, {}), dict):
            changed = _with_value(text, before, spec, spec.toml(value))
            settings_from_text(changed, path)
            _assert_only_changed(path, before, _parse(changed, path), spec.section, spec.name)
            write_settings_text(path, changed)
        else:
            settings_from_text(text, path)  # raises what is wrong with the section
    return value


def reset_setting(path: Path, key: str) -> bool:
    """Remove a key from the file, so that its default holds; comments stay. Returns whether the key was there.

    A key that is not a setting can be removed too, which repairs a file. A PostureError says that the key is neither a
    setting nor in the file, that the rest of the file would contradict itself, or that the file is broken or cannot be
    written; the file is then unchanged.
    """
    if _without_key(path, key) is None:
        return False  # without a lock: where nothing is changed, nothing need be written
    with changing_settings(path):
        changed = _without_key(path, key)
        if changed is not None:
            write_settings_text(path, changed)
    return changed is not None


def _without_key(path: Path, key: str) -> str | None:
    """The text of the file without a key; None where the key is not in it."""
    text = read_settings_text(path)
    before = _parse(text, path)
    section, _, name = key.partition(".")
    if not isinstance(before.get(section), dict) or name not in before[section]:
        spec = find_spec(key)
        section, name = spec.section, spec.name
        if not isinstance(before.get(section), dict) or name not in before[section]:
            return None
    changed = _without_value(text, section, name)
    if _is_valid(text, path):
        settings_from_text(changed, path)
    _assert_only_changed(path, before, _parse(changed, path), section, name)
    return changed


def reset_all_settings(path: Path) -> Path | None:
    """Move the file aside, so that all defaults hold, and return where it is now; None when there was none.

    Works on a broken file too.
    """
    real = Path(os.path.realpath(path))
    aside = real.with_name(real.name + ".old")
    try:
        if real.parent.exists():
            with locked(real):
                put_in_place(real, aside, erase_old=True)
        else:
            return None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PostureError(
            tr(
                "the settings file {path} cannot be moved aside: {reason}; check its folder",
                path=path,
                reason=error.strerror,
            )
        ) from None
    return aside


@contextlib.contextmanager
def changing_settings(path: Path) -> Iterator[None]:
    """Let no other process change the file while the block reads, changes and writes it.

    A PostureError says that it cannot be written; the file is then unchanged.
    """
    try:
        with locked(path):
            yield
    except OSError as error:
        raise _not_written(path, error) from None


def write_settings_text(path: Path, text: str) -> None:
    """Replace the file atomically, inside `changing_settings`; a link to it, its mode and its owner stay.

    A PostureError says that it cannot be written; the file is then unchanged.
    """
    real = Path(os.path.realpath(path))
    try:
        make_folder(real.parent)
        old = real.stat() if real.exists() else None
        if old and not stat.S_ISREG(old.st_mode):
            raise PostureError(
                tr("the settings file {path} cannot be written: it is not a plain file; move it away", path=path)
            )
        if old and not os.access(real, os.W_OK):
            raise PostureError(
                tr("the settings file {path} cannot be written: it is read-only; make it writable", path=path)
            )
        if old:
            write_atomically(real, text, stat.S_IMODE(old.st_mode), (old.st_uid, old.st_gid))
        else:
            write_atomically(real, text)
    except OSError as error:
        raise _not_written(path, error) from None


def _not_written(path: Path, error: OSError) -> PostureError:
    return PostureError(
        tr(
            "the settings file {path} cannot be written: {reason}; what was there is unchanged: check the disk",
            path=path,
            reason=error.strerror,
        )
    )


def settings_template() -> str:
    """Give all settings as comments, for a user to start from."""
    lines = ["# Settings of posture. Take away the # in front of a line to change that setting."]
    for spec in setting_specs():
        header = f"[{spec.section}]"
        lines += [] if header in lines else ["", header]
        lines += ["# " + spec.in_english, f"# {spec.name} = {_toml_text(spec.toml(spec.default))}"]
    return "\n".join(lines) + "\n"


def _parse(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise PostureError(tr("{path}: brackets are nested too deeply to be settings", path=path), 2) from None
    except ValueError as error:
        # The standard library's message ends with the place: "... (at line 3, column 5)" or "(at end of document)".
        match = re.fullmatch(r"(.*?)(?: \(at (?:line (\d+), column \d+|end of document)\))?", str(error), re.DOTALL)
        what, line = (match[1], match[2]) if match else (str(error), None)
        line = line or str(text.rstrip("\n").count("\n") + 1)
        raise PostureError(
            tr("{path}, line {line}: not valid TOML ({error}): correct that line", path=path, line=line, error=what), 2
        ) from None


@dataclass(frozen=True)
class _Statement:
    """One header or one ``key = value`` of a TOML text: lines `first` to `last` (from 0), and what it defines."""

    first: int
    last: int
    is_header: bool
    defines: dict[str, Any]


def _statements(text: str) -> Iterator[_Statement]:
    """Split a valid TOML text into its statements, since the standard library gives no line numbers.

    Lines are joined until they parse on their own, below the header that applies to them. In a long statement not every
    join is tried, so that it may include the statement after it.
    """
    header, chunk, first = "", "", 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if not chunk:
            first = next_try = number
            if not line.strip() or line.lstrip().startswith("#"):
                continue
        chunk += line + "\n"
        if number < next_try and number < len(lines) - 1:
            continue
        next_try = number + 1 + (number - first) // _PATIENCE
        is_header = number == first and line.lstrip().startswith("[")
        try:
            defines = tomllib.loads(chunk if is_header else header + chunk)
        except tomllib.TOMLDecodeError:
            continue
        yield _Statement(first, number, is_header, defines)
        header, chunk = chunk if is_header else header, ""


def _defines(data: object, names: Sequence[str]) -> bool:
    for name in names:
        data = data[-1] if isinstance(data, list) and data else data
        if not isinstance(data, dict) or name not in data:
            return False
        data = data[name]
    return True


def _line(text: str, names: tuple[str, ...]) -> int:
    return next((s.first + 1 for s in _statements(text) if _defines(s.defines, names)), 1)


def _not_a_section(name: str, value: object) -> str:
    if name in _SECTIONS:
        return tr("{name} is a section: write it once, as [{name}], with its settings below", name=name)
    if isinstance(value, dict | list):
        import difflib

        nearest = difflib.get_close_matches(name[:100], _SECTIONS, 1, cutoff=0.0)[0]
        return tr("there is no section [{name}]; the nearest is [{nearest}]", name=name, nearest=nearest)
    try:
        spec = find_spec(name)
    except PostureError as error:
        return str(error)
    return tr("{name} stands outside its section: write it below [{section}]", name=name, section=spec.section)


def _toml_text(value: Value) -> str:
    import tomlkit

    return tomlkit.item(value).as_string()


def _with_value(text: str, data: Mapping[str, Any], spec: SettingSpec, value: Value) -> str:
    import tomlkit

    section, name = spec.section, spec.name
    statements = list(_statements(text))
    own = [s for s in statements if section in s.defines]
    headed = next((s for s in own if s.is_header), None)
    if name in data.get(section, {}) or (own and not headed and "." not in _key_part(text, own[0])):
        document: Any = tomlkit.parse(text)  # replaces only the value, or adds to an inline table
        document[section][name] = value
        return tomlkit.dumps(document)

    # A new key goes right below the last key of its section; tomlkit would put it below a comment that belongs to the
    # next section.
    newline = "\r\n" if "\r\n" in text else "\n"
    line = f"{name} = {_toml_text(value)}"
    new = [f"# {spec.in_english}", line if headed or not own else f"{section}.{line}"]
    lines = [entry.removesuffix("\r") for entry in text.split("\n")]
    if own:
        at = max(s.last for s in own) + 1
    else:
        at = len(lines) - 1 if lines[-1] == "" else len(lines)
        new = ([""] if text.strip() else []) + [f"[{section}]", *new]
    lines[at:at] = new
    return newline.join(lines if lines[-1] == "" else [*lines, ""])


def _without_value(text: str, section: str, name: str) -> str:
    statement = next(s for s in _statements(text) if _defines(s.defines, (section, name)))
    if statement.is_header or len(statement.defines[section]) != 1:  # a table below the section, or an inline table
        import tomlkit

        document: Any = tomlkit.parse(text)
        del document[section][name]
        return tomlkit.dumps(document)
    lines = text.split("\n")
    comment = _trailing_comment("\n".join(lines[statement.first : statement.last + 1]))
    first = statement.first
    spec = next((spec for spec in setting_specs() if spec.key == f"{section}.{name}"), None)
    if spec and first and lines[first - 1].strip() == f"# {spec.in_english}":
        first -= 1  # the comment that set_setting wrote
    lines[first : statement.last + 1] = [comment] if comment else []
    return "\n".join(lines)


def _trailing_comment(statement: str) -> str:
    """Give the comment after a statement: it starts at the first # before which the statement is complete."""
    for match in re.finditer("#", statement):
        with contextlib.suppress(tomllib.TOMLDecodeError):
            tomllib.loads(statement[: match.start()])
            return statement[match.start() :]
    return ""


def _key_part(text: str, statement: _Statement) -> str:
    return text.split("\n")[statement.first].partition("=")[0]


def _is_valid(text: str, path: Path) -> bool:
    try:
        settings_from_text(text, path)
    except PostureError:
        return False
    return True


def _assert_only_changed(
    path: Path, before: Mapping[str, Any], after: Mapping[str, Any], section: str, name: str
) -> None:
    """Refuse a changed text that changes any other setting: TOML has odd corners."""

    def others(data: Mapping[str, Any]) -> dict[str, Any]:
        rest = {key: entries for key, entries in data.items() if key != section}
        return rest | {section: {key: raw for key, raw in data.get(section, {}).items() if key != name}}

    if others(before) != others(after):
        raise PostureError(
            tr("{path} is written in a way that cannot be changed safely: use 'posture config edit'", path=path), 2
        )
