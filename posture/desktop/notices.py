"""Reminders on the desktop with buttons: one at a time, replaced in place, and withdrawn when no longer valid.

`notices_bus` shows them over the session bus, or plainly where there is none, `notices_windows` and
`notices_mac` with the means of these systems.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from posture.desktop.notify_base import Delivery


@dataclass(frozen=True)
class Button:
    """A button: its label, and the key that is reported when it is pressed."""

    key: str
    label: str


class Notices(Protocol):
    """Shows reminders. Whatever the notification service does, a call ends within about 2 s."""

    async def start(self) -> None:
        """Listen for buttons."""

    async def show(self, title: str, body: str, buttons: Sequence[Button] = ()) -> Delivery:
        """Show a message in place of the previous one; never fails.

        Parameters
        ----------
        title, body : str
            Plain text.
        buttons : sequence of Button
            Left out where the service supports none.

        Returns
        -------
        Delivery
            "console" when no service has taken it; the note says why.
        """

    async def withdraw(self) -> None:
        """Withdraw what is shown, if anything is."""

    async def close(self) -> None:
        """Withdraw what is shown, without waiting for calls that are under way."""
