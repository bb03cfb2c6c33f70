"""Idle time of an X display: its screen saver extension, through the system's libXss.

It is asked in a short-lived process of its own: Xlib ends the whole process when the display goes away.
"""

from __future__ import annotations

import ctypes
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posture.desktop.bus import Bus

TIMEOUT_S = 2.0


async def x_idle_s(bus: Bus | None) -> float | None:
    """Give the seconds since the last input; not under Wayland, where X sees only input to its own windows."""
    if not os.environ.get("DISPLAY") or os.environ.get("XDG_SESSION_TYPE") == "wayland":
        return None
    # Imported here: the process that is started needs no event loop.
    from posture.desktop.program import output_of
    from posture.own_command import own_command, own_environment

    text = (await output_of(*own_command(__name__), timeout_s=TIMEOUT_S, env=own_environment())).strip()
    return int(text) / 1000 if text.isdecimal() else None


class _Info(ctypes.Structure):
    """XScreenSaverInfo of X11/extensions/scrnsaver.h; times in milliseconds."""

    _fields_ = (
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("til_or_since", ctypes.c_ulong),
        ("idle", ctypes.c_ulong),
        ("event_mask", ctypes.c_ulong),
    )


def _idle_ms() -> int | None:
    try:
        x, saver = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
    except OSError:
        return None
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XDefaultRootWindow.restype = ctypes.c_ulong
    x.XDefaultRootWindow.argtypes = (ctypes.c_void_p,)
    saver.XScreenSaverQueryInfo.argtypes = (ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(_Info))
    display = x.XOpenDisplay(None)
    if not display:
        return None
    info = _Info()
    if not saver.XScreenSaverQueryInfo(display, x.XDefaultRootWindow(display), ctypes.byref(info)):
        return None
    return int(info.idle)


if __name__ == "__main__":
    found = _idle_ms()
    print("" if found is None else found)
