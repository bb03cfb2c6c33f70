"""The screen on macOS: whether it is locked or another user's, and whether a window fills it.

Titles of windows are never read: macOS gives them only to a program that may record the screen, and this one may not.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from posture.desktop.mac_frameworks import Rectangle, call, taken

ON_SCREEN, NO_DESKTOP = 1, 16  # kCGWindowListOptionOnScreenOnly, kCGWindowListExcludeDesktopElements
NORMAL_LEVEL, MENU_BAR_LEVEL = 0, 24  # kCGNormalWindowLevel, kCGMainMenuWindowLevel
MOST_DISPLAYS = 16
NOTCH = 40.0
"""A window that fills a screen with a notch ends below it, in points; the largest is 38 [design choice]."""


@dataclass(frozen=True)
class Area:
    """A place on the desktop in points; y grows downwards."""

    x: float
    y: float
    width: float
    height: float


def screen() -> tuple[bool, bool] | None:
    """Whether the screen is locked, and whether another user has it; None where there is no session to ask about.

    The key of the lock is not in Apple's headers; it is missing while the screen is not locked.
    """
    try:
        found = taken(call("CGSessionCopyCurrentDictionary"))
    except Exception:  # of any kind of system
        return None
    if not isinstance(found, dict):
        return None
    return bool(found.get("CGSSessionScreenIsLocked", False)), found.get("kCGSSessionOnConsoleKey", True) in (False, 0)


def full_screen() -> bool:
    """Whether the window in front fills a screen; False where that is not known."""
    try:
        windows = taken(call("CGWindowListCopyWindowInfo", ON_SCREEN | NO_DESKTOP, 0))
        return isinstance(windows, list) and fills_a_screen(windows, _displays())
    except Exception:  # of any kind of system
        return False


def fills_a_screen(windows: Sequence[Any], displays: Sequence[Area]) -> bool:
    """Whether the first ordinary window fills a display whose menu bar is hidden.

    Parameters
    ----------
    windows : sequence
        As CGWindowListCopyWindowInfo describes them, from front to back.
    displays : sequence of Area
        The displays.
    """
    placed = [(window.get("kCGWindowLayer"), _area(window)) for window in windows if isinstance(window, dict)]
    front = next((area for level, area in placed if level == NORMAL_LEVEL and area is not None), None)
    if front is None:
        return False
    bars = [area for level, area in placed if level == MENU_BAR_LEVEL and area is not None]
    for display in displays:
        left_free = front.y - display.y
        fills = (
            abs(front.x - display.x) < 1
            and abs(front.width - display.width) < 1
            and 0 <= left_free <= NOTCH
            and abs(front.height + left_free - display.height) < 1
        )
        bar = any(abs(bar.x - display.x) < 1 and abs(bar.y - display.y) < 1 for bar in bars)
        if fills and not (bar and left_free):
            return True
    return False


def _area(window: dict[str, Any]) -> Area | None:
    bounds = window.get("kCGWindowBounds")
    if not isinstance(bounds, dict):
        return None
    numbers = [bounds.get(key) for key in ("X", "Y", "Width", "Height")]
    if any(isinstance(number, bool) or not isinstance(number, float | int) for number in numbers):
        return None
    return Area(*(float(number) for number in numbers if number is not None))


def _displays() -> list[Area]:
    identities, count = (ctypes.c_uint32 * MOST_DISPLAYS)(), ctypes.c_uint32()
    if call("CGGetActiveDisplayList", MOST_DISPLAYS, identities, ctypes.byref(count)):
        return []
    found = [call("CGDisplayBounds", identity) for identity in identities[: min(count.value, MOST_DISPLAYS)]]
    return [_from(each) for each in found]


def _from(rectangle: Rectangle) -> Area:
    return Area(rectangle.x, rectangle.y, rectangle.width, rectangle.height)
