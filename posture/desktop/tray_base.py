"""What every tray icon shares: what it shows and can do; `posture.desktop.tray` chooses one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from posture.desktop.icons import IconState

__all__ = ["MenuItem", "Tray", "TrayState"]


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
