"""Making posture at home on this desktop: it starts with the session, and stands in the menu of programs."""

from __future__ import annotations

import contextlib

from posture.errors import PostureError


def settle_in() -> str:
    """Have it start with the session and stand in the menu of programs; gives how it starts, in words.

    A PostureError says that the first cannot be; a system that has no such menu for us is no error.
    """
    from posture.desktop.autostart import Autostart
    from posture.desktop.launcher import add_launcher

    with contextlib.suppress(PostureError):
        add_launcher()
    return Autostart().turn_on()
