"""Is this the user? Whoever is much smaller than the person of the baseline is a passer-by or sits further back. Pure.

Nobody is recognised: all it knows is size and place against the baseline, and somebody else on the user's chair counts
as the user.
"""

from __future__ import annotations

from posture.measure.baseline import Baseline
from posture.measure.geometry import Person

MIN_SIZE = 0.6
"""Share of the baseline's size: whoever is smaller is 1.7 times as far away. The user of the rendered clips, sitting,
leaning or standing, is never below 0.88 [measured]."""
ASIDE_SW = 1.2
ASIDE_SIZE = 0.85
"""Whoever is further aside than this, in shoulder widths of the baseline, and also smaller than this is somebody else;
the user leans by 0.35 and keeps 0.93 [measured]."""


def is_user(person: Person, baseline: Baseline) -> bool:
    """Whether a person can be the one of the baseline."""
    now, rest = person.geometry, baseline.geometry
    scale = person.pose.frame_w_px / baseline.pose.frame_w_px
    # Turning aside narrows the shoulders, looking down or aside narrows the face: the larger of the two counts.
    size = max(now.shoulder_width_px / (rest.shoulder_width_px * scale), now.ear_width_px / (rest.ear_width_px * scale))
    aside_sw = abs(now.shoulders_px[0] - rest.shoulders_px[0] * scale) / (rest.shoulder_width_px * scale)
    return size >= MIN_SIZE and not (aside_sw > ASIDE_SW and size < ASIDE_SIZE)
