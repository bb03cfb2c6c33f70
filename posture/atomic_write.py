"""Writing a file atomically: after a crash or a power cut it holds either the old text or the new, whole."""

from __future__ import annotations

import errno
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TextIO

from posture.access import keep_as, keep_to_user
from posture.erase import LastName, erase, sync_folder
from posture.errors import PostureError
from posture.file_system import flush, move, open_to_erase, remove
from posture.language import tr
from posture.plain_file import LARGEST_BYTES, open_plain

_TRIES = 100
"""How often a file may be replaced while it is read."""


def write_atomically(
    path: Path, text: str, mode: int = 0o600, owner: tuple[int, int] | None = None, *, erase_old: bool = False
) -> None:
    """Put `text` in place of a file; the folder must exist.

    Parameters
    ----------
    path : Path
        The file. Where it is a link, the link is replaced.
    text : str
        Written as UTF-8, line ends unchanged.
    mode : int
        Permissions of the new file; by default only the user may read it. On Windows any other than that leaves them as
        they were.
    owner : tuple of int, optional
        User and group to give the file to, where the process may.
    erase_old : bool
        Overwrite what is replaced, so that it is not left on the disk without a name. For files that only we read, by
        `read_replaced`: another program may be reading the old one.

    Raises
    ------
    OSError
        It cannot be written; the old file is unchanged.
    """
    with atomic_file(path, mode, owner, erase_old=erase_old) as file:
        file.write(text)


def read_replaced(path: Path) -> str:
    """Read a file that is replaced with `erase_old`: all of the old text or all of the new.

    An OSError says that it cannot be read or is no plain file, a ValueError that it is no UTF-8 text.
    """
    for _ in range(_TRIES):
        with open(open_plain(path), encoding="utf-8-sig") as file:  # noqa: PTH123 - an open descriptor
            text = file.read(LARGEST_BYTES)
            if os.name != "posix" or os.fstat(file.fileno()).st_nlink > 0:
                break  # nobody has replaced it, and begun to overwrite it, while it was read
    return text


@contextmanager
def atomic_file(
    path: Path, mode: int = 0o600, owner: tuple[int, int] | None = None, *, erase_old: bool = False
) -> Iterator[TextIO]:
    """Open a file to be written bit by bit; it replaces `path` only when the block ends without an error.

    See `write_atomically` for the parameters and errors.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=prefix_of(path))  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            if owner is not None and hasattr(os, "fchown"):
                with suppress(OSError):  # only root can give a file away, and only root needs to
                    os.fchown(handle, *owner)
            if sys.platform == "win32":
                # A file system without access lists, such as of a memory stick, has none to give.
                with suppress(OSError):
                    if mode == 0o600:
                        keep_to_user(Path(temporary))
                    else:
                        keep_as(Path(temporary), path)
            elif mode != 0o600:
                os.fchmod(handle, mode)
            flush(handle)
        put_in_place(Path(temporary), path, erase_old=erase_old)
    except BaseException:
        with suppress(OSError), LastName(Path(temporary)):
            Path(temporary).unlink()
        raise


def put_in_place(new: Path, path: Path, *, erase_old: bool = False) -> None:
    """Give a file the name of another one, which is gone then; an OSError says that it cannot be, and nothing was.

    With `erase_old` that one is overwritten, unless it has another name.
    """
    if sys.platform == "win32" and erase_old:
        # What is open cannot be replaced there; so the old one gets another name for as long as that takes. That cannot
        # be taken away while another program has it open, which is seen before.
        with suppress(FileNotFoundError):
            os.close(open_to_erase(path))
        old = path.with_name(f"{prefix_of(path)}{os.urandom(4).hex()}")
        with suppress(OSError):  # there is none, or the file system has no second names
            os.link(path, old, follow_symlinks=False)
        try:
            move(new, path)
        finally:
            with suppress(OSError):
                if old.lstat().st_nlink == 1:
                    erase(old)
                else:
                    remove(old)
        return
    with LastName(path) if erase_old else nullcontext():
        move(new, path)
        sync_folder(path.parent)


def is_no_name(name: str) -> bool:
    """Whether Windows takes a name otherwise than as that of a file: a device, or a part of another file."""
    ends = name != name.rstrip(". ")  # it leaves these away
    # The figures also as superscripts, which it takes for the same.
    device = re.fullmatch(r"con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]", name.partition(".")[0].strip().lower())
    return ends or device is not None or re.search(r'[<>:"|?*\0-\x1f]', name) is not None


def prefix_of(path: Path) -> str:
    """How the names of the files begin in which a file is written before it is in place; eight characters follow."""
    return f".{path.stem[:40]}-"


@contextmanager
def output_file(path: Path, *, erase_old: bool = False) -> Iterator[TextIO]:
    """Open the file that the user named with ``--output``, as `atomic_file` does.

    A PostureError says that it cannot be written; the old file is unchanged.
    """
    try:
        if sys.platform == "win32" and is_no_name(path.name):
            raise OSError(errno.EINVAL, tr("Windows has no files of this name"), str(path))
        with atomic_file(path, erase_old=erase_old) as file:
            yield file
    except OSError as error:
        raise PostureError(
            tr(
                "{path} cannot be written ({reason}): choose another place with --output.",
                path=path,
                reason=error.strerror,
            )
        ) from None
