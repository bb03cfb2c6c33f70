"""Whether anything can be seen: an even grey picture, a dark one, a dim one, a real one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
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
        (chequered(120, 5), True, ""),
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
