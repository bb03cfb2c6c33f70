"""The history on disk: one SQLite file in the user's data folder.

The journal is a WAL, so that `posture summary` can read while `posture run` writes. `synchronous` is FULL: with NORMAL,
a power cut may take every commit since the last checkpoint, which at one small commit in 30 s is hours. FULL costs one
fsync in 30 s, and a power cut costs at most a minute.

What is removed is gone from the disk too: nothing is cut off or deleted that has not been overwritten before, neither
pages of the file nor its WAL, and SQLite keeps what it sorts in memory. See `posture.erase`.
"""

from __future__ import annotations

import errno
import json
import math
import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache, partial
from itertools import starmap
from pathlib import Path, PurePath
from typing import Any, TypeVar

from posture.access import keep_to_user, make_folder, others_may
from posture.erase import LastName, erase, wipe
from posture.errors import PostureError
from posture.file_system import make_room
from posture.history.image import end, extent, image_of, open_wal, trim, wal_of
from posture.history.records import (
    EARLIEST,
    LATEST,
    SLOT_S,
    Distance,
    Interval,
    IntervalKind,
    Point,
    PointKind,
    distance_of,
    interval_of,
    point_of,
    slot_of,
)
from posture.language import mark, tr
from posture.plain_file import is_there

# Each step brings the schema from version N to N + 1 (`PRAGMA user_version`). Steps are added, never changed.
# Times are microseconds since 1970 in UTC. The key of each table is the key of its records, see `records`.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE interval (kind TEXT NOT NULL, label TEXT NOT NULL, start_us INTEGER NOT NULL,"
        " end_us INTEGER NOT NULL, open INTEGER NOT NULL, detail TEXT NOT NULL,"
        " PRIMARY KEY (kind, start_us, label)) WITHOUT ROWID",
        # Finds what ends after the beginning of a span; the key (with start_us) is part of every index entry.
        "CREATE INDEX interval_end ON interval (end_us)",
        "CREATE TABLE point (at_us INTEGER NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, detail TEXT NOT NULL,"
        " PRIMARY KEY (at_us, kind, label)) WITHOUT ROWID",
        "CREATE TABLE distance (slot_us INTEGER NOT NULL, cm INTEGER NOT NULL, seconds REAL NOT NULL,"
        " PRIMARY KEY (slot_us, cm)) WITHOUT ROWID",
    ),
)

# The same rule as `records.merged`.
_PUT = """
INSERT INTO interval (kind, label, start_us, end_us, open, detail) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (kind, start_us, label) DO UPDATE SET end_us = excluded.end_us, open = excluded.open,
    detail = excluded.detail
WHERE ((open AND NOT excluded.open) OR (open = excluded.open AND excluded.end_us >= end_us))
"""
_ADD = "INSERT INTO point (at_us, kind, label, detail) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_HOLD = """
INSERT INTO distance (slot_us, cm, seconds) VALUES (?, ?, ?)
ON CONFLICT (slot_us, cm) DO UPDATE SET seconds = seconds + excluded.seconds
"""

# An import leaves equal records alone. Distances do not add up, or a second import would double them.
_TAKE_INTERVAL = _PUT + " AND (end_us, open, detail) IS NOT (excluded.end_us, excluded.open, excluded.detail)"
_TAKE_DISTANCE = """
INSERT INTO distance (slot_us, cm, seconds) VALUES (?, ?, ?)
ON CONFLICT (slot_us, cm) DO UPDATE SET seconds = excluded.seconds WHERE excluded.seconds > seconds
"""
# By table: whether a row lies wholly before a moment.
_BEFORE = {"interval": "end_us <= :at", "point": "at_us < :at", "distance": f"slot_us + {SLOT_S * 1_000_000} <= :at"}
# By table: whether its time is none that a record can have, so that it lies neither before a moment nor after.
_POSSIBLE = f"BETWEEN 0 AND {round((LATEST - EARLIEST).total_seconds()) * 1_000_000 - 1}"
_NEVER = {
    table: " OR ".join(f"typeof({column}) <> 'integer' OR {column} NOT {_POSSIBLE}" for column in columns)
    for table, columns in {"interval": ("start_us", "end_us"), "point": ("at_us",), "distance": ("slot_us",)}.items()
}
# By table, in the order that `_interval`, `_point` and `_distance` take.
_COLUMNS = {
    "interval": "kind, label, start_us, end_us, detail, open",
    "point": "kind, at_us, label, detail",
    "distance": "slot_us, cm, seconds",
}
_NAMES = {"interval": mark("intervals"), "point": mark("moments"), "distance": mark("distances")}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NOT_OURS = "SQLITE_CORRUPT_POSTURE"
"""Named as SQLite names its errors of damage."""
_CONFIGURED = {
    "SQLITE_DBCONFIG_DEFENSIVE": True,
    "SQLITE_DBCONFIG_ENABLE_TRIGGER": False,
    "SQLITE_DBCONFIG_ENABLE_VIEW": False,
}
_BUSY_S = 5.0
_FULL_BELOW_BYTES = 256 * 1024
_ROOM_BYTES, _PLENTY_BYTES = 64 * 1024, 8 << 20
"""What is wanted, twice the index of the WAL; and from what on it need not be tried whether that is to be had."""


_WAL_PAGES = 100
"""At so many pages the WAL is copied into the file, so that it stays under half a megabyte."""


class DamagedError(PostureError):
    """The file is damaged or is not a history. See `posture.history.rescue`."""


LEAST_ROOM_B = 65_536
"""With less room than this, the next write or the one after fails: it is said before [design choice]."""


class DiskFullError(PostureError):
    """There is no room for what is to be written."""


def existing_store(path: Path) -> Store | None:
    """Open a history for reading; None when nothing has been recorded yet. See `Store` for errors."""
    return Store(path, read_only=True) if is_there(path) else None


_Record = TypeVar("_Record", bound=Interval | Point | Distance)


def _us(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _at(us: int) -> datetime:
    return _EPOCH + us * _MICROSECOND


def _interval(kind: Any, label: Any, start_us: Any, end_us: Any, detail: Any, still_open: Any) -> Interval:
    return interval_of(kind, label, _at(start_us), _at(end_us), _loaded(detail), still_open)


def _point(kind: Any, at_us: Any, label: Any, detail: Any) -> Point:
    return point_of(kind, _at(at_us), label, _loaded(detail))


def _distance(slot_us: Any, cm: Any, seconds: Any) -> Distance:
    return distance_of(_slot_at(slot_us), cm, seconds)


_slot_at = lru_cache(maxsize=4)(_at)
"""Of a slot there are as many rows as centimetres, one after the other."""


_MAKERS: dict[str, Callable[..., Interval | Point | Distance]] = {
    "interval": _interval,
    "point": _point,
    "distance": _distance,
}


def _readable(make: Callable[..., _Record], rows: Sequence[Sequence[Any]]) -> list[_Record]:
    """Make records of rows. A row that is none is left out: it costs nobody the others."""
    with suppress(*_NO_RECORD):
        return list(starmap(make, rows))
    found = []
    for row in rows:
        with suppress(*_NO_RECORD):
            found.append(make(*row))
    return found


_NO_RECORD = (ValueError, TypeError, OverflowError, RecursionError)


class Store:
    """The history file, opened.

    A row that cannot be read as a record is left out by every method that reads; `unreadable` counts them.

    Parameters
    ----------
    path : Path
        The file; it and its folder are created (0600, 0700) if missing.
    read_only : bool
        Change nothing; this also works on a read-only disk, and on a full one.

    Raises
    ------
    PostureError
        The file cannot be opened, is no history, is damaged, or was written by a newer posture. Every method raises it
        when the disk is full, read-only or failing, or another program has locked the file; what was stored stays.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path.absolute()
        self._read_only = read_only
        # Closing it would end the locks that SQLite has on the file, so it stays open for as long as those are needed.
        self._raw: int | None = None
        with self._explained():
            self._refuse_what_is_no_file()
            if not read_only:
                self._make_file()
                if not _has_room(self.path.parent):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                self._connection = self._connect("rw")
            else:
                self._connection = self._connect_to_read()
            try:
                self._prepare(read_only)
            except BaseException:
                self._connection.close()
                raise

    # -- writing ------------------------------------------------------------------------------------------------

    def write(
        self, intervals: Sequence[Interval] = (), points: Sequence[Point] = (), distances: Sequence[Distance] = ()
    ) -> None:
        """Store all of these in one transaction, or none of them. See `records.Sink.write`."""
        with self._explained():
            self._insert(_PUT, _HOLD, intervals, points, distances)

    def take_in(
        self, intervals: Sequence[Interval] = (), points: Sequence[Point] = (), distances: Sequence[Distance] = ()
    ) -> int:
        """Store records of an export, all or none; returns how many were new, or knew more than what was stored.

        Idempotent: of two times at a distance the longer one is stored.
        """
        with self._explained():
            before = self._connection.total_changes
            self._insert(_TAKE_INTERVAL, _TAKE_DISTANCE, intervals, points, distances)
            return self._connection.total_changes - before

    def _insert(
        self, put: str, hold: str, intervals: Sequence[Interval], points: Sequence[Point], distances: Sequence[Distance]
    ) -> None:
        with self._transaction() as cursor:
            rows = ((i.kind, i.label, _us(i.start), _us(i.end), i.open, _dumped(i.detail)) for i in intervals)
            cursor.executemany(put, rows)
            cursor.executemany(_ADD, [(_us(p.at), p.kind, p.label, _dumped(p.detail)) for p in points])
            cursor.executemany(hold, [(_us(d.slot), d.cm, d.seconds) for d in distances])

    def crowded(self) -> str:
        """A sentence if its disk has hardly any room left, although the last write found some; empty otherwise."""
        with suppress(OSError):
            if shutil.disk_usage(self.path.parent).free < LEAST_ROOM_B:
                return self._full()
        return ""

    def fold_in(self) -> None:
        """Bring what lies in the WAL into the file itself and empty the WAL, unless somebody is reading just now.

        It is emptied by its header alone, which is enough for SQLite: it keeps its length, so that no record is left
        on the disk in blocks that belong to no file.
        """
        with self._explained():
            self._connection.execute("PRAGMA busy_timeout = 0")
            try:
                with open_wal(self.path) as wal:
                    before = extent(wal)
                    if self._checkpoint() and before:
                        with self._transaction():
                            # Nobody has written in between, so all of it is in the file, and everybody reads it there.
                            if extent(wal) == before:
                                end(wal)
            finally:
                self._connection.execute(f"PRAGMA busy_timeout = {round(_BUSY_S * 1000)}")

    def delete_before(self, at: datetime, *, rewrite: bool = True) -> int:
        """Delete the records that lie wholly before a moment, and their traces in the file; returns how many.

        With `rewrite`, rows whose time is none that a record can have go as well, see `count`, and the whole file is
        written anew, so that nothing is left of earlier versions of a record either, and made smaller. It takes room
        for a second one meanwhile. What another program still reads stays.
        """
        with self._explained():
            self._connection.execute("PRAGMA secure_delete = ON")
            with self._transaction():
                deleted = delete_rows(self._connection, at, never=rewrite)
            if rewrite:
                self._rewrite()
            self._trim_wal()
            return deleted

    def _rewrite(self) -> None:
        """Write every page of the file anew, and overwrite what is cut off of it."""
        if not self._checkpoint():
            return
        self._connection.execute("PRAGMA wal_autocheckpoint = 0")  # it would cut the file
        try:
            self._connection.execute("VACUUM")
            with self._transaction() as cursor:  # nobody else writes, or cuts, meanwhile
                used = math.prod(cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
                if self._raw is None:
                    self._raw = os.open(self.path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
                wipe(self._raw, used)
        finally:
            self._connection.execute(f"PRAGMA wal_autocheckpoint = {_WAL_PAGES}")
        self._checkpoint()

    def _checkpoint(self) -> bool:
        """Copy the WAL into the file, and see to it that the next write begins at the start of the WAL.

        False where somebody reads what is in the WAL.
        """
        return bool(self._connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()[0] == 0)

    def _trim_wal(self) -> None:
        """Overwrite and cut off what the WAL holds of earlier rounds."""
        self._checkpoint()
        with self._transaction() as cursor:
            # Any write begins the next round, if nobody is in the way: it makes all older content unused.
            cursor.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        with self._transaction(), open_wal(self.path) as wal:  # nobody else writes meanwhile
            trim(wal)

    # -- reading ------------------------------------------------------------------------------------------------

    def has(self, interval: Interval) -> bool:
        """Whether there is an interval of that kind and name that begins then."""
        with self._explained():
            key = (interval.kind, interval.label, _us(interval.start))
            query = "SELECT 1 FROM interval WHERE kind = ? AND label = ? AND start_us = ?"
            return self._connection.execute(query, key).fetchone() is not None

    def intervals(self, start: datetime, stop: datetime, kind: IntervalKind | None = None) -> list[Interval]:
        """Whole intervals that overlap [start, stop), by start."""
        with self._explained():
            rows = self._connection.execute(
                f"SELECT {_COLUMNS['interval']} FROM interval INDEXED BY interval_end"
                " WHERE end_us > :start AND start_us < :stop AND (:kind IS NULL OR kind = :kind)"
                " ORDER BY start_us, kind, label",
                {"start": _us(start), "stop": _us(stop), "kind": kind},
            ).fetchall()
            return _readable(_interval, rows)

    def points(self, start: datetime, stop: datetime, kinds: Collection[PointKind] = ()) -> list[Point]:
        """Points in [start, stop), by time; of these kinds alone where any are given."""
        of = f" AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        with self._explained():
            rows = self._connection.execute(
                f"SELECT {_COLUMNS['point']} FROM point WHERE at_us >= ? AND at_us < ?{of} ORDER BY at_us, kind, label",
                (_us(start), _us(stop), *kinds),
            ).fetchall()
            return _readable(_point, rows)

    def distance(self, start: datetime, stop: datetime) -> list[Distance]:
        """Distances of the quarter hours that overlap [start, stop); the edges of days lie on quarter hours."""
        with self._explained():
            rows = self._connection.execute(
                f"SELECT {_COLUMNS['distance']} FROM distance WHERE slot_us >= ? AND slot_us < ? ORDER BY slot_us, cm",
                (_us(slot_of(start)), _us(stop)),
            ).fetchall()
            return _readable(_distance, rows)

    def count(self, before: datetime | None = None) -> dict[str, int]:
        """How many records there are, or how many the user removes with a moment, by table.

        Those are what lies wholly before it, and rows whose time is none that a record can have: they may be from
        before it, no command shows them, and no other day would ever remove them.
        """
        with self._explained():
            return {
                table: self._connection.execute(
                    f"SELECT count(*) FROM {table} WHERE :at IS NULL OR {_removed(table, never=True)}",
                    {"at": None if before is None else _us(before)},
                ).fetchone()[0]
                for table in _BEFORE
            }

    def span(self) -> tuple[datetime, datetime] | None:
        """When the first record begins and the last one ends; None if there are none."""
        with self._explained():
            # The plus has each row compared itself: in a damaged file they are not in the order of their index.
            first, last = self._connection.execute(
                "SELECT min(a), max(b) FROM ("
                "SELECT min(start_us) AS a, max(end_us) AS b FROM interval"
                " WHERE +start_us BETWEEN :first AND :last AND +end_us BETWEEN :first AND :last"
                " UNION ALL SELECT min(at_us), max(at_us) FROM point WHERE +at_us BETWEEN :first AND :last)",
                {"first": _us(EARLIEST), "last": _us(LATEST) - 1},  # others are no records
            ).fetchone()
            return None if first is None else (_at(first), _at(last))

    def sound(self) -> bool:
        """Whether the file is sound, by a quick check that finds the damage a read would meet."""
        with self._explained():
            return [row[0] for row in self._connection.execute("PRAGMA quick_check(1)")] == ["ok"]

    def problems(self) -> list[str]:
        """What is wrong with the file and its records, in words; empty if nothing is."""
        with self._explained():
            found = [row[0] for row in self._connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        wrong = {table: number for table, number in self.unreadable().items() if number}
        return found + [
            tr("{number} of the {records} cannot be read and are left out", number=n, records=tr(_NAMES[table]))
            for table, n in wrong.items()
        ]

    def unreadable(self, since: datetime = EARLIEST) -> dict[str, int]:
        """How many rows of the time since then cannot be read as records, by table; of all times without it."""
        with self._explained():
            found = {}
            for table, columns in _COLUMNS.items():
                found[table] = 0
                where, at = ("", {}) if since == EARLIEST else (f" WHERE NOT {_BEFORE[table]}", {"at": _us(since)})
                rows = self._connection.execute(f"SELECT {columns} FROM {table}{where}", at)
                while some := rows.fetchmany(1000):
                    found[table] += len(some) - len(_readable(_MAKERS[table], some))
            return found

    def close(self) -> None:
        """Close the file. Safe to call twice."""
        # The last to close a history removes its WAL; on Windows that may be one that only reads, too.
        leaves_it = self._read_only and sys.platform != "win32"
        with self._explained(), nullcontext() if leaves_it else LastName(wal_of(self.path)):
            self._connection.close()
            if self._raw is not None:
                os.close(self._raw)
                self._raw = None

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- opening ------------------------------------------------------------------------------------------------

    def _make_file(self) -> None:
        make_folder(self.path.parent)
        # Created before SQLite does it, so that it is never readable by others; the WAL inherits its mode.
        places = [self.path]
        if sys.platform == "win32" and others_may(self.path.parent, self.path.parent.stat()):
            places.append(wal_of(self.path))  # there it inherits the rights of the folder instead
        for place in places:
            _make_private(place)

    def _refuse_what_is_no_file(self) -> None:
        """A pipe or a device in place of the file, or of one that SQLite keeps beside it, would be waited for."""
        for suffix in ("", "-wal", "-shm", "-journal"):
            place = self.path.with_name(self.path.name + suffix)
            with suppress(FileNotFoundError):
                if not stat.S_ISREG(place.stat().st_mode):
                    raise PostureError(
                        tr("{place} is not a file: move it away, or set history.folder to another folder.", place=place)
                    )

    def _connect(self, mode: str) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{_uri(self.path)}?mode={mode}", uri=True, timeout=_BUSY_S, isolation_level=None)
        try:
            return _guarded(connection)
        except BaseException:
            connection.close()  # Windows moves no file that is open
            raise

    def _connect_to_read(self) -> sqlite3.Connection:
        """Open the file; where that needs a file beside it that cannot be made, or an update, read it into memory."""
        if not _has_room(self.path.parent):
            with suppress(OSError):
                return _current(_in_memory(image_of(self.path)))
        connection = self._connect("ro")
        try:
            version = _version(connection)
            if version >= len(MIGRATIONS):
                return connection
        except sqlite3.Error as error:
            connection.close()
            if not isinstance(error, sqlite3.OperationalError) or not error.sqlite_errorname.startswith(_CANNOT_MAKE):
                raise
            with suppress(OSError):
                return _current(_in_memory(image_of(self.path)))
            raise
        connection.close()
        try:
            Store(self.path).close()
            return self._connect("ro")
        except PostureError:
            return _current(_in_memory(image_of(self.path)))

    def _prepare(self, read_only: bool) -> None:
        version, known = _version(self._connection), len(MIGRATIONS)
        # Checked before anything is changed.
        if version > known:
            raise PostureError(
                tr(
                    "{path} was written by a newer posture (schema {version}, this one knows {known}): install that "
                    "one again; the file was left as it is.",
                    path=self.path,
                    version=version,
                    known=known,
                )
            )
        _refuse_what_is_not_ours(self._connection)
        if read_only:
            return
        # Of macOS: what is written is to be on the disk, not in its cache.
        settled = "fullfsync = ON", "checkpoint_fullfsync = ON"
        for pragma in ("journal_mode = WAL", "synchronous = FULL", *settled, f"wal_autocheckpoint = {_WAL_PAGES}"):
            self._connection.execute(f"PRAGMA {pragma}")
        if version < known:
            self._migrate()

    def _migrate(self) -> None:
        with self._transaction() as cursor:
            # Read again, now that no other process can be migrating.
            version = _version(self._connection)
            if 0 < version < len(MIGRATIONS):
                self._back_up(version)
            for step in MIGRATIONS[version:]:
                for statement in step:
                    cursor.execute(statement)
            cursor.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def _back_up(self, version: int) -> None:
        copy = self.path.with_name(f"{self.path.name}.v{version}")
        erase(copy)
        _make_private(copy)
        # A second connection reads the last committed state while ours has the write lock.
        with closing(self._connect("ro")) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)

    # -- transactions and errors --------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Cursor]:
        cursor = self._connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            yield cursor
            cursor.execute("COMMIT")
        except BaseException:
            # SQLite itself rolls back after some errors, such as a full disk, and not after others.
            if self._connection.in_transaction:
                cursor.execute("ROLLBACK")
            # On a full disk the WAL cannot grow, but after a checkpoint it starts from the beginning.
            with suppress(sqlite3.Error):
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "")
            # What is not authorised is of a trigger or a view, see `_nothing_of_the_file`.
            name = _NOT_OURS if name == "SQLITE_AUTH" else name
            damaged = name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT"))
            if self._needs_room(name):
                raise DiskFullError(self._full()) from error
            raise (DamagedError if damaged else PostureError)(self._sentence(name, str(error))) from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFullError(self._full()) from error
            raise PostureError(self._sentence(_ERRNO_NAMES.get(type(error), ""), error.strerror or "")) from error

    def _needs_room(self, name: str) -> bool:
        if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")):
            return self._is_full() and os.access(self.path.parent, os.W_OK)
        return name == "SQLITE_FULL"

    def _full(self) -> str:
        return tr(
            "The disk that holds {path} is full: free some space, then try again; what was stored before is safe.",
            path=self.path,
        )

    def _sentence(self, name: str, reason: str) -> str:
        folder = self.path.parent
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return tr("{path} is held by another program: close that program, then try again.", path=self.path)
        if name.startswith("SQLITE_NOTADB"):
            return tr(
                "{path} is not a posture history: posture start sets it aside; or set history.folder elsewhere.",
                path=self.path,
            )
        if name == _NOT_OURS:
            return tr(
                "{path} was changed by another program, or is damaged (its tables are not those of posture): "
                "posture start sets it aside and recovers what can be read.",
                path=self.path,
            )
        if name.startswith("SQLITE_CORRUPT"):
            return tr("{path} is damaged: posture start sets it aside and recovers what can be read.", path=self.path)
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
            return tr(
                "The history {path} cannot be opened and written: make {folder} writable, or set history.folder "
                "to another folder.",
                path=self.path,
                folder=folder,
            )
        return tr(
            "The history {path} cannot be used ({reason}): check the disk, or set history.folder.",
            path=self.path,
            reason=reason.rstrip("."),
        )

    def _is_full(self) -> bool:
        try:
            return shutil.disk_usage(self.path.parent).free < _FULL_BELOW_BYTES
        except OSError:
            return False


def _make_private(path: Path) -> None:
    """Make an empty file if there is none; the user alone may use it. An OSError says that it cannot be."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600))
    if others_may(path, path.stat()):
        keep_to_user(path)


def _uri(path: PurePath) -> str:
    """Name a file for SQLite, for which a machine in the network is a part of the path, not what a URI makes of it."""
    named = path.as_uri()
    return named if named.startswith("file:///") else named.replace("file://", "file:////", 1)


def _has_room(folder: Path) -> bool:
    """Whether there is room for the file beside a history that SQLite maps into memory.

    Where the blocks of a disk are smaller than a page of memory, SQLite believes to have made room and has not, and the
    kernel ends the process (SIGBUS) when it writes there.
    """
    if sys.platform != "win32":
        try:
            if shutil.disk_usage(folder).free >= _PLENTY_BYTES:
                return True
            # What is free is not always to be had, nor what is not free kept from everybody.
            with tempfile.TemporaryFile(dir=folder) as tried:
                make_room(tried.fileno(), 0, _ROOM_BYTES)
        except OSError as error:
            return error.errno not in (errno.ENOSPC, errno.EDQUOT)
    return True


_CANNOT_MAKE = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR")
"""What SQLite says when it cannot make the file that it needs to read a WAL."""
_ERRNO_NAMES: dict[type[OSError], str] = {PermissionError: "SQLITE_PERM"}


def delete_rows(connection: sqlite3.Connection, at: datetime, *, never: bool = True) -> int:
    """Delete the records that lie wholly before a moment, in the transaction that is open; returns how many.

    With `never`, rows whose time is none that a record can have go as well.
    """
    return sum(
        connection.execute(f"DELETE FROM {table} WHERE {_removed(table, never=never)}", {"at": _us(at)}).rowcount
        for table in _BEFORE
    )


def _removed(table: str, *, never: bool) -> str:
    return f"({_BEFORE[table]} OR {_NEVER[table]})" if never else _BEFORE[table]


@contextmanager
def in_memory(image: bytes) -> Iterator[sqlite3.Connection]:
    """Open the image of a history, see `posture.history.image`, to be changed there; sqlite3's errors are raised."""
    with closing(_current(_in_memory(image))) as connection:
        connection.execute("PRAGMA query_only = OFF")
        yield connection


def _in_memory(image: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        if image:
            connection.deserialize(image)
        _refuse_what_is_not_ours(_guarded(connection))
    except BaseException:
        connection.close()
        raise
    return connection


def _guarded(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Set up a connection; what the file itself brings along, such as a trigger, has no rights on it."""
    connection.execute("PRAGMA temp_store = MEMORY")  # what is sorted is never left in a temporary file
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    for name, value in _CONFIGURED.items():
        if hasattr(connection, "setconfig"):  # since Python 3.12
            connection.setconfig(getattr(sqlite3, name), value)
        else:
            connection.set_authorizer(_nothing_of_the_file)
    # A text with bytes that are none makes one row unreadable, not the whole answer.
    connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    return connection


def _nothing_of_the_file(
    _action: int, _one: str | None, _other: str | None, _base: str | None, within: str | None
) -> int:
    """For Python 3.11: refuse what a trigger or a view would do, such as one that came after the file was opened."""
    return sqlite3.SQLITE_DENY if within else sqlite3.SQLITE_OK


def _refuse_what_is_not_ours(connection: sqlite3.Connection) -> None:
    """Tables and indexes are those of the schema, to the letter, and nothing else is there: no trigger, no view."""
    version = _version(connection)
    if version > len(MIGRATIONS):
        return  # it is refused with a sentence of its own
    try:
        ours = version >= 0 and _schema(connection) == _our_schema(version)
    except sqlite3.OperationalError as error:
        ours = error.sqlite_errorname != "SQLITE_ERROR"  # that one is said of statements in the schema
        if ours:
            raise
    except UnicodeDecodeError:
        ours = False  # what SQLite says of a damaged statement quotes it, and Python cannot read that
    if not ours:
        refused = sqlite3.DatabaseError("the tables are not those of posture")
        refused.sqlite_errorname = _NOT_OURS
        raise refused


def _current(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Bring a history in memory up to date; from then on it is only read."""
    try:
        for step in MIGRATIONS[_version(connection) :]:
            for statement in step:
                connection.execute(statement)
        if _version(connection) < len(MIGRATIONS):
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _schema(connection: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """What a file holds, and how it was made; statistics, which SQLite's own tools leave there, do no harm."""
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    return frozenset(tuple(map(str, row)) for row in rows if not _is_statistics(*row))


def _is_statistics(kind: object, name: object, table: object, sql: object) -> bool:
    return kind == "table" and name == table and name in ("sqlite_stat1", "sqlite_stat3", "sqlite_stat4")


@cache
def _our_schema(version: int) -> frozenset[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as made:
        for step in MIGRATIONS[:version]:
            for statement in step:
                made.execute(statement)
        return _schema(made)


def _loaded(detail: Any) -> Any:
    return {} if detail == "{}" else json.loads(detail)


def _dumped(detail: object) -> str:
    return json.dumps(detail, separators=(",", ":"), ensure_ascii=False)
