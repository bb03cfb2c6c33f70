"""What is said of a baseline: what it shows only coarsely, and shoulders that are not level."""

from __future__ import annotations

import pytest
from people import baseline_like, sitter

from posture.measure.placement import UNLEVEL_DEG, coarse_sentences, level_sentence
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
    assert below.endswith("sit back a little, or tilt the screen toward you, to see more.")


@pytest.mark.parametrize(("left_px", "right_px", "lower"), [(40.0, 0.0, "left"), (0.0, 40.0, "right")])
def test_a_lower_shoulder_is_named(left_px: float, right_px: float, lower: str) -> None:
    said = level_sentence(baseline_like(sitter({LEFT: (0.0, left_px), RIGHT: (0.0, right_px)})))
    assert said.startswith(f"Your {lower} shoulder was lower by about ")
    assert said.endswith("°: if you leaned, sit on both sit bones and calibrate again; if it is always so, keep this.")
    assert float(said.split("about ")[1].split("°")[0]) >= UNLEVEL_DEG


@pytest.mark.parametrize("left_px", [-12.0, 0.0, 12.0])
def test_shoulders_that_are_about_level_are_not_said(left_px: float) -> None:
    assert level_sentence(baseline_like(sitter({LEFT: (0.0, left_px)}))) == ""
