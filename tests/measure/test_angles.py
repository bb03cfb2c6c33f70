"""The fitted angles: exact symmetries, what cannot be used, and a few looks whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from posture.measure.angles import ANGLES, SIGN, Placement, estimate_angles, estimate_placement, observable

Points = NDArray[np.float64]
MODELS = ("lite", "full", "heavy")
W, H = 640.0, 480.0
PAIRS = [(1, 4), (2, 5), (3, 6), (7, 8), (9, 10)] + [(k, k + 1) for k in range(11, 33, 2)]
SWAP = np.arange(33)
for left, right in PAIRS:
    SWAP[left], SWAP[right] = right, left


def person() -> tuple[Points, Points]:
    """A plain frontal sitter, by hand: (33, 4) px and (33, 3) metres. x is to the person's left."""
    flat = {
        0: (0, 200, -150), 1: (10, 180, -140), 2: (26, 180, -140), 3: (35, 181, -140), 7: (62, 200, -60),
        9: (20, 235, -130), 11: (125, 335, -40), 13: (150, 480, -60), 15: (110, 560, -200), 17: (105, 575, -210),
        19: (100, 570, -215), 21: (98, 565, -200), 23: (70, 640, 0), 25: (75, 800, -200), 27: (75, 950, -100),
        29: (75, 960, -95), 31: (75, 970, -150),
    }  # fmt: skip
    points = np.zeros((33, 4))
    for k, (x, y, z) in flat.items():
        points[k, :3] = 320 + x, y, z
        if k:
            points[SWAP[k], :3] = 320 - x, y, z
    points[:, 3] = 0.99
    world = (points[:, :3] - [320.0, 640.0, 0.0]) * 0.0014
    return points, world


def mirrored(points: Points, width: float | None = None) -> Points:
    other = points[SWAP].copy()
    other[:, 0] = -other[:, 0] if width is None else width - other[:, 0]
    return other


def moved(seed: int, px: float) -> tuple[Points, Points]:
    rng = np.random.default_rng(seed)
    points, world = person()
    points[:, :3] += rng.normal(0, px, (33, 3))
    world += rng.normal(0, px * 0.0014, (33, 3))
    return points, world


def values(*args: object) -> Points:
    return np.array([e.value for e in estimate_angles(*args).values()])  # type: ignore[arg-type]


@pytest.mark.parametrize("model", MODELS)
def test_the_baseline_against_itself_is_no_change(model: str) -> None:
    points, world = person()
    estimates = estimate_angles(points, world, points, world, W, H, model)
    assert tuple(estimates) == ANGLES
    for e in estimates.values():
        assert e.value == pytest.approx(0.0, abs=1e-9)
        assert 0 < e.sd < 20


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.1, 40.0), st.sampled_from(MODELS))
def test_a_mirrored_person_gets_the_mirrored_answer(seed: int, px: float, model: str) -> None:
    base, base_world = moved(seed, 2.0)
    points, world = moved(seed + 1, px)
    direct = values(points, world, base, base_world, W, H, model)
    other = values(mirrored(points, W), mirrored(world), mirrored(base, W), mirrored(base_world), W, H, model)
    np.testing.assert_allclose(other, SIGN * direct, atol=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.3, 4.0))
def test_a_larger_picture_of_the_same_changes_nothing(seed: int, zoom: float) -> None:
    base, base_world = person()
    points, world = moved(seed, 10.0)
    large, large_base = points.copy(), base.copy()
    large[:, :3] *= zoom
    large_base[:, :3] *= zoom
    expected = values(points, world, base, base_world, W, H)
    np.testing.assert_allclose(values(large, world, large_base, base_world, W * zoom, H * zoom), expected, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1.0, 500.0))
def test_nonsense_gives_bounded_numbers(seed: int, px: float) -> None:
    base, base_world = person()
    points, world = moved(seed, px)
    for e in estimate_angles(points, world, base, base_world, W, H).values():
        assert np.isnan(e.value) or (abs(e.value) < 500 and 0 < e.sd < 100)


def test_what_cannot_be_used_is_nan() -> None:
    points, world = person()
    zero, gap = np.zeros((33, 4)), points.copy()
    gap[11, 0] = np.nan
    for bad in (zero, gap):
        assert all(np.isnan([e.value, e.sd]).all() for e in estimate_angles(bad, world, points, world, W, H).values())
        assert all(np.isnan([e.value, e.sd]).all() for e in estimate_angles(points, world, bad, world, W, H).values())
        assert np.isnan(estimate_placement(bad, world, W, H).distance_cm)
    gap = points.copy()
    gap[27] = np.nan  # an ankle is not used
    assert all(np.isfinite(e.value) for e in estimate_angles(gap, world, points, world, W, H).values())


def test_wrong_calls_say_so() -> None:
    points, world = person()
    with pytest.raises(ValueError, match="shape"):
        estimate_angles(points[:10], world, points, world, W, H)
    with pytest.raises(ValueError, match="not positive"):
        estimate_angles(points, world, points, world, 0, H)
    with pytest.raises(ValueError, match="no fit"):
        estimate_angles(points, world, points, world, W, H, "huge")
    with pytest.raises(ValueError, match="no angle"):
        observable("left_knee_deg", Placement(0, 0, 60, 1, 1, 1))


@pytest.mark.parametrize("model", MODELS)
def test_signs_of_a_tilted_head_and_shoulders(model: str) -> None:
    base, world = person()

    def turned(landmarks: list[int], about: Points, degrees: float) -> tuple[Points, Points]:
        """Turn so that what is on the picture's right goes down."""
        a = np.radians(degrees)
        turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
        p, w = base.copy(), world.copy()
        p[landmarks, :2] = (p[landmarks, :2] - about) @ turn + about
        w[landmarks, :2] = (w[landmarks, :2] - (about - [320, 640]) * 0.0014) @ turn + (about - [320, 640]) * 0.0014
        return p, w

    p, w = turned(list(range(11)), np.array([320.0, 240.0]), 8)
    assert estimate_angles(p, w, base, world, W, H, model)["head_tilt_deg"].value > 2
    p, w = turned([11, 12], np.array([320.0, 335.0]), 5)
    assert estimate_angles(p, w, base, world, W, H, model)["shoulder_tilt_deg"].value < -2


@pytest.mark.parametrize("model", MODELS)
def test_placement_is_plausible_and_decides_what_is_observable(model: str) -> None:
    placement = estimate_placement(*person(), W, H, model)
    assert 30 < placement.distance_cm < 120
    assert placement.camera_pitch_sd_deg > 0
    assert placement.lens_below_eyes_sd_cm > 0
    assert placement.distance_sd_cm > 0
    low = Placement(20, 35, 60, 3, 5, 8)
    level = Placement(-3, 0, 60, 3, 5, 8)
    far = Placement(10, 18, 90, 3, 5, 8)
    unknown = Placement(*[float("nan")] * 6)
    assert not any(observable("forward_head_deg", p) for p in (low, far, unknown))
    assert observable("forward_head_deg", level)
    assert all(observable(a, low) for a in ANGLES if a != "forward_head_deg")
