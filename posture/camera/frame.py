"""A picture and its time, and what every source of pictures offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture."""

    image: NDArray[np.uint8]
    """(height, width, 3), blue, green, red, as the camera gives it: not mirrored."""
    t_s: float
    """Seconds on the source's own clock: a file's timestamp, or the monotonic clock of the machine for a webcam."""


class Closing(Protocol):
    """What a `with` block closes at its end."""

    def close(self) -> None:
        """Close the device, the file or the model; safe to call twice."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class FrameSource(Closing, Protocol):
    """A source of frames that are looked at only now and then.

    ``grab`` passes one frame without decoding it, ``retrieve`` decodes the one grabbed last.
    """

    @property
    def name(self) -> str:
        """The name of this source for people."""

    @property
    def duration_s(self) -> float | None:
        """Length in seconds, None for a live source."""

    def grab(self) -> float | None:
        """Pass to the next frame; its time in seconds on the source's clock, or None at the end of a file.

        A PostureError says that a live source has stopped giving frames.
        """

    def retrieve(self) -> Frame:
        """Decode the frame grabbed last."""

    def luma(self) -> NDArray[np.uint8]:
        """Decode the frame grabbed last, grey and at an eighth of its size, as the gate compares it."""
