"""The preview window: the mirrored picture with the skeleton, what is in it, and each deviation as a bar."""

from __future__ import annotations

import numpy as np

from posture.camera.opencv import opencv
from posture.cli.guide_window import GOOD, GROUND, INK, SOFT, WAIT, Image, drawable, skeleton
from posture.cli.preview_looks import Seen
from posture.coach.bars import TOP, Bar, remarks, shared_reason
from posture.pose.landmarks import Landmark

PICTURE_W, PICTURE_H, PANEL_W = 640, 480, 384
"""The camera's part fits into the first two; with the panel it all fits on a screen of 1024x700 [design choices]."""
FOOT_H, LEAST_H = 190, 600
EDGE = 16
ROW_H, BAR_H = 54, 12
TITLE_H = 52
"""A bar lies `ROW_H` below the one before it, the first in the row below the title."""
FACE = (Landmark.NOSE, Landmark.LEFT_EYE, Landmark.RIGHT_EYE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR)
BAR, TRACK = (205, 160, 90), (70, 66, 62)  # blue, green, red
Colour = tuple[int, int, int]


def starting() -> Image:
    """Draw the window for the time until the first look: loading the model takes seconds."""
    whole: Image = np.full((PICTURE_H + FOOT_H, PICTURE_W + PANEL_W, 3), GROUND, np.uint8)
    write(whole, "Starting ...", EDGE, 40, 0.6, INK)
    return whole


def picture(seen: Seen, dwell_s: float) -> Image:
    """Draw the whole window, (height, width, 3), blue, green, red; the camera's part is mirrored, the words are not.

    `dwell_s` is how long a deviation must last to count.
    """
    camera = _camera(seen)
    height, width = camera.shape[:2]
    whole: Image = np.full((max(height + FOOT_H, LEAST_H), PICTURE_W + PANEL_W, 3), GROUND, np.uint8)
    left = (PICTURE_W - width) // 2
    whole[:height, left : left + width] = camera
    _foot(whole, seen, height)
    _panel(whole, seen, dwell_s)
    return whole


def _camera(seen: Seen) -> Image:
    cv2 = opencv()
    image: Image = seen.frame.image.copy()
    if seen.pose is not None:
        colour = GOOD if seen.framing.ready else WAIT
        skeleton(image, seen.pose, colour)
        for mark in FACE:
            x_px, y_px = (round(float(place)) for place in seen.pose.landmarks[mark, :2])
            cv2.circle(image, (x_px, y_px), 5, colour, -1, cv2.LINE_AA)
    height, width = image.shape[:2]
    scale = min(PICTURE_W / width, PICTURE_H / height)
    mirrored: Image = cv2.flip(cv2.resize(image, (round(width * scale), round(height * scale))), 1)
    return mirrored


def _foot(whole: Image, seen: Seen, top: int) -> None:
    """Write below the picture what is in it, and what to do."""
    cv2 = opencv()
    framing, y = seen.framing, top + 30
    for good, text in framing.lines:
        # Told apart by shape as well as by colour: a disc is good, a ring is not.
        cv2.circle(whole, (24, y - 5), 6, GOOD if good else WAIT, -1 if good else 2, cv2.LINE_AA)
        write(whole, text, 42, y, 0.5, INK, PICTURE_W - 42)
        y += 24
    y = top + FOOT_H - 34
    for line in fitted(framing.advice, 0.5, PICTURE_W - 2 * EDGE)[:2]:
        write(whole, line, EDGE, y, 0.5, GOOD if framing.ready else INK)
        y += 20


def _panel(whole: Image, seen: Seen, dwell_s: float) -> None:
    """Draw each deviation at the right of the picture, and write what it is judged by."""
    left, width, bottom = PICTURE_W + EDGE, PANEL_W - 2 * EDGE, len(whole) - 14
    write(whole, seen.presence, left, 30, 0.55, INK, width)
    write(whole, f"Counts after {dwell_s:.0f} s past its mark. Esc or q ends.", left, bottom, 0.42, SOFT, width)
    if not seen.bars or (shared := shared_reason(seen.bars)):
        y = _paragraph(whole, shared, left, TITLE_H + 24, 0.5, SOFT, width) if seen.bars else TITLE_H
        _paragraph(whole, seen.note, left, y + 24, 0.6, INK, width)
        return
    for row, bar in enumerate(seen.bars):
        _row(whole, bar, left, TITLE_H + row * ROW_H, width)
    y = TITLE_H + len(seen.bars) * ROW_H + 14
    for remark in remarks(seen.bars):
        y = _paragraph(whole, remark, left, y, 0.42, SOFT, width)
    _paragraph(whole, seen.note, left, y + 6, 0.42, INK, width)


def _row(whole: Image, bar: Bar, left: int, top: int, width: int) -> None:
    colour = SOFT if bar.level is None else INK
    name = f"{'! ' if bar.over else ''}{bar.name}{' (coarse)' if bar.coarse else ''}"
    write(whole, name, left, top + 14, 0.5, colour, width)
    if bar.level is None:
        for line, text in enumerate(fitted(bar.not_judged, 0.42, width)[:2]):
            write(whole, text, left, top + 31 + 15 * line, 0.42, SOFT)
        return
    right = left + width
    text_w = text_width(bar.text, 0.45)
    write(whole, bar.text, right - text_w, top + 14, 0.45, INK)
    _bar(whole, bar, left, top + 22, width)


def bar_x(level: float, left: int, width: int) -> int:
    """Where a level lies, across; what is beyond the end lies at the end."""
    return left + round(width * min(max(level, 0.0), TOP) / TOP)


def _bar(whole: Image, bar: Bar, left: int, top: int, width: int) -> None:
    """Draw the bar, a whisker for its uncertainty, and the mark at the threshold."""
    cv2 = opencv()
    bottom, middle = top + BAR_H, top + BAR_H // 2
    end, low, high, mark = (bar_x(level, left, width) for level in (bar.level or 0.0, bar.low, bar.high, 1.0))
    cv2.rectangle(whole, (left, top), (left + width, bottom), TRACK, -1)
    if end > left:
        cv2.rectangle(whole, (left, top), (end, bottom), WAIT if bar.over else BAR, -1)
    if high > low:
        for colour, thick in ((GROUND, 4), (INK, 1)):
            cv2.line(whole, (low, middle), (high, middle), colour, thick)
            for x in (low, high)[: 2 if bar.high <= TOP else 1]:  # what goes on beyond the end has no end there
                cv2.line(whole, (x, middle - 4), (x, middle + 4), colour, thick)
    cv2.line(whole, (mark, top - 3), (mark, bottom + 3), INK, 2)
    cv2.fillConvexPoly(
        whole, np.array([(mark - 5, bottom + 9), (mark + 5, bottom + 9), (mark, bottom + 2)]), INK, cv2.LINE_AA
    )


# -- words -------------------------------------------------------------------------------------------------------------


def text_width(text: str, size: float) -> int:
    """How wide a text is when `write` writes it, px."""
    cv2 = opencv()
    width: int = cv2.getTextSize(drawable(text), cv2.FONT_HERSHEY_SIMPLEX, size, 1)[0][0]
    return width


def fitted(text: str, size: float, width: int) -> list[str]:
    """Break a text into lines that are no wider than `width` px, unless a word is."""
    found: list[str] = []
    for word in text.split():
        if found and text_width(longer := f"{found[-1]} {word}", size) <= width:
            found[-1] = longer
        else:
            found.append(word)
    return found


def write(whole: Image, text: str, x: int, y: int, size: float, colour: Colour, width: int | None = None) -> None:
    """Write a line, in a smaller size if it is wider than `width` px."""
    cv2 = opencv()
    if width is not None:
        size *= min(1.0, width / max(1, text_width(text, size)))
    cv2.putText(whole, drawable(text), (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)


def _paragraph(whole: Image, text: str, x: int, y: int, size: float, colour: Colour, width: int) -> int:
    """Write lines one below the other; give where the next one would be."""
    for line in fitted(text, size, width):
        write(whole, line, x, y, size, colour)
        y += round(40 * size)
    return y
