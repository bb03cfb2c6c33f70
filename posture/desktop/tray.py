"""The tray icon; this chooses the back end for the system.

`tray_sni` offers a StatusNotifierItem to a Linux desktop, `tray_pystray` runs pystray in a process of its own on
Windows and macOS. The tray is optional: everything else works without it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from posture.desktop.bus import Bus
from posture.desktop.tray_base import Tray


def tray_for(bus: Bus | None, clicked: Callable[[str], None]) -> Tray:
    """Choose the tray of this system.

    Parameters
    ----------
    bus : Bus or None
        The connected session bus; only Linux has one.
    clicked : callable
        Called with the key of the item that was clicked, and with ``"activate"`` for the icon itself.
    """
    if bus is not None and sys.platform == "linux":
        from posture.desktop.tray_sni import StatusNotifierTray

        return StatusNotifierTray(bus, clicked)
    from posture.desktop.tray_pystray import PystrayTray

    return PystrayTray(clicked)
