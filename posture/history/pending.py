"""Records that wait to be written: merged while they wait, and kept in memory while the sink fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from posture.errors import PostureError
from posture.history.records import Distance, Memory, Sink


class PendingRecords(Memory):
    """Records on their way to a sink.

    Parameters
    ----------
    limit : int
        Records of each sort that wait at most while the sink fails; beyond it the oldest are dropped.
    on_problem : callable or None
        Called with the error when the sink begins to fail; not again until it has worked in between.
    """

    def __init__(self, sink: Sink, limit: int, on_problem: Callable[[PostureError], None] | None) -> None:
        super().__init__()
        self._sink, self._limit, self._on_problem = sink, limit, on_problem
        self._failing = False

    def flush(self) -> PostureError | None:
        """Write everything to the sink; the error if that fails, in which case the records go on waiting."""
        waiting: tuple[dict[Any, Any], ...] = (self._intervals, self._points, self._distances)
        try:
            self._sink.write(
                list(self._intervals.values()),
                list(self._points.values()),
                [Distance(slot, cm, seconds) for (slot, cm), seconds in self._distances.items()],
            )
        except PostureError as error:
            if not self._failing and self._on_problem is not None:
                self._on_problem(error)
            self._failing = True
            for records in waiting:
                for key in list(records)[: max(0, len(records) - self._limit)]:
                    del records[key]
            return error
        self._failing = False
        for records in waiting:
            records.clear()
        return None
