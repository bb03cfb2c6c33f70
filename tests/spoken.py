"""Catalogues of a test's own, of which nothing is left in this process: what is kept by language is let go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from posture import language, own_files
from posture.coach import about, own, packaged
from posture.language import speak

KEPT = (language._catalogue, packaged._packaged, about._topics, own._understood, own_files._read)


@contextmanager
def catalogues_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For the block, have the catalogues of a folder, see `posture.language.FOLDER`; afterwards English is spoken."""
    monkeypatch.setattr(language, "FOLDER", folder)
    _forget()
    try:
        yield
    finally:
        speak("en")
        _forget()


def _forget() -> None:
    for kept in KEPT:
        kept.cache_clear()
