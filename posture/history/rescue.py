"""Rescue of a damaged history: the file is set aside, and every record that can still be read goes into a new one.

SQLite gives up on a file whose first page or whose tree is damaged. The records themselves lie in the leaves of that
tree; each of these pages can be read alone, and the columns show what sort of record it is. So every page of the file
and of its WAL is read, in any order, and each whole record is taken. Format: https://www.sqlite.org/fileformat.html
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posture.errors import PostureError
from posture.file_system import move
from posture.history.records import SLOT_S, Distance, Interval, Point, distance_of, interval_of, point_of
from posture.history.store import DamagedError, Store
from posture.language import tr, trn
from posture.plain_file import ANY_SIZE, read_plain

PAGE_BYTES = 4096
"""SQLite's default since 2016; posture never set another."""
WAL_HEADER_BYTES, FRAME_HEADER_BYTES = 32, 24
LEAF, INNER = 0x0A, 0x02  # of trees keyed by columns, which all our tables are
MAX_LOCAL = (PAGE_BYTES - 12) * 64 // 255 - 23
MIN_LOCAL = (PAGE_BYTES - 12) * 32 // 255 - 23
MAX_RECORD_BYTES = 1 << 20
MOST_READ = 4
"""At most this many times the size of the file is read: damaged pages may name each other without end."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FROM, _UNTIL = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_Column = int | float | str | None | bytes
_Record = Interval | Point | Distance


def open_sound(path: Path) -> tuple[Store, str]:
    """Open the history for writing; if it is damaged, set it aside first. See `Store` for other errors.

    The second value is a sentence for the user on what was done about damage; empty if there was none.
    """
    try:
        store = Store(path)
        try:
            if store.sound():
                return store, ""
        except DamagedError:
            pass
        store.close()
    except DamagedError:
        pass
    return set_aside(path)


def set_aside(path: Path) -> tuple[Store, str]:
    """Move a damaged history away and start a new one with the records that can be read.

    A PostureError says that the file cannot be moved or read; it stays where it is.
    """
    aside = path.with_name(f"{path.name}.damaged-{datetime.now():%Y-%m-%d-%H%M%S}")
    try:
        _move_whole(path, aside)
        records = list(readable_records(aside))
    except OSError as error:
        raise PostureError(
            tr(
                "The history {file} is damaged and cannot be set aside ({reason}): make its folder writable.",
                file=path,
                reason=error.strerror,
            )
        ) from None
    store = Store(path)
    store.take_in(
        [record for record in records if isinstance(record, Interval)],
        [record for record in records if isinstance(record, Point)],
        [record for record in records if isinstance(record, Distance)],
    )
    number = sum(store.count().values())
    return store, (
        trn(
            "The history was damaged: it is set aside as {file}, and {n} record of it is in a new one.",
            "The history was damaged: it is set aside as {file}, and {n} records of it are in a new one.",
            number,
            file=aside.name,
        )
    )


def _move_whole(path: Path, aside: Path) -> None:
    """Move a history with what SQLite keeps beside it, or nothing of it: the WAL first, which no new one may meet."""
    moved: list[tuple[Path, Path]] = []
    try:
        for end in ("-wal", "-shm", ""):
            old, new = path.with_name(path.name + end), aside.with_name(aside.name + end)
            with suppress(FileNotFoundError):
                move(old, new)
                moved.append((old, new))
    except OSError:
        for old, new in reversed(moved):
            move(new, old)
        raise


def readable_records(path: Path) -> Iterator[_Record]:
    """Yield every whole record in a damaged file and its WAL; one that is stored twice comes twice.

    An OSError says that the file cannot be read.
    """
    whole = read_plain(path, ANY_SIZE)
    pages = [whole[at : at + PAGE_BYTES] for at in range(0, len(whole), PAGE_BYTES)]
    logged: list[tuple[int, bytes]] = []
    with suppress(FileNotFoundError):
        wal = read_plain(path.with_name(f"{path.name}-wal"), ANY_SIZE)
        step = FRAME_HEADER_BYTES + PAGE_BYTES
        for at in range(WAL_HEADER_BYTES, len(wal) - step + 1, step):
            (number,) = struct.unpack_from(">I", wal, at)
            logged.append((number, wal[at + FRAME_HEADER_BYTES : at + step]))
    newest = dict(enumerate(pages, 1)) | dict(logged)
    left = [MOST_READ * PAGE_BYTES * (len(pages) + len(logged))]
    for number, page in [*enumerate(pages, 1), *logged]:
        for columns in _rows(page, 100 if number == 1 else 0, newest, left):
            record = _record(columns)
            if record is not None:
                yield record


def _rows(page: bytes, start: int, pages: dict[int, bytes], left: list[int]) -> Iterator[list[_Column]]:
    if len(page) < start + 12 or page[start] not in (LEAF, INNER):
        return
    head = 8 if page[start] == LEAF else 12
    (cells,) = struct.unpack_from(">H", page, start + 3)
    for n in range(min(cells, (len(page) - start - head) // 2)):
        try:
            (at,) = struct.unpack_from(">H", page, start + head + 2 * n)
            payload = _payload(page, at + (0 if page[start] == LEAF else 4), pages, left)
            yield _columns(payload)
        except (struct.error, IndexError, KeyError, ValueError):
            continue  # this record is damaged; its neighbours may not be


def _payload(page: bytes, at: int, pages: dict[int, bytes], left: list[int]) -> bytes:
    size, at = _varint(page, at)
    if not 0 < size <= min(MAX_RECORD_BYTES, left[0]):
        raise ValueError
    if size <= MAX_LOCAL:
        return page[at : at + size]
    local = MIN_LOCAL + (size - MIN_LOCAL) % (PAGE_BYTES - 4)
    local = local if local <= MAX_LOCAL else MIN_LOCAL
    found = bytearray(page[at : at + local])
    (following,) = struct.unpack_from(">I", page, at + local)
    while len(found) < size:
        left[0] -= PAGE_BYTES
        found += pages[following][4 : 4 + size - len(found)]
        (following,) = struct.unpack_from(">I", pages[following])
    return bytes(found)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for n in range(9):
        byte = data[at + n]
        if n == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + n + 1
    raise ValueError


_WHOLE_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def _columns(payload: bytes) -> list[_Column]:
    head, at = _varint(payload, 0)
    kinds = []
    while at < head:
        kind, at = _varint(payload, at)
        kinds.append(kind)
    found: list[_Column] = []
    for kind in kinds:
        size = _WHOLE_BYTES.get(kind, 8 if kind == 7 else max(0, kind - 12) // 2)
        raw = payload[at : at + size]
        if len(raw) < size or kind in (10, 11):
            raise ValueError
        at += size
        if kind == 0:
            found.append(None)
        elif kind in _WHOLE_BYTES:
            found.append(int.from_bytes(raw, "big", signed=True))
        elif kind == 7:
            found.append(struct.unpack(">d", raw)[0])
        elif kind in (8, 9):
            found.append(kind - 8)
        else:
            found.append(raw.decode() if kind % 2 else raw)
    return found


def _record(columns: list[_Column]) -> _Record | None:
    """The record that these columns hold, or None for anything else, such as an index entry."""
    try:
        match columns:
            case [str(kind), int(start), str(label), int(end), (0 | 1) as still_open, str(detail)]:
                return interval_of(kind, label, _at(start), _at(end), json.loads(detail), still_open)
            case [int(at), str(kind), str(label), str(detail)]:
                return point_of(kind, _at(at), label, json.loads(detail))
            case [int(slot), int(cm), int() | float() as seconds]:
                # Pages that are no table of ours may look like one; ours has centimetres, and a quarter hour at most.
                if cm <= 1000 and 0 <= seconds <= SLOT_S:
                    return distance_of(_at(slot), cm, seconds)
    except (ValueError, TypeError, OverflowError, RecursionError):
        pass
    return None


def _at(us: int) -> datetime:
    at = _EPOCH + timedelta(microseconds=us)
    if not _FROM <= at < _UNTIL:
        raise ValueError
    return at
