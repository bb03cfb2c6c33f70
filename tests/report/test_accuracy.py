"""The figures of accuracy on made-up frames whose answer is plain."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure.measures import Measures
from posture.report.accuracy import OWN, TRUTHS, Case, accuracy_json, alarms, detections, scores, sweeps, truth_of


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
    assert set(TRUTHS) == set(OWN)
    assert all(hasattr(Measures(), name) for name in TRUTHS)


def test_bias_error_slope_order_and_worst() -> None:
    looks = [case("a", -10, -4.0), case("b", 0, 1.0), case("c", 10, 6.0), case("d", 5, None)]
    (one,) = scores(looks)
    assert (one.frames, one.unknown) == (3, 1)
    assert one.bias == pytest.approx(1.0)
    assert one.mae == pytest.approx((6 + 1 + 4) / 3)
    assert one.slope == pytest.approx(0.5)
    assert one.rho == pytest.approx(1.0)
    assert (one.worst, one.worst_name) == (6.0, "a")
    assert one.covered == pytest.approx(1 / 3)
    assert one.wrong_signs == 0


def test_a_sign_counts_from_five_degrees_on() -> None:
    (one,) = scores([case("a", 5, -0.1), case("b", 4.9, -3.0), case("c", -8, 0.2), case("d", -8, -1.0)])
    assert one.wrong_signs == 2


def test_a_truth_that_does_not_vary_has_no_slope() -> None:
    (one,) = scores([case("a", 10, 8.0), case("b", 10.2, 9.0)])
    assert (one.slope, one.rho) == (None, None)


def test_a_sweep_is_what_was_varied_alone() -> None:
    both = case("b", 10, 20.0, varied={"lat_lean": 10.0, "slouch": 20.0})
    (one,) = sweeps([case("a", 10, 8.0), both, case("c", 0, 5.0)])
    assert (one.frames, one.mae) == (1, 2.0)


def test_placements_are_kept_apart_and_the_default_comes_first() -> None:
    found = scores([case("a", 5, 5.0, placement="camlow"), case("b", 5, 4.0), case("c", 5, 5.0, placement="camfar")])
    assert [one.placement for one in found] == ["default", "camfar", "camlow"]


def test_what_nobody_was_found_in_counts_nowhere_else() -> None:
    looks = [case("a", 10, 9.0, deviations=("lean_left",)), case("b", 10, None, found=False)]
    found = accuracy_json(looks, "heavy")
    assert found["nobody_found"] == ["b"]
    assert [one["frames"] for one in found["measures"]] == [1]
    assert [(one["found"], one["frames"]) for one in found["detections"]] == [(1, 1)]


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
    raised = {one["varied"]: one["raised"] for one in alarms(looks)}
    assert raised == {"nothing": {"slump": 1}, "arms=lap": {}, "head_pitch": {"forward_head": 1}}


def test_not_observable_is_told_apart_from_absent() -> None:
    (one,) = detections([case("a", 0, 0.0, varied={"head_fwd": 24.0}, not_observable=("forward_head",))])
    assert (one["found"], one["not_observable"]) == (0, 1)


def test_truths_come_from_the_truth_file() -> None:
    assert truth_of("slump_deg", {"slouch": 18}, {}) == 18.0
    assert truth_of("lateral_lean_deg", {"lat_lean": 10}, {"trunk_lat_deg": 8.2}) == 8.2
    assert truth_of("distance_cm", {}, {"eye_to_cam_m": 0.6}) == pytest.approx(60.0)
    assert truth_of("slump_deg", {}, {}) is None


@given(st.lists(st.tuples(st.floats(-90, 90), st.one_of(st.none(), st.floats(-90, 90))), max_size=20))
def test_whatever_is_measured_the_figures_are_plain_numbers(looks: list[tuple[float, float | None]]) -> None:
    found = accuracy_json([case(str(k), by, value) for k, (by, value) in enumerate(looks)], "heavy")
    json.dumps(found, allow_nan=False)
    for one in found["measures"]:
        assert one["mae"] >= abs(one["bias"]) - 1e-9
        assert abs(one["worst"]) >= one["mae"] - 1e-9
        assert math.isclose(one["frames"] + one["unknown"], len(looks))
