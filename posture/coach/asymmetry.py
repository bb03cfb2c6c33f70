"""Which side is lengthened first, from how the stored days leaned. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posture.coach.exercises import Side

__all__ = ["DAYS", "LEAST_DAYS", "LEAST_S", "DayLean", "Finding", "shortened_side"]

LEAST_S = 1200.0
"""Leaning to one side that a day must hold: 20 min (evidence, section 4)."""
DAYS, LEAST_DAYS = 5, 3
"""On so many of so many days (evidence, section 4)."""


@dataclass(frozen=True)
class DayLean:
    """Seconds of one day that a lean to each side was held.

    A held lean is one on which the trunk (or its shift) and the line of the shoulders agree; a dropped shoulder alone
    is none: it may be the mouse arm, an armrest or the camera's roll.
    """

    left_s: float = 0.0
    right_s: float = 0.0


@dataclass(frozen=True)
class Finding:
    """The side that was leaned to, on how many of how many days."""

    side: Side
    days: int
    of: int

    @property
    def sentence(self) -> str:
        """What is said of it: an observation and an invitation (evidence, section 4)."""
        return (
            f"You leaned {self.side} more on {self.days} of the last {self.of} days; lengthening that side may feel "
            "good. Both sides are always done."
        )


def shortened_side(days: Sequence[DayLean]) -> Finding | None:
    """Apply the rule of the evidence, section 4.

    Leaning left over a level pelvis brings left ribs and hip together, so left is the side to lengthen first, with one
    repetition more. Evidence level: mixed, a reasonable guess and not a finding (PMID 8156063;
    10.1186/s12891-017-1534-0); hence both sides are always done, and what the user has set overrides.

    Parameters
    ----------
    days : sequence of DayLean
        Days that were watched, oldest first; the last five count.

    Returns
    -------
    Finding or None
        None unless one side was leaned to for at least 20 minutes, and longer than the other, on 3 of 5 days.
    """
    last = days[-DAYS:]
    left = sum(day.left_s >= LEAST_S and day.left_s > day.right_s for day in last)
    right = sum(day.right_s >= LEAST_S and day.right_s > day.left_s for day in last)
    if left >= LEAST_DAYS:
        return Finding("left", left, len(last))
    if right >= LEAST_DAYS:
        return Finding("right", right, len(last))
    return None
