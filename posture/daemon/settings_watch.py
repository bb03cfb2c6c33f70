"""The settings of a running daemon: a changed file is applied, a broken one is refused with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from posture.errors import PostureError
from posture.settings import setting_specs
from posture.settings_file import load_settings
from posture.settings_text import settings_path


class SettingsWatch:
    """The present settings. `overrides` are ``key=value`` settings that win over the file."""

    def __init__(self, overrides: Sequence[str]) -> None:
        self._overrides = list(overrides)
        self.present = load_settings(overrides=self._overrides)
        self._stamp = _stamp(settings_path())
        self.problem = ""
        """Why the file was refused and the earlier settings stay; empty when it was not."""

    @property
    def file(self) -> Path:
        """Where the settings are read from."""
        return settings_path()

    def reload(self, *, at_once: bool = False) -> list[str]:
        """Read the file again if it has changed, or `at_once`.

        Gives the settings that have changed, as ``key=value``.
        """
        stamp = _stamp(settings_path())
        if stamp == self._stamp and not at_once:
            return []
        self._stamp = stamp
        try:
            settings = load_settings(overrides=self._overrides)
        except PostureError as error:
            self.problem = str(error)
            return []
        before, self.present, self.problem = self.present, settings, ""
        specs = [spec for spec in setting_specs() if spec.of(before) != spec.of(settings)]
        return [f"{spec.key}={spec.text(spec.of(settings))}" for spec in specs]


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
