"""What shoulders at and outside the edge of the picture are worth, and what the face alone says."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure.angles import ANGLES, Estimate
from posture.measure.edge import SD_PER_SW, face_lean, face_slump, level_line, neck_sd_sw, widened

estimates = st.builds(Estimate, st.floats(-60, 60), st.floats(0.1, 30))
distances = st.floats(-2.0, 0.6)
INSIDE = -1.0


def test_degrees_for_each_shoulder_width_from_a_tenth_inside_the_edge() -> None:
    assert dict(SD_PER_SW) == {
        "lateral_lean_deg": 4.0, "slump_deg": 4.0, "forward_head_deg": 33.0, "hip_hinge_deg": 5.0,
    }  # fmt: skip
    for name, degrees in SD_PER_SW.items():
        assert widened(name, Estimate(9.0, 0.0), 0.0, INSIDE) == Estimate(9.0, pytest.approx(0.1 * degrees))
        assert widened(name, Estimate(9.0, 0.0), 0.4, INSIDE) == Estimate(9.0, pytest.approx(0.5 * degrees))
        assert widened(name, Estimate(9.0, 4.0), 0.9, INSIDE).sd == pytest.approx(math.hypot(4.0, degrees))
        for inside_sw in (-0.1, -0.11, -3.0):
            assert widened(name, Estimate(9.0, 4.0), inside_sw, INSIDE) == Estimate(9.0, 4.0)
        assert widened(name, Estimate(9.0, 4.0), -0.09, INSIDE).sd > 4.0


@pytest.mark.parametrize(
    ("name", "nearer_sw", "shown"),
    [
        ("shoulder_tilt_deg", -0.13, 1.0),
        ("shoulder_tilt_deg", -0.03, 1 - 0.28),
        ("shoulder_tilt_deg", 0.03, 0.6),
        ("lateral_lean_deg", -0.13, 1.0),
        ("lateral_lean_deg", 0.07, 1 - 0.16),
        ("lateral_lean_deg", 0.3, 1 - 0.344),
        ("slump_deg", 0.3, 1.0),
    ],
)
def test_what_the_edge_hides_of_an_angle_is_made_up_for(name: str, nearer_sw: float, shown: float) -> None:
    """2.8 of a line and 0.8 of a lean for each shoulder width from 0.13 inside, and not more than 0.4."""
    found = widened(name, Estimate(6.0, 0.0), -1.0, nearer_sw)
    assert found.value == pytest.approx(6.0 / shown)
    assert widened(name, Estimate(-6.0, 0.0), -1.0, nearer_sw).value == -found.value
    assert widened(name, Estimate(6.0, 3.0), -1.0, min(nearer_sw, 0.0)).sd >= 3.0


def test_a_shoulder_line_outside_is_less_certain() -> None:
    assert widened("shoulder_tilt_deg", Estimate(0.0, 0.0), 0.5, 0.0).sd == 0.0
    assert widened("shoulder_tilt_deg", Estimate(0.0, 0.0), 0.5, 0.1).sd == pytest.approx(5.5)
    assert widened("shoulder_tilt_deg", Estimate(0.0, 3.0), 0.5, 0.1).sd == pytest.approx(math.hypot(5.0, 5.5))


@pytest.mark.parametrize("name", ["head_tilt_deg", "head_pitch_deg", "head_yaw_deg"])
def test_a_head_does_not_depend_on_where_the_shoulders_are(name: str) -> None:
    assert widened(name, Estimate(9.0, 4.0), 0.5, 0.5) == Estimate(9.0, 4.0)


@given(st.sampled_from(ANGLES), estimates, distances, distances)
def test_farther_out_is_never_more_certain_nor_less_of_an_angle(
    name: str, estimate: Estimate, first_sw: float, second_sw: float
) -> None:
    near, far = (widened(name, estimate, out_sw, out_sw) for out_sw in sorted((first_sw, second_sw)))
    assert estimate.sd <= near.sd <= far.sd
    assert abs(estimate.value) <= abs(near.value) <= abs(far.value) <= abs(estimate.value) / 0.6 + 1e-9
    assert estimate.value * far.value >= 0


@given(estimates, st.floats(-2, 2), distances)
def test_a_shift_tips_the_line_only_at_the_edge(line: Estimate, shift_sw: float, nearer_sw: float) -> None:
    """By 45 degrees for each shoulder width of shift and each from a tenth inside."""
    found = level_line(line, shift_sw, nearer_sw)
    assert found.sd == line.sd
    assert found.value == pytest.approx(line.value - 45.0 * shift_sw * max(0.0, nearer_sw + 0.1))


@given(distances, distances)
def test_the_neck_is_never_more_certain_farther_out(first_sw: float, second_sw: float) -> None:
    near, far = (neck_sd_sw(out_sw) for out_sw in sorted((first_sw, second_sw)))
    assert 0.035 <= near <= far


def test_the_uncertainty_of_the_neck() -> None:
    assert neck_sd_sw(-0.5) == neck_sd_sw(-0.1) == 0.035
    assert neck_sd_sw(0.0) == pytest.approx(math.hypot(0.035, 0.05))
    assert neck_sd_sw(0.12) == pytest.approx(math.hypot(0.035, 0.11))


def test_a_slump_by_the_face_alone() -> None:
    """45 degrees for each shoulder width sunk, 25 for each factor of e larger."""
    assert face_slump(0.0, 0.0) == Estimate(0.0, 5.7)
    assert face_slump(0.4, 0.0).value == pytest.approx(18.0)
    assert face_slump(-0.4, 0.0).value == pytest.approx(-18.0)
    assert face_slump(0.0, math.e - 1.0).value == pytest.approx(25.0)
    assert face_slump(0.2, 1.0 / math.e - 1.0).value == pytest.approx(9.0 - 25.0)
    assert face_slump(0.0, -0.9).value == face_slump(0.0, -1.0).value == pytest.approx(25.0 * math.log(0.1))
    assert face_slump(0.0, -0.89).value > face_slump(0.0, -0.9).value


def test_a_lean_by_the_face_alone() -> None:
    """A degree for each 0.037 shoulder widths that the head shifts, less 0.0075 for each degree that it tilts."""
    assert face_lean(0.52, 20.0) == Estimate(pytest.approx((0.52 - 0.15) / 0.037), 4.0)
    assert face_lean(-0.52, -20.0) == Estimate(pytest.approx(-(0.52 - 0.15) / 0.037), 4.0)
    assert face_lean(0.149, 20.0) == face_lean(-0.149, 3.0) == Estimate(0.0, 4.0)
    assert face_lean(0.16, 30.0) == Estimate(0.0, 4.0)


@pytest.mark.parametrize("roll_deg", [0.0, 7.9, -20.0])
def test_a_head_that_shifts_without_rolling_the_same_way_says_nothing(roll_deg: float) -> None:
    """The chair may have rolled aside."""
    assert face_lean(0.5, roll_deg) is None
    assert face_lean(-0.5, -roll_deg) is None


@given(st.floats(-2, 2), st.floats(-60, 60))
def test_a_lean_by_the_face_is_to_the_side_of_the_head_and_mirrored(shift_sw: float, roll_deg: float) -> None:
    found, mirrored = face_lean(shift_sw, roll_deg), face_lean(-shift_sw, -roll_deg)
    assert (found is None) == (mirrored is None)
    if found is not None and mirrored is not None:
        assert found.value == -mirrored.value
        assert found.value * shift_sw >= 0
