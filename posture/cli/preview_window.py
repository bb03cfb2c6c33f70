"""The preview window: the mirrored picture with the skeleton, and what is in the picture and what is not."""

from __future__ import annotations

import numpy as np

from posture.camera.frame import Frame
from posture.camera.opencv import opencv
from posture.cli.guide_window import GOOD, GROUND, INK, SOFT, WAIT, Image, skeleton
from posture.perception.framing import Framing
from posture.pose.landmarks import Landmark, Pose

PICTURE_H, FOOT_H = 480, 190
MIN_W = 640
FACE = (Landmark.NOSE, Landmark.LEFT_EYE, Landmark.RIGHT_EYE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR)


def picture(frame: Frame, pose: Pose | None, sight: Framing) -> Image:
    """Draw the whole window, (height, width, 3), blue, green, red; the camera's part is mirrored, the words are not."""
    cv2 = opencv()
    image: Image = frame.image.copy()
    if pose is not None:
        colour = GOOD if sight.ready else WAIT
        skeleton(image, pose, colour)
        for mark in FACE:
            x_px, y_px = (round(float(place)) for place in pose.landmarks[mark, :2])
            cv2.circle(image, (x_px, y_px), 5, colour, -1, cv2.LINE_AA)
    height, width = image.shape[:2]
    shown_w = round(width * PICTURE_H / height)
    camera = cv2.flip(cv2.resize(image, (shown_w, PICTURE_H)), 1)
    whole: Image = np.full((PICTURE_H + FOOT_H, max(MIN_W, shown_w), 3), GROUND, np.uint8)
    left = (whole.shape[1] - shown_w) // 2
    whole[:PICTURE_H, left : left + shown_w] = camera

    def write(text: str, x: int, y: int, size: float, colour: tuple[int, int, int]) -> None:
        cv2.putText(whole, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)

    y = PICTURE_H + 30
    for good, text in sight.lines:
        # Told apart by shape as well as by colour: a disc is good, a ring is not.
        cv2.circle(whole, (24, y - 5), 6, GOOD if good else WAIT, -1 if good else 2, cv2.LINE_AA)
        write(text, 42, y, 0.5, INK)
        y += 24
    write(sight.advice, 16, PICTURE_H + FOOT_H - 34, 0.5, GOOD if sight.ready else INK)
    write("Esc or q ends. No picture is kept.", 16, PICTURE_H + FOOT_H - 12, 0.45, SOFT)
    return whole
