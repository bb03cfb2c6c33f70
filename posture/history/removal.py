"""Removing old records for the user, also where the disk is full and there is no room for the usual way."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from posture.errors import PostureError
from posture.history.image import held_alone, held_image, replace_in_place
from posture.history.store import DiskFullError, Store, delete_rows, in_memory
from posture.language import tr


def remove_before(path: Path, at: datetime) -> int:
    """Delete the records that lie wholly before a moment, and their traces in the file; returns how many.

    On a full disk the smaller history is made in memory and written over the old one, which nobody may have open then.
    See `Store` for errors.
    """
    before = 0
    try:
        with Store(path) as store:
            before = sum(store.count(at).values())
            return store.delete_before(at)
    except DiskFullError:
        pass
    return max(before, _without_room(path, at))


def _without_room(path: Path, at: datetime) -> int:
    try:
        with held_alone(path) as file:
            with in_memory(held_image(path, file)) as connection:
                removed = delete_rows(connection, at)
                connection.execute("VACUUM")
                smaller = connection.serialize()
            replace_in_place(path, file, smaller)
            return removed
    except BlockingIOError:
        raise PostureError(
            tr(
                "The disk is full and posture is using the history: run posture stop, then try again, and "
                "posture start."
            )
        ) from None
    except OSError as error:
        raise PostureError(
            tr("{file} cannot be written ({reason}): check the disk.", file=path, reason=error.strerror)
        ) from None
