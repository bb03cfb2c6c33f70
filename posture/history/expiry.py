"""Days older than `history.keep` are removed, once a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from posture.history.store import Store

AFTER_S = 3600.0
"""A machine may wake with a wrong date, which the network corrects within minutes [design choice]."""
EVERY_S = 86_400.0
AT_LEAST_S = 86_400.0


class Expiry:
    """Decides when old records are removed, by a clock that never goes back.

    A wrong date must not cost the history. So nothing is removed in the first hour, nor if everything that was stored
    a day ago (or before this start) is too old, which is how it looks when the calendar is years ahead.

    Parameters
    ----------
    clock : callable
        Seconds that never go back.
    utc : callable
        The date and time, aware UTC.
    """

    def __init__(self, clock: Callable[[], float], utc: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock, self._utc = clock, utc
        self._due_s = clock() + AFTER_S
        self._last: datetime | None = None

    def opened(self, store: Store) -> None:
        """Note how far the history goes; call it before this run writes anything."""
        self._last = _last(store)

    def apply(self, store: Store, keep_s: float) -> int:
        """Remove records that are too old, if it is time; returns how many. See `Store` for errors."""
        if self._clock() < self._due_s:
            return 0
        self._due_s = self._clock() + EVERY_S
        before = self._utc() - timedelta(seconds=max(keep_s, AT_LEAST_S))
        last, self._last = self._last, _last(store)
        if keep_s == 0 or last is None or last < before or not any(store.count(before).values()):
            return 0
        return store.delete_before(before)


def _last(store: Store) -> datetime | None:
    span = store.span()
    return span[1] if span is not None else None
