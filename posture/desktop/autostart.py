"""Starting with the session, by one entry of the user's own.

`autostart_linux` has the ways of Linux, `autostart_mac` that of macOS, `autostart_windows` that of Windows.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from posture.desktop.autostart_base import Run, Way, run
from posture.language import listed, tr


def ways(run: Run = run) -> Sequence[Way]:
    """List the ways of this system, the preferred first; the last one fits always."""
    found: Sequence[Way]
    if sys.platform == "win32":
        from posture.desktop.autostart_windows import RunKey

        found = (RunKey(),)
    elif sys.platform == "darwin":
        from posture.desktop.autostart_mac import LaunchAgent

        found = (LaunchAgent(),)
    else:
        from posture.desktop.autostart_linux import SystemdUnit, XdgEntry

        found = (SystemdUnit(run), XdgEntry())
    return found


class Autostart:
    """The autostart entry of this user."""

    def __init__(self, run: Run = run) -> None:
        self._ways = ways(run)

    def how(self) -> str:
        """Say how posture starts with the session; empty when it does not."""
        return listed([tr(way.words) for way in self._ways if way.exists()])

    def note(self) -> str:
        """Say what else has to be done, in this session, for it to start; empty where nothing has."""
        return " ".join(filter(None, (way.note() for way in self._ways if way.exists())))

    def turn_on(self) -> str:
        """Make the entry that fits this session, remove any other, and give the way in words.

        A PostureError says that it cannot be written.
        """
        chosen = next(way for way in self._ways if way.fits())
        for other in self._ways:
            if other is not chosen:
                other.remove()
        chosen.write()
        return tr(chosen.words)

    def turn_off(self) -> bool:
        """Remove every entry; returns whether there was one. A running daemon goes on."""
        removed = [way.remove() for way in self._ways]
        return any(removed)
