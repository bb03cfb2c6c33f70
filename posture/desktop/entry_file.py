"""An entry for the desktop that is one file in the user's own folders."""

from __future__ import annotations

import contextlib
from pathlib import Path

from posture.atomic_write import write_atomically
from posture.errors import PostureError
from posture.language import tr


def write_entry(file: Path, text: str) -> None:
    """Write it; a PostureError says that it cannot be."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, text, 0o644)
    except OSError as error:
        raise PostureError(
            tr("{file} cannot be written ({why}): check the folder.", file=file, why=error.strerror)
        ) from None


def remove_entry(file: Path) -> bool:
    """Remove it, and its folder where nothing else is in that; returns whether it was there."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise PostureError(
            tr("{file} cannot be removed ({why}): remove it by hand.", file=file, why=error.strerror)
        ) from None
    remove_empty(file.parent)
    return True


def remove_empty(folder: Path) -> None:
    """Remove a folder if nothing is in it."""
    with contextlib.suppress(OSError):
        folder.rmdir()
