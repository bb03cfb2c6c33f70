"""Dim rooms: who sits there is found, or it is unknown; nobody is told away for want of light.

The pictures are of eight rendered people of light to dark skin, darkened in linear light to a mean grey of 30, 40 or
50, with the noise of a camera; in half of them the model's first look finds nobody.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inferred import InferredOnce
from people import pose_of, sitter

from posture.camera.frame import Frame
from posture.camera.light import DIM_LUMA, SAME_LIGHT
from posture.camera.video import read_image
from posture.perception.analyzer import FrameAnalyzer
from posture.pose.landmarks import Pose
from posture.settings import Settings

PICTURES = sorted((Path(__file__).parent / "data/dim").glob("*.jpg"))
SETTINGS = replace(Settings(), pose=replace(Settings().pose, model="heavy"))
GRAIN = np.random.default_rng(0).integers(0, 2, (480, 640, 3))


def test_there_are_eight() -> None:
    assert len(PICTURES) == 8


@pytest.mark.slow
@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_who_sits_in_a_dim_room_is_found(path: Path, answers: Path) -> None:
    frame = Frame(read_image(path).image, 0.0)
    assert 25 < frame.image.mean() < 55
    assert FrameAnalyzer(InferredOnce(answers, "heavy"), SETTINGS).look(frame).observation.presence == "sitting"


@pytest.mark.slow
@pytest.mark.parametrize("grey", [10.0, 15.0, 20.0])
@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_who_sits_in_the_dark_is_never_away(path: Path, grey: float, answers: Path) -> None:
    image = read_image(path).image
    darker = (image * (grey / image.mean())).astype(np.uint8)
    look = FrameAnalyzer(InferredOnce(answers, "heavy"), SETTINGS).look(Frame(darker, 0.0)).observation
    assert (look.presence, look.reason) in (("sitting", ""), ("unknown", "too dark"))


class Sees:
    """Finds a sitter, or nobody."""

    def __init__(self) -> None:
        self.somebody = True

    def find(self, frame: Frame) -> Pose | None:
        return pose_of(sitter()) if self.somebody else None


def room(grey: float) -> Frame:
    checks = np.indices((480, 640)).sum(axis=0) // 40 % 2
    image = grey + 8 * (checks[..., None] - 0.5) + GRAIN
    return Frame(np.clip(image, 0, 255).astype(np.uint8), 0.0)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(14, 120), st.booleans()), min_size=1, max_size=8))
def test_an_empty_picture_is_an_empty_chair_only_in_light_that_shows_people(looks: list[tuple[float, bool]]) -> None:
    """In bright light, or in light no darker than 0.7 of the darkest that somebody was found in."""
    model = Sees()
    analyzer, found_grey = FrameAnalyzer(model, SETTINGS), np.inf
    for look, (grey, somebody) in enumerate(looks):
        model.somebody = somebody
        frame = replace(room(grey), t_s=200.0 * look)
        seen, mean = analyzer.look(frame).observation, float(frame.image.mean())
        if somebody:
            found_grey = min(found_grey, mean)
        elif seen.presence == "away":
            assert mean > min(DIM_LUMA, SAME_LIGHT * found_grey) - 1.5
        else:
            assert seen.presence == "unknown"
