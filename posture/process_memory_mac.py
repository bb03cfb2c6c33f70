"""See `posture.process_memory`: what macOS tells."""

from __future__ import annotations

import ctypes
import struct

FOOTPRINT_AT, SIZE = 72, 96
"""Where `ri_phys_footprint` lies in `struct rusage_info_v0`, and how large that is (sys/resource.h): behind 16 bytes of
a UUID stand ten numbers of 8 bytes, of which it is the eighth."""
RUSAGE_INFO_V0 = 0


def size_mb(pid: int) -> int | None:
    """Give the memory that a process is charged with, compressed and swapped out too; None where it is not known."""
    found = ctypes.create_string_buffer(SIZE)
    try:
        if ctypes.CDLL("/usr/lib/libproc.dylib").proc_pid_rusage(pid, RUSAGE_INFO_V0, found):
            return None
    except (OSError, AttributeError):
        return None
    return int(struct.unpack_from("=Q", found, FOOTPRINT_AT)[0]) >> 20
