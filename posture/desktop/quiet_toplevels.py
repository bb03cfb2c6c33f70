"""Whether a window fills the screen, where a Wayland compositor tells every program so: sway and most of wlroots.

By wlr-foreign-toplevel-management, which panels list the windows by (sway, Hyprland, Wayfire, labwc, river). GNOME and
KDE tell it to programs of their own alone; they hold back notifications over a full screen by themselves, if their
settings say so.
"""

from __future__ import annotations

import asyncio
import struct

from posture.desktop.wayland import FIRST_OF_THE_COMPOSITOR, Wayland, WaylandError, bytes_at, connected, words

MANAGER = "zwlr_foreign_toplevel_manager_v1"
TIMEOUT_S = 1.0
TOPLEVEL, STATE = 0, 4
"""Events of the manager, and of a window."""
ACTIVATED, FULL_SCREEN = 2, 3


async def wayland_full_screen() -> bool:
    """Whether the window in use fills the screen; False where nobody tells."""
    wayland = await connected()
    if wayland is None:
        return False
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return any({ACTIVATED, FULL_SCREEN} <= states for states in await _states(wayland))
    except (TimeoutError, WaylandError):
        return False
    finally:
        wayland.close()


async def _states(wayland: Wayland) -> list[frozenset[int]]:
    """The state of each window."""
    found: dict[int, frozenset[int]] = {}

    def of_a_window(window: int, event: int, body: bytes) -> None:
        if event == STATE:
            states = bytes_at(body, 0)
            found[window] = frozenset(struct.unpack(f"={len(states) // 4}I", states[: len(states) // 4 * 4]))

    def of_the_manager(event: int, body: bytes) -> None:
        if event == TOPLEVEL:
            (window,) = words(body, 1)
            if window < FIRST_OF_THE_COMPOSITOR:
                raise WaylandError("that is an object of ours")
            wayland.hear(window, lambda event, body: of_a_window(window, event, body))

    for name in wayland.named(MANAGER)[:1]:
        wayland.hear(wayland.bind(name, 3), of_the_manager)
        await wayland.settled()
    return list(found.values())
