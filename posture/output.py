"""Standard input, output and error of a process: always there, and nothing but plain text goes out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from posture.plain_text import plain_lines


class PlainStream:
    """A text stream that writes what `posture.plain_text.plain_lines` makes of each text, and is else like its own."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text; characters that the encoding does not know become question marks."""
        shown = plain_lines(text)
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        if encoding.lower() not in ("utf-8", "utf8") and not shown.isascii():
            shown = shown.encode(encoding, "replace").decode(encoding)
        self._stream.write(shown)
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each of the texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def plain_output() -> Iterator[None]:
    """For the block, standard output and standard error write plain text only where they are no terminal.

    On a terminal the program's own colours and cursor have to pass; there the text of others is made plain where it
    enters: in records, errors and the names of cameras.
    """
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (
        stream if stream is None or stream.isatty() else cast("TextIO", PlainStream(stream)) for stream in before
    )
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def open_standard_files() -> None:
    """Give the process the standard files that it was started without (``>&-``): empty ones.

    Otherwise the next file that it opens, such as the history, would be its standard output, and libraries write there.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
