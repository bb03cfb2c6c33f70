"""What every room means by now, and where a moment lies in the local week."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

if sys.platform == "linux":

    def now_s() -> float:
        """Seconds since the machine was started, sleep included; the same in every process."""
        return time.clock_gettime(time.CLOCK_BOOTTIME)

elif sys.platform == "darwin":

    def now_s() -> float:
        """Seconds since the machine was started, sleep included; the same in every process."""
        # `time.monotonic` stands still in sleep there. CLOCK_MONOTONIC goes on as well, but is set with the wall clock.
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)

elif sys.platform == "win32":
    import ctypes

    # `time.monotonic` is another clock in each release of Python, and goes in steps of 16 ms in some.
    _base = ctypes.WinDLL("kernelbase")
    _with_sleep, _without_sleep = _base.QueryInterruptTimePrecise, _base.QueryUnbiasedInterruptTimePrecise

    def now_s() -> float:
        """Seconds since the machine was started, sleep included; the same in every process."""
        found = ctypes.c_ulonglong()
        _with_sleep(ctypes.byref(found))
        return found.value / 1e7

else:

    def now_s() -> float:
        """Seconds since some beginning; the same in every process."""
        return time.monotonic()


if sys.platform == "win32":

    def awake_s() -> float:
        """Seconds since the machine was started in which it did not sleep."""
        found = ctypes.c_ulonglong()
        _without_sleep(ctypes.byref(found))
        return found.value / 1e7

else:

    def awake_s() -> float:
        """Seconds since some beginning in which the machine did not sleep."""
        return time.monotonic()


_named: tuple[int, ...] = ()
"""The file that TZ names, as it was when it was last read."""


if sys.platform == "win32":

    def follow_time_zone() -> None:
        """Go by the time zone that the machine has now.

        A process keeps the zone of its start until it asks, and then every local time in it changes. Python has no
        call for it here; the C library that it goes by does.
        """
        global _read_zone
        if _read_zone is None:
            _read_zone = ctypes.CDLL("ucrtbase")._tzset
        _read_zone()

    _read_zone: Callable[[], object] | None = None

else:

    def follow_time_zone() -> None:
        """Go by the time zone that the machine has now.

        A process keeps the zone of its start until it asks, and then every local time in it changes. The zone is that
        of the environment variable TZ, as everywhere; without one it is the system's, which changes on a journey.
        """
        named = os.environ.get("TZ")
        if named is None and not os.path.lexists("/etc/localtime"):
            return  # it is being replaced
        if named is not None and named.lstrip(":").startswith("/"):
            _read_again(named)
        time.tzset()


def time_zone_files() -> tuple[Path, ...]:
    """Give the files that another time zone comes by, see `follow_time_zone`; none on Windows."""
    if sys.platform == "win32":
        return ()
    else:
        named = os.environ.get("TZ", ":/etc/localtime").lstrip(":")
        return (Path(named),) if named.startswith("/") else ()


def time_zone() -> str:
    """The time zone that this process goes by now, such as ``"CET (+1 h)"``."""
    local = time.localtime()
    return f"{local.tm_zone} ({local.tm_gmtoff / 3600:+g} h)"


def _read_again(named: str) -> None:
    """Have a file that TZ names read again if it is another one now; the C library reads a name that is new to it."""
    global _named
    path = "/" + named.lstrip(":").lstrip("/")
    try:
        found = os.stat(path)  # noqa: PTH116 - asked every two seconds
    except OSError:
        return
    stamp = (found.st_dev, found.st_ino, found.st_mtime_ns)
    if _named and stamp != _named:
        # Another name of the same file.
        os.environ["TZ"] = path if named.lstrip(":").startswith("//") else "/" + path
    _named = stamp


def local_minute(at: datetime) -> int:
    """Minutes from local midnight to `at`, an aware time."""
    local = at.astimezone()
    return local.hour * 60 + local.minute


def local_second(at: datetime) -> float:
    """Seconds since the local minute of `at`, an aware time, began."""
    local = at.astimezone()
    return local.second + local.microsecond / 1e6


def local_weekday(at: datetime) -> int:
    """The local weekday of `at`, an aware time; Monday is 0."""
    return at.astimezone().weekday()
