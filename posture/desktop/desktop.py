"""The desktop: one object per system, which is chosen here.

`desktop_linux` lives on the buses of a Linux desktop; `desktop_native` is for systems that need none, and joins what
their files bring.
"""

from __future__ import annotations

import sys

from posture.desktop.desktop_base import Desktop, Ears


def desktop_for(ears: Ears) -> Desktop:
    """Choose the desktop of this system; nothing is asked of it before its jobs run."""
    found: Desktop
    if sys.platform == "win32":
        from posture.desktop.desktop_windows import windows_desktop

        found = windows_desktop(ears)
    elif sys.platform == "darwin":
        from posture.desktop.desktop_mac import mac_desktop

        found = mac_desktop(ears)
    else:
        from posture.desktop.desktop_linux import LinuxDesktop

        found = LinuxDesktop(ears)
    return found
