"""A view against another: what was shifted is found, light changes nothing, and a bare wall says nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from posture.perception.viewpoint import ALIKE, edges, likeness

ROWS, COLUMNS = 60, 80
FREE = np.ones((ROWS, COLUMNS), np.bool_)
Luma = NDArray[np.uint8]


def room(seed: int, rows: int = 2 * ROWS, columns: int = 2 * COLUMNS) -> NDArray[np.float64]:
    """Rectangles of many greys, as furniture is."""
    rng = np.random.default_rng(seed)
    wall = np.full((rows, columns), 120.0)
    for _ in range(120):
        top, left = rng.integers(0, rows), rng.integers(0, columns)
        wall[top : top + rng.integers(3, 25), left : left + rng.integers(3, 25)] = rng.uniform(20, 230)
    return wall


def seen(wall: NDArray[np.float64], down: int = 0, right: int = 0) -> Luma:
    """What a camera sees whose content has moved by so many cells."""
    top, left = ROWS // 2 - down, COLUMNS // 2 - right
    return np.clip(wall[top : top + ROWS, left : left + COLUMNS], 0, 255).astype(np.uint8)


@given(st.integers(0, 10_000), st.integers(-25, 25), st.integers(-25, 25))
def test_a_shift_is_found(seed: int, down: int, right: int) -> None:
    wall = room(seed)
    found = likeness(edges(seen(wall)), FREE, edges(seen(wall, down, right)), FREE)
    assert found is not None
    if found.here >= ALIKE:  # large furniture, moved by a cell or two: still the same view
        assert max(abs(down), abs(right)) <= 2
        assert (found.down, found.right) == (0.0, 0.0)
    else:
        assert (found.down * COLUMNS, found.right * COLUMNS) == pytest.approx((down, right), abs=0.01)
        assert found.best > 0.9


@given(st.integers(0, 10_000), st.floats(0.3, 1.0), st.floats(0.0, 20.0))
def test_light_is_no_shift(seed: int, gain: float, offset: float) -> None:
    wall = room(seed)
    lamp = np.linspace(gain, 1.0, 2 * COLUMNS)[None, :]
    found = likeness(edges(seen(wall)), FREE, edges(seen(wall * lamp + offset)), FREE)
    assert found is not None
    assert found.here >= ALIKE
    assert (found.down, found.right) == (0.0, 0.0)


@given(st.integers(0, 10_000), st.integers(10, 50), st.integers(0, 40))
def test_what_people_cover_does_not_count(seed: int, left: int, right: int) -> None:
    wall = room(seed)
    person = seen(wall).copy()
    person[20:, left : left + 20] = 200
    other = seen(wall).copy()
    other[20:, right : right + 20] = 10
    free, free_other = FREE.copy(), FREE.copy()
    free[18:, left - 2 : left + 22] = False
    free_other[18:, max(0, right - 2) : right + 22] = False
    found = likeness(edges(person), free, edges(other), free_other)
    assert found is not None
    assert found.here == pytest.approx(1.0, abs=1e-4)


def test_a_bare_wall_and_a_hidden_one_say_nothing() -> None:
    bare = edges(np.full((ROWS, COLUMNS), 120, np.uint8))
    furnished = edges(seen(room(1)))
    nothing = np.zeros_like(FREE)
    assert likeness(bare, FREE, furnished, FREE) is None
    assert likeness(furnished, FREE, furnished, nothing) is None


def test_another_shape_is_another_view() -> None:
    wide = edges(np.resize(seen(room(1)), (45, 80)))
    found = likeness(edges(seen(room(1))), FREE, wide, np.ones(wide.shape, np.bool_))
    assert found is not None
    assert found.here < ALIKE
