"""Sitting or standing: by the legs, and by which of two baselines somebody fits better. Pure.

How low the camera stands against the eyes says nothing for sure: with a laptop on the lap it is as low as before
somebody who stands at a desk, and what a baseline tells of it reaches from 36 to 39 cm before a rendered stander and up
to 47 cm before rendered sitters [measured]. So without a standing baseline only legs that hang straight count.

At a desk that is raised the camera rises as well, and whoever stands may be no higher in the picture than whoever sits.
What then tells them apart is where face and shoulders are and how large, each way of standing at work having its own.
A slump or a lean changes these, too, in ways that are known: differences are counted in units of what posture does.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from posture.language import tr
from posture.measure.baseline import Baseline, Refusal
from posture.measure.geometry import Geometry, Person
from posture.pose.landmarks import Landmark, Pose

Fits = Literal["", "sitting", "standing"]
"""Which baseline somebody fits; empty for neither, or where it cannot be told."""

STANDING_LEG_RATIO = 0.7
"""Knees below the hips by more than this part of the trunk's height mean standing [design choice]."""
THIGH_IN_SIGHT = 0.5
"""The part of the thighs that must be in the picture: the model draws legs that it does not see straight down. With a
half of them in it 110 of 110 looks at a rendered stander and 5 of 6 at a real one count as standing, and 1 of 10,300
looks at sitters, of which 266 have the hips in the picture [measured]."""

_FACE: Final = (0, 2, 5)
_SHOULDERS: Final = (1, 3, 4)
_SPREAD: Final = np.array(
    [
        [0.0647, 0.0531, 0.0, 0.0, 0.0, 0.0],
        [0.0531, 0.0459, 0.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0335, 0.0209, 0.0081, 0.0150],
        [0.0, 0.0, 0.0209, 0.0169, 0.0095, 0.0141],
        [0.0, 0.0, 0.0081, 0.0095, 0.0143, 0.0171],
        [0.0, 0.0, 0.0150, 0.0141, 0.0171, 0.0259],
    ]
)
"""How posture varies about a baseline: second moments of the place of ears and shoulders across, of both down, in
shoulder widths, and of the logarithms of shoulder width and face width. 1,589 looks at 27 rendered people with several
things off at once [measured], and on top a chair moved by 0.15 across, 0.05 down and 3 % in size [design choice]."""
APART: Final = 4.5
"""Baselines that differ by less than this, in standard deviations of `_SPREAD`, are not told apart: at 4.5 to 5.5 a
sitter who slumps, leans or comes near is taken for a stander in 0.16 % of looks at rendered people with several things
off, beyond 6.5 in none, and in none of 24,000 comparisons with real people [measured]."""
MARGIN: Final = 1.0
"""How far beyond the middle between the two a look must lie to count, in the same unit [design choice]."""
FITS: Final = 7.0
KEEPS: Final = 10.0
"""Up to where somebody fits a baseline, and goes on fitting it: 99.5 % of those rendered people are within the first
[measured]; the second is a design choice."""
ALONE: Final = 3.0
ALONE_KEEPS: Final = 4.5
"""The same where there is only a standing baseline: 87 and 96 % of those looks lie within these [measured]. Rather
sitting that is not judged than standing where nobody knows how the user sits [design choice]."""


def on_straight_legs(pose: Pose, min_visibility: float) -> bool:
    """Whether the hips and at least half the thighs are in the picture, and the thighs hang down."""
    points = pose.landmarks
    hips = points[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
    if (hips[:, 3] < min_visibility).any() or (hips[:, 1] >= pose.frame_h_px).any():
        return False
    hips_y = hips[:, 1].mean()
    thigh_px = points[[Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE], 1].mean() - hips_y
    trunk_px = hips_y - points[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 1].mean()
    in_sight = pose.frame_h_px - hips_y >= THIGH_IN_SIGHT * thigh_px
    return bool(in_sight and thigh_px > STANDING_LEG_RATIO * trunk_px > 0)


def apart(sitting: Baseline, standing: Baseline) -> float:
    """How far two baselines are apart, in standard deviations of what posture does; `APART` tells them apart."""
    unit = _unit(sitting, standing)
    return _length(_of(sitting, unit) - _of(standing, unit), (*_FACE, *_SHOULDERS))


def which_fits(person: Person, sitting: Baseline | None, standing: Baseline, before: Fits, lower_sw: float) -> Fits:
    """Tell which baseline somebody fits.

    Parameters
    ----------
    person : Person
        Who is seen now.
    sitting, standing : Baseline
        The first may be missing.
    before : {"", "sitting", "standing"}
        What the last look came to; it goes on where neither fits better by `MARGIN`.
    lower_sw : float
        Whoever is lower than the standing baseline alone by this, in its shoulder widths, does not stand.
    """
    shape = person.geometry
    seen = (*(_FACE if shape.face_seen else ()), *(_SHOULDERS if shape.shoulders_usable else ()))
    if not seen:
        return ""
    unit = _unit(sitting or standing, standing)
    now, upright = _values(shape, person.pose.frame_w_px, unit), _of(standing, unit)
    from_standing = _length(now - upright, seen)
    if sitting is None:
        lower = now[2] - upright[2] > lower_sw
        fits = from_standing <= (ALONE_KEEPS if before == "standing" else ALONE)
        return "standing" if fits and not lower else ""
    seated = _of(sitting, unit)
    between, from_sitting = _length(upright - seated, seen), _length(now - seated, seen)
    if between < APART:
        return before
    beyond_middle = (from_sitting**2 - from_standing**2) / (2.0 * between)
    side: Fits = before if abs(beyond_middle) < MARGIN else "standing" if beyond_middle > 0 else "sitting"
    off = from_standing if side == "standing" else from_sitting
    return side if off <= (KEEPS if side == before else FITS) else ""


def alike_sentence(sitting: Baseline | None, standing: Baseline | None) -> str:
    """Say that two baselines cannot be told apart; empty where they can, or one of them is missing."""
    if sitting is None or standing is None or apart(sitting, standing) >= APART:
        return ""
    return tr(
        "You look much the same here sitting and standing, so posture cannot tell which it is: say posture standing on "
        "when you stand up, or place the camera where it does not rise with the desk and calibrate both again."
    )


def of_standing(refusal: Refusal) -> Refusal:
    """Word the refusal of a calibration for somebody who stands."""
    return Refusal(refusal.reason, refusal.if_standing or refusal.sentence)


def _unit(sitting: Baseline, standing: Baseline) -> float:
    """Shoulder width in parts of the picture's width, the middle of both."""
    widths = [max(each.geometry.shoulder_width_px, 1.0) / each.pose.frame_w_px for each in (sitting, standing)]
    return float(np.sqrt(widths[0] * widths[1]))


def _of(baseline: Baseline, unit: float) -> NDArray[np.float64]:
    return _values(baseline.geometry, baseline.pose.frame_w_px, unit)


def _values(shape: Geometry, frame_w_px: int, unit: float) -> NDArray[np.float64]:
    """Place and size of face and shoulders, in the order of `_SPREAD`."""
    unit_px = unit * frame_w_px
    sizes = np.log(np.maximum([shape.shoulder_width_px, shape.ear_width_px], 1.0) / unit_px)
    (ears_x, ears_y), (shoulders_x, shoulders_y) = shape.ears_px, shape.shoulders_px
    return np.array([*(np.array([ears_x, shoulders_x, ears_y, shoulders_y]) / unit_px), *sizes])


def _length(difference: NDArray[np.float64], seen: tuple[int, ...]) -> float:
    """Length of a difference in standard deviations of posture, by the values that are seen."""
    kept = list(seen)
    part = difference[kept]
    return float(np.sqrt(part @ np.linalg.solve(_SPREAD[kept][:, kept], part)))
