"""The text of the settings file: where it lies, and what light commands read of it without checking all settings."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from posture.errors import PostureError
from posture.home import in_home, own_folder
from posture.language import tr
from posture.plain_file import NO_FILE, read_plain

_LARGEST_BYTES, _LONGEST_LINE = 65_536, 5_000
"""Far above any settings file. A wrong file, such as a video, is not read into memory, and the time of a TOML parser
grows with the square of the number of dots in a key."""


def settings_path() -> Path:
    """Give the settings file's path: the environment variable POSTURE_CONFIG, else one in the user's config folder.

    A PostureError says that the home it would lie in is not known.
    """
    if named := os.environ.get("POSTURE_CONFIG"):
        return in_home(named)
    return own_folder("config") / "settings.toml"


def read_settings_text(path: Path) -> str:
    """Read the file as text; empty where there is none. PostureError with exit code 2 where it cannot be read."""
    try:
        data = read_plain(path, _LARGEST_BYTES)
    except FileNotFoundError:
        return ""
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise PostureError(
                tr("{path} is too large to be a settings file: move it away or correct POSTURE_CONFIG", path=path), 2
            ) from None
        if error.errno in NO_FILE:
            raise PostureError(
                tr("{path} is not a file of settings: move it away or correct POSTURE_CONFIG", path=path), 2
            ) from None
        raise PostureError(
            tr(
                "the settings file {path} cannot be read: {reason}; check its permissions",
                path=path,
                reason=error.strerror,
            ),
            2,
        ) from None
    if max(map(len, data.splitlines()), default=0) > _LONGEST_LINE:
        raise PostureError(
            tr("{path} has lines too long to be settings: move it away or correct POSTURE_CONFIG", path=path), 2
        )
    try:
        return data.decode("utf-8-sig")  # Notepad puts a mark in front that TOML does not allow
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PostureError(
            tr("{path}, line {line}: not UTF-8 text: save the file as UTF-8", path=path, line=line), 2
        ) from None


def raw_setting(section: str, name: str) -> object:
    """Give what the file has for a setting, as it stands there; None where it has nothing, or cannot be read.

    Nothing is checked: the whole check takes longer than all else that a light command does.
    """
    try:
        text = read_settings_text(settings_path())
    except PostureError:
        return None
    if name not in text:
        return None  # without a parser's time
    import tomllib

    try:
        found: object = tomllib.loads(text)[section][name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found
