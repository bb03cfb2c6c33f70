"""Starting with the session of Windows: a value in the user's registry, which Windows runs without a shell or window.

Before, it was a script in the Startup folder, which opened a window for a moment and could not hold every path. It is
removed when posture is turned on or off.
"""

from __future__ import annotations

import contextlib
import subprocess
from pathlib import Path

from posture.desktop.entry_file import remove_entry
from posture.desktop.launcher_windows import programs_folder
from posture.errors import PostureError
from posture.language import mark, tr
from posture.own_command import windowless
from posture.windows_programs import registry

RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
ALLOWED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
NAME = "Posture"
MOST_CHARACTERS = 260
"""Of a command that Windows runs from there."""


class RunKey:
    """The value of this user; see `posture.desktop.autostart_base.Way`."""

    @property
    def words(self) -> str:
        """See `Way.words`."""
        if self.exists() and turned_off_by_user():
            return mark("Windows (but its settings, under Apps > Startup, have it turned off)")
        return mark("Windows, which lists it under Settings > Apps > Startup")

    def fits(self) -> bool:
        """See `Way.fits`."""
        return True

    def exists(self) -> bool:
        """See `Way.exists`."""
        return bool(_value(RUN)) or _script().exists()

    def write(self) -> None:
        """See `Way.write`."""
        winreg, command = registry(), run_command()
        if len(command) > MOST_CHARACTERS:
            raise PostureError(
                tr(
                    "Windows starts no program whose path is so long ({path}): install posture in another folder.",
                    path=command,
                )
            )
        try:
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, RUN) as key:
                winreg.SetValueEx(key, NAME, 0, winreg.REG_SZ, command)
        except OSError as error:
            raise PostureError(tr("The registry cannot be written ({why}).", why=error.strerror)) from None
        self._forget(ALLOWED)
        remove_entry(_script())

    def remove(self) -> bool:
        """See `Way.remove`."""
        was_there = self.exists()
        remove_entry(_script())
        if self.exists() and not self._forget(RUN):
            raise PostureError(
                tr("Windows does not let posture remove its entry: turn it off under Settings > Apps > Startup.")
            )
        self._forget(ALLOWED)
        return was_there

    def _forget(self, place: str) -> bool:
        winreg = registry()
        with contextlib.suppress(OSError):
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place, 0, winreg.KEY_SET_VALUE) as key:
                winreg.DeleteValue(key, NAME)
            return True
        return False

    def note(self) -> str:
        """See `Way.note`."""
        return ""


def run_command() -> str:
    """Write the command that Windows runs at a login; no shell reads it."""
    return subprocess.list2cmdline(windowless("posture", "start"))


def turned_off_by_user() -> bool:
    """Whether the user has turned the entry off in the settings or the task manager, which leave it where it is."""
    found = _value(ALLOWED)
    return isinstance(found, bytes) and bool(found) and found[0] % 2 == 1


def _value(place: str) -> object:
    winreg = registry()
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as key:
            return winreg.QueryValueEx(key, NAME)[0]
    except OSError:
        return None


def _script() -> Path:
    return programs_folder() / "Startup/posture.cmd"
