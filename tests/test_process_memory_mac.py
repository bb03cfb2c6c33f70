"""The memory of a process as macOS tells it, over a libproc that is played."""

from __future__ import annotations

import ctypes
import struct
from types import SimpleNamespace

import pytest

from posture import process_memory_mac

MB = 1 << 20


def played(pid: int, flavour: int, place: ctypes.Array[ctypes.c_char]) -> int:
    """As proc_pid_rusage: struct rusage_info_v0 of sys/resource.h, all its numbers of 64 bits."""
    assert (flavour, len(place)) == (0, 96)
    if pid != 4711:
        return -1
    user, system, package, interrupts, pageins, wired, resident, footprint, start, end = (
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        180 * MB,
        9,
        0,
    )
    struct.pack_into(
        "=16s10Q", place, 0, b"", user, system, package, interrupts, pageins, wired, resident, footprint, start, end
    )
    return 0


def test_the_footprint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_memory_mac.ctypes, "CDLL", lambda path: SimpleNamespace(proc_pid_rusage=played))
    assert process_memory_mac.size_mb(4711) == 180
    assert process_memory_mac.size_mb(1) is None


def test_without_libproc() -> None:
    assert process_memory_mac.size_mb(4711) is None
