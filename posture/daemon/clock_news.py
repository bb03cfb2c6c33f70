"""Hears that the calendar was set, or that the machine has slept: by a timer of Linux; elsewhere nothing is heard."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import sys
from collections.abc import Callable
from typing import Any

# sys/timerfd.h and bits/timerfd.h
REALTIME, ABSOLUTE, CANCEL_ON_SET = 0, 1, 2
FAR_S = 2**40
"""A date that never comes: the timer is there to be cancelled when the calendar is set."""


class _Times(ctypes.Structure):
    """The itimerspec of time.h: how often, and when first."""

    _fields_ = (
        ("every_s", ctypes.c_long),
        ("every_ns", ctypes.c_long),
        ("first_s", ctypes.c_long),
        ("first_ns", ctypes.c_long),
    )


class ClockNews:
    """Calls `changed`, in the loop that runs, when the calendar was set or the machine has woken."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._library: Any = None
        self._fd = -1

    @property
    def hears(self) -> bool:
        """Whether it is heard; where it is not, look more often."""
        return self._fd >= 0

    def start(self) -> None:
        """Listen; where the system has no such timer, or refuses, nothing is heard."""
        if sys.platform == "linux":
            self._library = ctypes.CDLL(None, use_errno=True)
            self._fd = self._library.timerfd_create(REALTIME, os.O_NONBLOCK | os.O_CLOEXEC)
            if self._fd >= 0 and not self._set():
                os.close(self._fd)
                self._fd = -1
            if self._fd >= 0:
                asyncio.get_running_loop().add_reader(self._fd, self._read)

    def _set(self) -> bool:
        times = _Times(first_s=FAR_S)
        return bool(self._library.timerfd_settime(self._fd, ABSOLUTE | CANCEL_ON_SET, ctypes.byref(times), None) == 0)

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # ECANCELED: this is what is heard
            os.read(self._fd, 8)
        self._set()
        self._changed()

    def close(self) -> None:
        """Listen no longer; safe to call twice."""
        if self._fd >= 0:
            asyncio.get_running_loop().remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1
