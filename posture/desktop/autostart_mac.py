"""Starting with the session of macOS: a LaunchAgent. It has not been run yet.

launchd reads it at the next login. It is neither loaded at once, since posture may be running already, nor unloaded:
who has started with the session goes on until the session ends, or ``posture stop``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from posture.desktop.entry_file import remove_entry, write_entry
from posture.errors import PostureError
from posture.home import home_folder
from posture.language import mark, tr
from posture.own_command import own_command

BUNDLE = "io.github.posture.posture"
"""The identifier of Posture.app, as in packaging/posture.spec."""


class LaunchAgent:
    """The LaunchAgent of this user; see `posture.desktop.autostart_base.Way`."""

    words = mark("a LaunchAgent")

    def fits(self) -> bool:
        """See `Way.fits`."""
        return True

    def exists(self) -> bool:
        """See `Way.exists`."""
        return _file().exists()

    def write(self) -> None:
        """See `Way.write`. An app that was not moved since its download runs from a place that is gone tomorrow."""
        if "/AppTranslocation/" in sys.executable:
            raise PostureError(
                tr("macOS runs Posture from a place for today only: move it to Applications, and open it there.")
            )
        write_entry(_file(), launch_agent())

    def remove(self) -> bool:
        """See `Way.remove`."""
        return remove_entry(_file())

    def note(self) -> str:
        """See `Way.note`."""
        return ""


def launch_agent() -> str:
    """Write the property list for launchd."""
    import plistlib

    agent: dict[str, Any] = {
        "Label": "posture",
        "ProgramArguments": [sys.executable, *own_command("posture", "start", "--foreground")[1:]],
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},  # started anew after a crash
        "LimitLoadToSessionType": "Aqua",  # not over ssh
        "ProcessType": "Interactive",  # any other would slow down the window, which the daemon starts
        "Nice": 5,
    }
    if getattr(sys, "frozen", False):
        agent["AssociatedBundleIdentifiers"] = [BUNDLE]  # by whose name System Settings lists it
    return plistlib.dumps(agent).decode()


def _file() -> Path:
    return home_folder() / "Library/LaunchAgents/posture.plist"
