"""Where a running watch writes its records: the history file, opened when needed and reopened after a failure."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from posture.clock import now_s
from posture.errors import PostureError
from posture.history.care import LOOK_BACK_DAYS
from posture.history.expiry import Expiry
from posture.history.footing import Footing, Loss, footing_of, loss
from posture.history.records import Distance, Interval, Point
from posture.history.rescue import open_sound, set_aside
from posture.history.store import DamagedError, DiskFullError, Store
from posture.language import mark, tr, trn
from posture.paths import history_path, history_to_write
from posture.settings import Settings

Defect = tuple[str, Exception | None]
"""What has failed, to be read after "failed at", and the error; None says that it works again."""
REMOVED = mark("The history was removed while posture was running: a new one has been begun, and it goes on in that.")
REPLACED = mark("Another history was put in place of the one that posture was writing: it goes on in that.")


class HistorySink:
    """A `posture.history.records.Sink` for a watch that runs for days.

    The file is opened at the first write, in the thread that writes, and again after a failure; a damaged one is set
    aside and replaced. Records that cannot be written wait in the recorder, so a full disk does not cost the day.
    Records older than `history.keep` are removed once a day.

    A file that was removed, replaced or written over since the last write is opened anew before the next one. After
    each write the WAL is emptied into the file, so that none of it can be taken for the end of another one's.

    After a write, `on_notice` is called with a sentence for the user when the history was damaged, removed or replaced,
    when its disk has hardly any room left, or when it holds records of the last months that cannot be read, and with ""
    when writing works again after a failure, or there is room again.
    `on_defect` is called, after each write, with how removing old records went.
    """

    def __init__(
        self,
        settings: Settings,
        on_notice: Callable[[str], None],
        on_defect: Callable[[Defect], None] = lambda defect: None,
    ) -> None:
        self._settings, self._on_notice, self._on_defect = settings, on_notice, on_defect
        self._store: Store | None = None
        self._footing: Footing | None = None
        self._last: Interval | None = None  # one of the last write, to know the file again
        self._notice = ""
        self._failing = False
        self._crowded = ""
        self._expiry = Expiry(now_s)

    def use(self, settings: Settings) -> None:
        """Apply changed settings; the file is closed if the history now lies elsewhere."""
        if history_path(settings) != history_path(self._settings):
            self.close()
        self._settings = settings

    def open(self) -> None:
        """Open the file before there is anything to write; PostureError where that fails."""
        self._opened()
        if self._notice:
            self._say()

    def write(
        self, intervals: Sequence[Interval] = (), points: Sequence[Point] = (), distances: Sequence[Distance] = ()
    ) -> None:
        """See `posture.history.records.Sink.write`."""
        was_failing, self._failing = self._failing, True
        store = self._opened()
        try:
            store.write(intervals, points, distances)
            if self._lost() in ("removed", "replaced"):  # at the very moment of the write
                store = self._opened()
                store.write(intervals, points, distances)
        except DiskFullError:
            self._drop()  # so that a command can have the file to itself, and make room
            raise
        except DamagedError:
            self._drop()  # if set_aside fails, the next write opens the file again
            store, self._notice = set_aside(history_path(self._settings))
            self._store = store
            store.write(intervals, points, distances)
        self._failing = False
        self._last = next(iter(intervals), self._last)
        if was_failing or self._notice:
            self._say()
        self._expire(store)
        with contextlib.suppress(PostureError):
            store.fold_in()
        self._footing = footing_of(store.path)
        crowded, self._crowded = self._crowded, store.crowded()
        if self._crowded != crowded:
            self._on_notice(self._crowded)

    def _expire(self, store: Store) -> None:
        error: Exception | None = None
        try:
            self._expiry.apply(store, self._settings.history.keep_s)
        except PostureError:
            pass  # the records are written; removing old ones can wait a day
        except Exception as found:
            error = found
        self._on_defect((mark("removing old days"), error))

    def close(self) -> None:
        """Close the file; the next write opens it again."""
        self._drop()

    def _opened(self) -> Store:
        """The store, at the place where everybody else reads it."""
        lost = self._lost()
        if self._store is not None and not lost:
            return self._store
        if self._store is not None and lost != "changed":
            with contextlib.suppress(PostureError):  # what the WAL still holds belongs to the file that was there
                self._store.fold_in()
        self._drop()
        if lost == "removed":
            self._notice = tr(REMOVED)  # also if the new one can be made only later
        store, damage = open_sound(history_to_write(self._settings))
        self._store, self._footing = store, footing_of(store.path)
        self._notice = (
            damage or self._notice or (tr(REPLACED) if self._is_strange(store, lost) else "") or _left_out(store)
        )
        self._expiry.opened(store)
        return store

    def _is_strange(self, store: Store, lost: Loss) -> bool:
        """Whether a file that has changed is not the one of the last write: a tool may have put that back."""
        if self._last is None:
            return lost == "replaced"
        return lost in ("replaced", "changed") and not store.has(self._last)

    def _lost(self) -> Loss:
        if self._store is None or self._footing is None:
            return ""
        return loss(self._footing, footing_of(self._store.path))

    def _drop(self) -> None:
        store, self._store, self._footing = self._store, None, None
        if store is not None:
            with contextlib.suppress(PostureError):
                store.close()

    def _say(self) -> None:
        notice, self._notice = self._notice, ""
        self._on_notice(notice)


def _left_out(store: Store) -> str:
    """A sentence on records that cannot be read, of the time that the coach looks back to; empty if all can."""
    number = 0
    with contextlib.suppress(PostureError):  # it can be written all the same
        number = sum(store.unreadable(datetime.now(UTC) - timedelta(days=LOOK_BACK_DAYS)).values())
    if not number:
        return ""
    return trn(
        "{n} record of the history cannot be read and are left out; all others are used: posture history check tells "
        "more.",
        "{n} records of the history cannot be read and are left out; all others are used: posture history check tells "
        "more.",
        number,
    )
