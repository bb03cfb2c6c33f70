"""What else may be in a picture, or happen to a camera, made from the rendered pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posture.camera.opencv import opencv

Image = NDArray[np.uint8]

FOCAL_PX_PER_WIDTH = 0.832
"""Of the rendered camera: 62 deg from left to right."""
MARGIN_PX = 4


def portrait(of: Image) -> Image:
    """Head and chest of the person in the middle of a rendered picture, to be hung on a wall."""
    return of[40:480, 130:510]


def hung(wall: Image, picture: Image, x: int, y: int, height: int) -> Image:
    """A picture with a white margin on the wall, its middle at x, y."""
    cv2 = opencv()
    size = (round(picture.shape[1] * height / picture.shape[0]), height)
    framed = cv2.copyMakeBorder(
        cv2.resize(picture, size, interpolation=cv2.INTER_AREA),
        *[MARGIN_PX] * 4,
        cv2.BORDER_CONSTANT,
        value=(235, 235, 235),
    )
    top, left = y - framed.shape[0] // 2, x - framed.shape[1] // 2
    rows = slice(max(0, top), min(wall.shape[0], top + framed.shape[0]))
    columns = slice(max(0, left), min(wall.shape[1], left + framed.shape[1]))
    with_it = wall.copy()
    with_it[rows, columns] = framed[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    return with_it


def cut_out(person: Image, empty: Image) -> NDArray[np.bool_]:
    """Where the person is, from the same picture with and without them."""
    cv2 = opencv()
    differs = (np.abs(person.astype(int) - empty.astype(int)).sum(axis=2) > 30).astype(np.uint8)
    differs = cv2.morphologyEx(
        cv2.morphologyEx(differs, cv2.MORPH_OPEN, np.ones((3, 3))), cv2.MORPH_CLOSE, np.ones((9, 9))
    )
    _, labels, sizes, _ = cv2.connectedComponentsWithStats(differs)
    body = labels == 1 + int(np.argmax(sizes[1:, cv2.CC_STAT_AREA]))
    _, around = cv2.connectedComponents((~body).astype(np.uint8))
    outside = {*np.unique(around[0]), *np.unique(around[:, 0]), *np.unique(around[:, -1])} - {0}
    found: NDArray[np.bool_] = ~np.isin(around, list(outside))
    return found


def before(person: Image, empty: Image, wall: Image) -> Image:
    """The person of a picture before another wall."""
    return np.where(cut_out(person, empty)[..., None], person, wall)


def turned(image: Image, down_deg: float) -> Image:
    """What the camera sees when its lid is tilted: downward, everything goes up in the picture."""
    cv2 = opencv()
    height, width = image.shape[:2]
    focal = FOCAL_PX_PER_WIDTH * width
    lens = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])
    a = np.radians(down_deg)
    turn = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    seen: Image = cv2.warpPerspective(
        image, lens @ turn @ np.linalg.inv(lens), (width, height), borderMode=cv2.BORDER_REPLICATE
    )
    return seen


def grain(image: Image, seed: int) -> Image:
    """The noise of a sensor, which no two pictures share."""
    noise = np.random.default_rng(seed).normal(0.0, 3.0, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def cut(clip: Path, to: Path, *spans: tuple[float, float]) -> Path:
    """Copy these seconds of a clip, one after the other."""
    cv2 = opencv()
    to.parent.mkdir(exist_ok=True)
    reader = cv2.VideoCapture(str(clip))
    fps = reader.get(cv2.CAP_PROP_FPS)
    writer = cv2.VideoWriter(str(to), cv2.VideoWriter.fourcc(*"MJPG"), fps, (640, 480))
    for first_s, last_s in spans:
        reader.set(cv2.CAP_PROP_POS_FRAMES, int(first_s * fps))
        for _ in range(int((last_s - first_s) * fps)):
            seen, picture = reader.read()
            assert seen
            writer.write(picture)
    writer.release()
    return to
