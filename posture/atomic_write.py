"""Writing a file atomically: after a crash or a power cut it holds either the old text or the new, whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from posture.errors import PostureError


def write_atomically(path: Path, text: str, mode: int = 0o600, owner: tuple[int, int] | None = None) -> None:
    """Put `text` in place of a file; the folder must exist.

    Parameters
    ----------
    path : Path
        The file. Where it is a link, the link is replaced.
    text : str
        Written as UTF-8, line ends unchanged.
    mode : int
        Permissions of the new file; by default only the user may read it.
    owner : tuple of int, optional
        User and group to give the file to, where the process may.

    Raises
    ------
    OSError
        It cannot be written; the old file is unchanged.
    """
    with atomic_file(path, mode, owner) as file:
        file.write(text)


@contextmanager
def atomic_file(path: Path, mode: int = 0o600, owner: tuple[int, int] | None = None) -> Iterator[TextIO]:
    """Open a file to be written bit by bit; it replaces `path` only when the block ends without an error.

    See `write_atomically` for the parameters and errors.
    """
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:40]}-")  # mode 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            if owner is not None and hasattr(os, "fchown"):
                with suppress(OSError):  # only root can give a file away, and only root needs to
                    os.fchown(handle, *owner)
            if mode != 0o600 and hasattr(os, "fchmod"):
                os.fchmod(handle, mode)
            os.fsync(handle)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
    _sync_folder(path.parent)


@contextmanager
def output_file(path: Path) -> Iterator[TextIO]:
    """Open the file that the user named with ``--output``, as `atomic_file` does.

    A PostureError says that it cannot be written; the old file is unchanged.
    """
    try:
        with atomic_file(path) as file:
            yield file
    except OSError as error:
        raise PostureError(
            f"{path} cannot be written ({error.strerror}): choose another place with --output."
        ) from None


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, on systems where a folder can be opened."""
    if os.name == "posix":
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
