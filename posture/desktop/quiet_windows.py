"""Whether now is a bad time for a reminder on Windows: while a named program runs."""

from __future__ import annotations

from collections.abc import Collection

from posture.desktop.quiet import named_program


async def why_quiet(programs: Collection[str] = ()) -> str:
    """Give the reason why reminders should wait; empty when they need not."""
    return await named_program(programs)
