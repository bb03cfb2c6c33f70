"""Which cells of the small grey picture a person covers. Pure but for numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posture.pose.landmarks import Landmark, Pose

Luma = NDArray[np.uint8]
Cells = NDArray[np.bool_]

_SHOULDERS = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
_UPPER = [Landmark.NOSE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR, *_SHOULDERS]
_ARMS = [Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW, Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]


def covered_cells(pose: Pose, shape: tuple[int, ...], *, below: bool) -> Cells:
    """Mark the cells of head and shoulders, with a margin, in a small picture of this shape (rows, columns).

    With `below`, also mark what is under the shoulders, down to the lower edge and as wide as the arms reach.
    """
    scale = shape[1] / pose.frame_w_px
    x, y = pose.landmarks[:, 0] * scale, pose.landmarks[:, 1] * scale
    shoulders_y = float(y[_SHOULDERS].mean())
    margin = (0.25 if below else 0.15) * max(float(np.ptp(x[_SHOULDERS])), float(np.ptp(y[_UPPER])))
    cells = np.zeros(shape, dtype=np.bool_)

    def mark(landmarks: list[Landmark], top: float, bottom: float) -> None:
        left, right = float(x[landmarks].min()) - margin, float(x[landmarks].max()) + margin
        cells[max(0, int(top)) : max(0, int(bottom) + 1), max(0, int(left)) : max(0, int(right) + 1)] = True

    mark(_UPPER, float(y[_UPPER].min()) - 2 * margin, shoulders_y + margin)
    if below:
        mark([*_UPPER, *_ARMS], shoulders_y - margin, shape[0])
    return cells
