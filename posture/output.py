"""Standard input, output and error of a process: always there, nothing but plain text goes out, and lines fit.

On a terminal the program draws: colours, a line over itself, a bell. That goes to `own` output, from what knows which
characters are its own: `posture.cli.terminal`, `posture.cli.progress` and few others.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from posture.plain_text import plain_lines, width, wrapped


class PlainStream:
    """A text stream that writes what `posture.plain_text.plain_lines` makes of each text, and is else like its own.

    With `as_it_is` it writes the text itself.
    """

    def __init__(self, stream: TextIO, *, as_it_is: bool = False) -> None:
        self._stream, self._as_it_is = stream, as_it_is

    def write(self, text: str) -> int:
        """Write a text; characters that the encoding does not know become question marks."""
        shown = text if self._as_it_is else plain_lines(text)
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        if encoding.lower() not in ("utf-8", "utf8") and not shown.isascii():
            shown = shown.encode(encoding, "replace").decode(encoding)
        self._stream.write(shown)
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each of the texts."""
        for line in lines:
            self.write(line)

    def own(self) -> TextIO:
        """The same stream, for what the program draws itself."""
        return cast("TextIO", PlainStream(self._stream, as_it_is=True))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


_OBEYED = "\x1b\r\b"
_LABEL = r"\s*(?:\[.\]\s)?\S+(?: \S+){0,2}\s{2,}(?=\S)|\s*(?:\d+\.|[-*!]|\[.\])\s+"
"""What stands before a text: a number, a mark, or a word and a gap; what is broken goes on below the text."""
_NARROWEST = 20


def terminal_columns() -> int:
    """Give the columns of the terminal as `shutil.get_terminal_size` does, whose module takes 2 ms to import."""
    try:
        given = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        given = 0
    if given > 0:
        return given
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 80


def fitted(line: str, columns: int) -> str:
    """Break a line where it is longer than a terminal has columns; a longer word stays whole."""
    if width(line) <= columns:
        return line
    label = re.match(_LABEL, line)
    blank = len(line) - len(line.lstrip())
    named = width(label[0]) if label else columns
    hang = named if named <= columns // 2 else blank + (2 if blank else 0)
    parts = wrapped(line, max(_NARROWEST, columns), hang)
    # What is typed comes behind the spaces at the end of a question.
    return "\n".join(parts) + line[len(line.rstrip()) :]


class FittedStream:
    """A terminal as a text stream: it breaks long lines at spaces, where the terminal would break them within words.

    What moves the cursor or has colours goes out as it is: whoever writes that knows how wide the terminal is.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._at_start = True

    def write(self, text: str) -> int:
        """Write a text."""
        at_start, self._at_start = self._at_start, text.endswith("\n") if text else self._at_start
        if not at_start or any(character in text for character in _OBEYED):
            self._stream.write(text)
        else:
            room = terminal_columns()
            self._stream.write("\n".join(fitted(line, room) for line in text.split("\n")))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write each of the texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def end_line(stream: TextIO) -> None:
    """End a line that was begun, such as a question without an answer, on a terminal."""
    if isinstance(stream, FittedStream) and not stream._at_start:
        stream.write("\n")


@contextmanager
def fitted_output(*, errors_only: bool = False) -> Iterator[None]:
    """For the block, fit standard output and error to the terminal where they are one."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (
        cast("TextIO", FittedStream(stream)) if fit and stream is not None and stream.isatty() else stream
        for stream, fit in zip(before, (not errors_only, True), strict=True)
    )
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def own(stream: TextIO) -> TextIO:
    """Give what of a standard stream takes the program's own drawing, made of nobody else's text."""
    within = stream._stream if isinstance(stream, FittedStream) else stream
    return within.own() if isinstance(within, PlainStream) else within


@contextmanager
def plain_output() -> Iterator[None]:
    """For the block, standard output and standard error write plain text only; see `own`."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (stream and cast("TextIO", PlainStream(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


class _NoTerminal(io.TextIOWrapper):
    """A stream that is no terminal, whatever Windows says, in the place of another one."""

    def __init__(self, other: io.TextIOWrapper) -> None:
        super().__init__(other.buffer, other.encoding, other.errors, line_buffering=True)
        self._other = other  # whose end would close the buffer

    def isatty(self) -> bool:
        """It is none."""
        return False


def take_nothing_for_no_terminal() -> None:
    """Have standard files that lead to NUL be no terminals, which they are to Windows: nobody answers there."""
    if sys.platform == "win32":
        import ctypes
        import msvcrt

        mode_of = ctypes.WinDLL("kernel32").GetConsoleMode
        for name in ("stdin", "stdout", "stderr"):
            stream = getattr(sys, name)
            if isinstance(stream, io.TextIOWrapper) and stream.isatty():
                handle = ctypes.c_void_p(msvcrt.get_osfhandle(stream.fileno()))
                if not mode_of(handle, ctypes.byref(ctypes.c_ulong())):
                    setattr(sys, name, _NoTerminal(stream))


def exchange_files_as_utf8() -> None:
    """Have what goes to a file or to another program be UTF-8, as everywhere, and not what an old Windows would read.

    There a file of that kind has room for 256 characters, and what it has none for would be lost. What comes from one
    is UTF-8 as well; bytes that are none become the mark for that, not an error.
    """
    if sys.platform == "win32" and not os.environ.get("PYTHONIOENCODING"):
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
                stream.reconfigure(encoding="utf-8")
        if isinstance(sys.stdin, io.TextIOWrapper) and not sys.stdin.isatty():
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")


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
