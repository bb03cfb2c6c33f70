"""A closer look at the place where the user sat, for a small face at the lower edge that the whole picture hides. Pure.

The model looks for people in a small copy of the picture. Somebody who sits low in a wide one, as before a camera that
also sees them standing, and then sinks, is a few points there; enlarged, the same pixels are a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posture.measure.baseline import Baseline
from posture.measure.geometry import Person
from posture.pose.landmarks import Pose

LOW_SW = -0.5
"""Shoulders of the baseline nearer to the lower edge than this are low: who sinks takes the face to it [design
choice]."""
WIDTH_SW = 2.5
SHAPE = 0.75
"""Width of the place in shoulder widths, and its height in parts of that. Of a rendered slump at the edge, 2, 2.5 and 3
find everybody in every look, and nobody in the empty chair [measured]."""
MOST_SHARE = 0.7
"""A place that is more of the picture's width than this shows nothing that the whole picture does not [design
choice]."""
DOUBTFUL_SIZE = 0.6
"""Whoever is smaller than this part of the baseline, in a picture where a closer look is of use, is not taken before
it: the rest of a face at the edge is often made into a whole small person [design choice]."""
ENLARGED_PX = 640
"""Width to which it is enlarged."""


@dataclass(frozen=True)
class Place:
    """A part of a picture, in pixels."""

    left: int
    top: int
    width: int
    height: int


def closer_place(baseline: Baseline, frame_w_px: int, frame_h_px: int) -> Place | None:
    """Give the place at the lower edge where the user of this baseline would be; None if a closer look is no use."""
    scale = frame_w_px / baseline.pose.frame_w_px
    shape = baseline.geometry
    width_px = int(WIDTH_SW * shape.shoulder_width_px * scale)
    low_px = frame_h_px - shape.shoulders_px[1] * scale
    if width_px > MOST_SHARE * frame_w_px or low_px > -LOW_SW * shape.shoulder_width_px * scale:
        return None
    height_px = min(int(SHAPE * width_px), frame_h_px)
    left = int(shape.shoulders_px[0] * scale) - width_px // 2
    left = min(max(left, 0), frame_w_px - width_px)
    return Place(left, frame_h_px - height_px, width_px, height_px)


def is_doubtful(person: Person, baseline: Baseline) -> bool:
    """Whether a person found in the whole picture may be a jumble made of a face at its lower edge."""
    pose = person.pose
    if closer_place(baseline, pose.frame_w_px, pose.frame_h_px) is None:
        return False
    return (
        person.geometry.size_px < DOUBTFUL_SIZE * baseline.geometry.size_px * pose.frame_w_px / baseline.pose.frame_w_px
    )


def enlarged(image: NDArray[np.uint8], place: Place) -> NDArray[np.uint8]:
    """Cut a place out of a picture and enlarge it; each pixel is the mean of its neighbours, weighed by nearness."""
    part = image[place.top : place.top + place.height, place.left : place.left + place.width]
    factor = ENLARGED_PX / place.width
    return _resampled(_resampled(part, factor, 0), factor, 1)


def _resampled(image: NDArray[np.uint8], factor: float, axis: int) -> NDArray[np.uint8]:
    """Stretch along one axis, linearly."""
    length = image.shape[axis]
    at = np.clip((np.arange(round(length * factor)) + 0.5) / factor - 0.5, 0, length - 1)
    low = at.astype(int)
    share = (at - low).reshape([-1 if dim == axis else 1 for dim in range(image.ndim)])
    first, second = image.take(low, axis), image.take(np.minimum(low + 1, length - 1), axis)
    stretched: NDArray[np.uint8] = (first + (second.astype(np.float32) - first) * share + 0.5).astype(np.uint8)
    return stretched


def in_whole(pose: Pose, place: Place, frame_w_px: int, frame_h_px: int) -> Pose:
    """Give a pose that was found in an enlarged place in pixels of the whole picture."""
    points = pose.landmarks.copy()
    points[:, :3] *= place.width / pose.frame_w_px
    points[:, :2] += place.left, place.top
    return Pose(points, pose.world, frame_w_px, frame_h_px)
