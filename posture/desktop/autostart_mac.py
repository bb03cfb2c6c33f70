"""Starting with the session of macOS: a LaunchAgent. It has not been run yet."""

from __future__ import annotations

import sys
from pathlib import Path

from posture.desktop.entry_file import remove_entry, write_entry
from posture.home import home_folder
from posture.language import mark
from posture.own_command import own_command


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
        """See `Way.write`."""
        write_entry(_file(), launch_agent())

    def remove(self) -> bool:
        """See `Way.remove`."""
        return remove_entry(_file())


def launch_agent() -> str:
    """Write the property list for launchd."""
    from xml.sax.saxutils import escape

    command = [sys.executable, *own_command("posture", "start", "--foreground")[1:]]
    words = "".join(f"<string>{escape(word)}</string>" for word in command)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>Label</key><string>posture</string>
<key>ProgramArguments</key><array>{words}</array>
<key>RunAtLoad</key><true/>
<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
<key>ProcessType</key><string>Background</string>
</dict></plist>
"""


def _file() -> Path:
    return home_folder() / "Library/LaunchAgents/posture.plist"
