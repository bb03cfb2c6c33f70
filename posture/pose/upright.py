"""Pictures of a camera that hangs on its side or upside down, turned so that people in them are upright."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from posture.camera.frame import Frame
from posture.pose.landmarks import Pose, PoseModel, quarter_turns

LOOKS = 3
"""After so many looks in a row that agree, the pictures are turned from the beginning [design choice]."""


def turned(image: NDArray[np.uint8], turns: int) -> NDArray[np.uint8]:
    """Turn a picture by quarter turns, counterclockwise."""
    return np.ascontiguousarray(np.rot90(image, turns)) if turns else image


class UprightModel:
    """A pose model that turns pictures first, so that landmarks are of upright people.

    Parameters
    ----------
    rotate : {"auto", "0", "90", "180", "270"}
        By how many degrees, clockwise, the camera's pictures are turned; auto finds out from the people in them.

    Attributes
    ----------
    turned_by : int
        Quarter turns, counterclockwise, by which the picture of the last find was turned.
    """

    def __init__(self, model: PoseModel, rotate: str) -> None:
        self._model, self._auto = model, rotate == "auto"
        self._turns = 0 if self._auto else -int(rotate) // 90 % 4
        self._proposed, self._looks = 0, 0
        self.turned_by = self._turns

    def find(self, frame: Frame) -> Pose | None:
        """See `PoseModel.find`; the landmarks are those of the picture as it was turned."""
        pose = self._find(frame, self._turns)
        more = quarter_turns(pose.landmarks) if pose is not None and self._auto else 0
        if more == 0:
            self._looks = 0
            return pose
        self._looks = self._looks + 1 if more == self._proposed else 1
        self._proposed = more
        pose = self._find(frame, (self._turns + more) % 4)
        if self._looks >= LOOKS:
            self._turns, self._looks = self.turned_by, 0
        return pose

    def _find(self, frame: Frame, turns: int) -> Pose | None:
        self.turned_by = turns
        return self._model.find(Frame(turned(frame.image, turns), frame.t_s))

    def close(self) -> None:
        """See `PoseModel.close`."""
        self._model.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
