"""Whether this Linux runs inside Windows (WSL), and what does not hold there."""

from __future__ import annotations

import os
from pathlib import Path

from posture.language import mark

KERNEL = Path("/proc/version")
NO_CAMERA = mark(
    "Windows' cameras do not reach WSL: run posture on Windows itself, or attach one by usbipd (the kernel of WSL also "
    "needs its driver, uvcvideo)."
)


def inside_windows(kernel: Path = KERNEL) -> bool:
    """Whether the kernel says that it is Microsoft's, by its name or, where a file may be read, by all it says."""
    if hasattr(os, "uname") and "microsoft" in os.uname().release.lower():
        return True
    try:
        return "microsoft" in kernel.read_text(errors="replace").lower()
    except OSError:
        return False
