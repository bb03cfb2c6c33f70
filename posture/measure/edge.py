"""What shoulders at and outside the picture's edge are worth. Pure.

The model places joints that lie outside the picture from what it sees of the person. The farther out, the less they
say, so their distance from the edge becomes uncertainty, and what the face says alone takes over by degrees.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from posture.measure.angles import Estimate

MARGIN_SW: Final = 0.1
"""The edge is felt from this far inside the picture [measured, as `SD_PER_SW`]."""
SD_PER_SW: Final[Mapping[str, float]] = {
    "lateral_lean_deg": 4.0,
    "slump_deg": 4.0,
    "forward_head_deg": 33.0,
    "hip_hinge_deg": 5.0,
}
"""Degrees of standard deviation for each shoulder width that the farther shoulder lies beyond `MARGIN_SW` inside the
edge, so that 90 % of the truth lies in the stated band: 1,686 looks at eight rendered people in five framings, and the
148 pictures of the sweep cut at six heights, heavy model [measured]. The angles of the head stray no more than their
own uncertainty says."""
LINE_SD_PER_SW: Final = 55.0
"""The same of the shoulder line, for each shoulder width that the nearer shoulder lies outside [measured]."""

PLAIN_LINE_SD_PER_SW: Final = 22.0
"""The same of the shoulder line of a picture by itself, for each shoulder width that the farther shoulder lies beyond
`MARGIN_SW` inside the edge: how far nine lines in ten stray from those of the whole picture, divided by 1.645, in the
148 pictures of the sweep cut at six heights [measured]."""

SHOWN_FROM_SW: Final = 0.13
SHOWN_LESS_PER_SW: Final[Mapping[str, float]] = {"shoulder_tilt_deg": 2.8, "lateral_lean_deg": 0.8}
LEAST_SHOWN: Final = 0.6
"""Shoulders at the edge read too level rather than at random: of a shoulder line and of a lean, each shoulder width of
the nearer shoulder beyond the first inside the edge hides this part. With one shoulder well inside, nothing is hidden
(two real people). No more than half is made up for [measured on the same looks]."""
LINE_PER_SHIFT_DEG: Final = 45.0
"""By how much shoulders that have moved to a side by one shoulder width read as higher on that side, for each shoulder
width of the nearer shoulder beyond `MARGIN_SW` inside the edge [measured on the same looks]."""

NECK_SD_SW: Final = 0.035
NECK_SD_PER_SW: Final = 0.5
"""Standard deviation of a shortened neck, in shoulder widths, of rendered people who neither slump nor put the head
forward; and what each shoulder width beyond `MARGIN_SW` inside the edge adds: half of what the joints are off by, which
is 0.05 on the edge and 0.10 at 0.12 under it [measured]."""

SLUMP_PER_DROP: Final = 45.0
SLUMP_PER_LOG_SIZE: Final = 25.0
FACE_SLUMP_SD_DEG: Final = 5.7
"""Slump in degrees from how far the face has sunk, in shoulder widths of the baseline, and the logarithm of how much
larger it is. Regression gives 35 and 19 on the landmark set, whose slumps come with other things, and 47 to 61 and 31
to 34 where little else is off; the error is that on the landmark set [measured]."""

LEAN_SHIFT_SW: Final = 0.037
TILT_SHIFT_SW: Final = 0.0075
"""Sideways shift of the head, in shoulder widths, for each degree of lean (rendered people; 0.035 to 0.039 in three
sets), and for each degree of a tilt of the head alone (two real people) [measured]."""
LEAN_ROLL_DEG: Final = 8.0
"""Real people who lean take their heads along: by 13 to 33 deg of roll in eight leans of ten. A head that shifts
without it may be on a chair that rolled aside [measured on two people]."""
NO_SHIFT_SW: Final = 0.15
"""A head that has shifted by less than this is not on a leaning trunk: 4 degrees at most [design choice]."""
FACE_LEAN_SD_DEG: Final = 4.0
"""How far such a lean strays from that told with the shoulders, of the same people [measured]."""


def widened(name: str, estimate: Estimate, out_sw: float, nearer_sw: float) -> Estimate:
    """Make up for what shoulders near or outside the edge hide of the estimate of `name`, one of the `ANGLES`.

    `out_sw` and `nearer_sw` are how far the farther and the nearer shoulder lie outside the picture, in shoulder
    widths; negative inside. The less is shown of an angle, the more of it has to be made up, and the less sure it is.
    """
    hidden = SHOWN_LESS_PER_SW.get(name, 0.0) * max(0.0, nearer_sw + SHOWN_FROM_SW)
    shown = max(1.0 - hidden, LEAST_SHOWN)
    edge_sd = SD_PER_SW.get(name, 0.0) * max(0.0, out_sw + MARGIN_SW)
    if name == "shoulder_tilt_deg":
        edge_sd = LINE_SD_PER_SW * max(0.0, nearer_sw)
    return Estimate(estimate.value / shown, math.hypot(estimate.sd / shown, edge_sd))


def level_line(line: Estimate, shift_sw: float, nearer_sw: float) -> Estimate:
    """Take out of a shoulder line what a sideways shift of shoulders at the edge, + to the left, makes of it alone.

    `nearer_sw` as in `widened`.
    """
    return Estimate(line.value - LINE_PER_SHIFT_DEG * shift_sw * max(0.0, nearer_sw + MARGIN_SW), line.sd)


def face_slump(head_drop_sw: float, lean_in_ratio: float) -> Estimate:
    """Estimate the slump from the face alone, degrees; arguments as in `Measures`."""
    value = SLUMP_PER_DROP * head_drop_sw + SLUMP_PER_LOG_SIZE * math.log(max(1.0 + lean_in_ratio, 0.1))
    return Estimate(value, FACE_SLUMP_SD_DEG)


def neck_sd_sw(out_sw: float) -> float:
    """Standard deviation of a shortened neck, in shoulder widths; `out_sw` as in `widened`."""
    return math.hypot(NECK_SD_SW, NECK_SD_PER_SW * max(0.0, out_sw + MARGIN_SW))


def face_lean(head_shift_sw: float, roll_deg: float) -> Estimate | None:
    """Estimate the lean from the face alone, degrees, + to the left; None if it does not say.

    Parameters
    ----------
    head_shift_sw : float
        How far the ears have moved, in shoulder widths of the baseline, + to the left.
    roll_deg : float
        How far the line of the eyes has turned since the baseline, + with the left eye lower.
    """
    if abs(head_shift_sw) < NO_SHIFT_SW:
        return Estimate(0.0, FACE_LEAN_SD_DEG)
    if head_shift_sw * roll_deg <= 0 or abs(roll_deg) < LEAN_ROLL_DEG:
        return None
    by_trunk_sw = max(0.0, abs(head_shift_sw) - TILT_SHIFT_SW * abs(roll_deg))
    return Estimate(math.copysign(by_trunk_sw / LEAN_SHIFT_SW, head_shift_sw), FACE_LEAN_SD_DEG)
