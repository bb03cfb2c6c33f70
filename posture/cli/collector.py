"""Python's search for objects that only hold each other, put off while very many others are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Put the search off until the end of the block, or of the function that this decorates.

    A year is a quarter of a million records. None of them holds another, but with each quarter more of them all are
    looked at once again: a fifth of the time of an export, two fifths of an import [measured].
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
