"""The guided hold in a window: the mirrored picture with the skeleton, the gauge, the clocks and the drawing."""

from __future__ import annotations

import os
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture.camera.opencv import opencv
from posture.cli.guide import Shown, band_shown, gauge_top, number, stop_key
from posture.coach.bars import PLAIN
from posture.coach.exercise import Side
from posture.coach.told import counted
from posture.errors import PostureError
from posture.pose.landmarks import Landmark, Pose
from posture.report.drawings import Ring, bounds, drawing, stroke

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
PICTURE_W, PICTURE_H, SIDE_W, FOOT_H = 640, 480, 280, 110
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

    def show(self, shown: Shown) -> None:
        """See `GuideView.show`."""
        self.show_picture(picture(shown))

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


def picture(shown: Shown) -> Image:
    """Draw the whole window, (height, width, 3), blue, green, red; the camera's part is mirrored, the words are not."""
    cv2 = opencv()
    camera = _camera(shown)
    height, width = camera.shape[:2]
    whole: Image = np.full((height + FOOT_H, width + SIDE_W, 3), GROUND, np.uint8)
    whole[:height, :width] = camera
    _panel(whole[:height, width:], shown)
    foot = whole[height:]
    if shown.plan.bands:
        _gauge(foot, shown, width)
    colour = GOOD if shown.state.inside else INK
    if shown.seen.frame is not None:
        cv2.putText(foot, shown.message, (16, 88), cv2.FONT_HERSHEY_SIMPLEX, 0.7, colour, 2, cv2.LINE_AA)
    cv2.putText(foot, "Esc or q ends", (width + 16, 88), cv2.FONT_HERSHEY_SIMPLEX, 0.45, SOFT, 1, cv2.LINE_AA)
    return whole


def _camera(shown: Shown) -> Image:
    cv2 = opencv()
    if shown.seen.frame is None:
        return _large(shown)
    image: Image = shown.seen.frame.image.copy()
    if shown.seen.pose is not None:
        skeleton(image, shown.seen.pose, GOOD if shown.state.inside else WAIT)
    height, width = image.shape[:2]
    size = (round(width * PICTURE_H / height), PICTURE_H)
    mirrored: Image = cv2.flip(cv2.resize(image, size), 1)
    return mirrored


def _large(shown: Shown) -> Image:
    """Write what to do in the place of the picture, to be read from the floor."""
    cv2 = opencv()
    image: Image = np.full((PICTURE_H, PICTURE_W, 3), GROUND, np.uint8)
    side = shown.state.inside or shown.state.asked
    lines = [drawable(shown.message), "" if side is None else counted(shown.state, shown.plan, side)]
    for text, y, colour in zip(lines, (PICTURE_H // 2, PICTURE_H // 2 + 90), (INK, SOFT), strict=True):
        (width, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 1.0, 3)
        size = min(2.0, (PICTURE_W - 40) / max(width, 1))
        at = (round((PICTURE_W - size * width) / 2), y)
        cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 3, cv2.LINE_AA)
    return image


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


def _panel(part: Image, shown: Shown) -> None:
    """Draw the exercise and a clock for each side."""
    cv2 = opencv()
    # OpenCV cannot draw into a slice of a larger picture.
    sheet: Image = np.ascontiguousarray(part)
    _draw(sheet, shown, 250)
    y = 300
    for side, target in shown.plan.target.items():
        done = shown.state.done.get(side, 0.0)
        colour = GOOD if shown.state.inside == side else INK if shown.state.asked == side else SOFT
        name = "" if side == "both" else f"{side} "
        cv2.putText(
            sheet,
            f"{name}{counted(shown.state, shown.plan, side)}",
            (16, y),
            cv2.FONT_HERSHEY_SIMPLEX,
            0.6,
            colour,
            1,
            cv2.LINE_AA,
        )
        cv2.line(sheet, (16, y + 16), (SIDE_W - 24, y + 16), (80, 80, 80), 6, cv2.LINE_AA)
        if done > 0:
            end = 16 + round((SIDE_W - 40) * min(1.0, done / target))
            cv2.line(sheet, (16, y + 16), (end, y + 16), colour, 6, cv2.LINE_AA)
        y += 64
    part[:] = sheet


def _draw(sheet: Image, shown: Shown, height: int) -> None:
    cv2 = opencv()
    side: Side = shown.side
    shapes = drawing(shown.exercise, side)
    if not shapes:
        return
    _, _, right, bottom = bounds(shapes)
    scale = min((SIDE_W - 20) / (right + 10), height / (bottom + 6))
    left = (SIDE_W - scale * (right + 10)) / 2.0
    for shape in shapes:
        colour, width = stroke(shape)
        bgr = tuple(int(colour[at : at + 2], 16) for at in (5, 3, 1))
        thick = max(1, round(width * scale * 0.9))
        if isinstance(shape, Ring):
            centre = (round(left + shape.centre[0] * scale), round(shape.centre[1] * scale))
            cv2.circle(sheet, centre, round(shape.radius * scale), bgr, thick, cv2.LINE_AA)
        else:
            points = np.array([(left + x * scale, y * scale) for x, y in shape.points]).round().astype(np.int32)
            cv2.polylines(sheet, [points], False, bgr, thick, cv2.LINE_AA)


def _gauge(foot: Any, shown: Shown, width: int) -> None:
    cv2 = opencv()
    low, high = band_shown(shown)
    top = gauge_top(high)
    left, right, y = 16, width - 110, 40

    def place(value: float) -> tuple[int, int]:
        return left + round((right - left) * min(value / top, 1.0)), y

    cv2.line(foot, (left, y), (right, y), (90, 90, 90), 4, cv2.LINE_AA)
    cv2.line(foot, place(low), place(high), GOOD, 10, cv2.LINE_AA)
    for value in (low, high):
        x, _ = place(value)
        text = number(value, shown.exercise).replace("°", "")
        cv2.putText(foot, text, (x - 10, y - 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, SOFT, 1, cv2.LINE_AA)
    if shown.look.value is not None:
        cv2.circle(foot, place(shown.look.value), 11, GOOD if shown.state.inside else WAIT, -1, cv2.LINE_AA)
        text = drawable(number(shown.look.value, shown.exercise))
        cv2.putText(foot, text, (right + 16, y + 6), cv2.FONT_HERSHEY_SIMPLEX, 0.55, INK, 1, cv2.LINE_AA)
