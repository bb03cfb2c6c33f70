"""Where a running watch writes its records: the history file, opened when needed and reopened after a failure."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

from posture.clock import now_s
from posture.errors import PostureError
from posture.history.expiry import Expiry
from posture.history.records import Distance, Interval, Point
from posture.history.rescue import open_sound, set_aside
from posture.history.store import DamagedError, Store
from posture.paths import history_path
from posture.settings import Settings


class HistorySink:
    """A `posture.history.records.Sink` for a watch that runs for days.

    The file is opened at the first write, in the thread that writes, and again after a failure; a damaged one is set
    aside and replaced. Records that cannot be written wait in the recorder, so a full disk does not cost the day.
    Records older than `history.keep` are removed once a day.

    After a write, `on_notice` is called with a sentence for the user when a damaged history was replaced, and with ""
    when writing works again after a failure.
    """

    def __init__(self, settings: Settings, on_notice: Callable[[str], None]) -> None:
        self._settings, self._on_notice = settings, on_notice
        self._store: Store | None = None
        self._failing = False
        self._expiry = Expiry(now_s)

    def use(self, settings: Settings) -> None:
        """Apply changed settings; the file is closed if the history now lies elsewhere."""
        if history_path(settings) != history_path(self._settings):
            self.close()
        self._settings = settings

    def write(
        self, intervals: Sequence[Interval] = (), points: Sequence[Point] = (), distances: Sequence[Distance] = ()
    ) -> None:
        """See `posture.history.records.Sink.write`."""
        was_failing, self._failing = self._failing, True
        notice = ""
        if self._store is None:
            self._store, notice = open_sound(history_path(self._settings))
            self._expiry.opened(self._store)
        try:
            self._store.write(intervals, points, distances)
        except DamagedError:
            self._store.close()
            self._store = None  # if set_aside fails, the next write opens the file again
            self._store, notice = set_aside(history_path(self._settings))
            self._store.write(intervals, points, distances)
        self._failing = False
        if was_failing or notice:
            self._on_notice(notice)
        with contextlib.suppress(PostureError):  # the records are written; removing old ones can wait a day
            self._expiry.apply(self._store, self._settings.history.keep_s)

    def close(self) -> None:
        """Close the file; the next write opens it again."""
        if self._store is not None:
            with contextlib.suppress(PostureError):
                self._store.close()
            self._store = None
