"""A line at the foot of a terminal that is drawn over itself: a status, or how far a job is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from posture.language import number, tr
from posture.output import own, terminal_columns
from posture.plain_text import cut, padded, plain, width

_BAR_COLUMNS = 20


class StatusLine:
    """One line of a terminal; where the stream is no terminal, nothing is ever written.

    It imports no library for it: `posture bench` measures the memory and the time of the process it runs in. Call
    `clear` before anything else is written to the same terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = own(stream)
        self.visible = stream.isatty()
        self._text = ""

    def show(self, text: str) -> None:
        """Draw the line, cut to the width of the terminal; a text that is there already costs nothing."""
        text = cut(plain(text), max(10, terminal_columns() - 1))
        if not self.visible or text == self._text:
            return
        self._stream.write("\r" + padded(text, width(self._text)))
        self._stream.flush()
        self._text = text

    def clear(self) -> None:
        """Take the line away."""
        if self._text:
            self._stream.write("\r" + " " * width(self._text) + "\r")
            self._stream.flush()
            self._text = ""


class Progress:
    """How far a job is; call it with how much of `total` is done.

    Parameters
    ----------
    label : str
        What is being done.
    total : float or None
        How much there is to do; None where nobody knows.
    unit : str
        What `total` counts, such as ``"s"``; empty to show per cent.
    """

    def __init__(self, label: str, total: float | None, unit: str) -> None:
        self._label, self._total, self._unit = label, total, unit
        self._line = StatusLine(sys.stderr)
        self.clear: Callable[[], None] = self._line.clear

    def __call__(self, done: float) -> None:
        """Draw the bar."""
        if not self._line.visible:
            return
        if not self._total:
            self._line.show(f"{self._label} {done:.0f} {self._unit}")
            return
        share = min(done / self._total, 1.0)
        if self._unit:
            # Translators: how much of a job is done; the unit is such as "s" or "looks".
            of_all = tr("{done} of {total} {unit}", done=number(done), total=number(self._total), unit=self._unit)
        figures = of_all if self._unit else f"{100 * share:3.0f} %"
        self._line.show(f"{self._label} [{'#' * int(_BAR_COLUMNS * share):<{_BAR_COLUMNS}}] {figures}")


@contextmanager
def progress(label: str, total: float | None, unit: str = "") -> Iterator[Progress]:
    """Show on standard error how far the block is, and take the line away at its end; see `Progress`."""
    bar = Progress(label, total, unit)
    try:
        bar(0.0)
        yield bar
    finally:
        bar.clear()
