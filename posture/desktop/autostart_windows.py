"""Starting with the session of Windows: the Startup folder. It has not been run yet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from posture.desktop.entry_file import remove_entry, write_entry
from posture.home import home_folder
from posture.language import mark
from posture.own_command import own_command


class StartupScript:
    """A script in the Startup folder; see `posture.desktop.autostart_base.Way`."""

    words = mark("the Startup folder")

    def fits(self) -> bool:
        """See `Way.fits`."""
        return True

    def exists(self) -> bool:
        """See `Way.exists`."""
        return _file().exists()

    def write(self) -> None:
        """See `Way.write`."""
        command = [str(Path(sys.executable).with_name("pythonw.exe")), *own_command("posture", "start")[1:]]
        write_entry(_file(), f'@start "" /b {subprocess.list2cmdline(command)}\r\n')

    def remove(self) -> bool:
        """See `Way.remove`."""
        return remove_entry(_file())


def _file() -> Path:
    programs = Path(os.environ.get("APPDATA") or home_folder() / "AppData/Roaming")
    return programs / "Microsoft/Windows/Start Menu/Programs/Startup/posture.cmd"
