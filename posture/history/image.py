"""The history as one piece in memory: the file, and over it what is committed in its write-ahead log.

SQLite reads a WAL with the help of a file beside it, which it must be able to make. Where it cannot, on a full disk or
in a read-only folder, this reads without writing. Format: https://www.sqlite.org/fileformat.html#the_write_ahead_log
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from posture.erase import LastName, cut, erase, sync_folder
from posture.file_system import flush, make_room, read_at, write_at
from posture.plain_file import open_plain

WAL_HEADER_BYTES, FRAME_HEADER_BYTES = 32, 24
_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
_VERSION = slice(18, 20)
"""Of the file's header: how it is written and read; in memory there is no WAL."""
_ROLLBACK, _WAL = b"\1\1", b"\2\2"
_PENDING_BYTE, _LOCK_BYTES = 0x40000000, 512
"""Where SQLite locks its file; whoever has it open holds a shared lock there."""
_TRIES = 20


def image_of(path: Path) -> bytes:
    """Read a history and its WAL as one database without a WAL; an OSError says that it cannot be read.

    If they are being written meanwhile they are read again.
    """
    real = Path(os.path.realpath(path))
    for _ in range(_TRIES):
        before = _state(real)
        main, wal = _read(real), _read(wal_of(real), missing=b"")
        if _state(real) == before:
            break
    return committed(main, wal)


def wal_of(path: Path) -> Path:
    """Where the WAL of a history lies: beside the file itself, also if `path` is a link."""
    real = Path(os.path.realpath(path))
    return real.with_name(f"{real.name}-wal")


def committed(main: bytes, wal: bytes) -> bytes:
    """Apply to the bytes of a database what is committed in its WAL, and say in its header that it has none.

    A frame counts if it and all before it are whole, as for SQLite; what comes after the last commit does not.
    """
    pages: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    number = 0
    for at, size, page in _frames(wal):
        waiting[at] = page
        if size:
            pages |= waiting
            waiting, number = {}, size
    if pages:
        page_bytes = len(next(iter(pages.values())))
        whole = bytearray(main[: number * page_bytes].ljust(number * page_bytes, b"\0"))
        for at, page in pages.items():
            if at <= number:
                whole[(at - 1) * page_bytes : at * page_bytes] = page
    else:
        whole = bytearray(main)
    if whole[_VERSION] == _WAL:
        whole[_VERSION] = _ROLLBACK
    return bytes(whole)


def _frames(wal: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Page number, pages in all (0 where nothing is committed yet) and content of each frame that is whole."""
    if len(wal) < WAL_HEADER_BYTES:
        return
    magic, _, page_bytes = struct.unpack_from(">III", wal)
    order, step = _MAGIC.get(magic), FRAME_HEADER_BYTES + page_bytes
    if order is None or not 512 <= page_bytes <= 65536 or page_bytes & (page_bytes - 1):
        return
    sums = _sums(wal[:24], order, (0, 0))
    if sums != struct.unpack_from(">II", wal, 24):
        return
    for at in range(WAL_HEADER_BYTES, len(wal) - step + 1, step):
        number, size = struct.unpack_from(">II", wal, at)
        page = wal[at + FRAME_HEADER_BYTES : at + step]
        sums = _sums(page, order, _sums(wal[at : at + 8], order, sums))
        if not number or wal[at + 8 : at + 16] != wal[16:24] or sums != struct.unpack_from(">II", wal, at + 16):
            return
        yield number, size, page


def _sums(data: bytes, order: str, before: tuple[int, int]) -> tuple[int, int]:
    one, two = before
    words = iter(struct.unpack(f"{order}{len(data) // 4}I", data))
    for first, second in zip(words, words, strict=True):
        one = one + first + two & 0xFFFFFFFF
        two = two + second + one & 0xFFFFFFFF
    return one, two


# -- a WAL that is in use ----------------------------------------------------------------------------------------------


@contextmanager
def open_wal(path: Path) -> Iterator[int | None]:
    """Open the WAL of a history, see the functions below; None where there is none. An OSError says that it cannot be.

    SQLite has no locks on this file that closing it could end.
    """
    try:
        wal: int | None = open_plain(wal_of(path), os.O_RDWR)
    except FileNotFoundError:
        wal = None
    try:
        yield wal
    finally:
        if wal is not None:
            os.close(wal)


def extent(wal: int | None) -> tuple[bytes, int]:
    """The header of an open WAL, which is another one in each round, and how many bytes of it belong to this round."""
    header = read_at(wal, WAL_HEADER_BYTES, 0) if wal is not None else b""
    if wal is None or len(header) < WAL_HEADER_BYTES:
        return b"", 0
    step, at = FRAME_HEADER_BYTES + struct.unpack_from(">I", header, 8)[0], WAL_HEADER_BYTES
    while read_at(wal, 8, at + 8) == header[16:24]:
        at += step
    return header, at


def trim(wal: int | None) -> None:
    """Overwrite and cut off what an open WAL holds of earlier rounds; nobody may write meanwhile."""
    if wal is not None:
        cut(wal, extent(wal)[1])


def end(wal: int | None) -> None:
    """End the round of an open WAL of which all is in the file; nobody may write, or read what is in it, meanwhile."""
    if wal is not None:
        write_at(wal, bytes(WAL_HEADER_BYTES), 0)
        flush(wal)


# -- without room on the disk ------------------------------------------------------------------------------------------


@contextmanager
def held_alone(path: Path) -> Iterator[int]:
    """Open a history that nobody else has open, and let nobody open it within the block.

    An OSError says that it cannot be opened; BlockingIOError that another program has it open.
    """
    if sys.platform == "win32":
        from posture.file_system import open_alone

        file = open_alone(Path(os.path.realpath(path)))
    else:
        file = open_plain(path, os.O_RDWR)
    try:
        if sys.platform != "win32":
            import fcntl

            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCK_BYTES, _PENDING_BYTE)
        yield file
    finally:
        os.close(file)


def held_image(path: Path, file: int) -> bytes:
    """As `image_of`, of the file that `held_alone` gave: closing another descriptor of it would end the lock."""
    return committed(read_at(file, os.fstat(file).st_size, 0), _read(wal_of(path), missing=b""))


def replace_in_place(path: Path, file: int, image: bytes) -> None:
    """Write an image over the file that `held_alone` gave, which needs no room on the disk, and remove its WAL.

    Where the WAL is the larger of the two, it becomes the file, though not on Windows, where no open file can. If the
    power goes within this fraction of a second the history is damaged, and what can be read of it is recovered. An
    OSError says that it cannot be written; if the image fits into neither, and there is no room, both are unchanged. A
    file system that writes to another place each time, such as APFS where there are snapshots, may need room after all.
    """
    image = image[: _VERSION.start] + _WAL + image[_VERSION.stop :]
    wal, real = wal_of(path), Path(os.path.realpath(path))
    size = os.fstat(file).st_size
    if sys.platform != "win32" and len(image) > size and wal.exists() and wal.stat().st_size >= len(image):
        with open_wal(path) as larger, LastName(real):
            assert larger is not None
            _write_over(larger, image)
            wal.replace(real)
            sync_folder(real.parent)
    else:
        if len(image) > size:
            make_room(file, size, len(image) - size)
        _write_over(file, image)
        erase(wal)
    erase(wal.with_name(wal.name.removesuffix("-wal") + "-shm"))


def _write_over(file: int, image: bytes) -> None:
    write_at(file, image, 0)
    cut(file, len(image))


def _state(real: Path) -> list[tuple[int, int, int]]:
    found = []
    for path in (real, wal_of(real)):
        try:
            status = path.stat()
            found.append((status.st_ino, status.st_size, status.st_mtime_ns))
        except FileNotFoundError:
            found.append((0, 0, 0))
    return found


def _read(path: Path, missing: bytes | None = None) -> bytes:
    try:
        file = open_plain(path)
    except FileNotFoundError:
        if missing is None:
            raise
        return missing
    with open(file, "rb") as opened:  # noqa: PTH123 - an open descriptor
        return opened.read()
