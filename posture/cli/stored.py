"""Reading the history, for the commands that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from posture.history.records import Memory, Reader
from posture.history.store import existing_store
from posture.paths import history_path
from posture.settings import Settings


@contextmanager
def stored_records(settings: Settings) -> Iterator[Reader]:
    """Open the history for reading; one without records where nothing has been stored yet. See `Store` for errors."""
    store = existing_store(history_path(settings))
    if store is None:
        yield Memory()
        return
    with store:
        yield store
