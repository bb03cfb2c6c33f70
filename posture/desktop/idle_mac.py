"""Idle time on macOS, as the window server counts it for keyboard and mouse together."""

from __future__ import annotations

import math

from posture.desktop.mac_frameworks import call

COMBINED_SESSION, ANY_INPUT = 0, 0xFFFFFFFF  # kCGEventSourceStateCombinedSessionState, kCGAnyInputEventType


def mac_idle_s() -> float | None:
    """Seconds since the last input; None where the window server does not tell."""
    try:
        found = float(call("CGEventSourceSecondsSinceLastEventType", COMBINED_SESSION, ANY_INPUT))
    except Exception:  # of any kind of system
        return None
    return found if math.isfinite(found) and found >= 0 else None
