"""A view against another: what was shifted is found, light changes nothing, and a bare wall says nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from people import pose_of, sitter

from posture.measure.observation import Presence
from posture.perception import viewpoint
from posture.perception.cells import covered_cells
from posture.perception.viewpoint import (
    ALIKE,
    Likeness,
    Viewpoint,
    edges,
    is_telling,
    likeness,
    watch_viewpoint,
)
from posture.pose.landmarks import Pose

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


# -- edges and likeness ------------------------------------------------------------------------------------------------


def test_an_edge_has_strength_and_direction() -> None:
    """A step of 4 counts half: half of it lies on each side, so a step of 8 between two halves is 4 at each."""
    luma = np.full((ROWS, COLUMNS), 100, np.uint8)
    luma[:, 40:] = 108
    found = edges(luma)
    assert found.dtype == np.complex64
    assert found[30, 39:41] == pytest.approx(0.5)
    assert np.abs(found[:, :39]).max() == np.abs(found[:, 41:]).max() == 0.0
    luma = np.full((ROWS, COLUMNS), 100, np.uint8)
    luma[30:] = 92
    assert edges(luma)[29:31, 5] == pytest.approx(-0.5j)


@pytest.mark.parametrize(
    ("shape", "rows"), [((60, 80), 60), ((120, 160), 60), ((45, 80), 45), ((2, 400), 2), ((1, 400), 2)]
)
def test_a_picture_is_brought_to_eighty_columns(shape: tuple[int, int], rows: int) -> None:
    assert edges(np.zeros(shape, np.uint8)).shape == (rows, 80)


def test_enough_must_be_free_and_not_bare() -> None:
    strong, bare = np.full((10, 10), 0.12 + 1e-6, np.complex64), np.full((10, 10), 0.1199, np.complex64)
    free = np.zeros((10, 10), np.bool_)
    free.flat[:8] = True
    assert is_telling(strong, free)
    assert not is_telling(bare, free)
    free.flat[7] = False
    assert not is_telling(strong, free)
    # Only what is free counts.
    mixed = bare.copy()
    mixed.flat[:20] = 0.9
    free.flat[:8] = True
    assert is_telling(mixed, free)
    assert not is_telling(mixed, ~(np.arange(100).reshape(10, 10) < 20))


def test_what_is_compared_is_free_in_both() -> None:
    wall = room(5)
    view = edges(seen(wall))
    left, right = FREE.copy(), FREE.copy()
    left[:, 44:], right[:, :36] = False, False  # a tenth in common
    found = likeness(view, left, view, right)
    assert found is not None
    assert found.here == pytest.approx(1.0, abs=1e-5)
    right[:, :40] = False  # a twentieth
    assert likeness(view, left, view, right) is None


def test_either_view_may_be_too_bare() -> None:
    furnished, bare = edges(seen(room(1))), edges(np.full((ROWS, COLUMNS), 120, np.uint8))
    assert likeness(furnished, FREE, bare, FREE) is None
    assert likeness(bare, FREE, furnished, FREE) is None


def test_what_is_alike_as_it_is_has_no_shift() -> None:
    view = edges(seen(room(3)))
    found = likeness(view, FREE, view, FREE)
    assert found == Likeness(pytest.approx(1.0, abs=1e-5), pytest.approx(1.0, abs=1e-5), 0.0, 0.0)
    assert found is not None
    assert found.best == found.here


def test_the_likeness_is_the_cosine_of_both() -> None:
    before = edges(seen(room(3)))
    now = edges(seen(room(4)))
    product = sum((a * b.conjugate()).real for a, b in zip(before.ravel().tolist(), now.ravel().tolist(), strict=True))
    size = np.linalg.norm(before) * np.linalg.norm(now)
    found = likeness(before, FREE, now, FREE)
    assert found is not None
    assert found.here == pytest.approx(product / size, abs=1e-5)


def test_a_shift_is_found_beside_people() -> None:
    """What is free in both, at that shift, is compared: with the person hidden the rest fits perfectly."""
    wall = room(11)
    before, now = seen(wall).copy(), seen(wall, 6, -9).copy()
    free_before, free_now = FREE.copy(), FREE.copy()
    before[25:, 30:55], now[25:, 10:40] = 255, 0
    free_before[23:, 28:57], free_now[23:, 8:42] = False, False
    found = likeness(edges(before), free_before, edges(now), free_now)
    assert found is not None
    assert (found.down * COLUMNS, found.right * COLUMNS) == pytest.approx((6, -9), abs=0.01)
    assert found.best == pytest.approx(1.0, abs=0.05)
    assert found.best <= 1.0 + 1e-4


def brute(
    before: np.ndarray, free_before: np.ndarray, now: np.ndarray, free_now: np.ndarray
) -> dict[tuple[int, int], float]:
    """The match at every shift, the slow way."""
    rows, columns = before.shape
    found = {}
    for down in range(1 - rows, rows):
        for right in range(1 - columns, columns):
            here = slice(max(0, -down), min(rows, rows - down)), slice(max(0, -right), min(columns, columns - right))
            there = slice(max(0, down), min(rows, rows + down)), slice(max(0, right), min(columns, columns + right))
            both = free_before[here] & free_now[there]
            a, b = before[here][both], now[there][both]
            energy = float(np.linalg.norm(a) * np.linalg.norm(b))
            enough = both.sum() >= 0.08 * rows * columns and energy > 1.0
            found[down, right] = float((a * b.conj()).real.sum()) / energy if enough else -1.0
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_match_at_every_shift_is_that_of_comparing_cell_by_cell(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before, now = (rng.normal(size=(7, 9)) + 1j * rng.normal(size=(7, 9)) for _ in range(2))
    free_before, free_now = rng.random((7, 9)) < 0.8, rng.random((7, 9)) < 0.8
    match = viewpoint._matches(before * free_before, free_before, now * free_now, free_now)
    assert match.shape == (13, 17)
    for (down, right), expected in brute(before, free_before, now, free_now).items():
        assert match[down + 6, right + 8] == pytest.approx(expected, abs=1e-6), (down, right)


# -- the view that is watched ------------------------------------------------------------------------------------------

WALL = room(21)
NOBODY = None
USER = pose_of(sitter())


def looked(looks: list[tuple[float, Luma, Presence]], pose: Pose | None = NOBODY) -> Viewpoint:
    state = Viewpoint()
    for t_s, luma, presence in looks:
        state = watch_viewpoint(state, t_s, luma, pose, presence)
    return state


def turned(down: int = 0, right: int = 0) -> Luma:
    return seen(WALL, down, right)


STILL = (0.0, turned(), "sitting")


def test_at_first_it_takes_what_it_sees() -> None:
    state = looked([STILL])
    assert state.known is not None
    assert np.array_equal(state.known, edges(turned()))
    assert state.free is not None
    assert state.free.all()
    assert (state.offset, state.changed, state.sitting_s, state.turned) == ((0.0, 0.0), False, None, False)


def test_where_the_user_sits_is_not_free() -> None:
    state = looked([STILL], pose=USER)
    assert state.free is not None
    assert np.array_equal(state.free, ~covered_cells(USER, (ROWS, COLUMNS), below=True))


def test_a_view_that_tells_nothing_is_replaced() -> None:
    bare = np.full((ROWS, COLUMNS), 120, np.uint8)
    state = looked([(0.0, bare, "away"), (1.0, turned(), "away")])
    assert state.known is not None
    assert np.array_equal(state.known, edges(turned()))
    assert not state.changed


def test_a_view_that_tells_nothing_changes_nothing() -> None:
    state = looked([STILL])
    bare = np.full((ROWS, COLUMNS), 120, np.uint8)
    assert watch_viewpoint(state, 5.0, bare, None, "away") is state


def test_the_known_view_is_kept_up_to_date_with_the_light() -> None:
    lit = np.clip(turned() * np.linspace(0.5, 1.2, COLUMNS)[None], 0, 255).astype(np.uint8)
    state = looked([STILL, (10.0, lit, "sitting")])
    assert state.known is not None
    assert np.array_equal(state.known, edges(lit))
    assert state.free is not None
    assert not state.changed
    assert watch_viewpoint(state, 20.0, turned(10, 0), None, "away").changed


@pytest.mark.parametrize(("down", "right"), [(3, 0), (-3, 0), (0, 3), (0, -3), (3, 3)])
def test_a_small_shift_is_put_up_with_and_does_not_add_up(down: int, right: int) -> None:
    """3 of 80 cells, 0.0375 of the width; the same again is too much."""
    state = looked([STILL, (10.0, turned(down, right), "sitting")])
    assert state.known is not None
    assert np.array_equal(state.known, edges(turned()))
    assert (state.offset, state.changed, state.turned) == ((0.0, 0.0), False, False)
    assert watch_viewpoint(state, 20.0, turned(2 * down, 2 * right), None, "away").changed


@pytest.mark.parametrize(("down", "right"), [(4, 0), (-4, 0), (0, 4), (0, -4), (20, -15)])
@pytest.mark.parametrize("presence", ["sitting", "away", "standing", "unknown"])
def test_a_larger_shift_is_another_view(down: int, right: int, presence: Presence) -> None:
    state = looked([STILL, (10.0, turned(down, right), presence)])
    assert state.changed
    assert state.known is not None
    assert np.array_equal(state.known, edges(turned()))
    assert state.sitting_s == (10.0 if presence == "sitting" else None)
    assert not state.turned


@pytest.mark.parametrize(("sat_s", "settled"), [(59.9, False), (60.0, True)])
def test_who_has_sat_before_it_for_a_minute_makes_it_the_view(sat_s: float, settled: bool) -> None:
    view = turned(10, -8)
    state = looked([STILL, (10.0, view, "sitting"), (40.0, view, "sitting"), (10.0 + sat_s, view, "sitting")])
    assert state.changed is not settled
    if settled:
        assert state.offset == pytest.approx((10 / 80, -8 / 80))
        assert state.turned
        assert state.sitting_s is None
        assert state.known is not None
        assert np.array_equal(state.known, edges(view))
        assert watch_viewpoint(state, 80.0, turned(20, 0), None, "away").changed
    else:
        assert state.sitting_s == 10.0


@pytest.mark.parametrize("presence", ["away", "standing", "unknown"])
def test_who_leaves_begins_the_minute_anew(presence: Presence) -> None:
    view = turned(10, -8)
    state = looked([STILL, (0.0, view, "sitting"), (50.0, view, presence), (70.0, view, "sitting")])
    assert state.changed
    assert state.sitting_s == 70.0
    assert not watch_viewpoint(state, 130.0, view, None, "sitting").changed


def settled(down: int, right: int) -> Viewpoint:
    """The camera was turned so far, and somebody has sat before it since."""
    view = turned(down, right)
    return looked([STILL, (0.0, view, "sitting"), (60.0, view, "sitting")])


def test_turned_back_it_is_the_view_at_once() -> None:
    state = settled(10, -8)
    assert state.turned
    for view in (turned(), turned(2, 1)):
        back = watch_viewpoint(state, 70.0, view, None, "away")
        assert not back.changed
        assert not back.turned
        assert back.known is not None
        assert np.array_equal(back.known, edges(view))
    assert watch_viewpoint(state, 70.0, turned(4, 0), None, "away").changed
    assert watch_viewpoint(state, 70.0, turned(0, 4), None, "away").changed


def test_offsets_add_up() -> None:
    state = settled(10, -8)
    view = turned(16, 4)
    state = watch_viewpoint(state, 100.0, view, None, "sitting")
    state = watch_viewpoint(state, 160.0, view, None, "sitting")
    assert state.offset == pytest.approx((16 / 80, 4 / 80))
    light = watch_viewpoint(state, 170.0, np.clip(view * 0.9, 0, 255).astype(np.uint8), None, "away")
    assert light.offset == state.offset


@pytest.mark.parametrize(
    ("offset", "far"), [((0.045, 0.0), False), ((0.046, 0.0), True), ((0.0, -0.046), True), ((0.0, 0.0), False)]
)
def test_turned_is_beyond_what_is_put_up_with(offset: tuple[float, float], far: bool) -> None:
    assert Viewpoint(offset=offset).turned is far


def test_a_wobble_ends_a_change() -> None:
    state = looked([STILL, (10.0, turned(10, 0), "sitting"), (20.0, turned(2, 2), "sitting")])
    assert not state.changed
    assert state.sitting_s is None


def test_a_strange_view_is_changed_and_becomes_the_view_without_an_offset() -> None:
    """Nothing in common: how far it is turned is not known."""
    strange = seen(room(99))
    state = looked([STILL, (10.0, strange, "sitting")])
    assert state.changed
    state = watch_viewpoint(state, 70.0, strange, None, "sitting")
    assert not state.changed
    assert state.offset == (0.0, 0.0)


@pytest.mark.parametrize(
    ("here", "best", "shift"),
    [
        (0.9, 0.9, (0.0, 0.0)),
        (0.39, 0.65, (0.1, 0.2)),
        (0.39, 0.64, (0.0, 0.0)),  # not alike enough after it
        (0.5, 0.75, (0.1, 0.2)),
        (0.51, 0.75, (0.0, 0.0)),  # not by so much more
        (0.35, 0.4, (0.0, 0.0)),
        (0.34, 0.4, None),  # nothing in common
        (0.34, 0.65, (0.1, 0.2)),
        (-0.5, -0.5, None),
    ],
)
def test_what_is_believed(here: float, best: float, shift: tuple[float, float] | None) -> None:
    assert viewpoint._shift(Likeness(here, best, 0.1, 0.2)) == shift
