"""Is this the user? A passer-by and whoever sits further back are smaller than the person of the baseline. Pure.

Nobody is recognised: only size and place against the baseline are known, and somebody else on the user's own chair is
the user.
"""

from __future__ import annotations

from posture.measure.baseline import Baseline
from posture.measure.geometry import Person

__all__ = ["is_user"]

MIN_SIZE = 0.6
"""Of the baseline's size: whoever is smaller is 1.7 times as far away. The user of the rendered clips, sitting, leaning
or standing, is never below 0.88 [measured]."""
ASIDE_SW = 1.2
ASIDE_SIZE = 0.85
"""Whoever is this far beside the baseline, in its shoulder widths, and smaller than this as well, is somebody else; the
user leans by 0.35 and keeps 0.93 [measured]."""


def is_user(person: Person, baseline: Baseline) -> bool:
    """Whether somebody who was found can be the person of the baseline."""
    seen, rest = person.geometry, baseline.geometry
    scale = person.pose.frame_w_px / baseline.pose.frame_w_px
    # Turned aside the shoulders narrow, looking down or aside the face does: the larger of the two tells.
    size = max(
        seen.shoulder_width_px / (rest.shoulder_width_px * scale),
        seen.ear_width_px / (rest.ear_width_px * scale),
    )
    aside_sw = abs(seen.shoulders_px[0] - rest.shoulders_px[0] * scale) / (rest.shoulder_width_px * scale)
    return size >= MIN_SIZE and not (aside_sw > ASIDE_SW and size < ASIDE_SIZE)
