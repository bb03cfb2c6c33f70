"""What each stage of a look costs: CPU time of the whole process, all threads."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from posture.process_memory import peak_mb

STAGES = ("capture", "decode", "gate", "inference")
COUNTS = ("looks", "grabbed", "decoded_small", "decoded", "inferred", "dropped")
MAX_TIMES = 20_000
"""How many inference times are stored for percentiles: about a day of them."""


class CostMeter:
    """Adds up CPU seconds by stage; itself costs about two microseconds a stage."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Start from zero, now."""
        self.cpu_s = dict.fromkeys(STAGES, 0.0)
        self.counts = dict.fromkeys(COUNTS, 0)
        self.infer_ms: list[float] = []
        self._since_s = time.process_time()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the CPU time of this block to a stage."""
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        try:
            yield
        finally:
            self.cpu_s[name] += time.process_time() - cpu_s
            if name == "inference" and len(self.infer_ms) < MAX_TIMES:
                self.infer_ms.append((time.perf_counter() - wall_s) * 1e3)

    def total_s(self) -> float:
        """CPU seconds of the process since the meter was started."""
        return time.process_time() - self._since_s


def peak_rss_mb() -> float:
    """Peak resident memory of this process in MB (2**20 bytes); 0 where the system does not tell."""
    return peak_mb()
