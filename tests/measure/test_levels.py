"""What is raised, and what is not because it is not certain, not known or not to be seen."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure.levels import deviations_of, levels, not_observable
from posture.measure.measures import Measures
from posture.settings import MeasureSettings

STILL = Measures(
    shoulder_tilt_deg=0.0,
    head_tilt_deg=0.0,
    head_yaw_deg=0.0,
    head_pitch_deg=0.0,
    lateral_lean_deg=0.0,
    slump_deg=0.0,
    forward_head_deg=0.0,
    lean_in_ratio=0.0,
    distance_cm=60.0,
)
LIMITS = MeasureSettings()


def raised(measures: Measures) -> list[str]:
    return list(deviations_of(measures, LIMITS))


def test_who_sits_as_calibrated_has_no_deviation() -> None:
    assert raised(STILL) == []
    assert all(level is not None and level < 1.0 for level in levels(STILL, LIMITS).values())


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"slump_deg": 20.0}, "slump"),
        ({"forward_head_deg": 12.0}, "forward_head"),
        ({"lateral_lean_deg": 9.0, "shoulder_tilt_deg": -10.0}, "lean_left"),
        ({"lateral_lean_deg": -9.0, "shoulder_tilt_deg": 10.0}, "lean_right"),
        ({"shoulder_tilt_deg": 8.0}, "shoulder_tilt"),
        ({"head_tilt_deg": -15.0}, "head_tilt"),
        ({"distance_cm": 35.0, "lean_in_ratio": 0.6}, "too_close"),
    ],
)
def test_each_deviation_is_raised_by_what_makes_it(values: dict[str, float], kind: str) -> None:
    assert raised(replace(STILL, **values)) == [kind]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "value"),
    [("slump_deg", 14.0), ("forward_head_deg", 8.0), ("head_tilt_deg", 12.0), ("shoulder_tilt_deg", 7.0)],
)
def test_what_does_not_stand_out_from_its_uncertainty_is_not_raised(name: str, value: float) -> None:
    assert raised(replace(STILL, **{name: value}, sd={name: 1.0})) != []
    assert raised(replace(STILL, **{name: value}, sd={name: 25.0})) == []


def test_a_chair_rolled_aside_is_no_lean() -> None:
    assert raised(replace(STILL, lateral_lean_deg=9.0, shoulder_tilt_deg=0.5, lateral_shift_sw=0.4)) == []


@pytest.mark.parametrize("values", [{"head_pitch_deg": 24.0}, {"head_yaw_deg": -30.0}, {"slump_deg": 20.0}])
def test_a_forward_head_is_unknown_where_something_else_imitates_it(values: dict[str, float]) -> None:
    found = levels(replace(STILL, forward_head_deg=15.0, **values), LIMITS)  # type: ignore[arg-type]
    assert found["forward_head"] is None


def test_where_the_placement_hides_it_only_a_large_one_is_raised() -> None:
    hidden = replace(STILL, forward_head_deg=7.0, sd={"forward_head_deg": 4.0}, not_observable=("forward_head_deg",))
    assert deviations_of(hidden, LIMITS) == []
    assert deviations_of(replace(hidden, not_observable=()), LIMITS) == ["forward_head"]
    assert deviations_of(replace(hidden, forward_head_deg=20.0), LIMITS) == ["forward_head"]
    assert not_observable(hidden) == ["forward_head"]
    assert not_observable(STILL) == []


def test_shoulders_out_of_the_picture_are_unknown_and_too_close_is_told_by_the_face() -> None:
    near = Measures(head_tilt_deg=0.0, head_yaw_deg=0.0, head_pitch_deg=0.0, lean_in_ratio=0.8, distance_cm=33.0)
    found = levels(near, LIMITS)
    assert raised(near) == ["too_close"]
    assert found["slump"] is found["lean_left"] is found["shoulder_tilt"] is found["forward_head"] is None


@given(st.floats(0, 60), st.floats(0, 60), st.floats(0, 40))
def test_a_larger_angle_is_never_a_smaller_deviation(one: float, other: float, sd: float) -> None:
    small, large = sorted((one, other))
    for name, kind in (("slump_deg", "slump"), ("head_tilt_deg", "head_tilt"), ("forward_head_deg", "forward_head")):
        of = [
            levels(replace(STILL, **{name: value}, sd={name: sd}), LIMITS)[kind]  # type: ignore[index]
            for value in (small, large)
        ]
        assert of[0] is not None
        assert of[1] is not None
        assert of[0] <= of[1]


@pytest.mark.parametrize("model", ["lite", "full", "heavy"])
def test_the_fit_travels_in_the_package(model: str) -> None:
    fit = resources.files("posture.measure") / "data" / f"angles_{model}.npz"
    with resources.as_file(fit) as path, np.load(path) as stored:
        assert all(np.isfinite(stored[name]).all() for name in stored.files)
        assert {"linear_even", "linear_odd", "w1_even", "sd_weights", "place_weights"} <= set(stored.files)
