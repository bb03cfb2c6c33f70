"""The tray icon: what it shows, and one name for the ways of showing it.

Each way lies in a file of its own: `tray_sni` speaks StatusNotifierItem to a Linux desktop, `tray_pystray` runs
pystray in a process of its own on Windows and macOS. A tray is never needed: without a host all else works.
"""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from posture.desktop.bus import Bus
from posture.desktop.icons import IconState

__all__ = ["MenuItem", "Tray", "TrayState", "tray_for"]


@dataclass(frozen=True)
class MenuItem:
    """A line of the menu.

    Attributes
    ----------
    key : str
        What is said when it is clicked; unique in the menu.
    label : str
        Empty for a line between groups.
    enabled : bool
        Whether it can be clicked.
    checked : bool or None
        With a tick or without; None where ticks make no sense.
    """

    key: str
    label: str = ""
    enabled: bool = True
    checked: bool | None = None


@dataclass(frozen=True)
class TrayState:
    """All that the tray shows."""

    icon: IconState
    title: str
    tooltip: str
    menu: tuple[MenuItem, ...]


class Tray(Protocol):
    """A way to show a face."""

    @property
    def note(self) -> str:
        """Why nobody sees the icon; empty when it is shown."""
        ...

    async def start(self, face: TrayState) -> None:
        """Show the first face."""
        ...

    def show(self, face: TrayState) -> None:
        """Show another face; says to the host only what has changed."""
        ...

    async def close(self) -> None:
        """Take the icon away."""
        ...


def tray_for(bus: Bus | None, clicked: Callable[[str], None]) -> Tray:
    """Choose the way of this system.

    Parameters
    ----------
    bus : Bus or None
        The connected session bus; only Linux has one.
    clicked : callable
        Is called with the key of the entry that was clicked, and with ``"activate"`` for the icon itself.
    """
    if bus is not None and platform.system() == "Linux":
        from posture.desktop.tray_sni import StatusNotifierTray

        return StatusNotifierTray(bus, clicked)
    from posture.desktop.tray_pystray import PystrayTray

    return PystrayTray(clicked)
