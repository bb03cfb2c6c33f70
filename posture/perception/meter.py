"""What each stage of a look costs: CPU of the whole process, all threads, by stage."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["STAGES", "CostMeter", "peak_rss_mb"]

STAGES = ("capture", "decode", "gate", "inference")
COUNTS = ("looks", "grabbed", "decoded_small", "decoded", "inferred", "dropped")
KEPT = 20_000
"""Inference times kept for percentiles: a day of them."""


class CostMeter:
    """Adds up CPU seconds by stage; costs about two microseconds a stage."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin anew, from now."""
        self.cpu_s = dict.fromkeys(STAGES, 0.0)
        self.counts = dict.fromkeys(COUNTS, 0)
        self.infer_ms: list[float] = []
        self._since_s = time.process_time()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Charge what this block uses to a stage."""
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        try:
            yield
        finally:
            self.cpu_s[name] += time.process_time() - cpu_s
            if name == "inference" and len(self.infer_ms) < KEPT:
                self.infer_ms.append((time.perf_counter() - wall_s) * 1e3)

    def total_s(self) -> float:
        """CPU seconds of the process since the meter was made."""
        return time.process_time() - self._since_s


def peak_rss_mb() -> float:
    """Peak resident memory of this process in MB (2**20 bytes)."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not ru_maxrss: that one remembers the process that started this one.
        return int(status.read_text(encoding="ascii").partition("VmHWM:")[2].split(maxsplit=1)[0]) / 1024
    import resource  # not on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 1024)
