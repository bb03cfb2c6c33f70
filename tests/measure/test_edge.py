"""What shoulders at and outside the edge of the picture are worth, and what the face alone says."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure.angles import ANGLES, Estimate
from posture.measure.edge import SD_PER_SW, face_slump, merged, neck_sd_sw, widened

estimates = st.builds(Estimate, st.floats(-60, 60), st.floats(0.1, 30))
distances = st.floats(-2.0, 0.6)


def test_degrees_for_each_shoulder_width_from_a_tenth_inside_the_edge() -> None:
    assert dict(SD_PER_SW) == {
        "shoulder_tilt_deg": 22.0, "lateral_lean_deg": 7.0, "slump_deg": 11.0, "forward_head_deg": 33.0,
        "hip_hinge_deg": 5.0,
    }  # fmt: skip
    for name, degrees in SD_PER_SW.items():
        assert widened(name, Estimate(9.0, 0.0), 0.0) == Estimate(9.0, pytest.approx(0.1 * degrees))
        assert widened(name, Estimate(9.0, 0.0), 0.4) == Estimate(9.0, pytest.approx(0.5 * degrees))
        assert widened(name, Estimate(9.0, 4.0), 0.9).sd == pytest.approx(math.hypot(4.0, degrees))
        for inside_sw in (-0.1, -0.11, -3.0):
            assert widened(name, Estimate(9.0, 4.0), inside_sw) == Estimate(9.0, 4.0)
        assert widened(name, Estimate(9.0, 4.0), -0.09).sd > 4.0


@pytest.mark.parametrize("name", ["head_tilt_deg", "head_pitch_deg", "head_yaw_deg"])
def test_a_head_does_not_depend_on_where_the_shoulders_are(name: str) -> None:
    assert widened(name, Estimate(9.0, 4.0), 0.5) == Estimate(9.0, 4.0)


@given(st.sampled_from(ANGLES), estimates, distances, distances)
def test_farther_out_is_never_more_certain(name: str, estimate: Estimate, first_sw: float, second_sw: float) -> None:
    near, far = (widened(name, estimate, out_sw) for out_sw in sorted((first_sw, second_sw)))
    assert estimate.sd <= near.sd <= far.sd
    assert near.value == far.value == estimate.value


@given(distances, distances)
def test_the_neck_is_never_more_certain_farther_out(first_sw: float, second_sw: float) -> None:
    near, far = (neck_sd_sw(out_sw) for out_sw in sorted((first_sw, second_sw)))
    assert 0.035 <= near <= far


def test_the_uncertainty_of_the_neck() -> None:
    assert neck_sd_sw(-0.5) == neck_sd_sw(-0.1) == 0.035
    assert neck_sd_sw(0.0) == pytest.approx(math.hypot(0.035, 0.05))
    assert neck_sd_sw(0.12) == pytest.approx(math.hypot(0.035, 0.11))


def test_a_slump_by_the_face_alone() -> None:
    """35 degrees for each shoulder width sunk, 19 for each factor of e larger."""
    assert face_slump(0.0, 0.0) == Estimate(0.0, 5.8)
    assert face_slump(0.4, 0.0).value == pytest.approx(14.0)
    assert face_slump(-0.4, 0.0).value == pytest.approx(-14.0)
    assert face_slump(0.0, math.e - 1.0).value == pytest.approx(19.0)
    assert face_slump(0.2, 1.0 / math.e - 1.0).value == pytest.approx(7.0 - 19.0)
    assert face_slump(0.0, -0.9).value == face_slump(0.0, -1.0).value == pytest.approx(19.0 * math.log(0.1))
    assert face_slump(0.0, -0.89).value > face_slump(0.0, -0.9).value


@given(estimates, estimates)
def test_two_estimates_together_lie_between_them_and_are_more_certain(first: Estimate, second: Estimate) -> None:
    both = merged(first, second)
    low, high = sorted((first.value, second.value))
    assert low - 1e-9 <= both.value <= high + 1e-9
    assert both.sd < min(first.sd, second.sd)
    other = merged(second, first)
    assert (other.value, other.sd) == (pytest.approx(both.value, abs=1e-9), pytest.approx(both.sd))
    # Nearer to the more certain of the two.
    nearer, farther = sorted((first, second), key=lambda estimate: estimate.sd)
    assert abs(both.value - nearer.value) <= abs(both.value - farther.value) + 1e-9


def test_two_estimates_by_hand() -> None:
    both = merged(Estimate(10.0, 3.0), Estimate(20.0, 4.0))
    assert both == Estimate(pytest.approx(10.0 + 10.0 * 9 / 25), pytest.approx(2.4))


@given(estimates, estimates, distances, distances)
def test_the_face_takes_over_as_the_shoulders_leave(
    fitted: Estimate, face: Estimate, first_sw: float, second_sw: float
) -> None:
    near, far = (merged(widened("slump_deg", fitted, out_sw), face) for out_sw in sorted((first_sw, second_sw)))
    assert abs(far.value - face.value) <= abs(near.value - face.value) + 1e-9
    assert near.sd <= far.sd + 1e-9 <= face.sd + 2e-9
