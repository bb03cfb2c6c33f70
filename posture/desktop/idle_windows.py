"""How long keyboard and mouse have been idle on Windows."""

from __future__ import annotations

TICKS = 2**32
"""The milliseconds after which the count begins anew, 50 days."""


def idle_s() -> float | None:
    """Give the seconds since the last input of this session; None where Windows does not tell."""
    import win32api

    try:
        return float((win32api.GetTickCount() - win32api.GetLastInputInfo()) % TICKS) / 1000
    except win32api.error:
        return None
