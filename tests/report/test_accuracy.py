"""The scoring of accuracy, on made-up frames whose answer is plain."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure.measures import Measures
from posture.report.accuracy import (
    EXPECTED,
    OWN,
    TRUTHS,
    Case,
    accuracy_json,
    alarms,
    detections,
    scores,
    sweeps,
    truth_of,
)


def case(name: str, by: float, measured: float | None, **more: Any) -> Case:
    """One look in which the lean was varied alone."""
    given: dict[str, Any] = {
        "person": "one",
        "placement": "default",
        "varied": {"lat_lean": by} if by else {},
        "truth": {"lateral_lean_deg": by},
        "measured": {"lateral_lean_deg": measured},
        "sd": {"lateral_lean_deg": 2.0},
        "deviations": (),
    }
    return Case(name=name, **(given | more))


def test_every_measure_has_a_truth_and_a_parameter_of_its_own() -> None:
    assert {measure: (TRUTHS[measure], OWN[measure]) for measure in TRUTHS} == {
        "shoulder_tilt_deg": ("shoulder_line_deg", "shoulder_tilt"),
        "lateral_lean_deg": ("trunk_lat_deg", "lat_lean"),
        "head_tilt_deg": ("head_roll", "head_roll"),
        "head_pitch_deg": ("head_pitch", "head_pitch"),
        "head_yaw_deg": ("head_yaw", "head_yaw"),
        "slump_deg": ("slouch", "slouch"),
        "forward_head_deg": ("head_fwd", "head_fwd"),
        "hip_hinge_deg": ("trunk_fwd", "trunk_fwd"),
        "distance_cm": ("eye_to_cam_m", "seat_y"),
    }
    assert set(OWN) == set(TRUTHS)
    assert all(hasattr(Measures(), name) for name in TRUTHS)


@pytest.mark.parametrize(
    ("parameter", "size", "deviation"),
    [
        ("slouch", 10, "slump"),
        ("head_fwd", 10, "forward_head"),
        ("lat_lean", 0.1, "lean_left"),
        ("lat_lean", -0.1, "lean_right"),
        ("shoulder_tilt", -3, "shoulder_tilt"),
        ("head_roll", -3, "head_tilt"),
    ],
)
def test_which_deviation_a_parameter_makes(parameter: str, size: float, deviation: str) -> None:
    (found,) = detections([case("a", 0, 0.0, varied={parameter: float(size)}, deviations=(deviation,))])
    assert found == {
        "varied": parameter,
        "by": size,
        "placement": "default",
        "deviation": deviation,
        "frames": 1,
        "found": 1,
        "not_observable": 0,
    }
    assert set(EXPECTED) == {"slouch", "head_fwd", "lat_lean", "shoulder_tilt", "head_roll"}


def test_bias_error_slope_order_and_worst() -> None:
    looks = [case("a", -10, -4.0), case("b", 0, 1.0), case("c", 10, 6.0), case("d", 5, None)]
    (score,) = scores(looks)
    assert (score.frames, score.unknown) == (3, 1)
    assert score.bias == pytest.approx(1.0)
    assert score.mae == pytest.approx((6 + 1 + 4) / 3)
    assert score.slope == pytest.approx(0.5)
    assert score.rho == pytest.approx(1.0)
    assert (score.worst, score.worst_name) == (6.0, "a")
    assert score.covered == pytest.approx(1 / 3)
    assert score.wrong_signs == 0


def test_a_sign_counts_from_five_degrees_on() -> None:
    (score,) = scores([case("a", 5, -0.1), case("b", 4.9, -3.0), case("c", -8, 0.2), case("d", -8, -1.0)])
    assert score.wrong_signs == 2


def test_a_truth_that_does_not_vary_has_no_slope() -> None:
    (score,) = scores([case("a", 10, 8.0), case("b", 10.2, 9.0)])
    assert (score.slope, score.rho) == (None, None)


def test_a_sweep_is_what_was_varied_alone() -> None:
    both = case("b", 10, 20.0, varied={"lat_lean": 10.0, "slouch": 20.0})
    (score,) = sweeps([case("a", 10, 8.0), both, case("c", 0, 5.0)])
    assert (score.frames, score.mae) == (1, 2.0)


def test_placements_are_scored_apart_and_the_default_comes_first() -> None:
    found = scores([case("a", 5, 5.0, placement="camlow"), case("b", 5, 4.0), case("c", 5, 5.0, placement="camfar")])
    assert [score.placement for score in found] == ["default", "camfar", "camlow"]


def test_what_nobody_was_found_in_counts_nowhere_else() -> None:
    looks = [case("a", 10, 9.0, deviations=("lean_left",)), case("b", 10, None, found=False)]
    found = accuracy_json(looks, "heavy")
    assert found["nobody_found"] == ["b"]
    assert [score["frames"] for score in found["measures"]] == [1]
    assert [(group["found"], group["frames"]) for group in found["detections"]] == [(1, 1)]


def test_the_right_side_is_a_detection_and_the_wrong_one_an_alarm() -> None:
    looks = [case("a", 10, 9.0, deviations=("lean_left",)), case("b", 10, -9.0, deviations=("lean_right",))]
    (found,) = detections(looks)
    assert (found["deviation"], found["found"], found["frames"]) == ("lean_left", 1, 2)
    (alarm,) = alarms(looks)
    assert alarm["raised"] == {"lean_right": 1}


def test_neutral_and_other_parameters_may_raise_nothing() -> None:
    looks = [
        case("a", 0, 0.0, deviations=("slump",)),
        case("b", 0, 0.0, varied={"arms=lap": 0.0}),
        case("c", 0, 0.0, varied={"head_pitch": 24.0}, deviations=("forward_head",)),
    ]
    raised = {group["varied"]: group["raised"] for group in alarms(looks)}
    assert raised == {"nothing": {"slump": 1}, "arms=lap": {}, "head_pitch": {"forward_head": 1}}


def test_not_observable_is_told_apart_from_absent() -> None:
    (group,) = detections([case("a", 0, 0.0, varied={"head_fwd": 24.0}, not_observable=("forward_head",))])
    assert (group["found"], group["not_observable"]) == (0, 1)


def test_truths_come_from_the_truth_file() -> None:
    assert truth_of("slump_deg", {"slouch": 18}, {}) == 18.0
    assert truth_of("lateral_lean_deg", {"lat_lean": 10}, {"trunk_lat_deg": 8.2}) == 8.2
    assert truth_of("distance_cm", {}, {"eye_to_cam_m": 0.6}) == pytest.approx(60.0)
    assert truth_of("slump_deg", {}, {}) is None


@given(st.lists(st.tuples(st.floats(-90, 90), st.one_of(st.none(), st.floats(-90, 90))), max_size=20))
def test_whatever_is_measured_the_figures_are_plain_numbers(looks: list[tuple[float, float | None]]) -> None:
    found = accuracy_json([case(str(k), by, value) for k, (by, value) in enumerate(looks)], "heavy")
    json.dumps(found, allow_nan=False)
    for score in found["measures"]:
        assert score["mae"] >= abs(score["bias"]) - 1e-9
        assert abs(score["worst"]) >= score["mae"] - 1e-9
        assert score["frames"] + score["unknown"] == len(looks)


@pytest.mark.parametrize(("error", "covered"), [(1.645, 1.0), (-1.645, 1.0), (1.646, 0.0), (-1.646, 0.0)])
def test_a_truth_is_covered_within_the_stated_uncertainty(error: float, covered: float) -> None:
    (score,) = scores([case("a", 0, error, sd={"lateral_lean_deg": 1.0})])
    assert score.covered == covered


def test_coverage_is_over_the_frames_that_state_an_uncertainty() -> None:
    near, far, silent = case("a", 0, 1.0), case("b", 0, 9.0), case("c", 0, 9.0, sd={})
    assert scores([near, far, silent])[0].covered == 0.5
    assert scores([silent])[0].covered is None


@pytest.mark.parametrize(("apart", "varies"), [(1.0, False), (1.5, True)])
def test_a_truth_varies_over_more_than_a_degree(apart: float, varies: bool) -> None:
    (score,) = scores([case("a", 10, 8.0), case("b", 10 + apart, 9.0)])
    assert (score.slope is not None, score.rho is not None) == (varies, varies)


def test_the_order_of_what_is_measured() -> None:
    def rho(*measured: float) -> float | None:
        return scores([case(str(n), 5.0 * n, value) for n, value in enumerate(measured)])[0].rho

    assert rho(1, 2, 9) == pytest.approx(1.0)
    assert rho(9, 2, 1) == pytest.approx(-1.0)
    assert rho(1, 9, 2) == pytest.approx(0.5)
    assert rho(1, 1, 2) == pytest.approx(0.8660254)  # equal values share the mean of their ranks
    assert rho(1, 1, 2, 9) == pytest.approx(0.9486833)  # ranks 1.5, 1.5, 3, 4
    assert rho(4, 4, 4) is None


def test_a_frame_without_a_value_is_unknown() -> None:
    assert scores([case("a", 5, None)]) == []
    (score,) = scores([case("a", 5, 5.0), replace(case("b", 5, None), measured={})])
    assert (score.measure, score.placement, score.frames, score.unknown) == ("lateral_lean_deg", "default", 1, 1)


def test_measures_come_in_the_order_of_their_table() -> None:
    two: dict[str, Any] = {
        "truth": {"slump_deg": 5.0, "shoulder_tilt_deg": 3.0},
        "measured": {"slump_deg": 4.0, "shoulder_tilt_deg": 3.0},
    }
    found = scores([case("a", 5, 5.0, placement="camlow"), replace(case("b", 5, 5.0), **two)])
    assert [(score.measure, score.placement) for score in found] == [
        ("shoulder_tilt_deg", "default"),
        ("lateral_lean_deg", "camlow"),
        ("slump_deg", "default"),
    ]


def test_the_worst_has_the_largest_error_either_way() -> None:
    (score,) = scores([case("a", 0, 3.0), case("b", 0, -4.0), case("c", 0, 2.0)])
    assert (score.worst, score.worst_name) == (-4.0, "b")
    assert (score.bias, score.mae) == (pytest.approx(1 / 3), pytest.approx(3.0))


def test_a_sign_is_wrong_only_on_the_other_side() -> None:
    (score,) = scores([case("a", 8, 0.0), case("b", -8, 0.1), case("c", 8, 3.0), case("d", 5, -1.0)])
    assert score.wrong_signs == 2


def test_sizes_that_differ_by_rounding_are_one_group() -> None:
    looks = [
        case("a", 10.0001, 9.0),
        case("b", 10.0002, 9.0),
        case("c", 10.001, 9.0),
        case("d", 10, 9.0, placement="low"),
    ]
    groups = [("lat_lean", 10.0, "default", 2), ("lat_lean", 10.0, "low", 1), ("lat_lean", 10.001, "default", 1)]
    keys = ("varied", "by", "placement", "frames")
    assert [tuple(group[key] for key in keys) for group in detections(looks)] == groups
    assert [tuple(group[key] for key in keys) for group in alarms(looks)] == groups


def test_two_parameters_at_once_detect_and_alarm_nothing() -> None:
    both = case("a", 10, 9.0, varied={"lat_lean": 10.0, "slouch": 5.0}, deviations=("head_tilt",))
    assert detections([both]) == alarms([both]) == []
    assert detections([case("b", 0, 0.0, varied={"head_pitch": 20.0})]) == []
    nobody = case("c", 10, 9.0, found=False, deviations=("slump",))
    assert detections([nobody]) == alarms([nobody]) == scores([nobody]) == []


def test_an_alarm_counts_each_frame_that_raised_it() -> None:
    looks = [
        case("a", 10, 9.0, deviations=("lean_left", "slump")),
        case("b", 10, 9.0, deviations=("slump", "head_tilt")),
        case("c", 0, 0.0),
    ]
    lean, nothing = alarms(looks)
    assert lean == {
        "varied": "lat_lean",
        "by": 10.0,
        "placement": "default",
        "frames": 2,
        "raised": {"head_tilt": 1, "slump": 2},
    }
    assert nothing == {"varied": "nothing", "by": 0.0, "placement": "default", "frames": 1, "raised": {}}


def test_all_of_it_in_one_object() -> None:
    looks = [
        case("a", 10, 9.0),
        case("b", 5, 5.0, varied={"lat_lean": 5.0, "slouch": 1.0}),
        case("c", 5, None, found=False),
    ]
    found = accuracy_json(looks, "heavy")
    assert (found["model"], found["frames"], found["nobody_found"]) == ("heavy", 3, ["c"])
    assert [score["frames"] for score in found["measures"]] == [2]
    assert [score["frames"] for score in found["sweeps"]] == [1]
    assert (found["detections"], found["alarms"]) == (detections(looks), alarms(looks))


def test_a_truth_is_derived_before_it_is_a_parameter() -> None:
    assert truth_of("head_tilt_deg", {"head_roll": 3}, {"head_roll": 4.0}) == 4.0
    assert truth_of("hip_hinge_deg", {}, {"trunk_fwd": 7}) == 7.0
