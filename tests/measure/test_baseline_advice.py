"""What is said of a baseline: what it shows only coarsely, and shoulders that are not level."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import baseline_like, mirrored, person_of, rolled, sitter

from posture.measure.baseline import UNLEVEL_DEG, head_line_deg, own_line_deg
from posture.measure.geometry import shoulder_line_deg
from posture.measure.placement import aslant_sentence, coarse_sentences, sentences_on
from posture.pose.landmarks import Landmark

LEFT, RIGHT = Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER
COARSE = "lean and shoulder line are judged coarsely"
WIDTH_SW = 240.0  # of the sitter, px; the picture is 640x480, the shoulders at 200 and 440, 360


def lowered(px: float) -> dict[Landmark, tuple[float, float]]:
    return {LEFT: (0.0, px), RIGHT: (0.0, px)}


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ({}, ""),
        (lowered(94.0), ""),
        (lowered(95.0), "Your shoulders lie at the lower edge of the picture"),
        ({LEFT: (0.0, 110.0)}, "Your shoulders lie at the lower edge of the picture"),
        ({RIGHT: (0.0, 110.0)}, "Your shoulders lie at the lower edge of the picture"),
        (lowered(119.0), "Your shoulders lie at the lower edge of the picture"),
        (lowered(120.0), "Your shoulders lie just under the picture"),
        ({RIGHT: (-159.0, 0.0)}, ""),
        ({RIGHT: (-160.0, 0.0)}, "Your right shoulder lies at the edge of the picture"),
        ({LEFT: (159.0, 0.0)}, ""),
        ({LEFT: (160.0, 0.0)}, "Your left shoulder lies at the edge of the picture"),
        ({LEFT: (180.0, 0.0)}, "Your left shoulder lies at the edge of the picture"),
    ],
)
def test_shoulders_at_the_edge_are_said_with_their_side(moved: dict[Landmark, tuple[float, float]], said: str) -> None:
    sentences = coarse_sentences(baseline_like(sitter(moved)))
    assert len(sentences) == bool(said)
    if said:
        assert sentences[0].startswith(f"{said}: {COARSE}; ")


def test_what_to_do_is_to_the_right_side() -> None:
    (right,) = coarse_sentences(baseline_like(sitter({RIGHT: (-180.0, 0.0)})))
    assert right.endswith("move a little to the left, or turn the camera to your right.")
    (left,) = coarse_sentences(baseline_like(sitter({LEFT: (180.0, 0.0)})))
    assert left.endswith("move a little to the right, or turn the camera to your left.")
    (below,) = coarse_sentences(baseline_like(sitter(lowered(125.0))))
    assert below.endswith("sit back a little, or tilt the screen towards you, to see more.")


# -- not level ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("left_px", "right_px", "side"), [(40.0, 0.0, "left"), (0.0, 40.0, "right")])
def test_a_lower_shoulder_is_named_with_its_side_and_size(left_px: float, right_px: float, side: str) -> None:
    baseline = baseline_like(sitter({LEFT: (0.0, left_px), RIGHT: (0.0, right_px)}))
    said = aslant_sentence(baseline)
    assert said == f"Your {side} shoulder was lower by about 9°, as when leaning {side}."
    assert sentences_on(baseline) == (f"{said} Lean and shoulder line are judged against level.",)
    assert sentences_on(replace(baseline, always_so=True)) == ()


@pytest.mark.parametrize(
    ("left_px", "said"), [(-20.0, False), (0.0, False), (20.0, False), (-22.0, True), (22.0, True)]
)
def test_shoulders_are_unlevel_from_five_degrees(left_px: float, said: bool) -> None:
    baseline = baseline_like(sitter({LEFT: (0.0, left_px)}))
    assert (abs(baseline.geometry.shoulder_line_deg) >= UNLEVEL_DEG) is said
    assert bool(aslant_sentence(baseline)) is (baseline.unlevel is not None) is said


@pytest.mark.parametrize(("out_sw", "least_deg"), [(-0.2, 5.0), (0.0, 5.0), (0.12, 8.4)])
def test_shoulders_at_the_edge_must_be_less_level_to_be_said(out_sw: float, least_deg: float) -> None:
    for line_deg in (least_deg - 0.3, least_deg + 0.3):
        down_px = WIDTH_SW * math.tan(math.radians(line_deg))
        low = 479 + out_sw * WIDTH_SW - 360
        baseline = baseline_like(sitter({LEFT: (0.0, low), RIGHT: (0.0, low - down_px)}))
        assert (baseline.unlevel is not None) is (line_deg > least_deg), line_deg


@pytest.mark.parametrize("degrees", [-20.0, -10.0, 10.0, 20.0])
def test_a_rolled_camera_or_a_tilted_head_is_no_lean(degrees: float) -> None:
    assert aslant_sentence(baseline_like(rolled(sitter(), degrees))) == ""
    head = sitter()
    head[: Landmark.LEFT_SHOULDER] = rolled(sitter(), degrees)[: Landmark.LEFT_SHOULDER]
    head[: Landmark.LEFT_SHOULDER, :2] += sitter()[Landmark.NOSE, :2] - head[Landmark.NOSE, :2]
    assert baseline_like(head).unlevel is None


@given(st.floats(-60.0, 60.0), st.floats(-15.0, 15.0), st.floats(-15.0, 15.0))
def test_the_own_line_is_never_more_than_the_picture_shows(shoulder_px: float, eye_px: float, ear_px: float) -> None:
    points = sitter({LEFT: (0.0, shoulder_px), Landmark.LEFT_EYE: (0.0, eye_px), Landmark.LEFT_EAR: (0.0, ear_px)})
    line_deg, head_deg, own_deg = shoulder_line_deg(points), head_line_deg(points), own_line_deg(points)
    assert head_deg * (eye_px + ear_px / 2) >= 0 or abs(head_deg) < 1.0
    assert abs(own_deg) == pytest.approx(
        min(abs(line_deg), abs(line_deg + head_deg)) if line_deg * (line_deg + head_deg) > 0 else 0.0
    )
    assert own_deg * line_deg >= 0
    assert own_line_deg(mirrored(person_of(points)).pose.landmarks) == pytest.approx(-own_deg)


@pytest.mark.parametrize(("px", "side"), [(60.0, "left"), (-60.0, "right")])
def test_a_lean_is_told_by_the_hips_too(px: float, side: str) -> None:
    """All of the person but the hips aside; the shoulders level."""
    points = sitter()
    points[Landmark.LEFT_HIP :, 0] -= px
    baseline = baseline_like(points)
    assert aslant_sentence(baseline) == f"You leaned {side} by about 29°."
    assert sentences_on(baseline) == (aslant_sentence(baseline),)
    points[Landmark.LEFT_HIP :, 3] = 0.1
    assert aslant_sentence(baseline_like(points)) == ""
    assert aslant_sentence(baseline_like(rolled(sitter(), 12.0))) == ""


@pytest.mark.parametrize(("px", "said"), [(35.0, ""), (-35.0, ""), (37.0, "left"), (-37.0, "right")])
def test_a_head_aside_of_the_shoulders_is_said(px: float, said: str) -> None:
    points = sitter()
    points[: Landmark.LEFT_SHOULDER, 0] += px
    sentence = aslant_sentence(baseline_like(points))
    assert bool(sentence) is bool(said)
    if said:
        assert sentence.startswith(f"Your head was {said} of the middle of your shoulders by about 15 % of their width")
    # A turned face has its ears aside.
    points[Landmark.NOSE, 0] += math.copysign(25.0, px)
    assert aslant_sentence(baseline_like(points)) == ""
