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
    with _scratch() as hidden:
        os.dup2(hidden.fileno(), 2)
        try:
            yield
        finally:
            terminal.flush()
            os.dup2(shown, 2)
            os.close(shown)
            hidden.seek(0)
            for line in hidden:
                if not NOISE.match(line):
                    os.write(2, line)


def _scratch() -> IO[bytes]:
    try:  # in memory where possible, for a process that may not write files
        return os.fdopen(os.memfd_create("native-log"), "w+b")
    except AttributeError:
        return tempfile.TemporaryFile()
