"""The scoring of labelled looks at real people, on made-up looks whose answer is plain."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.report.labelled import Look, labelled_json


def look(label: str, *raised: str, **more: Any) -> Look:
    given: dict[str, Any] = {
        "person": "A",
        "sitting": True,
        "lean_deg": 0.0,
        "head_tilt_deg": 0.0,
        "shoulder_tilt_deg": 0.0,
        "true_head_tilt_deg": 0.0,
        "true_shoulder_tilt_deg": 0.0,
        "nose_low": False,
        "neck_short": False,
    }
    return Look(label=label, raised=frozenset(raised), **(given | more))


def scored(*looks: Look) -> dict[str, Any]:
    return labelled_json("set", looks, {})


def test_of_nothing_nothing_is_known() -> None:
    found = labelled_json("empty", [], {"morning": "moving"})
    nothing = {"recall": None, "precision": None, "not_known": None}
    assert found == {
        "set": "empty",
        "looks": 0,
        "people": [],
        "calibration_refused": {"morning": "moving"},
        "not_sitting": None,
        "lean_left": nothing,
        "lean_right": nothing,
        "head_tilt": {"recall": None, "precision_any_tilted": None},
        "lean_auc": dict.fromkeys(("left_vs_straight", "right_vs_straight", "left_vs_head_left")),
        "raised_on_straight": dict.fromkeys(
            ("slump", "forward_head", "lean_left", "lean_right", "shoulder_tilt", "head_tilt", "too_close")
        ),
        "head_tilt_mae_deg": dict.fromkeys(("0-10", "10-20", "20-30", "30-60")),
        "shoulder_tilt_mae_deg": None,
        "peer_nose_rule_flags": {},
        "peer_neck_rule_flags": {},
    }


@pytest.mark.parametrize(("kind", "other"), [("lean_left", "lean_right"), ("lean_right", "lean_left")])
def test_a_lean_is_found_on_its_side_and_right_when_it_was_labelled(kind: str, other: str) -> None:
    looks = [look(kind, kind), look(kind, kind), look(kind, other), look(kind, lean_deg=None), look("straight", kind)]
    assert scored(*looks)[kind] == {"recall": 0.5, "precision": 0.667, "not_known": 0.25}
    assert scored(*looks)[other] == {"recall": None, "precision": 0.0, "not_known": None}


def test_a_head_tilt_is_right_in_any_look_with_something_tilted() -> None:
    looks = [
        look("head_left", "head_tilt"),
        look("head_right"),
        look("lean_left", "head_tilt"),
        look("lean_right", "head_tilt"),
        look("straight", "head_tilt"),
    ]
    assert scored(*looks)["head_tilt"] == {"recall": 0.5, "precision_any_tilted": 0.75}


def test_leans_are_told_apart_by_their_size() -> None:
    left = [look("lean_left", lean_deg=value) for value in (3.0, 8.0)]
    right = [look("lean_right", lean_deg=value) for value in (-8.0, 1.0)]
    straight = [look("straight", lean_deg=value) for value in (0.0, 2.0)]
    head = [look("head_left", lean_deg=value) for value in (3.0, 9.0)]
    unknown = [look(label, lean_deg=None) for label in ("lean_left", "lean_right", "straight", "head_left")]
    assert scored(*left, *right, *straight, *head, *unknown)["lean_auc"] == {
        "left_vs_straight": 1.0,
        "right_vs_straight": 0.75,  # three of four pairs
        "left_vs_head_left": 0.375,  # 8 above 3, and equal ones are half
    }


def test_what_is_raised_on_straight_looks() -> None:
    found = scored(look("straight", "slump", "too_close"), look("straight", "slump"), look("lean_left", "head_tilt"))
    assert found["raised_on_straight"] == {
        "slump": 1.0, "forward_head": 0.0, "lean_left": 0.0, "lean_right": 0.0, "shoulder_tilt": 0.0, "head_tilt": 0.0,
        "too_close": 0.5,
    }  # fmt: skip


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_errors_of_head_tilts_by_their_true_size(side: float) -> None:
    def of(true_deg: float, value: float | None, label: str = "head_left") -> Look:
        return look(label, true_head_tilt_deg=side * true_deg, head_tilt_deg=None if value is None else side * value)

    looks = [
        of(9.9, 8.9), of(10.0, 13.0), of(0.0, 2.0, "straight"), of(19.9, 19.9, "head_right"), of(20.0, 17.0),
        of(30.0, 25.0), of(59.0, 60.0), of(60.0, 0.0), of(25.0, None), of(25.0, 0.0, "lean_left"), of(math.nan, 5.0),
    ]  # fmt: skip
    assert scored(*looks)["head_tilt_mae_deg"] == {"0-10": 1.5, "10-20": 1.5, "20-30": 3.0, "30-60": 3.0}


def test_errors_of_the_shoulder_line_over_all_looks_that_have_one() -> None:
    looks = [
        look("lean_left", true_shoulder_tilt_deg=-10.0, shoulder_tilt_deg=-7.0),
        look("straight", true_shoulder_tilt_deg=0.0, shoulder_tilt_deg=-1.25),
        look("straight", true_shoulder_tilt_deg=math.nan, shoulder_tilt_deg=50.0),
        look("straight", true_shoulder_tilt_deg=5.0, shoulder_tilt_deg=None),
    ]
    assert scored(*looks)["shoulder_tilt_mae_deg"] == 2.12


def test_people_presence_and_yardsticks() -> None:
    found = labelled_json(
        "set",
        [
            look("straight", person="B", nose_low=True),
            look("straight", sitting=False),
            look("straight", neck_short=True),
            look("lean_left", nose_low=True),
        ],
        {"evening": "absent"},
    )
    assert (found["set"], found["looks"], found["people"]) == ("set", 4, ["A", "B"])
    assert (found["not_sitting"], found["calibration_refused"]) == (0.25, {"evening": "absent"})
    assert found["peer_nose_rule_flags"] == {"lean_left": 1.0, "straight": 0.333}
    assert found["peer_neck_rule_flags"] == {"lean_left": 0.0, "straight": 0.333}


labels = st.sampled_from(["straight", "lean_left", "lean_right", "head_left", "head_right", "other"])
degrees = st.none() | st.floats(-60, 60)


@given(
    st.lists(st.builds(look, labels, lean_deg=degrees, head_tilt_deg=degrees, true_head_tilt_deg=st.floats(-60, 60)))
)
def test_whatever_is_measured_the_figures_are_plain_numbers(looks: list[Look]) -> None:
    found = scored(*looks)
    json.dumps(found, allow_nan=False)
    for auc in found["lean_auc"].values():
        assert auc is None or 0.0 <= auc <= 1.0
