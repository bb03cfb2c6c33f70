"""Tables, colours and panels on standard output, in which only the program's own colours are colours."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.segment import Segment

from posture.output import own
from posture.plain_text import plain_lines


class PlainConsole(Console):
    """rich's console on standard output: what it is given to show is made plain, and square brackets are no markup.

    Parameters
    ----------
    **options
        Of rich's console.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(file=own(sys.stdout), markup=False, emoji=False, highlight=False, **options)

    def _render_buffer(self, buffer: Iterable[Segment]) -> str:
        # The last step of every way to print: styles are still beside the text, and moves of the cursor marked.
        return super()._render_buffer(
            segment if segment.control else segment._replace(text=plain_lines(segment.text)) for segment in buffer
        )
