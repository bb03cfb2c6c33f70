"""How long keyboard and mouse have been idle on Windows: not asked yet."""

from __future__ import annotations


def idle_s() -> float | None:
    """Give the seconds since the last input; None where that is not known."""
    return None
