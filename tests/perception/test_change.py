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
from posture.perception.change import change


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
def test_a_share_and_none_for_the_same(one: np.ndarray, other: np.ndarray) -> None:
    assert 0.0 <= change(one, other) <= 1.0
    assert change(one, one) == 0.0


def test_another_size_is_another_picture(seated: np.ndarray) -> None:
    assert change(seated, seated[:30]) == 1.0
