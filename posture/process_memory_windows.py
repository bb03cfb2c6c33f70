"""See `posture.process_memory`: what Windows tells."""

from __future__ import annotations

import sys

assert sys.platform == "win32"

from typing import Any

import pywintypes
import win32api
import win32con
import win32process

from posture.windows_programs import PROCESS_QUERY_LIMITED_INFORMATION


def size_mb(pid: int) -> int | None:
    """Give what a process has to itself, in memory or in the page file; None where it is not known."""
    try:
        process: Any = win32api.OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | win32con.PROCESS_VM_READ, False, pid)
    except pywintypes.error:
        return None
    try:
        return int(win32process.GetProcessMemoryInfo(process)["PagefileUsage"]) >> 20
    except pywintypes.error:
        return None
    finally:
        process.Close()


def peak_mb() -> float:
    """Give the most memory that this process has had at once."""
    return int(win32process.GetProcessMemoryInfo(win32api.GetCurrentProcess())["PeakWorkingSetSize"]) / 2**20
