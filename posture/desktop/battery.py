"""Whether the machine runs on battery."""

from __future__ import annotations

import sys


def on_battery() -> bool | None:
    """Whether the machine runs on battery; None where it has none, or that is not known."""
    if sys.platform == "win32":
        from posture.desktop.session_windows import on_battery as asked
    elif sys.platform == "darwin":
        from posture.desktop.power_mac import on_battery as asked
    else:
        from posture.desktop.session_linux import on_battery as asked
    return asked()
