"""The sensor's end of a video that is played as a camera, see `posture.sensor.feeder`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posture.camera.errors import CameraLost
from posture.camera.frame import Closing, Frame
from posture.camera.opencv import opencv
from posture.language import tr
from posture.link import Link
from posture.sensor.feeder import FRAME_TIMEOUT_S, HEADER, receive_exactly


class VirtualCamera(Closing):
    """A frame source of the pictures that a feeder plays, through the feeder's link."""

    def __init__(self, feed: Link, name: str, duration_s: float | None = None) -> None:
        self._feed, self.name, self.duration_s = feed, name, duration_s
        self._jpeg = b""
        self.t_s = 0.0
        self.feeder_cpu_s = 0.0
        self._cv2 = opencv()

    def grab(self) -> float | None:
        """Fetch the next picture without decoding it; its time on the clock of `now_s`, None at the end."""
        try:
            self._feed.send(b"g", FRAME_TIMEOUT_S)
            length, self.t_s, self.feeder_cpu_s = HEADER.unpack(
                receive_exactly(self._feed, HEADER.size, FRAME_TIMEOUT_S)
            )
            self._jpeg = receive_exactly(self._feed, length, FRAME_TIMEOUT_S)
        except (OSError, EOFError):
            raise CameraLost(
                tr("{name} is no longer played: the process that played it has ended.", name=self.name)
            ) from None
        return self.t_s if length else None

    def retrieve(self) -> Frame:
        """Decode the picture fetched last."""
        image = self._cv2.imdecode(np.frombuffer(self._jpeg, dtype=np.uint8), self._cv2.IMREAD_COLOR)
        return Frame(image, self.t_s)

    def luma(self) -> NDArray[np.uint8]:
        """Decode the picture fetched last, grey and at an eighth of its size."""
        jpeg = np.frombuffer(self._jpeg, dtype=np.uint8)
        grey: NDArray[np.uint8] = self._cv2.imdecode(jpeg, self._cv2.IMREAD_REDUCED_GRAYSCALE_8)
        return grey

    def close(self) -> None:
        """Close the link."""
        self._feed.close()
