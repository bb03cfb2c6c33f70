"""What every tray icon shares: what it shows and can do; `posture.desktop.tray` chooses one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from posture.desktop.icons import IconState


@dataclass(frozen=True)
class MenuItem:
    """A line of the tray's menu."""

    key: str
    """Reported when it is clicked; unique in the menu."""
    label: str = ""
    """Empty for a separator."""
    enabled: bool = True
    """Whether it can be clicked."""
    checked: bool | None = None
    """Whether it has a tick; None for an item that never has one."""


@dataclass(frozen=True)
class TrayState:
    """Everything that the tray shows."""

    icon: IconState
    title: str
    tooltip: str
    menu: tuple[MenuItem, ...]
    label: str = ""
    """A few words beside the icon, where the panel shows any."""


class Tray(Protocol):
    """A tray icon."""

    @property
    def note(self) -> str:
        """Why nobody sees the icon, in English; empty when it is shown."""

    async def start(self, state: TrayState) -> None:
        """Show the icon."""

    def show(self, state: TrayState) -> None:
        """Show another state; the host is sent only what has changed."""

    async def close(self) -> None:
        """Remove the icon."""
