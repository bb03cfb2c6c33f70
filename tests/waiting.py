"""How tests wait for other programs."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE_S = 45.0


def until(what: Callable[[], Any], why: str, patience_s: float = PATIENCE_S, step_s: float = 0.05) -> Any:
    """Wait until `what` is true, and give what it said."""
    end_s = time.monotonic() + patience_s
    while True:
        if answer := what():
            return answer
        assert time.monotonic() < end_s, f"not in {patience_s:g} s: {why}"
        time.sleep(step_s)
