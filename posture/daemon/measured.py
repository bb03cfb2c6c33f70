"""What the daemon tells the `posture bench` that has started it, over a link of their own: what has been used so far.

The bench asks with a single byte and gets a line of JSON, see `posture.cli.bench_program`. When its end of the link
goes, however it ends, so does the daemon.
"""

from __future__ import annotations

import contextlib
import json
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import asdict

from posture.daemon.watch_thread import WatchThread
from posture.link import Link
from posture.monitor.clock import WallClock
from posture.process_memory import peak_mb
from posture.sensor.wire import CostReport

STATE, COST = b"s", b"c"
"""What may be asked: how the watch stands, and with what it has cost the sensor."""
COST_S = 10.0
"""A look ends within this time, and then the sensor is asked."""


def tell(link: Link, watch: WatchThread, wall: WallClock, end: Callable[[], None]) -> None:
    """Answer in a thread of its own until the other end has gone; then call `end` there."""
    threading.Thread(target=_answer, args=(link, watch, wall, end), name="posture-measured", daemon=True).start()


def _answer(link: Link, watch: WatchThread, wall: WallClock, end: Callable[[], None]) -> None:
    with contextlib.suppress(OSError, EOFError):
        while True:
            cost = _cost(watch) if link.receive(1) == COST else None
            found = {
                "t_s": wall.seconds(),
                "cpu_s": time.process_time(),
                "peak_mb": peak_mb(),
                **watch.measured(),
                "cost": None if cost is None else asdict(cost),
            }
            link.send(json.dumps(found).encode() + b"\n")
    end()


def _cost(watch: WatchThread) -> CostReport | None:
    told: queue.SimpleQueue[CostReport | None] = queue.SimpleQueue()
    watch.tell_cost(told.put)
    with contextlib.suppress(queue.Empty):
        return told.get(timeout=COST_S)
    return None
