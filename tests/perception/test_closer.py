"""A closer look at where the user sat low in a wide picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import H, W, baseline_like, person_of, sitter, zoomed

from posture.camera.frame import Frame
from posture.measure.baseline import Baseline
from posture.perception.analyzer import FrameAnalyzer
from posture.perception.closer import ENLARGED_PX, Place, closer_place, enlarged, in_whole, is_doubtful
from posture.pose.landmarks import Pose
from posture.settings import Settings


def sitting_low(factor: float = 0.4, shoulders_y: float = 470.0, middle_x: float = 320.0) -> Baseline:
    """Somebody whose shoulders lie there; they are 240 px wide at a factor of 1."""
    points = zoomed(sitter(), factor)
    points[:, :2] += np.array([middle_x, shoulders_y]) - (points[11, :2] + points[12, :2]) / 2
    return baseline_like(points)


def test_the_place_is_at_the_lower_edge_around_the_user() -> None:
    """Two and a half shoulder widths of 96 px, three quarters of that high."""
    assert closer_place(sitting_low(), W, H) == Place(200, 300, 240, 180)
    assert closer_place(sitting_low(), 2 * W, 2 * H) == Place(400, 600, 480, 360)


def test_it_stays_in_the_picture() -> None:
    assert closer_place(sitting_low(middle_x=60.0), W, H) == Place(0, 300, 240, 180)
    assert closer_place(sitting_low(middle_x=600.0), W, H) == Place(400, 300, 240, 180)
    assert closer_place(sitting_low(shoulders_y=100.0), W, 110) == Place(200, 0, 240, 110)


@pytest.mark.parametrize(
    ("baseline", "of_use"),
    [
        (sitting_low(shoulders_y=480.0 - 0.49 * 96), True),
        (sitting_low(shoulders_y=480.0 - 0.51 * 96), False),
        (sitting_low(factor=0.74), True),
        (sitting_low(factor=0.76), False),
    ],
)
def test_it_is_of_use_where_the_shoulders_are_low_and_the_person_is_small(baseline: Baseline, of_use: bool) -> None:
    assert (closer_place(baseline, W, H) is not None) == of_use


@given(st.integers(0, 100), st.integers(0, 100), st.integers(40, 400), st.integers(30, 300))
def test_it_is_enlarged_as_it_is(left: int, top: int, width: int, height: int) -> None:
    """A slope of brightness stays one, and keeps its ends."""
    across = np.linspace(0, 255, 640)[None, :, None] * np.ones((480, 1, 3))
    place = Place(left, top, width, height)
    large = enlarged(across.astype(np.uint8), place)
    assert large.shape == (round(height * ENLARGED_PX / width), ENLARGED_PX, 3)
    steps = np.diff(large[0, :, 0].astype(int))
    assert (steps >= 0).all()
    assert large[0, 0, 0] == int(across[0, left, 0])
    assert large[0, -1, 0] == int(across[0, left + width - 1, 0])
    assert (large == large[:1]).all()


@given(st.integers(0, 300), st.integers(0, 200), st.integers(64, 320))
def test_what_is_found_there_is_where_it_was(left: int, top: int, width: int) -> None:
    place, small = Place(left, top, width, width * 3 // 4), sitter()
    found = in_whole(Pose(small, np.ones((33, 3)), ENLARGED_PX, 480), place, W, H)
    assert (found.frame_w_px, found.frame_h_px) == (W, H)
    assert (found.landmarks[:, 3] == small[:, 3]).all()
    np.testing.assert_allclose((found.landmarks[:, :2] - (left, top)) * ENLARGED_PX / width, small[:, :2])
    assert (found.world == 1).all()


def test_a_jumble_at_the_edge_is_doubtful_where_a_closer_look_is_of_use() -> None:
    low, central = sitting_low(), sitting_low(factor=1.0)
    for factor, doubtful in ((0.59, True), (0.61, False)):
        assert is_doubtful(person_of(zoomed(low.pose.landmarks, factor)), low) == doubtful
        assert not is_doubtful(person_of(zoomed(central.pose.landmarks, factor)), central)


ROOM = np.random.default_rng(0).integers(60, 200, (12, 16, 3)).astype(np.uint8).repeat(80, 0).repeat(80, 1)
"""Blocks of 80 px; finer grain is one even ground once the picture is made small."""


class Finder:
    """Finds a sitter in enlarged pictures, and nobody in whole ones."""

    def __init__(self, found: Pose | None) -> None:
        self.found, self.shapes = found, list[tuple[int, ...]]()

    def find(self, frame: Frame) -> Pose | None:
        self.shapes.append(frame.image.shape)
        return self.found if frame.image.shape[1] == ENLARGED_PX else None


def looked(found: Pose | None, baseline: Baseline | None) -> tuple[str, int]:
    """What a look at a picture of 1280 by 960 says, and how often the model ran."""
    model = Finder(found)
    analyzer = FrameAnalyzer(model, Settings(), baseline)
    look = analyzer.look(Frame(ROOM, 0.0))
    return look.observation.presence, len(model.shapes)


def test_the_user_is_looked_for_closely_where_the_whole_picture_shows_nobody() -> None:
    baseline = sitting_low(shoulders_y=470.0)
    points = zoomed(baseline.pose.landmarks, 640 / 240, (320.0, 480.0))
    as_enlarged = Pose(points, np.zeros((33, 3)), ENLARGED_PX, 480)
    assert looked(as_enlarged, baseline) == ("sitting", 2)
    assert looked(None, baseline) == ("away", 2)
    assert looked(as_enlarged, None) == ("away", 1)
    assert looked(as_enlarged, sitting_low(factor=1.0)) == ("away", 1)
