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
    "shoulder_tilt_deg": 22.0,
    "lateral_lean_deg": 7.0,
    "slump_deg": 11.0,
    "forward_head_deg": 33.0,
    "hip_hinge_deg": 5.0,
}
"""Degrees of standard deviation for each shoulder width beyond `MARGIN_SW` inside the edge. The 148 pictures of the
sweep cut at six heights, heavy model: how far the angles of nine looks in ten stray from those of the whole picture,
divided by 1.645 [measured]. The angles of the head stray no more than their own uncertainty says."""

NECK_SD_SW: Final = 0.035
NECK_SD_PER_SW: Final = 0.5
"""Standard deviation of a shortened neck, in shoulder widths, of rendered people who neither slump nor put the head
forward; and what each shoulder width beyond `MARGIN_SW` inside the edge adds: half of what the joints are off by, which
is 0.05 on the edge and 0.10 at 0.12 under it [measured]."""

SLUMP_PER_DROP: Final = 35.0
SLUMP_PER_LOG_SIZE: Final = 19.0
FACE_SLUMP_SD_DEG: Final = 5.8
"""Slump in degrees from how far the face has sunk, in shoulder widths of the baseline, and the logarithm of how much
larger it is: regression on the landmark set, and its error on people left out of it [measured]."""


def widened(name: str, estimate: Estimate, out_sw: float) -> Estimate:
    """Add the uncertainty of shoulders near or outside the edge to the estimate of `name`, one of the `ANGLES`.

    `out_sw` is how far the farther shoulder lies outside the picture, in shoulder widths; negative inside.
    """
    edge_sd = SD_PER_SW.get(name, 0.0) * max(0.0, out_sw + MARGIN_SW)
    return Estimate(estimate.value, math.hypot(estimate.sd, edge_sd))


def face_slump(head_drop_sw: float, lean_in_ratio: float) -> Estimate:
    """Estimate the slump from the face alone, degrees; arguments as in `Measures`."""
    value = SLUMP_PER_DROP * head_drop_sw + SLUMP_PER_LOG_SIZE * math.log(max(1.0 + lean_in_ratio, 0.1))
    return Estimate(value, FACE_SLUMP_SD_DEG)


def neck_sd_sw(out_sw: float) -> float:
    """Standard deviation of a shortened neck, in shoulder widths; `out_sw` as in `widened`."""
    return math.hypot(NECK_SD_SW, NECK_SD_PER_SW * max(0.0, out_sw + MARGIN_SW))


def merged(first: Estimate, second: Estimate) -> Estimate:
    """Combine two estimates of one angle, each weighted by its certainty."""
    weight = second.sd**2 / (first.sd**2 + second.sd**2)
    value = weight * first.value + (1.0 - weight) * second.value
    return Estimate(value, first.sd * second.sd / math.hypot(first.sd, second.sd))
