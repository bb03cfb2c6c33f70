"""Which cells somebody covers, on a made-up sitter whose points are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import pose_of, sitter

from posture.perception.cells import Cells, covered_cells
from posture.pose.landmarks import Landmark

SHAPE = (60, 80)
SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
UPPER = (Landmark.NOSE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR, *SHOULDERS)


def box(top: int, bottom: int, left: int, right: int) -> Cells:
    """Rows and columns from the first to the last, both in it."""
    cells = np.zeros(SHAPE, np.bool_)
    cells[top : bottom + 1, left : right + 1] = True
    return cells


def test_head_and_shoulders_with_a_margin() -> None:
    """In cells: shoulders from 25 to 55 at 45, ears at 25; the margin is 0.15 of 30 cells, twice that above."""
    expected = box(25 - 9, int(45 + 4.5), int(25 - 4.5), int(55 + 4.5))
    assert np.array_equal(covered_cells(pose_of(sitter()), SHAPE, below=False), expected)


def test_the_body_below_is_as_wide_as_the_arms() -> None:
    """The elbows are at 22.5 and 57.5; the margin is a quarter of 30 cells."""
    head = box(25 - 15, int(45 + 7.5), int(25 - 7.5), int(55 + 7.5))
    body = box(int(45 - 7.5), 59, int(22.5 - 7.5), int(57.5 + 7.5))
    assert np.array_equal(covered_cells(pose_of(sitter()), SHAPE, below=True), head | body)


@pytest.mark.parametrize("wrist", [Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST])
def test_a_wrist_reaches_further(wrist: Landmark) -> None:
    side = 1 if wrist == Landmark.LEFT_WRIST else -1
    cells = covered_cells(pose_of(sitter({wrist: (side * 120.0, 0.0)})), SHAPE, below=True)
    columns = np.flatnonzero(cells[59])
    assert (columns[0], columns[-1]) == ((15, 75) if side > 0 else (5, 65))


def test_who_is_taller_than_wide_has_the_margin_of_their_height() -> None:
    """Shoulders 5 cells apart; from ears to shoulders there are 20."""
    narrow = sitter({Landmark.LEFT_SHOULDER: (-100, 0), Landmark.RIGHT_SHOULDER: (100, 0)})
    expected = box(25 - 6, 45 + 3, int(33.75 - 3), int(46.25 + 3))
    assert np.array_equal(covered_cells(pose_of(narrow), SHAPE, below=False), expected)


@pytest.mark.parametrize("scale", [2, 4])
def test_cells_are_parts_of_the_width(scale: int) -> None:
    large = sitter() * [scale, scale, scale, 1]
    found = covered_cells(pose_of(large, 640 * scale, 480 * scale), SHAPE, below=True)
    assert np.array_equal(found, covered_cells(pose_of(sitter()), SHAPE, below=True))


@pytest.mark.parametrize("landmark", UPPER)
def test_each_point_of_head_and_shoulders_counts(landmark: Landmark) -> None:
    alone = covered_cells(pose_of(sitter()), SHAPE, below=False)
    for move in (300.0, -300.0):
        moved = covered_cells(pose_of(sitter({landmark: (move, 0.0)})), SHAPE, below=False)
        assert (moved & ~alone).any()


def test_in_an_upright_picture_too_the_body_reaches_the_lower_edge() -> None:
    assert covered_cells(pose_of(sitter(), 640, 960), (120, 80), below=True)[119].any()


def test_a_person_half_out_of_the_picture() -> None:
    for move in ((-400.0, 0.0), (0.0, -300.0), (400.0, 0.0), (0.0, 300.0)):
        points = sitter()
        points[:, :2] += move
        cells = covered_cells(pose_of(points), SHAPE, below=False)
        assert 0 < cells.sum() < 34 * 40
        inside = {
            (-400.0, 0.0): cells[:, 0],
            (0.0, -300.0): cells[0],
            (400.0, 0.0): cells[:, -1],
            (0.0, 300.0): cells[-1],
        }
        assert inside[move].any()


def test_a_person_out_of_the_picture_covers_nothing() -> None:
    for move in ((-900.0, 0.0), (0.0, -900.0), (900.0, 0.0), (0.0, 900.0)):
        points = sitter()
        points[:, :2] += move
        assert not covered_cells(pose_of(points), SHAPE, below=False).any()


@given(st.floats(-400, 400), st.floats(-400, 400))
def test_the_body_includes_head_and_shoulders(right: float, down: float) -> None:
    points = sitter()
    points[:, :2] += (right, down)
    head = covered_cells(pose_of(points), SHAPE, below=False)
    whole = covered_cells(pose_of(points), SHAPE, below=True)
    assert head.shape == whole.shape == SHAPE
    assert not (head & ~whole).any()
