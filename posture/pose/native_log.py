"""Keeps log lines of a native library off the user's terminal."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

# Information and warnings of absl and TensorFlow Lite. Errors (E...) and crashes (F...) are shown, but not that the
# processor's kind is unknown, as on virtual machines and new ones: what is computed is the same.
NOISE = re.compile(
    rb"[IW]\d{4} \d\d:\d\d:\d+|INFO: |WARNING: All log messages before absl::InitializeLog|WARNING: Attempting to use"
    rb"|Error in cpuinfo: "
)
_KEPT_BYTES = 1 << 16


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
    try:
        with _scratch() as (into, lines):
            os.dup2(into, 2)
            try:
                yield
            finally:
                terminal.flush()
                os.dup2(shown, 2)
    finally:
        os.close(shown)
        for line in lines:
            if not NOISE.match(line):
                os.write(2, line)


@contextmanager
def _scratch() -> Iterator[tuple[int, list[bytes]]]:
    """Give a descriptor to write to, and where the lines stand afterwards; no file, for a process that may write none.

    What comes after some 64 kB is dropped.
    """
    lines: list[bytes] = []
    if sys.platform == "win32":  # its pipes make who writes wait, so it is read meanwhile
        read, write = os.pipe()
        reader = threading.Thread(target=_read, args=(read, lines), daemon=True)
        reader.start()
        try:
            yield write, lines
        finally:
            os.close(write)
            reader.join()
    else:
        read, write = _pipe()
        try:
            yield write, lines
        finally:
            os.close(write)
            _read(read, lines)


def _pipe() -> tuple[int, int]:
    """Make a pipe that nobody waits at; on Linux in one call, since a box allows no other."""
    if sys.platform == "linux" and hasattr(os, "pipe2"):
        return os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    else:
        pipe = os.pipe()
        if sys.platform != "win32":
            for end in pipe:
                os.set_blocking(end, False)
        return pipe


def _read(pipe: int, lines: list[bytes]) -> None:
    """Read a pipe to its end, or as far as it is filled, keeping the first 64 kB, and close it."""
    with os.fdopen(pipe, "rb", buffering=0) as file:
        kept = b""
        while found := file.read(_KEPT_BYTES):
            kept += found[: _KEPT_BYTES - len(kept)]
    lines += kept.splitlines(keepends=True)
