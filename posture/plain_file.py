"""Opening a file to read it: a plain one only, so that nothing is waited for, and as text without its mark.

Whatever may lie under the name of a file (a pipe, a socket, a device, a folder) is refused before it is opened: opening
a pipe waits for a writer, and reading some devices never ends.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from posture.file_system import patiently
from posture.language import tr

LARGEST_BYTES = 16_000_000
"""More than any small file of ours has [design choice]."""
ANY_SIZE = 1 << 62
"""For files that may be of any size."""
_PIECE_BYTES = 1 << 20
NO_FILE = (errno.EISDIR, errno.EINVAL, errno.EFBIG)
"""The numbers of the errors that say: what lies there is not a file, or not such a small one."""
_CAREFULLY = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def open_plain(path: str | Path, flags: int = os.O_RDONLY) -> int:
    """Open a plain file, where a link leads as well, and give its descriptor.

    An OSError says that there is none, that it may not be opened, or that what lies there is no file.
    """
    return patiently(lambda: _open_plain(path, flags))  # another program may be replacing it


def _open_plain(path: str | Path, flags: int) -> int:
    try:
        # Asked first, since opening alone does something to some devices.
        _refuse_others(Path(path).stat(), path)
    except FileNotFoundError:
        if not flags & os.O_CREAT:
            raise
    file = os.open(path, flags | _CAREFULLY, 0o600)
    try:
        _refuse_others(os.fstat(file), path)  # it may have been exchanged
    except BaseException:
        os.close(file)
        raise
    return file


def _refuse_others(found: os.stat_result, path: str | Path) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, tr("It is a folder"), str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, tr("It is no plain file"), str(path))


def read_plain(path: str | Path, most_bytes: int = LARGEST_BYTES) -> bytes:
    """Read a plain file; an OSError as of `open_plain`, or one that says that it is larger than `most_bytes`."""
    found = bytearray()
    with open(open_plain(path), "rb") as file:
        while more := file.read(_PIECE_BYTES):
            found += more
            if len(found) > most_bytes:
                raise OSError(errno.EFBIG, tr("It is too large"), str(path))
    return bytes(found)


def read_plain_text(path: str | Path, most_bytes: int = LARGEST_BYTES) -> str:
    """Read a plain file of UTF-8 text, with or without the mark (BOM) that Windows puts in front; errors as above.

    A UnicodeDecodeError, which is a ValueError, says that it is other text or none.
    """
    return read_plain(path, most_bytes).decode("utf-8-sig")


def is_there(path: Path) -> bool:
    """Say whether something is at a path; true as well where that cannot be seen, so that opening it says why.

    From Python 3.14 on `Path.exists` says no where a folder may not be entered.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True
