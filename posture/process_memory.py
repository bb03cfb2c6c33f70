"""How much memory another process of ours has, and a limit to it; on Linux, elsewhere neither is known."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

MB = 1 << 20
MOST_MB = 600
"""A sensor that has more is ended: it has 170 MB with the lite model, 243 MB with heavy [measured]."""
DATA_MB = 2048
"""The kernel gives a process that decodes no more than this: a sensor maps 465 MB for data, a feeder 344 MB [measured];
threads of a machine with many processors map more, and a picture may be large."""


def limit_memory(pid: int, most_mb: int = DATA_MB) -> None:
    """Have the kernel refuse a process of this user more memory for data than this, for good."""
    if sys.platform == "linux":
        import resource

        with contextlib.suppress(OSError, ValueError):  # it has ended, or its own limit is lower
            resource.prlimit(pid, resource.RLIMIT_DATA, (most_mb * MB, most_mb * MB))


def size_mb(pid: int, proc: Path = Path("/proc")) -> int | None:
    """Give the memory that a process has now, what is swapped out included; None where it is not known."""
    found: dict[str, int] = {}
    with contextlib.suppress(OSError, ValueError):
        for line in (proc / str(pid) / "status").read_text(errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name in ("VmRSS", "VmSwap"):
                found[name] = int(value.split()[0])
        return sum(found.values()) >> 10 if found else None
    return None
