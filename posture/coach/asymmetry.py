"""Decide which side to lengthen first, from how the user leaned on the stored days. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posture.coach.exercise import Side
from posture.language import tr

LEAST_S = 1200.0
"""A day counts from this much leaning to one side on: 20 min (evidence, section 4)."""
DAYS, LEAST_DAYS = 5, 3
"""The rule needs `LEAST_DAYS` of the last `DAYS` (evidence, section 4)."""


@dataclass(frozen=True)
class DayLean:
    """Seconds of one day for which a lean to each side was active.

    It takes both the trunk (or its shift) and the line of the shoulders: a dropped shoulder alone may be the mouse
    arm, an armrest or the camera's roll.
    """

    left_s: float = 0.0
    right_s: float = 0.0


@dataclass(frozen=True)
class Finding:
    """The user leaned more to `side` on `days` of the last `of` days."""

    side: Side
    days: int
    of: int

    @property
    def sentence(self) -> str:
        """An observation and an invitation, as the evidence words it (section 4)."""
        return tr(
            "You leaned {side} more on {days} of the last {of} days; lengthening that side may feel good. Both sides "
            "are always done.",
            side=self.side,
            days=self.days,
            of=self.of,
        )


def shortened_side(days: Sequence[DayLean]) -> Finding | None:
    """Apply the asymmetry rule (evidence, section 4) to days that were watched, oldest first; the last five count.

    None unless the user leaned to one side for at least 20 minutes, and longer than to the other, on 3 of 5 days.
    Leaning left over a level pelvis brings left ribs and hip together, so left is the side to lengthen first, with one
    repetition more. No evidence for choosing a side was found (evidence, section 4) [design choice]; therefore both
    sides are always done, and `coach.first_side` overrides it.
    """
    last = days[-DAYS:]
    left = sum(day.left_s >= LEAST_S and day.left_s > day.right_s for day in last)
    right = sum(day.right_s >= LEAST_S and day.right_s > day.left_s for day in last)
    if left >= LEAST_DAYS:
        return Finding("left", left, len(last))
    if right >= LEAST_DAYS:
        return Finding("right", right, len(last))
    return None
