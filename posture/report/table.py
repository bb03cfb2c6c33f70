"""Rows of a summary as CSV, for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

from posture.history.exchange import safe_text


def write_csv(rows: Iterable[Sequence[object]], file: TextIO) -> None:
    """Write rows: numbers in full, None as an empty cell, and no text that a spreadsheet would take for a formula."""
    writer = csv.writer(file, lineterminator="\n")
    for row in rows:
        writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row])
