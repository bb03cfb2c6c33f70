"""How much memory a process of ours has, and a limit to it; where the system does not tell, neither is known."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

MB = 1 << 20
MADV_DONTNEED = 4  # linux/mman.h
_READ_ONLY = r"(?m)^([0-9a-f]+)-([0-9a-f]+) r-.. \S+ \S+ [1-9]\d* +(/.*)((?:\n[A-Z].*)+)"
_UNCHANGED = "\nAnonymous:             0 kB\n"
"""In `/proc/self/smaps`: a file that is mapped and cannot be written to, and what is said of its pages."""
MOST_MB = 600
"""A sensor that has more is ended: it has 147 MB at most with heavy on LiteRT, 204 MB on mediapipe [measured]."""
DATA_MB = 2048
"""The kernel gives a process that decodes no more than this: a sensor maps 465 MB for data, a feeder 344 MB [measured];
threads of a machine with many processors map more, and a picture may be large. On Windows the job sets it."""


def limit_memory(pid: int, most_mb: int = DATA_MB) -> None:
    """Have the kernel refuse a process of this user more memory for data than this, for good."""
    if sys.platform == "linux":
        with contextlib.suppress(ImportError, OSError, ValueError):  # it has ended, or its own limit is lower
            import resource

            resource.prlimit(pid, resource.RLIMIT_DATA, (most_mb * MB, most_mb * MB))


def give_back_file(path: Path) -> None:
    """Give the memory back in which this process has read a file, such as a model whose weights were packed anew.

    What is touched again is there again, from the kernel's cache as long as that has room. Only Linux counts such pages
    to a process. What `size_mb` asks Windows and macOS for is what a process has to itself; there this does nothing.
    """
    mapped = str(path.resolve())
    _give_back(lambda name: name == mapped)


def give_back_libraries() -> None:
    """Do so with what libraries have needed for their start alone; no other thread may load one meanwhile."""
    _give_back(lambda name: ".so" in Path(name).suffixes)


def _give_back(wanted: Callable[[str], bool]) -> None:
    """Give files back that are wanted by their names and stay mapped meanwhile, so that nothing else is there."""
    if sys.platform == "linux":
        import ctypes
        import re

        with contextlib.suppress(OSError, ValueError):
            libc = ctypes.CDLL(None)
            maps = Path("/proc/self/smaps").read_text(errors="replace")
            for start, end, name, pages in re.findall(_READ_ONLY, maps):
                # What was changed in memory, such as the addresses in a library, is nowhere else.
                if _UNCHANGED in pages and wanted(name):
                    first = int(start, 16)
                    libc.madvise(ctypes.c_void_p(first), ctypes.c_size_t(int(end, 16) - first), MADV_DONTNEED)


def size_mb(pid: int, proc: Path = Path("/proc")) -> int | None:
    """Give the memory that a process has now, what is swapped out included; None where it is not known."""
    if sys.platform == "win32":
        from posture import process_memory_windows

        return process_memory_windows.size_mb(pid)
    elif sys.platform == "darwin":
        from posture import process_memory_mac

        return process_memory_mac.size_mb(pid)
    else:
        with contextlib.suppress(OSError, ValueError, IndexError):
            with open(f"{proc}/{pid}/status", "rb") as file:  # noqa: PTH123 - at each look
                status = file.read()
            parts = (status.partition(name)[2].split(maxsplit=1) for name in (b"\nVmRSS:", b"\nVmSwap:"))
            found = [int(part[0]) for part in parts if part]
            return sum(found) >> 10 if found else None
        return None


def peak_mb() -> float:
    """Give the most memory that this process has had at once, in MB (2**20 bytes); 0 where it is not known."""
    if sys.platform == "win32":
        from posture import process_memory_windows

        return process_memory_windows.peak_mb()
    else:
        with contextlib.suppress(OSError, ValueError, IndexError):
            # Not ru_maxrss: it includes the process that started this one.
            status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
            return int(status.partition("VmHWM:")[2].split(maxsplit=1)[0]) / 1024
        with contextlib.suppress(ImportError, OSError):
            import resource

            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            return peak / (2**20 if sys.platform == "darwin" else 1024)
        return 0.0
