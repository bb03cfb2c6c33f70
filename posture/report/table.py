"""CSV that a spreadsheet may open: text never becomes a formula, and comes back as it was."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

__all__ = ["safe_text", "unsafe_text", "write_csv"]

# What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"), and the mark itself.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def safe_text(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would calculate; `unsafe_text` takes it away."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def unsafe_text(text: str) -> str:
    """Give back what `safe_text` was given."""
    return text[1:] if text.startswith("'") else text


def write_csv(rows: Iterable[Sequence[object]], file: TextIO) -> None:
    """Write rows, numbers in full, None as an empty cell, with plain line ends."""
    writer = csv.writer(file, lineterminator="\n")
    for row in rows:
        writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row])
