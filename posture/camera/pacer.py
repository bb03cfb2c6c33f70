"""Which frames of a source are looked at, when most of them are passed undecoded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from posture.camera.errors import CameraLost
from posture.camera.frame import FrameSource

EARLY_S = 0.0005
"""Frame times are rounded: half a millisecond early is in time."""


@dataclass(frozen=True)
class Pacer:
    """When the next frame is looked at: on the grid of the first one, unless a whole step was missed."""

    due_s: float = float("-inf")

    def wants(self, t_s: float) -> bool:
        """Whether the frame of this time is looked at."""
        return t_s >= self.due_s - EARLY_S

    def after(self, t_s: float, step_s: float) -> Pacer:
        """A frame was looked at; the next one is due `step_s` later."""
        return Pacer(t_s + step_s if t_s - self.due_s > step_s else self.due_s + step_s)


def times_to_the_end(source: FrameSource) -> Iterator[float]:
    """Pass the frames of `source` and yield their times; a live stream ends when it stops, if it has shown anything."""
    shown = False
    while True:
        try:
            t_s = source.grab()
        except CameraLost:
            if not shown:
                raise
            return
        if t_s is None:
            return
        shown = True
        yield t_s


def paced(source: FrameSource, step_s: float) -> Iterator[float]:
    """Pass the frames of `source` and yield the time of one every `step_s`; retrieve it before the next."""
    pacer = Pacer()
    while (t_s := source.grab()) is not None:
        if pacer.wants(t_s):
            pacer = pacer.after(t_s, step_s)
            yield t_s
