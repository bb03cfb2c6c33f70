"""What is raised, and what is not because it is not certain, not known or not to be seen."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure.levels import (
    BY_SLUMP,
    MEASURE_OF,
    NO_FACE,
    NO_SENSE,
    NO_SHOULDERS,
    deviations_of,
    judge,
    levels,
    not_observable,
)
from posture.measure.measures import Measures
from posture.measure.observation import DEVIATIONS, Judged
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


def test_a_forward_head_is_unknown_beside_a_slump() -> None:
    assert level("forward_head", forward_head_deg=15.0, slump_deg=20.0) is None


@pytest.mark.parametrize("values", [{"head_pitch_deg": 24.0}, {"head_yaw_deg": -30.0}])
def test_where_something_else_imitates_a_forward_head_only_a_large_one_is_raised(values: dict[str, float]) -> None:
    small, sd = {"forward_head_deg": 7.0}, {"forward_head_deg": 4.0}
    assert raised(replace(STILL, **small, sd=sd)) == ["forward_head"]  # type: ignore[arg-type]
    assert raised(replace(STILL, **small, sd=sd, **values)) == []  # type: ignore[arg-type]
    assert raised(replace(STILL, forward_head_deg=33.0, sd=sd, **values)) == ["forward_head"]  # type: ignore[arg-type]


def test_where_the_placement_hides_it_only_a_large_one_is_raised() -> None:
    hidden = replace(STILL, forward_head_deg=7.0, sd={"forward_head_deg": 4.0}, not_observable=("forward_head_deg",))
    assert deviations_of(hidden, LIMITS) == []
    assert deviations_of(replace(hidden, not_observable=()), LIMITS) == ["forward_head"]
    assert deviations_of(replace(hidden, forward_head_deg=20.0), LIMITS) == ["forward_head"]
    assert not_observable(hidden) == ["forward_head"]
    assert not_observable(STILL) == []


def test_shoulders_out_of_the_picture_are_unknown_and_too_close_is_seen_by_the_face() -> None:
    near = Measures(head_tilt_deg=0.0, head_yaw_deg=0.0, head_pitch_deg=0.0, lean_in_ratio=0.8, distance_cm=33.0)
    found = levels(near, LIMITS)
    assert raised(near) == ["too_close"]
    assert found["slump"] is found["lean_left"] is found["shoulder_tilt"] is found["forward_head"] is None


@given(st.floats(0, 60), st.floats(0, 60), st.floats(0, 40))
def test_a_larger_angle_is_never_a_smaller_deviation(angle: float, other: float, sd: float) -> None:
    small, large = sorted((angle, other))
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


# -- the sizes themselves ----------------------------------------------------------------------------------------------


def level(kind: str, **values: object) -> float | None:
    return levels(replace(STILL, **values), LIMITS)[kind]  # type: ignore[arg-type, index]


@pytest.mark.parametrize(
    ("kind", "name", "threshold"),
    [("slump", "slump_deg", 12.0), ("forward_head", "forward_head_deg", 5.0), ("head_tilt", "head_tilt_deg", 10.0)],
)
def test_a_level_is_the_part_of_the_threshold(kind: str, name: str, threshold: float) -> None:
    assert level(kind, **{name: threshold}) == pytest.approx(1.0)
    assert level(kind, **{name: 0.25 * threshold}) == pytest.approx(0.25)
    assert level(kind, **{name: 3.0 * threshold}) == pytest.approx(3.0)


@pytest.mark.parametrize(("kind", "name"), [("slump", "slump_deg"), ("forward_head", "forward_head_deg")])
def test_what_bends_backwards_is_no_bending_forwards(kind: str, name: str) -> None:
    assert level(kind, **{name: -40.0}) == 0.0


def test_a_head_tilts_to_either_side() -> None:
    assert level("head_tilt", head_tilt_deg=-15.0) == level("head_tilt", head_tilt_deg=15.0) == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("kind", "name", "sd", "least_deg"),
    [
        # Where the uncertainty asks for more than the threshold: so many sd, and so many degrees left.
        ("slump", "slump_deg", 24.0, 0.5 * 24.0 + 4.0),
        ("forward_head", "forward_head_deg", 8.0, 8.0 + 2.0),
        ("head_tilt", "head_tilt_deg", 10.0, 1.645 * 10.0),
    ],
)
def test_an_uncertain_value_must_be_larger(kind: str, name: str, sd: float, least_deg: float) -> None:
    assert level(kind, sd={name: sd}, **{name: least_deg}) == pytest.approx(1.0)
    assert level(kind, sd={name: sd}, **{name: least_deg / 2}) == pytest.approx(0.5)
    assert level(kind, sd={name: 0.1}, **{name: least_deg}) > 1.0  # type: ignore[operator]
    # Where the placement hides it: one sd, and five degrees left.
    hidden = level(kind, sd={name: sd}, not_observable=(name,), **{name: sd + 5.0})
    assert hidden == pytest.approx(1.0)


def test_without_an_uncertainty_only_the_degrees_are_asked_for() -> None:
    assert level("forward_head", forward_head_deg=10.0, not_observable=("forward_head_deg",)) == pytest.approx(2.0)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_lean_is_what_the_shoulder_line_bears_out(side: float) -> None:
    kind, other = ("lean_left", "lean_right") if side > 0 else ("lean_right", "lean_left")

    def lean(lean_deg: float, line_deg: float, **values: object) -> float:
        found = level(kind, lateral_lean_deg=side * lean_deg, shoulder_tilt_deg=side * line_deg, **values)
        assert level(other, lateral_lean_deg=side * lean_deg, shoulder_tilt_deg=side * line_deg, **values) == 0.0
        assert found is not None
        return found

    assert lean(7.0, -20.0) == pytest.approx(1.0)
    assert lean(0.7, -20.0) == pytest.approx(0.1)
    assert lean(0.5, 1.0) == 0.0
    assert lean(14.0, -1.16 * 14.0) == pytest.approx(2.0)
    assert lean(14.0, -1.16 * 7.0) == pytest.approx(1.5)  # one and a half times what the line says, at most
    assert lean(14.0, 0.0) == lean(14.0, 5.0) == 0.0
    assert lean(7.0, -20.0, sd={"lateral_lean_deg": 10.0}) == pytest.approx(7.0 / 16.45)


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_shoulder_is_raised_by_what_the_lean_does_not_explain(side: float) -> None:
    def raised_by(line_deg: float, lean_deg: float, **values: object) -> float | None:
        return level("shoulder_tilt", shoulder_tilt_deg=side * line_deg, lateral_lean_deg=side * lean_deg, **values)

    assert raised_by(5.0, 0.0) == raised_by(5.0, 3.0) == pytest.approx(1.0)  # a lean to that side would lower it
    assert raised_by(10.0, -2.0) == pytest.approx((10.0 - 2.32) / 5.0)
    assert raised_by(5.0, -5.0) == 0.0
    assert raised_by(5.0, 0.0, sd={"shoulder_tilt_deg": 10.0}) == pytest.approx(5.0 / 16.45)


def test_an_uncertain_line_bears_out_half_a_standard_deviation_more() -> None:
    def lean(line_deg: float, sd: float) -> float | None:
        values = {"lateral_lean_deg": 14.0, "shoulder_tilt_deg": line_deg}
        return level("lean_left", sd={"shoulder_tilt_deg": sd}, **values)

    assert lean(-1.16 * 4.0, 2 * 1.16 * 3.0) == pytest.approx(1.5)
    assert lean(-1.16, 2 * 1.16 * 20.0) == pytest.approx(2.0)
    assert lean(1.16, 2 * 1.16 * 20.0) == 0.0  # to the other side it bears out nothing


def test_shoulders_need_the_lean_and_a_lean_without_them_is_what_the_face_says() -> None:
    found = levels(replace(STILL, lateral_lean_deg=None, shoulder_tilt_deg=9.0), LIMITS)
    assert found["lean_left"] is found["lean_right"] is found["shoulder_tilt"] is None
    assert found["head_tilt"] is not None
    for side, kind, other in ((1.0, "lean_left", "lean_right"), (-1.0, "lean_right", "lean_left")):
        values = {"lateral_lean_deg": side * 14.0, "shoulder_tilt_deg": None}
        assert level(kind, **values) == pytest.approx(2.0)
        assert level(other, **values) == 0.0
        assert level("shoulder_tilt", **values) is None
        assert level(kind, sd={"lateral_lean_deg": 10.0}, **values) == pytest.approx(14.0 / 16.45)
    assert level("lean_left", lateral_lean_deg=0.0) == level("lean_right", lateral_lean_deg=0.0) == 0.0


STRAIGHT = 10.0 / (4.0 + 2.0)
"""The level of a forward head of 10 degrees, uncertain by 4, of somebody who looks straight ahead."""
ASKEW = 10.0 / (4.0 + 5.0)
"""The same where something imitates it: five degrees must be left instead of two."""


def forward_head(**values: object) -> float | None:
    return level("forward_head", forward_head_deg=10.0, sd={"forward_head_deg": 4.0}, **values)


@pytest.mark.parametrize(("name", "limit"), [("head_pitch_deg", 14.0), ("head_yaw_deg", 17.0)])
def test_a_nod_or_a_turn_asks_more_of_a_forward_head(name: str, limit: float) -> None:
    for value in (limit, -limit):
        assert forward_head(**{name: value}) == pytest.approx(STRAIGHT)
        assert forward_head(**{name: 1.01 * value}) == pytest.approx(ASKEW)
    assert forward_head(**{name: None}) == pytest.approx(ASKEW)


def test_a_lean_asks_more_of_a_forward_head() -> None:
    assert forward_head(lateral_lean_deg=5.0, shoulder_tilt_deg=-20.0) == pytest.approx(STRAIGHT)
    assert forward_head(lateral_lean_deg=5.1, shoulder_tilt_deg=-20.0) == pytest.approx(ASKEW)
    assert forward_head(lateral_lean_deg=-5.1, shoulder_tilt_deg=20.0) == pytest.approx(ASKEW)
    assert forward_head(lateral_lean_deg=30.0, shoulder_tilt_deg=0.0) == pytest.approx(STRAIGHT)  # a chair rolled aside
    assert forward_head(lateral_lean_deg=None) == pytest.approx(STRAIGHT)


def test_a_forward_head_is_known_up_to_a_slump() -> None:
    assert forward_head(slump_deg=11.9) == pytest.approx(STRAIGHT)
    assert forward_head(slump_deg=12.0) is None
    assert forward_head(slump_deg=None) == pytest.approx(STRAIGHT)


# -- a neck that has become shorter ------------------------------------------------------------------------------------


def short_neck(short_sw: float | None, **values: object) -> tuple[float | None, float | None]:
    """Levels of slump and forward head."""
    found = levels(replace(STILL, neck_short_sw=short_sw, **values), LIMITS)  # type: ignore[arg-type]
    return found["slump"], found["forward_head"]


def test_a_short_neck_counts_for_the_likelier_of_slump_and_forward_head() -> None:
    assert short_neck(0.08) == (pytest.approx(1.0), 0.0)  # a slump where neither is nearer
    assert short_neck(0.04) == (pytest.approx(0.5), 0.0)
    assert short_neck(0.16) == (pytest.approx(2.0), 0.0)
    assert short_neck(0.08, forward_head_deg=1.0) == (0.0, pytest.approx(1.0))
    assert short_neck(0.08, forward_head_deg=1.0, slump_deg=2.41) == (pytest.approx(1.0), pytest.approx(0.2))
    assert short_neck(0.08, forward_head_deg=1.0, slump_deg=2.39) == (pytest.approx(2.39 / 12), pytest.approx(1.0))


def test_a_short_neck_only_ever_adds() -> None:
    assert short_neck(0.02, slump_deg=9.0) == (pytest.approx(0.75), 0.0)
    assert short_neck(-0.5) == short_neck(None) == (0.0, 0.0)
    assert short_neck(0.16, slump_deg=12.0) == (pytest.approx(2.0), None)


def test_a_short_neck_alone_makes_nothing_known() -> None:
    assert short_neck(0.5, slump_deg=None, forward_head_deg=None) == (None, None)
    assert short_neck(0.16, slump_deg=None) == (None, 0.0)  # counted for the slump, which is not known
    assert short_neck(0.16, slump_deg=None, forward_head_deg=1.0) == (None, pytest.approx(2.0))
    assert short_neck(0.16, forward_head_deg=None) == (pytest.approx(2.0), None)


def test_a_short_neck_must_stand_out_from_its_uncertainty() -> None:
    assert short_neck(0.1, sd={"neck_short_sw": 0.1}) == (pytest.approx(1.0 / 1.645), 0.0)
    assert short_neck(0.1, sd={"neck_short_sw": 0.01}) == (pytest.approx(0.1 / 0.08), 0.0)


@given(st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 0.3))
def test_a_shorter_neck_is_never_a_smaller_slump(first_sw: float, second_sw: float, sd: float) -> None:
    less, more = (short_neck(short_sw, sd={"neck_short_sw": sd})[0] for short_sw in sorted((first_sw, second_sw)))
    assert less is not None
    assert more is not None
    assert less <= more


def close(distance_cm: float, lean_in: float, **values: object) -> float:
    found = level("too_close", distance_cm=distance_cm, lean_in_ratio=lean_in, **values)
    assert found is not None
    return found


def test_too_close_is_told_by_the_face_and_the_distance() -> None:
    # 45 cm, and a face larger by 15 %: whichever of both says less, to the third power.
    assert close(45.0, 0.15) == pytest.approx(1.0)
    assert close(45.0, 0.30) == pytest.approx(1.0)
    assert close(40.0, 0.15) == pytest.approx(1.0)
    assert close(40.0, 0.20) == pytest.approx((1.2 / 1.15) ** 3)
    assert close(90.0, 0.15) == pytest.approx((1.15 / 1.45) ** 3)  # the size of the face by itself
    assert close(90.0, 0.45) == pytest.approx(1.0)
    assert close(30.0, -0.5) == pytest.approx((0.5 / 1.15) ** 3)


def test_a_slump_is_not_too_close_as_well() -> None:
    """It enlarges the face by a fifth."""
    assert close(45.0, 0.38, slump_deg=12.0) == pytest.approx((45.0 / 54.0) ** 3)
    assert close(45.0, 0.38, slump_deg=11.9) == pytest.approx(1.0)
    assert close(30.0, 0.2 * 1.15 + 0.15, slump_deg=20.0) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["distance_cm", "lean_in_ratio"])
def test_too_close_needs_both(name: str) -> None:
    assert level("too_close", **{name: None}) is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [("head_tilt", "head_tilt_deg"), ("slump", "slump_deg"), ("forward_head", "forward_head_deg")],
)
def test_what_is_not_measured_is_not_known(kind: str, name: str) -> None:
    assert level(kind, **{name: None}) is None


def test_exactly_at_the_threshold_is_a_deviation() -> None:
    assert raised(replace(STILL, head_tilt_deg=10.0)) == ["head_tilt"]
    assert raised(replace(STILL, head_tilt_deg=9.99)) == []


def test_the_settings_are_the_thresholds() -> None:
    strict = MeasureSettings(
        shoulder_tilt_deg=2.0, head_tilt_deg=3.0, lateral_lean_deg=3.0, slump_deg=6.0, forward_head_deg=3.0,
        lean_in_ratio=0.15, too_close_cm=80.0,
    )  # fmt: skip
    found = levels(
        replace(
            STILL, head_tilt_deg=3.0, lateral_lean_deg=3.0, shoulder_tilt_deg=-6.0, slump_deg=3.0, forward_head_deg=3.0
        ),
        strict,
    )
    assert found["head_tilt"] == found["lean_left"] == found["forward_head"] == pytest.approx(1.0)
    assert found["slump"] == pytest.approx(0.5)
    assert found["shoulder_tilt"] == pytest.approx((6.0 - 3.48) / 2.0)
    assert found["too_close"] == pytest.approx((1 / 1.15) ** 3)


def test_deviations_keep_their_order_and_each_has_a_measure() -> None:
    assert tuple(levels(STILL, LIMITS)) == DEVIATIONS == tuple(MEASURE_OF)
    hidden = replace(STILL, not_observable=("slump_deg", "lateral_lean_deg"))
    assert not_observable(hidden) == ["slump", "lean_left", "lean_right"]


# -- how each level came about -----------------------------------------------------------------------------------------


@given(
    st.dictionaries(st.sampled_from(list(MEASURE_OF.values())), st.none() | st.floats(-60, 60)),
    st.floats(-0.5, 1.0),
    st.floats(0.0, 12.0),
    st.sampled_from([(), ("forward_head_deg",), ("slump_deg", "forward_head_deg")]),
)
def test_a_level_is_a_value_in_parts_of_its_threshold_or_it_is_said_why_there_is_none(
    values: dict[str, float | None], lean_in: float, sd: float, hidden: tuple[str, ...]
) -> None:
    values["distance_cm"] = abs(values.get("distance_cm") or 50.0) + 10.0
    measures = Measures(
        **values, lean_in_ratio=lean_in, sd=dict.fromkeys(MEASURE_OF.values(), sd), not_observable=hidden
    )
    found, judged = judge(measures, LIMITS)
    assert set(found) == set(judged) == set(MEASURE_OF)
    for kind, level in found.items():
        how = judged[kind]
        assert (level is None) is bool(how.why), kind
        if level is None:
            assert (how.value, how.threshold) == (None, None)
            continue
        assert how.value is not None
        assert how.threshold is not None
        parts = how.threshold / how.value if kind == "too_close" else how.value / how.threshold
        assert level == pytest.approx(parts**3 if kind == "too_close" else max(0.0, parts))
        assert bool(how.coarse) is (MEASURE_OF[kind] in hidden)


def test_it_is_said_why_a_deviation_is_not_judged() -> None:
    no_shoulders = replace(STILL, shoulder_drop_sw=None, **dict.fromkeys(list(MEASURE_OF.values())[:-1]))
    why = {kind: judged.why for kind, judged in judge(no_shoulders, LIMITS)[1].items()}
    assert why["lean_left"] == why["shoulder_tilt"] == why["forward_head"] == NO_SHOULDERS
    assert why["slump"] == why["head_tilt"] == NO_SENSE
    assert why["too_close"] == ""
    assert {judged.why for judged in judge(Measures(), LIMITS)[1].values()} == {NO_FACE}
    slumped = replace(STILL, slump_deg=40.0)
    assert judge(slumped, LIMITS)[1]["forward_head"] == Judged(why=BY_SLUMP)


def test_a_shorter_neck_is_said_in_its_own_unit() -> None:
    short = replace(STILL, neck_short_sw=0.1)
    found, judged = judge(short, LIMITS)
    assert found["slump"] == pytest.approx(1.25)
    assert judged["slump"] == Judged(0.1, 0.0, 0.08, "sw")
