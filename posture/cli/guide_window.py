"""The guided hold in a window: the mirrored picture with the skeleton, the gauge, the clocks and the drawing."""

from __future__ import annotations

import os
import sys

import numpy as np
from numpy.typing import NDArray

from posture.camera.opencv import opencv
from posture.cli.guide import stop_key
from posture.coach.bars import PLAIN
from posture.errors import PostureError
from posture.pose.landmarks import Landmark, Pose

Image = NDArray[np.uint8]

_BONES = (
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW),
    (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW),
    (Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP),
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
    (Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
    (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
    (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE),
    (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE),
)
GROUND, INK, SOFT = (33, 30, 28), (235, 235, 235), (150, 150, 150)  # blue, green, red
GOOD, WAIT = (110, 200, 90), (60, 180, 240)
_EVENTS_MS = 20
"""How long the window may work off its events at each picture: with 1 ms on a busy core it stayed black for minutes."""


class WindowView:
    """An OpenCV window.

    Parameters
    ----------
    without : str
        What the user can do where there is no display; part of the error.

    Raises
    ------
    posture.errors.PostureError
        There is no display to open a window on.
    """

    def __init__(self, title: str, without: str = "leave out --window") -> None:
        if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise PostureError(f"There is no display for a window: {without}, or run it on a desktop.")
        # OpenCV's Qt speaks X11 only, and warns about fonts that it does not need.
        os.environ.setdefault("QT_QPA_PLATFORM", "xcb")
        os.environ.setdefault("QT_LOGGING_RULES", "*=false")
        self._cv2 = opencv()
        self._without = without
        self._title = f"posture: {title}"
        self._key = ""
        self._closed = False

    def __enter__(self) -> WindowView:
        cv2 = self._cv2
        try:
            cv2.namedWindow(self._title, cv2.WINDOW_AUTOSIZE | getattr(cv2, "WINDOW_GUI_NORMAL", 0))
        except cv2.error as error:
            raise PostureError(f"No window can be opened here: {self._without}.") from error
        return self

    def __exit__(self, *_: object) -> None:
        self._cv2.destroyAllWindows()

    def show_picture(self, image: Image) -> None:
        """Show a picture, and read the key that was pressed."""
        cv2 = self._cv2
        cv2.imshow(self._title, image)
        code = cv2.waitKey(_EVENTS_MS)
        self._key = chr(code & 0xFF) if code >= 0 else ""
        self._closed = cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) < 1

    def tell(self, text: str) -> None:
        """See `GuideView.tell`."""
        print(text, flush=True)

    def wants_to_stop(self) -> bool:
        """Whether Esc or q was pressed, or the window closed."""
        return self._closed or stop_key(self._key)


def skeleton(image: Image, pose: Pose, colour: tuple[int, int, int]) -> None:
    """Draw into a picture the bones whose two ends are visible."""
    cv2 = opencv()
    points = pose.landmarks
    for a, b in _BONES:
        if min(points[a, 3], points[b, 3]) >= 0.5:
            ends = [(round(float(points[joint, 0])), round(float(points[joint, 1]))) for joint in (a, b)]
            cv2.line(image, ends[0], ends[1], colour, 3, cv2.LINE_AA)


def drawable(text: str) -> str:
    """Write a text with characters that OpenCV can draw; before its fifth release that was ASCII alone."""
    return text if hasattr(opencv(), "FontFace") else text.translate(PLAIN)
