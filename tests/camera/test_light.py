"""Whether anything can be seen: an even grey picture, a dark one, a dim one, a real one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from posture.camera.light import blindness, dark_luma_after, small_luma
from posture.camera.opencv import opencv
from posture.camera.video import read_image

Luma = NDArray[np.uint8]


def chequered(mean: float, deviation: float) -> Luma:
    """Two greys in turn: of this mean, and of this standard deviation."""
    columns = np.arange(80) % 2
    return np.tile(np.where(columns, mean + deviation, mean - deviation).astype(np.uint8), (60, 1))


@pytest.mark.parametrize(
    ("luma", "nobody", "reason"),
    [
        (chequered(120, 2), False, "lens covered"),
        (chequered(120, 2), True, "lens covered"),
        (chequered(120, 3), False, ""),
        (chequered(120, 4), True, "lens covered"),
        (chequered(120, 9), True, ""),
        (chequered(7, 7), False, "too dark"),
        (chequered(7, 0), False, "too dark"),
        (chequered(8, 8), False, ""),
        (chequered(8, 8), True, "too dark"),
        (chequered(8, 2), False, "lens covered"),
        (chequered(21, 10), True, "too dark"),
        (chequered(21, 10), False, ""),
        (chequered(22, 10), True, ""),
    ],
)
def test_each_limit(luma: Luma, nobody: bool, reason: str) -> None:
    assert blindness(luma, nobody=nobody) == reason


@given(st.integers(0, 255), st.booleans())
def test_an_even_picture_is_never_seen(grey: int, nobody: bool) -> None:
    assert blindness(np.full((60, 80), grey, np.uint8), nobody=nobody) in ("too dark", "lens covered")


@pytest.mark.parametrize("name", ["White_M_1__base", "White_M_1__absent", "White_M_1__dim", "Asian_F_1__dim"])
def test_a_rendered_room_is_seen_even_if_dim(frames: Path, name: str) -> None:
    luma = small_luma(read_image(frames / f"{name}.jpg").image)
    assert blindness(luma, nobody=False) == ""
    assert blindness(luma, nobody=True) == ""


@pytest.mark.parametrize("ground", [17, 60, 128, 235])
@pytest.mark.parametrize("noise", [0, 4, 10])
@pytest.mark.parametrize("sign", ["crossed camera", "text", "dot"])
def test_the_sign_of_a_privacy_switch_is_no_empty_chair(ground: int, noise: int, sign: str) -> None:
    cv2, ink = opencv(), 255 - ground if ground != 128 else 20
    image = np.full((480, 640, 3), ground, np.uint8)
    if sign == "crossed camera":
        cv2.rectangle(image, (240, 180), (340, 300), (ink,) * 3, -1)
        cv2.line(image, (200, 150), (440, 330), (0, 0, 255), 14)
    elif sign == "text":
        cv2.putText(image, "Camera is off", (90, 250), cv2.FONT_HERSHEY_SIMPLEX, 2.0, (ink,) * 3, 5)
    else:
        cv2.circle(image, (320, 240), 90, (ink,) * 3, -1)
    grain = np.random.default_rng(7).normal(0, noise, image.shape)
    luma = small_luma((image + grain).clip(0, 255).astype(np.uint8))
    assert blindness(luma, nobody=True) in ("lens covered", "too dark")
    assert blindness(luma, nobody=True, dark_luma=0.0) == "lens covered"


SHADES = {
    "left to right": lambda y, x: 40 * x,
    "askew": lambda y, x: 30 * x + 25 * y,
    "vignette": lambda y, x: -30 * (x * x + y * y),
    "lens": lambda y, x: -90 * (1 - 1 / (1 + 0.6 * (x * x + y * y)) ** 2),
    "cone": lambda y, x: -30 * np.hypot(x, y),
    "lamp": lambda y, x: 30 * np.exp(-((x - 0.3) ** 2 + (y + 0.2) ** 2) / 0.5),
}
"""How bright a ground is over rows and columns from -1 to 1."""
TINTS = {"grey": (1.0, 1.0, 1.0), "blue": (1.2, 1.0, 0.7), "green": (0.8, 1.1, 0.9)}


def shaded(shade: str, level: float, tint: str, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A ground alone, of a height and a width."""
    y, x = np.mgrid[-1 : 1 : size[0] * 1j, -1 : 1 : size[1] * 1j]
    ground = (level + SHADES[shade](y, x))[:, :, None] * np.array(TINTS[tint])
    return np.ascontiguousarray(ground.clip(0, 255).astype(np.uint8))


def as_a_camera_gives_it(image: NDArray[np.uint8], noise: float, quality: int) -> NDArray[np.uint8]:
    """With noise, and through a JPEG."""
    cv2 = opencv()
    grained = (image + np.random.default_rng(3).normal(0, noise, image.shape)).clip(0, 255).astype(np.uint8)
    found: NDArray[np.uint8] = cv2.imdecode(cv2.imencode(".jpg", grained, [1, quality])[1], cv2.IMREAD_COLOR)
    return found


@given(
    # Under the spot of a lamp some are still missed.
    st.sampled_from(sorted(set(SHADES) - {"lamp"})),
    st.sampled_from(["crossed camera", "text", "dot", "line", "none"]),
    st.floats(90, 190),
    st.sampled_from(sorted(TINTS)),
    st.sampled_from([(480, 640), (720, 1280), (360, 640)]),
    st.floats(0, 20),
    st.integers(40, 95),
    st.tuples(st.floats(-0.12, 0.12), st.floats(-0.12, 0.12)),
)
@settings(max_examples=25, deadline=None)
def test_a_sign_on_a_shaded_ground_is_no_empty_chair(
    shade: str,
    sign: str,
    level: float,
    tint: str,
    size: tuple[int, int],
    noise: float,
    quality: int,
    moved: tuple[float, float],
) -> None:
    cv2, image = opencv(), shaded(shade, level, tint, size)
    unit = size[0] / 480
    middle = (int(size[1] * (0.5 + moved[0])), int(size[0] * (0.5 + moved[1])))
    ink = (255, 255, 255) if level < 130 else (15, 15, 15)

    def at(across: float, down: float) -> tuple[int, int]:
        return int(middle[0] + across * unit), int(middle[1] + down * unit)

    if sign == "crossed camera":
        cv2.rectangle(image, at(-80, -60), at(20, 60), ink, -1)
        cv2.line(image, at(-120, -90), at(120, 90), (0, 0, 255), int(14 * unit))
    elif sign == "text":
        cv2.putText(image, "Camera is off", at(-160, 0), cv2.FONT_HERSHEY_SIMPLEX, 1.4 * unit, ink, int(4 * unit))
    elif sign == "dot":
        cv2.circle(image, middle, int(80 * unit), ink, -1)
    elif sign == "line":
        cv2.line(image, at(-100, 80), at(100, -80), ink, int(20 * unit))
    luma = small_luma(as_a_camera_gives_it(image, noise, quality))
    assert blindness(luma, nobody=True, dark_luma=0.0) == "lens covered"


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize("chair", [0.12, 0.3, 0.5])
@pytest.mark.parametrize("noise", [0.0, 8.0])
def test_a_chair_before_a_bare_wall_is_an_empty_chair(shade: str, chair: float, noise: float) -> None:
    cv2, image = opencv(), shaded(shade, 150, "grey", (480, 640))
    half = int(640 * chair / 2)
    cv2.rectangle(image, (320 - half, 380), (320 + half, 479), (60, 50, 50), -1)
    luma = small_luma(as_a_camera_gives_it(image, noise, 80))
    assert blindness(luma, nobody=True) == ""


@pytest.mark.parametrize("folder", ["frames", "dim"])
def test_no_room_is_taken_for_such_a_sign(data: Path, folder: str) -> None:
    pictures = sorted((data / folder).glob("*.jpg"))
    assert len(pictures) >= 8
    for path in pictures:
        luma = small_luma(read_image(path).image)
        assert blindness(luma, nobody=True, dark_luma=0.0) == "", path.name


def test_a_cell_is_the_mean_of_its_pixels() -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    image[:8, 8:16] = 200
    image[8:12, :8] = 100  # half of a cell
    luma = small_luma(image)
    assert luma.shape == (60, 80)
    assert (luma[0, 1], luma[1, 0], int(luma.sum())) == (200, 50, 250)
    assert small_luma(image[:5, :5]).shape == (1, 1)


def test_grey_is_the_weighted_sum_of_blue_green_and_red() -> None:
    """Blue, green, red in this order, weighted as the eye does (ITU-R BT.601)."""
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8).repeat(8, axis=0).repeat(8, axis=1)
    assert small_luma(colours)[0].tolist() == [29, 150, 76]


@pytest.mark.parametrize(
    ("found_luma", "dark_luma"), [(None, 50.0), (120.0, 50.0), (60.0, 42.0), (40.0, 28.0), (31.0, 22.0), (10.0, 22.0)]
)
def test_too_dark_is_what_is_darker_than_where_somebody_was_found(found_luma: float | None, dark_luma: float) -> None:
    assert dark_luma_after(found_luma) == pytest.approx(dark_luma)
    luma = chequered(41, 10)
    assert blindness(luma, nobody=True, dark_luma=dark_luma_after(found_luma)) == ("too dark" if dark_luma > 41 else "")
    assert blindness(luma, nobody=False, dark_luma=dark_luma_after(found_luma)) == ""
