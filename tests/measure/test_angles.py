"""The fitted angles: exact symmetries, what cannot be used, and the numbers they gave before."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from people import names, rendered

from posture.measure import angles
from posture.measure.angles import ANGLES, SIGN, Placement, estimate_angles, estimate_placement, observable
from posture.pose.landmarks import Pose

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
@example(4410, 17.0, "lite")  # an eye upon the corner of the mouth below it
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


# -- the same numbers as ever ------------------------------------------------------------------------------------------

LOOKS = [
    # model, baseline, look, and for each of ANGLES: degrees, standard deviation
    (
        "heavy",
        "Asian_F_1__base",
        "Asian_F_1__slouch_+18",
        [-0.209, -0.1611, 0.1791, 0.0107, -0.318, 21.2521, 1.6175, -1.3543],
        [1.0804, 0.7187, 1.1392, 1.7982, 2.3836, 3.9215, 2.3296, 1.4861],
    ),
    (
        "heavy",
        "Asian_F_1__base",
        "Asian_F_1__head_yaw_+30",
        [1.1476, -0.367, 1.5025, -1.6187, 27.3388, 0.2449, 8.4798, -0.2296],
        [2.2567, 1.068, 2.2822, 3.3895, 6.1858, 1.7945, 4.542, 1.8539],
    ),
    (
        "heavy",
        "Asian_F_1__camlow__base_+0",
        "Asian_F_1__camlow__head_fwd_+24",
        [-0.2456, -0.0193, -0.0786, 0.0169, 0.0686, 0.3046, 3.024, 0.0225],
        [1.0807, 0.522, 1.0607, 1.7934, 2.3584, 0.5418, 2.5173, 1.0589],
    ),
    (
        "lite",
        "White_M_1__base",
        "White_M_1__lat_lean_+10",
        [-6.624, 4.7132, -7.2188, -4.8522, -3.7117, 1.8831, -0.5647, -0.091],
        [3.4969, 2.4557, 6.6804, 5.8068, 5.0945, 2.6592, 3.2138, 1.6745],
    ),
    (
        "lite",
        "Asian_F_1__base",
        "Asian_F_1__shoulder_tilt_-12",
        [-3.5614, -0.0878, -0.1863, 2.4587, -2.4609, -0.0937, 0.196, -0.1341],
        [1.6792, 0.6528, 1.1643, 3.2121, 3.18, 0.9398, 1.7529, 1.0476],
    ),
    (
        "heavy",
        "Asian_F_1__base",
        "White_M_1__head_fwd_+24",
        [-1.7609, -0.3157, 1.4768, 7.7899, -2.5357, 5.131, 18.6098, 1.2106],
        [1.525, 0.8444, 1.7403, 4.0351, 2.9677, 2.9309, 21.8562, 2.1657],
    ),
]
BASELINES = [
    # model, baseline; pitch, lens below eyes and distance, and the standard deviation of each
    ("heavy", "Asian_F_1__base", [12.651, 21.1248, 60.3048, 2.6366, 4.4304, 7.7858]),
    ("lite", "White_M_1__base", [5.9404, 12.8839, 56.602, 5.0254, 7.0914, 9.0216]),
    ("heavy", "Asian_F_1__camlow__base_+0", [18.132, 28.2535, 60.9627, 2.6366, 4.4304, 7.8707]),
    ("lite", "Asian_F_1__camside__base_+0", [16.2955, 24.8763, 63.0983, 5.0254, 7.0914, 10.057]),
]


def estimated(model: str, base: str, look: str) -> list[angles.Estimate]:
    rest, now = rendered(base, model).pose, rendered(look, model).pose
    return list(estimate_angles(now.landmarks, now.world, rest.landmarks, rest.world, W, H, model).values())


@pytest.mark.parametrize(("model", "base", "look", "degrees", "deviations"), LOOKS)
def test_a_look_gives_the_numbers_it_gave(
    model: str, base: str, look: str, degrees: list[float], deviations: list[float]
) -> None:
    found = estimated(model, base, look)
    assert [angle.value for angle in found] == pytest.approx(degrees, abs=2e-4)
    assert [angle.sd for angle in found] == pytest.approx(deviations, abs=2e-4)


@pytest.mark.parametrize(("model", "base", "numbers"), BASELINES)
def test_a_baseline_gives_the_place_it_gave(model: str, base: str, numbers: list[float]) -> None:
    rest = rendered(base, model).pose
    found = estimate_placement(rest.landmarks, rest.world, W, H, model)
    assert [
        found.camera_pitch_deg, found.lens_below_eyes_cm, found.distance_cm,
        found.camera_pitch_sd_deg, found.lens_below_eyes_sd_cm, found.distance_sd_cm,
    ] == pytest.approx(numbers, abs=2e-4)  # fmt: skip
    assert found.turned_deg == 0.0


def test_lite_unless_another_model_is_named() -> None:
    rest, now = (rendered(name, "lite").pose for name in ("Asian_F_1__base", "Asian_F_1__slouch_+18"))
    looks = (now.landmarks, now.world, rest.landmarks, rest.world, W, H)
    assert estimate_angles(*looks) == estimate_angles(*looks, "lite") != estimate_angles(*looks, "full")
    assert (
        estimate_placement(*looks[2:])
        == estimate_placement(*looks[2:], "lite")
        != estimate_placement(*looks[2:], "full")
    )


def pixels(poses: list[Pose]) -> Points:
    return np.stack([pose.landmarks for pose in poses])


def metres(poses: list[Pose]) -> Points:
    return np.stack([pose.world for pose in poses])


@pytest.mark.parametrize("model", ["lite", "heavy"])
def test_many_looks_at_once_are_each_by_itself(model: str) -> None:
    """As the fit is made, see benchmarks/fit_angles.py."""
    pairs = [("Asian_F_1__base", name) for name in names() if name.startswith("Asian")]
    pairs += [("White_M_1__base", name) for name in names() if name.startswith("White")]
    rests, looks = ([rendered(name, model).pose for name in which] for which in zip(*pairs, strict=True))
    rest = (pixels(rests), metres(rests))
    even, odd = angles.features(pixels(looks), metres(looks), *rest, W, H)
    base_even, base_odd = angles.features(*rest, *rest, W, H)
    degrees, deviations = angles.evaluate(angles._load(model), even, odd, base_even, base_odd)
    assert degrees.shape == deviations.shape == (len(pairs), 8)
    for k, (base, look) in enumerate(pairs):
        found = estimated(model, base, look)
        assert degrees[k] == pytest.approx([angle.value for angle in found], abs=1e-8)
        assert deviations[k] == pytest.approx([angle.sd for angle in found], abs=1e-8)
    places = angles.placement_features(*rest, W, H)
    assert places.shape == (len(pairs), 19)
    assert places[0] == pytest.approx(angles.placement_features(rest[0][:1], rest[1][:1], W, H)[0])


def test_features_do_not_change_what_they_are_given() -> None:
    pose = rendered("Asian_F_1__base").pose
    landmarks, world = pose.landmarks.copy(), pose.world.copy()
    estimate_angles(landmarks, world, landmarks, world, W, H)
    estimate_placement(landmarks, world, W, H)
    assert np.array_equal(landmarks, pose.landmarks)
    assert np.array_equal(world, pose.world)


def test_the_described_shapes_have_their_widths() -> None:
    pose = rendered("Asian_F_1__base").pose
    points = angles._normalised(pose.landmarks[None], W, H)
    even, odd, size, shoulders, ears, short = angles._describe(points, pose.world[None])
    assert [array.shape for array in (even, odd, size, shoulders, ears, short)] == [
        (1, 58), (1, 60), (1, 5), (1, 3), (1, 3), (1, 15)
    ]  # fmt: skip
    assert np.array_equal(even[:, :15], short)
    assert points[0, 0] == pytest.approx((pose.landmarks[0, :3] - [W / 2, H / 2, 0]) / W)


@given(st.integers(0, 2**32 - 1), st.floats(50.0, 400.0))
@settings(max_examples=20, deadline=None)
def test_nothing_is_further_than_four_deviations_of_the_set(seed: int, px: float) -> None:
    """Beyond, more changes nothing: the features are held there."""
    fit = angles._load("heavy")
    rng = np.random.default_rng(seed)
    even, odd = rng.normal(0, px, (1, fit.even_mean.size)), rng.normal(0, px, (1, fit.odd_sd.size))
    zero = fit.even_mean[None], np.zeros((1, fit.odd_sd.size))
    far_even, far_odd = fit.even_mean + 4.0 * fit.even_sd * np.sign(even), 4.0 * fit.odd_sd * np.sign(odd)
    at, sd = angles.evaluate(fit, far_even, far_odd, *zero)
    beyond, sd_beyond = angles.evaluate(fit, far_even + even * fit.even_sd, far_odd + odd * fit.odd_sd, *zero)
    np.testing.assert_allclose(beyond, at, atol=1e-6)
    np.testing.assert_allclose(sd_beyond, sd, atol=1e-6)
    inside, _ = angles.evaluate(
        fit, fit.even_mean + 3.9 * fit.even_sd * np.sign(even), 3.9 * fit.odd_sd * np.sign(odd), *zero
    )
    assert np.abs(inside - at).max() > 1e-3


@pytest.mark.parametrize("zoom", [0.3, 1.0, 2.5])
def test_a_place_is_linear_within_four_deviations_of_the_set(zoom: float) -> None:
    fit, pose = angles._load("heavy"), rendered("Asian_F_1__base").pose
    landmarks = pose.landmarks * [zoom, zoom, zoom, 1.0]
    parts = (angles.placement_features(landmarks[None], pose.world[None], W, H)[0] - fit.place_mean) / fit.place_sd
    outside = {0.3: parts.min() < -4.0, 1.0: np.abs(parts).max() < 4.0, 2.5: parts.max() > 4.0}
    assert outside[zoom]
    parts = np.array([min(max(part, -4.0), 4.0) for part in parts])
    pitch, below, log_distance = parts @ fit.place_weights[:-1] + fit.place_weights[-1]
    found = estimate_placement(landmarks, pose.world, W, H, "heavy")
    assert (found.camera_pitch_deg, found.lens_below_eyes_cm) == pytest.approx((pitch, below))
    assert found.distance_cm == pytest.approx(np.exp(log_distance))


def test_the_spread_depends_on_bounded_parts() -> None:
    values = np.array([[0.0, 7.5, -30.0, 10.0, -5.0, 15.0, 0.0, 3.0], [0.0, 0.0, 0.0, -40.0, 40.0, 0.0, 0.0, 0.0]])
    spread, unusual = np.full((2, 8), 0.7), np.array([1.5, 2.5])
    parts = angles.spread_features(values, spread, unusual)
    assert parts.shape == (2, 8, 6)
    assert parts[0, 0] == pytest.approx([1.0, 1.5, 5.0 / 20, 10.0 / 20, 0.0, 0.0])
    assert parts[0, 1] == pytest.approx([1.0, 1.5, 0.25, 0.5, 0.0, 0.5])
    assert parts[0, 2, -1] == parts[0, 5, -1] == 1.0
    assert parts[0, 7, -1] == pytest.approx(0.2)
    assert parts[1, 3] == pytest.approx([1.0, 2.5, 1.0, 1.0, 0.0, 1.0])
    low = angles.spread_features(values, np.zeros((2, 8)), unusual)
    assert low[0, 0, 4] == pytest.approx(np.log(0.3))


def test_the_deviation_is_log_linear_and_bounded() -> None:
    weights = np.zeros((2, 8))
    weights[0] = np.arange(8) - 3.0  # logs of -3 to 4
    parts = np.zeros((1, 8, 2))
    parts[..., 0] = 1.0
    found = angles.standard_deviation(parts, weights, np.full(8, 2.0), np.full(8, 1e3))[0]
    assert found == pytest.approx(2.0 * np.exp([-2.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]))
    more = angles.standard_deviation(1.5 * parts, weights, np.full(8, 2.0), np.full(8, 1e3))[0]
    assert more[7] == pytest.approx(2.0 * np.exp(4.0))
    assert angles.standard_deviation(parts, weights, np.full(8, 2.0), np.full(8, 3.0))[0].max() == 3.0


# -- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("left", "right"), [(2, 5), (7, 8), (11, 12), (2, 9)])
@pytest.mark.parametrize("axis", [0, 1])
def test_points_closer_than_a_pixel_are_not_used(left: int, right: int, axis: int) -> None:
    """Eyes, ears, shoulders, and the left eye against the mouth."""
    base = rendered("Asian_F_1__base").pose

    def usable(apart_px: float) -> bool:
        near = base.landmarks.copy()
        near[left, :2] = near[right, :2]
        near[left, axis] += apart_px
        return angles._usable(near, base.world)

    assert usable(1.01)
    assert usable(-1.01)
    assert not usable(1.0)
    assert not usable(0.0)


def test_shoulders_in_one_place_of_the_world_are_not_used() -> None:
    base = rendered("Asian_F_1__base").pose
    for axis in range(3):
        near = base.world.copy()
        near[11] = near[12]
        near[11, axis] += 2e-3
        assert angles._usable(base.landmarks, near)
        near[11, axis] = near[12, axis] + 0.9e-3
        assert not angles._usable(base.landmarks, near)


@pytest.mark.parametrize("row", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 23, 24])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_used_must_be_finite(row: int, bad: float) -> None:
    base = rendered("Asian_F_1__base").pose
    for which in ("landmarks", "world"):
        arrays = {"landmarks": base.landmarks.copy(), "world": base.world.copy()}
        arrays[which][row, 1] = bad
        assert not angles._usable(arrays["landmarks"], arrays["world"])


@pytest.mark.parametrize(("width", "height"), [(0, 480), (640, 0), (-1, 480), (640, -1), (float("nan"), 480)])
def test_a_frame_has_a_size(width: float, height: float) -> None:
    points, world = person()
    with pytest.raises(ValueError, match=rf"^frame size {width} x {height} is not positive$"):
        estimate_angles(points, world, points, world, width, height)
    with pytest.raises(ValueError, match=rf"^frame size {width} x {height} is not positive$"):
        estimate_placement(points, world, width, height)
    estimate_placement(points, world, 1, 1)
    estimate_angles(points, world, points, world, 1, 1)


@pytest.mark.parametrize("bad", [np.zeros((32, 4)), np.zeros((33, 2)), np.zeros(33), np.zeros((1, 33, 4))])
def test_arrays_of_another_shape_are_refused(bad: Points) -> None:
    points, world = person()
    good = [points, world, points, world]
    for k, name in enumerate(("landmarks", "world", "baseline_landmarks", "baseline_world")):
        given_arrays = [*good[:k], bad, *good[k + 1 :]]
        with pytest.raises(ValueError) as error:  # noqa: PT011
            estimate_angles(*given_arrays, W, H)
        assert str(error.value) == f"{name} has shape {bad.shape}, not (33, 3)"
    for k, name in enumerate(("baseline_landmarks", "baseline_world")):
        given_arrays = [points, world]
        given_arrays[k] = bad
        with pytest.raises(ValueError) as error:  # noqa: PT011
            estimate_placement(*given_arrays, W, H)
        assert str(error.value) == f"{name} has shape {bad.shape}, not (33, 3)"


def test_unknown_names_are_refused_in_a_sentence() -> None:
    points, world = person()
    with pytest.raises(ValueError, match=r"^no fit for pose model 'huge': lite, full or heavy$"):
        estimate_placement(points, world, W, H, "huge")
    with pytest.raises(ValueError, match=r"^no angle 'left_knee_deg'$"):
        observable("left_knee_deg", Placement(0, 0, 60, 1, 1, 1))


@pytest.mark.parametrize(
    ("below_cm", "distance_cm", "turned_deg", "seen"),
    [
        (26.0, 60.0, 0.0, True), (26.1, 60.0, 0.0, False), (-20.0, 60.0, 0.0, True),
        (0.0, 55.0, 0.0, True), (0.0, 54.9, 0.0, False), (0.0, 77.0, 0.0, True), (0.0, 77.1, 0.0, False),
        (0.0, 60.0, 12.0, True), (0.0, 60.0, 12.1, False), (0.0, 60.0, -12.0, True), (0.0, 60.0, -12.1, False),
    ],
)  # fmt: skip
def test_where_a_forward_head_shows(below_cm: float, distance_cm: float, turned_deg: float, seen: bool) -> None:
    place = Placement(0.0, below_cm, distance_cm, 1.0, 1.0, 1.0, turned_deg)
    assert observable("forward_head_deg", place) is seen
    assert observable("slump_deg", place)


def test_a_placement_that_cannot_be_told_is_nan_throughout() -> None:
    found = estimate_placement(np.zeros((33, 4)), np.zeros((33, 3)), W, H)
    assert np.isnan([getattr(found, name) for name in Placement.__dataclass_fields__ if name != "turned_deg"]).all()
    assert found.turned_deg == 0.0
