"""Tables, colours and panels on standard output, in which only the program's own colours are colours."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console, Group
from rich.measure import Measurement
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table

from posture.output import own
from posture.plain_text import plain_lines

WIDEST = 1000
"""Columns; more than any table wants."""


class PlainConsole(Console):
    """rich's console on standard output: what it is given to show is made plain, and square brackets are no markup.

    Parameters
    ----------
    **options
        Of rich's console.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(file=own(sys.stdout), markup=False, emoji=False, highlight=False, **options)

    def print(self, *objects: Any, **options: Any) -> None:
        """As rich does it; a table that is wider than the terminal becomes a list, instead of being cut."""
        super().print(*(self._fitted(shown) for shown in objects), **options)

    def _fitted(self, shown: Any) -> Any:
        if not isinstance(shown, Table) or not any(column.header for column in shown.columns):
            return shown
        wanted = Measurement.get(self, self.options.update(max_width=WIDEST), shown).maximum
        if wanted <= self.width:
            return shown
        lines: list[Any] = [shown.title] if shown.title else []
        first, *others = shown.columns
        for number, name in enumerate(first.cells):
            cells = ((column.header, list(column.cells)[number]) for column in others)
            said = "; ".join(f"{header} {cell}" for header, cell in cells if cell)
            lines += [f"{first.header} {name}", Padding(said or "-", (0, 0, 0, 4))]
        return Group(*lines, "")

    def _render_buffer(self, buffer: Iterable[Segment]) -> str:
        # The last step of every way to print: styles are still beside the text, and moves of the cursor marked.
        return super()._render_buffer(
            segment if segment.control else segment._replace(text=plain_lines(segment.text)) for segment in buffer
        )
