"""Keeps log lines of a native library off the user's terminal."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TextIO

# Information and warnings of absl and TensorFlow Lite. Errors (E...) and crashes (F...) are shown.
NOISE = re.compile(
    rb"[IW]\d{4} \d\d:\d\d:\d+|INFO: |WARNING: All log messages before absl::InitializeLog|WARNING: Attempting to use"
)


@contextmanager
def native_log_hidden() -> Iterator[None]:
    """Drop the information and warnings that mediapipe writes to file descriptor 2 during this block.

    mediapipe 0.10.31 to 0.10.34 writes them past Python and respects neither GLOG_minloglevel nor any other switch that
    its library exports. So the descriptor is redirected for the duration, and every other line that was written, by
    this or any other thread, is passed on afterwards.
    """
    terminal: TextIO | None = sys.stderr
    if terminal is None:  # started without a standard error: 2 may be some other file
        yield
        return
    terminal.flush()
    shown = os.dup(2)
    with _scratch() as (into, hidden):
        os.dup2(into, 2)
        try:
            yield
        finally:
            terminal.flush()
            os.dup2(shown, 2)
            os.close(shown)
            for line in _written(hidden):
                if not NOISE.match(line):
                    os.write(2, line)


@contextmanager
def _scratch() -> Iterator[tuple[int, IO[bytes]]]:
    """Give a descriptor to write to, and what reads it afterwards. A full pipe drops the rest of some 64 kB."""
    if hasattr(os, "pipe2"):  # for a process that may not write files
        read, write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            with os.fdopen(read, "rb") as hidden:
                yield write, hidden
        finally:
            os.close(write)
    else:
        with tempfile.TemporaryFile() as file:
            yield file.fileno(), file


def _written(hidden: IO[bytes]) -> list[bytes]:
    if hidden.seekable():
        hidden.seek(0)
    return (hidden.read() or b"").splitlines(keepends=True)
