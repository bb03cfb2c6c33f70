"""Comparing two pictures: brightness is no motion, motion is, and a slow one adds up."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from posture.camera.light import small_luma
from posture.camera.video import read_image
from posture.monitor.cadence import MOVED, STILL
from posture.perception.change import _fit, change


@pytest.fixture(scope="module")
def seated(frames: Path) -> np.ndarray:
    return small_luma(read_image(frames / "White_M_1__base.jpg").image)


@pytest.fixture(scope="module")
def empty(frames: Path) -> np.ndarray:
    return small_luma(read_image(frames / "White_M_1__absent.jpg").image)


def test_the_cells_are_an_eighth(seated: np.ndarray) -> None:
    assert seated.shape == (60, 80)


@given(st.floats(0.6, 1.6), st.floats(-25, 25), st.integers(0, 2**31))
@settings(max_examples=50)
def test_a_cloud_and_a_step_of_exposure_are_no_motion(gain: float, offset: float, seed: int) -> None:
    scene = np.random.default_rng(seed).integers(60, 150, (60, 80)).astype(np.float32)
    noise = np.random.default_rng(seed + 1).normal(0, 2, scene.shape)
    lit = np.clip(gain * scene + offset + noise, 0, 255).astype(np.uint8)
    assert change(scene.astype(np.uint8), lit) < STILL


@pytest.mark.parametrize("gain", [0.7, 1.0, 1.3])
def test_leaving_is_motion_in_any_light(seated: np.ndarray, empty: np.ndarray, gain: float) -> None:
    lit = np.clip(empty * gain, 0, 255).astype(np.uint8)
    assert change(seated, lit) >= MOVED
    assert change(seated, np.clip(seated * gain, 0, 255).astype(np.uint8)) < STILL


def test_a_slow_sink_is_seen_against_the_inferred_picture(seated: np.ndarray) -> None:
    """A tenth of a cell at a time is no change; all of it is."""
    sunk = [np.roll(seated, down, axis=0) for down in range(4)]
    assert change(sunk[0], sunk[3]) > STILL
    steps = [
        (sunk[down] * (1 - part) + sunk[down + 1] * part).astype(np.uint8)
        for down in range(3)
        for part in np.arange(0, 1, 0.1)
    ]
    assert max(change(a, b) for a, b in pairwise(steps)) < STILL


@given(arrays(np.uint8, (6, 8)), arrays(np.uint8, (6, 8)))
def test_a_share_and_none_for_the_same(before: np.ndarray, after: np.ndarray) -> None:
    assert 0.0 <= change(before, after) <= 1.0
    assert change(before, before) == 0.0


def test_another_size_is_another_picture(seated: np.ndarray) -> None:
    assert change(seated, seated[:30]) == 1.0


# -- by hand -----------------------------------------------------------------------------------------------------------


def textured(seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).integers(60, 150, (60, 80)).astype(np.uint8)


@pytest.mark.parametrize(("by", "moved"), [(12, 0), (13, 100), (60, 100)])
def test_a_cell_has_changed_by_more_than_twelve(by: int, moved: int) -> None:
    """On even pictures nothing can be explained by a gain."""
    before = np.full((60, 80), 100, np.uint8)
    after = before.copy()
    after.flat[:100] += np.uint8(by)
    assert change(before, after) == moved / 4800
    assert change(after, before) == moved / 4800


@pytest.mark.parametrize("count", [0, 1, 240, 480])
def test_it_is_the_share_of_the_cells(count: int) -> None:
    before = textured()
    after = before.copy()
    after.flat[:count] = 255 - after.flat[:count].astype(int) // 8
    assert change(before, after) == count / 4800


@pytest.mark.parametrize(("gain", "few"), [(2.0, True), (0.5, True), (2.6, False), (0.2, False)])
def test_up_to_twice_the_light_is_light(gain: float, few: bool) -> None:
    """Darker than that, or lighter, is a change in itself."""
    scene = np.random.default_rng(5).integers(10, 98 if gain > 1 else 250, (60, 80)).astype(np.float32)
    lit = np.clip(gain * scene, 0, 255).astype(np.uint8)
    assert (change(scene.astype(np.uint8), lit) < 0.001) is few


def test_what_has_moved_does_not_pull_the_fit() -> None:
    """A tenth of the picture becomes white: the rest, in other light, is still the same."""
    before = textured()
    after = np.clip(before * 1.3 + 10, 0, 255).astype(np.uint8)
    after[:6] = 255
    assert change(before, after) == 0.1


def test_brightness_alone_is_none_even_on_an_even_picture() -> None:
    assert change(np.full((60, 80), 80, np.uint8), np.full((60, 80), 120, np.uint8)) == 0.0
    almost = np.full((60, 80), 80, np.uint8)
    almost.flat[::2] += 1  # too even for a gain
    lit = np.full((60, 80), 120, np.uint8)
    lit.flat[::2] += 40
    assert change(almost, lit) > 0.4


@pytest.mark.parametrize("shape", [(60, 79), (59, 80), (30, 160), (4800,)])
def test_any_other_shape_is_another_picture(shape: tuple[int, ...]) -> None:
    assert change(textured(), np.zeros(shape, np.uint8)) == 1.0


def test_the_gain_and_the_offset_are_the_least_squares() -> None:
    x = np.array([10.0, 20.0, 40.0, 90.0], np.float32)
    gain, offset = _fit(x, 1.5 * x + 7.0)
    assert (gain, offset) == (pytest.approx(1.5), pytest.approx(7.0))
    gain, offset = _fit(x, 5.0 * x)
    assert (gain, offset) == (2.0, pytest.approx(3.0 * 40.0))
    gain, offset = _fit(x, -x)
    assert (gain, offset) == (0.5, pytest.approx(-1.5 * 40.0))


def test_an_even_picture_has_no_gain() -> None:
    """The sum of squares must be more than one a cell."""
    y = np.array([0.0, 60.0, 0.0, 60.0], np.float32)
    assert _fit(np.array([50.0, 52.0, 50.0, 52.0], np.float32), y) == (1.0, pytest.approx(-21.0))
    assert _fit(np.array([50.0, 52.01, 50.0, 52.01], np.float32), y)[0] == 2.0
