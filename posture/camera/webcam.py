"""Frames from a webcam."""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture.camera.devices import ON_LINUX, ON_MAC, CameraDevice, find_with_others, refusal, why_not
from posture.camera.errors import CameraLost
from posture.camera.frame import Closing, Frame
from posture.camera.light import small_luma
from posture.camera.opencv import opencv
from posture.language import tr
from posture.settings import CameraSettings

# A single read may fail; so many in a row do not. A stalled camera takes 2 s for each (see opencv.ENVIRONMENT).
FAILED_READS = 3
DEFAULT_BUFFERS = 0 if ON_MAC else 4  # of OpenCV's V4L2; AVFoundation drops what nobody waits for
REDUCED = 8  # of IMREAD_REDUCED_GRAYSCALE_8
NO_DATA = 128
"""What libjpeg fills in where the data of a JPEG ends before its picture does."""
TORN_PX = 16, 160
"""Rows and columns at the lower right: when all of them are filled in, the picture is not used. Where a part is missing
from the middle, what comes after it has moved, and a person in it is not found [measured]."""


@dataclass(frozen=True)
class Granted:
    """What the driver gave, which may differ from what was asked for."""

    pixel_format: str
    """Four characters, such as ``MJPG``; empty where the system does not say."""
    width_px: int
    height_px: int
    rate_fps: float
    """Frames a second, 0 where the system does not say."""
    buffers: int
    """How many older frames may wait in the driver."""


def _ways(cv2: Any, device: CameraDevice) -> tuple[tuple[str | int, int], ...]:
    """Give by what OpenCV opens a camera, and by which of its ways; the preferred first."""
    if ON_LINUX:
        return ((device.node, cv2.CAP_V4L2),)
    if ON_MAC:
        return ((device.index, cv2.CAP_AVFOUNDATION),)
    return device.ways or ((device.index, cv2.CAP_ANY),)


class Webcam(Closing):
    """A camera of this machine, open until closed.

    Frames from between two looks wait in the driver's buffers, so the next frame is an old one: `look` passes them
    without decoding. The time of a frame is the machine's monotonic clock when it was grabbed.

    Parameters
    ----------
    source : str
        Index, path or name, see `find_camera`.
    settings : CameraSettings
        Size and rate to ask for.

    Raises
    ------
    posture.camera.errors.CameraError
        Its subclasses say whether it is absent, busy or forbidden; itself, that it opens but no picture comes.
    """

    def __init__(self, source: str, settings: CameraSettings) -> None:
        if (refused := refusal()) is not None:
            raise refused
        # Asked once, before it is open: to list the cameras takes long on some systems, and opens each on others.
        self._device, others = find_with_others(source)
        self.identity = self._device.path, others
        """Its name that stays, and names and paths of the other cameras that are plugged in."""
        self._t_s: float | None = None
        self.fingerprint = 0
        """Checksum of the picture decoded last, as it came: noise alone makes two pictures of a lens differ."""
        self._cv2 = cv2 = opencv()
        self._raw_jpeg = False
        for what, way in _ways(cv2, self._device):
            self._capture: Any = cv2.VideoCapture(what, way)
            if self._capture.isOpened():
                self._granted = self._ask(settings)
                # For a damaged JPEG, OpenCV's V4L2 returns a black or an older picture and reports success.
                self._raw_jpeg = ON_LINUX and self._granted.pixel_format == "MJPG"
                if self._raw_jpeg:
                    self._raw_jpeg = bool(self._capture.set(cv2.CAP_PROP_CONVERT_RGB, 0))
            # Some drivers report only now that another program uses the camera, or that no picture comes.
            if self._capture.isOpened() and self._capture.grab():
                return
            self._capture.release()
        raise why_not(self._device)

    def _ask(self, settings: CameraSettings) -> Granted:
        """Ask for a format, then read back what was given: `set` returns True even for what the driver lacks."""
        cv2, capture = self._cv2, self._capture
        # The pixel format first: sizes and rates depend on it.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width_px)
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height_px)
        capture.set(cv2.CAP_PROP_FPS, settings.rate_fps)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        code = int(capture.get(cv2.CAP_PROP_FOURCC))
        buffers = int(capture.get(cv2.CAP_PROP_BUFFERSIZE))
        return Granted(
            pixel_format=code.to_bytes(4, "little").decode("ascii", "replace").strip("\0 ") if code > 0 else "",
            width_px=int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            height_px=int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            rate_fps=max(float(capture.get(cv2.CAP_PROP_FPS)), 0.0),
            buffers=buffers if buffers > 0 else DEFAULT_BUFFERS,
        )

    @property
    def name(self) -> str:
        """The camera's own name, and where it is."""
        return str(self._device)

    @property
    def device(self) -> CameraDevice:
        """Which camera this is."""
        return self._device

    @property
    def duration_s(self) -> None:
        """None: a camera has no end."""
        return None

    @property
    def granted(self) -> Granted:
        """What the driver gave."""
        return self._granted

    def grab(self) -> float:
        """Pass a frame, waiting for it if none is ready; its time in seconds of the machine's monotonic clock.

        This, and what calls it, raises CameraLost when the camera was unplugged or has stopped giving frames.
        """
        for _ in range(FAILED_READS):
            if self._capture.grab():
                self._t_s = time.monotonic()
                return self._t_s
        raise self._lost()

    def retrieve(self) -> Frame:
        """Decode the frame grabbed last, or the next one that is complete; CameraLost when none could be decoded."""
        if self._t_s is None:
            raise RuntimeError("grab() comes before retrieve()")
        return Frame(self._decoded(self._cv2.IMREAD_COLOR), self._t_s)

    def luma(self) -> NDArray[np.uint8]:
        """Decode the frame grabbed last, or the next one that is complete, grey and at an eighth of its size.

        Of a JPEG no more than that is decoded, which costs a sixth of decoding all of it.
        """
        small = self._decoded(self._cv2.IMREAD_REDUCED_GRAYSCALE_8)
        return small if self._raw_jpeg else small_luma(small)

    def _decoded(self, how: int) -> NDArray[np.uint8]:
        """Decode the frame grabbed last, or the next complete one; `how` applies to a JPEG only."""
        for _ in range(FAILED_READS):
            ok, data = self._capture.retrieve()
            if ok and data is not None and data.size:
                image: NDArray[np.uint8] | None = self._cv2.imdecode(data, how) if self._raw_jpeg else data
                if image is not None and not (self._raw_jpeg and _torn(image, 1 if image.ndim == 3 else REDUCED)):
                    self.fingerprint = zlib.crc32(np.ascontiguousarray(data).data)
                    return image
            self.grab()
        raise self._lost()

    def look(self) -> Frame:
        """Take a picture of now: pass all that may wait in the driver, and decode a frame."""
        self.refresh()
        return self.retrieve()

    def refresh(self) -> float:
        """Pass all that may wait in the driver, so that the frame grabbed last is of now; its time, as of `grab`."""
        for _ in range(self._granted.buffers):
            self.grab()
        return self.grab()

    def _lost(self) -> CameraLost:
        return CameraLost(
            tr("{name} has stopped giving pictures: check that it is plugged in and switched on.", name=self.name)
        )

    def close(self) -> None:
        """Close the camera, so that its light goes out; safe to call twice."""
        self._capture.release()


def _torn(image: NDArray[np.uint8], reduced: int) -> bool:
    """Whether a JPEG ended before its picture did."""
    rows, columns = (size // reduced for size in TORN_PX)
    return bool((image[-rows:, -columns:] == NO_DATA).all())
